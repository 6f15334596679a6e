//! Views that are small to download.
//!
//! Each closure in a view is a type of its own, and each type gets its own copy of the code that
//! renders, takes over and updates it. Here closures become a few common types: a reactive text is
//! always a `Signal<String>`, a reactive piece always gives an `AnyView`.

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::reactive_graph::SharedReactiveFunction;
use leptos::tachys::ssr::StreamBuilder;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Position, PositionState, Render, RenderHtml};
use std::sync::{Arc, Mutex};

/// A reactive piece of a view.
pub(crate) type Piece = SharedReactiveFunction<AnyView>;

/// A text that changes.
pub(crate) fn text(read: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(read)
}

/// A text that changes and may be missing.
pub(crate) fn text_if(read: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || read().unwrap_or_default())
}

/// One of a few words that changes, such as a class.
pub(crate) fn word(
    read: impl Fn() -> &'static str + Send + Sync + 'static,
) -> Signal<&'static str> {
    Signal::derive(read)
}

/// A condition that changes.
pub(crate) fn flag(read: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(read)
}

/// A piece that is made anew whenever what it reads changes.
pub(crate) fn piece<V: IntoView + 'static>(make: impl Fn() -> V + Send + 'static) -> Piece {
    Arc::new(Mutex::new(move || make().at_once()))
}

/// Erases the type of a view that waits for nothing inside.
pub(crate) trait AtOnce {
    /// Like `into_any`, without the second, asynchronous way of taking over the server's HTML that
    /// only views with lazy parts need.
    fn at_once(self) -> AnyView;
}

impl<V: IntoView + 'static> AtOnce for V {
    fn at_once(self) -> AnyView {
        Settled(self.into_view().into_inner()).into_any()
    }
}

/// A view without lazy parts. Made anew, it takes the old one's place as a whole: signals carry what
/// changes often, and comparing two views piece by piece is code too.
struct Settled<T>(T);

impl<T: Render> Render for Settled<T> {
    type State = T::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut new = self.0.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl<T: RenderHtml> AddAnyAttr for Settled<T> {
    type Output<A: Attribute> = Settled<T::Output<A>>;

    fn add_any_attr<A: Attribute>(self, attr: A) -> Self::Output<A>
    where
        Self::Output<A>: RenderHtml,
    {
        Settled(self.0.add_any_attr(attr))
    }
}

impl<T: RenderHtml> RenderHtml for Settled<T> {
    type AsyncOutput = T::AsyncOutput;
    type Owned = Settled<T::Owned>;

    const MIN_LENGTH: usize = T::MIN_LENGTH;
    const EXISTS: bool = T::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    fn resolve(self) -> impl Future<Output = Self::AsyncOutput> + Send {
        self.0.resolve()
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_async_with_buf::<OUT_OF_ORDER>(
            buf,
            position,
            escape,
            mark_branches,
            extra_attrs,
        );
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self::Owned {
        Settled(self.0.into_owned())
    }
}
