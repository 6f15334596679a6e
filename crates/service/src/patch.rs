//! Changes of a part: merge patches (RFC 7396) that know what they are of. What is absent stays, null
//! removes.

use std::borrow::Cow;
use std::marker::PhantomData;

use domain::operation::request::ChangeRefusal;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{Error, body};

/// What can be changed field by field: the whole of what may be set.
pub trait Patched: DeserializeOwned {
    /// What is shown of it, from which a change starts.
    type Shown: Serialize;
    /// What of that a change may not touch.
    const FIXED: Fixed;
}

/// Fields that are shown and cannot be set.
#[derive(Debug, Clone, Copy)]
pub struct Fixed {
    /// Accepted when unchanged, so that get, edit, send back works.
    pub read_only: &'static [&'static str],
    /// Measured or derived: they move by themselves, and are passed over.
    pub measured: &'static [&'static str],
}

impl Fixed {
    /// Whether a field may be set.
    pub(crate) fn lets(&self, name: &str) -> bool {
        !self.read_only.contains(&name) && !self.measured.contains(&name)
    }
}

/// A change of some fields of a `T`, as it was sent: they are read as a `T`'s together with those that
/// stay.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Patch<T> {
    pub(crate) fields: Map<String, Value>,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T> Patch<T> {
    /// Whether it speaks of a field.
    pub(crate) fn sets(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// What it says of a field, as it was sent.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// Takes a field out that is read apart from the rest.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name)
    }
}

impl<T: Patched> Patch<T> {
    /// Brings what is shown up to date and reads the whole.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the first field at fault.
    pub(crate) fn onto(self, current: &T::Shown) -> Result<T, Error> {
        let mut whole = serde_json::to_value(current).unwrap_or_default();
        for name in T::FIXED.read_only {
            let now = whole.get(*name).unwrap_or(&Value::Null);
            if self.get(name).is_some_and(|sent| sent != now) {
                let refusal =
                    ChangeRefusal::ReadOnly { name: (*name).to_owned(), now: now.to_string() };
                return Err(Error::refused("read_only", refusal).at(*name));
            }
        }
        if let Value::Object(fields) = &mut whole {
            fields.retain(|name, _| T::FIXED.lets(name));
        }
        let patch = self.fields.into_iter().filter(|(name, _)| T::FIXED.lets(name)).collect();
        domain::patch::merge(&mut whole, Value::Object(patch));
        body::read(&whole)
    }
}

impl<T> Clone for Patch<T> {
    fn clone(&self) -> Self {
        self.fields.clone().into()
    }
}

impl<T> From<Map<String, Value>> for Patch<T> {
    fn from(fields: Map<String, Value>) -> Self {
        Self { fields, of: PhantomData }
    }
}

impl<T> FromIterator<(String, Value)> for Patch<T> {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(fields: I) -> Self {
        Map::from_iter(fields).into()
    }
}

impl<'de, T> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}

/// In the API's document the fields of a change are told by each route.
impl<T> JsonSchema for Patch<T> {
    fn schema_name() -> Cow<'static, str> {
        Map::<String, Value>::schema_name()
    }

    fn inline_schema() -> bool {
        Map::<String, Value>::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Map::<String, Value>::json_schema(generator)
    }
}
