//! Why a meter is not online.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] =
    &[("unread.never", "noch nie gelesen"), ("unread.nothing_new", "keine neue Ablesung")];
