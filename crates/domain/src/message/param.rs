//! Reading what stands in a sentence.
//!
//! By hand, since serde reads an untagged enum by way of a copy, whose code every browser would load.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Message, Param};

struct Kinds;

impl<'de> Visitor<'de> for Kinds {
    type Value = Param;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, a text, a sentence or several of them")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Param, E> {
        Ok(Param::Whole(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Param, E> {
        number.try_into().map(Param::Whole).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Param, E> {
        Ok(Param::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Param, A::Error> {
        let message = Message::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Param::Message(Box::new(message)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Param, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(seq)).map(Param::List)
    }
}

impl<'de> Deserialize<'de> for Param {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Kinds)
    }
}
