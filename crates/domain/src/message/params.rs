//! What stands in a sentence, by name.
//!
//! A short list in the order of the names, read by hand: every browser loads this code, and that of a map and
//! of serde's untagged enums weighs more than all the sentences.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Message, Param, storable};

/// What stands in a sentence, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, Param>"))]
pub struct Params(Vec<(Cow<'static, str>, Param)>);

impl Params {
    pub(super) fn new(params: impl IntoIterator<Item = (&'static str, Param)>) -> Self {
        let storable = |param| match param {
            Param::Text(text) => Param::Text(storable(text)),
            sentences => sentences,
        };
        let named = params.into_iter().map(|(name, param)| (Cow::Borrowed(name), storable(param)));
        Self::in_order(named.collect())
    }

    fn in_order(mut params: Vec<(Cow<'static, str>, Param)>) -> Self {
        params.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self(params)
    }

    /// Whether nothing stands in it.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands there by that name.
    pub fn get(&self, name: &str) -> Option<&Param> {
        self.0.iter().find_map(|(known, param)| (known == name).then_some(param))
    }
}

impl Serialize for Params {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, param)| (name, param)))
    }
}

impl<'de> Deserialize<'de> for Params {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ByName)
    }
}

struct ByName;

impl<'de> Visitor<'de> for ByName {
    type Value = Params;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what stands in a sentence, by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Params, A::Error> {
        let mut params = Vec::new();
        while let Some((name, param)) = map.next_entry::<String, _>()? {
            params.push((Cow::Owned(name), param));
        }
        Ok(Params::in_order(params))
    }
}

impl<'de> Deserialize<'de> for Param {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Kinds)
    }
}

struct Kinds;

impl<'de> Visitor<'de> for Kinds {
    type Value = Param;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, a text, a sentence or several of them")
    }

    // What this program never writes, SQL and others may have: it stands in the sentence as it is.
    fn visit_bool<E: Error>(self, is_so: bool) -> Result<Param, E> {
        Ok(Param::Text(is_so.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Param, E> {
        Ok(Param::Text(number.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Param, E> {
        Ok(Param::Text(String::new()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Param, E> {
        Ok(Param::Whole(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Param, E> {
        Ok(number.try_into().map_or_else(|_| Param::Text(number.to_string()), Param::Whole))
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
