//! One line of a log file: `'2002-01-31 18:30:00',0,0x00,0x02,89.29,,0`.

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use domain::devices::logger::upload::{LineRefusal, LoggerEvent};
use domain::period::FIRST_YEAR;
use domain::{Quality, Values};

use super::{Columns, Entry, Line, PointReading};

/// Log events begin here: the logger started, its clock was set, a device was exchanged.
const FIRST_EVENT: u16 = 160;

/// Reads a line.
pub(super) fn read(line: &str, columns: &Columns) -> Line {
    let mut cells = line.split(',').map(str::trim);
    let at = time(cells.next().unwrap_or_default())?;
    let code = cells.next().and_then(|cell| cell.parse().ok()).ok_or(LineRefusal::Code)?;
    for _ in 0..2 {
        alarm(cells.next().unwrap_or_default())?;
    }
    let mut values = Values::default();
    let mut points = Vec::new();
    let mut unnamed = false;
    for (number, cell) in cells.enumerate() {
        let number = u16::try_from(number).map_err(|_| LineRefusal::TooMany)?;
        let Some(value) = value(number, cell)? else { continue };
        if columns.listed() > 0 && usize::from(number) >= columns.listed() {
            return Err(LineRefusal::TooMany);
        }
        if let Some(column) = columns.apart(number) {
            points.push(PointReading::new(number, column, value));
            continue;
        }
        match columns.get(number) {
            Some(column) => column.put(&mut values, value),
            None => unnamed = true,
        }
    }
    Ok(entry(at, code, (values, points), unnamed))
}

/// What a line with these means. The code 0 is a good reading; another one is an error of the device,
/// whose values, where there are any, are doubtful; or an event, whose values are not readings.
/// `unnamed` says that it has numbers that are no value of a reading.
pub(super) fn entry(
    at: DateTime<Utc>,
    code: u16,
    (values, points): (Values, Vec<PointReading>),
    unnamed: bool,
) -> Entry {
    let is_silent = values.present().next().is_none() && points.is_empty();
    let values = Box::new(values);
    match code {
        FIRST_EVENT.. => Entry::Event { at, code },
        0 if is_silent && unnamed => Entry::Unnamed,
        _ if is_silent => Entry::Silent { at, code },
        0 => Entry::Reading { at, quality: Quality::Good, values, points },
        _ => Entry::Reading { at, quality: Quality::Error, values, points },
    }
}

/// A time of the logger's clock, which is UTC.
pub(super) fn time(cell: &str) -> Result<DateTime<Utc>, LineRefusal> {
    let text = cell.trim_matches(['\'', '"']);
    let at =
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").map_err(|_| LineRefusal::Time)?;
    if (FIRST_YEAR..10_000).contains(&at.year()) {
        Ok(at.and_utc())
    } else {
        Err(LineRefusal::Time)
    }
}

fn alarm(cell: &str) -> Result<(), LineRefusal> {
    let digits = cell.strip_prefix("0x").or_else(|| cell.strip_prefix("0X"));
    let fits = digits.map_or_else(
        || cell.bytes().all(|byte| byte.is_ascii_digit()),
        |digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
    );
    if fits { Ok(()) } else { Err(LineRefusal::Alarm) }
}

/// A point's number; none where the logger had none.
pub(super) fn value(number: u16, cell: &str) -> Result<Option<f64>, LineRefusal> {
    if cell.is_empty() || cell.eq_ignore_ascii_case("NULL") {
        return Ok(None);
    }
    let value = cell.parse::<f64>().ok().filter(|value| value.is_finite());
    value.map(Some).ok_or(LineRefusal::Value { point: number })
}

/// What a code means.
pub const fn meaning(code: u16) -> LoggerEvent {
    match code {
        0 => LoggerEvent::NoError,
        129 => LoggerEvent::NoFunction,
        130 => LoggerEvent::NoAddress,
        131 => LoggerEvent::ValueRefused,
        132 => LoggerEvent::WrongLength,
        138 => LoggerEvent::NotReached,
        139 => LoggerEvent::NoAnswer,
        140 => LoggerEvent::Damaged,
        141 => LoggerEvent::OtherDevice,
        142 => LoggerEvent::OtherMaster,
        143 => LoggerEvent::Partly,
        1..160 => LoggerEvent::Unread,
        160 => LoggerEvent::Started,
        161 => LoggerEvent::Stopped,
        162 => LoggerEvent::ClockSet,
        163 => LoggerEvent::Restarted,
        164 => LoggerEvent::DamagedEntry,
        165 => LoggerEvent::DeviceRestarted,
        192 => LoggerEvent::OtherType,
        193 => LoggerEvent::OtherSerial,
        _ => LoggerEvent::Other,
    }
}

#[cfg(test)]
mod tests {
    use domain::Field;

    use super::super::Point;
    use super::*;

    fn columns() -> Columns {
        let point = |(number, name, unit): (u16, &str, &str)| Point {
            number,
            name: name.to_owned(),
            unit: unit.to_owned(),
        };
        let points = [(0, "Energy Consumption", "kWh"), (1, "Real Power", "kW"), (2, "Hold", "")];
        Columns::new(&points.map(point), [])
    }

    fn values(line: &str) -> (Quality, Vec<(Field, f64)>) {
        match read(line, &columns()).unwrap() {
            Entry::Reading { quality, values, .. } => (quality, values.present().collect()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_line_of_the_manual_is_read() {
        let (quality, values) = values("'2002-01-31 18:35:00',0,0,0x02,-0.01,104.24,39.05");
        assert_eq!(quality, Quality::Good);
        assert_eq!(values, [(Field::ActivePowerKw, 104.24), (Field::TotalEnergyKwh, -0.01)]);
    }

    #[test]
    fn blank_and_null_are_no_value_and_a_trailing_comma_is_none_either() {
        assert_eq!(values("'2002-01-31 18:40:00',0,,,,87.82,").1, [(Field::ActivePowerKw, 87.82)]);
        assert_eq!(
            values("'2002-01-31 18:40:00',0,0,0,1,NULL,,,").1,
            [(Field::TotalEnergyKwh, 1.0)]
        );
    }

    #[test]
    fn codes_tell_readings_from_silence_and_events() {
        let read = |line| read(line, &columns()).unwrap();
        assert!(matches!(read("'2002-01-31 18:45:00',139,,,,,,"), Entry::Silent { code: 139, .. }));
        assert!(matches!(read("'2002-01-31 18:45:00',160"), Entry::Event { code: 160, .. }));
        assert!(matches!(read("'2002-01-31 18:45:00',192,0,0,5,6"), Entry::Event { .. }));
        assert_eq!(values("'2002-01-31 18:45:00',143,0,0,5").0, Quality::Error);
        assert_eq!(read("'2002-01-31 18:45:00',0,0,0,,,5"), Entry::Unnamed);
        assert!(matches!(read("'2002-01-31 18:45:00',0,0,0,,,"), Entry::Silent { code: 0, .. }));
    }

    #[test]
    fn what_is_no_line_is_refused_by_what_is_wrong() {
        let cases = [
            ("'2002-02-30 18:45:00',0,0,0,1", LineRefusal::Time),
            ("time,error,low,high", LineRefusal::Time),
            ("'0001-01-01 00:00:00',0,0,0,1", LineRefusal::Time),
            ("'1969-12-31 23:59:59',0,0,0,1", LineRefusal::Time),
            ("'2002-01-31 18:45:00',x,0,0,1", LineRefusal::Code),
            ("'2002-01-31 18:45:00'", LineRefusal::Code),
            ("'2002-01-31 18:45:00',0,0xZ,0,1", LineRefusal::Alarm),
            ("'2002-01-31 18:45:00',0,0,0,1,2x", LineRefusal::Value { point: 1 }),
            ("'2002-01-31 18:45:00',0,0,0,1e999", LineRefusal::Value { point: 0 }),
            ("'2002-01-31 18:45:00',0,0,0,nan", LineRefusal::Value { point: 0 }),
            ("'2002-01-31 18:45:00',0,0,0,1,2,3,4", LineRefusal::TooMany),
        ];
        for (line, reason) in cases {
            assert_eq!(read(line, &columns()), Err(reason), "{line}");
        }
    }
}
