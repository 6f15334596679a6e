//! What could not be computed, why, and a way to have it tried again.

use domain::view::AlarmsPage;
use domain::view::alarms::AsideRow;
use markup::{Html, html};
use texts::words::alarms as words;
use ui::drawing::hidden;
use ui::drawing::parts::time;

use super::party;

/// Nothing where all could be computed.
pub(super) fn draw(page: &AlarmsPage) -> Option<Html> {
    (!page.aside.is_empty()).then(|| {
        html! {
            <section class="alarm-section" id="alarms-aside">
                <h2>{words::ASIDE}</h2>
                <p class="note">{words::ASIDE_SAID}</p>
                <div class="scroll" tabindex="0" role="group" aria-label=words::ASIDE>
                    <table class="table alarm-list">
                        <thead>
                            <tr>
                                <th scope="col">{words::METER}</th>
                                <th scope="col">{words::WHAT}</th>
                                <th scope="col">{words::WHY}</th>
                                <th scope="col">
                                    <span class="sr">{words::AGAIN}</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>{page.aside.iter().map(|row| line(page, row)).collect::<Html>()}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

fn line(page: &AlarmsPage, row: &AsideRow) -> Html {
    let at = |at| time::day_minute(&page.site, at);
    html! {
        <tr>
            <th scope="row">{party(&row.meter)}</th>
            <td>{words::aside(row.work, row.parts, &at(row.first), &at(row.last))}</td>
            <td>{row.error.clone()}</td>
            <td>
                <form class="alarm-act" method="dialog" data-act="alarm-again">
                    {hidden("meter", row.meter.id.to_string())}
                    <button type="submit" class="button">
                        {words::AGAIN}
                    </button>
                </form>
            </td>
        </tr>
    }
}
