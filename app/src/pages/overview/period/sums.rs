//! The five gauges of a period, and all its figures in a table beside those of the period before.

use domain::live::Gauge as Values;
use domain::overview::comparison::{Change, Compared, Figure, PeriodOverview};
use markup::{Html, html};

use super::super::gauge::{Gauge, tenth};
use super::{files, label, label_before, name_before};
use texts::figures;
use texts::time::hours_minutes;
use texts::words::overview as words;
use ui::components::figure::UNKNOWN;
use ui::drawing::files::Downloads;
use ui::drawing::parts::signed;
use ui::kit::{Column, heads};

const GAUGES: [Figure; 5] =
    [Figure::Input, Figure::LossShare, Figure::DieselHours, Figure::SolarShare, Figure::NetCarbon];

pub(super) fn draw(page: &PeriodOverview) -> Html {
    let ticks = page.before.as_ref().map(|_| {
        html! { <p class="note gauges-note">{words::gauge_ticks(&name_before(page))}</p> }
    });
    html! {
        <section class="gauges" aria-label=label(page)>
            <ul>{GAUGES.map(|figure| gauge(page, figure))}</ul>
            {ticks}
        </section>
        {page.before.as_ref().map(|_| table(page))}
    }
}

fn gauge(page: &PeriodOverview, figure: Figure) -> Html {
    let Compared { value, before, change: found } = page.compare(figure);
    let label = if figure == Figure::LossShare { words::LOSS } else { words::figure(figure) };
    let values = Values { value, yesterday: before, normal: None };
    Gauge::of(figure, (label, false), values, found.map(change)).draw()
}

/// A change with its sign.
pub(super) fn change(change: Change) -> String {
    match change {
        Change::Percent(percent) => format!("{} %", signed(percent, 1)),
        Change::Points(points) => words::points(&signed(points, 1)),
    }
}

fn table(page: &PeriodOverview) -> Html {
    let row = |figure: Figure| {
        let Compared { value, before, change: found } = page.compare(figure);
        (value.is_some() || before.is_some()).then(|| {
            html! {
                <tr>
                    <th scope="row">
                        {words::figure(figure)} " " <span class="unit">{unit(page, figure)}</span>
                    </th>
                    <td class="num">{text(figure, value)}</td>
                    <td class="num">{text(figure, before)}</td>
                    <td class="num">{found.map_or_else(|| UNKNOWN.to_owned(), change)}</td>
                </tr>
            }
        })
    };
    html! {
        <section class="figures-compared">
            <div class="scroll" tabindex="0" role="group" aria-label=words::COMPARE>
                <table class="table">
                    <thead>
                        <tr>
                            {heads([
                                Column::new(words::FIGURE),
                                Column::of_figures(label(page)),
                                Column::of_figures(label_before(page)),
                                Column::of_figures(words::CHANGE),
                            ])}
                        </tr>
                    </thead>
                    <tbody>{Figure::ALL.map(row)}</tbody>
                </table>
            </div>
            {Downloads::of(&page.shown).offer("figures", || files::figures(page))}
        </section>
    }
}

pub(super) fn unit(page: &PeriodOverview, figure: Figure) -> String {
    match figure {
        Figure::Input | Figure::InputPerDay | Figure::Loss => "kWh".to_owned(),
        Figure::LossShare | Figure::SolarShare => "%".to_owned(),
        Figure::Saving | Figure::DieselCost => {
            figures::currency_sign(&page.shown.site.currency).to_owned()
        }
        Figure::DieselCostPerKwh => {
            format!("{}/kWh", figures::currency_sign(&page.shown.site.currency))
        }
        Figure::DieselHours => "h".to_owned(),
        Figure::DieselLitres => "L".to_owned(),
        Figure::NetCarbon => words::CARBON_UNIT.to_owned(),
    }
}

/// A figure, or a dash where it is not known.
fn text(figure: Figure, value: Option<f64>) -> String {
    let Some(value) = value else { return UNKNOWN.to_owned() };
    match figure {
        Figure::DieselHours => hours_minutes(value),
        _ if figure.is_share() => tenth(value),
        _ => figures::fixed(value, figures::places(value)),
    }
}
