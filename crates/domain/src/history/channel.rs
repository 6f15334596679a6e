//! The channels that a history can show, by the word that stands for each in an address.

use crate::Field;

/// What is counted over a step: it adds up, and its steps follow each other without overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counter {
    /// Energy drawn by a load, or delivered by a meter that feeds its parent.
    Energy,
    /// Energy the other way.
    Returned,
    /// Reactive energy drawn.
    ReactiveEnergy,
    /// Reactive energy returned.
    ReactiveReturned,
    /// Litres of the meter's own fuel counter.
    Diesel,
    /// Hours that it ran.
    Runtime,
}

/// A channel of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// A value that holds at an instant, such as power or a voltage.
    Instant(Field),
    /// What is counted over a step, such as energy.
    Counted(Counter),
}

use Channel::{Counted, Instant};

impl Channel {
    /// Active power, which is also known by the quarter-hour where readings are too many or gone.
    pub const POWER: Self = Instant(Field::ActivePowerKw);

    /// Every channel with its word, in the order in which they are offered.
    pub const ALL: &[(&str, Self)] = &[
        ("power", Self::POWER),
        ("energy", Counted(Counter::Energy)),
        ("returned", Counted(Counter::Returned)),
        ("reactive", Instant(Field::ReactivePowerKvar)),
        ("apparent", Instant(Field::ApparentPowerKva)),
        ("powerFactor", Instant(Field::PowerFactor)),
        ("voltageL1", Instant(Field::VoltageL1)),
        ("voltageL2", Instant(Field::VoltageL2)),
        ("voltageL3", Instant(Field::VoltageL3)),
        ("voltageL12", Instant(Field::VoltageL12)),
        ("voltageL23", Instant(Field::VoltageL23)),
        ("voltageL31", Instant(Field::VoltageL31)),
        ("currentL1", Instant(Field::CurrentL1)),
        ("currentL2", Instant(Field::CurrentL2)),
        ("currentL3", Instant(Field::CurrentL3)),
        ("frequency", Instant(Field::FrequencyHz)),
        ("rocof", Instant(Field::RocofHzS)),
        ("powerL1", Instant(Field::ActivePowerL1Kw)),
        ("powerL2", Instant(Field::ActivePowerL2Kw)),
        ("powerL3", Instant(Field::ActivePowerL3Kw)),
        ("reactiveL1", Instant(Field::ReactivePowerL1Kvar)),
        ("reactiveL2", Instant(Field::ReactivePowerL2Kvar)),
        ("reactiveL3", Instant(Field::ReactivePowerL3Kvar)),
        ("reactiveEnergy", Counted(Counter::ReactiveEnergy)),
        ("reactiveReturned", Counted(Counter::ReactiveReturned)),
        ("diesel", Counted(Counter::Diesel)),
        ("runtime", Counted(Counter::Runtime)),
    ];

    /// Reads a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == word).map(|(_, channel)| *channel)
    }

    /// The word in an address.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, channel)| *channel == self).map_or("", |(word, _)| word)
    }

    /// Its unit; empty for a ratio.
    pub const fn unit(self) -> &'static str {
        match self {
            Instant(field) => field.unit(),
            Counted(Counter::Energy | Counter::Returned) => "kWh",
            Counted(Counter::ReactiveEnergy | Counter::ReactiveReturned) => "kvarh",
            Counted(Counter::Diesel) => "L",
            Counted(Counter::Runtime) => "h",
        }
    }

    /// Whether its axis begins at zero: what varies little around a great value would be a flat line.
    pub const fn from_zero(self) -> bool {
        !matches!(
            self,
            Instant(
                Field::VoltageL1
                    | Field::VoltageL2
                    | Field::VoltageL3
                    | Field::VoltageL12
                    | Field::VoltageL23
                    | Field::VoltageL31
                    | Field::FrequencyHz
                    | Field::PowerFactor
            )
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_is_found_by_its_word_and_has_but_one() {
        for &(word, channel) in Channel::ALL {
            assert_eq!(Channel::parse(word), Some(channel));
            assert_eq!(channel.word(), word);
            assert!(!word.contains(['.', '_']), "{word} would part an address");
        }
        assert_eq!(Channel::parse("watts"), None);
    }
}
