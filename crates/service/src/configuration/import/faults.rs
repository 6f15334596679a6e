//! What is wrong with the entries of a document.

use chrono::{DateTime, Utc};
use domain::configuration::refusal::EntryRefusal;

use crate::{Error, validity};

/// What was found.
#[derive(Default)]
pub(super) struct Faults(pub(super) Vec<Error>);

impl Faults {
    /// Looks at each entry of a kind, which is told its place.
    pub(super) fn each<T>(
        &mut self,
        kind: &str,
        entries: &[T],
        mut check: impl FnMut(String, &T) -> Result<(), Error>,
    ) {
        let found = entries
            .iter()
            .enumerate()
            .filter_map(|(i, entry)| check(format!("{kind}[{i}]"), entry).err());
        self.0.extend(found);
    }
}

pub(super) fn time(field: &str, at: Option<DateTime<Utc>>) -> Result<(), Error> {
    at.map_or(Ok(()), |at| validity::time(field, at))
}

pub(super) fn no_site(field: &str, name: &str) -> Error {
    Error::invalid(format!("{field}.site"), EntryRefusal::NoSite { name: name.to_owned() })
}

pub(super) fn twice(field: String, name: &str) -> Error {
    Error::invalid(field, EntryRefusal::Twice { name: name.to_owned() })
}

pub(super) fn within(field: &str, error: Error) -> Error {
    match error {
        Error::Invalid { code, field: Some(inner), message } => {
            Error::refused(code, message).at(format!("{field}.{inner}"))
        }
        other => other,
    }
}
