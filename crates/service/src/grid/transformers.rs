//! Transformers: listed, added, removed.

use domain::entry::Entry;
use domain::grid::feasibility::{Loading, Place, Power, Transformer, TransformerId};
use domain::grid::refusal::TransformerRefusal;
use domain::strict;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use storage::grid::transformers::{New, Stored};

use crate::error::LineError;
use crate::grid::copy::Grid;
use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, Service, resolve};

/// Transformers of one request at most.
const MOST_POSTED: usize = 10_000;
/// Names of them that the log keeps.
const NOTED: usize = 10;

/// A transformer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TransformerView {
    /// It.
    #[serde(flatten)]
    pub transformer: Transformer,
    /// Order of creation, by which lists page.
    #[serde(skip)]
    pub n: i64,
}

impl TransformerView {
    fn new(stored: Stored) -> Self {
        Self { transformer: stored.transformer, n: stored.n }
    }
}

/// A transformer to add.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransformer {
    /// Its label, such as TX-101.
    pub name: String,
    /// Rated capacity, kVA.
    #[serde(rename = "capacity_kVA")]
    pub capacity_kva: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The city that it stands in; San Francisco unless stated.
    #[serde(default = "san_francisco")]
    pub city: String,
    /// Connected load, kW; none unless stated.
    #[serde(rename = "connected_consumption_kW", default)]
    pub connected_consumption_kw: f64,
    /// Connected generation, kW; none unless stated.
    #[serde(rename = "connected_production_kW", default)]
    pub connected_production_kw: f64,
}

fn san_francisco() -> String {
    "San Francisco".to_owned()
}

impl NewTransformer {
    fn check(self) -> Result<New, Error> {
        let kilo = |field: &str, value: f64| {
            Power::new(value)
                .filter(|power| !power.is_negative())
                .ok_or_else(|| Error::invalid(field, TransformerRefusal::NoPower { value }))
        };
        let degrees = |field: &str, value: f64, most: f64| {
            if (-most..=most).contains(&value) {
                return Ok(value);
            }
            Err(Error::invalid(field, TransformerRefusal::Beyond { value, most }))
        };
        let given = |field: &str, text: &str| {
            if text.is_empty() {
                return Err(Error::invalid(field, Entry::Empty));
            }
            Ok(())
        };
        given("name", &self.name)?;
        given("city", &self.city)?;
        let capacity = kilo("capacity_kVA", self.capacity_kva)?;
        if capacity == Power::ZERO {
            return Err(Error::invalid("capacity_kVA", Entry::NotPositive));
        }
        let loading = Loading {
            capacity,
            consumption: kilo("connected_consumption_kW", self.connected_consumption_kw)?,
            production: kilo("connected_production_kW", self.connected_production_kw)?,
        };
        let place = Place {
            latitude: degrees("latitude", self.latitude, 90.0)?,
            longitude: degrees("longitude", self.longitude, 180.0)?,
        };
        Ok(New { name: self.name, city: self.city, place, loading })
    }
}

/// What was added by one request.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Posted {
    /// Of a single object.
    One(Box<TransformerView>),
    /// Of a list, in its order.
    Many(Vec<TransformerView>),
}

/// Adds the transformer of an object, or those of a list: all of them or none.
pub async fn post_transformers(
    service: &Service,
    who: &Principal,
    body: &Value,
) -> Result<Posted, Error> {
    resolve::in_world(service, who, Action::Connect)?;
    let read = |item: &Value| strict::read::<NewTransformer>(item)?.check();
    let Value::Array(items) = body else {
        let mut added = add(service, service.grid(), who, &[read(body)?]).await?;
        return Ok(match (added.pop(), added.is_empty()) {
            (Some(only), true) => Posted::One(Box::new(only)),
            (last, _) => Posted::Many(added.into_iter().chain(last).collect()),
        });
    };
    if items.is_empty() || items.len() > MOST_POSTED {
        return Err(Error::refused(
            "wrong_count",
            TransformerRefusal::Count { count: items.len(), most: MOST_POSTED },
        ));
    }
    Ok(Posted::Many(add(service, service.grid(), who, &each(items, read)?).await?))
}

/// Adds transformers, all of them or none; they come back in their order.
pub async fn create_transformers(
    service: &Service,
    who: &Principal,
    new: Vec<NewTransformer>,
) -> Result<Vec<TransformerView>, Error> {
    resolve::in_world(service, who, Action::Connect)?;
    add(service, service.grid(), who, &each(new, NewTransformer::check)?).await
}

async fn add(
    core: &Core,
    grid: &Grid,
    who: &Principal,
    new: &[New],
) -> Result<Vec<TransformerView>, Error> {
    let mut change = Change::begin(core, who).await?.at(super::site(core));
    let mut added = Vec::with_capacity(new.len());
    for part in new.chunks(MOST_POSTED) {
        added.extend(storage::grid::transformers::insert(&mut *change.db, part).await?);
    }
    let subject = match added.as_slice() {
        [only] => format!("transformer:{}", only.transformer.id),
        _ => "transformers".to_owned(),
    };
    let first: Vec<_> = added.iter().take(NOTED).map(|stored| &stored.transformer.name).collect();
    let detail = serde_json::json!({"count": added.len(), "first": first});
    change.commit("transformers.create", &subject, &detail).await?;
    grid.apply(added.clone()).await;
    Ok(added.into_iter().map(TransformerView::new).collect())
}

/// Reads every item, or answers which cannot be.
fn each<T, U>(
    items: impl IntoIterator<Item = T>,
    read: impl Fn(T) -> Result<U, Error>,
) -> Result<Vec<U>, Error> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (index, item) in items.into_iter().enumerate() {
        match read(item) {
            Ok(item) => good.push(item),
            Err(Error::Invalid { code, field, message }) => {
                bad.push(LineError { index, code, field, message });
            }
            Err(other) => return Err(other),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(Error::Lines(bad)) }
}

/// Transformers created after the one at `after`, at most `limit`.
pub async fn transformers(
    core: &Core,
    who: &Principal,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<TransformerView>, Error> {
    resolve::in_world(core, who, Action::SeeGrid)?;
    let after = after.unwrap_or(i64::MIN);
    let page = storage::grid::transformers::page(core.pool(), after, limit.into()).await?;
    Ok(page.into_iter().map(TransformerView::new).collect())
}

/// One transformer.
pub async fn transformer(
    core: &Core,
    who: &Principal,
    id: TransformerId,
) -> Result<TransformerView, Error> {
    resolve::in_world(core, who, Action::SeeGrid)?;
    let stored = storage::grid::transformers::by_id(core.pool(), id).await?;
    stored.map(TransformerView::new).ok_or_else(|| TransformerId::unknown(id))
}

/// Removes a transformer to which nothing is connected.
pub async fn remove(
    service: &Service,
    who: &Principal,
    id: TransformerId,
) -> Result<TransformerView, Error> {
    resolve::in_world(service, who, Action::Connect)?;
    let mut change = Change::begin(service, who).await?.at(super::site(service));
    let stored = storage::grid::transformers::by_id(&mut *change.db, id).await?;
    let view = stored.map(TransformerView::new).ok_or_else(|| TransformerId::unknown(id))?;
    let gone = storage::grid::transformers::delete(&mut change.db, id).await?;
    if !gone.ok_or_else(|| TransformerId::unknown(id))? {
        return Err(Error::conflict(
            "has_connections",
            TransformerRefusal::HasConnections { name: view.transformer.name },
        ));
    }
    change.commit_removed("transformer.remove", &format!("transformer:{id}"), &view).await?;
    service.grid().index.write().remove(id);
    Ok(view)
}

impl Named for TransformerId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("transformer_not_found", TransformerRefusal::None { id: id.to_string() })
    }
}
