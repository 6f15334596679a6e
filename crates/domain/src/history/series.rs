//! Series as they stand in an address: `7.power_SDM-1.energy`, a meter, a dot and a channel each.

use super::{Channel, MOST, Trouble};
use crate::MeterId;

/// Letters of a wrong piece that are shown again.
const LONGEST: usize = 40;
/// No number of a meter is longer.
const LONGEST_PIECE: usize = 250;

/// How a meter is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Named {
    Id(MeterId),
    /// By its number on the site.
    Number(String),
}

/// A series that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wanted {
    pub meter: Named,
    /// What of it.
    pub channel: Channel,
}

impl Wanted {
    /// A series of a meter that is known.
    pub const fn of(meter: MeterId, channel: Channel) -> Self {
        Self { meter: Named::Id(meter), channel }
    }
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.meter {
            Named::Id(id) => write!(f, "{id}.{}", self.channel.word()),
            Named::Number(number) if is_id(number) || number.starts_with("number:") => {
                write!(f, "number:{number}.{}", self.channel.word())
            }
            Named::Number(number) => write!(f, "{number}.{}", self.channel.word()),
        }
    }
}

/// What a list of series says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeriesList {
    /// The series, at most [`MOST`], each once.
    pub series: Vec<Wanted>,
    /// What cannot be shown.
    pub troubles: Vec<Trouble>,
}

impl SeriesList {
    /// Reads a list. Numbers of meters may have dots and underscores: a piece goes on until what
    /// follows its last dot is a channel. Digits alone are an id; `number:12` is the number 12.
    pub fn parse(text: &str) -> Self {
        let mut asked = Self::default();
        let mut rest = text;
        let mut surplus = 0;
        while !rest.is_empty() {
            let (piece, after) = first_piece(rest);
            rest = after;
            if piece.is_empty() {
                continue;
            }
            if asked.series.len() == MOST || asked.troubles.len() >= MOST {
                surplus += 1;
                continue;
            }
            match read(piece) {
                Ok(wanted) if asked.series.contains(&wanted) => {
                    asked.troubles.push(Trouble::Twice { series: short(piece) });
                }
                Ok(wanted) => asked.series.push(wanted),
                Err(trouble) => asked.troubles.push(trouble),
            }
        }
        if surplus > 0 {
            asked.troubles.push(Trouble::Surplus { most: MOST, count: surplus });
        }
        asked
    }
}

/// The first piece of a list, and what follows it.
fn first_piece(text: &str) -> (&str, &str) {
    for (at, _) in text.match_indices('_') {
        let (piece, after) = (&text[..at], &text[at + 1..]);
        let parted = piece.rsplit_once('.');
        // A wrong word after an id is wrong by itself; within a number it may be part of it.
        let is_whole =
            parted.is_some_and(|(meter, word)| Channel::parse(word).is_some() || is_id(meter));
        if is_whole || piece.len() > LONGEST_PIECE {
            return (piece, after);
        }
    }
    (text, "")
}

fn read(piece: &str) -> Result<Wanted, Trouble> {
    let Some((meter, word)) = piece.rsplit_once('.').filter(|(meter, _)| !meter.is_empty()) else {
        return Err(Trouble::Unreadable { text: short(piece) });
    };
    let Some(channel) = Channel::parse(word) else {
        return Err(no_channel(meter, word));
    };
    let meter = if is_id(meter) {
        // Digits that no id can have name no meter either.
        let id = meter.parse().map_err(|_| Trouble::NoMeter { meter: short(meter) })?;
        Named::Id(MeterId(id))
    } else {
        Named::Number(meter.strip_prefix("number:").unwrap_or(meter).to_owned())
    };
    Ok(Wanted { meter, channel })
}

fn no_channel(meter: &str, word: &str) -> Trouble {
    let known: Vec<&str> = Channel::ALL.iter().map(|(word, _)| *word).collect();
    Trouble::NoChannel { meter: short(meter), word: short(word), known: known.join(", ") }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn short(text: &str) -> String {
    let mut letters = text.chars();
    let begin: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_some() { format!("{begin}\u{2026}") } else { begin }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Field;
    use crate::history::Counter;

    fn number(text: &str, channel: Channel) -> Wanted {
        Wanted { meter: Named::Number(text.to_owned()), channel }
    }

    const ENERGY: Channel = Channel::Counted(Counter::Energy);

    #[test]
    fn meters_are_named_by_id_and_by_any_number() {
        let asked = SeriesList::parse("7.power_SUB_1.energy_A.1_B.power_number:12.energy");
        let expected = [
            Wanted::of(MeterId(7), Channel::POWER),
            number("SUB_1", ENERGY),
            number("A.1_B", Channel::POWER),
            number("12", ENERGY),
        ];
        assert_eq!(asked.series, expected);
        assert_eq!(asked.troubles, []);
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_is_kept() {
        let asked = SeriesList::parse("7.watts_9.voltageL1_9.voltageL1_nothing");
        let voltage = Channel::Instant(Field::VoltageL1);
        assert_eq!(asked.series, [Wanted::of(MeterId(9), voltage)]);
        let watts = no_channel("7", "watts");
        let twice = Trouble::Twice { series: "9.voltageL1".into() };
        assert_eq!(asked.troubles, [watts, twice, Trouble::Unreadable { text: "nothing".into() }]);
    }

    #[test]
    fn ten_thousand_series_are_counted_and_twelve_kept() {
        let many: Vec<_> = (1..=10_000).map(|id| format!("{id}.power")).collect();
        let asked = SeriesList::parse(&many.join("_"));
        assert_eq!(asked.series.len(), MOST);
        assert_eq!(asked.troubles, [Trouble::Surplus { most: MOST, count: 10_000 - MOST }]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_said_again_shortly(text in ".{0,400}") {
            let asked = SeriesList::parse(&text);
            prop_assert!(asked.series.len() <= MOST && asked.troubles.len() <= MOST + 1);
            let again: Vec<_> = asked.series.iter().map(ToString::to_string).collect();
            prop_assert_eq!(SeriesList::parse(&again.join("_")).series, asked.series);
        }

        #[test]
        fn a_list_comes_back_as_it_was_written(
            list in proptest::collection::hash_set(("[A-Za-z0-9][A-Za-z0-9 -]{0,9}", 0..Channel::ALL.len()), 0..MOST)
        ) {
            let wanted: Vec<_> = list
                .iter()
                .map(|(name, at)| number(name, Channel::ALL[*at].1))
                .collect();
            let text: Vec<_> = wanted.iter().map(ToString::to_string).collect();
            prop_assert_eq!(SeriesList::parse(&text.join("_")).series, wanted);
        }
    }
}
