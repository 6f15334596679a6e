//! Why a document of the configuration is refused.

use crate::message::{Message, messages};

messages! {
    /// Why a document is not taken in.
    pub enum DocumentRefusal in "document" {
        NoJson { why: Box<Message> } =>
            "this is no JSON: {why}; choose a file that was exported here",
        NoVersion => "this is no configuration: it says no version",
        OtherVersion { version: String, ours: u32 } =>
            "the document is of version {version}, and this program reads version {ours}: export it \
             again with a program of this version",
        BreaksRule { rule: String, why: Box<Message> } =>
            "the document breaks the rule {rule}: {why}",
        Taken => "the document was taken in already: send it again to look at it anew",
        MadeRoom => "the document had to make room for others: send it again",
        Cancelled => "it was cancelled: nothing is stored",
        Fell =>
            "the document could not be taken in, through a fault of this program: nothing of it is \
             stored, and the log says more",
        RowUnreadable { why: Box<Message> } =>
            "a stored row cannot be read, correct it in the database: {why}",
    }

    /// Why an entry of a document is refused.
    pub enum EntryRefusal in "entry" {
        NoSite { name: String } => "the document has no site {name:?}",
        NoMeter { name: String } => "the document has no meter {name:?}",
        NoTariff { name: String } => "the document has no tariff {name:?}",
        Twice { name: String } => "{name:?} stands in the document twice",
        UuidTaken { number: String, other: String } =>
            "meter {number:?} has the UUID of meter {other:?}: give each meter one of its own",
        Zone { name: String } => "no time zone {name:?}: give an IANA name",
        Level { number: String, level: i16, above: i16 } =>
            "meter {number:?} has level {level} and its parent {above}: let it be greater than that",
        Currency { site: String, currency: String } => "the site {site} counts in {currency}",
        Sum { number: String, why: TermsRefusal } => "virtual meter {number:?}: {why}",
        Limits => "direction, raise and clear stand together: give all three or none",
        Filling => "tankLitres and filledAt stand together: give both or none",
        Column { name: String } =>
            "{name:?} is no column of readings: give one, such as total_energy_kwh",
        LoggerElsewhere { serial: String } =>
            "the logger {serial} belongs to another site here: remove it there first",
    }

    /// Why it is not clear which terms of a virtual meter hold at a time.
    pub enum TermsRefusal in "entry_terms" {
        Ends => "terms with the same validFrom need the same validTo",
        Order => "validTo has to be later than validFrom",
        Overlap =>
            "terms hold while later ones hold already: let their validTo be no later than the next \
             validFrom",
    }
}
