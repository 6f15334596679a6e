//! Views that are small to download.
//!
//! Each closure in a view is a type of its own, and each type gets its own copy of the code that
//! renders, takes over and updates it. Here closures become a few common types: a reactive text is
//! always a `Signal<String>`, a reactive piece always gives an `ErasedView`.

use leptos::prelude::*;
use leptos::tachys::reactive_graph::SharedReactiveFunction;
use std::sync::{Arc, Mutex};

use crate::components::erased_view::{Erase as _, ErasedView};

/// A reactive piece of a view.
pub type Piece = SharedReactiveFunction<ErasedView>;

/// A text that changes.
pub fn text(read: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(read)
}

/// A piece that is made anew whenever what it reads changes.
pub fn piece<V: IntoView + 'static>(make: impl Fn() -> V + Send + 'static) -> Piece {
    Arc::new(Mutex::new(move || make().erased()))
}
