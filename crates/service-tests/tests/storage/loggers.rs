use std::net::IpAddr;

use domain::devices::logger::SerialNumber;
use sqlx::PgPool;
use storage::devices::loggers::activity::{heard, heard_lately};

async fn logger(pool: &PgPool, serial: &str) -> SerialNumber {
    sqlx::query(
        "INSERT INTO acquisuite_loggers (serial_number, site_id) \
         SELECT $1, id FROM sites WHERE slug = 'default'",
    )
    .bind(serial)
    .execute(pool)
    .await
    .unwrap();
    SerialNumber::parse(serial).unwrap()
}

pub(crate) async fn a_logger_is_known_where_it_was_heard_last_for_thirty_days(pool: &PgPool) {
    let [before, here, there] = ["203.0.113.6", "203.0.113.7", "2001:db8:0:1::"]
        .map(|address| address.parse::<IpAddr>().unwrap());
    let (one, other) = (logger(pool, "AA1").await, logger(pool, "AA2").await);
    for (serial, from) in [(&one, before), (&one, here), (&other, there)] {
        heard(pool, serial, from).await.unwrap();
    }
    let known = heard_lately(pool, 10).await.unwrap();
    assert_eq!(known, [there, here]);
    sqlx::query(
        "UPDATE acquisuite_activity SET heard_at = heard_at - interval '31 days' \
         WHERE serial_number = 'AA1'",
    )
    .execute(pool)
    .await
    .unwrap();
    assert_eq!(heard_lately(pool, 10).await.unwrap(), [there]);
    heard(pool, &one, here).await.unwrap();
    assert_eq!(heard_lately(pool, 10).await.unwrap(), [here, there], "it came back");
}
