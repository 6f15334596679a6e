//! Terms that are refused.

use super::*;

#[test]
fn equal_lines_that_overlap_are_refused_by_name() {
    let night =
        |from: &str, to: &str| import(json!({"price": "5", "fromTime": from, "toTime": to}));
    let apart = json!({"energy": [night("22:00", "06:00"), night("06:00", "22:00")]});
    terms(apart);
    assert_eq!(
        refused(json!({"energy": [night("22:00", "06:00"), night("05:45", "08:00")]})),
        "energy[1]"
    );
    let block = |from: f64, to: f64| import(json!({"price": "5", "fromKwh": from, "toKwh": to}));
    let last = import(json!({"price": "5", "fromKwh": 200}));
    terms(json!({"energy": [block(0.0, 100.0), block(100.0, 200.0), last]}));
    assert_eq!(refused(json!({"energy": [block(0.0, 100.0), block(99.0, 200.0)]})), "energy[1]");
    let export = json!({"direction": "export", "price": "5"});
    terms(json!({"energy": [import(json!({"price": "5"})), export]}));
}

#[test]
fn what_a_tariff_cannot_say() {
    let line = |line| json!({"energy": [import(line)]});
    assert_eq!(refused(json!({"fixedPerDay": "-1"})), "fixedPerDay");
    assert_eq!(refused(line(json!({"price": "1e20"}))), "energy[0].price");
    assert_eq!(refused(line(json!({"price": "1", "fromKwh": 5, "toKwh": 5}))), "energy[0].toKwh");
    assert_eq!(refused(line(json!({"price": "1", "fromMonth": 13}))), "energy[0].fromMonth");
    let empty = json!({"price": "1", "fromTime": "06:00", "toTime": "06:00"});
    assert_eq!(refused(line(empty)), "energy[0].toTime");
    assert_eq!(refused(json!({"taxPercent": "101"})), "taxPercent");
    let netted = json!({"netting": "month",
        "energy": [import(json!({"price": "1", "fromTime": "06:00", "toTime": "08:00"}))]});
    assert_eq!(refused(netted), "energy[0]");
    for time in ["06:10", "6:00", "24:15", "25:00", "noon", "+6:00"] {
        assert!(time.parse::<ClockTime>().is_err(), "{time}");
    }
    assert_eq!("24:00".parse::<ClockTime>().unwrap().to_string(), "24:00");
}

#[test]
fn a_direction_has_a_price_at_all_times_or_none() {
    let said = |energy: serde_json::Value| {
        let terms: Terms = serde_json::from_value(json!({"energy": energy})).unwrap();
        terms.check().map_err(|invalid| invalid.message.to_string()).err().unwrap_or_default()
    };
    let day = json!({"price": "5", "fromTime": "06:00", "toTime": "22:00"});
    let night = json!({"price": "3", "fromTime": "22:00", "toTime": "06:00"});
    assert_eq!(said(json!([import(day.clone()), import(night)])), "");
    let gap = said(json!([import(day)]));
    assert!(gap.contains("Consumption, 00:00 to 00:15, Mondays, January;"), "{gap}");
    let weekdays = said(json!([import(json!({"price": "1", "days": "weekday"}))]));
    assert!(weekdays.contains("Saturdays, January;"), "{weekdays}");
    let winter = json!({"direction": "export", "price": "1", "fromMonth": 10, "toMonth": 3});
    let summer = said(json!([import(json!({"price": "1"})), winter]));
    assert!(summer.contains("Export credit, 00:00 to 00:15, Mondays, April;"), "{summer}");
    let blocks = said(json!([
        import(json!({"price": "1", "toKwh": 100})),
        import(json!({"price": "2", "fromKwh": 150}))
    ]));
    assert!(blocks.contains("above 100 kWh;"), "{blocks}");
}
