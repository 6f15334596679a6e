//! A prosumer's own page.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::{BillState, BillSummary, Party, Side};
use domain::energy::QUARTER;
use domain::energy::window::Window;
use domain::meters::MeterAddress;
use domain::month::Month;
use domain::period::Step;
use domain::sites::Site;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;

use crate::bills::billed::Billed;
use crate::bills::page::trades::{self, TradeRow};
use crate::bills::trades::TradeView;
use crate::bills::{self, BillView, page as pages};
use crate::energy::series::{self, Resolution};
use crate::operation::clock;
use crate::pages::Query;
use crate::{Core, Error, Principal};

/// Quarter-hours of the longest day, and to spare.
const MOST: u32 = 200;

/// A prosumer's own page.
#[derive(Debug, Clone, PartialEq)]
pub struct MyEnergyPage {
    pub site: Site,
    /// Its time when the page was made.
    pub now: DateTime<Utc>,
    /// Meters to choose from, prosumers first.
    pub parties: Vec<Party>,
    /// The chosen meter; none where there is none to choose.
    pub mine: Option<Mine>,
}

/// The page of a meter's household.
#[derive(Debug, Clone, PartialEq)]
pub struct Mine {
    /// The meter.
    pub party: Party,
    /// Whether it also makes energy.
    pub makes: bool,
    /// Today, whole.
    pub day: Window,
    /// Today, quarter-hour by quarter-hour.
    pub curve: Vec<CurvePoint>,
    /// kWh used and made today; none where nothing of it is known.
    pub today: Option<(f64, f64)>,
    /// The instant up to which today is known, where a quarter-hour or more is lacking since.
    pub known_until: Option<DateTime<Utc>>,
    /// kWh sold and bought in trades agreed today.
    pub traded_today: (Decimal, Decimal),
    /// The draft of the month so far, with what the address calls it. None where the meter is theirs for a part of
    /// it: neither side sees the bill then.
    pub month: Option<(BillView, String)>,
    /// The whole month, if it goes on as so far; none in its first day.
    pub expected: Option<Decimal>,
    /// Its trades of the month, the newest first.
    pub trades: Vec<TradeRow>,
    /// With whom it may trade.
    pub neighbours: Vec<Party>,
    /// Its issued bills, the newest first.
    pub bills: Vec<BillSummary>,
}

/// A quarter-hour of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Mean kW used.
    pub use_kw: f64,
    /// Mean kW made.
    pub make_kw: f64,
}

/// The page of the household that the query names; of the first prosumer where it names none.
pub async fn my_energy(core: &Core, who: &Principal, query: &Query) -> Result<MyEnergyPage, Error> {
    let (site, billed) = pages::shown(core, who, query).await?;
    let now = clock::now(core, &site);
    let month = Month::of(site.date_at(now));
    let all = trades::parties(core, &site, month).await?;
    let (mut parties, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(party, _)| billed.shows(party.id, &site, now));
    parties.sort_by_key(|(_, role)| *role == Side::Consumer);
    let asked = query.number("meter").map(MeterId);
    let mine = parties.iter().find(|(party, _)| Some(party.id) == asked);
    let mine = match mine.or_else(|| parties.first()) {
        Some((party, role)) => {
            let neighbours = neighbours(parties.iter().chain(&others), party, *role);
            let mine = (party.clone(), *role);
            Some(Box::pin(of(core, who, &site, &billed, mine, neighbours)).await?)
        }
        None => None,
    };
    let parties = parties.into_iter().map(|(party, _)| party).collect();
    Ok(MyEnergyPage { site, now, parties, mine })
}

/// A prosumer sells to anyone; who makes nothing buys of prosumers.
fn neighbours<'a>(
    parties: impl Iterator<Item = &'a (Party, Side)>,
    me: &Party,
    role: Side,
) -> Vec<Party> {
    let others = parties.filter(|(party, _)| party.id != me.id);
    let others = others.filter(|(_, of)| role == Side::Prosumer || *of == Side::Prosumer);
    others.map(|(party, _)| party.clone()).collect()
}

async fn of(
    core: &Core,
    who: &Principal,
    site: &Site,
    billed: &Billed,
    (party, role): (Party, Side),
    neighbours: Vec<Party>,
) -> Result<Mine, Error> {
    let now = clock::now(core, site);
    let month = Month::of(site.date_at(now));
    let day = Window { from: site.today_start(now), to: site.step_end(Step::Day, now) };
    let window = Window { from: day.from, to: now.max(day.from) };
    let (meters, quarter) = ([party.id], Resolution::Quarter);
    // The bill of the month beside it does not wait for what is computed next, either: the page is drawn anew.
    let steps = series::computed(core, site, &meters, window, quarter, MOST);
    let made = async {
        // The energy of a former owner is not theirs to know.
        let Some(day) = billed.since(party.id) else { return Ok(true) };
        let days = (Some(day), month.next().first());
        let exporting = storage::bills::exporting(core.pool(), &meters, days).await?;
        Ok::<_, Error>(!exporting.is_empty())
    };
    let meter = MeterAddress::from(party.id);
    let draft = async {
        if billed.shows_month(party.id, month) {
            bills::of_month(core, who, &meter, month).await.map(|bill| Some(bill.view))
        } else {
            Ok(None)
        }
    };
    let own = billed.only(party.id);
    let rows = trades::rows(core, site, month, &own);
    let stored = bills::stored(core, site, None, &own);
    let (steps, made, draft, rows, mut issued) =
        tokio::try_join!(steps, made, draft, rows, stored)?;
    // A quarter-hour that still runs, was not read, or not computed to its end, has no power to show.
    let curve: Vec<_> = steps
        .iter()
        .filter(|step| step.end <= now && step.coverage > 0.0 && step.is_whole())
        .map(|step| CurvePoint {
            at: step.start,
            use_kw: step.counted.import_kwh * 4.0,
            make_kw: step.counted.export_kwh * 4.0,
        })
        .collect();
    // A reading at the end of a quarter-hour begins the next one, of which it says nothing.
    let last = steps.iter().rfind(|step| step.coverage > 0.0 || step.counted.estimated_kwh > 0.0);
    let energy = steps.iter().fold((0.0, 0.0), |(used, made), step| {
        (used + step.counted.import_kwh, made + step.counted.export_kwh)
    });
    let trades_today: Vec<&TradeView> =
        rows.iter().map(|row| &row.trade).filter(|trade| trade.timestamp >= day.from).collect();
    let sum = |own: fn(&TradeView) -> MeterId| -> Decimal {
        trades_today
            .iter()
            .filter(|trade| own(trade) == party.id)
            .map(|trade| trade.units_kwh)
            .sum()
    };
    issued.retain(|bill| bill.state == BillState::Issued);
    Ok(Mine {
        makes: role == Side::Prosumer && made,
        day,
        today: last.map(|_| energy),
        known_until: last.map(|step| step.end).filter(|end| *end <= now - QUARTER),
        traded_today: (sum(|trade| trade.seller_meter_id), sum(|trade| trade.buyer_meter_id)),
        expected: draft.as_ref().and_then(|draft| expected(site, now, draft)),
        month: draft.map(|draft| (draft.clone(), pages::address(&draft))),
        bills: issued,
        trades: rows,
        curve,
        neighbours,
        party,
    })
}

/// A month, if it goes on as so far.
fn expected(site: &Site, now: DateTime<Utc>, draft: &BillView) -> Option<Decimal> {
    let month = draft.month;
    let (from, to) = (site.day_start(month.first()), site.day_start(month.next().first()));
    let gone = (now - from).as_seconds_f64();
    let whole = (to - from).as_seconds_f64();
    let share = (gone > 86_400.0).then(|| Decimal::from_f64(whole / gone)).flatten();
    share.map(|share| (draft.bill.amount_due * share).round_dp(2))
}
