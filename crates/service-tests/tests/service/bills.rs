//! What the bill of a month rests on: the site's zone, versions of its tariff, settled trades.

mod aside;
mod gaps;
mod kept;
mod meters;
mod reversed;
mod trades;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use domain::bills::{BillAddress, BillLineKind, RunId, RunState};
use domain::sites::Site;
use rust_decimal::Decimal;
use serde_json::json;
use service::bills::{self, BillView};
use service::{Principal, Service};
use sqlx::PgPool;
use storage::energy::days::Day;

pub(crate) const WHO: Principal = Principal::Loopback;

/// Moves the default site somewhere, and answers it with a meter.
pub(crate) async fn place(pool: &PgPool, zone: &str) -> (Site, MeterId) {
    sqlx::query("UPDATE sites SET time_zone = $1 WHERE id = 1")
        .bind(zone)
        .execute(pool)
        .await
        .unwrap();
    let site = storage::sites::default(pool).await.unwrap();
    (site, crate::meter(pool, "M-1", "Unit", None).await)
}

/// Quarter-hours of one size over whole days of the site, with the days they belong to, as the rollup
/// writes them.
pub(crate) async fn metered(
    pool: &PgPool,
    site: &Site,
    meter: MeterId,
    days: [&str; 2],
    kwh: (f64, f64),
) {
    let [first, end]: [NaiveDate; 2] = days.map(|day| day.parse().unwrap());
    let (from, to) = (site.day_start(first), site.day_start(end));
    sqlx::query(
        "INSERT INTO energy_intervals (meter_id, bucket_start, import_kwh, export_kwh, \
             reactive_import_kvarh, reactive_export_kvarh, runtime_s, starts, max_demand_kw, \
             coverage, estimated_kwh, quality, flags) \
         SELECT $1, start, $4, $5, 0, 0, 0, 0, $4 * 4, 1, 0, 'GOOD', 0 \
         FROM generate_series($2::timestamptz, $3::timestamptz - interval '15 minutes', \
             interval '15 minutes') AS start",
    )
    .bind(meter.0)
    .bind(from)
    .bind(to)
    .bind(kwh.0)
    .bind(kwh.1)
    .execute(pool)
    .await
    .unwrap();
    let days: Vec<Day> = first
        .iter_days()
        .take_while(|day| *day < end)
        .map(|date| {
            let next = date.succ_opt().unwrap();
            Day { meter, date, from: site.day_start(date), to: site.day_start(next) }
        })
        .collect();
    storage::energy::days::recompute(&mut pool.acquire().await.unwrap(), &days).await.unwrap();
}

pub(crate) async fn tariff(
    service: &Service,
    from: &str,
    to: Option<&str>,
    terms: serde_json::Value,
) {
    let mut body = json!({"name": "Grid", "validFrom": from, "validTo": to});
    body.as_object_mut().unwrap().extend(terms.as_object().unwrap().clone());
    bills::tariffs::create(service, &WHO, serde_json::from_value(body).unwrap()).await.unwrap();
}

async fn bill(service: &Service, month: &str) -> BillView {
    bill_of(service, "M-1", month).await
}

/// A bill of the default site.
fn of_site(number: &str) -> BillAddress {
    BillAddress::new(number, Some("default".into()))
}

async fn bill_of(service: &Service, meter: &str, month: &str) -> BillView {
    bills::bill(service, &WHO, &meter.into(), month.parse().unwrap()).await.unwrap()
}

/// As it is after a clock that was ahead for a while was set right: by days, and by quarter-hours.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_bill_under_way_has_no_day_that_has_not_come(pool: PgPool) {
    let (site, meter) = place(&pool, "UTC").await;
    let today = Utc::now().date_naive();
    let day = |n| (today + TimeDelta::days(n)).to_string();
    for n in 0..3 {
        metered(&pool, &site, meter, [&day(n), &day(n + 1)], (1.0, 0.0)).await;
    }
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let month = today.format("%Y-%m").to_string();
    let by_days = bill(&service, &month).await;
    tariff(&service, "2025-01-01", None, day_and_night()).await;
    let by_quarters = bill(&service, &month).await;
    let consumed = [by_days.bill.consumed, by_quarters.bill.consumed];
    assert_eq!(consumed, [Decimal::from(96); 2]);
    tasks.stop().await;
}

/// Stores the draft of a meter's month and issues it.
async fn issue(service: &Service, meter: &str, month: &str) -> BillView {
    let new = serde_json::from_value(json!({"meterId": meter, "month": month})).unwrap();
    let draft = bills::store(service, &WHO, Some(&"default".into()), new).await.unwrap();
    let id = draft.id.unwrap().to_string();
    bills::issue(service, &WHO, &id.as_str().into(), bills::NewIssue::default()).await.unwrap()
}

/// Runs over May 2025 and waits for its end.
async fn run(service: &Service, issue: bool) -> domain::bills::RunDetail {
    let new = json!({"site": "default", "month": "2025-05", "issue": issue});
    let begun = bills::run(service, &WHO, serde_json::from_value(new).unwrap()).await.unwrap();
    for _ in 0..1_200 {
        let run = bills::progress(service, &WHO, RunId(begun.id)).await.unwrap();
        if run.run.state != RunState::Running {
            return run;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the run did not end within 30 s");
}

/// A price by day and one by night.
fn day_and_night() -> serde_json::Value {
    json!({"energy": [{"direction": "import", "price": "10"},
        {"direction": "import", "price": "5", "fromTime": "22:00", "toTime": "06:00"}]})
}

fn flat() -> serde_json::Value {
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

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_month_in_which_the_clock_changes_has_its_own_number_of_quarter_hours(pool: PgPool) {
    let (site, meter) = place(&pool, "Europe/Berlin").await;
    metered(&pool, &site, meter, ["2025-03-01", "2025-04-01"], (1.0, 0.0)).await;
    metered(&pool, &site, meter, ["2025-10-01", "2025-11-01"], (1.0, 0.0)).await;
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let night = json!({"fixedPerDay": "1", "energy": [{"direction": "import", "price": "0.30"},
        {"direction": "import", "price": "0.20", "fromTime": "22:00", "toTime": "06:00"}]});
    tariff(&service, "2025-01-01", None, night).await;
    let spring = bill(&service, "2025-03").await;
    assert_eq!(
        lines(&spring),
        [line("31", "31.00"), line("1984", "595.20"), line("988", "197.60")]
    );
    assert_eq!((spring.bill.coverage, spring.bill.consumed), (1.0, Decimal::from(2_972)));
    let autumn = bill(&service, "2025-10").await;
    assert_eq!(lines(&autumn)[2], line("996", "199.20"));
    assert_eq!((autumn.bill.coverage, autumn.bill.consumed), (1.0, Decimal::from(2_980)));
    assert!((autumn.shape.days[25].import_kwh - 100.0).abs() < 1e-9, "a day of 25 hours");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_month_begins_at_midnight_of_the_site(pool: PgPool) {
    let (site, meter) = place(&pool, "Asia/Kolkata").await;
    metered(&pool, &site, meter, ["2025-04-30", "2025-05-02"], (0.5, 0.0)).await;
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let price = json!({"energy": [{"direction": "import", "price": "8"}]});
    tariff(&service, "2025-01-01", None, price).await;
    for month in ["2025-04", "2025-05"] {
        let view = bill(&service, month).await;
        assert_eq!(view.bill.consumed, Decimal::from(48), "{month}");
        assert!(view.bill.coverage < 0.04, "{month}");
    }
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_version_of_a_tariff_prices_its_own_days(pool: PgPool) {
    let (site, meter) = place(&pool, "Asia/Kolkata").await;
    metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let slabs = |price: &str| {
        json!({"fixedPerMonth": "310", "energy": [
            {"direction": "import", "price": price, "toKwh": 300},
            {"direction": "import", "price": "9", "fromKwh": 300}]})
    };
    tariff(&service, "2025-01-01", Some("2025-05-11"), slabs("5")).await;
    tariff(&service, "2025-05-11", None, slabs("6")).await;
    let view = bill(&service, "2025-05").await;
    assert_eq!(view.bill.pieces.len(), 2);
    // 24 kWh a day: 240 in the first ten days, then 60 up to the block's end, and 444 beyond it.
    let energy: Vec<_> = view
        .bill
        .lines
        .iter()
        .filter(|line| matches!(line.kind, BillLineKind::Import { .. }))
        .map(|line| (line.piece, line.quantity.normalize(), line.amount.to_string()))
        .collect();
    assert_eq!(
        energy,
        [
            (Some(0), Decimal::from(240), "1200.00".to_owned()),
            (Some(1), Decimal::from(60), "360.00".to_owned()),
            (Some(1), Decimal::from(444), "3996.00".to_owned()),
        ]
    );
    assert_eq!(view.bill.amount_due.to_string(), "5866.00");
    assert_eq!(view.bill.grid_rate.to_string(), "7.467742", "the month's average");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn under_netting_only_the_difference_of_the_month_is_charged(pool: PgPool) {
    let (site, meter) = place(&pool, "Asia/Kolkata").await;
    metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.125)).await;
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let netted = json!({"netting": "month", "energy": [{"direction": "import", "price": "8"},
        {"direction": "export", "price": "3"}]});
    tariff(&service, "2025-01-01", None, netted).await;
    let view = bill(&service, "2025-05").await;
    assert_eq!(lines(&view), [line("372", "2976.00")]);
    assert_eq!((view.bill.consumed, view.bill.produced), (Decimal::from(744), Decimal::from(372)));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn without_a_tariff_the_price_of_the_site_holds_and_without_that_nothing_is_issued(
    pool: PgPool,
) {
    let (site, meter) = place(&pool, "UTC").await;
    metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let view = bill(&service, "2025-05").await;
    assert_eq!(view.bill.unpriced_import, Decimal::from(744));
    let new = serde_json::from_value(json!({"meterId": "M-1", "month": "2025-05"})).unwrap();
    let draft = bills::store(&service, &WHO, Some(&"default".into()), new).await.unwrap();
    let id = draft.id.unwrap().to_string().as_str().into();
    let issue = || bills::issue(&service, &WHO, &id, bills::NewIssue::default());
    let refused = issue().await.unwrap_err();
    assert!(matches!(refused, service::Error::Conflict { code: "no_tariff", .. }), "{refused:?}");
    sqlx::query("UPDATE sites SET price_per_kwh = 8.25 WHERE id = 1").execute(&pool).await.unwrap();
    let issued = issue().await.unwrap();
    assert_eq!(issued.bill.amount_due.to_string(), "6138.00");
    assert_eq!(issued.number.as_deref(), Some("2025-05-0001"));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn numbers_of_a_month_have_no_gaps_however_many_issue_at_once(pool: PgPool) {
    let (site, _) = place(&pool, "UTC").await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(
        &service,
        "2025-01-01",
        None,
        json!({"energy": [{"direction": "import", "price": "8"}]}),
    )
    .await;
    let mut drafts = Vec::new();
    for n in 0..6 {
        let meter = crate::meter(&pool, &format!("N-{n}"), "Unit", None).await;
        metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
        let new = json!({"meterId": meter.0, "month": "2025-05"});
        let new = serde_json::from_value(new).unwrap();
        let draft = bills::store(&service, &WHO, None, new).await.unwrap().id.unwrap();
        drafts.push(BillAddress::new(draft.to_string(), None));
    }
    let issued = drafts
        .iter()
        .chain(&drafts)
        .map(|id| bills::issue(&service, &WHO, id, bills::NewIssue::default()));
    let issued = futures::future::join_all(issued).await;
    let mut numbers: Vec<_> = issued.into_iter().flatten().filter_map(|view| view.number).collect();
    numbers.sort();
    let expected: Vec<_> = (1..=6).map(|n| format!("2025-05-{n:04}")).collect();
    assert_eq!(numbers, expected, "each once, and none lost to whoever came second");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn estimated_quarter_hours_are_told_apart(pool: PgPool) {
    let (site, meter) = place(&pool, "UTC").await;
    metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    let gap: DateTime<Utc> = "2025-05-08T10:00:00Z".parse().unwrap();
    sqlx::query(
        "UPDATE energy_intervals SET coverage = 0, estimated_kwh = import_kwh, \
             quality = 'ESTIMATED', flags = 64 \
         WHERE meter_id = $1 AND bucket_start >= $2 AND bucket_start < $3",
    )
    .bind(meter.0)
    .bind(gap)
    .bind(gap + TimeDelta::hours(2))
    .execute(&pool)
    .await
    .unwrap();
    let date = gap.date_naive();
    let day = Day {
        meter,
        date,
        from: site.day_start(date),
        to: site.day_start(date.succ_opt().unwrap()),
    };
    storage::energy::days::recompute(&mut pool.acquire().await.unwrap(), &[day]).await.unwrap();
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    tariff(
        &service,
        "2025-01-01",
        None,
        json!({"energy": [{"direction": "import", "price": "8"}]}),
    )
    .await;
    let view = bill(&service, "2025-05").await;
    assert!(view.bill.estimated_kwh.abs() < 1e-9, "the price is the same all along");
    assert!((view.bill.coverage - 1.0).abs() < 1e-9, "registers stand at both its ends");
    assert!((view.shape.days[7].estimated_kwh - 2.0).abs() < 1e-9);
    tasks.stop().await;
}
