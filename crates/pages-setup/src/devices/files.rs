//! The devices as data, for files.

use domain::devices::view::{DeviceRow, DevicesPage};
use tables::{Column, Table, Value};
use texts::messages::told;
use texts::words::devices as words;
use texts::words::meter::NUMBER;
use ui::drawing::files::Downloads;

pub(super) fn table(page: &DevicesPage) -> Table {
    let columns = vec![
        Column::new(words::STATE),
        Column::new(words::one::REASON),
        Column::new(words::one::SINCE),
        Column::new(words::METER),
        Column::new(NUMBER),
        Column::new(words::PEER),
        Column::new(words::PROFILE),
        Column::of_head(&words::POWER),
        Column::new(words::one::LAST),
        Column::new(words::one::PACE),
        Column::new(words::one::SILENCES),
        Column::new(words::one::ERRORS),
        Column::of_head(&words::LATENCY),
    ];
    let time = |at: Option<_>| at.map_or(Value::Unknown, Value::Time);
    let count = |count: u64| Value::Number(count as f64, 0);
    let row = |row: &DeviceRow| {
        let profile = row.profile.clone();
        vec![
            Value::text(words::state(row.state)),
            row.state_reason.as_deref().map(told).into(),
            time(row.since),
            Value::text(&row.meter_name),
            Value::text(&row.meter_number),
            Value::text(&row.peer),
            Value::text(profile.unwrap_or_else(|| words::protocol(row.protocol).to_owned())),
            Value::number(row.power_kw, 1),
            time(row.last_update),
            Value::number(row.polls_per_minute, 1),
            count(row.silences),
            count(row.errors),
            row.latency_ms.map_or(Value::Unknown, count),
        ]
    };
    let rows = page.rows.iter().map(row).collect();
    Downloads::of_site(&page.site, page.now).table(words::TITLE, columns, rows)
}
