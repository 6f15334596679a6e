//! A page as the server draws it.

use domain::live::Snapshot;

/// A page, or a part of one, as the server drew it.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub title: String,
    /// Its content.
    pub html: String,
    /// Seconds after which it is drawn anew; 0 where it is not.
    pub refresh_s: u32,
    /// Whether it is drawn anew as soon as the stream tells of something new.
    pub is_live: bool,
    pub islands: Islands,
}

/// The islands that a page has beside those of the frame.
#[derive(Debug, Clone, Default)]
pub enum Islands {
    #[default]
    None,
    /// They show live values.
    Live(Box<Snapshot>),
    Map,
}

impl Islands {
    /// The module that brings the islands of the whole document to life.
    pub const fn module(&self) -> &'static str {
        match self {
            Self::None => "islands",
            Self::Live(_) => "live",
            Self::Map => "map",
        }
    }
}
