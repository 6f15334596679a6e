//! What a person reads: every text in every language, and numbers and times as a language writes them.
//!
//! `words` has the texts by page, `language` the reader's choice, `figures` and `time` the marks of
//! numbers and dates, `messages` the sentences that are known by a code. `cookie` and `remark` are what
//! a choice needs of the browser.
//!
//! Not here: anything that draws. What is computed comes from `domain`.

pub mod console;
pub mod cookie;
pub mod figures;
pub mod language;
pub mod messages;
pub mod time;
pub mod words;
