//! What is refused of rules, of whoever is told, and of acknowledging.

use crate::message::messages;

messages! {
    /// Why a rule cannot be so.
    pub enum RuleRefusal in "alarm_rule" {
        NoChannel => "a threshold needs the name of a channel, such as ActivePower",
        OwnChannels { kind: &'static str } => "{kind} looks at channels of its own: leave it out",
        UnknownChannel { text: String, known: String } => "no channel {text:?}: give one of {known}",
        LongDelay { most: u32 } => "a delay is at most a day: give 0 to {most}",
        NoDelay => "a delay is from 0 seconds to a day: give 0 to 86400",
        PartOfASecond => "a delay is a whole number of seconds",
        Nominal => "a nominal value lies between 1 and 10,000,000",
        NoNode { meter: String } =>
            "{meter} has no meters below it, so its loss is not known: choose a meter that has",
        NoPrice => "the price of a kWh is not known: enter one for the site, or a tariff without blocks",
        NotBought { meter: String } =>
            "the energy of {meter} is not bought: choose a meter of the grid or of a load",
        NoMeter { kind: &'static str } => "{kind} is of one meter: choose it",
        UnknownFigure { text: String } => "{text:?} is nothing that can be watched: choose from the list",
        NoNominal => "only voltage and frequency have a nominal value: leave it out",
    }

    /// Why the limits of a rule cannot be so.
    pub enum LimitRefusal in "alarm_limit" {
        Needed { kind: &'static str } => "{kind} needs a limit: enter one (raise)",
        NotNeeded { kind: &'static str } => "{kind} has no limit: leave raise and clear out",
        Missing => "a limit is missing: give raise",
        PowerFactor => "a power factor is from 0 to 1",
        Tank => "a share of the tank is from 0 to 100 per cent",
        Input => "a share of what flows in is from 0 to 100 per cent",
        BeyondRated { rated: f64 } =>
            "the meter is rated at {rated} kW and never shows so much: enter the limit in kW",
        Energy => "a difference of energy is from 0 to 200 per cent",
        Negative => "a limit is a number, and not negative here",
        OtherSide { kind: &'static str, side: Side } => "{kind} is raised {side} its limit alone",
        ClearAbove { limit: f64 } =>
            "what is raised above {limit} is cleared at {limit} or below: give at most {limit}",
        ClearBelow { limit: f64 } =>
            "what is raised below {limit} is cleared at {limit} or above: give at least {limit}",
    }

    /// On which side of a limit.
    pub enum Side in "side" {
        Above => "above",
        Below => "below",
    }

    /// Why the tank of a rule cannot be so.
    pub enum TankRefusal in "alarm_tank" {
        NoLitres => "say how many litres were in the tank when it was filled last",
        NoLitresThen => "say how many litres were in the tank then",
        OtherFilling => "other litres are another filling: say when these were in the tank",
        Future => "it lies in the future: give when it was filled",
        NoTank => "only diesel_low has a tank: leave it out",
        NoGenerator => "a tank belongs to a generator: name a meter of type DG",
        NoMeter => "a tank belongs to one generator: name its meter",
    }

    /// Why nobody can be told so.
    pub enum RecipientRefusal in "alarm_recipient" {
        NoWebhook => "a webhook is http:// or https:// with a host, without a password in it",
        NoMailbox { address: String } =>
            "{address:?} is no mailbox: give it as someone@plant.example",
        Known => "the site tells this address already: change that recipient",
    }

    /// What of alarms is not there, or was done already.
    pub enum AlarmRefusal in "alarms" {
        NoAlarm { id: String } => "no alarm {id}",
        NoRule { id: String } => "no alarm rule {id}",
        NoRecipient { id: String } => "no alarm recipient {id}",
        Acknowledged { id: String, who: String } => "alarm {id} was acknowledged by {who} already",
    }
}
