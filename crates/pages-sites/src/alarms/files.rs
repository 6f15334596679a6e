//! Alarms as data, for files.

use domain::alarms::Alarm;
use domain::alarms::view::AlarmsPage;
use tables::{Column, Table, Value};
use texts::messages::told;
use texts::words::alarms as words;
use texts::words::meter::NUMBER;
use ui::drawing::files::Downloads;

use super::shown;

pub(super) fn table<'a>(
    page: &AlarmsPage,
    title: &str,
    alarms: impl Iterator<Item = &'a Alarm>,
) -> Table {
    let columns = vec![
        Column::new(words::SEVERITY),
        Column::new(NUMBER),
        Column::new(words::METER),
        Column::new(words::WHAT),
        Column::new(words::VALUE),
        Column::new(words::UNIT),
        Column::new(words::SINCE),
        Column::new(words::UNTIL),
        Column::new(words::KNOWN),
        Column::new(words::KNOWN_BY),
        Column::new(words::NOTE),
    ];
    let time = |at: Option<_>| at.map_or(Value::Unknown, Value::Time);
    let row = |alarm: &Alarm| {
        let (value, unit) = shown(alarm);
        vec![
            Value::text(words::severity(alarm.severity)),
            Value::text(&alarm.meter_number),
            Value::text(&alarm.meter_name),
            Value::text(told(&alarm.about)),
            Value::number(value, value.map_or(0, texts::figures::places)),
            Value::text(unit),
            Value::Time(alarm.raised_at),
            time(alarm.cleared_at),
            time(alarm.acknowledged_at),
            alarm.acknowledged_by.clone().into(),
            alarm.note.clone().into(),
        ]
    };
    Downloads::of_site(&page.site, page.now).table(title, columns, alarms.map(row).collect())
}
