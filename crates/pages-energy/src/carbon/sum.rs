//! The equation: grid plus diesel less offset is net. It adds up as it is written: net is what the
//! three rounded terms give.

use super::Unit;
use crate::steps;
use domain::carbon::view::CarbonPage;
use domain::view::COMPARABLE;
use markup::{Html, html};
use texts::figures;
use texts::words::carbon as words;
use texts::words::period::capital;
use ui::components::chart::percent;
use ui::components::figure::change_percent;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::{Clock, percent as share_text};

pub(super) fn draw(page: &CarbonPage) -> Html {
    html! {
        <header class="state">
            <h1>{sentence(page)}</h1>
            {detail(page)}
        </header>
        {equation(page)}
        {bars(page)}
        <p class="note carbon-note">{words::AVOIDED}</p>
    }
}

/// Net in the page's unit, as the rounded terms give it.
fn net(page: &CarbonPage) -> f64 {
    let (unit, sum) = (Unit::of(&page.sum), &page.sum);
    unit.rounded(sum.grid_kg) + unit.rounded(sum.diesel_kg) - unit.rounded(sum.offset_kg)
}

fn sentence(page: &CarbonPage) -> String {
    let (shown, unit) = (&page.shown, Unit::of(&page.sum));
    let amount = format!("{} {}", figures::about(net(page)), unit.name);
    let net = words::net(&amount, &steps::phrase(shown), shown.is_open());
    let gross = page.sum.gross_kg();
    let share = (page.sum.offset_kg > 0.0 && gross > 0.0)
        .then(|| words::offset_share(&figures::fixed(page.sum.offset_kg / gross * 100.0, 0)));
    net + &share.unwrap_or_default()
}

fn detail(page: &CarbonPage) -> Html {
    let (shown, unit) = (&page.shown, Unit::of(&page.sum));
    let clock = Clock(shown);
    let days = page.known_days();
    let shared = SharedFigures::of(shown);
    let coverage = share_text(page.coverage);
    let average = (days > 1.5).then(|| {
        html! {
            <strong>{words::per_day(&figures::fixed(page.sum.net_kg() / days, 0))}</strong>
            " "
            {words::ON_AVERAGE}
            " "
        }
    });
    let before = page.before.as_ref().map(|before| {
        let label = capital(&steps::before_label(shown));
        if page.before_coverage < COMPARABLE {
            let read = share_text(page.before_coverage);
            return texts::words::losses::not_comparable(&label, &read) + " ";
        }
        let change = change_percent(Some(page.sum.net_kg()), Some(before.net_kg()));
        let change = change.filter(|_| page.coverage >= COMPARABLE);
        let amount = unit.amount(before.net_kg());
        words::before(&label, shown.is_before_cut(), &amount, change.as_deref()) + " "
    });
    let estimated = (page.estimated_kwh >= 0.5).then(|| figures::fixed(page.estimated_kwh, 0));
    html! {
        <p class="state-detail">
            {words::until(&clock.within(shown.window.from), &clock.within(shown.window.to))} " "
            {average} {before}
            {shared.mark_in("coverage", &words::coverage(&coverage, estimated.as_deref()), &coverage)}
        </p>
    }
}

/// A factor as it worked out over the period: of two versions, their mean by energy.
fn mean_factor(kg: f64, quantity: f64, places: usize) -> String {
    let factor = if quantity > 0.0 { kg / quantity } else { 0.0 };
    figures::fixed(factor, places)
}

fn equation(page: &CarbonPage) -> Html {
    let (sum, unit) = (&page.sum, Unit::of(&page.sum));
    let exported = (page.exported_kwh >= 0.5).then(|| figures::fixed(page.exported_kwh, 0));
    let quantity = |value: f64| figures::fixed(value, usize::from(value < 1000.0));
    let grid =
        words::grid_formula(&quantity(sum.grid_kwh), &mean_factor(sum.grid_kg, sum.grid_kwh, 3));
    let diesel = words::diesel_formula(
        &quantity(sum.diesel_litres),
        &mean_factor(sum.diesel_kg, sum.diesel_litres, 2),
    );
    let solar = words::solar_formula(
        &quantity(sum.solar_kwh),
        &mean_factor(sum.offset_kg, sum.solar_kwh, 3),
        exported.as_deref(),
    );
    let used = page.used_kwh.filter(|kwh| *kwh > 0.0);
    let grams = used.map(|kwh| figures::fixed(sum.net_kg() / kwh * 1000.0, 0));
    // Its unit is in the key: other pages have it in kg.
    let net_key = format!("carbon.net.{}", unit.name);
    let net = SharedFigures::of(&page.shown).mark(&net_key, figures::fixed(net(page), unit.places));
    let text = |kg: f64| html! { {unit.text(kg)} };
    let term = |class: &'static str, name: &'static str, value: Html, formula: String| {
        html! {
            <div class="term">
                <dt>
                    <svg class="kind" width="9" height="9" aria-hidden="true">
                        <rect class=class width="9" height="9" />
                    </svg>
                    " "
                    {name}
                </dt>
                <dd>
                    <span class="term-value">
                        {value} <span class="unit">{format!("{} CO\u{2082}", unit.name)}</span>
                    </span>
                    <span class="note">{formula}</span>
                </dd>
            </div>
        }
    };
    let sign = |sign: &'static str, name: &'static str| {
        html! {
            <span class="term-sign" role="img" aria-label=name>
                {sign}
            </span>
        }
    };
    html! {
        <div class="equation">
            <dl>{term("fill-grid", words::GRID.get(), text(sum.grid_kg), grid)}</dl>
            {sign("+", words::PLUS.get())}
            <dl>{term("fill-diesel", words::DIESEL.get(), text(sum.diesel_kg), diesel)}</dl>
            {sign("\u{2212}", words::MINUS.get())}
            <dl>{term("fill-solar", words::OFFSET.get(), text(sum.offset_kg), solar)}</dl>
            {sign("=", words::EQUALS.get())}
            <dl>{term("fill-ink", words::NET.get(), net, words::net_formula(grams.as_deref()))}</dl>
        </div>
    }
}

fn bars(page: &CarbonPage) -> Option<Html> {
    let (sum, unit) = (&page.sum, Unit::of(&page.sum));
    let gross = sum.gross_kg();
    if gross <= 0.0 {
        return None;
    }
    let part = |class: &'static str, from: f64, to: f64, text: String| {
        let (x, width) = (from / gross * 100.0, (to - from).max(0.0) / gross * 100.0);
        // A text that a phone has room for is shown everywhere.
        let fits = width > 40.0;
        html! {
            <rect class=format!("{class} bar-part") x=percent(x) width=percent(width) height="14" />
            {fits.then(|| html! {
                <text class=format!("{class} bar-said") x=percent(x) dx="8" y="11">
                    {text}
                </text>
            })}
        }
    };
    let net_kg = sum.net_kg().clamp(0.0, gross);
    html! {
        <svg class="carbon-bar" height="14" aria-hidden="true">
            {part("fill-grid", 0.0, sum.grid_kg, format!("{} {}", words::GROSS, unit.amount(gross)))}
            {part("fill-diesel", sum.grid_kg, gross, String::new())}
        </svg>
        <svg class="carbon-bar" height="14" aria-hidden="true">
            {part("fill-ink", 0.0, net_kg, format!("{} {} {}", words::NET, figures::fixed(net(page), unit.places), unit.name))}
            {part("fill-solar", net_kg, gross, format!("{} {}", words::OFFSET, unit.amount(sum.offset_kg)))}
        </svg>
    }
    .into()
}
