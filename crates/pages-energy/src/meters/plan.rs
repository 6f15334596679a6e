//! The plan of the plant: where its meters hang, what they draw, where energy is lost.

use super::picture::{self, FAINT, LINE, LOSS, WARN, look};
use super::{Drawn, Here, PACE_S, kind};
use crate::parts::note;
use crate::steps;
use domain::live::Status;
use domain::losses::balance::Verdict;
use domain::meters::SourceKind;
use domain::meters::view::plan::{Marker, Placed, Plan, PlanPage, WIDTH};
use markup::{Html, html};
use tables::{Column, Rows};
use texts::figures;
use texts::language::Text;
use texts::words::{flow as words, state};
use ui::components::balance_bar::source_class;
use ui::components::chart::short;
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::kwh;
use ui::drawing::{Downloads, link};

/// So many meters without a place are named.
const MOST_NAMED: usize = 40;
const KINDS: [SourceKind; 5] = [
    SourceKind::Grid,
    SourceKind::Solar,
    SourceKind::Diesel,
    SourceKind::Battery,
    SourceKind::Load,
];

pub(super) fn draw(page: &PlanPage, here: Here<'_>) -> Drawn {
    let has_places = !page.markers.is_empty();
    let figure = if has_places {
        figure(page, here)
    } else {
        html! { <p class="sheet-empty">{words::NO_PLACES}</p> }
    };
    let too_many = (page.too_many > 0).then(|| note(words::too_many(page.too_many)));
    let note = has_places.then(|| words::plan_note(&steps::phrase(&page.shown)));
    Drawn {
        title: words::PLAN_TITLE.into(),
        note: note.unwrap_or_default(),
        choice: Html::default(),
        label: words::PLAN_FIGURE,
        figure,
        below: html! {
            {has_places.then(legend)}
            {too_many}
            {without(page)}
            {has_places.then(|| behind(page))}
        },
        refused: None,
        pace_s: PACE_S,
    }
}

fn figure(page: &PlanPage, here: Here<'_>) -> Html {
    let plan = Plan::of(&page.markers);
    let line = |(from, to): &(usize, usize)| {
        let (from, to) = (&plan.placed[*from], &plan.placed[*to]);
        html! {
            <line x1=short(from.x) y1=short(from.y) x2=short(to.x) y2=short(to.y) />
        }
    };
    let lines = plan.links.iter().map(line).collect::<Html>();
    // The largest come first, so the small ones drawn after them are not hidden.
    let markers = page.markers.iter().zip(&plan.placed);
    let markers =
        markers.map(|(marker, placed)| draw_marker(marker, placed, here)).collect::<Html>();
    html! {
        <svg class="pane-room" width="560" height="1" aria-hidden="true" />
        <svg
            class="plan"
            viewBox=format!("0 0 {WIDTH} {}", short(plan.height))
            role="group"
            aria-label=words::PLAN_FIGURE
        >
            <g class="plan-lines">{lines}</g>
            {markers}
            {bar(&plan)}
        </svg>
    }
}

fn bar(plan: &Plan) -> Html {
    let (metres, pixels) = plan.bar;
    let y = plan.height - 12.0;
    html! {
        <g class="plan-bar">
            <path d=format!("M12 {0}v4h{1}v-4", short(y - 4.0), short(pixels)) />
            <text x=short(18.0 + pixels) y=short(y + 2.0)>
                {words::metres(&figures::fixed(metres, usize::from(metres < 1.0)))}
            </text>
            <path d="M622 30V12M617.5 18l4.5-6l4.5 6" />
            <text x="622" y="42" text-anchor="middle">
                "N"
            </text>
        </g>
    }
}

fn legend() -> Html {
    let item = |class: &'static str, ring: &'static str, name: Text| {
        html! {
            <span>
                <svg class="plan-mark" viewBox="0 0 12 12">
                    <circle class=class cx="6" cy="6" r="3.5" />
                    <circle class=ring cx="6" cy="6" r="5" />
                </svg>
                {name}
            </span>
        }
    };
    let source = |kind_of: SourceKind| item(source_class(kind_of), "none", kind(kind_of));
    html! {
        <p class="legend-line pane-legend">
            {KINDS.map(source)}
            {item("fill-load", "plan-loss", words::LOSS)}
            {item("fill-load", "plan-negative", words::NEGATIVE)}
            {item("is-silent", "none", words::SILENT)} <span>{words::SIZE}</span>
        </p>
    }
}

const fn said(status: Status) -> Text {
    match status {
        Status::Online => state::GOOD,
        Status::Offline => state::OFFLINE,
        Status::Error => state::ERROR,
        Status::Stale => state::STALE,
        Status::None => state::UNREAD,
    }
}

fn loss_text(marker: &Marker) -> Option<String> {
    let (left, percent, verdict) = marker.loss?;
    let share = percent.map(|percent| format!(" ({} %)", figures::fixed(percent, 1)));
    let share = share.unwrap_or_default();
    let left = left.map(kwh).unwrap_or_default();
    Some(match verdict {
        Verdict::Loss => format!("{} kWh{share}", words::loss(&left)),
        Verdict::Negative => format!("{} {left} kWh{share}", words::NEGATIVE),
        Verdict::WithinError => words::WITHIN_ERROR.into(),
        Verdict::Incomplete => words::NOT_READ.into(),
    })
}

fn tip(marker: &Marker) -> String {
    let power = marker.power_kw.map(|kw| format!("{} kW", figures::about(kw)));
    let power = power.unwrap_or_else(|| UNKNOWN.to_owned());
    let (kind, state) = (kind(marker.kind), said(marker.status));
    let facts = format!("{}, {kind}, {power}, {state}", marker.name);
    loss_text(marker).map_or(facts.clone(), |loss| format!("{facts}, {loss}"))
}

/// A meter: its colour the kind of source, its size the power, a ring for a loss, hollow where it is
/// silent.
fn draw_marker(marker: &Marker, at: &Placed, here: Here<'_>) -> Html {
    let id = marker.id.to_string();
    let (x, y) = (short(at.x), short(at.y));
    let silent = if marker.status == Status::Online { "" } else { " is-silent" };
    let ring = match marker.loss {
        Some((_, _, Verdict::Loss)) => Some("plan-loss"),
        Some((_, _, Verdict::Negative)) => Some("plan-negative"),
        _ => None,
    };
    let ring = ring.map(|class| {
        html! { <circle class=class cx=x.clone() cy=y.clone() r=short(at.radius + 2.5) /> }
    });
    let label = at.label.map(|(x, y)| {
        html! {
            <text x=short(x) y=short(y)>
                {marker.name.clone()}
            </text>
        }
    });
    let tip = tip(marker);
    html! {
        <a
            id=format!("flow-{id}")
            class="plan-mark"
            href=here.meter(marker.id)
            data-meter=id
            aria-current=here.current(marker.id)
            aria-label=&tip
        >
            <title>{&tip}</title>
            {ring}
            <circle
                class=format!("{}{silent}", source_class(marker.kind))
                cx=x
                cy=y
                r=short(at.radius)
            />
            {label}
        </a>
    }
}

/// The meters without a place, each a way to give it one.
fn without(page: &PlanPage) -> Option<Html> {
    let count = page.without.len();
    if count == 0 {
        return None;
    }
    let meter = |(id, name): &(domain::MeterId, String)| {
        let href = link(&page.shown, &format!("/devices/{id}"));
        html! {
            <li>
                <a href=href>{name.clone()}</a>
            </li>
        }
    };
    let named = page.without.iter().take(MOST_NAMED).map(meter).collect::<Html>();
    let more = count.saturating_sub(MOST_NAMED);
    let more = (more > 0).then(|| html! { <li class="note">{words::and_more(more)}</li> });
    Some(html! {
        <section class="plan-without">
            <p class="note">{words::without_place(count)}</p>
            <ul>{named} {more}</ul>
        </section>
    })
}

fn behind(page: &PlanPage) -> Html {
    let rows = Rows::of(&page.markers)
        .text(Column::of_head(&words::METER), |marker| &marker.name)
        .figure(Column::of_head(&words::NORTH), 5, |marker| marker.at.0)
        .figure(Column::of_head(&words::EAST), 5, |marker| marker.at.1)
        .figure(Column::of_head(&words::POWER_KW), 1, |marker| marker.power_kw)
        .text(Column::of_head(&words::STATE), |marker| said(marker.status))
        .figure(Column::of_head(&words::LOSS_KWH), 1, |marker| marker.loss.and_then(|it| it.0));
    let files = Downloads::of(&page.shown);
    let table = files.rows(words::PLAN_TITLE, rows);
    files.behind("places", table, || {
        Some(draw_picture(page, &files.titled(words::PLAN_TITLE.get())))
    })
}

/// The plan as a picture by itself.
fn draw_picture(page: &PlanPage, title: &str) -> String {
    let plan = Plan::of(&page.markers);
    let links = plan.links.iter().map(|(from, to)| (&plan.placed[*from], &plan.placed[*to]));
    let lines = links.map(|(from, to)| {
        html! {
            <line x1=short(from.x) y1=short(from.y) x2=short(to.x) y2=short(to.y) stroke=LINE />
        }
    });
    let markers = page.markers.iter().zip(&plan.placed);
    let markers = markers.map(|(marker, at)| {
        let circle =
            |radius: f64, fill: &'static str, stroke: &'static str, dashes: &'static str| {
                html! {
                    <circle
                        cx=short(at.x)
                        cy=short(at.y)
                        r=short(radius)
                        fill=fill
                        stroke=stroke
                        stroke-width=if fill == "none" || dashes != "none" { "2" } else { "1" }
                        stroke-dasharray=dashes
                    />
                }
            };
        let ring = match marker.loss {
            Some((_, _, Verdict::Loss)) => Some(circle(at.radius + 2.5, "none", LOSS, "none")),
            Some((_, _, Verdict::Negative)) => Some(circle(at.radius + 2.5, "none", WARN, "3 2")),
            _ => None,
        };
        let own = if marker.status == Status::Online {
            circle(at.radius, look(source_class(marker.kind)).0, "#ffffff", "none")
        } else {
            circle(at.radius, "#ffffff", WARN, "3 2")
        };
        let label = at.label.map(|place| picture::text(place, &marker.name));
        html! { {ring} {own} {label} }
    });
    let (metres, pixels) = plan.bar;
    let y = plan.height - 12.0;
    let metres = words::metres(&figures::fixed(metres, usize::from(metres < 1.0)));
    let bar = format!("M12 {}v4h{}v-4", short(y - 4.0), short(pixels));
    let figure = html! {
        {lines.collect::<Html>()}
        {markers.collect::<Html>()}
        <path d=bar fill="none" stroke=FAINT />
        <path d="M622 30V12M617.5 18l4.5-6l4.5 6" fill="none" stroke=FAINT />
        {picture::text((18.0 + pixels, y + 2.0), &metres)}
        {picture::text((618.0, 42.0), "N")}
    };
    let warnings = format!("{} / {}", words::NEGATIVE, words::SILENT);
    let rings = [("plan-loss", words::LOSS.into()), ("plan-warn", warnings)];
    let kinds = KINDS.map(|of| (source_class(of), String::from(kind(of))));
    let legend: Vec<_> = kinds.into_iter().chain(rings).collect();
    picture::draw(title, (WIDTH, plan.height), figure, &legend)
}
