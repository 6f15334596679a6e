//! Alarms: the open ones, the history, what is watched, and who is told.

pub(super) mod act;
mod aside;
mod files;
mod new_rule;
mod recipients;
mod rules;

use domain::MeterId;
use domain::alarms::view::{AlarmRow, AlarmsPage};
use domain::alarms::{Alarm, Kind, Severity, title};
use domain::readings::channel::Name;
use markup::{Html, html};
use service::Action;
use texts::figures;
use texts::language::Text;

use texts::messages::told;
use texts::words::alarms as words;
use ui::components::figure::UNKNOWN;
use ui::drawing::{
    Downloads, Shape, Sheet, at, draw_table, held, hidden, mark, may, send, sheet, submit_button,
    time,
};
use ui::kit::Column;

pub(super) fn draw(page: &AlarmsPage) -> Sheet {
    let downloads = Downloads::of_site(&page.site, page.now);
    let content = html! {
        <article class="page alarms">
            <header class="sheet-head">
                <div class="state" id="alarms-state">
                    <h1>{headline(page)}</h1>
                    {of_meter(page)}
                    <p class="state-detail">
                        {words::detail(page.watched(), page.meters, page.cleared_today)}
                    </p>
                </div>
            </header>
            <div id="alarms-open">
                {open(page)}
            </div>
            {downloads.offer("alarms", || {
                files::table(page, &words::OPEN, page.open.iter().map(|row| &row.alarm))
            })}
            {aside::draw(page)}
            {rules::draw(page)}
            {recipients::draw(page)}
            <section class="alarm-section">
                <h2>{words::HISTORY}</h2>
                <div id="alarms-history">
                    {history(page)}
                </div>
                {downloads.offer("alarm-history", || {
                    files::table(page, &words::HISTORY, page.history.iter())
                })}
                {pages(page)}
            </section>
        </article>
    };
    // An alarm is shown soon after it is raised.
    Sheet { refresh_s: 5, ..sheet(&words::TITLE, content) }
}

fn headline(page: &AlarmsPage) -> String {
    let is_critical = |row: &&AlarmRow| row.alarm.severity == Severity::Critical;
    match page.open.len() {
        0 => words::NONE.into(),
        open => words::headline(open, page.open.iter().filter(is_critical).count()),
    }
}

/// An address about the same site and, where one is chosen, the same meter.
fn address(page: &AlarmsPage, path: &str, parameters: &[(&str, &str)]) -> String {
    let meter = page.meter.as_ref().map(|meter| meter.id.to_string()).unwrap_or_default();
    at(page.slug.as_deref(), path, &[&[("meter", meter.as_str())], parameters].concat())
}

fn of_meter(page: &AlarmsPage) -> Option<Html> {
    let shown = page.meter.as_ref()?;
    Some(html! {
        <p class="state-detail">
            {words::OF} " " {meter(shown.id, &shown.number, &shown.name)} ". "
            <a href=at(page.slug.as_deref(), "/alarms", &[]) data-key="Escape">
                {words::OF_ALL}
            </a>
        </p>
    })
}

fn open(page: &AlarmsPage) -> Html {
    if page.open.is_empty() {
        let terms = page.rules.iter().map(|row| &row.rule.terms);
        let titles: Vec<_> = terms
            .filter(|terms| terms.enabled)
            .map(|terms| told(&title(terms, &page.site.currency)))
            .collect();
        let said = if titles.is_empty() {
            words::NOTHING_WATCHED.into()
        } else {
            words::all_well(&titles.join(", "))
        };
        return html! { <p class="note">{said}</p> };
    }
    let columns = [
        Column::new(words::SEVERITY),
        Column::new(words::METER),
        Column::new(words::WHAT),
        Column::of_figures(words::VALUE).class("col-value"),
        Column::of_figures(words::SINCE).class("col-time"),
        Column::new(words::KNOWN),
    ];
    let rows = page.open.iter().map(|row| open_row(page, row));
    draw_table(words::OPEN, "alarm-list", columns, rows)
}

fn meter(id: MeterId, number: &str, name: &str) -> Html {
    html! { <a href=format!("/meters/{id}") title=number>{name}</a> }
}

/// The value of an alarm in the unit in which people read it: power in kW.
fn shown(alarm: &Alarm) -> (Option<f64>, &str) {
    let channels = Name::ALL.iter().filter(|_| alarm.kind == Kind::Threshold);
    let channel = channels.into_iter().find(|name| name.unit() == alarm.unit);
    let (scale, unit) =
        channel.map_or((1.0, &*alarm.unit), |name| (name.scale(), name.shown_unit()));
    (alarm.value.map(|value| value / scale), unit)
}

fn value(alarm: &Alarm) -> String {
    let (value, unit) = shown(alarm);
    let text = |value: f64| format!("{} {unit}", figures::about(value)).trim_end().to_owned();
    value.map_or_else(|| UNKNOWN.to_owned(), text)
}

fn open_row(page: &AlarmsPage, row: &AlarmRow) -> Html {
    let alarm = &row.alarm;
    let known = if alarm.acknowledged_at.is_some() {
        Some(known(page, alarm))
    } else {
        may(Action::Operate).then(|| acknowledge(alarm))
    };
    html! {
        <tr id=format!("alarm-{}", alarm.id)>
            <th scope="row">{mark(Shape::of_severity(alarm.severity))} " " {words::severity(alarm.severity)}</th>
            <td>{meter(alarm.meter_id, &alarm.meter_number, &alarm.meter_name)}</td>
            <td>
                {told(&alarm.about)}
                {held(&page.site, row)}
            </td>
            <td class="num col-value">{value(alarm)}</td>
            <td class="num col-time">{time::day_minute(&page.site, alarm.raised_at)}</td>
            <td>{known}</td>
        </tr>
    }
}

fn acknowledge(alarm: &Alarm) -> Html {
    let id = format!("note-{}", alarm.id);
    html! {
        <form class="alarm-act" action=send("alarm-acknowledge")>
            {hidden("alarm", alarm.id.to_string())}
            <label class="sr" for=id.clone()>
                {words::NOTE}
            </label>
            <input class="field" type="text" name="note" id=id placeholder=words::NOTE />
            {submit_button(words::ACKNOWLEDGE)}
        </form>
    }
}

fn known(page: &AlarmsPage, alarm: &Alarm) -> Html {
    let by = alarm.acknowledged_at.zip(alarm.acknowledged_by.as_ref());
    let said = by.map(|(at, who)| words::known(who, &time::day_minute(&page.site, at)));
    html! {
        {said}
        " "
        <span class="note">{alarm.note.clone()}</span>
    }
}

fn history(page: &AlarmsPage) -> Html {
    if page.history.is_empty() {
        return html! { <p class="note">{words::NO_HISTORY}</p> };
    }
    let columns = [
        Column::new(words::SEVERITY),
        Column::new(words::METER),
        Column::new(words::WHAT),
        Column::of_figures(words::SINCE).class("col-time"),
        Column::of_figures(words::UNTIL),
        Column::new(words::KNOWN).class("col-known"),
    ];
    let rows = page.history.iter().map(|alarm| over_row(page, alarm));
    draw_table(words::HISTORY, "alarm-list", columns, rows)
}

fn over_row(page: &AlarmsPage, alarm: &Alarm) -> Html {
    let until = alarm.cleared_at.map(|at| time::day_minute(&page.site, at));
    html! {
        <tr class="is-quiet">
            <th scope="row">{mark(Shape::of_severity(alarm.severity))} " " {words::severity(alarm.severity)}</th>
            <td>{meter(alarm.meter_id, &alarm.meter_number, &alarm.meter_name)}</td>
            <td>{told(&alarm.about)}</td>
            <td class="num col-time">{time::day_minute(&page.site, alarm.raised_at)}</td>
            <td class="num">{until}</td>
            <td class="col-known">{known(page, alarm)}</td>
        </tr>
    }
}

fn pages(page: &AlarmsPage) -> Option<Html> {
    let first = page.is_later.then(|| (address(page, "/alarms", &[]), words::FIRST));
    let next = page
        .next
        .map(|next| (address(page, "/alarms", &[("before", &next.to_string())]), words::NEXT));
    let link = |(href, text): (String, Text)| html! { <a class="button" href=href>{text}</a> };
    let links: Vec<_> = first.into_iter().chain(next).map(link).collect();
    (!links.is_empty()).then(|| html! { <p class="actions">{links}</p> })
}
