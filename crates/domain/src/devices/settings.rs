//! What is set of a device's connection. Each setting is declared here once: the struct that a protocol reads it into,
//! its column in a table, its field on the page and who may see it follow from there.

use super::Protocol;

/// A setting of a device, but for its types in Rust.
#[derive(Debug)]
pub struct Setting {
    /// Its name in JSON, which its column and its field have too.
    pub name: &'static str,
    /// What stands there.
    pub kind: Kind,
    /// The fields of the page that it stands among.
    pub form: Option<Form>,
    /// Whether it differs from meter to meter, so that no profile may fix it.
    pub is_own: bool,
}

impl Setting {
    /// Whether it has a column of its own.
    pub const fn has_column(&self) -> bool {
        !matches!(self.kind, Kind::Secret | Kind::Other)
    }

    /// Whether it is kept, used, and never shown.
    pub const fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret)
    }

    /// Whether it is an address, whose query may be a key.
    pub const fn is_address(&self) -> bool {
        matches!(self.kind, Kind::Address)
    }
}

/// What stands in a setting.
#[derive(Debug)]
pub enum Kind {
    Text,
    Address,
    /// A whole number.
    Whole,
    /// `true` or `false`.
    Flag,
    /// One of some words.
    Words(&'static [&'static str]),
    /// Texts, typed with commas between them.
    List,
    Secret,
    /// What no column can hold, or too seldom set to have one.
    Other,
}

/// Fields of the page that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// How a Modbus line is spoken to.
    Transport,
    /// A place in the network.
    Network,
    /// A unit of a Modbus line.
    Unit,
    /// Which way power is counted.
    Direction,
    /// A serial port.
    Serial,
    /// What is asked for over HTTP.
    Request,
    /// What completes the address of a profile.
    Path,
    /// A broker by its name.
    Broker,
    /// How a broker without a name is connected to.
    Login,
    /// What stands in the topics of a profile.
    Placeholders,
    /// Topics where no profile names them.
    Topics,
}

/// A setting of which nothing is said beyond its name.
const PLAIN: Setting = Setting { name: "", kind: Kind::Text, form: None, is_own: false };

/// Calls a macro with what it is given and with the settings of a device, in the order of their columns:
///
/// `name "jsonName" [protocol (Type) ...] {...}`
///
/// Each protocol that has the setting reads it into a type of its own, `(Type = default)` where it may be left out
/// and is not optional. In braces stand fields of [`Setting`].
macro_rules! device_settings {
    ($layer:ident! $($given:tt)*) => { $layer! { $($given)* [
        profile "profile" [] { is_own: true, }
        host "host" [modbus (Option<String>) mqtt (Option<String>)]
            { form: Some(Form::Network), is_own: true, }
        port "port" [modbus (Option<Value>) mqtt (Option<i64>)]
            { kind: Kind::Whole, form: Some(Form::Network), }
        unit_id "unitId" [modbus (Option<Value>)] { kind: Kind::Whole, form: Some(Form::Unit), }
        transport "transport" [modbus (Transport = default)]
            { kind: Kind::Words(&["tcp", "rtuOverTcp", "rtu"]), form: Some(Form::Transport), }
        serial_port "serialPort" [modbus (Option<String>)]
            { form: Some(Form::Serial), is_own: true, }
        baud_rate "baudRate" [modbus (Option<Value>)]
            { kind: Kind::Whole, form: Some(Form::Serial), }
        parity "parity" [modbus (Option<Parity>)]
            { kind: Kind::Words(&["none", "even", "odd"]), form: Some(Form::Serial), }
        stop_bits "stopBits" [modbus (Option<Value>)]
            { kind: Kind::Whole, form: Some(Form::Serial), }
        registers "registers" [modbus (Map<String, Value> = default)] { kind: Kind::Other, }
        max_registers "maxRegisters" [modbus (Option<Value>)] { kind: Kind::Other, }
        first_wait "firstWait" [modbus (Option<Value>)] { kind: Kind::Other, }
        strict_transactions "strictTransactions" [modbus (Option<bool>)] { kind: Kind::Other, }
        sunspec "sunspec" [modbus (Option<Value>)] { kind: Kind::Other, }
        invert_phases "invertPhases" [modbus (Vec<String> = default)] { kind: Kind::Other, }
        url "url" [http (String)]
            { kind: Kind::Address, form: Some(Form::Request), is_own: true, }
        path "path" [http (Option<String>)] { kind: Kind::Address, form: Some(Form::Path), }
        method "method" [http (HttpMethod = default)]
            { kind: Kind::Words(&["GET", "POST"]), form: Some(Form::Request), }
        headers "headers" [http (BTreeMap<String, String> = default)] { kind: Kind::Other, }
        auth_token "authToken" [http (Option<String>)]
            { kind: Kind::Secret, form: Some(Form::Request), }
        broker "broker" [mqtt (Option<String>)] { form: Some(Form::Broker), is_own: true, }
        tls "tls" [mqtt (Option<bool>)] { kind: Kind::Flag, form: Some(Form::Login), }
        username "username" [mqtt (Option<String>)] { form: Some(Form::Login), is_own: true, }
        password "password" [mqtt (Option<String>)]
            { kind: Kind::Secret, form: Some(Form::Login), is_own: true, }
        device "device" [mqtt (Option<String>)] { form: Some(Form::Placeholders), is_own: true, }
        channel "channel" [mqtt (Option<Value>)] { form: Some(Form::Placeholders), }
        topic_power "topicPower" [mqtt (Option<String>)] { form: Some(Form::Topics), }
        topic_energy "topicEnergy" [mqtt (Option<String>)] { form: Some(Form::Topics), }
        topic_voltage "topicVoltage" [mqtt (Option<String>)] { form: Some(Form::Topics), }
        topic_current "topicCurrent" [mqtt (Option<String>)] { form: Some(Form::Topics), }
        topic_power_factor "topicPowerFactor" [mqtt (Option<String>)] { form: Some(Form::Topics), }
        topic_frequency "topicFrequency" [mqtt (Option<String>)] { form: Some(Form::Topics), }
        topic_status "topicStatus" [mqtt (Option<String>)] { form: Some(Form::Topics), }
        status "status" [mqtt (Option<RawStatus>)] { kind: Kind::Other, }
        units "units" [mqtt (Option<RawUnits>)] { kind: Kind::Other, }
        values "values" [mqtt (Vec<RawValue> = default) http (Vec<RawValue> = default)]
            { kind: Kind::Other, }
        time_path "timePath" [mqtt (Option<String>) http (Option<String>)] { kind: Kind::Other, }
        invert "invert" [modbus (bool = default) mqtt (bool = default) http (bool = default)]
            { kind: Kind::Flag, form: Some(Form::Direction), }
    ] } };
}

/// Declares `Raw`, the settings of a protocol as written; the types are those where it is called.
macro_rules! raw_settings {
    (modbus [$(
        $name:ident $json:literal [$(modbus $raw:tt)? $(mqtt $mqtt:tt)? $(http $http:tt)?] $rest:tt
    )*]) => {
        $crate::devices::settings::raw_settings!(@ $($($name $json $raw)?)*);
    };
    (mqtt [$(
        $name:ident $json:literal [$(modbus $modbus:tt)? $(mqtt $raw:tt)? $(http $http:tt)?] $rest:tt
    )*]) => {
        $crate::devices::settings::raw_settings!(@ $($($name $json $raw)?)*);
    };
    (http [$(
        $name:ident $json:literal [$(modbus $modbus:tt)? $(mqtt $mqtt:tt)? $(http $raw:tt)?] $rest:tt
    )*]) => {
        $crate::devices::settings::raw_settings!(@ $($($name $json $raw)?)*);
    };
    (@ $($name:ident $json:literal ($type:ty $(= $default:ident)?))*) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {$(
            #[serde(rename = $json)]
            $(#[serde($default)])?
            $name: $type,
        )*}
    };
}

pub(super) use {device_settings, raw_settings};

macro_rules! table {
    ([$($name:ident $json:literal $raw:tt {$($field:ident: $value:expr,)*})*]) => {
        /// The settings of a device, whatever its protocol.
        pub static SETTINGS: &[Setting] = &[$({
            let mut setting = PLAIN;
            setting.name = $json;
            $(setting.$field = $value;)*
            setting
        },)*];
    };
}

device_settings!(table!);

/// A setting without a column, or a part of one, that is typed into one field of the page.
#[derive(Debug)]
pub struct OtherSetting {
    /// Its name in JSON, with a dot before a part.
    pub name: &'static str,
    pub protocols: &'static [Protocol],
    pub kind: Kind,
}

const fn other(name: &'static str, protocols: &'static [Protocol], kind: Kind) -> OtherSetting {
    OtherSetting { name, protocols, kind }
}

/// The settings among *Other settings*, in the order of their fields. Registers, headers and values have tables.
pub static OTHER_SETTINGS: &[OtherSetting] = &[
    other("maxRegisters", &[Protocol::Modbus], Kind::Whole),
    other("firstWait", &[Protocol::Modbus], Kind::Whole),
    other("strictTransactions", &[Protocol::Modbus], Kind::Flag),
    other("sunspec", &[Protocol::Modbus], Kind::Whole),
    other("invertPhases", &[Protocol::Modbus], Kind::List),
    other("units.power", &[Protocol::Mqtt], Kind::Text),
    other("units.energy", &[Protocol::Mqtt], Kind::Text),
    other("timePath", &[Protocol::Mqtt, Protocol::Http], Kind::Text),
    other("status.topic", &[Protocol::Mqtt], Kind::Text),
    other("status.path", &[Protocol::Mqtt], Kind::Text),
    other("status.online", &[Protocol::Mqtt], Kind::List),
    other("status.offline", &[Protocol::Mqtt], Kind::List),
];

/// The setting of a name.
pub fn named(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The settings of a form, in the order of their declaration.
pub fn of_form(form: Form) -> impl Iterator<Item = &'static Setting> + Clone {
    SETTINGS.iter().filter(move |setting| setting.form == Some(form))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::devices::Communication;

    /// What is said of settings that are enough to be read but for one.
    fn refused(name: &str, value: &Value) -> Vec<(String, String)> {
        let enough = [
            (Protocol::Modbus, json!({"host": "h", "registers": {"power": 1}})),
            (Protocol::Mqtt, json!({"topicPower": "p"})),
            (Protocol::Http, json!({"url": "http://h/"})),
        ];
        let with = |(protocol, mut settings): (_, Value)| {
            settings[name] = value.clone();
            let refused = Communication::parse(protocol, &settings).unwrap_err();
            (refused.field, refused.message.to_string())
        };
        enough.map(with).into()
    }

    #[test]
    fn each_setting_is_known_to_a_protocol_or_names_a_profile() {
        for Setting { name, .. } in SETTINGS {
            let of = refused(name, &json!([{"": []}]));
            let unknown = |said: &str| said.starts_with(&format!("unknown field `{name}`"));
            assert!(!of.iter().all(|(_, said)| unknown(said)), "{name}: {of:?}");
            assert!(
                of.iter().all(|(field, _)| field.starts_with(&format!("communication.{name}")))
            );
        }
    }

    #[test]
    fn words_are_those_that_are_read() {
        for Setting { name, kind, .. } in SETTINGS {
            let Kind::Words(words) = kind else { continue };
            let listed: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            let between = if listed.len() == 2 { " or " } else { ", " };
            let of = refused(name, &json!("?"));
            let said = of.iter().find(|(_, said)| said.starts_with("unknown variant"));
            assert!(said.unwrap().1.ends_with(&listed.join(between)), "{name}: {of:?}");
        }
    }
}
