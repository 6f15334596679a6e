//! The months and their reports, and to whom they are sent.

pub(super) mod act;
mod schedules;

use domain::reports::MonthTotal;
use domain::reports::view::ReportsPage;
use markup::{Html, html};

use texts::figures;
use texts::words::reports as words;
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::{kwh, percent, time};
use ui::drawing::{Sheet, at, sheet};

/// What became of a mail is shown soon.
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
                {schedules::draw(page)}
            </article>
        },
    );
    Sheet { refresh_s: REFRESH_S, ..drawn }
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
                        <th scope="col" class="num col-cost">{words::LOSS_COST}</th>
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
    let unknown = || UNKNOWN.to_owned();
    let is_known = total.days > 0;
    let note = match (month.is_over, is_known) {
        (false, _) => Some(words::UNDER_WAY),
        (true, false) => Some(words::UNREAD),
        (true, true) => None,
    };
    let known = |text: String| if is_known { text } else { unknown() };
    let lost = total.lost;
    let cost = lost.and_then(|lost| lost.cost);
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
            <td class="num">{known(percent(total.coverage))}</td>
            <td class="num">{known(kwh(total.energy.kwh()))}</td>
            <td class="num">{lost.map_or_else(unknown, |lost| kwh(lost.kwh))}</td>
            <td class="num col-share">
                {total.loss_percent().map_or_else(unknown, |percent| figures::fixed(percent, 1))}
            </td>
            <td class="num col-cost">
                {cost.map_or_else(unknown, |cost| with_sign(cost, &page.site.currency))}
            </td>
        </tr>
    }
}
