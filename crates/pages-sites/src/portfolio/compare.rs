//! Sites and buildings side by side over the period, as far as their coverage allows.

use domain::losses::view::Loss;
use domain::overview::portfolio::{Compared, PortfolioPage};
use domain::view::COMPARABLE;
use markup::{Draw, Html, html};

use super::{files, here, toggle};
use texts::figures;
use texts::language::{self, Text};
use texts::words::overview::CHANGE;
use texts::words::period::capital;
use texts::words::portfolio::{SITE, compare as words};
use ui::components::chart::scale::Scale;
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::whisker::{Fill, axis, bar};
use ui::drawing::parts::{kwh, percent, signed, verdict};
use ui::drawing::{draw_table, mark};
use ui::kit::Column;

pub(super) fn draw(page: &PortfolioPage) -> Option<Html> {
    let gone = page.gone.iter().map(|key| html! { <p role="status">{words::gone(key)}</p> });
    let gone = gone.collect::<Html>();
    if page.compared.is_empty() {
        return (!page.gone.is_empty()).then_some(gone);
    }
    let period = capital(&label(page));
    let clear = html! { <a href=here(page, page.order, &[]) data-noscroll>{words::CLEAR}</a> };
    let content = if page.compared.len() < 2 {
        let one = page.compared.first().map(|side| side.name.clone());
        html! { <p>{one} ": " {words::ONE_MORE}</p> }
    } else {
        html! {
            {table(page)}
            {files::period(page).offer("compared", || files::compared(page))}
            <p class="state-detail">{remarks(page).join(" ")}</p>
        }
    };
    Some(html! {
        <section class="site-compared">
            <h2>
                {words::TITLE} " " <span class="note">{period} ", " {clear}</span>
            </h2>
            {gone}
            {content}
        </section>
    })
}

fn label(page: &PortfolioPage) -> String {
    page.shown.period.label(page.shown.today(), language::now())
}

/// A loss that can be told: one whose meters are all known.
fn known(side: &Compared) -> Option<&Loss> {
    side.loss.as_ref().filter(|loss| loss.kwh.is_some())
}

/// The share that is lost, and how wrong that may be, in per cent.
pub(super) fn share(side: &Compared) -> Option<(f64, f64)> {
    let loss = known(side)?;
    Some((loss.percent?, loss.error_kwh / loss.in_kwh * 100.0))
}

fn table(page: &PortfolioPage) -> Html {
    let comparable = || page.compared.iter().filter(|side| side.is_comparable());
    let energies = comparable().filter_map(|side| Some(side.energy?.0));
    let energies = Scale::nice(energies, 3);
    let shares =
        comparable().filter_map(share).flat_map(|(part, error)| [part - error, part + error]);
    let shares = Scale::nice(shares, 3);
    let row = |side: &Compared| row(page, side, energies, shares);
    let plot = |name: Text, scale: Scale| {
        html! {
            <th scope="col" class="col-plot">
                <span class="sr">{name}</span>
                {axis(scale)}
            </th>
        }
    };
    let heads = html! {
        {Column::new(SITE)} {head(words::ENERGY, "kWh")} {plot(words::ENERGY, energies)}
        {head(words::LOSS, "kWh")} {head(words::SHARE, "%")} {plot(words::SHARE, shares)}
        {head(words::COVERAGE, "%")} {heads_before(page)} {Column::unnamed(words::TITLE)}
    };
    draw_table(words::TITLE, "compared", heads, page.compared.iter().map(row))
}

fn head(name: impl Draw, unit: &'static str) -> Html {
    html! {
        <th scope="col" class="num">
            {name} <span class="unit">{unit}</span>
        </th>
    }
}

fn row(page: &PortfolioPage, side: &Compared, energies: Scale, shares: Scale) -> Html {
    let is_comparable = side.is_comparable();
    let energy = if let Some((energy, _)) = side.energy {
        figure(side, "energy.in", kwh(energy))
    } else {
        html! { {words::NO_ENERGY} }
    };
    let energy_bar = side
        .energy
        .filter(|_| is_comparable)
        .map(|(energy, _)| bar(energies, 0.0, energy, None, Fill::Class("fill-load")));
    let loss = match &side.loss {
        None => html! { <span class="note">{words::NO_NODE}</span> },
        Some(Loss { kwh: Some(lost), error_kwh, .. }) => html! {
            {figure(side, "loss.kwh", kwh(*lost))}
            " "
            <span class="note">"± " {kwh(*error_kwh)}</span>
        },
        Some(loss) => {
            let (shape, word) = verdict(loss.verdict);
            html! { {mark(shape)} " " {word} }
        }
    };
    let share_bar =
        share(side).filter(|_| is_comparable).zip(known(side)).map(|((part, error), loss)| {
            bar(shares, 0.0, part, Some(error), Fill::of_loss(loss.verdict))
        });
    let coverage = match side.energy {
        None => html! { {UNKNOWN} },
        Some((_, coverage)) => figure(side, "coverage", percent(coverage)),
    };
    html! {
        <tr>
            <th scope="row">
                {side.name.clone()} " "
                <span class="note">{side.site.as_deref().map(words::on)}</span>
            </th>
            <td class="num">{energy}</td>
            <td class="col-plot">{energy_bar}</td>
            <td class="num">{loss}</td>
            <td class="num">
                {share(side).map(|(part, _)| figure(side, "loss.percent", figures::fixed(part, 1)))}
            </td>
            <td class="col-plot">{share_bar}</td>
            <td class="num">{coverage}</td>
            {cells_before(page, side)}
            <td class="num">{toggle(page, &side.key, &side.name)}</td>
        </tr>
    }
}

fn heads_before(page: &PortfolioPage) -> Option<Html> {
    let shown = &page.shown;
    let label = capital(&shown.period.before_label(shown.today(), language::now()));
    shown.period.compares().then(|| {
        html! { {head(label, "kWh")} {head(CHANGE, "%")} {head(words::LOSS_CHANGE, "kWh")} }
    })
}

fn cells_before(page: &PortfolioPage, side: &Compared) -> Option<Html> {
    let before = side.before.as_ref();
    let energy = before.and_then(|before| before.energy).map(|(energy, _)| kwh(energy));
    let loss = side.loss.as_ref().zip(before.and_then(|before| before.loss.as_ref()));
    let loss = loss.and_then(|(now, before)| now.change_from(before));
    let dash = || UNKNOWN.to_owned();
    page.shown.period.compares().then(|| {
        html! {
            <td class="num">{energy.unwrap_or_else(dash)}</td>
            <td class="num">{side.change_percent().map_or_else(dash, |it| signed(it, 1))}</td>
            <td class="num">{loss.map_or_else(dash, |loss| signed(loss.kwh, 1))}</td>
        }
    })
}

/// A figure with its key where it is of a whole site, as it stands on other pages.
fn figure(side: &Compared, name: &str, text: String) -> Html {
    if side.site.is_none() {
        SharedFigures::of(&side.shown).mark(name, text)
    } else {
        html! { {text} }
    }
}

fn remarks(page: &PortfolioPage) -> Vec<String> {
    let phrase = |side: &Compared| side.shown.period.label(side.shown.today(), language::now());
    let mut said = Vec::new();
    for side in page.compared.iter().filter(|side| !side.is_comparable()) {
        said.push(match side.energy {
            Some((_, coverage)) => {
                words::not_comparable(&side.name, &percent(coverage), &phrase(side))
            }
            None => words::unknown(&side.name, &phrase(side)),
        });
    }
    if said.is_empty() {
        said.push(words::comparable(&label(page)));
    }
    let before = |side: &Compared| {
        let label = side.shown.period.before_label(side.shown.today(), language::now());
        match side.before.as_ref().and_then(|before| before.energy) {
            Some((_, coverage)) if coverage >= COMPARABLE => None,
            Some((_, coverage)) => {
                Some(words::not_comparable(&side.name, &percent(coverage), &label))
            }
            None => Some(words::unknown(&side.name, &label)),
        }
    };
    if page.shown.period.compares() {
        said.extend(page.compared.iter().filter_map(before));
    }
    said.extend(apart(page));
    let first = page.compared.first().map(|side| side.shown.site.zone);
    if page.compared.iter().any(|side| Some(side.shown.site.zone) != first) {
        said.push(words::OWN_CLOCKS.get().to_owned());
    }
    said
}

/// Who loses the largest part of its input, where that is beyond the errors.
fn apart(page: &PortfolioPage) -> Option<String> {
    let sides = page.compared.iter().filter(|side| side.is_comparable());
    let mut sides: Vec<_> = sides.filter_map(|side| Some((side, share(side)?))).collect();
    sides.sort_by(|(_, one), (_, other)| one.0.total_cmp(&other.0));
    let ((least, low), (most, high)) = (sides.first()?, sides.get(1..)?.last()?);
    if high.0 - low.0 <= high.1.hypot(low.1) {
        return Some(words::ALIKE.get().to_owned());
    }
    let said = |part: f64| figures::fixed(part, 1);
    Some(words::larger(&most.name, &said(high.0), &least.name, &said(low.0)))
}
