#![expect(clippy::float_cmp, reason = "these values are exact")]

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn power(kilo: f64) -> Power {
    Power::new(kilo).unwrap()
}

fn loading(capacity: f64, consumption: f64, production: f64) -> Loading {
    Loading {
        capacity: power(capacity),
        consumption: power(consumption),
        production: power(production),
    }
}

fn need(consumption: f64, production: Option<f64>) -> Need {
    Need { consumption: power(consumption), production: production.map(power) }
}

fn asked(kind: Kind, consumption: f64, production: f64) -> FeasibilityRequest {
    FeasibilityRequest {
        kind,
        requested_consumption_kw: consumption,
        requested_production_kw: production,
        latitude: 37.7749,
        longitude: -122.4194,
        service_length_m: None,
        service_r_ohm_per_km: None,
        service_x_ohm_per_km: None,
        source_voltage_pu: None,
        premises: Premises::General,
        explain: false,
    }
}

fn checked(request: &FeasibilityRequest) -> Request {
    request.check(Conductor::USUAL).unwrap()
}

#[test]
fn the_boundary_itself_passes_and_one_milliwatt_more_does_not() {
    let room = loading(1000.0, 585.0, 235.0).room();
    assert!(room.takes(need(215.0, Some(65.0))));
    assert!(!room.takes(need(215.000_001, Some(65.0))));
    assert!(!room.takes(need(215.0, Some(65.000_001))));
    assert!(room.takes(need(215.0, None)));
}

#[test]
fn decimals_that_floats_get_wrong_are_decided_rightly() {
    // As floats, 0.1 + 0.2 is more than 0.3.
    assert!(loading(1.0, 0.1, 0.1).room().takes(need(0.7, Some(0.2))));
    // As floats, 8 + 0.08 is 8.08, but 0.8 × 10.1 is a little more or less.
    assert!(loading(10.1, 8.0, 3.0).room().takes(need(0.08, Some(0.03))));
    assert!(!loading(10.1, 8.0, 3.0).room().takes(need(0.080_001, None)));
}

#[test]
fn spares_are_those_of_the_rule_and_may_be_negative() {
    let loading = loading(1000.0, 585.0, 235.0);
    assert_eq!((loading.spare_consumption(), loading.spare_production()), (215.0, 65.0));
    assert_eq!((loading.consumption_limit(), loading.production_limit()), (800.0, 300.0));
    let full = Loading { consumption: power(900.0), ..loading };
    assert_eq!(full.spare_consumption(), -100.0);
}

#[test]
fn a_consumer_does_not_mind_too_much_production() {
    let room = loading(100.0, 0.0, 40.0).room();
    assert!(room.takes(need(10.0, None)));
    assert!(!room.takes(need(10.0, Some(0.0))));
}

#[test]
fn a_power_is_the_nearest_milliwatt() {
    assert_eq!(power(0.1).decimal().to_string(), "0.1");
    assert_eq!(power(15.0).kilo(), 15.0);
    let rounded = [
        (0.1 + 0.2, "0.3"),
        (1.1 * 1.1, "1.21"),
        (999_999_999.123_456, "999999999.123456"),
        (0.000_000_6, "0.000001"),
        (1e-40, "0"),
        (-1e-9, "0"),
    ];
    for (given, decimal) in rounded {
        assert_eq!(power(given).decimal().to_string(), decimal, "{given}");
    }
    for refused in [f64::NAN, f64::INFINITY, 1e9, 999_999_999.999_999_9, 1e300, -1e9] {
        assert_eq!(Power::new(refused), None, "{refused}");
    }
    assert_eq!(serde_json::from_str::<Power>("0.30000000000000004").unwrap(), power(0.3));
}

proptest! {
    #[test]
    fn the_rule_in_whole_numbers_is_the_rule_in_decimals(
        capacity in 1_i64..2_000_000_000,
        connected in 0_i64..2_000_000_000,
        asked in 0_i64..2_000_000_000,
        exact in any::<bool>(),
    ) {
        let decimal = |milli| Decimal::new(milli, 6);
        let of = |milli| Power::of(decimal(milli)).unwrap();
        let asked = if exact { (capacity * 8 / 10 - connected).max(0) } else { asked };
        let rule = |share: &str| {
            let limit = share.parse::<Decimal>().unwrap() * decimal(capacity);
            decimal(connected) + decimal(asked) <= limit
        };
        let room = Loading {
            capacity: of(capacity), consumption: of(connected), production: of(connected),
        }.room();
        let need = Need { consumption: of(asked), production: Some(of(asked)) };
        prop_assert_eq!(room.takes_consumption(need), rule("0.8"));
        prop_assert_eq!(room.takes_production(need), rule("0.3"));
        prop_assert_eq!(room.takes(need), rule("0.8") && rule("0.3"));
    }

    #[test]
    fn straight_lines_through_the_globe_order_places_as_great_circles_do(
        from in place(), one in place(), other in place(),
    ) {
        let straight = |to: Place| -> f64 {
            from.on_unit_sphere().iter().zip(to.on_unit_sphere()).map(|(a, b)| (a - b).powi(2)).sum()
        };
        let apart = (from.distance_m(one) - from.distance_m(other)).abs() > 1.0;
        prop_assume!(apart);
        prop_assert_eq!(
            straight(one) < straight(other),
            from.distance_m(one) < from.distance_m(other)
        );
    }

    #[test]
    fn the_sweep_agrees_with_the_closed_form(
        kw in 0.1..80.0_f64, kva in 25.0..500.0_f64, length in 10.0..200.0_f64, ev in any::<bool>(),
    ) {
        let request = FeasibilityRequest {
            service_length_m: Some(length),
            premises: if ev { Premises::Ev } else { Premises::General },
            ..asked(Kind::Consumer, (kw * 1e3).round() / 1e3, 0.0)
        };
        let request = checked(&request);
        let loading = loading((kva * 1e3).round() / 1e3, 0.0, 0.0);
        let percent = screen(&request, loading, 1.0).scenarios[0].after.premises_percent;
        let closed = closed_form(&request, loading, length);
        prop_assume!(closed.is_some_and(|percent| percent > 70.0));
        prop_assert!((percent.unwrap() - closed.unwrap()).abs() < 1e-6);
    }
}

fn place() -> impl Strategy<Value = Place> {
    (-90.0..=90.0, -180.0..=180.0).prop_map(|(latitude, longitude)| Place { latitude, longitude })
}

/// Voltage at the end of one line with one load: the upper root of
/// `V⁴ + (2(RP + XQ) - E²)V² + (R² + X²)(P² + Q²) = 0` (Das, Nagi and Kothari, "Novel method for solving
/// radial distribution networks", IEE Proc. Gener. Transm. Distrib. 141(4), 1994).
fn closed_form(request: &Request, loading: Loading, length_m: f64) -> Option<f64> {
    let base = 240.0 * 240.0 / (loading.capacity.kilo() * 1000.0);
    let r = 0.012 * base + request.line.r_ohm_per_km * length_m / 1000.0;
    let x = 0.017 * base + request.line.x_ohm_per_km * length_m / 1000.0;
    let p = request.consumption.kilo() * 1000.0;
    let q = p * request.premises.power_factor().acos().tan();
    let half = 240.0 * 240.0 / 2.0 - (r * p + x * q);
    let root = half * half - (r * r + x * x) * (p * p + q * q);
    (root >= 0.0).then(|| 100.0 * (half + root.sqrt()).sqrt() / 240.0)
}

#[test]
fn the_drop_is_that_of_a_hand_calculation() {
    // ΔV ≈ I (R cos φ + X sin φ), IEEE Std 141 (Red Book), section 3.11. A transformer of 50 kVA has
    // 0.012 and 0.017 of 240²/50,000 = 1.152 Ω: 13.824 and 19.584 mΩ. 30 m of 4/0 aluminium have
    // 0.0984 × 0.20 = 19.685 mΩ and 0.0984 × 0.082 = 8.071 mΩ. 20 kW at 0.95 draw 87.72 A:
    // transformer 87.72 × (13.824 × 0.95 + 19.584 × 0.3122) mΩ = 1.688 V,
    // drop 87.72 × (19.685 × 0.95 + 8.071 × 0.3122) mΩ = 1.862 V; together 3.550 V, 1.479 % of 240 V.
    // The load draws a little more at the lower voltage, hence a tolerance of 0.05 %.
    let request =
        FeasibilityRequest { service_length_m: Some(30.0), ..asked(Kind::Consumer, 20.0, 0.0) };
    let voltage = screen(&checked(&request), loading(50.0, 0.0, 0.0), 500.0);
    let [peak, production] = voltage.scenarios;
    assert!((peak.after.transformer_percent.unwrap() - (100.0 - 0.703)).abs() < 0.05);
    assert!((peak.after.premises_percent.unwrap() - (100.0 - 1.479)).abs() < 0.05);
    assert_eq!(peak.before.premises_percent, Some(100.0));
    assert_eq!(production.after.premises_percent, Some(100.0));
    assert_eq!(voltage.verdict, Verdict::Pass);
}

#[test]
fn generation_lifts_the_voltage_and_load_does_not_count_then() {
    let request =
        FeasibilityRequest { service_length_m: Some(100.0), ..asked(Kind::Prosumer, 5.0, 20.0) };
    let voltage = screen(&checked(&request), loading(100.0, 60.0, 5.0), 500.0);
    let production = voltage.scenarios[1];
    assert_eq!(production.name, Case::FullProduction);
    assert!(production.before.transformer_percent.unwrap() > 100.0);
    assert!(production.after.transformer_percent > production.before.transformer_percent);
    assert!(production.after.premises_percent > production.after.transformer_percent);
    assert!(voltage.scenarios[0].after.premises_percent.unwrap() < 100.0);
}

#[test]
fn verdicts_lie_at_their_limits() {
    let at = |pu: f64| {
        let request = FeasibilityRequest {
            source_voltage_pu: Some(pu),
            service_length_m: Some(0.0),
            ..asked(Kind::Consumer, 0.000_001, 0.0)
        };
        screen(&checked(&request), loading(500.0, 0.0, 0.0), 1.0).verdict
    };
    assert_eq!((at(0.950_001), at(1.05)), (Verdict::Pass, Verdict::Pass));
    assert_eq!((at(0.9499), at(1.0501)), (Verdict::Warn, Verdict::Warn));
    assert_eq!((at(0.9171), at(1.0579)), (Verdict::Warn, Verdict::Warn));
    assert_eq!((at(0.9169), at(1.0581)), (Verdict::Fail, Verdict::Fail));
}

#[test]
fn a_line_that_cannot_carry_the_load_fails_without_a_voltage() {
    let request = FeasibilityRequest {
        service_length_m: Some(20_000.0),
        ..asked(Kind::Consumer, 200.0, 0.0)
    };
    let request = checked(&request);
    let voltage = screen(&request, loading(500.0, 0.0, 0.0), 1.0);
    assert_eq!(voltage.verdict, Verdict::Fail);
    assert_eq!(voltage.scenarios[0].after.premises_percent, None);
    assert!(hopeless(&request, 1.0));
}

#[test]
fn the_service_drop_is_as_long_as_the_distance_and_at_least_ten_metres() {
    let request = checked(&asked(Kind::Consumer, 20.0, 0.0));
    let loading = loading(50.0, 0.0, 0.0);
    let ten = screen(
        &FeasibilityRequest { service_length_m: Some(10.0), ..asked(Kind::Consumer, 20.0, 0.0) }
            .check(Conductor::USUAL)
            .unwrap(),
        loading,
        1.0,
    );
    assert_eq!(screen(&request, loading, 3.0), ten);
    let far = screen(&request, loading, 300.0).scenarios[0].after.premises_percent;
    assert!(far < ten.scenarios[0].after.premises_percent);
}

#[test]
fn what_cannot_be_asked_is_named() {
    let good = asked(Kind::Prosumer, 15.0, 8.0);
    let cases = [
        ("latitude", FeasibilityRequest { latitude: 90.1, ..good.clone() }),
        ("latitude", FeasibilityRequest { latitude: f64::NAN, ..good.clone() }),
        ("longitude", FeasibilityRequest { longitude: -180.1, ..good.clone() }),
        ("requested_consumption_kW", asked(Kind::Prosumer, -1.0, 8.0)),
        ("requested_consumption_kW", asked(Kind::Prosumer, 0.0, 0.0)),
        ("requested_consumption_kW", asked(Kind::Consumer, f64::INFINITY, 0.0)),
        ("requested_production_kW", asked(Kind::Prosumer, 1.0, -0.5)),
        ("requested_production_kW", asked(Kind::Consumer, 1.0, 0.5)),
        ("service_length_m", FeasibilityRequest { service_length_m: Some(-1.0), ..good.clone() }),
        (
            "service_r_ohm_per_km",
            FeasibilityRequest { service_r_ohm_per_km: Some(-1.0), ..good.clone() },
        ),
        ("source_voltage_pu", FeasibilityRequest { source_voltage_pu: Some(0.0), ..good.clone() }),
    ];
    for (field, request) in cases {
        let fault = request.check(Conductor::USUAL).unwrap_err();
        assert_eq!(fault.field.as_deref(), Some(field), "{request:?}");
    }
    assert!(good.check(Conductor::USUAL).is_ok());
    assert!(asked(Kind::Prosumer, 0.0, 8.0).check(Conductor::USUAL).is_ok());
}

#[test]
fn distances_are_those_of_the_globe() {
    let place = |latitude, longitude| Place { latitude, longitude };
    // A degree of a great circle is 111.195 km.
    assert!((place(0.0, 0.0).distance_m(place(0.0, 1.0)) - 111_195.08).abs() < 0.1);
    assert!((place(0.0, 179.5).distance_m(place(0.0, -179.5)) - 111_195.08).abs() < 0.1);
    assert!((place(90.0, 0.0).distance_m(place(-90.0, 77.0)) - 20_015_114.4).abs() < 1.0);
}

#[test]
fn bounds_may_lie_across_the_date_line() {
    let bounds = Bounds { south: -10.0, west: 170.0, north: 10.0, east: -170.0 };
    let holds = |longitude| bounds.contains(Place { latitude: 0.0, longitude });
    assert!(holds(175.0) && holds(-175.0) && !holds(0.0));
    assert_eq!((bounds.width(), bounds.middle().longitude), (20.0, 180.0));
}

#[test]
fn the_usual_conductor_is_in_the_table() {
    assert_eq!(Conductor::named("4/0-al"), Some(Conductor::USUAL));
    assert!((Conductor::USUAL.line().r_ohm_per_km - 0.2 / 0.3048).abs() < 1e-12);
    assert_eq!(Conductor::named("string"), None);
}

#[test]
fn a_reason_is_answered_in_english_alone_and_read_again_as_the_sentence_that_it_is() {
    let reason = Reason::from(Failure::Voltage.reason());
    let answered = serde_json::to_value(&reason).unwrap();
    assert_eq!(answered, "Voltage at the premises would leave the permitted range");
    assert_eq!(serde_json::from_value::<Reason>(answered).unwrap(), reason);
    let other = serde_json::from_value::<Reason>("by hand".into()).unwrap();
    assert!(other.0.is_foreign());
}
