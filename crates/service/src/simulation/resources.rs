//! Energy resources: what is behind the meters.

use domain::entry::Entry;
use domain::simulation::Resource;
use domain::simulation::refusal::ResourceRefusal;
use domain::simulation::{ResourceType, appliance};
use domain::strict;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::patch::{Fixed, Patch, Patched};
use crate::{Action, Core, Error, Principal, Service, resolve};

/// Appliances of one resource at most.
const MOST_APPLIANCES: usize = 1_000;

/// An energy resource to create, or the whole of what may be changed of one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewResource {
    /// Its name.
    pub name: String,
    /// Whether it only draws, or makes energy too.
    #[serde(rename = "type")]
    pub kind: ResourceType,
    /// Its appliances, by names of the catalogue in any case; one named twice is there twice.
    #[serde(default)]
    pub appliance_type: Vec<String>,
}

impl Patched for NewResource {
    type Shown = Resource;
    const FIXED: Fixed =
        Fixed { read_only: &["id", "uuid", "meter_id", "created_at"], measured: &[] };
}

/// Names a resource in a body: a number is its id, a text its UUID or its id in digits.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum ResourceRef {
    /// By id.
    Id(i64),
    /// By UUID.
    Name(String),
}

impl<'de> Deserialize<'de> for ResourceRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        strict::number_or_text(from, Self::Id, Self::Name, ResourceRefusal::NotNamed)
    }
}

impl std::fmt::Display for ResourceRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// The resources of the world, by id.
pub async fn resources(service: &Service, who: &Principal) -> Result<Vec<Resource>, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    super::looked(service);
    let site = super::site(service).await?;
    let all = storage::simulation::resources::list(service.pool(), site.id).await?;
    Ok(all)
}

/// One resource, by the `{id}` of an address.
pub async fn resource(service: &Service, who: &Principal, id: &str) -> Result<Resource, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    super::looked(service);
    let found = find(service, &ResourceRef::Name(id.to_owned())).await?;
    found.ok_or_else(|| no_resource(id.to_string()))
}

/// The resource that is named, if it is there.
pub(super) async fn find(core: &Core, named: &ResourceRef) -> Result<Option<Resource>, Error> {
    let pool = core.pool();
    let id = match named {
        ResourceRef::Id(id) => Some(*id),
        ResourceRef::Name(name) => name.parse().ok(),
    };
    if let Some(id) = id {
        return Ok(storage::simulation::resources::by_id(pool, id).await?);
    }
    match Uuid::parse_str(&named.to_string()) {
        Ok(uuid) => Ok(storage::simulation::resources::by_uuid(pool, uuid).await?),
        Err(_) => Ok(None),
    }
}

fn no_resource(id: String) -> Error {
    Error::not_found("er_not_found", ResourceRefusal::None { id })
}

/// Creates a resource.
pub async fn create_resource(
    service: &Service,
    who: &Principal,
    new: NewResource,
) -> Result<Resource, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    let new = checked(new)?;
    let site = super::site(service).await?;
    let now = crate::operation::clock::now(service, &site);
    let ids = storage::simulation::resources::insert(service.pool(), site.id, &[new], now).await?;
    let id = ids.first().copied().unwrap_or_default();
    let made = storage::simulation::resources::by_id(service.pool(), id).await?;
    made.ok_or_else(|| no_resource(id.to_string()))
}

/// What may be stored of a resource.
pub(super) fn checked(
    new: NewResource,
) -> Result<storage::simulation::resources::NewResource, Error> {
    if new.name.trim().is_empty() {
        return Err(Error::invalid("name", Entry::Empty));
    }
    if new.appliance_type.len() > MOST_APPLIANCES {
        let refused = ResourceRefusal::TooMany { most: MOST_APPLIANCES };
        return Err(Error::invalid("appliance_type", refused));
    }
    for name in &new.appliance_type {
        appliance_named(name)?;
    }
    let NewResource { name, kind, appliance_type: appliances } = new;
    Ok(storage::simulation::resources::NewResource { name, kind, appliances })
}

/// The appliance of a name.
pub(super) fn appliance_named(name: &str) -> Result<&'static appliance::Appliance, Error> {
    appliance::find(name).ok_or_else(|| {
        let known: Vec<_> = appliance::CATALOGUE.iter().map(|known| known.name).collect();
        let (name, known) = (name.to_owned(), known.join(", "));
        Error::refused("unknown_appliance", ResourceRefusal::NoAppliance { name, known })
            .at("appliance_type")
    })
}

/// Changes the fields that are given; `appliance_type` takes the place of the old list. The waveform
/// of its meter follows from the next record on.
pub async fn update_resource(
    service: &Service,
    who: &Principal,
    id: &str,
    patch: Patch<NewResource>,
) -> Result<Resource, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    let missing = || no_resource(id.to_string());
    let mut engine = service.simulation().hold(service).await?;
    let found = find(service, &ResourceRef::Name(id.to_owned())).await?.ok_or_else(missing)?;
    let (id, kind) = (found.id, found.kind);
    let new = checked(patch.onto(&found)?)?;
    let mut transaction = service.pool().begin().await.map_err(storage::Error::from)?;
    storage::simulation::resources::update(&mut *transaction, id, &new).await?;
    if new.kind != kind {
        let factor = production_factor(new.kind);
        storage::simulation::meters::set_production_of(&mut *transaction, id, factor).await?;
    }
    transaction.commit().await.map_err(storage::Error::from)?;
    engine.plan_again();
    let stored = storage::simulation::resources::by_id(service.pool(), id).await?;
    stored.ok_or_else(missing)
}

/// K of production that a link begins with.
pub(super) const fn production_factor(kind: ResourceType) -> f64 {
    match kind {
        ResourceType::Prosumer => 1.0,
        ResourceType::Consumer => 0.0,
    }
}
