mod agreement;
mod follow;
mod live;
mod reported;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::Field;
use crate::energy::interval::{Quarantined, Question};
use crate::live::Status;
use crate::message::Message;
use crate::meters::{LoadRole, Meter, MeterType, PhaseType};
use crate::readings::channel::{Channel, ChannelQuality, MeterChannels};
use crate::simulation::EventKind;

fn start() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn meter() -> Meter {
    Meter {
        id: MeterId(1),
        site: SiteId(1),
        number: "GRID-001".into(),
        name: "Main Grid".into(),
        meter_type: MeterType::from("Grid"),
        level: 0,
        parent: None,
        feeds_parent: false,
        area: None,
        location: None,
        load_role: LoadRole::Grid,
        phase_type: Some(PhaseType::Three),
        rated_power_kw: None,
        accuracy_class: None,
        register_modulus_kwh: None,
        register_step_kwh: None,
        import_register: None,
        diesel_register: crate::meters::DieselRegister::Increment,
        latitude: None,
        longitude: None,
        installed_at: None,
        retired_at: None,
        placed_by: crate::meters::PlacedBy::Person,
        adds: Vec::new(),
        channel_prefix: None,
    }
}

fn rule(terms: Terms) -> Rule {
    Rule { id: RuleId(1), site: SiteId(1), meter: None, terms }
}

fn shown(values: &[(Name, f64)]) -> MeterChannels {
    let channel = |&(name, value): &(Name, f64)| Channel {
        name,
        value,
        at: start(),
        quality: ChannelQuality::Good,
        reason: None,
        derived: false,
    };
    MeterChannels {
        meter: MeterId(1),
        prefix: "grid".into(),
        at: Some(start()),
        quality: ChannelQuality::Good,
        reason: None,
        channels: values.iter().map(channel).collect(),
    }
}

/// What an alarm says in English.
fn said(terms: &Terms, measured: &Measured) -> String {
    about(terms, "EUR", measured).message
}

/// What a rule finds at a meter that is online and shows these values.
fn found(terms: &Terms, values: &[(Name, f64)]) -> Measured {
    let (meter, channels) = (meter(), shown(values));
    let seen = Seen { status: Status::Online, channels: Some(&channels), ..Seen::nothing(&meter) };
    measure(&rule(terms.clone()), &seen)
}

fn powers(watts: [f64; 3]) -> Vec<(Name, f64)> {
    [Name::ActivePowerL1, Name::ActivePowerL2, Name::ActivePowerL3].into_iter().zip(watts).collect()
}

#[test]
fn the_grid_meter_of_the_channel_guide_is_imbalanced_and_exports_on_two_phases() {
    let values = powers([15_000.0, -3_000.0, -2_000.0]);
    let terms = Kind::PhaseImbalance.usual();
    let imbalance = found(&terms, &values);
    // L1 is 11,667 W off the mean of 3,333 W.
    assert!((imbalance.value.unwrap() - 350.0).abs() < 1e-9, "{imbalance:?}");
    assert_eq!((imbalance.position, imbalance.phase), (Position::Beyond, Some(1)));
    assert_eq!(said(&terms, &imbalance), "L1 is 350 % off the mean of the phases, limit 20 %");
    let terms = Kind::PhaseExport.usual();
    let export = found(&terms, &values);
    assert_eq!((export.position, export.value), (Position::Beyond, Some(3_000.0)));
    assert_eq!(said(&terms, &export), "L2 exports 3,000 W, limit 50 W");
    assert_eq!(title(&terms, "EUR").message, "Export on a phase above 50 W");
}

#[test]
fn even_phases_and_idle_meters_are_no_alarm() {
    let position = |watts| found(&Kind::PhaseImbalance.usual(), &powers(watts)).position;
    assert_eq!(position([1_000.0, 1_100.0, 1_050.0]), Position::Within);
    assert_eq!(position([10.0, 200.0, 0.0]), Position::Within, "an idle meter");
    assert_eq!(position([5_000.0, -5_000.0, 0.0]), Position::Beyond, "phases that cancel out");
    let one = [(Name::ActivePowerL1, 5_000.0)];
    assert_eq!(found(&Kind::PhaseImbalance.usual(), &one).position, Position::Unknown);
}

#[test]
fn voltage_and_frequency_are_held_against_the_nearest_usual_value() {
    let volts = |volts: f64| found(&Kind::Voltage.usual(), &[(Name::VoltageL2, volts)]);
    assert_eq!((volts(252.0).position, volts(252.0).nominal), (Position::Between, Some(230.0)));
    assert_eq!(volts(254.0).position, Position::Beyond);
    assert_eq!(volts(206.0).phase, Some(2));
    assert_eq!(volts(206.0).position, Position::Beyond);
    assert_eq!((volts(118.0).position, volts(118.0).nominal), (Position::Within, Some(120.0)));
    assert_eq!(volts(0.0).position, Position::Beyond, "a dead phase");
    let lines = [(Name::VoltageL12, 400.0), (Name::VoltageL23, 350.0)];
    assert_eq!(found(&Kind::Voltage.usual(), &lines).position, Position::Beyond);
    let stated = Terms { nominal: Some(277.0), ..Kind::Voltage.usual() };
    assert_eq!(found(&stated, &[(Name::VoltageL1, 277.0)]).position, Position::Within);
    let hertz = |hertz: f64| found(&Kind::Frequency.usual(), &[(Name::Frequency, hertz)]).position;
    assert_eq!(
        [hertz(50.1), hertz(50.6), hertz(59.3)],
        [Position::Within, Position::Beyond, Position::Beyond]
    );
}

#[test]
fn a_threshold_takes_any_channel_on_either_side() {
    let limits = |direction, raise, clear| Some(Limits { direction, raise, clear });
    let terms = Terms {
        channel: Some(Name::ActivePower),
        limits: limits(Direction::Above, 20_000.0, 18_000.0),
        ..Kind::Threshold.usual()
    };
    let at = |watts| found(&terms, &[(Name::ActivePower, watts)]).position;
    assert_eq!(
        [at(20_001.0), at(20_000.0), at(18_000.0)],
        [Position::Beyond, Position::Between, Position::Within]
    );
    let measured = found(&terms, &[(Name::ActivePower, 21_500.0)]);
    assert_eq!(said(&terms, &measured), "Active power is 21.5 kW, above 20 kW");
    let below = Terms { limits: limits(Direction::Below, 100.0, 150.0), ..terms };
    assert_eq!(found(&below, &[(Name::ActivePower, 99.0)]).position, Position::Beyond);
    assert_eq!(found(&below, &[]).position, Position::Unknown, "nothing is known");
}

#[test]
fn the_power_factor_of_an_idle_meter_says_nothing() {
    let at = |factor, watts| {
        let values = [(Name::PowerFactor, factor), (Name::ActivePower, watts)];
        found(&Kind::PowerFactor.usual(), &values).position
    };
    assert_eq!(at(-0.7, -9_000.0), Position::Beyond);
    assert_eq!(at(0.7, 30.0), Position::Within);
}

#[test]
fn the_connection_is_judged_by_its_state() {
    let (meter, reason) = (meter(), Message::foreign("connection refused"));
    let position = |kind: Kind, status| {
        let seen = Seen { status, reason: Some(&reason), ..Seen::nothing(&meter) };
        let measured = measure(&rule(kind.usual()), &seen);
        assert_eq!(measured.reasons.as_slice(), std::slice::from_ref(&reason));
        measured.position
    };
    assert_eq!(position(Kind::Offline, Status::Error), Position::Beyond);
    assert_eq!(position(Kind::Offline, Status::None), Position::Unknown);
    assert_eq!(position(Kind::Stale, Status::Stale), Position::Beyond);
    assert_eq!(position(Kind::Stale, Status::Offline), Position::Unknown);
    assert_eq!(position(Kind::Stale, Status::Online), Position::Within);
}

#[test]
fn diesel_is_what_was_filled_in_less_what_was_burnt() {
    let tank = Some(Tank { litres: 500.0, filled_at: start() });
    let terms = Terms { tank, ..Kind::DieselLow.usual() };
    let meter = meter();
    let left = |used| {
        let seen = Seen { diesel_used_l: used, ..Seen::nothing(&meter) };
        measure(&rule(terms.clone()), &seen)
    };
    assert_eq!(left(Some(410.0)).position, Position::Beyond);
    assert_eq!(said(&terms, &left(Some(410.0))), "18 % of 500 L of diesel is left, limit 20 %");
    assert_eq!(left(Some(100.0)).position, Position::Within);
    assert_eq!(left(Some(900.0)).value, Some(0.0));
    assert_eq!(left(None).position, Position::Unknown);
}

#[test]
fn export_is_watched_where_the_site_meets_the_grid() {
    let rule = rule(Kind::PhaseExport.usual());
    assert!(rule.is_about(&meter()));
    let solar =
        Meter { meter_type: MeterType::from("Solar"), load_role: LoadRole::Solar, ..meter() };
    assert!(!rule.is_about(&solar));
    assert!(
        Rule { meter: Some(solar.id), ..rule }.is_about(&solar),
        "a meter that is named counts"
    );
}

#[test]
fn terms_that_cannot_be_are_named() {
    let limits = |direction, raise, clear| Some(Limits { direction, raise, clear });
    let field = |terms: Terms| terms.check().err().map(|invalid| invalid.field);
    let threshold = Terms {
        channel: Some(Name::ActivePower),
        limits: limits(Direction::Above, 10.0, 9.0),
        ..Kind::Threshold.usual()
    };
    assert_eq!(field(threshold.clone()), None);
    assert_eq!(field(Terms { channel: None, ..threshold.clone() }), Some("channel"));
    assert_eq!(field(Terms { limits: None, ..threshold.clone() }), Some("raise"));
    let above = limits(Direction::Above, 10.0, 11.0);
    assert_eq!(field(Terms { limits: above, ..threshold.clone() }), Some("clear"));
    let below = limits(Direction::Below, 10.0, 9.0);
    assert_eq!(field(Terms { limits: below, ..threshold.clone() }), Some("clear"));
    assert_eq!(field(Terms { limits: below, ..Kind::Voltage.usual() }), Some("direction"));
    assert_eq!(field(Terms { limits: above, ..Kind::Offline.usual() }), Some("raise"));
    let wrong = limits(Direction::Below, 1.2, 1.3);
    assert_eq!(field(Terms { limits: wrong, ..Kind::PowerFactor.usual() }), Some("raise"));
    let not_a_number = limits(Direction::Above, f64::NAN, 1.0);
    assert_eq!(field(Terms { limits: not_a_number, ..threshold.clone() }), Some("raise"));
    assert_eq!(field(Terms { nominal: Some(50.0), ..threshold.clone() }), Some("nominal"));
    assert_eq!(field(Kind::DieselLow.usual()), Some("tankLitres"));
    assert_eq!(field(Terms { delay_s: 86_401, ..threshold }), Some("delaySeconds"));
    for kind in Kind::ALL.iter().filter(|k| !matches!(k, Kind::Threshold | Kind::DieselLow)) {
        let needs_limit = kind.has_limits() && kind.usual().limits.is_none();
        assert_eq!(field(kind.usual()), needs_limit.then_some("raise"), "{kind:?}");
    }
}

const DELAY: TimeDelta = TimeDelta::seconds(20);

fn run(positions: &[Position]) -> Vec<(usize, Change)> {
    let mut phase = Phase::Quiet;
    let mut changes = Vec::new();
    for (second, position) in (0..).zip(positions) {
        let at = start() + TimeDelta::seconds(second);
        let (next, change) = step(phase, *position, at, (DELAY, DELAY));
        phase = next;
        changes.extend(change.map(|change| (usize::try_from(second).unwrap(), change)));
    }
    changes
}

#[test]
fn an_alarm_is_raised_after_its_delay_and_cleared_after_its_delay() {
    let positions = [vec![Position::Beyond; 60], vec![Position::Within; 60]].concat();
    assert_eq!(run(&positions), [(20, Change::Raised), (80, Change::Cleared)]);
}

#[test]
fn a_figure_that_was_not_beyond_for_long_enough_is_forgotten() {
    let burst = [vec![Position::Beyond; 19], vec![Position::Between]].concat();
    assert_eq!(run(&burst.repeat(5)), []);
    let gap = [vec![Position::Beyond; 19], vec![Position::Unknown]].concat();
    assert_eq!(run(&gap.repeat(5)), []);
}

#[test]
fn a_clock_that_was_set_back_does_not_hold_an_alarm_up() {
    let (phase, _) = step(Phase::Quiet, Position::Beyond, start(), (DELAY, DELAY));
    let back = start() - TimeDelta::days(1);
    let (phase, change) = step(phase, Position::Beyond, back, (DELAY, DELAY));
    assert_eq!((phase, change), (Phase::Rising(back), None));
    let (_, change) = step(phase, Position::Beyond, back + DELAY, (DELAY, DELAY));
    assert_eq!(change, Some(Change::Raised));
}

fn any_position() -> impl Strategy<Value = Position> {
    prop_oneof![
        Just(Position::Beyond),
        Just(Position::Between),
        Just(Position::Within),
        Just(Position::Unknown),
    ]
}

proptest! {
    /// Alarms alternate: one is raised only while none is open, and cleared only while one is.
    #[test]
    fn of_one_rule_and_meter_at_most_one_alarm_is_open(
        positions in prop::collection::vec((any_position(), 0_i64..40), 0..200),
    ) {
        let (mut phase, mut at, mut open) = (Phase::Quiet, start(), false);
        for (position, seconds) in positions {
            at += TimeDelta::seconds(seconds);
            let (next, change) = step(phase, position, at, (DELAY, DELAY));
            match change {
                Some(Change::Raised) => { prop_assert!(!open); open = true; }
                Some(Change::Cleared) => { prop_assert!(open); open = false; }
                None => {}
            }
            prop_assert_eq!(next.is_open(), open);
            phase = next;
        }
    }

    /// However a figure moves between the limits, nothing is raised or cleared by it.
    #[test]
    fn nothing_flaps_between_the_limits(
        values in prop::collection::vec(15.0..=20.0_f64, 1..300),
        was_open in any::<bool>(),
    ) {
        let limits = Kind::PhaseImbalance.usual().limits.unwrap();
        let mut phase = if was_open { Phase::Raised } else { Phase::Quiet };
        for (second, value) in (0..).zip(values) {
            // On the lower limit itself it is within.
            let position = limits.position(value.max(15.000_001));
            let at = start() + TimeDelta::seconds(second);
            let (next, change) = step(phase, position, at, (TimeDelta::zero(), TimeDelta::zero()));
            prop_assert_eq!(change, None);
            phase = next;
        }
        prop_assert_eq!(phase.is_open(), was_open);
    }

    /// Between raising and clearing lies at least the delay, whatever the figure does.
    #[test]
    fn changes_are_at_least_a_delay_apart(positions in prop::collection::vec(any_position(), 0..400)) {
        let changes = run(&positions);
        for pair in changes.windows(2) {
            prop_assert!(pair[1].0 - pair[0].0 > 20);
        }
    }
}
