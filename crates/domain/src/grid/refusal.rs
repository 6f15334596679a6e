//! Why something about the grid is refused.

use crate::message::{Message, messages};

messages! {
    /// Why a request for a connection cannot be meant.
    pub enum RequestRefusal in "connection_request" {
        ConsumerProduces => "a consumer has no production: leave it out, or ask as a prosumer",
        Nothing => "ask for more than 0 kW",
        NoPower => "give kW below 1,000,000,000",
        Negative => "kW asked for are not negative",
        Outside { value: f64, least: f64, most: f64 } => "{value} does not lie between {least} and {most}",
        KeyLength { most: usize } => "a key has 1 to {most} characters",
        KeyTwice => "the key is given twice: send it once",
        KeyHidden => "a key consists of visible ASCII characters",
        KeyReused => "another request was made under this key: give each its own",
        NoNumber { text: String } => "{text:?} is no number, write it as 12.5",
    }

    /// Why what the form of the grid says cannot be asked, by its field.
    pub enum FormRefusal in "grid_form" {
        Consumption { why: Box<Message> } => "Consumption: {why}.",
        Production { why: Box<Message> } => "Production: {why}.",
        Length { why: Box<Message> } => "Service length: {why}.",
        Latitude { why: Box<Message> } => "Latitude: {why}.",
        Longitude { why: Box<Message> } => "Longitude: {why}.",
        Other { why: Box<Message> } => "It cannot be asked: {why}.",
    }

    /// Why a transformer, or every one nearby, cannot take a connection.
    pub enum Unfit in "unfit" {
        Nowhere => "No transformer nearby can support this load safely",
        Consumption => "Transformer overloaded for consumption",
        Production => "Transformer cannot support additional solar injection",
        Voltage => "Voltage at the premises would leave the permitted range",
    }

    /// Why nothing is done with a transformer.
    pub enum TransformerRefusal in "transformer" {
        None { id: String } => "no transformer {id}",
        NoPower { value: f64 } => "{value} is negative, or is 1,000,000,000 or more",
        Beyond { value: f64, most: f64 } => "{value} does not lie between -{most} and {most}",
        Count { count: usize, most: usize } => "{count} transformers: send 1 to {most} at a time",
        HasConnections { name: String } =>
            "transformer {name} has approved connections: withdraw them first",
        BelowZero =>
            "more would be taken from the transformer than is connected: correct its connected load first",
        TooLarge { value: f64 } => "{value} is 1,000,000,000 or more",
    }

    /// Why nothing is done with a connection.
    pub enum ConnectionRefusal in "connection" {
        None { id: String } => "no connection {id}",
        Withdrawn => "it was withdrawn before; its capacity is free",
        NotApproved => "only an approved connection can be withdrawn",
        NoConductor { name: String, known: String } => "no conductor {name:?}: choose of {known}",
    }
}

impl Unfit {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Nowhere, Self::Consumption, Self::Production, Self::Voltage];
}
