//! Why a meter over MQTT is not read.

use crate::message::{Message, messages};

messages! {
    /// Why a meter over MQTT is not read.
    pub enum Unheard in "mqtt_meter" {
        Broker { broker: String, why: Box<Message> } =>
            "the broker {broker} cannot be reached: {why}",
        BrokerSilent { broker: String } => "the broker {broker} does not answer in time",
        TopicsRefused => "the broker refuses the topics: check who may read them",
        TopicRefused { topic: String } => "the broker refuses the topic {topic}",
        NoGreeting => "it did not greet first",
        NoHost { host: String } => "`{host}` is not a host",
        Io { why: Box<Message> } => "I/O: {why}",
        Waiting => "connected to the broker, no message yet",
        SaysOffline => "the meter says that it is offline",
        Silent { seconds: u64 } => "no message for more than {seconds} s",
        NoValueYet { why: Box<Message> } => "messages come, but none with a value yet: {why}",
        OneUnreadable { topic: String, why: Box<Message> } =>
            "1 message could not be read, the last on {topic}: {why}",
        Unreadable { count: u64, topic: String, why: Box<Message> } =>
            "{count} messages could not be read, the last on {topic}: {why}",
    }

    /// What is wrong with a message of a meter.
    pub enum BadMessage in "mqtt_message" {
        TooLong { bytes: usize } => "{bytes} bytes are too many",
        NotText => "it is not text",
        NotJson { said: String, why: String } => "`{said}` is not JSON: {why}",
        NotDocument { said: String } => "`{said}` is not a JSON document",
        NotObject { said: String } => "`{said}` is not a JSON object",
        NotNumber { said: String } => "`{said}` is not a number",
        NoStatus { said: String, online: String, offline: String } =>
            "`{said}` is neither {online} nor {offline}",
    }
}
