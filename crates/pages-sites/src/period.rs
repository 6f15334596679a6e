//! The period bar: links, so that it works before anything else is there.

use domain::month::Month;
use domain::period::{Kind, Period};
use domain::view::PeriodContext;
use markup::{Html, html};
use service::Error;
use service::pages::Query;

use texts::language::{self, Text};
use texts::words::period as words;
use ui::drawing::{hidden, main_button, time};

/// The bar over a page: over those that show a period; the months over bills and trades. Where the
/// period is none, nothing is chosen and the page says why.
pub(crate) fn bar(
    page: &[&str],
    shown: &Result<PeriodContext, Error>,
    query: &Query,
) -> Option<(Kinds, Html)> {
    let shown = shown.as_ref().ok();
    match page {
        ["bills"] => Some((Kinds::Months, months(shown, query, Month::previous))),
        ["trades"] => Some((Kinds::Months, months(shown, query, |month| month))),
        [] | ["meters" | "losses" | "carbon" | "history", ..] | ["sites"]
            if !page.ends_with(&["delete"]) =>
        {
            Some((Kinds::All, Bar { shown, query }.view()))
        }
        _ => None,
    }
}

/// The parameters of an address that say the period, and the part of it that is looked at.
const OWN: [&str; 6] = ["period", "at", "from", "to", "compare", "zoom"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kinds {
    /// Days, weeks, months, years, and what may be compared.
    All,
    Months,
}

/// Keys of the kinds of period; yesterday is one step back.
const fn key(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Today => Some("t"),
        Kind::Week => Some("w"),
        Kind::Month => Some("m"),
        Kind::Year => Some("y"),
        Kind::Yesterday | Kind::Custom => None,
    }
}

fn label(shown: &PeriodContext) -> String {
    words::capital(&shown.period.label(shown.today(), language::now()))
}

/// The way to the period before or after; nowhere without an address.
fn arrow(rel: &'static str, name: Text, to: Option<String>, kinds: Kinds) -> Html {
    let (keys, path) = match rel {
        "prev" => ("[ ArrowLeft", "M6 1L2 5l4 4"),
        _ => ("] ArrowRight", "M2 1l4 4l-4 4"),
    };
    let is_month = kinds == Kinds::Months;
    let icon = html! {
        <svg width="8" height="10" viewBox="0 0 8 10" aria-hidden="true">
            <path d=path />
        </svg>
    };
    let Some(href) = to else {
        let why = (!is_month).then_some(words::NO_LATER);
        return html! { <span class="segment arrow is-off" title=why>{icon}</span> };
    };
    html! {
        <a
            class="segment arrow"
            id=is_month.then_some(rel)
            rel=rel
            href=href
            aria-label=name
            title=(!is_month).then_some(name)
            data-key=keys
        >
            {icon}
        </a>
    }
}

/// The months over bills and trades. Those that have not begun are not offered; `usual` gives, of the running month,
/// the one that is shown where none is asked for.
fn months(shown: Option<&PeriodContext>, query: &Query, usual: fn(Month) -> Month) -> Html {
    let Some(shown) = shown else { return Html::default() };
    let running = Month::of(shown.today());
    let asked = query.get("month").and_then(|month| month.parse().ok());
    let month = asked.unwrap_or_else(|| usual(running));
    let rest = query.without(&["month"]);
    let and = if rest.is_empty() { "" } else { "&" };
    let step = |to: Month, rel: &'static str, name: Text| {
        let href = (to <= running).then(|| format!("?{rest}{and}month={to}"));
        arrow(rel, name, href, Kinds::Months)
    };
    html! {
        <div class="segments months">
            {step(month.previous(), "prev", words::MONTH_BEFORE)}
            <span class="segment" aria-current="true">
                {time::month(month)}
            </span>
            {step(month.next(), "next", words::MONTH_AFTER)}
        </div>
    }
}

struct Bar<'a> {
    shown: Option<&'a PeriodContext>,
    query: &'a Query,
}

impl Bar<'_> {
    fn href(&self, period: Period) -> String {
        // A part belongs to its period: another one is shown as a whole.
        let stays = self
            .shown
            .is_some_and(|shown| shown.period.days(shown.today()) == period.days(shown.today()));
        let zoom = self.query.get("zoom").filter(|_| stays).map(|zoom| format!("zoom={zoom}"));
        let parts = [self.query.without(&OWN), zoom.unwrap_or_default(), period.query()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("?{}", parts.join("&"))
    }

    fn view(&self) -> Html {
        let chosen = self.shown.map(|shown| shown.period);
        let compare = chosen.is_some_and(Period::compares);
        let label = self.shown.map_or_else(|| words::CHOOSE.into(), label);
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Custom);
        let kinds =
            kinds.map(|kind| self.kind(Period::of(kind).comparing(compare))).collect::<Html>();
        html! {
            <button type="button" class="button period-button" popovertarget="periods">
                {label}
                <svg width="10" height="6" viewBox="0 0 10 6" aria-hidden="true">
                    <path d="M1 1l4 4l4-4" />
                </svg>
            </button>
            <div id="periods" class="periods" popover="auto">
                <div class="segments">
                    {self.arrow("prev", words::EARLIER, -1)} {kinds} {self.custom()}
                    {self.arrow("next", words::LATER, 1)}
                </div>
                {self.compare()}
            </div>
        }
    }

    /// A kind of period; the chosen one says which of its kind it is.
    fn kind(&self, offered: Period) -> Html {
        let chosen = self.shown.filter(|shown| shown.period.kind() == offered.kind());
        let is_current = chosen.is_some_and(|shown| shown.period == offered);
        let text = match chosen {
            Some(shown) if !is_current => label(shown),
            _ => offered.kind().name(language::now()).to_owned(),
        };
        html! {
            <a
                class="segment"
                href=self.href(offered)
                data-key=key(offered.kind())
                aria-current=chosen.is_some().then_some("true")
            >
                {text}
            </a>
        }
    }

    fn arrow(&self, rel: &'static str, name: Text, way: i32) -> Html {
        let to = self.shown.and_then(|shown| shown.period.step(way, shown.today()));
        arrow(rel, name, to.map(|to| self.href(to)), Kinds::All)
    }

    /// Two dates of a form; what else stands in the address goes along.
    fn custom(&self) -> Html {
        let chosen = self.shown.filter(|shown| shown.period.kind() == Kind::Custom);
        let text = chosen.map_or_else(|| Kind::Custom.name(language::now()).to_owned(), label);
        // Days that cannot be meant stay to be corrected.
        let typed = |name: &str| self.query.get(name).unwrap_or_default().to_owned();
        let (first, last) = self.shown.map_or_else(
            || (typed("from"), typed("to")),
            |shown| {
                let (first, last) = shown.period.days(shown.today());
                (first.to_string(), last.min(shown.today()).to_string())
            },
        );
        let most = self.shown.map(|shown| shown.today().to_string());
        let rest = self.query.rest(&OWN).into_iter().map(|(name, value)| hidden(name, value));
        let field = |name: &'static str, label: Text, value: String| {
            html! {
                <label class="custom-field">
                    {label}
                    <input
                        class="field"
                        type="date"
                        name=name
                        value=value
                        max=most.clone()
                        required=true
                    />
                </label>
            }
        };
        html! {
            <details class="custom" name="period">
                <summary class="segment" aria-current=chosen.is_some().then_some("true")>
                    {text}
                </summary>
                <form class="custom-form" method="get">
                    {hidden("period", "custom")} {rest.collect::<Html>()}
                    {field("from", words::FROM, first)} {field("to", words::TO, last)}
                    {main_button(words::SHOW)}
                </form>
            </details>
        }
    }

    fn compare(&self) -> Option<Html> {
        let shown = self.shown?;
        let (compares, before) =
            (shown.period.compares(), shown.period.before_label(shown.today(), language::now()));
        let other = shown.period.comparing(!compares);
        Some(html! {
            <a
                class="button compare"
                href=self.href(other)
                data-key="c"
                aria-current=compares.then_some("true")
                title=if compares { words::COMPARE_OFF } else { words::COMPARE_ON }
            >
                {words::compare(&before)}
            </a>
        })
    }
}
