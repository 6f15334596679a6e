//! Why settings of MQTT meters and of brokers are refused.

use crate::message::{Message, messages};

messages! {
    /// Why a setting of a meter that publishes over MQTT is refused.
    pub enum MqttRefusal in "mqtt_setting" {
        Twice { topic: String } => "{topic} has a topic setting of its own: name it once",
        NoTopic => "no topic with values: give topicPower, topicEnergy or values",
        Both { word: String } => "`{word}` cannot mean both online and offline",
        Name { name: String } =>
            "`{name}` cannot stand in a topic: give a name as the device uses it",
        NoDevice { at: String, text: String, placeholder: &'static str } =>
            "{at} is `{text}`: give the name that stands for {placeholder} as device",
        WildSum { topic: String } =>
            "`{topic}` stands for many topics: name each topic whose values are added up",
        SumOfOneTopic { topic: String, field: &'static str } =>
            "{topic} has two parts of {field}: give them as one path, such as $.a + $.b",
        NoFilter { topic: String } =>
            "`{topic}` is not a topic: + stands alone in a level, # alone in the last",
    }

    /// Why a broker is refused.
    pub enum BrokerRefusal in "broker_setting" {
        NamedAndGiven => "give broker or host, not both",
        OfHost { name: &'static str } => "{name} belongs to host: give host too, or name a broker",
        EmptyHost => "host is empty: give a name or an address",
        NoUser => "a password needs the username it belongs to",
        Address => "a broker's address looks like mqtt://host:1883, or mqtts://host:8883 with TLS",
        Login => "an address may not carry a login: send it as username and password",
        EmptyUser => "it is empty: give a name, or null",
        Plain => "a certificate needs an encrypted connection: begin url with mqtts://",
        NoPem { why: String } => "the certificate is not PEM: {why}",
        Certificate { why: String } => "the certificate cannot be used: {why}",
        NoCertificate =>
            "there is no certificate in it: give PEM, which begins with -----BEGIN \
             CERTIFICATE-----",
        Name => "use small letters, digits and single hyphens between them, 64 at most",
        NotThere { name: String } => "no broker {name}",
        Unknown { name: String } =>
            "there is no broker named `{name}`: add it, or give the meter its host",
        Closed { name: String, why: Box<Message> } => "the broker {name}: {why}",
    }
}
