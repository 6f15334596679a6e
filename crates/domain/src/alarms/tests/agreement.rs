//! A register held against the integral of power.

use super::*;

/// Quarter-hours of a register and of the integral of power, kWh.
fn agreement(quarters: impl IntoIterator<Item = (f64, f64)>) -> Agreement {
    let mut sum = Agreement::default();
    for (register, integral) in quarters {
        sum.quarters += 1;
        sum.register_kwh += register;
        sum.integral_kwh += integral;
        sum.passed_kwh += register.abs();
        sum.register_squares += register * register;
        sum.integral_squares += integral * integral;
        sum.products += register * integral;
    }
    sum
}

/// What the usual rule finds.
fn found(quarters: impl IntoIterator<Item = (f64, f64)>) -> Measured {
    judged(agreement(quarters))
}

fn judged(agreement: Agreement) -> Measured {
    let meter = meter();
    let seen = Seen { agreement: Some(agreement), ..Seen::nothing(&meter) };
    measure(&rule(Kind::DataQuality.usual()), &seen)
}

/// A load that rises and falls over `count` quarter-hours, kWh.
fn load(count: u32) -> impl Iterator<Item = f64> {
    (0..count).map(|i| 5.0 + 4.0 * f64::from(i % 7))
}

#[test]
fn a_wrong_ratio_is_an_alarm_that_names_both_figures() {
    let measured = found(load(32).map(|kwh| (kwh / 8.0, kwh)));
    assert_eq!(measured.position, Position::Beyond);
    assert_eq!(
        said(&Kind::DataQuality.usual(), &measured),
        "In 8 h the register counted 65.0 kWh and power adds up to 520 kWh: 87.5 % apart, limit 2 %; \
         check the scales and the CT ratio"
    );
    assert_eq!(
        title(&Kind::DataQuality.usual(), "EUR").message,
        "Difference between energy register and power above 2 %"
    );
    let turned = found(load(32).map(|kwh| (kwh, -kwh)));
    assert_eq!((turned.position, turned.value), (Position::Beyond, Some(200.0)));
    let stands = found(load(32).map(|kwh| (0.0, kwh)));
    assert_eq!((stands.position, stands.value), (Position::Beyond, Some(100.0)));
}

#[test]
fn a_register_that_follows_its_power_is_none() {
    assert_eq!(found(load(32).map(|kwh| (kwh, kwh * 1.01))).position, Position::Within);
    assert_eq!(found(load(32).map(|kwh| (kwh, kwh * 1.018))).position, Position::Between);
    assert_eq!(found(load(32).map(|kwh| (kwh, kwh * 1.03))).position, Position::Beyond);
}

#[test]
fn too_little_time_says_nothing_and_an_idle_meter_stays_quiet() {
    assert_eq!(found(load(23).map(|kwh| (kwh, kwh * 2.0))).position, Position::Unknown);
    assert_eq!(found(std::iter::repeat_n((0.0, 0.01), 96)).position, Position::Within);
}

#[test]
fn what_chance_explains_is_no_alarm() {
    // Power that is read every five minutes, of a machine that has the same cycle all day.
    let seldom_read = |share: f64| {
        let of_load = agreement(load(96).map(|kwh| (kwh, kwh * share)));
        judged(Agreement { seldom_read: 96, ..of_load }).position
    };
    assert_eq!(seldom_read(1.06), Position::Between);
    assert_eq!(seldom_read(10.0), Position::Beyond, "a wrong scale is no chance");
    // Power that is read once in a quarter-hour, of a machine that runs now and then.
    let seldom = (0..96).map(|i| (5.0, if i % 4 == 0 { 21.0 } else { 0.0 }));
    let measured = found(seldom);
    assert!(measured.value.is_some_and(|value| value > 2.0), "{measured:?}");
    assert_eq!(measured.position, Position::Between);
    // A register that shows whole tens of kWh.
    let coarse = (0..26).map(|i| (if i % 8 == 7 { 10.0 } else { 0.0 }, 1.25));
    assert_eq!(found(coarse).position, Position::Between);
}
