//! Links from a figure to the form of a rule on it, filled in.

use domain::MeterId;
use domain::alarms::{Kind, Watch, suggested_limit};
use domain::view::GridMeter;
use markup::{Html, html};
use service::Action;
use texts::language;
use texts::words::alarms as words;

use super::at;
use super::rights::may;

/// The wording of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    Sentence,
    /// For places with little room; the sentence is the hint.
    Short,
}

/// A link to a rule on a figure of a meter that is `present` kW now, with a limit just above it. Nothing for
/// somebody who may add no rule. `address` keeps site and period of the page.
pub fn alert(
    address: impl Fn(&str) -> String,
    (meter, watch): (MeterId, Watch),
    present: Option<f64>,
    wording: Wording,
) -> Option<Html> {
    let limit = present.and_then(suggested_limit);
    let said = limit.map(|kw| format!("{} kW", language::now().typed(kw)));
    let sentence = if watch.kind.has_limits() {
        words::alert_when(said.as_deref())
    } else {
        words::ALERT_SILENT.into()
    };
    let text = match wording {
        Wording::Sentence => sentence.clone(),
        Wording::Short => words::ALERT_SHORT.into(),
    };
    may(Action::Configure).then(|| {
        html! {
            <a class="alert-link" href=address(&path(meter, watch, limit)) title=sentence>
                {text}
            </a>
        }
    })
}

/// The link to a rule on the demand of a site's connection to the grid, beside a chart of what comes from there.
pub fn alert_of_demand(address: impl Fn(&str) -> String, grid: Option<&GridMeter>) -> Option<Html> {
    let grid = grid?;
    let watched = (grid.id, Watch::kind(Kind::Demand));
    let link = alert(address, watched, grid.demand_kw, Wording::Sentence)?;
    Some(html! { <p class="note chart-alert">{words::demand_of(&grid.name)} ": " {link}</p> })
}

fn path(meter: MeterId, watch: Watch, limit: Option<f64>) -> String {
    let (meter, limit) = (meter.to_string(), limit.map(|limit| limit.to_string()));
    let raise = limit.as_deref().unwrap_or_default();
    at(None, "/alarms#new-rule", &[("meter", &meter), ("watch", watch.word()), ("raise", raise)])
}
