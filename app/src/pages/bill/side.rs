//! Beside a bill: what can be done with it, how well it was read, its registers, trades and proof.

mod proof;
mod state;

use leptos::prelude::*;
use rust_decimal::prelude::ToPrimitive as _;
use service::bills::BillDay;
use service::bills::page::{BillPage, RegisterSpan};
use texts::figures;
use texts::words::bill as words;
use ui::drawing::parts::time;
use ui::kit::{Column, Draw as _, PlainTable, Row};

use super::charts;

pub(super) fn draw(page: &BillPage) -> AnyView {
    view! {
        <aside class="bill-side">
            {state::months(page)} {state::draw(page)} {coverage(page)} {registers(page)}
            {proof::trades(page)} {proof::draw(page)} {charts::average(page)}
        </aside>
    }
    .drawn()
}

fn coverage(page: &BillPage) -> AnyView {
    let (covered, all) = page.quarters;
    let bill = &page.view.bill;
    let energy = (bill.consumed + bill.produced).to_f64();
    let share = energy.filter(|kwh| *kwh > 0.0).map(|kwh| bill.estimated_kwh / kwh);
    let said = if bill.estimated_kwh > 0.0 {
        words::estimated_said(
            &figures::fixed(bill.estimated_kwh, 1),
            &figures::fixed(share.unwrap_or_default() * 100.0, 1),
        )
    } else if covered >= all {
        words::FULLY_READ.into()
    } else {
        words::PARTLY_READ.into()
    };
    let name = words::COVERAGE.get().trim_end_matches(" %");
    let title = format!("{name} {} % ", figures::fixed(bill.coverage * 100.0, 1));
    view! {
        <section>
            <h2>{title} <span class="note">{words::quarters(covered, all)}</span></h2>
            <div class="bill-strip" role="img" aria-label=words::STRIP>
                {page.view.shape.days.iter().map(cell).collect_view()}
            </div>
            <p class="note">{said}</p>
        </section>
    }
    .drawn()
}

fn cell(day: &BillDay) -> AnyView {
    let said =
        words::strip_day(&time::short_day(day.date), &figures::fixed(day.coverage * 100.0, 1));
    let class = if day.coverage > 0.999 { "cell-day" } else { "cell-day is-part" };
    view! { <i class=class title=said></i> }.drawn()
}

fn registers(page: &BillPage) -> AnyView {
    let content = if let Some(first) = page.registers.first() {
        let columns = vec![
            Column::blank(),
            Column::of_figures(time::day_minute(&page.site, first.from.0)),
            Column::of_figures(time::day_minute(&page.site, first.to.0)),
            Column::of_figures(words::KWH).cells("total"),
        ];
        let rows = page.registers.iter().map(register).collect();
        view! { <PlainTable class="bill-registers" columns rows /> }.drawn()
    } else {
        view! { <p class="note">{words::NO_REGISTERS}</p> }.drawn()
    };
    view! {
        <section>
            <h2>{words::REGISTERS}</h2>
            {content}
        </section>
    }
    .drawn()
}

fn register(span: &RegisterSpan) -> Row {
    let name = if span.is_import { words::IMPORT } else { words::EXPORT };
    let kwh = |value: f64| figures::fixed(value, 1).into();
    Row::of(vec![name.into(), kwh(span.from.1), kwh(span.to.1), kwh(span.to.1 - span.from.1)])
}
