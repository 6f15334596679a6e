//! The months and their reports, and to whom they are sent.

pub(super) mod act;
mod schedules;

use crate::parts::note;
use domain::reports::MonthTotal;
use domain::reports::view::ReportsPage;
use markup::{Html, html};
use tables::{Column, Rows, Table, Value};
use texts::figures;
use texts::words::{files as files_words, losses, reports as words};
use ui::components::figure::UNKNOWN;
use ui::drawing::files::{self, Downloads};
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::{kwh, percent, time};
use ui::drawing::{Sheet, at, sheet};
use ui::kit;

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
        return note(words::NOTHING);
    }
    let older = page.months.last().filter(|_| page.goes_back).map(|oldest| {
        let example = format!("/reports/{}", oldest.month.previous());
        note(words::goes_back(&example))
    });
    let figure = |month: &MonthTotal, name: &str, text: Option<String>| {
        if month.total.days == 0 {
            return html! { {UNKNOWN} };
        }
        let shared = SharedFigures::of_month(&page.site, month.month);
        shared.mark(name, text.unwrap_or_else(|| UNKNOWN.to_owned()))
    };
    let saved = |month: &MonthTotal| {
        let cost = month.saving.and_then(|saving| saving.cost);
        figure(month, "loss.saving", cost.map(|cost| with_sign(cost, &page.site.currency)))
    };
    let rows = kit::Rows::of(&page.months)
        .column(words::MONTH, |month| name(page, month))
        .column(kit::Column::of_figures(words::DAYS).class("col-days"), |month| month.total.days)
        .column(kit::Column::of_figures(words::COVERAGE), |month| {
            figure(month, "coverage", Some(percent(month.total.coverage)))
        })
        .column(kit::Column::of_figures(words::ENERGY), |month| {
            figure(month, "energy.in", Some(kwh(month.total.energy.kwh())))
        })
        .column(kit::Column::of_figures(words::LOSS), |month| {
            figure(month, "loss.kwh", month.total.lost.map(|lost| kwh(lost.kwh)))
        })
        .column(kit::Column::of_figures(words::LOSS_SHARE).class("col-share"), |month| {
            let share = month.loss_percent.map(|percent| figures::fixed(percent, 1));
            figure(month, "loss.percent", share)
        })
        .column(kit::Column::of_figures(losses::SAVING).class("col-cost"), saved)
        .column(files_words::EXCEL, |month| workbook(page, month))
        .classes(|month| if month.total.days > 0 { "" } else { "is-quiet" });
    html! {
        {rows.scrolled(words::MONTHS, "report-months")}
        {older}
    }
}

fn name(page: &ReportsPage, month: &MonthTotal) -> Html {
    let note = match (month.is_over, month.total.days > 0) {
        (false, _) => Some(words::UNDER_WAY),
        (true, false) => Some(words::UNREAD),
        (true, true) => None,
    };
    html! {
        <a href=at(page.slug.as_deref(), &format!("/reports/{}", month.month), &[])>
            {time::month(month.month)}
        </a>
        " "
        {note.map(|note| html! { <span class="note">{note}</span> })}
    }
}

fn workbook(page: &ReportsPage, month: &MonthTotal) -> Option<Html> {
    (month.total.days > 0).then(|| {
        let label = format!("{}, {}", files_words::WORKBOOK, time::month(month.month));
        let to = files::address_of_report(page.slug.as_deref(), month.month);
        html! {
            <a href=to rel="external" download="" aria-label=label>
                {files_words::WHOLE_MONTH}
            </a>
        }
    })
}

fn table(page: &ReportsPage) -> Table {
    let sign = figures::currency_sign(&page.site.currency);
    let total = |month: &MonthTotal| Some(month.total).filter(|total| total.days > 0);
    let rows = Rows::of(&page.months)
        .text(words::MONTH, |month| time::month(month.month))
        .cell(words::DAYS, |month| Value::count(month.total.days))
        .percent(Column::of_head(&words::COVERAGE), |month| Some(total(month)?.coverage))
        .figure(Column::of_head(&words::ENERGY), 1, |month| Some(total(month)?.energy.kwh()))
        .figure(Column::of_head(&words::LOSS), 1, |month| Some(total(month)?.lost?.kwh))
        .figure(Column::of_head(&words::LOSS_SHARE), 1, |month| month.loss_percent)
        .cell(Column::in_unit(losses::SAVING, sign), |month| month.saving.and_then(|it| it.cost));
    Downloads::of_site(&page.site, page.now).rows(words::TITLE, rows)
}
