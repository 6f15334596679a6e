//! The rules, with a switch and limits.

use domain::alarms::view::{AlarmsPage, RuleRow};
use domain::alarms::{Kind, Rule, Severity, title};
use markup::{Draw, Html, html};
use service::Action;
use texts::language;
use texts::messages::told;
use texts::words::alarms as words;
use ui::drawing::form::choice;
use ui::drawing::{Shape, draw_table, hidden, main_button, mark, may, send, submit_button};
use ui::kit::Column;

use super::new_rule;

pub(super) fn draw(page: &AlarmsPage) -> Html {
    let columns = [
        Column::new(words::STATE),
        Column::new(words::RULE),
        Column::new(words::FOR).class("col-for"),
        Column::new(words::SEVERITY).class("col-severity"),
        Column::unnamed(words::ACTIONS),
    ];
    let rows = page.rules.iter().map(|rule| row(page, rule));
    html! {
        <section class="alarm-section">
            <h2>{words::RULES}</h2>
            {draw_table(words::RULES, "alarm-rules", columns, rows)}
            {may(Action::Configure).then(|| new_rule::draw(page))}
        </section>
    }
}

fn row(page: &AlarmsPage, row: &RuleRow) -> Html {
    let (rule, terms) = (&row.rule, &row.rule.terms);
    let (shape, state) =
        if terms.enabled { (Shape::Good, words::ON) } else { (Shape::Ring, words::OFF) };
    let whom = match (&row.meter, terms.kind) {
        (Some(meter), _) => format!("{}, {}", meter.number, meter.name),
        (None, Kind::PhaseExport) => words::GRID_METERS.into(),
        (None, _) => words::EVERY_METER.into(),
    };
    let currency = &page.site.currency;
    let clear =
        terms.limits.map(|limits| language::now().marks(terms.limit(limits.clear, currency)));
    let acts = may(Action::Configure).then(|| html! { {switch(rule)} {change(page, rule)} });
    html! {
        <tr class=if terms.enabled { "" } else { "is-quiet" } id=format!("rule-{}", rule.id)>
            <td>{mark(shape)} " " {state}</td>
            <th scope="row">
                {told(&title(terms, currency))} " "
                <span class="note">{words::delays(terms.delay_s, clear.as_deref(), terms.clear_delay_s)}</span>
            </th>
            <td class="col-for">{whom}</td>
            <td class="col-severity">{words::severity(terms.severity)}</td>
            <td class="col-acts">{acts}</td>
        </tr>
    }
}

fn switch(rule: &Rule) -> Html {
    let is_on = rule.terms.enabled;
    html! {
        <form class="alarm-act" action=send("alarm-switch")>
            {hidden("rule", rule.id.to_string())} {hidden("enabled", (!is_on).to_string())}
            <button type="submit" class="button" id=format!("switch-{}", rule.id)>
                {if is_on { words::SWITCH_OFF } else { words::SWITCH_ON }}
            </button>
        </form>
    }
}

fn change(page: &AlarmsPage, rule: &Rule) -> Html {
    let terms = &rule.terms;
    let unit = terms.shown_unit(&page.site.currency);
    let limits = terms.limits.map(|limits| {
        let typed = |limit: f64| language::now().typed(shown(limit, terms.scale()));
        html! {
            {field("raise", words::raise(limits.direction, &unit), typed(limits.raise))}
            {field("clear", words::clear(&unit), typed(limits.clear))}
        }
    });
    // The channel tells the unit in which the limits are typed.
    let channel = terms.channel.map(|name| hidden("channel", name.as_str()));
    html! {
        <details class="confirm">
            <summary>{words::CHANGE}</summary>
            <form action=send("alarm-change")>
                {hidden("rule", rule.id.to_string())} {channel} {limits}
                {field("delaySeconds", words::DELAY, terms.delay_s.to_string())}
                {field("clearDelaySeconds", words::CLEAR_DELAY, terms.clear_delay_s.to_string())}
                {severities(terms.severity)}
                {main_button(words::SAVE)}
            </form>
            <form action=send("alarm-remove")>
                {hidden("rule", rule.id.to_string())}
                <p class="note">{words::REMOVE_HELP}</p>
                {submit_button(words::REMOVE)}
            </form>
        </details>
    }
}

/// A limit in the unit that people type, without the dust of the division.
pub(super) fn shown(limit: f64, scale: f64) -> f64 {
    const DUST: f64 = 1e6;
    (limit / scale * DUST).round() / DUST
}

pub(super) fn field(name: &'static str, label: impl Draw, value: String) -> Html {
    html! {
        <label class="form-field">
            {label}
            <input class="field" type="text" inputmode="decimal" name=name value=value required=true />
        </label>
    }
}

pub(super) fn severities(chosen: Severity) -> Html {
    let named = |it: Severity| (it.as_str().to_owned(), words::severity(it).into());
    choice("severity", words::SEVERITY, chosen.as_str(), Severity::ALL.map(named))
}
