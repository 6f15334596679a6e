//! Why tariffs and what they say are refused.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::TariffId;
use crate::message::{Message, messages};

messages! {
    /// Why terms are refused.
    pub enum TermsRefusal in "tariff_terms" {
        Tax => "a tax is at most 100 per cent",
        Rivals { one: Box<Message>, other: Box<Message> } =>
            "two prices apply to the same energy: {one}; {other}. Give them different times, days, months or \
             amounts, or remove one",
        NettedTime =>
            "with monthly netting, prices cannot depend on the time of day: remove the times, or turn netting off \
             (netting: none)",
        Negative { price: Decimal } => "{price} is negative: give 0 or more",
        NoPrice { price: Decimal, most: Decimal, digits: u32 } =>
            "{price} is no price: at most {most} and {digits} decimals",
        Uncovered { what: Box<Message> } =>
            "the prices leave gaps, the first of them: {what}; add a price for all other times or amounts, 0 where \
             nothing is charged or paid",
        Day { text: String } =>
            "{text:?} is no day: say all, weekday, weekend, holiday, or list days from monday to sunday",
        NoDay => "name one day at least, or leave days out",
        EmptyBlock => "the block is empty: toKwh must be above fromKwh",
        Month => "months are numbered from 1 to 12",
        EmptyTime => "start and end time are the same: leave both empty for the whole day",
        ClockTime { text: String } =>
            "{text:?} is no time on a quarter-hour, such as 06:00 or 22:15",
        DemandMinutes { minutes: u16 } =>
            "demand is taken over 15, 30 or 60 minutes, not {minutes}",
        Kwh => "give kWh as a number of 0 or more",
    }

    /// Why a version of a tariff is refused, or not given to a meter.
    pub enum TariffRefusal in "tariff" {
        Unknown { id: String } => "no tariff {id}",
        OfOtherSite { id: TariffId } => "the meter's site has no tariff {id}",
        Currency { site: String, currency: String } =>
            "the site {site} counts in {currency}: send that, or none",
        EmptyValidity => "it is the first day after the version: give a day after validFrom",
        OverlapsOpen { id: TariffId, name: String, from: NaiveDate } =>
            "version {id} of {name:?} holds from {from} without end, and versions of one tariff may not \
             overlap: end that version first (validTo), or choose another first day",
        Overlaps { id: TariffId, name: String, from: NaiveDate, to: NaiveDate } =>
            "version {id} of {name:?} holds from {from} up to {to}, and versions of one tariff may not \
             overlap: end that version first (validTo), or choose another first day",
        LastVersion { name: String, meter: String } =>
            "it is the last version of {name:?}, which meters are priced with, such as {meter}: give them \
             another tariff first",
        TwoDefaults { one: String, other: String, site: String } =>
            "{one:?} and {other:?} would both be the default tariff of {site}: leave one",
    }
}
