//! The logger's own files: `modbus/mb-007.ini` has the points of the device 7.

use std::collections::BTreeMap;

use domain::devices::logger::{DeviceAddress, LogPeriod, NameError};

use super::Point;

/// The file that is about the logger itself.
pub const OWN_CONFIG: &str = "loggerconfig.ini";

/// The field that states how often the logger writes down what it reads, in minutes.
pub const LOG_PERIOD: &str = "LOGPERIOD";

/// The file with the points of a device, as the logger calls it.
pub fn config_name(address: DeviceAddress) -> String {
    format!("modbus/mb-{:03}.ini", address.number())
}

/// The device whose points a file lists; none where it is no such file.
pub fn device_of_config(file_name: &str) -> Option<DeviceAddress> {
    let name = unpacked_name(file_name.rsplit(['/', '\\']).next()?);
    let is_list = name.to_ascii_lowercase().ends_with(".ini");
    DeviceAddress::new(number(name).filter(|_| is_list)?).ok()
}

/// Whether a file is one that loggers have: of a device, or about the logger itself.
pub fn is_config_name(file_name: &str) -> bool {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    unpacked_name(name).eq_ignore_ascii_case(OWN_CONFIG) || device_of_config(name).is_some()
}

/// A name without what says that the file is compressed.
fn unpacked_name(name: &str) -> &str {
    let (start, end) = name.split_at_checked(name.len().saturating_sub(3)).unwrap_or((name, ""));
    if end.eq_ignore_ascii_case(".gz") { start } else { name }
}

/// The number in a name such as `mb-007.63BD5AFD_2.log.gz`.
pub(super) fn number(name: &str) -> Option<i64> {
    let start = name.get(..3)?;
    let rest = name.get(3..).filter(|_| start.eq_ignore_ascii_case("mb-"))?;
    let digits = rest.split('.').next()?;
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| all)
}

/// How often the logger writes down what it reads, by the file about itself: `LOGPERIOD=15`. None where
/// it does not say so.
///
/// # Errors
/// What it says in place of a period.
pub fn log_period(text: &str) -> Result<Option<LogPeriod>, NameError> {
    let stated = text.lines().filter_map(|line| line.split_once('='));
    let mut stated = stated.filter(|(key, _)| key.trim().eq_ignore_ascii_case(LOG_PERIOD));
    stated.next_back().map(|(_, value)| LogPeriod::parse(value)).transpose()
}

/// The points that a file lists, in order: `POINT00NAME=Energy`, `POINT00UNITS=kWh`. Lines that say
/// something else are about how the logger shows a point, and are passed over.
pub fn points(text: &str) -> Vec<Point> {
    let mut named: BTreeMap<u16, (String, String)> = BTreeMap::new();
    for line in text.lines() {
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().to_ascii_uppercase();
        let Some(rest) = key.strip_prefix("POINT") else { continue };
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, what) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let Ok(number @ 0..=999) = digits.parse::<u16>() else { continue };
        match what {
            "NAME" => value.trim().clone_into(&mut named.entry(number).or_default().0),
            "UNITS" => value.trim().clone_into(&mut named.entry(number).or_default().1),
            _ => {}
        }
    }
    let point = |(number, (name, unit))| Point { number, name, unit };
    named.into_iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_in_order_with_their_units() {
        let text = "NAME=Main\r\nPOINT01NAME=ION6200 demand\r\nPOINT01UNITS=kW\r\nPOINT01LOW=0\r\n\
            POINT00NAME = ION6200\r\npoint00units=KWh\r\nPOINTxNAME=y\r\nPOINT9999NAME=z\r\n";
        let points = points(text);
        let shown: Vec<_> =
            points.iter().map(|p| (p.number, p.name.as_str(), p.unit.as_str())).collect();
        assert_eq!(shown, [(0, "ION6200", "KWh"), (1, "ION6200 demand", "kW")]);
    }

    #[test]
    fn a_logger_says_how_often_it_writes_down_what_it_reads() {
        let minutes = |text| log_period(text).map(|period| period.map(LogPeriod::minutes));
        assert_eq!(minutes("LOOPNAME=Main\r\nLogPeriod = 30\r\nUPLOADHOUR=2\r\n"), Ok(Some(30)));
        assert_eq!(minutes("LOOPNAME=LOGPERIOD\r\n"), Ok(None));
        assert_eq!(minutes("LOGPERIOD=5\nLOGPERIOD=60"), Ok(Some(60)));
        for wrong in ["LOGPERIOD=0", "LOGPERIOD=61", "LOGPERIOD=", "LOGPERIOD=15s", "LOGPERIOD=-5"]
        {
            assert!(log_period(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn files_are_known_by_their_names() {
        let address = device_of_config("modbus/mb-007.ini").unwrap();
        assert_eq!((address.number(), config_name(address).as_str()), (7, "modbus/mb-007.ini"));
        assert!(is_config_name("loggerconfig.ini"));
        assert!(is_config_name("LOGGERCONFIG.INI.GZ"));
        assert_eq!(device_of_config("mb-007.ini.gz"), Some(address));
        for other in [
            "mb-007.log",
            "mb-007.log.gz",
            ".gz",
            "gz",
            "mb-007.ini.gz.gz",
            "ü.gz",
            "mb-x.ini",
            "mb-.ini",
            "é.ini",
            "",
            "passwd",
            "mb-0007x.ini",
        ] {
            assert!(!is_config_name(other), "{other}");
        }
    }
}
