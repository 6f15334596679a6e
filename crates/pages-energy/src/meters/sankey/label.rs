//! What stands beside a bar: name, figure, what is left over, and what can be unfolded.

use super::super::unfold;
use super::Figure;
use domain::losses::balance::Verdict;
use domain::meters::view::flow::{Fold, Point, Sums, What};
use domain::meters::view::sankey::Branch;
use markup::{Html, html};
use texts::figures;
use texts::words::flow as words;
use ui::components::chart::{percent, short};
use ui::drawing::parts::kwh;

/// From this height on name and figure stand in two lines.
pub(super) const TWO_LINES: f64 = 32.0;
/// What is read to this part is not remarked on.
const COMPLETE: f64 = 0.995;
/// From this height on what is left over stands in a third line; none are higher.
const THREE_LINES: f64 = 50.0;

/// What is left over of a balance, and how it is set.
fn left(sums: &Sums) -> (String, &'static str) {
    let left = sums.left();
    match sums.verdict {
        Verdict::Loss => (words::loss(&kwh(left)), "is-loss"),
        Verdict::Negative => (kwh(left), "is-negative"),
        Verdict::WithinError => (words::within(&kwh(left), &kwh(sums.error)), "is-quiet"),
        Verdict::Incomplete => (words::not_read(&kwh(left)), "is-quiet"),
    }
}

/// A part that is no meter, in words.
pub(super) fn text(what: &What<'_>, value: f64) -> String {
    match what {
        What::Meter(point, _) => point.name.clone(),
        What::Others(_, points) => {
            let names: Vec<&str> = points.iter().take(12).map(|it| it.name.as_str()).collect();
            format!("{} {}: {}", words::others(points.len()), kwh(value), names.join(", "))
        }
        What::Left(_, sums) => {
            let missing = sums.missing.join(", ");
            let text = left(sums).0;
            if missing.is_empty() { text } else { format!("{text}: {missing}") }
        }
        What::Untracked(_) => format!("{} {}", words::UNTRACKED_HELP, kwh(value)),
        What::Returned(_) => format!("{} {}", words::RETURNED, kwh(value)),
    }
}

/// All that is known of a meter, while the pointer is over it.
pub(super) fn tip(point: &Point) -> String {
    let figure = point.through().map_or_else(|| words::NOT_READ.into(), kwh);
    let whole = format!("{} {figure} ±{}", point.name, kwh(point.error));
    let left = point.balance.as_ref().map(|sums| left(sums).0);
    let read = (point.import.is_some() && point.coverage < COMPLETE)
        .then(|| words::read(&figures::fixed(point.coverage * 100.0, 0)));
    [Some(whole), left, read].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Name and figures of a part, for a picture, in which nothing is unfolded.
pub(super) fn plain(branch: &Branch<'_>) -> (String, String) {
    match &branch.what {
        What::Meter(point, fold) => {
            let rest = rest(point, *fold, has_room(branch)).map(|sums| left(sums).0);
            let figure = point.through().map_or_else(|| words::NOT_READ.into(), kwh);
            let figures: Vec<String> = std::iter::once(figure).chain(rest).collect();
            (point.name.clone(), figures.join(" "))
        }
        What::Others(_, points) => {
            (words::others(points.len()), format!("{}{}", kwh(branch.value), unread(points)))
        }
        What::Left(_, sums) => (left(sums).0, String::new()),
        What::Untracked(_) => (words::UNTRACKED.into(), kwh(branch.value)),
        What::Returned(_) => (words::RETURNED.into(), kwh(branch.value)),
    }
}

/// Whether what a node leaves over is written beside it. In one short line the colour of the foot and the tip tell.
fn has_room(branch: &Branch<'_>) -> bool {
    branch.room > 1 || branch.label.height >= TWO_LINES
}

/// The balance of a node that leaves something over. That of an unfolded node stands at its own band.
fn rest(point: &Point, fold: Fold, has_room: bool) -> Option<&Sums> {
    point.balance.as_ref().filter(|sums| {
        let has_band = fold == Fold::Unfolded && sums.left() >= 0.0;
        has_room && !has_band && sums.verdict != Verdict::WithinError
    })
}

/// The number of those that were not read, where there are any.
fn unread(points: &[&Point]) -> String {
    match points.iter().filter(|point| point.import.is_none()).count() {
        0 => String::new(),
        count => format!(" {}", words::unread(count)),
    }
}

impl Figure<'_> {
    pub(super) fn label(self, branch: &Branch<'_>) -> Html {
        let lines = branch.label.height.min(THREE_LINES);
        let class = match lines {
            height if height >= THREE_LINES => "sankey-label is-tall is-high",
            height if height >= TWO_LINES => "sankey-label is-tall",
            _ => "sankey-label",
        };
        let content = match &branch.what {
            What::Meter(point, fold) => self.of_meter(point, *fold, has_room(branch)),
            What::Others(of, points) => {
                let open = of.map_or_else(|| "top".to_owned(), |id| id.to_string());
                html! {
                    <a id=format!("others-{open}") href=self.here.open(&open) data-noscroll>
                        {words::others(points.len())}
                    </a>
                    " "
                    {kwh(branch.value)}
                    {unread(points)}
                }
            }
            What::Left(node, sums) => {
                let (text, class) = left(sums);
                let href = self.here.losses(*node);
                html! {
                    <a class=class href=href title=self::text(&branch.what, branch.value)>
                        {text}
                    </a>
                }
            }
            What::Untracked(_) => {
                html! { <span title=words::UNTRACKED_HELP>{words::UNTRACKED} " " {kwh(branch.value)}</span> }
            }
            What::Returned(_) => {
                html! { {words::RETURNED} " " {kwh(branch.value)} }
            }
        };
        html! {
            <foreignObject
                x=self.x(branch.column)
                y=short(branch.label.y)
                width=percent(branch.room as f64 * 100.0 / self.count)
                height=short(lines)
            >
                <p class=class>{content}</p>
            </foreignObject>
        }
    }

    fn of_meter(self, point: &Point, fold: Fold, has_room: bool) -> Html {
        let figure = point.through().map_or_else(|| words::NOT_READ.into(), kwh);
        let id = point.id.to_string();
        let rest = rest(point, fold, has_room).map(|sums| {
            let (text, class) = left(sums);
            html! { " " <span class=format!("sankey-rest {class}")>{text}</span> }
        });
        html! {
            <a
                id=format!("flow-{id}")
                class="sankey-name"
                href=self.here.meter(point.id)
                data-meter=id
                aria-current=self.here.current(point.id)
                data-noscroll
                title=tip(point)
            >
                {point.name.clone()}
            </a>
            " "
            <span class="sankey-figure">{figure} {self.unfold(point, fold)}</span>
            {rest}
        }
    }

    /// A link that shows what is folded, or folds what somebody unfolded.
    fn unfold(self, point: &Point, fold: Fold) -> Option<Html> {
        let id = point.id.to_string();
        let is_open = self.here.0.get("open") == Some(&id);
        let (text, label) = match fold {
            Fold::Folded(count) if !point.feeds => {
                (format!("+{count}"), words::unfold(count, &point.name))
            }
            Fold::Unfolded if is_open => ("\u{2212}".to_owned(), words::fold(&point.name)),
            _ => return None,
        };
        Some(html! { " " {unfold(self.here, &id, text, &label)} })
    }
}
