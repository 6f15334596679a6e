//! Plants whose days are not plain.

use domain::Values;
use domain::meters::PhaseType;

use super::{Meter, Noon, Plant};

#[expect(clippy::unnecessary_wraps, reason = "a meter that is always read shows so")]
fn total(kwh: f64) -> Option<Values> {
    Some(Values { total_energy_kwh: Some(kwh), ..Values::default() })
}

#[expect(clippy::unnecessary_wraps, reason = "a meter that is always read shows so")]
fn both(import: f64, export: f64) -> Option<Values> {
    Some(Values {
        energy_import_kwh: Some(import),
        energy_export_kwh: Some(export),
        ..Values::default()
    })
}

fn grid(shows: fn(f64) -> Option<Values>) -> Meter {
    Meter::new("GRID", "Grid", None, shows)
}

fn load(number: &'static str, above: &'static str, shows: fn(f64) -> Option<Values>) -> Meter {
    Meter::new(number, "Unit", above, shows)
}

pub(crate) fn all() -> Vec<Plant> {
    vec![
        fuel(),
        roof(),
        doubt(),
        exchanged(),
        set_back(),
        silent(),
        late(),
        net(),
        young(),
        moved(),
        rehung(),
        handed_over(),
        shed(),
        blocks(),
        computed(),
        unbelieved(),
        alone(),
        since_yesterday(),
    ]
}

/// A generator with litres for its first six hours, half an hour off Greenwich.
fn fuel() -> Plant {
    let burns = |hours: f64| {
        let is_noted = hours.fract() == 0.0 && (1.0..=6.0).contains(&hours);
        let litres = is_noted.then_some(8.0);
        let values = both(30.0 * hours, 0.0)?;
        Some(Values { diesel_consumption_liters: litres, ..values })
    };
    let plant = Plant::new(
        "fuel",
        vec![
            grid(|hours| total(60.0 * hours)),
            Meter::new("DG", "DG", "GRID", burns).with(|new| new.feeds_parent = true),
            load("LOAD", "GRID", |hours| total(85.0 * hours)),
        ],
    );
    Plant { zone: "Asia/Kolkata", ..plant }
}

/// A roof that counts in its export register, and a meter of the grid's below another.
fn roof() -> Plant {
    Plant::new(
        "roof",
        vec![
            grid(|hours| both(40.0 * hours, 5.0 * hours)),
            Meter::new("SUB", "Grid", "GRID", |hours| total(10.0 * hours)),
            Meter::new("ROOF", "Solar", "GRID", |hours| both(0.0, 20.0 * hours)),
            load("LOAD", "GRID", |hours| total(43.0 * hours)),
        ],
    )
}

/// A step that cannot be true, in the morning.
fn doubt() -> Plant {
    let jumps = |hours: f64| total(90.0 * hours + if hours < 10.5 { 0.0 } else { 8000.0 });
    Plant::new(
        "doubt",
        vec![
            grid(|hours| total(100.0 * hours)),
            load("LOAD", "GRID", jumps).with(|new| new.rated_power_kw = Some(100.0)),
        ],
    )
}

/// A meter that is replaced at noon.
fn exchanged() -> Plant {
    let plant = Plant::new(
        "exchanged",
        vec![
            grid(|hours| total(100.0 * hours)),
            load("LOAD", "GRID", |hours| {
                total(if hours < 12.0 { 90.0 * hours } else { 90.0 * (hours - 12.0) })
            }),
        ],
    );
    Plant { noon: Noon::Exchange, ..plant }
}

/// A meter whose register began anew in the morning.
fn set_back() -> Plant {
    let register = |hours: f64| total(90.0 * if hours < 2.0 { hours } else { hours - 2.0 });
    Plant::new("set-back", vec![grid(|hours| total(100.0 * hours)), load("LOAD", "GRID", register)])
}

/// A meter that has been silent for two hours, and a node without it.
fn silent() -> Plant {
    Plant::new(
        "silent",
        vec![
            grid(|hours| total(100.0 * hours)),
            load("HALL", "GRID", |hours| total(50.0 * hours)),
            load("B", "GRID", |hours| total(40.0 * hours).filter(|_| hours <= 10.25)),
            load("PRESS", "HALL", |hours| total(47.0 * hours)),
        ],
    )
}

/// A meter whose readings come later than those of the others, and its node.
fn late() -> Plant {
    let register = |hours: f64| total(6.0 * hours).filter(|_| hours < 12.2);
    Plant::new("late", vec![grid(|hours| total(10.0 * hours)), load("C", "GRID", register)])
}

/// A register that counts both ways, over a roof.
fn net() -> Plant {
    Plant::new(
        "net",
        vec![
            grid(|hours| total(if hours < 9.0 { 10.0 * hours } else { 144.0 - 6.0 * hours }))
                .with(|new| new.phase_type = Some(PhaseType::Net)),
            Meter::new("ROOF", "Solar", "GRID", |hours| both(0.0, 15.0 * (hours - 9.0).max(0.0))),
            load("LOAD", "GRID", |hours| total(9.0 * hours)),
        ],
    )
}

/// The same since yesterday's midnight, drawing in its mornings and returning from noon on.
fn since_yesterday() -> Plant {
    let register = |hours: f64| {
        let (days, hour) = ((hours / 24.0).floor(), hours.rem_euclid(24.0));
        let of_day = if hour < 12.0 { 10.0 * hour } else { 180.0 - 5.0 * hour };
        total(1000.0 + 60.0 * days + of_day)
    };
    let plant = Plant::new(
        "since-yesterday",
        vec![
            grid(register).with(|new| new.phase_type = Some(PhaseType::Net)),
            load("LOAD", "GRID", |hours| total(1000.0 + 2.0 * hours)),
        ],
    );
    Plant { first: -288, ..plant }
}

/// One load and nothing else.
fn alone() -> Plant {
    Plant::new("alone", vec![Meter::new("MAIN", "Main", None, |hours| total(12.0 * hours))])
}

/// A meter that was put in at ten.
fn young() -> Plant {
    Plant::new(
        "young",
        vec![
            grid(|hours| total(100.0 * hours)),
            load("A", "GRID", |hours| total(50.0 * hours)),
            load("B", "GRID", |hours| total(40.0 * (hours - 10.0)).filter(|_| hours >= 10.0)),
        ],
    )
}

/// A meter that was moved at eleven.
fn moved() -> Plant {
    let plant = Plant::new(
        "moved",
        vec![
            grid(|hours| total(100.0 * hours)),
            load("HALL", "GRID", |hours| total(60.0 * hours)),
            load("LATHE", "HALL", |hours| total(25.0 * hours)),
            load("PRESS", "GRID", |hours| total(30.0 * hours)),
        ],
    );
    Plant { noon: Noon::Move, ..plant }
}

/// A meter of the grid that was put below another one at eleven.
fn rehung() -> Plant {
    let hall = |hours: f64| total(60.0 * hours + 30.0 * (hours - 11.0).max(0.0));
    let plant = Plant::new(
        "rehung",
        vec![
            Meter::new("HALL", "Grid", None, hall),
            load("LATHE", "HALL", |hours| total(55.0 * hours)),
            Meter::new("PRESS", "Grid", None, |hours| total(30.0 * hours)),
            load("DIE", "PRESS", |hours| total(28.0 * hours)),
            Meter::new("ROOF", "Solar", "HALL", |hours| both(0.0, 4.0 * hours)),
        ],
    );
    Plant { noon: Noon::Move, ..plant }
}

/// A roof that is a load from eleven on, and a load that is the roof in its place. It delivers by its export
/// register before, and hangs as a load does.
fn handed_over() -> Plant {
    let plant = Plant::new(
        "handed-over",
        vec![
            grid(|hours| both(40.0 * hours, 5.0 * hours)),
            Meter::new("OLD", "Solar", "GRID", |hours| both(0.0, 20.0 * hours)),
            load("NEW", "GRID", |hours| total(6.0 * hours)),
            load("LOAD", "GRID", |hours| total(43.0 * hours)),
        ],
    );
    Plant { noon: Noon::Types, ..plant }
}

/// A load with nothing above it, beside the meter of the grid.
fn shed() -> Plant {
    Plant::new(
        "shed",
        vec![
            grid(|hours| total(100.0 * hours)),
            load("LOAD", "GRID", |hours| total(90.0 * hours)),
            Meter::new("SHED", "Unit", None, |hours| total(7.0 * hours)),
        ],
    )
}

/// A month whose kWh cost more from 500 on, and a hall with a tariff of its own.
fn blocks() -> Plant {
    let plant = Plant::new(
        "blocks",
        vec![
            grid(|hours| total(100.0 * hours)),
            load("HALL", "GRID", |hours| total(60.0 * hours)),
            load("A", "GRID", |hours| total(36.0 * hours)),
            load("PRESS", "HALL", |hours| total(55.0 * hours)),
        ],
    );
    Plant { noon: Noon::Tariffs, ..plant }
}

/// The same with a step of the roof's in the morning that cannot be true.
fn unbelieved() -> Plant {
    let jumps = |hours: f64| total(20.0 * hours + if hours < 10.5 { 0.0 } else { 8000.0 });
    let plant = Plant::new(
        "unbelieved",
        vec![
            Meter::new("LOAD", "Main", None, |hours| total(50.0 * hours)),
            Meter::new("PV", "Solar", None, jumps).with(|new| new.rated_power_kw = Some(100.0)),
        ],
    );
    Plant { noon: Noon::Sum, ..plant }
}

/// A virtual meter of the energy bought: used less given by the roof.
fn computed() -> Plant {
    let plant = Plant::new(
        "computed",
        vec![
            Meter::new("LOAD", "Main", None, |hours| total(50.0 * hours)),
            Meter::new("PV", "Solar", None, |hours| total(20.0 * hours)),
        ],
    );
    Plant { noon: Noon::Sum, ..plant }
}
