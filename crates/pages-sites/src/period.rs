//! The period bar: links, so that it works before anything else is there.

mod month;

use domain::month::Month;
use domain::period::{Kind, Period};
use domain::view::PeriodContext;
use markup::{Html, html};
use service::Error;
use service::pages::Query;

use texts::language;
use texts::words::period as words;

/// The bar over a page: over those that show a period; the months over bills and trades. Where the
/// period is none, nothing is chosen and the page says why.
pub(crate) fn bar(
    page: &[&str],
    shown: &Result<PeriodContext, Error>,
    query: &Query,
) -> Option<(Kinds, Html)> {
    let shown = shown.as_ref().ok();
    match page {
        ["bills"] => Some((Kinds::Months, month::bar(shown, query, Month::previous))),
        ["trades"] => Some((Kinds::Months, month::bar(shown, query, |month| month))),
        [] | ["meters" | "losses" | "carbon" | "history", ..] | ["sites"]
            if !page.ends_with(&["delete"]) =>
        {
            let zoom = query.get("zoom").map(str::to_owned);
            Some((Kinds::All, Bar { shown, query, rest: query.without(&OWN), zoom }.view()))
        }
        _ => None,
    }
}

/// The parameters of an address that say the period, and the part of it that is looked at.
const OWN: [&str; 6] = ["period", "at", "from", "to", "compare", "zoom"];

/// Which periods a bar offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kinds {
    /// Days, weeks, months, years, and what may be compared.
    All,
    /// Months alone.
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

/// Keys of the two ends of a bar.
const EARLIER_KEYS: &str = "[ ArrowLeft";
const LATER_KEYS: &str = "] ArrowRight";

struct Bar<'a> {
    shown: Option<&'a PeriodContext>,
    query: &'a Query,
    /// What else stands in the address.
    rest: String,
    /// The part of the period that is looked at.
    zoom: Option<String>,
}

impl Bar<'_> {
    fn href(&self, period: Period) -> String {
        // A part belongs to its period: another one is shown as a whole.
        let stays = self
            .shown
            .is_some_and(|shown| shown.period.days(shown.today()) == period.days(shown.today()));
        let zoom = self.zoom.as_ref().filter(|_| stays).map(|zoom| format!("zoom={zoom}"));
        let parts = [self.rest.clone(), zoom.unwrap_or_default(), period.query()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("?{}", parts.join("&"))
    }

    fn view(&self) -> Html {
        let chosen = self.shown.map(|shown| shown.period);
        let compare = chosen.is_some_and(Period::compares);
        let label = self.shown.map_or_else(
            || words::CHOOSE.into(),
            |shown| words::capital(&shown.period.label(shown.today(), language::now())),
        );
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
                    {self.arrow(-1)} {kinds} {self.custom()} {self.arrow(1)}
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
            Some(shown) if !is_current => {
                words::capital(&shown.period.label(shown.today(), language::now()))
            }
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

    fn arrow(&self, way: i32) -> Html {
        let (rel, name, keys, path) = match way {
            ..0 => ("prev", words::EARLIER, EARLIER_KEYS, "M6 1L2 5l4 4"),
            _ => ("next", words::LATER, LATER_KEYS, "M2 1l4 4l-4 4"),
        };
        let to = self.shown.and_then(|shown| shown.period.step(way, shown.today()));
        let icon = html! {
            <svg width="8" height="10" viewBox="0 0 8 10" aria-hidden="true">
                <path d=path />
            </svg>
        };
        if let Some(to) = to {
            html! {
                <a
                    class="segment arrow"
                    rel=rel
                    href=self.href(to)
                    aria-label=name
                    title=name
                    data-key=keys
                >
                    {icon}
                </a>
            }
        } else {
            html! {
                <span class="segment arrow is-off" title=words::NO_LATER>
                    {icon}
                </span>
            }
        }
    }

    /// Two dates of a form; what else stands in the address goes along.
    fn custom(&self) -> Html {
        let chosen = self.shown.filter(|shown| shown.period.kind() == Kind::Custom);
        let text = chosen.map_or_else(
            || Kind::Custom.name(language::now()).to_owned(),
            |shown| words::capital(&shown.period.label(shown.today(), language::now())),
        );
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
        let rest = self.query.rest(&OWN).into_iter().map(|(name, value)| {
            html! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
        });
        let field = |name: &'static str, label: &'static str, value: String| {
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
                    <input type="hidden" name="period" value="custom" />
                    {rest.collect::<Html>()}
                    {field("from", words::FROM.get(), first)}
                    {field("to", words::TO.get(), last)}
                    <button type="submit" class="button button-main">
                        {words::SHOW}
                    </button>
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
