//! Why a meter is refused, or a change of it.

use chrono::{DateTime, Utc};

use crate::MeterId;
use crate::message::{Message, messages};

messages! {
    /// Why a meter is refused, or a change of it.
    pub enum MeterRefusal in "meter" {
        Unknown { meter: String } => "no meter {meter}",
        NotNamed => "expected an id as a number, or a meter number or UUID as a text",
        NotOfSite { meter: String, site: String } => "no meter {meter} in site {site}",
        Of { meter: String, why: Box<Message> } => "meter {meter}: {why}",
        NumberTaken => "another meter of the site has this number",
        PrefixTaken =>
            "another meter of the site has this prefix: choose another, or leave it out",
        Prefix { most: usize } =>
            "use small letters, digits, and . _ - between them, at most {most} characters",
        Level => "a level is 0 or more",
        Class => "a class is a percentage above 0 and at most 100",
        North => "degrees north lie between -90 and 90",
        East => "degrees east lie between -180 and 180",
        NoLongitude => "a place needs both: give longitude too, or none of them",
        NoLatitude => "a place needs both: give latitude too, or none of them",
        Billed =>
            "it takes part in trades or has bills, which are kept: take it out of service instead",
        OtherName { name: String } => "this is another name: type {name} to delete the meter",
        ComputedFrom => "a virtual meter is computed from it; remove that one first",
        HowMany { most: usize } => "name 1 to {most} meters",
        NothingChanged => "nothing is to be changed: choose at least one value",
        NamedTwice { meter: String } => "meter {meter} is named twice: name it once",
        Retired { meter: String } => "meter {meter} is retired: its past stays as it is",
        NoDevice { meter: String } => "nothing reads meter {meter}: it has no device",
        BelowRegister { meter: String, value: f64, unit: String, at: String, modulus: f64 } =>
            "the register of meter {meter} showed {value} {unit} at {at}: one that wraps at {modulus} \
             kWh never shows that; enter a larger registerModulusKwh, or correct that reading first",
    }

    /// Why a meter cannot hang where it was to.
    pub enum PlaceRefusal in "meter_place" {
        Cycle { meter: MeterId, parent: MeterId } =>
            "meter {meter} cannot hang below {parent}: that would make a cycle; choose a parent that \
             is not below it",
        OtherSite { parent: MeterId } =>
            "parent {parent} belongs to another site; choose one of the same site",
        OfOtherSite { parent: MeterId, meter: MeterId } =>
            "parent {parent} of meter {meter} belongs to another site; choose one of the same site",
        Level { level: i16, above: i16, below: i16 } =>
            "level {level} is not below the parent's level {above}; leave level out to get {below}",
        LevelOf { level: i16, meter: MeterId, above: i16, parent: MeterId, below: i16 } =>
            "level {level} of meter {meter} is not below level {above} of its parent {parent}; leave \
             level out to get {below}",
        ParentRetired { parent: MeterId, meter: MeterId } =>
            "parent {parent} of meter {meter} is retired; choose one that still measures",
        StillAbove { meter: MeterId, below: MeterId } =>
            "meter {meter} still has meters below it, such as {below}; move or retire them first",
        HasBelow { name: String } => "{name} has meters below it; move or delete them first",
        TwoParents =>
            "parentMeterId and parentMeterNumber name two different meters: send one of them",
        NoParentChosen => "choose a meter as the parent",
        NoPast =>
            "a new meter has no past to keep: effectiveFrom belongs to a change of parent",
        Simulated =>
            "where the meters of a simulated world hang decides what its feeders record: it stays as \
             it was made",
    }

    /// Why a meter is refused that is to be computed from others.
    pub enum SumRefusal in "virtual_meter" {
        Unknown { meter: String } => "meter {meter} is not a virtual one",
        Cycle { meter: MeterId } =>
            "meter {meter} would be computed from itself: leave out the term that closes the circle",
        Itself => "a meter cannot be computed from itself",
        Retired { meter: String } =>
            "meter {meter} is retired: name one that still measures",
        TwoTerms { meter: String } => "meter {meter} stands in two terms: add their factors",
        NoFactor => "a factor is not 0",
        NoTerm => "a sum has at least one term",
    }

    /// Why an exchange of a meter is refused.
    pub enum ExchangeRefusal in "meter_exchange" {
        SameTime => "an exchange of the meter at that time counts already: undo it first",
        NeverRead { meter: String, at: DateTime<Utc> } =>
            "no reading of meter {meter} at or before {at} is known, so there is no register that could \
             be exchanged: give a later time, or send the readings of the old register first",
        Unknown { meter: String, n: String } => "meter {meter} has no exchange {n} that counts",
    }
}
