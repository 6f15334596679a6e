use std::collections::HashMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::message::Message;
use crate::meters::hierarchy::tests::meter;
use crate::meters::{ImportRegister, Meter, PhaseType};
use crate::readings::unread::Unread;
use crate::{Quality, Reading, Source, Values};

/// What a meter in these tests is allowed to be quiet.
const LIMIT: TimeDelta = TimeDelta::seconds(15);

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn reading(second: i64, values: &[(Field, f64)]) -> Reading {
    let mut all = Values::default();
    for &(field, value) in values {
        all.set(field, Some(value));
    }
    Reading {
        meter: MeterId(1),
        at: at(second),
        quality: Quality::Good,
        source: Source::Modbus,
        values: all,
    }
}

fn latest(readings: &[Reading]) -> Latest {
    let mut all = HashMap::new();
    for reading in readings {
        Latest::take_into(&mut all, reading.clone());
    }
    all.remove(&MeterId(1)).unwrap()
}

fn made_of(meter: &Meter, readings: &[Reading], connection: Connection) -> MeterChannels {
    let latest = latest(readings);
    let now = latest.newest().at;
    channels(&ChannelSource { meter, latest: Some(&latest), connection, limit: LIMIT, now })
}

fn made(readings: &[Reading]) -> MeterChannels {
    made_of(&meter(1, None, 0, "Grid"), readings, Connection::Works)
}

fn value(made: &MeterChannels, name: Name) -> Option<(f64, bool)> {
    made.get(name).map(|channel| (channel.value, channel.derived))
}

#[test]
fn names_are_read_as_they_are_written_and_stand_in_the_order_of_their_table() {
    for (place, &name) in Name::ALL.iter().enumerate() {
        assert_eq!(Name::parse(name.as_str()), Some(name));
        assert_eq!(name as usize, place);
        assert_eq!(serde_json::to_value(name).unwrap(), name.as_str());
    }
    assert_eq!(Name::ALL.len(), 26);
    assert_eq!(Name::parse("ActivePowerKw"), None);
}

#[test]
fn a_power_factor_that_a_meter_measures_is_its_channel() {
    let b23 = crate::devices::profile::find("abb-b23").unwrap();
    let read: Vec<_> = b23.examples[0].values.present().collect();
    let made = made(&[reading(0, &read)]);
    assert_eq!(value(&made, Name::PowerFactor), Some((-0.956, false)));
}

#[test]
fn phases_of_fifteen_minus_three_and_minus_two_kilowatts_import_ten() {
    let phases = [
        (Field::ActivePowerL1Kw, 15.0),
        (Field::ActivePowerL2Kw, -3.0),
        (Field::ActivePowerL3Kw, -2.0),
    ];
    let made = made(&[reading(0, &phases)]);
    assert_eq!(value(&made, Name::ActivePower), Some((10_000.0, true)));
    assert_eq!(value(&made, Name::ActivePowerL2), Some((-3_000.0, false)));
    assert_eq!(made.good(Name::ActivePowerL1), Some(15_000.0));
    assert_eq!((made.prefix.as_str(), made.quality), ("m-001", ChannelQuality::Good));
}

#[test]
fn what_a_virtual_meter_shows_is_computed() {
    let point = reading(0, &[(Field::ActivePowerKw, 1.0)]);
    let made = made(&[Reading { quality: Quality::Derived, ..point }]);
    assert_eq!(value(&made, Name::ActivePower), Some((1_000.0, true)));
}

#[test]
fn two_of_three_phases_are_no_sum_but_the_one_of_a_single_phase_meter_is() {
    let one = [reading(0, &[(Field::ReactivePowerL1Kvar, 1.5)])];
    assert_eq!(value(&made(&one), Name::ReactivePower), None);
    let single = Meter { phase_type: Some(PhaseType::Single), ..meter(1, None, 0, "Grid") };
    let made = made_of(&single, &one, Connection::Works);
    assert_eq!(value(&made, Name::ReactivePower), Some((1_500.0, true)));
}

#[test]
fn apparent_power_is_the_vector_sum_and_the_factor_has_the_sign_of_the_power() {
    let made =
        made(&[reading(0, &[(Field::ActivePowerKw, -3.0), (Field::ReactivePowerKvar, 4.0)])]);
    assert_eq!(value(&made, Name::ApparentPower), Some((5_000.0, true)));
    assert_eq!(value(&made, Name::PowerFactor), Some((-0.6, true)));
}

#[test]
fn without_reactive_power_volts_and_amperes_give_the_apparent_power() {
    let phases = [
        (Field::ActivePowerKw, 6.9),
        (Field::VoltageL1, 230.0),
        (Field::VoltageL2, 230.0),
        (Field::VoltageL3, 230.0),
        (Field::CurrentL1, 10.0),
        (Field::CurrentL2, 10.0),
        (Field::CurrentL3, 20.0),
    ];
    let made = made(&[reading(0, &phases)]);
    assert_eq!(value(&made, Name::ApparentPower), Some((9_200.0, true)));
    assert_eq!(value(&made, Name::PowerFactor), Some((0.75, true)));
}

#[test]
fn what_the_meter_says_counts_before_what_could_be_computed_until_it_is_old() {
    let said = reading(
        0,
        &[
            (Field::ActivePowerKw, 3.0),
            (Field::ReactivePowerKvar, 4.0),
            (Field::ApparentPowerKva, 5.1),
        ],
    );
    let unsaid =
        |second| reading(second, &[(Field::ActivePowerKw, 6.0), (Field::ReactivePowerKvar, 8.0)]);
    let fresh = made(&[said.clone(), unsaid(15)]);
    assert_eq!(value(&fresh, Name::ApparentPower), Some((5_100.0, false)));
    assert_eq!(fresh.get(Name::ApparentPower).unwrap().at, at(0));
    let old = made(&[said, unsaid(16)]);
    assert_eq!(value(&old, Name::ApparentPower), Some((10_000.0, true)));
}

#[test]
fn active_and_apparent_power_that_contradict_each_other_have_no_factor() {
    let with = |apparent| {
        let values = [(Field::ActivePowerKw, 3.0), (Field::ApparentPowerKva, apparent)];
        value(&made(&[reading(0, &values)]), Name::PowerFactor)
    };
    assert_eq!(with(2.9), None);
    assert_eq!(with(2.99), Some((1.0, true)), "rounding is no contradiction");
    assert_eq!(with(0.0), None);
}

#[test]
fn net_energy_needs_both_registers_of_one_instant() {
    let import = (Field::EnergyImportKwh, 120.0);
    let export = (Field::EnergyExportKwh, 20.5);
    let together = made(&[reading(0, &[import, export])]);
    assert_eq!(value(&together, Name::EnergyNet), Some((99.5, true)));
    let apart = made(&[reading(0, &[import]), reading(1, &[export])]);
    assert_eq!(value(&apart, Name::EnergyNet), None);
    assert_eq!(value(&apart, Name::EnergyImport), Some((120.0, false)));
}

#[test]
fn a_meter_that_counts_in_its_total_register_imports_what_that_says() {
    let values = [(Field::TotalEnergyKwh, 7.0), (Field::EnergyImportKwh, 5.0)];
    let counts_in = |register| {
        let meter = Meter { import_register: register, ..meter(1, None, 0, "Grid") };
        value(&made_of(&meter, &[reading(0, &values)], Connection::Works), Name::EnergyImport)
    };
    assert_eq!(counts_in(Some(ImportRegister::Total)), Some((7.0, false)));
    assert_eq!(counts_in(Some(ImportRegister::Import)), Some((5.0, false)));
    assert_eq!(counts_in(None), Some((5.0, false)));
    let only_total = made(&[reading(0, &values[..1])]);
    assert_eq!(value(&only_total, Name::EnergyImport), Some((7.0, false)));
}

#[test]
fn a_ramp_of_half_a_hertz_a_second_takes_five_samples() {
    let ramp: Vec<_> = (0..5_i32)
        .map(|n| reading(n.into(), &[(Field::FrequencyHz, 49.0 + 0.5 * f64::from(n))]))
        .collect();
    assert_eq!(value(&made(&ramp[..4]), Name::FrequencyRocof), None);
    let made = made(&ramp);
    let rate = made.get(Name::FrequencyRocof).unwrap();
    assert!((rate.value - 0.5).abs() < 1e-9 && rate.derived, "{rate:?}");
    assert_eq!((rate.at, rate.name.unit()), (at(4), "Hz/s"));
}

#[test]
fn samples_of_long_ago_tell_no_rate_of_change() {
    let sparse: Vec<_> = (0..9).map(|n| reading(n * 20, &[(Field::FrequencyHz, 50.0)])).collect();
    assert_eq!(value(&made(&sparse), Name::FrequencyRocof), None);
}

#[test]
fn quality_says_why_a_value_cannot_be_trusted() {
    use ChannelQuality::{Error, Good, Stale};
    let grid = meter(1, None, 0, "Grid");
    let power = [(Field::ActivePowerKw, 1.0)];
    let of = |quality, connection, age| {
        let latest = latest(&[Reading { quality, ..reading(0, &power) }]);
        let of = ChannelSource {
            meter: &grid,
            latest: Some(&latest),
            connection,
            limit: LIMIT,
            now: at(age),
        };
        let made = channels(&of);
        let channel = made.get(Name::ActivePower).unwrap().clone();
        assert_eq!((made.quality, &made.reason), (channel.quality, &channel.reason));
        (channel.quality, channel.reason.map(|reason| reason.message).unwrap_or_default())
    };
    let works = || Connection::Works;
    let offline = Connection::Offline(Some(Message::foreign("the broker says offline")));
    assert_eq!(of(Quality::Good, works(), 15), (Good, String::new()));
    assert_eq!(of(Quality::Derived, works(), 15), (Good, String::new()));
    assert_eq!(of(Quality::Good, works(), 16), (Stale, "no new value for more than 15 s".into()));
    assert_eq!(of(Quality::Good, offline, 0), (Stale, "the broker says offline".into()));
    assert_eq!(of(Quality::Estimated, works(), 0).0, Stale);
    assert_eq!(of(Quality::Error, works(), 0).0, Error);
    let failed = Connection::Failed(Some(Message::foreign("exception 2 at register 40")));
    assert_eq!(of(Quality::Good, failed, 0), (Error, "exception 2 at register 40".into()));
}

#[test]
fn a_meter_that_was_never_read_says_so_and_has_no_channels() {
    let grid = meter(1, None, 0, "Grid");
    let of = ChannelSource {
        meter: &grid,
        latest: None,
        connection: Connection::Works,
        limit: LIMIT,
        now: at(0),
    };
    let made = channels(&of);
    assert_eq!((made.at, made.quality), (None, ChannelQuality::Stale));
    assert_eq!((made.reason, made.channels.len()), (Some(Unread::Never.into()), 0));
}

#[test]
fn a_prefix_is_made_of_small_letters_and_digits() {
    for fits in ["grid", "grid_main", "m-1", "hall2.line-3", "7"] {
        assert_eq!(check_prefix(fits), Ok(()), "{fits}");
    }
    for refused in ["", "Grid", "a/b", "_a", "a-", "a b", "é", &"a".repeat(64)] {
        assert_eq!(check_prefix(refused), Err(MeterRefusal::Prefix { most: 63 }), "{refused}");
    }
}

/// Readings of a meter that gives all its values together, each with one value throughout.
fn whole(second: i64) -> Reading {
    let value = f64::from(i32::try_from(second).unwrap());
    let all: Vec<_> = Field::ALL.iter().map(|&field| (field, value)).collect();
    reading(second, &all)
}

proptest! {
    #[test]
    fn channels_of_whole_readings_are_all_of_the_newest(
        seconds in proptest::collection::vec(1_i64..1000, 1..20),
    ) {
        let grid = meter(1, None, 0, "Grid");
        let mut all = HashMap::new();
        let mut newest = 0;
        for second in seconds {
            newest = newest.max(second);
            Latest::take_into(&mut all, whole(second));
            let of = ChannelSource {
                meter: &grid,
                latest: all.get(&MeterId(1)),
                connection: Connection::Works,
                limit: LIMIT,
                now: at(newest),
            };
            let stored = f64::from(i32::try_from(newest).unwrap());
            for channel in channels(&of).channels {
                let expected = match channel.name {
                    Name::EnergyNet => 0.0,
                    name => stored * name.scale(),
                };
                prop_assert_eq!((channel.value, channel.at), (expected, at(newest)));
            }
        }
    }

    #[test]
    fn of_partial_readings_in_any_order_the_newest_of_each_field_stays(
        rows in proptest::collection::btree_map(
            0_i64..500, proptest::collection::btree_set(0_usize..28, 1..6), 1..30,
        ),
        order in any::<proptest::sample::Index>(),
    ) {
        let fields = |row: &std::collections::BTreeSet<usize>| -> Vec<_> {
            row.iter().map(|&n| (Field::ALL[n], 1.0)).collect()
        };
        let mut readings: Vec<_> =
            rows.iter().map(|(&second, row)| reading(second, &fields(row))).collect();
        let turn = order.index(readings.len());
        readings.rotate_left(turn);
        let latest = latest(&readings);
        for &field in Field::ALL {
            let has = |reading: &&Reading| reading.values.get(field).is_some();
            let newest = readings.iter().filter(has).map(|reading| reading.at).max();
            prop_assert_eq!(latest.get(field).map(|held| held.at), newest);
        }
    }

    #[test]
    fn a_straight_ramp_is_found_whatever_the_times_of_its_samples(
        steps in proptest::collection::vec(100_i64..5_000, 5..30),
        slope in -2.0..2.0_f64,
    ) {
        let mut window = FrequencyWindow::default();
        let mut millis = 1_700_000_000_000;
        let start = millis;
        for step in steps {
            millis += step;
            let seconds = f64::from(i32::try_from(millis - start).unwrap()) / 1000.0;
            window.push(DateTime::from_timestamp_millis(millis).unwrap(), 50.0 + slope * seconds);
        }
        let (_, found) = window.slope().unwrap();
        prop_assert!((found - slope).abs() < 1e-6, "{} {}", found, slope);
    }
}
