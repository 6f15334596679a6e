//! Virtual meters: signed sums of others.

use std::collections::BTreeSet;

use domain::energy::derive::Part;
use domain::meters::refusal::SumRefusal;
use domain::meters::{ImportRegister, Meter, MeterAddress, MeterType, SourceKind};
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::meters::NewMeter;

use crate::meters::{self, Removed};
use crate::people::audit::Change;
use crate::resolve::{self, MeterRef};
use crate::{Action, Core, Error, Principal, sites};

/// Type of a virtual meter, until somebody gives it another.
const METER_TYPE: &str = "Other";

/// A virtual meter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VirtualMeterView {
    /// Its id.
    pub id: MeterId,
    /// Slug of its site.
    pub site: String,
    /// Its number, unique in the site.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// Its type.
    pub meter_type: MeterType,
    /// The meter above it.
    pub parent_meter_id: Option<MeterId>,
    /// Rated power in kW.
    pub rated_power_kw: Option<f64>,
    /// What it is the sum of.
    pub terms: Vec<TermView>,
}

/// A term of a virtual meter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermView {
    /// The input.
    pub meter_id: MeterId,
    /// The input's number.
    pub meter_number: String,
    /// What its import less its export is multiplied with.
    pub factor: f64,
}

/// A virtual meter to create.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewVirtualMeter {
    /// Its number, unique in the site.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// What of a building it measures, so that it counts as that: the grid connection, all load or solar
    /// production. Load or solar production hangs below an input that is the grid's, unless a meter
    /// above is stated. Other inputs that hang nowhere hang below the same grid connection then, so that
    /// nothing counts beside what it is part of. Nothing in particular unless stated.
    pub measures: Option<Part>,
    /// The meter above it.
    pub parent_meter_id: Option<MeterRef>,
    /// Rated power in kW of what the sum stands for.
    pub rated_power_kw: Option<f64>,
    /// What it is the sum of: at least one term.
    pub terms: Vec<NewTerm>,
}

/// A term of a virtual meter to create.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewTerm {
    /// The input, a meter of the same site.
    pub meter_id: MeterRef,
    /// What its import less its export is multiplied with; not 0.
    pub factor: f64,
}

/// The virtual meters of a site.
pub async fn list(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<VirtualMeterView>, Error> {
    let site = sites::resolve(core, who, Action::See, site).await?;
    of_site(core, &site).await
}

async fn of_site(core: &Core, site: &Site) -> Result<Vec<VirtualMeterView>, Error> {
    let all = storage::meters::list(core.pool(), site.id, false).await?;
    let derived = storage::meters::virtual_meters::of(core.pool(), site.id).await?;
    let find = |id: MeterId| all.iter().find(|meter| meter.id == id);
    let views = derived.iter().filter_map(|(id, terms)| {
        let terms = terms.iter().filter_map(|(input, factor)| Some((find(*input)?, *factor)));
        Some(view(site, find(*id)?, terms))
    });
    Ok(views.collect())
}

/// One virtual meter.
pub async fn get(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<VirtualMeterView, Error> {
    let meter = resolve::meter(core, who, Action::See, meter).await?;
    let site = sites::of(core, &meter).await?;
    let all = of_site(core, &site).await?;
    all.into_iter().find(|view| view.id == meter.id).ok_or_else(|| not_virtual(&meter))
}

/// Creates a virtual meter with its terms.
pub async fn create(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    new: NewVirtualMeter,
) -> Result<VirtualMeterView, Error> {
    let site = sites::resolve(core, who, Action::Configure, site).await?;
    let inputs = inputs(core, &site, &new).await?;
    let parent = meters::parent(core, &site, new.parent_meter_id.as_ref(), None).await?;
    let meter = NewMeter {
        parent: parent.as_ref().map(|parent| parent.id),
        import_register: Some(ImportRegister::Import),
        rated_power_kw: new.rated_power_kw,
        ..NewMeter::named(site.id, &new.meter_number, &new.meter_name, METER_TYPE)
    };
    let terms: Vec<_> = inputs.iter().map(|(input, factor)| (input.id, *factor)).collect();
    let mut change = Change::begin(core, who).await?.at(site.id);
    let mut meter = storage::meters::insert(&mut *change.db, &meter).await?;
    storage::meters::virtual_meters::put(&mut change.db, meter.id, &terms).await?;
    refuse_cycle(&mut change.db, meter.id).await?;
    if let Some(part) = new.measures {
        meter = place(&mut change.db, part, meter, parent.as_ref(), &inputs).await?;
    }
    let view = view(&site, &meter, inputs.iter().map(|(input, factor)| (input, *factor)));
    change.commit("virtual_meter.create", &format!("meter:{}", meter.id), &view).await?;
    core.registry_changed();
    Ok(view)
}

/// Gives a new meter the type and the place of what it measures.
async fn place(
    db: &mut sqlx::PgConnection,
    part: Part,
    meter: Meter,
    parent: Option<&Meter>,
    inputs: &[(Meter, f64)],
) -> Result<Meter, Error> {
    let is_grid = |input: &Meter| input.meter_type.source_kind() == SourceKind::Grid;
    let grid = || inputs.iter().map(|(input, _)| input).find(|input| is_grid(input));
    let (own_parent, own_level) = (meter.parent, meter.level);
    let mut wanted = part.of(&meter, parent.or_else(grid));
    if part == Part::Utility {
        (wanted.parent, wanted.level) = (own_parent, own_level);
    }
    let placed = stored(db, &wanted).await?;
    // The connection that all of them hang below, so that what one of them says balances the others.
    let connection = match part {
        Part::Utility => Some(&placed),
        Part::Load | Part::Solar => grid().filter(|grid| placed.parent == Some(grid.id)),
    };
    if let Some(connection) = connection {
        let hangs_nowhere = |input: &Meter| input.parent.is_none() && !is_grid(input);
        for (input, factor) in inputs.iter().filter(|(input, _)| hangs_nowhere(input)) {
            let below = Meter {
                parent: Some(connection.id),
                // Utility and solar production are a load less what feeds beside them; a load is the
                // sum of what feeds it.
                feeds_parent: if part == Part::Load { *factor > 0.0 } else { *factor < 0.0 },
                level: connection.level.saturating_add(1),
                ..input.clone()
            };
            stored(db, &below).await?;
        }
    }
    Ok(placed)
}

async fn stored(db: &mut sqlx::PgConnection, meter: &Meter) -> Result<Meter, Error> {
    let stored = storage::meters::update(&mut *db, meter, None).await?;
    stored.ok_or_else(|| Error::no_meter(meter.id))
}

/// Removes a virtual meter; one with readings is retired and keeps its history.
pub async fn remove(core: &Core, who: &Principal, meter: &MeterAddress) -> Result<Removed, Error> {
    let found = resolve::meter(core, who, Action::Configure, meter).await?;
    get(core, who, meter).await?;
    let removed = meters::remove_meter(core, who, &found, "virtual_meter.remove").await?;
    core.registry_changed();
    Ok(removed)
}

/// Refuses a meter that would be computed from itself.
pub(crate) async fn refuse_cycle(db: &mut sqlx::PgConnection, meter: MeterId) -> Result<(), Error> {
    if !storage::meters::virtual_meters::closes_cycle(db, meter).await? {
        return Ok(());
    }
    Err(Error::refused("term_cycle", SumRefusal::Cycle { meter }).at("terms"))
}

/// The meters that the terms name.
async fn inputs(
    core: &Core,
    site: &Site,
    new: &NewVirtualMeter,
) -> Result<Vec<(Meter, f64)>, Error> {
    let mut seen = BTreeSet::new();
    let mut inputs = Vec::with_capacity(new.terms.len());
    for (i, term) in new.terms.iter().enumerate() {
        let field = format!("terms[{i}].meterId");
        let itself = matches!(&term.meter_id, MeterRef::Name(name) if *name == new.meter_number);
        let meter = match resolve::by_ref(core, site, &field, &term.meter_id).await {
            Err(Error::Invalid { .. }) if itself => {
                return Err(Error::invalid(field, SumRefusal::Itself));
            }
            found => found?,
        };
        if meter.retired_at.is_some() {
            return Err(Error::invalid(field, SumRefusal::Retired { meter: meter.number }));
        }
        if !seen.insert(meter.id) {
            return Err(Error::invalid(field, SumRefusal::TwoTerms { meter: meter.number }));
        }
        if term.factor == 0.0 {
            return Err(Error::invalid(format!("terms[{i}].factor"), SumRefusal::NoFactor));
        }
        inputs.push((meter, term.factor));
    }
    if inputs.is_empty() {
        return Err(Error::invalid("terms", SumRefusal::NoTerm));
    }
    Ok(inputs)
}

fn view<'a>(
    site: &Site,
    meter: &Meter,
    terms: impl Iterator<Item = (&'a Meter, f64)>,
) -> VirtualMeterView {
    let term = |(input, factor): (&Meter, f64)| TermView {
        meter_id: input.id,
        meter_number: input.number.clone(),
        factor,
    };
    VirtualMeterView {
        id: meter.id,
        site: site.slug.clone(),
        meter_number: meter.number.clone(),
        meter_name: meter.name.clone(),
        meter_type: meter.meter_type.clone(),
        parent_meter_id: meter.parent,
        rated_power_kw: meter.rated_power_kw,
        terms: terms.map(term).collect(),
    }
}

fn not_virtual(meter: &Meter) -> Error {
    Error::not_found("virtual_meter_not_found", SumRefusal::Unknown { meter: meter.number.clone() })
}
