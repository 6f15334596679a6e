//! What was found about a balance that does not close, as people read it.

use crate::message::{Message, messages};

messages! {
    /// What explains it.
    pub enum Finding in "finding" {
        Reversing { meter: String, left: String } =>
            "Reversing the direction of {meter} closes the balance to {left} kWh",
        Exchanging { meter: String, left: String } =>
            "Exchanging import and export of {meter} closes the balance to {left} kWh",
        Dividing { meter: String, left: String } =>
            "Dividing {meter} by ten closes the balance to {left} kWh",
        Multiplying { meter: String, left: String } =>
            "Multiplying {meter} by ten closes the balance to {left} kWh",
        Moving { meter: String, node: String, left: String } =>
            "Moving {meter} to {node} closes the balance to {left} kWh",
        Usual { meter: String, left: String } =>
            "Giving {meter} its usual power closes the balance to {left} kWh",
        Setting { meter: String, left: String } =>
            "Setting the clock of {meter} closes the balance to {left} kWh",
        Rose { power: String, at: String } =>
            "The loss rose by a step of {power} kW at {at}: a load that no meter sees, or one that was switched",
        Fell { power: String, at: String } =>
            "The loss fell by a step of {power} kW at {at}: a load that no meter sees, or one that was switched",
        Nothing => "No single cause explains it",
    }

    /// What speaks for it.
    pub enum Evidence in "evidence" {
        Closes { fault: Box<Message>, share: String, quarters: u32 } =>
            "{fault}. It closes {share} % of the {quarters} quarter-hours whose balance was open, and worsens no other node.",
        NotSought =>
            "No cause was looked for: the balance of no day was open for two hours.",
        Nothing { quarters: u32 } =>
            "The balance was open in {quarters} quarter-hours; nothing that was tried closes it.",
        Rivals { quarters: u32, causes: usize } =>
            "The balance was open in {quarters} quarter-hours. {causes} causes would close it, none better than another, so none is named: look at these meters.",
        NoneAlone { quarters: u32 } =>
            "The balance was open in {quarters} quarter-hours. What was tried is listed; none closes it alone, so none is named.",
    }
}
