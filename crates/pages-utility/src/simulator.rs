//! The simulated world: its clock, its meters, and what can be done to them.

pub(super) mod act;
mod chosen;
mod clock;
mod forms;
mod wave;

use domain::simulation::view::{SimulatorPage, WorldMeter};
use markup::{Html, html};
use service::Action;
use texts::figures;

use texts::words::simulator as words;
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::noted;
use ui::drawing::rights::may;
use ui::drawing::{Sheet, sheet};

/// A record is written each half second at the speed of a day in a minute.
const REFRESH_S: u32 = 1;

pub(super) fn draw(page: &SimulatorPage) -> Sheet {
    let drawn = sheet(
        words::TITLE.get(),
        html! {
            <article class="page simulator">
                {clock::draw(page)}
                <div class="sheet-pair simulator-pair">
                    <section>
                        <h2>{noted(words::METERS, words::count(page.meters.len()))}</h2>
                        {list(page)}
                    </section>
                    {if let Some(chosen) = &page.chosen {
                        chosen::draw(page, chosen)
                    } else {
                        html! { <p class="note">{words::CHOOSE_ONE}</p> }
                    }}
                </div>
                {may(Action::Simulate).then(|| forms::draw(page))}
            </article>
        },
    );
    Sheet { refresh_s: REFRESH_S, ..drawn }
}

fn list(page: &SimulatorPage) -> Html {
    if page.meters.is_empty() {
        return html! {
            <section class="notice">
                <h3>{words::EMPTY}</h3>
                <p>{words::EMPTY_HELP}</p>
            </section>
        };
    }
    html! {
        <div class="scroll world-list" tabindex="0" role="group" aria-label=words::METERS>
            <table class="table ranking">
                <thead>
                    <tr>
                        <th scope="col">{words::METER}</th>
                        <th scope="col">{words::KIND}</th>
                        <th scope="col" class="num" title=words::FACTORS>"K"</th>
                        <th scope="col">{words::STATUS}</th>
                        <th scope="col" class="num">"kW"</th>
                    </tr>
                </thead>
                <tbody>{page.meters.iter().map(|meter| row(page, meter)).collect::<Html>()}</tbody>
            </table>
        </div>
    }
}

/// K of both sides, where they differ from each other.
fn factors((consumption, production): (f64, f64)) -> String {
    let text = |k: f64| figures::fixed(k, if k.fract() == 0.0 { 0 } else { 2 });
    if (consumption - production).abs() < 1e-9 || production == 0.0 {
        text(consumption)
    } else {
        format!("{}, {}", text(consumption), text(production))
    }
}

fn row(page: &SimulatorPage, meter: &WorldMeter) -> Html {
    let is_chosen = page.chosen.as_ref().is_some_and(|chosen| chosen.meter.id == meter.id);
    let kind = match meter.kind {
        _ if meter.is_parent => words::PARENT.get(),
        Some(kind) => kind.as_str(),
        None => words::NOT_LINKED.get(),
    };
    let kw = meter.newest_kw.map_or_else(|| UNKNOWN.to_owned(), |kw| figures::fixed(kw, 2));
    let (class, status) = match (meter.is_parent, meter.is_on) {
        (true, _) => ("", ""),
        (false, true) => ("is-on", words::ON.get()),
        (false, false) => ("is-off", words::OFF.get()),
    };
    let href = format!("/simulator?site={}&meter={}", page.site.slug, meter.id);
    html! {
        <tr class=if is_chosen { "is-chosen" } else { "" }>
            <th scope="row" class=format!("depth-{}", meter.depth.min(4))>
                <a class="row-link" id=format!("world-{}", meter.id) href=href title=meter.appliances.join(", ")>
                    {meter.number.clone()}
                </a>
                " "
                <span class="note">{(meter.name != meter.number).then(|| meter.name.clone())}</span>
            </th>
            <td>{kind}</td>
            <td class="num">{(!meter.is_parent).then(|| factors(meter.factors))}</td>
            <td class=class>{status}</td>
            <td class="num" id=format!("kw-{}", meter.id)>{kw}</td>
        </tr>
    }
}
