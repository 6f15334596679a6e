//! What the bill of a month rests on: the site's zone, versions of its tariff, settled trades.

mod corrections;
mod dead_letters;
mod gaps;
mod kept;
mod meters;
mod my_energy;
mod reversed;
mod trades;

use chrono::{NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use domain::SiteSlug;
use domain::bills::{BillAddress, BillLineKind, RunDetail, RunId, RunState};
use domain::meters::MeterAddress;
use domain::sites::Site;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use service::bills::{self, BillView};
use sqlx::PgPool;
use storage::energy::days::Day;

use crate::bench::{Bench, WHO, until};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_bill_is_of_a_month_of_its_site_at_its_tariff(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_bill_under_way_has_no_day_that_has_not_come(&bench).await;
    a_month_in_which_the_clock_changes_has_its_own_number_of_quarter_hours(&bench).await;
    a_month_begins_at_midnight_of_the_site(&bench).await;
    each_version_of_a_tariff_prices_its_own_days(&bench).await;
    under_netting_only_the_difference_of_the_month_is_charged(&bench).await;
    without_a_tariff_the_price_of_the_site_holds_and_without_that_no_bill_is_issued(&bench).await;
    numbers_of_a_month_have_no_gaps_however_many_issue_at_once(&bench).await;
    estimated_quarter_hours_are_told_apart(&bench).await;
    let reversed =
        reversed::a_version_of_equal_terms_changes_no_bill_and_one_of_others_says_so(&bench);
    Box::pin(reversed).await;
    reversed::the_list_says_so_when_energy_is_of_another_time_of_its_day(&bench).await;
    trades::no_trade_is_dated_into_a_month_whose_bill_it_would_change(&bench).await;
    crate::green_button::a_month_is_written_as_green_button(&bench).await;
    bench.stop().await;
}

/// The month of most bills.
const MAY: [&str; 2] = ["2025-05-01", "2025-06-01"];

/// A site whose meters are billed.
pub(crate) struct Place<'a> {
    pub(crate) bench: &'a Bench,
    pub(crate) site: Site,
}

impl<'a> Place<'a> {
    pub(crate) async fn new(bench: &'a Bench, slug: &str, zone: &str) -> Self {
        let site = bench.site(json!({"slug": slug, "name": slug, "timeZone": zone})).await;
        Self { bench, site }
    }

    /// A place with a meter M-1 that was metered in May.
    async fn in_may(bench: &'a Bench, slug: &str) -> (Self, MeterId) {
        let place = Self::new(bench, slug, "UTC").await;
        let meter = place.meter("M-1").await;
        place.metered(meter, MAY, (0.25, 0.0)).await;
        (place, meter)
    }

    fn slug(&self) -> SiteSlug {
        self.site.slug.as_str().into()
    }

    pub(crate) async fn meter(&self, number: &str) -> MeterId {
        self.placed(number, None, false).await
    }

    async fn placed(&self, number: &str, parent: Option<MeterId>, feeds: bool) -> MeterId {
        let named = storage::meters::NewMeter::named(self.site.id, number, number, "Unit");
        let new = storage::meters::NewMeter { parent, feeds_parent: feeds, ..named };
        storage::meters::insert(&self.bench.pool, &new).await.unwrap().id
    }

    /// Quarter-hours of one size over whole days of the site, with the days they belong to, as the rollup
    /// writes them.
    pub(crate) async fn metered(&self, meter: MeterId, days: [&str; 2], kwh: (f64, f64)) {
        let [first, end]: [NaiveDate; 2] = days.map(|day| day.parse().unwrap());
        sqlx::query(
            "INSERT INTO energy_intervals (meter_id, bucket_start, import_kwh, export_kwh, \
                 reactive_import_kvarh, reactive_export_kvarh, runtime_s, starts, max_demand_kw, \
                 coverage, estimated_kwh, quality, flags) \
             SELECT $1, start, $4, $5, 0, 0, 0, 0, $4 * 4, 1, 0, 'GOOD', 0 \
             FROM generate_series($2::timestamptz, $3::timestamptz - interval '15 minutes', \
                 interval '15 minutes') AS start",
        )
        .bind(meter.0)
        .bind(self.site.day_start(first))
        .bind(self.site.day_start(end))
        .bind(kwh.0)
        .bind(kwh.1)
        .execute(&self.bench.pool)
        .await
        .unwrap();
        self.recompute(meter, first.iter_days().take_while(|day| *day < end)).await;
    }

    /// Adds the quarter-hours of days up.
    async fn recompute(&self, meter: MeterId, dates: impl Iterator<Item = NaiveDate>) {
        let day = |date: NaiveDate| {
            let [from, to] = [date, date.succ_opt().unwrap()].map(|day| self.site.day_start(day));
            Day { meter, date, from, to }
        };
        let days: Vec<Day> = dates.map(day).collect();
        let mut db = self.bench.pool.acquire().await.unwrap();
        storage::energy::days::recompute(&mut db, &days).await.unwrap();
    }

    pub(crate) async fn tariff(&self, from: &str, to: Option<&str>, terms: Value) {
        let body = json!({"name": "Grid", "site": self.slug(), "validFrom": from, "validTo": to});
        self.enter(body, terms).await;
    }

    async fn enter(&self, mut tariff: Value, terms: Value) {
        tariff.as_object_mut().unwrap().extend(terms.as_object().unwrap().clone());
        let new = serde_json::from_value(tariff).unwrap();
        bills::tariffs::create(&self.bench.service, WHO, new).await.unwrap();
    }

    fn address(&self, number: &str) -> MeterAddress {
        MeterAddress::new(number, Some(self.slug()))
    }

    fn numbered(&self, number: &str) -> BillAddress {
        BillAddress::new(number, Some(self.slug()))
    }

    async fn bill(&self, number: &str, month: &str) -> BillView {
        self.try_bill(number, month).await.unwrap()
    }

    async fn try_bill(&self, number: &str, month: &str) -> Result<BillView, service::Error> {
        let (service, month) = (&self.bench.service, month.parse().unwrap());
        bills::bill(service, WHO, &self.address(number), month).await
    }

    pub(crate) async fn store(
        &self,
        meter: &str,
        month: &str,
    ) -> Result<BillAddress, service::Error> {
        let new = serde_json::from_value(json!({"meterId": meter, "month": month})).unwrap();
        let draft = bills::store(&self.bench.service, WHO, Some(&self.slug()), new).await?;
        Ok(BillAddress::new(draft.id.unwrap().to_string(), None))
    }

    async fn try_issue(&self, draft: &BillAddress) -> Result<BillView, service::Error> {
        bills::issue(&self.bench.service, WHO, draft, bills::NewIssue::default()).await
    }

    /// Stores the draft of a meter's month and issues it.
    async fn issue(&self, meter: &str, month: &str) -> BillView {
        let draft = self.store(meter, month).await.unwrap();
        self.try_issue(&draft).await.unwrap()
    }

    /// Runs over May 2025 and waits for its end.
    async fn run(&self, issue: bool) -> RunDetail {
        self.run_of("2025-05", issue).await
    }

    async fn run_of(&self, month: &str, issue: bool) -> RunDetail {
        let new = json!({"site": self.slug(), "month": month, "issue": issue});
        let new = serde_json::from_value(new).unwrap();
        let begun = bills::run(&self.bench.service, WHO, new).await.unwrap();
        until("the end of the run", async || {
            let run = bills::progress(&self.bench.service, WHO, RunId(begun.id)).await.unwrap();
            if run.run.state == RunState::Running { Err(run) } else { Ok(run) }
        })
        .await
    }
}

/// As it is after a clock that was ahead for a while was set right: by days, and by quarter-hours.
async fn a_bill_under_way_has_no_day_that_has_not_come(bench: &Bench) {
    let place = Place::new(bench, "under-way", "UTC").await;
    let meter = place.meter("M-1").await;
    let today = Utc::now().date_naive();
    let day = |n| (today + TimeDelta::days(n)).to_string();
    place.metered(meter, [&day(0), &day(3)], (1.0, 0.0)).await;
    let month = today.format("%Y-%m").to_string();
    let by_days = place.bill("M-1", &month).await;
    place.tariff("2025-01-01", None, day_and_night()).await;
    let by_quarters = place.bill("M-1", &month).await;
    let consumed = [by_days.bill.consumed, by_quarters.bill.consumed];
    assert_eq!(consumed, [Decimal::from(96); 2]);
}

/// A price by day and one by night.
fn day_and_night() -> Value {
    json!({"energy": [{"direction": "import", "price": "10"},
        {"direction": "import", "price": "5", "fromTime": "22:00", "toTime": "06:00"}]})
}

fn flat() -> Value {
    json!({"energy": [{"direction": "import", "price": "6"},
        {"direction": "export", "price": "4"}]})
}

fn lines(view: &BillView) -> Vec<(String, String)> {
    let shown = |value: Decimal| value.round_dp(6).normalize().to_string();
    view.bill.lines.iter().map(|line| (shown(line.quantity), line.amount.to_string())).collect()
}

fn line(quantity: &str, amount: &str) -> (String, String) {
    (quantity.to_owned(), amount.to_owned())
}

async fn a_month_in_which_the_clock_changes_has_its_own_number_of_quarter_hours(bench: &Bench) {
    let place = Place::new(bench, "clock", "Europe/Berlin").await;
    let meter = place.meter("M-1").await;
    place.metered(meter, ["2025-03-01", "2025-04-01"], (1.0, 0.0)).await;
    place.metered(meter, ["2025-10-01", "2025-11-01"], (1.0, 0.0)).await;
    let night = json!({"fixedPerDay": "1", "energy": [{"direction": "import", "price": "0.30"},
        {"direction": "import", "price": "0.20", "fromTime": "22:00", "toTime": "06:00"}]});
    place.tariff("2025-01-01", None, night).await;
    let spring = place.bill("M-1", "2025-03").await;
    let wanted = [line("31", "31.00"), line("1984", "595.20"), line("988", "197.60")];
    assert_eq!(lines(&spring), wanted);
    assert_eq!((spring.bill.coverage, spring.bill.consumed), (1.0, Decimal::from(2_972)));
    let autumn = place.bill("M-1", "2025-10").await;
    assert_eq!(lines(&autumn)[2], line("996", "199.20"));
    assert_eq!((autumn.bill.coverage, autumn.bill.consumed), (1.0, Decimal::from(2_980)));
    assert!((autumn.shape.days[25].import_kwh - 100.0).abs() < 1e-9, "a day of 25 hours");
}

async fn a_month_begins_at_midnight_of_the_site(bench: &Bench) {
    let place = Place::new(bench, "midnight", "Asia/Kolkata").await;
    let meter = place.meter("M-1").await;
    place.metered(meter, ["2025-04-30", "2025-05-02"], (0.5, 0.0)).await;
    place.tariff("2025-01-01", None, flat()).await;
    for month in ["2025-04", "2025-05"] {
        let view = place.bill("M-1", month).await;
        assert_eq!(view.bill.consumed, Decimal::from(48), "{month}");
        assert!(view.bill.coverage < 0.04, "{month}");
    }
}

async fn each_version_of_a_tariff_prices_its_own_days(bench: &Bench) {
    let place = Place::new(bench, "versions", "Asia/Kolkata").await;
    let meter = place.meter("M-1").await;
    place.metered(meter, MAY, (0.25, 0.0)).await;
    let slabs = |price: &str| {
        json!({"fixedPerMonth": "310", "energy": [
            {"direction": "import", "price": price, "toKwh": 300},
            {"direction": "import", "price": "9", "fromKwh": 300}]})
    };
    place.tariff("2025-01-01", Some("2025-05-11"), slabs("5")).await;
    place.tariff("2025-05-11", None, slabs("6")).await;
    let bill = place.bill("M-1", "2025-05").await.bill;
    assert_eq!(bill.pieces.len(), 2);
    // 24 kWh a day: 240 in the first ten days, 504 in the others; the block ends at 300 x 10/31 and 300 x 21/31 kWh.
    let energy = bill.lines.iter().filter(|line| matches!(line.kind, BillLineKind::Import { .. }));
    let energy: Vec<_> = energy
        .map(|line| (line.piece, line.quantity.round_dp(3).to_string(), line.amount.to_string()))
        .collect();
    let wanted = [
        (0, "96.774", "483.87"),
        (0, "143.226", "1289.03"),
        (1, "203.226", "1219.35"),
        (1, "300.774", "2706.97"),
    ]
    .map(|(piece, kwh, amount)| (Some(piece), kwh.to_owned(), amount.to_owned()));
    assert_eq!(energy, wanted);
    assert_eq!(bill.amount_due.to_string(), "6009.22");
    assert_eq!(bill.grid_rate.to_string(), "7.66025", "the month's average");
}

async fn under_netting_only_the_difference_of_the_month_is_charged(bench: &Bench) {
    let place = Place::new(bench, "netting", "Asia/Kolkata").await;
    let meter = place.meter("M-1").await;
    place.metered(meter, MAY, (0.25, 0.125)).await;
    let netted = json!({"netting": "month", "energy": [{"direction": "import", "price": "8"},
        {"direction": "export", "price": "3"}]});
    place.tariff("2025-01-01", None, netted).await;
    let view = place.bill("M-1", "2025-05").await;
    assert_eq!(lines(&view), [line("372", "2976.00")]);
    assert_eq!((view.bill.consumed, view.bill.produced), (Decimal::from(744), Decimal::from(372)));
}

async fn without_a_tariff_the_price_of_the_site_holds_and_without_that_no_bill_is_issued(
    bench: &Bench,
) {
    let (place, _) = Place::in_may(bench, "price").await;
    assert_eq!(place.bill("M-1", "2025-05").await.bill.unpriced_import, Decimal::from(744));
    let draft = place.store("M-1", "2025-05").await.unwrap();
    let refused = place.try_issue(&draft).await.unwrap_err();
    assert!(matches!(refused, service::Error::Conflict { code: "no_tariff", .. }), "{refused:?}");
    sqlx::query("UPDATE sites SET price_per_kwh = 8.25 WHERE id = $1")
        .bind(place.site.id.0)
        .execute(&bench.pool)
        .await
        .unwrap();
    let issued = place.try_issue(&draft).await.unwrap();
    assert_eq!(issued.bill.amount_due.to_string(), "6138.00");
    assert_eq!(issued.number.as_deref(), Some("2025-05-0001"));
}

async fn numbers_of_a_month_have_no_gaps_however_many_issue_at_once(bench: &Bench) {
    let place = Place::new(bench, "numbers", "UTC").await;
    place.tariff("2025-01-01", None, flat()).await;
    let mut drafts = Vec::new();
    for n in 0..6 {
        let number = format!("N-{n}");
        let meter = place.meter(&number).await;
        place.metered(meter, MAY, (0.25, 0.0)).await;
        drafts.push(place.store(&number, "2025-05").await.unwrap());
    }
    let issued = drafts.iter().chain(&drafts).map(|id| place.try_issue(id));
    let issued = futures::future::join_all(issued).await;
    let mut numbers: Vec<_> = issued.into_iter().flatten().filter_map(|view| view.number).collect();
    numbers.sort();
    let expected: Vec<_> = (1..=6).map(|n| format!("2025-05-{n:04}")).collect();
    assert_eq!(numbers, expected, "each once, and none lost to the one that came second");
}

async fn estimated_quarter_hours_are_told_apart(bench: &Bench) {
    let (place, meter) = Place::in_may(bench, "estimated").await;
    sqlx::query(
        "UPDATE energy_intervals SET coverage = 0, estimated_kwh = import_kwh, \
             quality = 'ESTIMATED', flags = 64 \
         WHERE meter_id = $1 AND bucket_start >= '2025-05-08 10:00+00' \
             AND bucket_start < '2025-05-08 12:00+00'",
    )
    .bind(meter.0)
    .execute(&bench.pool)
    .await
    .unwrap();
    place.recompute(meter, NaiveDate::from_ymd_opt(2025, 5, 8).into_iter()).await;
    place.tariff("2025-01-01", None, flat()).await;
    let view = place.bill("M-1", "2025-05").await;
    assert!(view.bill.estimated_kwh.abs() < 1e-9, "the price is the same all along");
    assert!((view.bill.coverage - 1.0).abs() < 1e-9, "registers stand at both its ends");
    assert!((view.shape.days[7].estimated_kwh - 2.0).abs() < 1e-9);
}
