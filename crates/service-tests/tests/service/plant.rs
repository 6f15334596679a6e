//! Plants that are registered in bulk.

use std::time::Duration;

use chrono::{SubsecRound as _, TimeDelta, Utc};
use domain::devices::Protocol;
use serde_json::json;
use service::configuration::bulk_registration::{PlantMeter, register};
use sqlx::PgPool;
use storage::meters::NewMeter;

use crate::bench::{Bench, WHO};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_plant_is_registered_in_bulk(pool: PgPool) {
    let bench = Bench::start(pool).await;
    registering_a_plant_again_keeps_its_meters_and_follows_its_ports(&bench).await;
    a_meter_that_was_moved_hung_elsewhere_before(&bench).await;
    bench.stop().await;
}

fn plant(name: &str, port: u16) -> Vec<PlantMeter> {
    let meter = |number: &str, parent: Option<&str>| PlantMeter {
        meter: NewMeter::named(storage::sites::DEFAULT, number, number, "Unit"),
        parent_number: parent.map(str::to_owned),
        moved: Vec::new(),
        protocol: Protocol::Modbus,
        poll: Duration::from_secs(5),
        communication: json!({"host": "127.0.0.1", "port": port, "registers": {"power": 1}}),
    };
    let [main, below] = ["A", "B"].map(|number| format!("{name}-{number}"));
    vec![meter(&main, None), meter(&below, Some(&main))]
}

async fn registering_a_plant_again_keeps_its_meters_and_follows_its_ports(bench: &Bench) {
    let name = |site: &mut domain::sites::Site| "Works".clone_into(&mut site.name);
    let first = register(&bench.service, WHO, name, plant("again", 1502)).await.unwrap();
    let again = register(&bench.service, WHO, name, plant("again", 1777)).await.unwrap();
    assert_eq!(first.meters, again.meters);
    let devices = service::devices::to_read(&bench.service).await.unwrap();
    let lines = devices.iter().map(|device| match &device.communication {
        domain::devices::Communication::Modbus(settings) => settings.station.line.name(),
        other => panic!("not Modbus: {other:?}"),
    });
    assert_eq!(lines.collect::<Vec<_>>(), ["127.0.0.1:1777", "127.0.0.1:1777"]);
    let child = storage::meters::by_id(&bench.pool, first.meters[1]).await.unwrap().unwrap();
    assert_eq!(child.parent, Some(first.meters[0]));
}

async fn a_meter_that_was_moved_hung_elsewhere_before(bench: &Bench) {
    let since = Utc::now().trunc_subsecs(6) - TimeDelta::days(3);
    let mut meters = plant("moved", 1502);
    meters.push(PlantMeter {
        meter: NewMeter {
            level: Some(2),
            ..NewMeter::named(storage::sites::DEFAULT, "C", "C", "Machine")
        },
        moved: vec![("moved-A".to_owned(), since)],
        parent_number: Some("moved-B".to_owned()),
        ..meters[1].clone()
    });
    let ids = register(&bench.service, WHO, |_| {}, meters).await.unwrap().meters;
    let parent_before = async |instant| {
        let site = storage::sites::DEFAULT;
        let history = storage::meters::placements::history(&bench.pool, site).await.unwrap();
        storage::meters::placements::before(&history, instant)[&ids[2]].parent
    };
    assert_eq!(parent_before(since).await, Some(ids[0]));
    assert_eq!(parent_before(since + TimeDelta::hours(1)).await, Some(ids[1]));
    let meter = storage::meters::by_id(&bench.pool, ids[2]).await.unwrap().unwrap();
    assert_eq!(meter.parent, Some(ids[1]));
}
