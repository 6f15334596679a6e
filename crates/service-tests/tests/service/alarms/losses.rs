//! Alarms of what a node loses, of the demand under way, and of what a day costs.

use chrono::Timelike as _;
use service::alarms::{NewRule, create, update};
use service::losses::unmetered::{Existing, NewUnmetered, declare};

use super::*;
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_loss_and_a_demand_are_alarms_until_they_are_within_their_limits(pool: PgPool) {
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let unit = meter(&pool, "A-001", "Unit", Some(grid)).await;
    let priced = "UPDATE sites SET price_per_kwh = 0.5 WHERE id = $1";
    sqlx::query(priced).bind(storage::sites::DEFAULT.0).execute(&pool).await.unwrap();
    let bench = Bench::start(pool).await;
    constant(&bench, [(grid, 100.0), (unit, 60.0)]).await;
    until("the loss of the node", async || {
        let query = service::pages::Query::default();
        let now = service::pages::snapshot(&bench.service, WHO, &query).await.unwrap();
        let loss = now.node(grid).and_then(|node| node.balance.loss_kw);
        loss.filter(|kw| (kw - 40.0).abs() < 0.01).ok_or(loss)
    })
    .await;
    let rule = async |rule: Value| {
        let rule: NewRule = serde_json::from_value(rule).unwrap();
        create(&bench.service, WHO, rule).await.unwrap()
    };
    let offered = async || {
        let query = service::pages::Query::default();
        let page = service::overview::today(&bench.service, WHO, &query).await.unwrap();
        page.unwatched.map(|loss| loss.id)
    };
    assert_eq!(offered().await, Some(grid), "no rule warns of the loss");
    let loss =
        |limit| json!({"kind": "loss", "meterId": "GRID-001", "raise": limit, "delaySeconds": 0});
    rule(loss(60)).await;
    assert_eq!(offered().await, Some(grid), "a rule with a limit above the loss is silent");
    assert_eq!(rule(loss(10)).await.title, "Loss above 10 kW");
    assert_eq!(offered().await, None);
    let demand =
        rule(json!({"kind": "demand", "meterId": "A-001", "raise": 50, "delaySeconds": 0}));
    let demand = demand.await;
    let lost = raised(&bench, grid).await;
    let shown = (lost.kind, lost.about.message.as_str(), lost.unit.as_str());
    assert_eq!(shown, (Kind::Loss, "40 kW is lost, above 10 kW", "kW"));
    let heading = raised(&bench, unit).await;
    let text = "The demand of these 15 min is heading for 60 kW, above 50 kW";
    assert_eq!(heading.about.message, text);
    for (kind, limit, text) in [
        ("loss_percent", 30, "40 % of what flows in is lost, above 30 %"),
        ("loss_cost", 400, "The loss costs 480 EUR/d, above 400 EUR/d"),
    ] {
        let at_grid =
            json!({"kind": kind, "meterId": "GRID-001", "raise": limit, "delaySeconds": 0});
        rule(at_grid).await;
        until(text, async || {
            let open = alarms(&bench, grid, AlarmState::Open).await;
            let texts: Vec<_> = open.into_iter().map(|alarm| alarm.about.message).collect();
            if texts.iter().any(|said| said == text) { Ok(()) } else { Err(texts) }
        })
        .await;
    }

    // A declared load is no loss any more; a demand is within a limit that is raised.
    let load = NewUnmetered {
        valid_from: (Utc::now() - TimeDelta::hours(2)).into(),
        power_kw: 38.0,
        reason: "gate lights".to_owned(),
    };
    declare(&bench.service, WHO, &"GRID-001".into(), load, Existing::Refused).await.unwrap();
    let more = json!({"raise": 70, "clear": 70}).as_object().unwrap().clone();
    update(&bench.service, WHO, demand.id, more.into()).await.unwrap();
    over(&bench, grid).await;
    over(&bench, unit).await;
    bench.stop().await;
}

/// Readings of constant powers in kW over the 40 minutes up to now.
async fn constant(bench: &Bench, powers: [(MeterId, f64); 2]) {
    let from = Utc::now() - TimeDelta::minutes(40);
    let rows = (0..=240).flat_map(|i| {
        let at = from + TimeDelta::seconds(10 * i);
        let hours = (at - from).as_seconds_f64() / 3600.0;
        powers.map(|(id, kw)| reading(id, at, kw, 1_000.0 + kw * hours))
    });
    bench.submit(rows.collect()).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_day_that_costs_more_than_days_like_it_is_an_alarm(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let now = Utc::now();
    // It is noon there, whenever the test runs.
    let west = i64::from(now.hour()) - 12;
    let zone = format!("Etc/GMT{}{}", if west < 0 { "-" } else { "+" }, west.abs());
    let site = json!({"slug": "works", "name": "Works", "timeZone": zone, "currency": "EUR",
        "pricePerKwh": "0.5"});
    let site = bench.site(site).await;
    let unit = bench.meter_on(site.id, "U-1", "Unit", None).await;
    let today = site.today_start(now);
    let mut total = 0.0;
    let first = today - TimeDelta::days(6);
    let rows = (0..=(now - first).num_minutes() / 10).map(|i| {
        let at = first + TimeDelta::minutes(10 * i);
        let kw = if at < today { 10.0 } else { 30.0 };
        let row = reading(unit, at, kw, total);
        total += kw / 6.0;
        row
    });
    bench.submit(rows.collect()).await;
    bench.settled().await;
    let rule = json!({"site": "works", "kind": "cost", "meterId": "U-1", "raise": 50});
    let rule: NewRule = serde_json::from_value(rule).unwrap();
    let rule =
        until("the meter is known", async || create(&bench.service, WHO, rule.clone()).await).await;
    assert_eq!(
        (rule.unit.as_str(), rule.title.as_str()),
        ("EUR", "Cost above normal above 50 EUR")
    );
    let alarm = raised(&bench, unit).await;
    // Since midnight it drew three times what it draws.
    let (hours, above) = ((now - today).as_seconds_f64() / 3600.0, alarm.value.unwrap());
    assert!((above - hours * 20.0 * 0.5).abs() < 6.0, "{above} in {hours} h: {}", alarm.about);
    let more = json!({"raise": 500, "clear": 500}).as_object().unwrap().clone();
    update(&bench.service, WHO, rule.id, more.into()).await.unwrap();
    over(&bench, unit).await;
    bench.stop().await;
}
