//! The page of all meters: a table to filter and change many at once, the tree, and one meter.

use std::collections::{BTreeSet, HashMap};

use domain::meters::hierarchy::Tree;
use domain::meters::refusal::MeterRefusal;
use domain::meters::{Meter, MeterAddress};
use domain::{MeterId, SiteSlug};
use serde_json::{Map, Value, json};

use crate::configuration::page::settings::{About, PREVIEW, Previewed, RULES, previewed};
use crate::meters::{self, Arranged, Arrangement, MeterChange, MeterView};
use crate::operation::clock;
use crate::pages::{MOST_CHOICES, Query};
use crate::{Core, Error, Principal, Service, instants, window};

/// The page of meters.
#[derive(Debug, Clone)]
pub struct MetersPage {
    pub about: About,
    /// The parameters of the address: what is filtered, marked and typed.
    pub query: Query,
    /// The meters that were found, parents before children.
    pub rows: Vec<Row>,
    /// How many were found.
    pub found: usize,
    /// How many there are.
    pub all: usize,
    /// Every meter with its depth, in the order of the tree; none where there are too many to show.
    pub tree: Vec<(usize, Meter)>,
    /// Numbers and names, to choose a parent among.
    pub parents: Vec<(String, String)>,
    pub areas: BTreeSet<String>,
    pub types: BTreeSet<String>,
    /// The meter whose form is open.
    pub chosen: Option<MeterView>,
    /// What is asked for, and what it would change.
    pub preview: Option<(Vec<MeterChange>, Previewed<Arranged>)>,
}

/// A meter in the table.
#[derive(Debug, Clone)]
pub struct Row {
    pub meter: Meter,
    /// The number of the meter above it.
    pub parent: Option<String>,
    /// Whether its device is read; none where it has none.
    pub enabled: Option<bool>,
    /// Whether it is marked.
    pub is_marked: bool,
}

/// Meters.
pub async fn meters(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<MetersPage, Error> {
    let about = About::load(service, who, query).await?;
    let all = storage::meters::list(service.pool(), about.site.id, true).await?;
    let devices = storage::devices::list(service.pool()).await?;
    let enabled: HashMap<MeterId, bool> =
        devices.into_iter().map(|device| (device.meter, device.enabled)).collect();
    let numbers: HashMap<MeterId, String> =
        all.iter().map(|meter| (meter.id, meter.number.clone())).collect();
    let marked: BTreeSet<i64> = query.marked('m').into_iter().collect();
    let found: Vec<&Meter> = all
        .iter()
        .filter(|meter| marked.contains(&meter.id.0) || is_wanted(query, meter))
        .collect();
    let row = |meter: &&Meter| Row {
        parent: meter.parent.and_then(|parent| numbers.get(&parent).cloned()),
        enabled: enabled.get(&meter.id).copied(),
        is_marked: marked.contains(&meter.id.0),
        meter: (*meter).clone(),
    };
    let chosen = match query.get("meter") {
        None => None,
        Some(id) => {
            let address = MeterAddress::new(id, Some(SiteSlug::from(&about.site)));
            match meters::get(service, who, &address).await {
                Ok(meter) => Some(meter),
                Err(Error::NotFound { .. }) => None,
                Err(error) => return Err(error),
            }
        }
    };
    let preview = if query.get(PREVIEW).is_some() && !query.asks_for(RULES) {
        Some(preview(service, who, query, &about, &all).await?)
    } else {
        None
    };
    let few = all.len() <= MOST_CHOICES;
    Ok(MetersPage {
        rows: found.iter().take(MOST_CHOICES).map(row).collect(),
        found: found.len(),
        all: all.len(),
        tree: if few { in_order(&all) } else { Vec::new() },
        parents: all.iter().map(|meter| (meter.number.clone(), meter.name.clone())).collect(),
        areas: all.iter().filter_map(|meter| meter.area.clone()).collect(),
        types: all.iter().map(|meter| meter.meter_type.0.clone()).collect(),
        query: query.clone(),
        chosen,
        preview,
        about,
    })
}

/// Whether a meter is one of those that the address asks for.
fn is_wanted(query: &Query, meter: &Meter) -> bool {
    let is = |name: &str, value: &str| query.get(name).is_none_or(|wanted| wanted == value);
    let text = query.get("q").unwrap_or_default().trim().to_lowercase();
    let texts =
        [Some(&meter.number), Some(&meter.name), meter.area.as_ref(), meter.location.as_ref()];
    let has = texts.into_iter().flatten().any(|name| name.to_lowercase().contains(&text));
    has && is("ofType", &meter.meter_type.0)
        && is("ofArea", meter.area.as_deref().unwrap_or_default())
        && is("ofRole", meter.load_role.as_str())
}

fn in_order(meters: &[Meter]) -> Vec<(usize, Meter)> {
    let tree = Tree::new(meters.to_vec());
    let deep = |meter: &Meter| (tree.ancestors(meter.id).count(), meter.clone());
    let roots: Vec<_> = tree.roots().map(|root| root.id).collect();
    roots.into_iter().flat_map(|root| tree.subtree(root).into_iter().map(deep)).collect()
}

/// What the marked meters would be changed to, and what that would do.
async fn preview(
    service: &Service,
    who: &Principal,
    query: &Query,
    about: &About,
    all: &[Meter],
) -> Result<(Vec<MeterChange>, Previewed<Arranged>), Error> {
    let set = match wanted(service, query, about, all) {
        Ok(set) => set,
        Err(error) => return Ok((Vec::new(), Err(error.message()))),
    };
    let changes: Vec<_> = query
        .marked('m')
        .into_iter()
        .map(|id| MeterChange { id: MeterId(id), set: with_seen(all, id, &set).into() })
        .collect();
    let asked = Arrangement { changes: changes.clone() };
    let slug = SiteSlug::from(&about.site);
    let arranged = meters::arrange(service, who, Some(&slug), asked, true).await;
    Ok((changes, previewed(arranged)?))
}

/// What the form says the marked meters should be.
fn wanted(
    core: &Core,
    query: &Query,
    about: &About,
    all: &[Meter],
) -> Result<Map<String, Value>, Error> {
    let mut set = Map::new();
    let mut put = |name: &str, value: Value| drop(set.insert(name.to_owned(), value));
    if let Some(kind) = query.get("type") {
        put("meterType", kind.trim().into());
    }
    if query.get("noArea").is_some() {
        put("area", Value::Null);
    } else if let Some(area) = query.get("area") {
        put("area", area.trim().into());
    }
    if query.get("top").is_some() {
        put("parentMeterId", Value::Null);
    } else if let Some(id) = query.number("onto") {
        put("parentMeterId", id.into());
    } else if let Some(number) = query.get("parent") {
        let found = all.iter().find(|meter| meter.number == number.trim());
        match found {
            Some(meter) => put("parentMeterId", meter.id.0.into()),
            None => put("parentMeterNumber", number.trim().into()),
        }
    }
    if let Some(role) = query.get("role") {
        put("loadRole", role.into());
    }
    for (name, field) in [("feeds", "feedsParent"), ("read", "enabled")] {
        if let Some(value) = query.get(name) {
            put(field, (value == "yes").into());
        }
    }
    if let Some(class) = query.get("class") {
        let class = class.trim();
        put("accuracyClass", class.parse::<f64>().map_or_else(|_| json!(class), Value::from));
    }
    if set.is_empty() {
        return Err(Error::invalid("set", MeterRefusal::NothingChanged));
    }
    let moves = ["parentMeterId", "parentMeterNumber", "feedsParent"];
    if moves.iter().any(|name| set.contains_key(*name)) {
        let now = clock::now(core, &about.site);
        let since = match query.get("since") {
            Some("always") => None,
            Some("day") => {
                let day = query.moment("day")?;
                day.map(|day| window::instant(&about.site, "day", day)).transpose()?
            }
            _ => Some(instants::stored(now)),
        };
        set.extend(since.map(|since| ("effectiveFrom".to_owned(), json!(since))));
    }
    Ok(set)
}

/// A change with what the meter was seen to be.
fn with_seen(all: &[Meter], id: i64, set: &Map<String, Value>) -> Map<String, Value> {
    let mut set = set.clone();
    let Some(meter) = all.iter().find(|meter| meter.id.0 == id) else { return set };
    let seen = json!({
        "meterType": meter.meter_type,
        "area": meter.area,
        "parentMeterId": meter.parent,
        "loadRole": meter.load_role,
        "feedsParent": meter.feeds_parent,
        "accuracyClass": meter.accuracy_class,
    });
    let seen = seen.as_object().into_iter().flatten();
    let seen = seen.filter(|(name, _)| set.contains_key(*name));
    let seen: Map<_, _> = seen.map(|(name, value)| (name.clone(), value.clone())).collect();
    set.insert("expected".to_owned(), Value::Object(seen));
    set
}
