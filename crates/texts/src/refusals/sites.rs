//! Sites.

pub(super) const SENTENCES: &[(&str, &str)] = &[];
