//! Why settings of devices are refused.

pub mod modbus;
pub mod mqtt;
pub mod registers;
pub mod table;

use crate::message::messages;

messages! {
    /// Why the value of a setting is refused, whatever the protocol.
    pub enum ValueRefusal in "device_value" {
        Range { name: String, value: String, low: u32, high: u32 } =>
            "{name} is {value}: it must be a whole number from {low} to {high}",
        Zero { name: String } => "{name} must be a number other than 0",
        Scale { scale: f64 } => "scale is {scale}: it must be a number other than 0",
        NoField { name: String } =>
            "`{name}` is not a value of a reading: use a name such as activePowerKw",
        Unit { unit: String, field: &'static str, usable: String } =>
            "`{unit}` is not a unit of {field}: use {usable}",
        Alone { name: &'static str } =>
            "{name} needs a path beside it, to the number it belongs to",
        NoPath { path: String, why: String } =>
            "`{path}` is not a JSONPath, such as $.emeters[0].power: {why}",
        NoPlace { path: String, longest: usize, deepest: usize } =>
            "`{path}` is not the place of one value: give at most {longest} characters, brackets \
             at most {deepest} deep, and one of `..`, `*` and `?` at most",
        Poll { milliseconds: i64, least: u64, most: u64 } =>
            "pollInterval is {milliseconds}: give {least} to {most} milliseconds",
    }

    /// Why a profile is refused.
    pub enum ProfileRefusal in "device_profile" {
        Unknown { profile: String, usable: String } =>
            "unknown profile {profile}: use one of {usable}",
        OfOther {
            profile: String, protocol: &'static str, spoken: &'static str, usable: String,
        } =>
            "{profile} is a profile for {protocol}, and this meter speaks {spoken}: use one of \
             {usable}",
        NotThere { profile: String } => "no profile {profile}: /api/profiles lists them all",
    }

    /// Why a setting of a meter that answers over HTTP is refused.
    pub enum HttpRefusal in "http_setting" {
        Header { name: String } => "`{name}` is not a header that can be sent",
        Address { url: String } =>
            "`{url}` is not an address: begin with http:// or https:// and a host",
        Path { path: String } => "`{path}` is not a path: begin with /",
        Login =>
            "an address may not carry a password: send it as authToken or as an Authorization \
             header",
        Hidden { name: &'static str } =>
            "what follows after ? is hidden in this {name}: write it out",
    }

    /// Why a secret of a device cannot be used.
    pub enum SecretRefusal in "device_secret" {
        NoText => "a secret is sent as a text",
        OtherKey =>
            "a stored secret cannot be opened with this key: put back the secret.key (or \
             WATTLENS_SECRET_KEY) it was stored with, or send the secret again",
        Unknown => "a stored secret is not in a form this program knows: send the secret again",
        Withheld => "the address is another than the meter's: its stored secrets were not used",
        Removed => "the address changed: secrets that were not sent again were removed",
        PasswordRemoved => "the address changed: the password was not sent again and is removed",
    }
}
