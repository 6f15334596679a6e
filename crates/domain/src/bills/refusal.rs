//! Why bills, runs over a site's month and trades are refused.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::message::messages;
use crate::month::Month;

messages! {
    /// Why there is no such bill, or none is made or issued.
    pub enum BillRefusal in "bill" {
        Unknown { reference: String } => "no bill {reference}",
        Ambiguous { number: String } => "several sites have a bill {number}: say which with site",
        NotOwned { month: Month } =>
            "the meter was not yours for the whole of {month}, so its bill is not shown",
        NoLine { count: usize } => "the bill has {count} lines",
        UnknownMeter { meter: String } => "there is no meter {meter}",
        NotBegun { month: Month, site: String, today: NaiveDate } =>
            "{month} has not begun at {site}, where it is {today}: ask for an earlier month",
        Billed { number: String } =>
            "the month is billed by {number}, which never changes: credit it, and a new bill follows",
        MonthRuns { month: Month, site: String } =>
            "{month} is still running at {site}: its bill stays a draft until it is over",
        ComesToAnother { amount: String } =>
            "readings or prices changed since the draft was shown: it comes to {amount} now; reload the page and \
             look at it again",
        NoPrice => "no tariff prices the whole month: state one, or the site's price per kWh",
        UnpricedEnergy { kwh: Decimal, from: String } =>
            "{kwh} kWh have no price, the first of them from {from} on: add a price to the tariff, 0 where \
             nothing is charged or paid",
        LowCoverage { percent: String, needed: String } =>
            "only {percent} % of the month is covered by readings; {needed} % are needed. Enter the missing \
             readings, or issue it all the same with a name and a reason",
        NotKept { month: Month } =>
            "what a bill of {month} would rest on is not kept any more in part, so that none can be made; \
             keep it longer by the site's retention.hourlyDays and retention.dailyDays",
        NotComputed { month: Month } =>
            "what the bill of {month} rests on was changed a moment ago and is not computed yet: try again \
             in a few seconds",
        SetAside { month: Month } =>
            "a part of the energy of {month} could not be computed: the page of alarms says why and lets \
             it be tried again",
        NewTrade { month: Month } => "a trade of {month} was posted a moment ago: try again",
        CreditedMeanwhile { month: Month } =>
            "a bill that the bill of {month} corrects was credited a moment ago: try again",
    }

    /// Why a bill is not taken back.
    pub enum CreditRefusal in "credit" {
        Draft => "a draft follows the data: there is nothing to take back",
        CreditNote => "it is a credit note itself",
        Credited { by: String } => "{by} takes it back already",
        Corrected { by: String } =>
            "bill {by} has corrected it already, and what changes further is on the meter's next bill",
        Unchanged => "nothing it is based on has changed: correct the readings or the tariff first",
    }

    /// Why a run does not begin, or is not cancelled.
    pub enum RunRefusal in "bill_run" {
        Unknown { id: String } => "no run {id}",
        MonthRuns { month: Month, site: String } =>
            "{month} is still running at {site}: make drafts only",
        UnderWay { month: Month, site: String } =>
            "{month} of {site} is being billed already: wait, or cancel that run",
        Done => "the run has ended already: it is done",
        Cancelled => "the run has ended already: it is cancelled",
        Failed => "the run has ended already: it is failed",
    }

    /// Why a trade is refused.
    pub enum TradeRefusal in "trade" {
        SameMeter => "a meter cannot trade with itself",
        OtherSite => "buyer and seller hang in different sites: neighbours trade within one",
        Ahead { now: String } => "it lies ahead of the site's clock, which says {now}",
        NoProsumer { number: String } =>
            "{number} is no prosumer: it neither delivers energy nor is paid for any, so it has none to sell",
        Amount { given: f64, most: f64 } =>
            "{given} will not do: give a number above 0, at most {most}",
        Billed { month: Month, number: String } =>
            "{month} is billed by {number}, which the trade would change: date it into a month that is not \
             billed",
    }
}
