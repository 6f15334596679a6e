//! The load status: what the grid connection still has to give, by the meters' roles.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::meters::hierarchy::Tree;
use domain::meters::{LoadRole, Meter};
use domain::readings::channel::{Channel, ChannelQuality, MeterChannels, Name};
use domain::{MeterId, Quality, SiteId, SiteSlug};
use schemars::JsonSchema;
use serde::Serialize;

use crate::live::LiveState;
use crate::meters::energy_meters::total_energy;
use crate::operation::clock;
use crate::readings::channels;
use crate::{Action, Core, Error, Principal, Service, sites};

/// Channels state power in W, this interface in kW.
const WATTS: f64 = 1000.0;

/// The available capacity and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoadStatus {
    /// What the grid connection carries, in kW.
    pub grid_capacity: Option<f64>,
    /// Sum of the solar meters, in kW. Their sign only says which way round they are wired: what they
    /// show counts as production.
    pub pv_production: Option<f64>,
    /// Sum of the grid and building meters, in kW.
    pub building_consumption: Option<f64>,
    /// Capacity plus production less consumption, in kW.
    pub available_capacity: Option<f64>,
    /// Capacity less what the grid and building meters show that are not below another one, in kW:
    /// nothing is counted twice.
    pub net_available_capacity: Option<f64>,
    /// What charging stations may draw on top now, in kW: capacity less the grid and building meters
    /// that are not below another one, plus the solar meters that none of them shows already; at least
    /// 0. None without a capacity, and while a meter that consumes was never read.
    pub available_for_charging: Option<f64>,
    /// The time of that power: when the oldest of the readings in it was taken.
    pub available_for_charging_at: Option<DateTime<Utc>>,
    /// When this was computed.
    pub timestamp: DateTime<Utc>,
    /// The worst of the meters in it.
    pub quality: Quality,
    /// Why the figures may mislead: `building_counted_twice`, `pv_counted_twice`,
    /// `no_grid_capacity`, `meter_never_read`.
    pub warnings: Vec<Warning>,
}

/// Why the figures may mislead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// A grid or building meter hangs below another one, which shows its load already.
    BuildingCountedTwice,
    /// A solar meter hangs below a grid or building meter, which shows less because of it already.
    PvCountedTwice,
    /// The site states no grid capacity.
    NoGridCapacity,
    /// A meter was never read and is missing from the sums.
    MeterNeverRead,
}

/// The sum of the grid and building meters.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BuildingConsumption {
    /// Their power in kW; none where none of them was ever read.
    pub current_power: Option<f64>,
    /// Their energy registers in kWh.
    pub total_energy: Option<f64>,
    /// How many there are, those never read included.
    pub meter_count: usize,
    /// When this was computed.
    pub timestamp: DateTime<Utc>,
    /// The worst of the meters in it.
    pub quality: Quality,
}

/// The load status of a site.
pub async fn get(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<LoadStatus, Error> {
    let site = sites::resolve(service, who, Action::See, site).await?;
    let meters = storage::meters::list(service.pool(), site.id, true).await?;
    let tree = Tree::new(meters);
    let shown = LatestValues::of(service, service.live(), site.id);
    let power = |id: MeterId| {
        let shown = shown.power(id)?;
        Some(Power { kw: shown.value / WATTS, at: shown.at })
    };
    let status = status(&tree, site.grid_capacity_kw, power, clock::now(service, &site));
    let counted = |meter: &&Meter| consumes(meter) || meter.load_role == LoadRole::Solar;
    let quality = shown.worst(tree.meters().iter().filter(counted));
    Ok(LoadStatus { quality, ..status })
}

/// What the site's grid and building meters show together.
pub async fn building(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<BuildingConsumption, Error> {
    let site = sites::resolve(service, who, Action::See, site).await?;
    let meters = storage::meters::list(service.pool(), site.id, true).await?;
    let tree = Tree::new(meters);
    let meters = once(&tree, consumes);
    let shown = LatestValues::of(service, service.live(), site.id);
    let each = || meters.iter().map(|meter| meter.id);
    Ok(BuildingConsumption {
        current_power: sum(each().map(|id| Some(shown.power(id)?.value / WATTS))),
        total_energy: sum(each().map(|id| total_energy(&service.live().latest(id)?))),
        meter_count: meters.len(),
        timestamp: clock::now(service, &site),
        quality: shown.worst(meters.iter().copied()),
    })
}

/// The channels of a site's meters and how far the meters can be trusted, all of one instant.
struct LatestValues(HashMap<MeterId, (MeterChannels, Quality)>);

impl LatestValues {
    fn of(core: &Core, live: &LiveState, site: SiteId) -> Self {
        let meters = channels::trusted(core, live, site).into_iter();
        Self(meters.map(|(meter, quality)| (meter.meter, (meter, quality))).collect())
    }

    /// The power of a meter in W, its last one where that is old.
    fn power(&self, id: MeterId) -> Option<&Channel> {
        self.0.get(&id)?.0.get(Name::ActivePower)
    }

    /// The worst of what is said of the meters, and of their powers, which may be older than what the
    /// meters said last.
    fn worst<'a>(&self, meters: impl Iterator<Item = &'a Meter>) -> Quality {
        let of_power = |id| match self.power(id).map(|power| power.quality) {
            Some(ChannelQuality::Good) => Quality::Good,
            Some(ChannelQuality::Stale) | None => Quality::Stale,
            Some(ChannelQuality::Error) => Quality::Error,
        };
        let of_meter = |id| self.0.get(&id).map_or(Quality::Stale, |(_, quality)| *quality);
        meters.map(|meter| of_meter(meter.id).max(of_power(meter.id))).max().unwrap_or_default()
    }
}

/// What a meter shows, and since when.
#[derive(Debug, Clone, Copy)]
struct Power {
    kw: f64,
    at: DateTime<Utc>,
}

fn consumes(meter: &Meter) -> bool {
    matches!(meter.load_role, LoadRole::Grid | LoadRole::Building)
}

/// The meters of a part, but for those that are computed from others among them.
fn once(tree: &Tree, is_one: impl Fn(&Meter) -> bool) -> Vec<&Meter> {
    tree.once(tree.meters().iter().filter(|meter| is_one(meter)).collect())
}

/// The sum of what is known; none where nothing is, unless there is nothing to add.
fn sum(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (mut total, mut known, mut asked) = (0.0, false, false);
    for value in values {
        asked = true;
        known |= value.is_some();
        total += value.unwrap_or(0.0);
    }
    (known || !asked).then_some(total)
}

fn status(
    tree: &Tree,
    capacity: Option<f64>,
    power: impl Fn(MeterId) -> Option<Power>,
    now: DateTime<Utc>,
) -> LoadStatus {
    let consuming = once(tree, consumes);
    let consuming = || consuming.iter().copied();
    let solar = once(tree, |meter| meter.load_role == LoadRole::Solar);
    let solar = || solar.iter().copied();
    let below_one = |meter: &Meter| tree.ancestors(meter.id).any(consumes);
    let apart = |meter: &&Meter| !below_one(meter);
    let drawn = |meter: &Meter| power(meter.id).map(|power| power.kw);
    let made = |meter: &Meter| power(meter.id).map(|power| power.kw.abs());
    let consumption = sum(consuming().map(drawn));
    let production = sum(solar().map(made));
    let net = sum(consuming().filter(apart).map(drawn));
    let draws: Option<Vec<Power>> =
        consuming().filter(apart).map(|meter| power(meter.id)).collect();
    let makes: Vec<Power> = solar().filter(apart).filter_map(|meter| power(meter.id)).collect();
    let charging =
        capacity.zip(draws).map(|(capacity, draws)| charging(capacity, &draws, &makes, now));

    let mut warnings = Vec::new();
    let mut warn = |holds: bool, warning| {
        if holds {
            warnings.push(warning);
        }
    };
    warn(consuming().any(below_one), Warning::BuildingCountedTwice);
    warn(solar().any(below_one), Warning::PvCountedTwice);
    warn(capacity.is_none(), Warning::NoGridCapacity);
    let never_read = consuming().chain(solar()).any(|m| power(m.id).is_none());
    warn(never_read, Warning::MeterNeverRead);

    let available = || Some(capacity? + production? - consumption?);
    LoadStatus {
        grid_capacity: capacity,
        pv_production: production,
        building_consumption: consumption,
        available_capacity: available(),
        net_available_capacity: capacity.zip(net).map(|(capacity, net)| capacity - net),
        available_for_charging: charging.map(|charging| charging.kw),
        available_for_charging_at: charging.map(|charging| charging.at),
        timestamp: now,
        quality: Quality::Good,
        warnings,
    }
}

/// What is left of a capacity, as old as the oldest power in it; of `now` where there is none.
fn charging(capacity: f64, draws: &[Power], makes: &[Power], now: DateTime<Utc>) -> Power {
    let drawn: f64 = draws.iter().map(|power| power.kw).sum();
    let made: f64 = makes.iter().map(|power| power.kw.abs()).sum();
    let at = draws.iter().chain(makes).map(|power| power.at).min();
    Power { kw: (capacity + made - drawn).max(0.0), at: at.unwrap_or(now) }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use domain::meters::MeterType;

    use super::*;

    fn meter(id: i64, parent: Option<i64>, load_role: LoadRole) -> Meter {
        Meter {
            id: MeterId(id),
            site: SiteId(1),
            number: format!("M-{id}"),
            name: format!("Meter {id}"),
            meter_type: MeterType::from("Other"),
            level: i16::from(parent.is_some()),
            parent: parent.map(MeterId),
            feeds_parent: false,
            area: None,
            location: None,
            load_role,
            phase_type: None,
            channel_prefix: Some(format!("m-{id}")),
            rated_power_kw: None,
            accuracy_class: None,
            register_modulus_kwh: None,
            register_step_kwh: None,
            import_register: None,
            diesel_register: domain::meters::DieselRegister::default(),
            latitude: None,
            longitude: None,
            installed_at: None,
            retired_at: None,
            placed_by: domain::meters::PlacedBy::Person,
            adds: Vec::new(),
        }
    }

    fn of(meters: Vec<Meter>, capacity: Option<f64>, powers: &[(i64, f64)]) -> LoadStatus {
        let power = |id: MeterId| {
            let (of, kw) = powers.iter().find(|(of, _)| *of == id.0)?;
            Some(Power { kw: *kw, at: DateTime::UNIX_EPOCH + TimeDelta::minutes(*of) })
        };
        status(&Tree::new(meters), capacity, power, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn the_guides_sum() {
        let meters = vec![meter(1, None, LoadRole::Building), meter(2, None, LoadRole::Solar)];
        let status = of(meters, Some(500.0), &[(1, 80.0), (2, 50.0)]);
        assert_eq!(status.available_capacity, Some(470.0));
        assert_eq!(status.net_available_capacity, Some(420.0));
        assert_eq!(status.available_for_charging, Some(470.0));
        let oldest = DateTime::UNIX_EPOCH + TimeDelta::minutes(1);
        assert_eq!(status.available_for_charging_at, Some(oldest));
        assert_eq!(status.warnings, []);
    }

    #[test]
    fn a_solar_meter_produces_whichever_way_round_it_is_wired() {
        let meters = vec![meter(1, None, LoadRole::Building), meter(2, None, LoadRole::Solar)];
        let status = of(meters, Some(500.0), &[(1, 80.0), (2, -50.0)]);
        assert_eq!(status.pv_production, Some(50.0));
        assert_eq!(status.available_capacity, Some(470.0));
        assert_eq!(status.available_for_charging, Some(470.0));
    }

    #[test]
    fn nothing_is_offered_for_charging_that_is_not_there() {
        let meters = || vec![meter(1, None, LoadRole::Grid), meter(2, None, LoadRole::Building)];
        let status = of(meters(), Some(100.0), &[(1, 80.0), (2, 50.0)]);
        assert_eq!(status.available_for_charging, Some(0.0));
        let status = of(meters(), Some(100.0), &[(1, 80.0)]);
        assert_eq!(status.available_for_charging, None, "a load that nobody knows");
        assert_eq!(status.available_for_charging_at, None);
    }

    #[test]
    fn what_hangs_below_a_grid_meter_is_counted_once_in_the_net_figure() {
        let meters = vec![
            meter(1, None, LoadRole::Grid),
            meter(2, Some(1), LoadRole::Building),
            meter(3, Some(1), LoadRole::Solar),
        ];
        let status = of(meters, Some(500.0), &[(1, 100.0), (2, 80.0), (3, 50.0)]);
        assert_eq!(status.building_consumption, Some(180.0));
        assert_eq!(status.available_capacity, Some(370.0));
        assert_eq!(status.net_available_capacity, Some(400.0));
        assert_eq!(status.available_for_charging, Some(400.0));
        assert_eq!(status.warnings, [Warning::BuildingCountedTwice, Warning::PvCountedTwice]);
    }

    #[test]
    fn floors_of_a_building_with_a_meter_of_its_own_are_counted_once_too() {
        let meters = vec![
            meter(1, None, LoadRole::Building),
            meter(2, Some(1), LoadRole::Zone),
            meter(3, Some(2), LoadRole::Building),
        ];
        let status = of(meters, Some(500.0), &[(1, 80.0), (2, 30.0), (3, 30.0)]);
        assert_eq!(status.available_capacity, Some(390.0));
        assert_eq!(status.net_available_capacity, Some(420.0));
        assert_eq!(status.warnings, [Warning::BuildingCountedTwice]);
    }

    #[test]
    fn a_sum_is_not_added_to_what_it_is_made_of() {
        let sum =
            Meter { adds: vec![MeterId(1), MeterId(2)], ..meter(3, None, LoadRole::Building) };
        let meters = vec![
            meter(1, None, LoadRole::Building),
            meter(2, None, LoadRole::Building),
            sum.clone(),
        ];
        let status = of(meters, Some(500.0), &[(1, 100.0), (2, 30.0), (3, 130.0)]);
        assert_eq!(status.building_consumption, Some(130.0));
        assert_eq!(status.net_available_capacity, Some(370.0));
        assert_eq!(status.available_for_charging, Some(370.0));
        let inputs = [1, 2].map(|id| meter(id, None, LoadRole::Zone)).to_vec();
        let status = of([inputs, vec![sum]].concat(), Some(500.0), &[(3, 130.0)]);
        assert_eq!(status.available_for_charging, Some(370.0), "the sum alone");
    }

    #[test]
    fn what_is_not_known_is_not_zero() {
        let status = of(vec![meter(1, None, LoadRole::Grid)], None, &[]);
        assert_eq!((status.building_consumption, status.available_capacity), (None, None));
        assert_eq!(status.warnings, [Warning::NoGridCapacity, Warning::MeterNeverRead]);
    }
}
