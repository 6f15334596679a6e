//! Virtual meters: signed sums of others.

use std::collections::BTreeSet;

use domain::MeterId;
use domain::meter::{ImportRegister, Meter};
use domain::site::Site;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::meters::NewMeter;

use crate::audit::Change;
use crate::meters::{self, MeterRef, Removed};
use crate::{Error, Principal, Role, Service, sites};

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
    /// The meter above it.
    pub parent_meter_id: Option<MeterId>,
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
    /// The meter above it.
    pub parent_meter_id: Option<MeterRef>,
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
    service: &Service,
    who: &Principal,
    site: Option<&str>,
) -> Result<Vec<VirtualMeterView>, Error> {
    who.require(Role::Viewer)?;
    let site = sites::named(service, site).await?;
    let all = storage::meters::list(service.pool(), site.id, false).await?;
    let derived = storage::virtual_meters::of(service.pool(), site.id).await?;
    let find = |id: MeterId| all.iter().find(|meter| meter.id == id);
    let views = derived.iter().filter_map(|(id, terms)| {
        let terms = terms.iter().filter_map(|(input, factor)| Some((find(*input)?, *factor)));
        Some(view(&site, find(*id)?, terms))
    });
    Ok(views.collect())
}

/// One virtual meter.
pub async fn get(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    id: &str,
) -> Result<VirtualMeterView, Error> {
    who.require(Role::Viewer)?;
    let meter = meters::find(service, site, id).await?;
    let site = sites::of(service, &meter).await?;
    let all = list(service, who, Some(&site.slug)).await?;
    all.into_iter().find(|view| view.id == meter.id).ok_or_else(|| not_virtual(&meter))
}

/// Creates a virtual meter with its terms.
pub async fn create(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    new: NewVirtualMeter,
) -> Result<VirtualMeterView, Error> {
    who.require(Role::Operator)?;
    let site = sites::named(service, site).await?;
    let inputs = inputs(service, &site, &new).await?;
    let parent = meters::parent(service, &site, new.parent_meter_id.as_ref(), None).await?;
    let meter = NewMeter {
        parent: parent.map(|parent| parent.id),
        import_register: Some(ImportRegister::Import),
        ..NewMeter::named(site.id, &new.meter_number, &new.meter_name, METER_TYPE)
    };
    let terms: Vec<_> = inputs.iter().map(|(input, factor)| (input.id, *factor)).collect();
    let mut change = Change::begin(service, who).await?;
    let meter = storage::meters::insert(&mut *change.db, &meter).await?;
    storage::virtual_meters::put(&mut change.db, meter.id, &terms).await?;
    refuse_cycle(&mut change.db, meter.id).await?;
    let view = view(&site, &meter, inputs.iter().map(|(input, factor)| (input, *factor)));
    change.commit("virtual_meter.create", &format!("meter:{}", meter.id), &view).await?;
    service.registry_changed();
    Ok(view)
}

/// Removes a virtual meter; one with readings is retired and keeps its history.
pub async fn remove(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    id: &str,
) -> Result<Removed, Error> {
    who.require(Role::Operator)?;
    let view = get(service, who, site, id).await?;
    let removed = meters::remove_meter(service, view.id).await?;
    service.registry_changed();
    Ok(removed)
}

/// Refuses a meter that would be computed from itself.
pub(crate) async fn refuse_cycle(db: &mut sqlx::PgConnection, meter: MeterId) -> Result<(), Error> {
    if !storage::virtual_meters::closes_cycle(db, meter).await? {
        return Ok(());
    }
    Err(Error::Invalid {
        code: "term_cycle",
        field: Some("terms".to_owned()),
        message: format!(
            "meter {meter} would be computed from itself: leave out the term that closes the circle"
        ),
    })
}

/// The meters that the terms name.
async fn inputs(
    service: &Service,
    site: &Site,
    new: &NewVirtualMeter,
) -> Result<Vec<(Meter, f64)>, Error> {
    let mut seen = BTreeSet::new();
    let mut inputs = Vec::with_capacity(new.terms.len());
    for (i, term) in new.terms.iter().enumerate() {
        let field = format!("terms[{i}].meterId");
        let itself = matches!(&term.meter_id, MeterRef::Name(name) if *name == new.meter_number);
        let meter = match meters::by_ref(service, site, &field, &term.meter_id).await {
            Err(Error::Invalid { .. }) if itself => {
                return Err(Error::invalid(field, "a meter cannot be computed from itself"));
            }
            found => found?,
        };
        if meter.retired_at.is_some() {
            let message =
                format!("meter {} is retired: name one that still measures", meter.number);
            return Err(Error::invalid(field, message));
        }
        if !seen.insert(meter.id) {
            let message = format!("meter {} stands in two terms: add their factors", meter.number);
            return Err(Error::invalid(field, message));
        }
        if term.factor == 0.0 {
            return Err(Error::invalid(format!("terms[{i}].factor"), "a factor is not 0"));
        }
        inputs.push((meter, term.factor));
    }
    if inputs.is_empty() {
        return Err(Error::invalid("terms", "a sum has at least one term"));
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
        parent_meter_id: meter.parent,
        terms: terms.map(term).collect(),
    }
}

fn not_virtual(meter: &Meter) -> Error {
    Error::NotFound {
        code: "virtual_meter_not_found",
        message: format!("meter {} is not a virtual one", meter.number),
    }
}
