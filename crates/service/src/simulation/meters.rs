//! The meters of the world: what programs see of them, creating and linking them.

use domain::meters::{MeterType, PhaseType};
use domain::simulation::refusal::{MeterRefusal, ResourceRefusal};
use domain::simulation::{MOST_LOAD_FACTOR, Profile, SimulatedMeter, Whereabouts};
use schemars::JsonSchema;
use serde::Deserialize;
use storage::simulation::meters::NewSimulated;
use uuid::Uuid;

use super::resources::{self, ResourceRef, production_factor};
use crate::resolve::MeterRef;
use crate::{Action, Core, Error, Principal, Service, resolve};

/// What a meter is called until others hang below it, and then.
const HOUSEHOLD: &str = "Household";
const FEEDER: &str = "Feeder";

/// A meter to create.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSimulatedMeter {
    /// Its number, as "MT30125", unique in the world.
    pub meter_id: String,
    /// The meter above it.
    #[serde(default)]
    pub parent_id: Option<MeterRef>,
    /// K of what is drawn, 0 to 1,000; 1 unless stated.
    #[serde(default)]
    pub load_factor: Option<f64>,
    /// How it is connected.
    #[serde(default)]
    pub meter_type: Option<PhaseType>,
    /// Rated power in kW.
    #[serde(default)]
    pub rated_power_kw: Option<f64>,
    /// City.
    #[serde(default)]
    pub city: Option<String>,
    /// State.
    #[serde(default)]
    pub state: Option<String>,
    /// Degrees north.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default)]
    pub longitude: Option<f64>,
    /// Postal code.
    #[serde(default)]
    pub pincode: Option<String>,
    /// How consumption goes over a day; flat unless stated.
    #[serde(default)]
    pub profile: Option<Profile>,
}

/// A meter and the resource to link it to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// The meter.
    pub meter_id: MeterRef,
    /// The resource.
    pub er_id: ResourceRef,
}

/// The meters of the world, by id.
pub async fn meters(service: &Service, who: &Principal) -> Result<Vec<SimulatedMeter>, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    super::looked(service);
    all(service).await
}

/// One meter, by the `{id}` of an address: its id, UUID or number.
pub async fn meter(service: &Service, who: &Principal, id: &str) -> Result<SimulatedMeter, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    super::looked(service);
    addressed(service, id).await
}

pub(super) async fn all(core: &Core) -> Result<Vec<SimulatedMeter>, Error> {
    let site = super::site(core).await?;
    Ok(storage::simulation::meters::list(core.pool(), site.id).await?)
}

/// The meter that an address means: digits are its id, or else its number.
pub(super) async fn addressed(core: &Core, id: &str) -> Result<SimulatedMeter, Error> {
    let meters = all(core).await?;
    let by_id = id.parse().ok().and_then(|id| picked(&meters, &MeterRef::Id(id)));
    let found = by_id.or_else(|| picked(&meters, &MeterRef::Name(id.to_owned())));
    found.cloned().ok_or_else(|| Error::no_meter(id))
}

/// The meter that a field of a body names.
pub(super) fn named<'a>(
    meters: &'a [SimulatedMeter],
    field: &str,
    meter: &MeterRef,
) -> Result<&'a SimulatedMeter, Error> {
    picked(meters, meter).ok_or_else(|| {
        let what = match meter {
            MeterRef::Id(id) => id.to_string(),
            MeterRef::Name(name) => name.clone(),
        };
        Error::refused("meter_not_found", MeterRefusal::None { meter: what }).at(field)
    })
}

fn picked<'a>(meters: &'a [SimulatedMeter], wanted: &MeterRef) -> Option<&'a SimulatedMeter> {
    let by_id = |id: i64| meters.iter().find(|meter| meter.id.0 == id);
    match wanted {
        MeterRef::Id(id) => by_id(*id),
        MeterRef::Name(name) => {
            let number = name.strip_prefix("number:").unwrap_or(name);
            let by_uuid = Uuid::parse_str(name).ok();
            let by_uuid = by_uuid.and_then(|uuid| meters.iter().find(|meter| meter.uuid == uuid));
            let by_number = || meters.iter().find(|meter| meter.number == number);
            by_uuid.or_else(by_number).or_else(|| by_id(name.parse().ok()?))
        }
    }
}

/// K must lie in its range.
pub(super) fn check_factor(factor: f64) -> Result<(), Error> {
    if (0.0..=MOST_LOAD_FACTOR).contains(&factor) {
        return Ok(());
    }
    Err(Error::invalid("load_factor", MeterRefusal::Factor { factor }))
}

/// Creates a meter.
pub async fn create_meter(
    service: &Service,
    who: &Principal,
    new: NewSimulatedMeter,
) -> Result<SimulatedMeter, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    let factor = new.load_factor.unwrap_or(1.0);
    check_factor(factor)?;
    let mut engine = service.simulation().hold(service).await?;
    let site = super::site(service).await?;
    let meters = storage::simulation::meters::list(service.pool(), site.id).await?;
    let parent = new.parent_id.as_ref().map(|parent| named(&meters, "parent_id", parent));
    let parent = parent.transpose()?;
    if let Some(parent) = parent.filter(|parent| parent.er.is_some()) {
        return Err(Error::conflict(
            "meter_linked",
            MeterRefusal::ParentLinked { number: parent.number.clone() },
        )
        .at("parent_id"));
    }
    let meter = storage::meters::NewMeter {
        parent: parent.map(|parent| parent.id),
        phase_type: new.meter_type,
        rated_power_kw: new.rated_power_kw,
        latitude: new.latitude,
        longitude: new.longitude,
        ..storage::meters::NewMeter::named(site.id, &new.meter_id, &new.meter_id, HOUSEHOLD)
    };
    let now = engine.clock()?.current;
    let mut transaction = service.pool().begin().await.map_err(storage::Error::from)?;
    let made = storage::meters::insert(&mut *transaction, &meter).await;
    let made = made.map_err(|error| in_our_words(error.into()))?;
    let simulated = NewSimulated {
        id: made.id,
        whereabouts: Whereabouts {
            city: new.city,
            state: new.state,
            pincode: new.pincode,
            ..Whereabouts::default()
        },
        consumption_factor: factor,
        production_factor: 0.0,
        profile: new.profile.unwrap_or(Profile::Flat),
        link: None,
    };
    storage::simulation::meters::insert(&mut *transaction, &[simulated], now).await?;
    transaction.commit().await.map_err(storage::Error::from)?;
    if let Some(parent) = parent {
        call_a_feeder(service, parent).await?;
    }
    engine.plan_again();
    drop(engine);
    service.reload().await?;
    addressed(service, &made.id.to_string()).await
}

/// A meter that was taken for a household's has others below it now.
async fn call_a_feeder(core: &Core, parent: &SimulatedMeter) -> Result<(), Error> {
    if let Some(meter) = storage::meters::by_id(core.pool(), parent.id).await?
        && meter.meter_type.0 == HOUSEHOLD
    {
        let meter = domain::meters::Meter { meter_type: MeterType::from(FEEDER), ..meter };
        let mut connection = core.pool().acquire().await.map_err(storage::Error::from)?;
        storage::meters::update(&mut *connection, &meter, None).await?;
    }
    Ok(())
}

/// The fields of a meter are called otherwise here.
pub(super) fn in_our_words(error: Error) -> Error {
    let ours = |field: Option<String>| {
        field.map(|field| match field.as_str() {
            "meterNumber" | "meterName" => "meter_id".to_owned(),
            "parentMeterId" => "parent_id".to_owned(),
            _ => field,
        })
    };
    match error {
        Error::Invalid { code, field, message } => {
            Error::Invalid { code, field: ours(field), message }
        }
        Error::Conflict { code, field, message } => {
            Error::Conflict { code, field: ours(field), message }
        }
        other => other,
    }
}

/// Links a meter to a resource: from here on it records.
pub async fn link(
    service: &Service,
    who: &Principal,
    request: LinkRequest,
) -> Result<SimulatedMeter, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    let mut engine = service.simulation().hold(service).await?;
    let meters = all(service).await?;
    let meter = named(&meters, "meter_id", &request.meter_id)?;
    let er = resources::find(service, &request.er_id).await?.ok_or_else(|| {
        Error::refused("er_not_found", ResourceRefusal::None { id: request.er_id.to_string() })
            .at("er_id")
    })?;
    let number = meter.number.clone();
    if meter.has_children {
        let refusal = MeterRefusal::HasChildren { number };
        return Err(Error::conflict("has_children", refusal).at("meter_id"));
    }
    if meter.er.is_some() {
        let refusal = MeterRefusal::Linked { number };
        return Err(Error::conflict("already_linked", refusal).at("meter_id"));
    }
    if let Some(number) = er.meter_number.clone() {
        let refusal = ResourceRefusal::Linked { id: er.id, number };
        return Err(Error::conflict("already_linked", refusal).at("er_id"));
    }
    let since = engine.clock()?.recorded_to;
    let factor = production_factor(er.kind);
    storage::simulation::meters::link(service.pool(), meter.id, er.id, factor, since).await?;
    engine.plan_again();
    engine.base(service, &[meter.id]).await?;
    drop(engine);
    addressed(service, &meter.id.to_string()).await
}
