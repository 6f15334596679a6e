//! A letter: a text with figures, and the files that belong to it.

/// An e-mail that people read at length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its subject, on one line.
    pub subject: String,
    /// What programs without HTML show.
    pub text: String,
    /// What the others show.
    pub html: String,
    /// What is attached.
    pub files: Vec<File>,
}

/// A file that is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub media_type: &'static str,
    /// What it holds.
    pub content: String,
}
