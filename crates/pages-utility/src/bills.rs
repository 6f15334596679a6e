//! All bills of a month, and the run that makes them.

pub(super) mod act;
mod run;

use domain::bills::{BillState, BillSummary, RunState, Side};
use markup::{Html, html};
use rust_decimal::Decimal;
use service::bills::page::{BillRow, BillsPage};

use texts::language::Text;
use texts::words::bills as words;
use ui::api::Sheet;
use ui::components::figure::UNKNOWN;
use ui::components::mark::Shape;
use ui::drawing::parts::money::{amount, decimal, with_sign};
use ui::drawing::parts::{mark, time};
use ui::drawing::sheet;

/// Seconds after which a run is looked at again.
const RUN_REFRESH_S: u32 = 1;
const REFRESH_S: u32 = 20;

pub(super) fn draw(page: &BillsPage) -> Sheet {
    let is_running = page.run.as_ref().is_some_and(|of| of.run.state == RunState::Running);
    let drawn = sheet(
        words::TITLE.get(),
        html! {
            <article class="page bills">
                <header class="sheet-head">
                    <div class="state" id="bills-state" data-live="">
                        <h1>{headline(page)}</h1>
                        <p class="note">{words::detail(&time::month(page.month), &counted(page))}</p>
                    </div>
                    {run::buttons(page)}
                </header>
                <div id="bills-run" data-live="" role="status">
                    {run::progress(page)}
                </div>
                <div id="bills-rows" data-live="">
                    {table(page)}
                </div>
            </article>
        },
    );
    Sheet { refresh_s: if is_running { RUN_REFRESH_S } else { REFRESH_S }, ..drawn }
}

fn headline(page: &BillsPage) -> String {
    let holds = |bill: &&BillSummary| matches!(bill.state, BillState::Draft | BillState::Issued);
    let computed: Vec<_> =
        page.rows.iter().filter_map(|row| row.bill.as_ref()).filter(holds).collect();
    let month = time::month(page.month);
    if computed.is_empty() {
        return words::none_yet(&month);
    }
    let (to_pay, to_refund): (Vec<_>, Vec<_>) =
        computed.iter().map(|bill| bill.amount_due).partition(|amount| *amount >= Decimal::ZERO);
    let currency = &page.site.currency;
    let sum = |amounts: Vec<Decimal>| amounts.into_iter().sum::<Decimal>();
    words::sum(
        computed.len(),
        &with_sign(sum(to_pay), currency),
        &with_sign(-sum(to_refund), currency),
    )
}

fn counted(page: &BillsPage) -> Vec<(usize, Text)> {
    [
        words::ISSUED,
        words::STALE,
        words::DRAFT,
        words::NOT_COMPUTED,
        words::CREDITED,
        words::CREDIT_NOTE,
    ]
    .into_iter()
    .map(|name| (page.rows.iter().filter(|row| state(row).1 == name).count(), name))
    .filter(|(count, _)| *count > 0)
    .collect()
}

fn table(page: &BillsPage) -> Html {
    if page.rows.is_empty() {
        return html! {
            <section class="notice">
                <h2>{words::NO_METERS}</h2>
                <p>{words::NO_METERS_HELP}</p>
            </section>
        };
    }
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::TITLE>
            <table class="table ranking bill-list">
                <thead>
                    <tr>
                        <th scope="col">{words::METER}</th>
                        <th scope="col" class="col-name">{words::NAME}</th>
                        <th scope="col" class="col-number">{words::NUMBER}</th>
                        <th scope="col">{words::STATE}</th>
                        <th scope="col" class="num col-consumed">{words::CONSUMED}</th>
                        <th scope="col" class="num col-produced">{words::PRODUCED}</th>
                        <th scope="col" class="num col-coverage">{words::COVERAGE}</th>
                        <th scope="col" class="num">
                            {words::AMOUNT} " "
                            {texts::figures::currency_sign(&page.site.currency).to_owned()}
                        </th>
                    </tr>
                </thead>
                <tbody>{page.rows.iter().map(|row| line(page, row)).collect::<Html>()}</tbody>
            </table>
        </div>
    }
}

fn state(row: &BillRow) -> (Shape, Text) {
    let Some(bill) = &row.bill else { return (Shape::Ring, words::NOT_COMPUTED) };
    match bill.state {
        BillState::Issued if bill.changed == Some(true) => (Shape::Warn, words::STALE),
        BillState::Issued => (Shape::Good, words::ISSUED),
        BillState::Draft => (Shape::Ring, words::DRAFT),
        BillState::Credited => (Shape::Stale, words::CREDITED),
        BillState::CreditNote => (Shape::Warn, words::CREDIT_NOTE),
    }
}

fn line(page: &BillsPage, row: &BillRow) -> Html {
    let (shape, said) = state(row);
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| UNKNOWN.to_owned());
    let bill = row.bill.as_ref();
    let is_credited = bill.is_some_and(|bill| bill.state == BillState::Credited);
    let number = row.meter_number.clone();
    let href = format!("/bills/{}?site={}", row.id, page.site.slug);
    let is_low = bill.is_some_and(|bill| bill.coverage < page.least_coverage);
    let low = is_low.then(|| html! { {mark(Shape::Warn)} " " });
    let produced =
        bill.filter(|bill| bill.side == Side::Prosumer).map(|bill| decimal(bill.produced, 1));
    html! {
        <tr class=if is_credited { "is-quiet" } else { "" }>
            <th scope="row">
                <a class="row-link" href=href>
                    {number}
                </a>
            </th>
            <td class="col-name">{row.meter_name.clone()}</td>
            <td class="col-number">{or_unknown(bill.and_then(|bill| bill.number.clone()))}</td>
            <td class="col-verdict">{mark(shape)} " " {said}</td>
            <td class="num col-consumed">
                {or_unknown(bill.map(|bill| decimal(bill.consumed, 1)))}
            </td>
            <td class="num col-produced">{or_unknown(produced)}</td>
            <td class="num col-coverage">
                {low}
                {or_unknown(
                    bill.map(|bill| texts::figures::fixed(bill.coverage * 100.0, 1)),
                )}
            </td>
            <td class="num total">
                {or_unknown(bill.map(|bill| amount(bill.amount_due, &page.site.currency)))}
            </td>
        </tr>
    }
}
