//! Parts that these pages share.

use markup::{Draw, Html, html};
use texts::language::Text;
use ui::components::chart::percent;
use ui::drawing::form::submit;
use ui::drawing::parts::noted;
use ui::drawing::{hidden, send};

/// The head of a section with a note beside it; its `id` names the section.
pub(crate) fn heading(id: Option<&'static str>, title: impl Draw, note: impl Draw) -> Html {
    html! { <h2 id=id>{noted(title, note)}</h2> }
}

pub(crate) fn note(text: impl Draw) -> Html {
    html! { <p class="note">{text}</p> }
}

/// One of several choices, which is an address.
pub(crate) fn segment(id: String, href: String, is_chosen: bool, name: Text) -> Html {
    html! {
        <a id=id class="segment" href=href aria-current=is_chosen.then_some("true") data-noscroll>
            {name}
        </a>
    }
}

/// A button that does one thing, with the class of its form.
pub(crate) fn button(
    class: &'static str,
    act: &'static str,
    fields: impl IntoIterator<Item = (&'static str, String)>,
    text: Text,
) -> Html {
    html! {
        <form class=class action=send(act)>
            {fields.into_iter().map(|(name, value)| hidden(name, value)).collect::<Html>()}
            {submit("button", text)}
        </form>
    }
}

/// A value with its name, in a list of them.
pub(crate) fn value(name: Text, value: impl Draw) -> Html {
    html! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
}

/// A line over the height of a plot.
pub(crate) fn upright(class: &'static str, x: f64) -> Html {
    html! { <line class=class x1=percent(x) x2=percent(x) y1="0" y2="100%" /> }
}

/// A reading that is left out, whose figure has no place on the axes.
pub(crate) fn ring(x: f64, y: &'static str) -> Html {
    html! { <circle class="plot-outlier" cx=percent(x) cy=y r="3" /> }
}

/// The way on to another page, below what a section shows.
pub(crate) fn way_on(href: String, text: Text) -> Html {
    html! {
        <p class="actions">
            <a class="button" href=href>
                {text}
            </a>
        </p>
    }
}

/// A page that has nothing to show: why, what to do, and its empty table as a file.
pub(crate) fn nothing(title: Text, help: Text, files: Option<Html>) -> Html {
    html! {
        <section class="page notice">
            <h1>{title}</h1>
            <p>{help}</p>
            {files}
        </section>
    }
}
