//! All bills of a month, and the run that makes them.

mod list;
pub(crate) mod run;

use domain::bills::{BillState, BillSummary, RunState};
use leptos::prelude::*;
use rust_decimal::Decimal;
use service::bills::page::{self, BillsPage};
use service::pages::Query;
use service::{Principal, Service};
use texts::language::Text;
use texts::words::bills as words;
use ui::drawing::Sheet;
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::time;
use ui::kit::{self, Draw as _};

use super::Drawn;

/// Seconds after which a run is looked at again.
const RUN_REFRESH_S: u32 = 1;
const REFRESH_S: u32 = 20;

pub(crate) async fn draw(service: &Service, who: &Principal, query: &Query) -> Drawn {
    let page = page::bills(service, who, query).await?;
    let is_running = page.run.as_ref().is_some_and(|of| of.run.state == RunState::Running);
    let drawn = kit::page(words::TITLE.get(), whole(&page));
    Ok(Sheet { refresh_s: if is_running { RUN_REFRESH_S } else { REFRESH_S }, ..drawn })
}

fn whole(page: &BillsPage) -> AnyView {
    view! {
        <article class="page bills">
            <header class="sheet-head">
                <div class="state" id="bills-state">
                    <h1>{headline(page)}</h1>
                    <p class="note">{words::detail(&time::month(page.month), &counted(page))}</p>
                </div>
                {run::buttons(page)}
            </header>
            <div id="bills-run" role="status">
                {run::progress(page)}
            </div>
            <div id="bills-rows">
                {list::draw(page)}
            </div>
            {kit::inert(list::downloads(page).offer("bills", || list::table(page)))}
        </article>
    }
    .drawn()
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
    .map(|name| (page.rows.iter().filter(|row| list::state(row).1 == name).count(), name))
    .filter(|(count, _)| *count > 0)
    .collect()
}
