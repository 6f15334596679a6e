mod demand;
mod refused;

use std::collections::BTreeSet;

use chrono::{Days as DayCount, NaiveDate, NaiveDateTime, TimeDelta};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::MeterId;
use crate::bills::BillLineKind;

fn terms(value: serde_json::Value) -> Terms {
    let terms: Terms = serde_json::from_value(value).unwrap();
    terms.check().unwrap();
    terms
}

fn refused(value: serde_json::Value) -> String {
    serde_json::from_value::<Terms>(value).unwrap().check().unwrap_err().field
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn money(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn import(line: serde_json::Value) -> serde_json::Value {
    let mut line = line;
    line["direction"] = "import".into();
    line
}

/// Quarter-hours of equal energy from an instant on.
fn series(from: &str, count: i32, import_kwh: f64, export_kwh: f64) -> Vec<Quarter> {
    let start = local(from);
    let quarter = |i| {
        let start = start + TimeDelta::minutes(15) * i;
        Quarter::metered(start, import_kwh, export_kwh, 1.0).unwrap()
    };
    (0..count).map(quarter).collect()
}

fn charged(terms: &Terms, currency: &str, days: [&str; 2], quarters: &[Quarter]) -> Charge {
    let parts = parts(terms, quarters, (Decimal::ZERO, Decimal::ZERO));
    let share = MonthShare::of(&(day(days[0])..day(days[1])), &[]);
    charge(terms, currency, share, quarters, &parts)
}

fn total(charge: &Charge) -> Decimal {
    charge.lines.iter().map(|line| line.amount).sum()
}

const JUNE: [&str; 2] = ["2026-06-01", "2026-07-01"];

fn amounts(charge: &Charge) -> Vec<String> {
    charge.lines.iter().map(|line| line.amount.to_string()).collect()
}

#[test]
fn the_most_specific_line_wins_and_times_cross_midnight() {
    let tariff = terms(json!({
        "holidays": ["2026-12-25"],
        "energy": [
            import(json!({"price": "8"})),
            import(json!({"price": "7", "days": "weekend"})),
            import(json!({"price": "9", "fromMonth": 11, "toMonth": 2})),
            import(json!({"price": "5", "fromTime": "22:00", "toTime": "06:00"})),
            import(json!({"price": "4", "days": "holiday", "fromTime": "22:00", "toTime": "06:00"})),
        ],
    }));
    let price = |at: &str| {
        tariff.price_at(local(at), Direction::Import, Decimal::ZERO).unwrap().to_string()
    };
    assert_eq!(price("2026-06-03T12:00:00"), "8");
    assert_eq!(price("2026-06-06T12:00:00"), "7");
    assert_eq!(price("2026-12-05T12:00:00"), "9", "months before days");
    assert_eq!(price("2026-12-05T22:00:00"), "5", "a time range before months");
    assert_eq!(price("2026-12-05T05:45:00"), "5");
    assert_eq!(price("2026-12-05T06:00:00"), "9");
    assert_eq!(price("2026-12-25T23:45:00"), "4");
    assert_eq!(tariff.price_at(local("2026-06-03T12:00:00"), Direction::Export, 0.into()), None);
}

#[test]
fn a_month_is_charged_line_by_line() {
    let tariff = terms(json!({
        "fixedPerMonth": "100", "fixedPerDay": "1.005", "demandPerKw": "2", "taxPercent": "18",
        "energy": [
            import(json!({"price": "5", "toKwh": 100})),
            import(json!({"price": "7.333", "fromKwh": 100})),
            json!({"direction": "export", "price": "3"}),
        ],
    }));
    let mut quarters = series("2026-06-01T00:00:00", 30 * 96, 0.1, 0.01);
    quarters[50] = Quarter::metered(quarters[50].start, 9.0, 0.0, 0.5).unwrap();
    let charge = charged(&tariff, "INR", JUNE, &quarters);
    // 2,879 × 0.1 + 9 = 296.9 kWh; 30 × 1.005 is 30.15; export 28.79; demand 0.4 kW, since the large
    // quarter-hour is half a guess.
    let expected = ["100.00", "30.15", "500.00", "1443.87", "-86.37", "0.80"];
    assert_eq!(amounts(&charge), expected);
    assert_eq!((total(&charge), charge.taxed), (money("1988.45"), money("2074.82")));
    let tax = taxes([(&tariff, charge.taxed)], "INR");
    assert_eq!((tax[0].1.quantity, tax[0].1.amount), (money("2074.82"), money("373.47")));
    let balance = Terms { tax_on: TaxOn::Balance, ..tariff };
    let charge = charged(&balance, "INR", JUNE, &quarters);
    assert_eq!(taxes([(&balance, charge.taxed)], "INR")[0].1.amount, money("357.92"));
}

#[test]
fn halves_are_rounded_to_even_in_the_minor_unit_of_the_currency() {
    let tariff = terms(json!({"fixedPerDay": "0.125"}));
    let paid = |currency: &str, to: &str| {
        total(&charged(&tariff, currency, ["2026-06-01", to], &[])).to_string()
    };
    assert_eq!(paid("EUR", "2026-06-02"), "0.12");
    assert_eq!(paid("EUR", "2026-06-04"), "0.38");
    assert_eq!(paid("KWD", "2026-06-02"), "0.125");
    assert_eq!(paid("JPY", "2026-06-05"), "0");
    assert_eq!(paid("JPY", "2026-06-13"), "2");
}

#[test]
fn half_a_cent_of_a_share_of_a_month_is_half_a_cent() {
    let paid = |price: &str, from: &str, to: &str| {
        let tariff = terms(json!({"fixedPerMonth": price}));
        total(&charged(&tariff, "EUR", [from, to], &[])).to_string()
    };
    // A day of thirty: 3.355. One of twenty-eight: 0.375.
    assert_eq!(paid("100.65", "2026-06-01", "2026-06-02"), "3.36");
    assert_eq!(paid("10.50", "2026-02-03", "2026-02-04"), "0.38");
}

#[test]
fn a_date_that_the_clock_leaves_out_is_no_day_of_its_month() {
    let share = |from, to| {
        let share = MonthShare::of(&(day(from)..day(to)), &[day("2011-12-30")]);
        (share.days, share.of)
    };
    assert_eq!(share("2011-12-01", "2012-01-01"), (30, 30));
    assert_eq!(share("2011-12-01", "2011-12-31"), (29, 30));
    assert_eq!(share("2011-12-31", "2012-01-01"), (1, 30));
}

#[test]
fn a_quarter_hour_is_charged_in_each_block_that_it_crosses() {
    let blocks = terms(json!({"energy": [
        import(json!({"price": "1", "toKwh": 100})),
        import(json!({"price": "2", "fromKwh": 100, "toKwh": 200})),
        import(json!({"price": "3", "fromKwh": 200}))]}));
    for (kwh, expected) in [
        (100.0, vec!["100.00"]),
        (150.0, vec!["100.00", "100.00"]),
        (250.0, vec!["100.00", "200.00", "150.00"]),
    ] {
        let charge = charged(&blocks, "EUR", JUNE, &series("2026-06-01T00:00:00", 1, kwh, 0.0));
        assert_eq!(amounts(&charge), expected, "{kwh} kWh");
    }
}

#[test]
fn netting_prices_the_difference_of_the_month() {
    let tariff = terms(json!({"netting": "month", "energy": [
        import(json!({"price": "5", "toKwh": 10})), import(json!({"price": "7", "fromKwh": 10})),
        json!({"direction": "export", "price": "3"})]}));
    let drawn = series("2026-06-01T00:00:00", 3, 7.0, 0.0);
    let back = series("2026-06-01T00:45:00", 1, 0.0, 8.0);
    let priced = charged(&tariff, "EUR", JUNE, &[&drawn[..], &back].concat());
    assert_eq!(amounts(&priced), ["50.00", "21.00"], "13 of 21 kWh are left");
    let back = series("2026-06-01T00:45:00", 1, 0.0, 31.0);
    let credited = charged(&tariff, "EUR", JUNE, &[&drawn[..], &back].concat());
    assert_eq!(amounts(&credited), ["-30.00"]);
}

#[test]
fn days_are_a_set_and_a_holiday_has_the_price_of_the_first_that_is_there() {
    let price = |days: &[serde_json::Value]| {
        let lines = days.iter().enumerate();
        let line = |(n, days): (usize, &serde_json::Value)| {
            import(json!({"price": (n + 1).to_string(), "days": days}))
        };
        let energy: Vec<_> = lines.map(line).collect();
        let tariff = json!({"holidays": ["2026-10-12"], "energy": energy});
        let tariff: Terms = serde_json::from_value(tariff).unwrap();
        // A Monday.
        let price = tariff.price_at(local("2026-10-12T08:00:00"), Direction::Import, 0.into());
        price.map(|price| price.to_string()).unwrap_or_default()
    };
    let (weekday, weekend, holiday) = (json!("weekday"), json!("weekend"), json!("holiday"));
    let sunday = json!(["sunday"]);
    let all = json!("all");
    let every = [weekday.clone(), all.clone(), weekend.clone(), sunday.clone(), holiday];
    for count in (1..=every.len()).rev() {
        assert_eq!(price(&every[..count]), count.to_string());
    }
    assert_eq!(price(&[json!(["monday"]), json!("saturday")]), "1");
    assert_eq!(price(&[json!(["monday"]), json!("saturday, sunday")]), "2");
    let written =
        |days| serde_json::from_value::<EnergyLine>(import(json!({"price": "1", "days": days})));
    let again = |days| serde_json::to_value(written(days).unwrap()).unwrap()["days"].clone();
    assert_eq!(again(json!(["saturday", "sunday"])), "weekend");
    assert_eq!(again(json!("sunday")), json!(["sunday"]));
    for wrong in [json!([]), json!("sundays"), json!(["monday", "noday"]), json!("")] {
        assert!(written(wrong).is_err());
    }
}

#[test]
fn a_meter_has_its_own_tariff_or_the_sites() {
    let version = |id, name: &str, from: &str, to: Option<&str>, is_default| Version {
        id: TariffId(id),
        name: name.to_owned(),
        site_id: crate::SiteId(1),
        site: "plant".to_owned(),
        currency: "EUR".to_owned(),
        valid_from: day(from),
        valid_to: to.map(day),
        is_default,
        terms: Terms::default(),
    };
    let versions = Versions {
        versions: vec![
            version(1, "Grid", "2026-01-01", Some("2026-04-01"), true),
            version(2, "Grid", "2026-04-01", None, true),
            version(3, "Night", "2026-01-01", None, false),
            version(4, "New", "2027-01-01", Some("2028-01-01"), true),
        ],
        assignments: vec![Assignment {
            meter: MeterId(7),
            tariff: "Night".to_owned(),
            valid_from: day("2026-03-01"),
        }],
    };
    let at = |meter, date| versions.at(meter, day(date)).map(|version| version.id.0);
    assert_eq!(at(None, "2025-12-31"), None);
    assert_eq!(at(None, "2026-03-31"), Some(1));
    assert_eq!(at(Some(MeterId(8)), "2026-04-01"), Some(2));
    assert_eq!(at(Some(MeterId(7)), "2026-02-28"), Some(1));
    assert_eq!(at(Some(MeterId(7)), "2026-03-01"), Some(3));
    assert_eq!(at(None, "2026-12-31"), Some(2), "another default prices from its first day on");
    assert_eq!((at(None, "2027-01-01"), at(None, "2028-01-01")), (Some(4), Some(2)));
}

#[test]
fn only_a_single_price_without_conditions_is_flat() {
    let flat = |line| {
        let terms: Terms = serde_json::from_value(json!({"energy": [import(line)]})).unwrap();
        terms.flat_import()
    };
    assert_eq!(flat(json!({"price": "8.25"})), Some(money("8.25")));
    assert_eq!(flat(json!({"price": "8.25", "fromKwh": 0})), Some(money("8.25")));
    for condition in [json!({"toKwh": 5}), json!({"days": "weekday"}), json!({"fromMonth": 2})] {
        let mut line = condition;
        line["price"] = "1".into();
        assert_eq!(flat(line), None);
    }
}

#[test]
fn terms_come_back_as_they_were_written() {
    let written = json!({"fixedPerMonth": "10", "fixedPerDay": "0", "holidays": ["2026-01-26"],
        "energy": [{"direction": "import", "price": "8.250", "fromKwh": 10.5, "days": "all",
            "fromTime": "22:00", "toTime": "24:00"}],
        "demandPerKw": "0", "taxPercent": "0", "netting": "none"});
    let terms: Terms = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(serde_json::to_value(terms).unwrap(), written);
}

fn any_line() -> impl Strategy<Value = EnergyLine> {
    let time =
        || proptest::option::of((0..96_u8).prop_map(|q| format!("{:02}:{:02}", q / 4, q % 4 * 15)));
    let bound = || proptest::option::of((0..4_u32).prop_map(|n| Decimal::from(n * 10)));
    let days = prop_oneof![
        4 => Just(Days::ALL), 1 => Just(Days::WEEKDAY), 1 => Just(Days::WEEKEND), 1 => Just(Days::HOLIDAY),
        1 => Just(Days::of(chrono::Weekday::Sun)), 1 => Just(Days::of(chrono::Weekday::Tue)),
    ];
    let month = || proptest::option::of(1..=12_u8);
    let direction = prop_oneof![3 => Just(Direction::Import), 1 => Just(Direction::Export)];
    (direction, 0..2_000_u32, bound(), bound(), days, time(), time(), month(), month()).prop_map(
        |(direction, price, from_kwh, to_kwh, days, from, to, from_month, to_month)| EnergyLine {
            direction,
            price: Decimal::new(price.into(), 3),
            from_kwh,
            to_kwh,
            days,
            from_time: from.map(|text| text.parse().unwrap()),
            to_time: to.map(|text| text.parse().unwrap()),
            from_month,
            to_month,
        },
    )
}

/// Terms that keep the rules: of lines drawn by chance, those that fit the ones before.
fn any_terms() -> impl Strategy<Value = Terms> {
    (proptest::collection::vec(any_line(), 1..8), any::<bool>(), 0..30_u32).prop_map(
        |(lines, netting, tax)| {
            let mut terms = Terms {
                holidays: BTreeSet::from([day("2026-06-03")]),
                fixed_per_day: Decimal::new(1, 3),
                demand_per_kw: Decimal::new(1_234, 3),
                tax_percent: tax.into(),
                netting: if netting { Netting::Month } else { Netting::None },
                ..Terms::default()
            };
            terms.energy = [Direction::Import, Direction::Export]
                .map(|way| EnergyLine::flat(way, Decimal::ONE))
                .to_vec();
            for line in lines {
                terms.energy.push(line);
                if terms.check().is_err() {
                    terms.energy.pop();
                }
            }
            terms
        },
    )
}

proptest! {
    #[test]
    fn every_kwh_is_priced_once_and_the_lines_add_up(
        terms in any_terms(),
        energy in proptest::collection::vec((0.0..3.0_f64, 0.0..1.0_f64, 0.8..1.0_f64), 1..400),
        from in 0..20_u64,
    ) {
        let start = local("2026-06-01T00:00:00") + DayCount::new(from);
        let quarters: Vec<_> = energy.iter().zip(0..).map(|((import, export, coverage), i)| {
            Quarter::metered(start + TimeDelta::minutes(15) * i, *import, *export, *coverage).unwrap()
        }).collect();
        let charged = charged(&terms, "EUR", JUNE, &quarters);
        let priced = |wanted: Direction| -> Decimal {
            charged.lines.iter().filter(|line| match line.kind {
                BillLineKind::Import { .. } => wanted == Direction::Import,
                BillLineKind::Export { .. } => wanted == Direction::Export,
                _ => false,
            }).map(|line| line.quantity).sum()
        };
        let free = |wanted: Direction| {
            terms.energy.iter().any(|line| line.direction == wanted && line.price.is_zero())
        };
        let metered = |of: fn(&Quarter) -> Decimal| -> Decimal { quarters.iter().map(of).sum() };
        let (import, export) = (metered(|q| q.import), metered(|q| q.export));
        if terms.netting == Netting::None {
            if !free(Direction::Import) {
                prop_assert_eq!(priced(Direction::Import), import);
            }
            if !free(Direction::Export) {
                prop_assert_eq!(priced(Direction::Export), export);
            }
        } else if !free(Direction::Import) && !free(Direction::Export) {
            let left = priced(Direction::Import)
                - priced(Direction::Export);
            prop_assert_eq!(left, import - export);
        }
    }

    #[test]
    fn the_price_of_a_moment_is_the_only_one_of_its_rank(
        terms in any_terms(),
        quarter in 0..(365 * 96),
        so_far in 0..500_u32,
    ) {
        let at = local("2026-01-01T00:00:00") + TimeDelta::minutes(15) * quarter;
        let so_far = Decimal::new(so_far.into(), 1);
        for direction in [Direction::Import, Direction::Export] {
            let Some(price) = terms.price_at(at, direction, so_far) else { continue };
            let chosen = terms.line_at(terms.moment(at), direction, so_far).unwrap();
            prop_assert_eq!(price, chosen.1.price);
            let mut others = terms.clone();
            others.energy.remove(chosen.0);
            let next = others.line_at(others.moment(at), direction, so_far);
            let order = |line: &EnergyLine| (line.holds_at(terms.moment(at)), line.rank());
            prop_assert!(next.is_none_or(|(_, line)| order(line) < order(chosen.1)));
        }
    }
}
