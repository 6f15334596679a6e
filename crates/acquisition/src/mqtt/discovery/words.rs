//! The words that sensors are named with.

use super::config::Sensor;

/// A counter of one of these begins again, or is no counter of energy in all.
const PERIODS: [&str; 20] = [
    "today",
    "yesterday",
    "day",
    "daily",
    "hour",
    "hourly",
    "week",
    "weekly",
    "month",
    "monthly",
    "year",
    "yearly",
    "annual",
    "period",
    "max",
    "maximum",
    "min",
    "peak",
    "peaks",
    "threshold",
];
/// Words for what is returned to the grid.
const EXPORTED: [&str; 11] = [
    "export",
    "exported",
    "return",
    "returned",
    "production",
    "produced",
    "injection",
    "injected",
    "feed",
    "feedin",
    "out",
];
/// Words before the number of a tariff.
const TARIFFS: [&str; 4] = ["tariff", "rate", "tier", "tarif"];
/// Words that are a tariff by themselves.
const TARIFF: [&str; 6] = ["t1", "t2", "t3", "t4", "ht", "nt"];

/// Hints of a sensor's words at the meaning of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hints {
    /// The phase, from 0.
    pub(super) phase: Option<usize>,
    pub(super) is_exported: bool,
    pub(super) is_direct_current: bool,
    pub(super) is_of_period: bool,
    /// The tariff that it is of.
    pub(super) tariff: Option<String>,
    /// How many words there are: of two sensors alike the one with fewer is the plainer.
    pub(super) count: usize,
}

/// The hints of each sensor of a device. Words of the device itself mean nothing: they stand before the sensor's own,
/// and where the device states no name, they are those with which all its sensors begin.
pub(super) fn hints<'a>(sensors: impl Iterator<Item = &'a Sensor> + Clone) -> Vec<Hints> {
    let names: Vec<_> = sensors.clone().map(|sensor| words(&sensor.name)).collect();
    let shared = if names.len() > 1 { shared(&names) } else { 0 };
    let of_sensor = |(sensor, name): (&Sensor, &Vec<String>)| {
        let device = sensor.device.name.as_deref().map(words);
        let name = match &device {
            Some(device) => without(name, device),
            None => name.get(shared..).unwrap_or_default(),
        };
        let object = words(&sensor.object);
        let object = without(&object, &words(&sensor.device.key));
        let object = device.as_ref().map_or(object, |device| without(object, device));
        // The name of a device that states none may stand in the object's name too.
        let own = if device.is_none() && shared > 0 {
            object.last().map_or(object, std::slice::from_ref)
        } else {
            object
        };
        Hints::of(&[own, name].concat())
    };
    sensors.zip(&names).map(of_sensor).collect()
}

impl Hints {
    fn of(words: &[String]) -> Self {
        let has = |word: &str| words.iter().any(|own| own == word);
        let pairs =
            || words.iter().map(String::as_str).zip(words.iter().skip(1).map(String::as_str));
        let is_after = |first: &[&str], next: &[&str]| {
            pairs().any(|(word, after)| first.contains(&word) && next.contains(&after))
        };
        let measured = ["phase", "power", "current", "voltage"];
        let phase = [("l1", ["a", "1"]), ("l2", ["b", "2"]), ("l3", ["c", "3"])]
            .iter()
            .position(|(line, names)| has(line) || is_after(&measured, names));
        let numbered = pairs().find(|(word, _)| TARIFFS.contains(word));
        let tariff = numbered.map(|(_, number)| number.to_owned());
        let alone = || words.iter().find(|word| TARIFF.contains(&word.as_str())).cloned();
        Self {
            phase,
            is_exported: EXPORTED.iter().any(|word| has(word)) || is_after(&["to"], &["grid"]),
            is_direct_current: has("dc"),
            is_of_period: PERIODS.iter().any(|word| has(word)),
            tariff: tariff.or_else(alone),
            count: words.len(),
        }
    }
}

/// The words of a text in small letters: `Current day_used`, `YieldTotal`.
fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = ' ';
    for character in text.chars() {
        let begins =
            !before.is_alphanumeric() || (before.is_lowercase() && character.is_uppercase());
        if character.is_alphanumeric() {
            match found.last_mut().filter(|_| !begins) {
                Some(word) => word.extend(character.to_lowercase()),
                None => found.push(character.to_lowercase().collect()),
            }
        }
        before = character;
    }
    found
}

/// With how many words all of some texts begin, but for their last ones.
fn shared(names: &[Vec<String>]) -> usize {
    let Some((first, rest)) = names.split_first() else { return 0 };
    let is_shared = |place: &usize| {
        let word = first.get(*place);
        rest.iter().all(|name| name.len() > place + 1 && name.get(*place) == word)
    };
    (0..first.len().saturating_sub(1)).take_while(is_shared).count()
}

fn without<'a>(words: &'a [String], prefix: &[String]) -> &'a [String] {
    words.strip_prefix(prefix).filter(|rest| !rest.is_empty()).unwrap_or(words)
}
