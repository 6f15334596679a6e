//! What a look at a device or a broker showed.

use chrono::{DateTime, Utc};

use crate::message::messages;

messages! {
    /// What a look at a device showed besides its values.
    pub enum Remark in "look" {
        Time { at: DateTime<Utc> } => "the document says that it is of {at}",
        Nothing { topic: String, seconds: u64 } => "nothing came on {topic} within {seconds} s",
        CheckTopics => "check the topics: letters count, and a slash at the beginning too",
        More { count: usize } => "{count} more messages came",
        Online => "the device is online",
        Offline => "the device is offline",
        Retained => "the broker kept it from earlier, and it says no time: it is no reading of now",
        Assumed { topic: String, unit: &'static str, profile: &'static str } =>
            "plain numbers on {topic} are taken for {unit}, as devices of the profile {profile} \
             publish them; units overrides it",
    }

    /// Why what is announced on a broker cannot be followed.
    pub enum Unusable in "announcement" {
        NotJson { why: String } => "the announcement is not JSON: {why}",
        NotObject => "the announcement is not a JSON object",
        TooLong { bytes: usize, most: usize } =>
            "the announcement has {bytes} bytes, more than {most}",
        NoTopic => "it states no state_topic",
        NoUnit { field: &'static str } => "it states no unit for {field}",
        NoComponents => "the device announces no components",
        LeftOut { more: usize, most: usize } =>
            "{more} announcements beyond the first {most} are left out",
        Again { field: &'static str } =>
            "{field} is announced more than once: another sensor of the device was taken",
        Period => "it counts a day, a month or another period, and begins again: it is no register",
        Tariff => "it counts one tariff alone, and the other ones are not announced",
        TariffBeside => "it counts one tariff, and the register of all of them is taken",
        OfPhase => "it counts one phase alone: the register of the whole is taken",
        ExportedPhase => "it is what one phase returns, beside what that phase draws",
        DirectCurrent => "it is measured on the side of direct current",
        Template { template: String } =>
            "the template `{template}` does more than read a value: enter the meter by hand",
    }
}
