//! Beside a bill: what can be done with it, how well it was read, its registers, trades and proof.

mod proof;
mod state;

use markup::{Html, html};
use rust_decimal::prelude::ToPrimitive as _;
use service::bills::BillDay;
use service::bills::page::{BillPage, RegisterSpan};
use texts::figures;

use super::charts;
use texts::words::bill as words;
use ui::drawing::parts::time;

pub(super) fn draw(page: &BillPage) -> Html {
    html! {
        <aside class="bill-side">
            {state::months(page)} {state::draw(page)} {coverage(page)} {registers(page)} {proof::trades(page)} {proof::draw(page)}
            {charts::average(page)}
        </aside>
    }
}

fn coverage(page: &BillPage) -> Html {
    let (covered, all) = page.quarters;
    let cell = |day: &BillDay| {
        let said =
            words::strip_day(&time::short_day(day.date), &figures::fixed(day.coverage * 100.0, 1));
        let class = if day.coverage > 0.999 { "cell-day" } else { "cell-day is-part" };
        html! { <i class=class title=said></i> }
    };
    let energy = page.view.bill.consumed + page.view.bill.produced;
    let share =
        energy.to_f64().filter(|kwh| *kwh > 0.0).map(|kwh| page.view.bill.estimated_kwh / kwh);
    let said = if page.view.bill.estimated_kwh > 0.0 {
        words::estimated_said(
            &figures::fixed(page.view.bill.estimated_kwh, 1),
            &figures::fixed(share.unwrap_or_default() * 100.0, 1),
        )
    } else if covered >= all {
        words::FULLY_READ.into()
    } else {
        String::new()
    };
    html! {
        <section>
            <h2>
                {words::COVERAGE.trim_end_matches(" %")} " "
                {figures::fixed(page.view.bill.coverage * 100.0, 1)} " % "
                <span class="note">{words::quarters(covered, all)}</span>
            </h2>
            <div class="bill-strip" role="img" aria-label=words::STRIP>
                {page.view.shape.days.iter().map(cell).collect::<Html>()}
            </div>
            <p class="note">{said}</p>
        </section>
    }
}

fn registers(page: &BillPage) -> Html {
    let row = |span: &RegisterSpan| {
        html! {
            <tr>
                <th scope="row">{if span.is_import { words::IMPORT } else { words::EXPORT }}</th>
                <td class="num">{figures::fixed(span.from.1, 1)}</td>
                <td class="num">{figures::fixed(span.to.1, 1)}</td>
                <td class="num total">{figures::fixed(span.to.1 - span.from.1, 1)}</td>
            </tr>
        }
    };
    let Some(first) = page.registers.first() else {
        return html! {
            <section>
                <h2>{words::REGISTERS}</h2>
                <p class="note">{words::NO_REGISTERS}</p>
            </section>
        };
    };
    html! {
        <section>
            <h2>{words::REGISTERS}</h2>
            <table class="table">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col" class="num">{time::day_minute(&page.site, first.from.0)}</th>
                        <th scope="col" class="num">{time::day_minute(&page.site, first.to.0)}</th>
                        <th scope="col" class="num">{words::KWH}</th>
                    </tr>
                </thead>
                <tbody>{page.registers.iter().map(row).collect::<Html>()}</tbody>
            </table>
        </section>
    }
}
