//! One meter that is never read, or has no register, leaves all other figures of its site as they are.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::live::Snapshot;
use domain::losses::balance::Verdict;
use domain::{MeterId, Reading, SiteSlug, Values};
use serde_json::json;
use service::losses::power_loss::{LossView, LossesQuery};
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::reading;

/// A main of 100 kW with halls of 60 and 30 kW, each with two loads.
const METERS: [(&str, Option<&str>, f64); 7] = [
    ("MAIN", None, 100.0),
    ("A", Some("MAIN"), 60.0),
    ("B", Some("MAIN"), 30.0),
    ("A1", Some("A"), 40.0),
    ("A2", Some("A"), 15.0),
    ("B1", Some("B"), 20.0),
    ("B2", Some("B"), 7.0),
];

struct Plant {
    slug: SiteSlug,
    ids: Vec<(&'static str, MeterId)>,
}

impl Plant {
    async fn new(bench: &Bench, slug: &str) -> Self {
        let site = json!({"slug": slug, "name": slug, "timeZone": "UTC", "currency": "EUR"});
        let site = bench.site(site).await;
        let mut plant = Self { slug: SiteSlug::from(slug), ids: Vec::new() };
        for (name, parent, _) in METERS {
            let parent = parent.map(|parent| plant.id(parent));
            let id = bench.meter_on(site.id, &format!("{slug} {name}"), "Unit", parent).await;
            plant.ids.push((name, id));
        }
        plant
    }

    fn id(&self, name: &str) -> MeterId {
        self.ids.iter().find(|(it, _)| *it == name).unwrap().1
    }

    fn readings(&self, now: DateTime<Utc>) -> Vec<Reading> {
        let of =
            |(name, _, power): (&str, Option<&str>, f64)| every_ten_s(self.id(name), power, now);
        METERS.into_iter().flat_map(of).collect()
    }

    async fn losses(&self, bench: &Bench, now: DateTime<Utc>) -> Vec<LossView> {
        let (from, to) = (now - TimeDelta::minutes(50), now - TimeDelta::minutes(5));
        let asked = LossesQuery {
            site: Some(&self.slug),
            from: Some(from.into()),
            to: Some(to.into()),
            ..LossesQuery::default()
        };
        service::losses::power_loss::list(&bench.service, WHO, asked).await.unwrap()
    }

    /// The live state once the main and the halls have a balance up to `now`.
    async fn live(&self, bench: &Bench, now: DateTime<Utc>) -> Snapshot {
        let query = Query::parse(&format!("site={}", self.slug));
        until("a live balance", async || {
            let live = service::pages::snapshot(&bench.service, WHO, &query).await.unwrap();
            let reached = live.whole.until.is_some_and(|at| now - at < TimeDelta::minutes(1));
            if reached && live.whole.loss_kw.is_some() { Ok(live) } else { Err(live.whole) }
        })
        .await
    }
}

fn every_ten_s(id: MeterId, power: f64, now: DateTime<Utc>) -> Vec<Reading> {
    let start = now - TimeDelta::minutes(60);
    let row = |n: i32| {
        let seconds = f64::from(n) * 10.0;
        let at = start + TimeDelta::seconds(i64::from(n) * 10);
        reading(id, at, power, 1_000.0 + power * seconds / 3_600.0)
    };
    (0..=360).map(row).collect()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn bad_meters_leave_the_balances_of_others_as_they_are(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let (good, bad) = (Plant::new(&bench, "good").await, Plant::new(&bench, "bad").await);
    let site = storage::sites::by_slug(&bench.pool, "bad").await.unwrap().unwrap().id;
    let hall = Some(bad.id("B"));
    let never = bench.meter_on(site, "NEVER", "Unit", hall).await;
    let power_alone = bench.meter_on(site, "POWER", "Unit", hall).await;
    bench.change(never, json!({"ratedPowerKw": 12.0})).await;
    let now = Utc::now().trunc_subsecs(0);
    let mut rows = [good.readings(now), bad.readings(now)].concat();
    rows.extend(every_ten_s(power_alone, 2.0, now).into_iter().map(|row| {
        let values = Values { total_energy_kwh: None, ..row.values };
        Reading { values, ..row }
    }));
    bench.submit(rows).await;
    bench.settled().await;

    let (without, with) = (good.losses(&bench, now).await, bad.losses(&bench, now).await);
    let of = |losses: &[LossView], plant: &Plant, name: &str| {
        losses.iter().find(|loss| loss.parent_id == plant.id(name)).unwrap().clone()
    };
    for (name, lost) in [("MAIN", 7.5), ("A", 3.75)] {
        let (one, other) = (of(&without, &good, name), of(&with, &bad, name));
        assert!((one.loss_kwh.unwrap() - lost).abs() < 1e-6, "{one:?}");
        assert!((one.loss_kwh.unwrap() - other.loss_kwh.unwrap()).abs() < 1e-9, "{other:?}");
        assert_eq!((one.verdict, one.nature), (other.verdict, other.nature), "{name}");
    }
    let incomplete = of(&with, &bad, "B");
    assert_eq!((incomplete.verdict, incomplete.loss_kwh), (Verdict::Incomplete, None));

    let (well, live) = (good.live(&bench, now).await, bad.live(&bench, now).await);
    assert_eq!(
        (live.whole.missing.as_slice(), live.whole.left_out.as_slice()),
        ([never].as_slice(), [bad.id("B")].as_slice())
    );
    for name in ["MAIN", "A"] {
        let kw = |live: &Snapshot, plant: &Plant| {
            live.node(plant.id(name)).unwrap().balance.loss_kw.unwrap()
        };
        assert!((kw(&well, &good) - kw(&live, &bad)).abs() < 1e-6, "{name}");
    }
    assert!((live.whole.loss_kw.unwrap() - 15.0).abs() < 0.01, "{:?}", live.whole);
    assert!((live.whole.in_kw - 100.0).abs() < 0.01, "{:?}", live.whole);
    assert!(live.whole.coverage > 0.9, "{:?}", live.whole);

    let query = Query::parse("site=bad");
    let page = service::overview::hotspots(&bench.service, WHO, &query).await.unwrap();
    let missing: Vec<_> = page.missing.iter().map(|it| (it.id, it.node, it.rated_kw)).collect();
    assert_eq!(missing, [(never, bad.id("B"), Some(12.0))]);
    bench.stop().await;
}
