//! The page of all sites: how each is doing now, what of it adds up, and some of them side by side.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::MeterId;
use crate::live::Snapshot;
use crate::losses::balance::Verdict;
use crate::losses::view::Loss;
use crate::sites::SiteKind;
use crate::view::{COMPARABLE, PeriodContext};

/// So many sites and buildings stand side by side at most.
pub const MOST_COMPARED: usize = 4;

/// The page of all sites.
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioPage {
    /// The period of what is compared.
    pub shown: PeriodContext,
    /// Every site, in the order that is asked for.
    pub sites: Vec<SiteRow>,
    pub order: Order,
    /// What is compared, in the order in which it was chosen.
    pub compared: Vec<Compared>,
    /// What of the choice is not there any more, as the address has it.
    pub gone: Vec<String>,
    /// Whether whoever looks may add a site.
    pub may_add: bool,
}

/// A site of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteRow {
    /// How it is doing.
    pub state: SiteState,
    /// What is live of it; none for a moment after it was added.
    pub snapshot: Option<Snapshot>,
}

/// How a site is doing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SiteState {
    /// Short name in addresses.
    pub slug: String,
    /// Name.
    pub name: String,
    /// What names it in the address of a page; none of the site that is meant where none is named.
    #[serde(skip)]
    pub in_addresses: Option<String>,
    /// Real or simulated.
    pub kind: SiteKind,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Meters that count today.
    pub meters: usize,
    /// What time it is there.
    pub at: DateTime<Utc>,
    /// Its figures.
    #[serde(flatten)]
    pub standing: Standing,
    /// When its day began.
    pub today_start: DateTime<Utc>,
    /// The buildings on it that have a meter of their own.
    pub buildings: Vec<BuildingState>,
}

/// The figures of a site: power over the last 15 minutes, energy since its midnight. A figure that a
/// silent meter leaves open is null.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Mean power in, kW.
    pub power_in_kw: Option<f64>,
    /// Loss, kW; null too where no meter hangs below another.
    pub loss_kw: Option<f64>,
    /// Half its error band, kW.
    pub error_kw: Option<f64>,
    /// Loss as a percentage of the input.
    pub loss_percent: Option<f64>,
    /// What the balance says.
    pub verdict: Option<Verdict>,
    /// Energy in since midnight, kWh.
    pub today_kwh: Option<f64>,
    /// Solar energy since midnight, kWh.
    pub solar_kwh: Option<f64>,
    /// The same as a percentage of the input.
    pub solar_share_percent: Option<f64>,
    /// Grid and diesel carbon since midnight less the solar offset, kg CO2.
    pub net_carbon_kg: Option<f64>,
    /// Least coverage of the day's figures, 0 to 1; null where there are none.
    pub coverage: Option<f64>,
    /// Open alarms.
    pub open_alarms: usize,
    /// When its newest reading was taken.
    pub newest_at: Option<DateTime<Utc>>,
}

/// A building on a site: a meter that counts for one, and stands below no other such.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BuildingState {
    /// Its meter.
    pub meter_id: MeterId,
    /// The meter's number.
    pub meter_number: String,
    /// The meter's name.
    pub name: String,
    /// Where it stands, as the meter says.
    pub location: Option<String>,
    /// Mean power in, kW.
    pub power_in_kw: Option<f64>,
    /// Loss between its meter and those below, kW; null where there are none.
    pub loss_kw: Option<f64>,
    /// Half its error band, kW.
    pub error_kw: Option<f64>,
    /// Loss as a percentage of the input.
    pub loss_percent: Option<f64>,
    /// What its balance says.
    pub verdict: Option<Verdict>,
    /// Energy since midnight, kWh.
    pub today_kwh: Option<f64>,
    /// Open alarms of its meter and those below.
    pub open_alarms: usize,
    /// When the newest reading of its meter was taken.
    pub newest_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// What a snapshot says of its site.
    pub fn of(snapshot: &Snapshot, open_alarms: usize) -> Self {
        let (whole, gauges) = (&snapshot.whole, &snapshot.gauges);
        let known = !snapshot.meters.is_empty() && whole.verdict != Verdict::Incomplete;
        let balanced = known && snapshot.meters.iter().any(|card| card.parent.is_some());
        Self {
            power_in_kw: (known && snapshot.is_input_known()).then_some(whole.in_kw),
            loss_kw: whole.loss_kw.filter(|_| balanced),
            error_kw: balanced.then_some(whole.error_kw),
            loss_percent: whole.loss_percent.filter(|_| balanced),
            verdict: balanced.then_some(whole.verdict),
            today_kwh: gauges.consumption_kwh.value,
            solar_kwh: gauges.solar_kwh.filter(|_| gauges.consumption_kwh.value.is_some()),
            solar_share_percent: gauges.solar_share_percent.value,
            net_carbon_kg: gauges.net_carbon_kg.value,
            coverage: gauges.consumption_kwh.value.map(|_| gauges.coverage),
            open_alarms,
            newest_at: snapshot.values.iter().filter_map(|value| value.at).max(),
        }
    }
}

/// What a list of sites is ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Column {
    /// The default site first, then by name.
    #[default]
    Site,
    Power,
    /// Loss in kW.
    Loss,
    /// Energy today.
    Energy,
    /// Solar share.
    Solar,
    /// Net carbon.
    Carbon,
    /// Coverage, the least first.
    Coverage,
    /// Open alarms.
    Alarms,
    /// Age of the newest reading, the oldest first.
    Age,
}

impl Column {
    /// All, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Site,
        Self::Power,
        Self::Loss,
        Self::Energy,
        Self::Solar,
        Self::Carbon,
        Self::Coverage,
        Self::Alarms,
        Self::Age,
    ];

    /// The word in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Site => "name",
            Self::Power => "power",
            Self::Loss => "loss",
            Self::Energy => "energy",
            Self::Solar => "solar",
            Self::Carbon => "carbon",
            Self::Coverage => "coverage",
            Self::Alarms => "alarms",
            Self::Age => "age",
        }
    }

    /// The figure, so that the largest comes first.
    fn figure(self, site: &SiteState) -> Option<f64> {
        let standing = &site.standing;
        match self {
            Self::Site => None,
            Self::Power => standing.power_in_kw,
            Self::Loss => standing.loss_kw,
            Self::Energy => standing.today_kwh,
            Self::Solar => standing.solar_share_percent,
            Self::Carbon => standing.net_carbon_kg,
            Self::Coverage => standing.coverage.map(|coverage| -coverage),
            Self::Alarms => Some(standing.open_alarms as f64),
            Self::Age => standing.newest_at.map(|newest| (site.at - newest).as_seconds_f64()),
        }
    }
}

/// An order of sites.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Order {
    pub by: Column,
    /// Whether the other way round.
    pub turned: bool,
}

impl Order {
    /// Reads the words of an address; what is none of them is the usual order.
    pub fn parse(by: Option<&str>, way: Option<&str>) -> Self {
        let by = by.and_then(|word| Column::ALL.into_iter().find(|column| column.word() == word));
        Self { by: by.unwrap_or_default(), turned: way == Some(Self::TURNED) }
    }

    /// The word for the other way round.
    pub const TURNED: &'static str = "turned";

    /// Orders sites that stand in the usual order. One without the figure comes last either way.
    pub fn sort(self, sites: &mut [SiteRow]) {
        if self.by == Column::Site {
            if self.turned {
                sites.reverse();
            }
            return;
        }
        let figure = |site: &SiteRow| self.by.figure(&site.state);
        sites.sort_by(|one, other| match (figure(one), figure(other)) {
            (Some(one), Some(other)) if self.turned => one.total_cmp(&other),
            (Some(one), Some(other)) => other.total_cmp(&one),
            (one, other) => one.is_none().cmp(&other.is_none()),
        });
    }
}

/// A figure of all sites, or the names of those that lack it.
#[derive(Debug, Clone, PartialEq)]
pub enum Sum {
    /// It adds up.
    Of(f64),
    /// These have no such figure now.
    Lacking(Vec<String>),
    /// Their days began at different instants.
    OtherDays,
}

/// What adds up over real sites: a simulated one lives in another time.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    /// How many sites it is of.
    pub sites: usize,
    /// Power in, kW.
    pub power_in_kw: Sum,
    /// Loss, kW.
    pub loss_kw: Sum,
    /// Half the error band of the sum, kW: the errors of different meters are independent.
    pub error_kw: Option<f64>,
    /// Energy today, kWh.
    pub today_kwh: Sum,
    /// Solar energy as a percentage of it.
    pub solar_share_percent: Option<f64>,
    /// Net carbon today, kg.
    pub net_carbon_kg: Sum,
    pub open_alarms: usize,
}

impl Totals {
    /// Over the real sites that have meters; none where there are fewer than two.
    pub fn of(sites: &[SiteRow]) -> Option<Self> {
        let counted = |row: &&SiteRow| row.state.kind == SiteKind::Live && row.state.meters > 0;
        let sites: Vec<&SiteState> = sites.iter().filter(counted).map(|row| &row.state).collect();
        let first = sites.first().filter(|_| sites.len() > 1)?;
        let sum = |figure: fn(&Standing) -> Option<f64>| {
            let lacks = |site: &&&SiteState| figure(&site.standing).is_none();
            let lacking: Vec<String> =
                sites.iter().filter(lacks).map(|site| site.name.clone()).collect();
            if lacking.is_empty() {
                Sum::Of(sites.iter().filter_map(|site| figure(&site.standing)).sum())
            } else {
                Sum::Lacking(lacking)
            }
        };
        let same_day = sites.iter().all(|site| site.today_start == first.today_start);
        let of_day = |figure| if same_day { sum(figure) } else { Sum::OtherDays };
        let loss_kw = sum(|standing| standing.loss_kw);
        let errors = sites.iter().filter_map(|site| site.standing.error_kw);
        let error: f64 = errors.map(|error| error * error).sum();
        let today_kwh = of_day(|standing| standing.today_kwh);
        let solar = of_day(|standing| standing.solar_kwh);
        let share = match (&solar, &today_kwh) {
            (Sum::Of(solar), Sum::Of(all)) if *all > 0.0 => Some(solar / all * 100.0),
            _ => None,
        };
        Some(Self {
            sites: sites.len(),
            power_in_kw: sum(|standing| standing.power_in_kw),
            error_kw: matches!(loss_kw, Sum::Of(_)).then(|| error.sqrt()),
            loss_kw,
            today_kwh,
            solar_share_percent: share,
            net_carbon_kg: of_day(|standing| standing.net_carbon_kg),
            open_alarms: sites.iter().map(|site| site.standing.open_alarms).sum(),
        })
    }
}

/// What can stand side by side: a site or a building.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A site, by its slug.
    Site(String),
    /// A building, by its meter.
    Building(MeterId),
}

impl Key {
    /// Reads what stands in an address: a slug, or `meter:` and an id.
    pub fn parse(text: &str) -> Self {
        let meter = text.strip_prefix("meter:").and_then(|id| id.parse().ok());
        meter.map_or_else(|| Self::Site(text.to_owned()), |id| Self::Building(MeterId(id)))
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Site(slug) => f.write_str(slug),
            Self::Building(meter) => write!(f, "meter:{meter}"),
        }
    }
}

/// A site or building over the period.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What it is.
    pub key: Key,
    pub name: String,
    /// The site that a building is on.
    pub site: Option<String>,
    /// The period on its own clock.
    pub shown: PeriodContext,
    /// Energy in, kWh, and its coverage; none where nothing is known.
    pub energy: Option<(f64, f64)>,
    /// Its loss; none where no meter hangs below another.
    pub loss: Option<Loss>,
    /// The same in the period before, up to the same time; none where that is not compared with.
    pub before: Option<Box<Self>>,
}

impl Compared {
    /// Change of its energy against the period before, in per cent; none where either was read for too
    /// little, or nothing came in before.
    pub fn change_percent(&self) -> Option<f64> {
        let before = self.before.as_ref().filter(|before| before.is_comparable())?.energy?.0;
        let now = self.energy.filter(|_| self.is_comparable())?.0;
        (before > 0.0).then(|| (now / before - 1.0) * 100.0)
    }

    /// Whether enough of it was read to be set beside others.
    pub fn is_comparable(&self) -> bool {
        self.energy.is_some_and(|(_, coverage)| coverage >= COMPARABLE)
    }
}

#[cfg(test)]
mod tests;
