//! The months and their reports, and to whom they are sent.

pub(super) mod act;
mod schedules;

use domain::reports::MonthTotal;
use domain::reports::view::ReportsPage;
use markup::{Html, html};

use tables::{Column, Table, Value};
use texts::figures;
use texts::words::reports as words;
use texts::words::{files as files_words, losses};
use ui::components::figure::UNKNOWN;
use ui::drawing::files::{self, Downloads};
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::{kwh, percent, time};
use ui::drawing::{Sheet, at, sheet};

/// The result of a mail under way is shown soon. Otherwise the page is drawn anew as others are: each month in
/// its list is worked out from the registers.
const REFRESH_S: u32 = 5;

pub(super) fn draw(page: &ReportsPage) -> Sheet {
    let over = page.months.iter().filter(|month| month.is_over && month.total.days > 0).count();
    let drawn = sheet(
        &words::TITLE,
        html! {
            <article class="page reports">
                <header class="sheet-head">
                    <div class="state">
                        <h1>{words::headline(over)}</h1>
                        <p class="state-detail">{words::HELP}</p>
                    </div>
                </header>
                <div id="reports-months">
                    {months(page)}
                </div>
                {Downloads::of_site(&page.site, page.now).offer("months", || table(page))}
                {schedules::draw(page)}
            </article>
        },
    );
    let waits = page.schedules.iter().flatten().any(|schedule| schedule.waiting > 0);
    if waits { Sheet { refresh_s: REFRESH_S, ..drawn } } else { drawn }
}

fn months(page: &ReportsPage) -> Html {
    if page.months.is_empty() {
        return html! { <p class="note">{words::NOTHING}</p> };
    }
    let older = page.months.last().filter(|_| page.goes_back).map(|oldest| {
        let example = format!("/reports/{}", oldest.month.previous());
        html! { <p class="note">{words::goes_back(&example)}</p> }
    });
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::MONTHS>
            <table class="table report-months">
                <thead>
                    <tr>
                        <th scope="col">{words::MONTH}</th>
                        <th scope="col" class="num col-days">{words::DAYS}</th>
                        <th scope="col" class="num">{words::COVERAGE}</th>
                        <th scope="col" class="num">{words::ENERGY}</th>
                        <th scope="col" class="num">{words::LOSS}</th>
                        <th scope="col" class="num col-share">{words::LOSS_SHARE}</th>
                        <th scope="col" class="num col-cost">{losses::SAVING}</th>
                        <th scope="col">{files_words::EXCEL}</th>
                    </tr>
                </thead>
                <tbody>{page.months.iter().map(|month| row(page, month)).collect::<Html>()}</tbody>
            </table>
        </div>
        {older}
    }
}

fn row(page: &ReportsPage, month: &MonthTotal) -> Html {
    let total = &month.total;
    let is_known = total.days > 0;
    let note = match (month.is_over, is_known) {
        (false, _) => Some(words::UNDER_WAY),
        (true, false) => Some(words::UNREAD),
        (true, true) => None,
    };
    let shared = SharedFigures::of_month(&page.site, month.month);
    let figure = |name: &str, text: Option<String>| {
        let text = text.filter(|_| is_known).unwrap_or_else(|| UNKNOWN.to_owned());
        if is_known {
            shared.mark(name, text)
        } else {
            html! { {text} }
        }
    };
    let lost = total.lost;
    let saved = month.saving.and_then(|saving| saving.cost);
    let workbook = is_known.then(|| {
        let label = format!("{}, {}", files_words::WORKBOOK, time::month(month.month));
        let to = files::address_of_report(page.slug.as_deref(), month.month);
        html! {
            <a href=to rel="external" download="" aria-label=label>
                {files_words::WHOLE_MONTH}
            </a>
        }
    });
    html! {
        <tr class=if is_known { "" } else { "is-quiet" }>
            <th scope="row">
                <a href=at(page.slug.as_deref(), &format!("/reports/{}", month.month), &[])>
                    {time::month(month.month)}
                </a>
                " "
                {note.map(|note| html! { <span class="note">{note}</span> })}
            </th>
            <td class="num col-days">{total.days}</td>
            <td class="num">{figure("coverage", Some(percent(total.coverage)))}</td>
            <td class="num">{figure("energy.in", Some(kwh(total.energy.kwh())))}</td>
            <td class="num">{figure("loss.kwh", lost.map(|lost| kwh(lost.kwh)))}</td>
            <td class="num col-share">
                {figure("loss.percent", month.loss_percent.map(|percent| figures::fixed(percent, 1)))}
            </td>
            <td class="num col-cost">
                {figure("loss.saving", saved.map(|cost| with_sign(cost, &page.site.currency)))}
            </td>
            <td>{workbook}</td>
        </tr>
    }
}

/// The months as data, for files.
fn table(page: &ReportsPage) -> Table {
    let columns = vec![
        Column::new(words::MONTH),
        Column::new(words::DAYS),
        Column::of_head(&words::COVERAGE),
        Column::of_head(&words::ENERGY),
        Column::of_head(&words::LOSS),
        Column::of_head(&words::LOSS_SHARE),
        Column::in_unit(losses::SAVING, figures::currency_sign(&page.site.currency)),
    ];
    let row = |month: &MonthTotal| {
        let total = Some(&month.total).filter(|total| total.days > 0);
        let lost = total.and_then(|total| total.lost);
        vec![
            Value::text(time::month(month.month)),
            Value::count(month.total.days),
            total.map_or(Value::Unknown, |total| Value::percent(total.coverage)),
            Value::number(total.map(|total| total.energy.kwh()), 1),
            Value::number(lost.map(|lost| lost.kwh), 1),
            Value::number(month.loss_percent, 1),
            month.saving.and_then(|saving| saving.cost).into(),
        ]
    };
    let rows = page.months.iter().map(row).collect();
    Downloads::of_site(&page.site, page.now).table(words::TITLE, columns, rows)
}
