//! What is found by typing.

use domain::find::view::FoundPage;
use serde_json::json;
use service::pages::Query;
use service::{Principal, Service};
use sqlx::PgPool;
use storage::meters::NewMeter;

const WHO: Principal = Principal::Loopback;

async fn find(service: &Service, typed: &str) -> FoundPage {
    service::overview::find::find(service, &WHO, &Query::default().with("q", typed)).await.unwrap()
}

async fn names(service: &Service, typed: &str) -> Vec<String> {
    find(service, typed).await.meters.into_iter().map(|meter| meter.name).collect()
}

async fn add(pool: &PgPool, number: &str, name: &str, location: &str) {
    let new = NewMeter {
        location: Some(location.to_owned()),
        ..NewMeter::named(storage::sites::DEFAULT, number, name, "Machine")
    };
    storage::meters::insert(pool, &new).await.unwrap();
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_is_found_by_name_number_and_place_and_a_logger_by_its_serial(pool: PgPool) {
    add(&pool, "B-08", "Press 03", "Hall 2").await;
    add(&pool, "B-09", "Dryer 01", "Press hall").await;
    let generator = NewMeter::named(storage::sites::DEFAULT, "G-1", "Kirloskar 250", "DG");
    storage::meters::insert(&pool, &generator).await.unwrap();
    let roof = NewMeter::named(storage::sites::DEFAULT, "R-1", "South roof", "Solar");
    storage::meters::insert(&pool, &roof).await.unwrap();
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let logger = json!({ "serialNumber": "001EC6000D80", "password": "a long enough password" });
    let logger = serde_json::from_value(logger).unwrap();
    service::devices::acquisuite::create(&service, &WHO, logger).await.unwrap();

    assert_eq!(names(&service, "press").await, ["Press 03", "Dryer 01"]);
    assert_eq!(names(&service, "b8").await, ["Press 03"]);
    assert_eq!(names(&service, "hall 2").await, ["Press 03"]);
    for (words, name) in [
        (&["diesel", "generator", "Notstrom", "dg"][..], "Kirloskar 250"),
        (&["solar", "Photovoltaik"][..], "South roof"),
    ] {
        for word in words {
            assert_eq!(names(&service, word).await, [name], "{word}");
        }
    }
    assert!(names(&service, "welder").await.is_empty());
    let found = find(&service, "001ec6").await;
    assert_eq!(found.loggers[0].serial, "001EC6000D80");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn ten_thousand_meters_are_searched_at_once_and_hostile_text_is_harmless(pool: PgPool) {
    sqlx::query(
        "INSERT INTO energy_meters (site_id, meter_number, meter_name, meter_type, channel_prefix) \
         SELECT $1, 'N-' || n, 'Welder ' || n, 'Machine', 'n' || n FROM generate_series(1, 10000) n",
    )
    .bind(storage::sites::DEFAULT.0)
    .execute(&pool)
    .await
    .unwrap();
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let found = find(&service, "welder").await;
    assert_eq!((found.all_meters, found.meters.len()), (10_000, 200));
    assert_eq!(names(&service, "N-7777").await, ["Welder 7777"]);
    for typed in ["<b>'\"&</b>", "\u{1f4a1}\u{0}\u{202e}", "%_\\", "\u{fdfa}"] {
        assert_eq!(find(&service, typed).await.all_meters, 0, "{typed}");
    }
    assert!(find(&service, &"x".repeat(10_000)).await.wanted.is_err());
    tasks.stop().await;
}
