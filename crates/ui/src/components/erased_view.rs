//! A view whose type is erased. In the browser it knows less than `AnyView` and weighs less: it waits
//! for nothing inside, and made anew it takes the old one's place as a whole, since signals carry
//! what changes often.

use leptos::prelude::*;

#[cfg(not(feature = "ssr"))]
pub use browser::ErasedView;

/// On the server weight does not matter.
#[cfg(feature = "ssr")]
pub type ErasedView = AnyView;

/// Erases the type of a view without lazy parts.
pub trait Erase {
    fn erased(self) -> ErasedView;
}

impl<V: IntoView + 'static> Erase for V {
    #[cfg(feature = "ssr")]
    fn erased(self) -> ErasedView {
        self.into_any()
    }

    #[cfg(not(feature = "ssr"))]
    fn erased(self) -> ErasedView {
        ErasedView::new(self.into_view().into_inner())
    }
}

#[cfg(not(feature = "ssr"))]
mod browser {
    use leptos::tachys::html::attribute::Attribute;
    use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
    use leptos::tachys::hydration::Cursor;
    use leptos::tachys::renderer::types::{Element, Node};
    use leptos::tachys::view::add_attr::AddAnyAttr;
    use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

    pub struct ErasedView(Box<dyn Part>);

    impl ErasedView {
        pub(super) fn new<T: RenderHtml + 'static>(view: T) -> Self {
            // The server marks the place of a view that leaves no trace; none is used here.
            const { assert!(T::EXISTS) };
            Self(Box::new(view))
        }
    }

    /// What is asked of a view in the browser.
    trait Part: Send {
        fn build(self: Box<Self>) -> State;
        fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> State;
    }

    impl<T: RenderHtml + 'static> Part for T {
        fn build(self: Box<Self>) -> State {
            State(Box::new((*self).build()))
        }

        fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> State {
            State(Box::new((*self).hydrate::<true>(cursor, position)))
        }
    }

    /// A view in the document.
    pub struct State(Box<dyn Mountable>);

    impl Mountable for State {
        fn unmount(&mut self) {
            self.0.unmount();
        }

        fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
            self.0.mount(parent, marker);
        }

        fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
            self.0.insert_before_this(child)
        }

        fn elements(&self) -> Vec<Element> {
            self.0.elements()
        }
    }

    impl Render for ErasedView {
        type State = State;

        fn build(self) -> State {
            self.0.build()
        }

        fn rebuild(self, state: &mut State) {
            let mut new = self.0.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
        }
    }

    /// Attributes belong on the element itself: none is passed through a component here.
    impl AddAnyAttr for ErasedView {
        type Output<A: Attribute> = Self;

        fn add_any_attr<A: Attribute>(self, _: A) -> Self {
            self
        }
    }

    impl RenderHtml for ErasedView {
        type AsyncOutput = Self;
        type Owned = Self;

        const MIN_LENGTH: usize = 0;

        fn dry_resolve(&mut self) {}

        async fn resolve(self) -> Self {
            self
        }

        /// HTML is written by the server only.
        fn to_html_with_buf(
            self,
            _: &mut String,
            _: &mut Position,
            _: bool,
            _: bool,
            _: Vec<AnyAttribute>,
        ) {
        }

        fn hydrate<const FROM_SERVER: bool>(
            self,
            cursor: &Cursor,
            position: &PositionState,
        ) -> State {
            self.0.hydrate(cursor, position)
        }

        fn into_owned(self) -> Self {
            self
        }
    }
}
