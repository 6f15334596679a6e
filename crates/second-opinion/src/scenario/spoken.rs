//! A scenario as a person reads it and makes a test of it.

use std::fmt;

use super::{Event, Reading, Scenario};

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, zone, price, .. } = self;
        writeln!(f, "seed {seed}, zone {zone}, price {}", price.as_deref().unwrap_or("none"))?;
        for tariff in &self.tariffs {
            writeln!(f, "{tariff:?}")?;
        }
        for (place, meter) in self.meters.iter().enumerate() {
            write!(f, "meter {place}: {}", meter.kind)?;
            if let Some(parent) = meter.parent {
                write!(f, " {} {parent}", if meter.feeds { "feeds" } else { "below" })?;
            }
            let stated = [
                ("rated kW", meter.rated_kw),
                ("step kWh", meter.step_kwh),
                ("modulus kWh", meter.modulus_kwh),
                ("class", meter.class),
            ];
            for (name, value) in stated {
                if let Some(value) = value {
                    write!(f, ", {name} {value}")?;
                }
            }
            if meter.learned {
                f.write_str(", which nobody states")?;
            }
            let both = if meter.both { ", both registers" } else { "" };
            writeln!(f, "{}{both}", if meter.net { ", net" } else { "" })?;
        }
        for event in &self.events {
            writeln!(f, "  {event}")?;
        }
        for (from, to) in &self.windows {
            writeln!(f, "asked: {} to {}", from.to_rfc3339(), to.to_rfc3339())?;
        }
        for month in &self.months {
            writeln!(f, "billed: the month of {month}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reading(reading) => reading.fmt(f),
            Self::Settle => f.write_str("settle"),
            Self::Exchange { meter, at, old, new, undone } => {
                let at = at.to_rfc3339();
                write!(f, "exchange of {meter} at {at}: old {old}, new {new}{}", undo(*undone))
            }
            Self::Correct { meter, at, column, value, undone } => {
                let (at, column) = (at.to_rfc3339(), column.json());
                write!(f, "correct {meter} at {at}: {column} = {value:?}{}", undo(*undone))
            }
            Self::Decide { meter, at, accept } => {
                let word = if *accept { "accept" } else { "reject" };
                write!(f, "{word} the step of {meter} to {}", at.to_rfc3339())
            }
            Self::Move { meter, parent, from } => {
                write!(f, "move {meter} below {parent:?} from {}", from.to_rfc3339())
            }
            Self::Rule { meter, rule } => write!(f, "rule of {meter}: {rule:?}"),
            Self::Factor { kind, value, from } => write!(f, "factor {kind} = {value} from {from}"),
        }
    }
}

fn undo(undone: bool) -> &'static str {
    if undone { ", undone" } else { "" }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.meter, self.at.to_rfc3339())?;
        let values = [
            ("total", self.total),
            ("import", self.import),
            ("export", self.export),
            ("kW", self.power),
            ("litres", self.litres),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                write!(f, " {name} {value}")?;
            }
        }
        Ok(())
    }
}
