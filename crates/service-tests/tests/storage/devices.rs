use std::time::Duration;

use domain::MeterId;
use domain::devices::Protocol;
use serde_json::json;
use sqlx::PgPool;
use storage::devices::{self, DeviceRow, NewDevice};
use storage::{meters, sites};

use crate::world::{add_meter, constraint};

fn device(meter: MeterId) -> NewDevice {
    NewDevice {
        meter,
        protocol: Protocol::Modbus,
        poll: Duration::from_millis(2_500),
        communication: json!({"host": "10.0.0.7", "port": 502, "unitId": 3}),
        enabled: true,
    }
}

pub(crate) async fn a_device_comes_back_as_it_was_stored(pool: &PgPool) {
    let meter = add_meter(pool, "D-1", None).await;
    assert_eq!(devices::by_meter(pool, meter.id).await.unwrap(), None);
    let id = devices::insert(pool, &device(meter.id)).await.unwrap();
    let stored = devices::by_meter(pool, meter.id).await.unwrap().unwrap();
    assert_eq!((stored.id, stored.site, stored.meter), (id, sites::DEFAULT, meter.id));
    assert_eq!(
        (stored.meter_name.as_str(), stored.poll),
        ("Meter D-1", Duration::from_millis(2_500))
    );
    assert_eq!(stored.communication, device(meter.id).communication);

    let changed = DeviceRow {
        protocol: Protocol::Http,
        poll: Duration::from_secs(30),
        communication: json!({"url": "http://10.0.0.7/"}),
        enabled: false,
        ..stored
    };
    assert!(devices::update(pool, &changed).await.unwrap());
    assert_eq!(devices::list(pool).await.unwrap(), std::slice::from_ref(&changed));
    assert!(devices::delete(pool, id).await.unwrap());
    assert!(!devices::delete(pool, id).await.unwrap());
    assert!(!devices::update(pool, &changed).await.unwrap());
}

pub(crate) async fn a_meter_has_one_device_which_goes_with_it(pool: &PgPool) {
    let meter = add_meter(pool, "D-2", None).await;
    devices::insert(pool, &device(meter.id)).await.unwrap();
    let second = devices::insert(pool, &device(meter.id)).await;
    assert_eq!(constraint(second), "devices_meter_key");
    let unknown = devices::insert(pool, &device(MeterId(99))).await;
    assert_eq!(constraint(unknown), "devices_meter_fk");
    let fast = NewDevice { poll: Duration::from_millis(99), ..device(MeterId(99)) };
    assert_eq!(constraint(devices::insert(pool, &fast).await), "devices_poll_range");
    meters::delete(pool, meter.id).await.unwrap();
    assert_eq!(devices::list(pool).await.unwrap(), []);
}
