//! What is watched, with a switch and limits, and the form for a threshold.

use domain::alarms::view::{AlarmsPage, RuleRow};
use domain::alarms::{Direction, Kind, Limits, Rule, Severity, title};
use domain::bills::Party;
use domain::readings::channel::Name;
use markup::{Html, html};
use service::Action;
use texts::{figures, language};

use texts::words::alarms as words;
use ui::components::mark::Shape;
use ui::drawing::parts::mark;
use ui::drawing::rights::may;
use ui::drawing::{hidden, send};

pub(super) fn draw(page: &AlarmsPage) -> Html {
    html! {
        <section class="alarm-section">
            <h2>{words::RULES}</h2>
            <div class="scroll" tabindex="0" role="group" aria-label=words::RULES>
                <table class="table alarm-rules">
                    <thead>
                        <tr>
                            <th scope="col">{words::STATE}</th>
                            <th scope="col">{words::RULE}</th>
                            <th scope="col" class="col-for">{words::FOR}</th>
                            <th scope="col" class="col-severity">{words::SEVERITY}</th>
                            <th scope="col">
                                <span class="sr">{words::ACTIONS}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{page.rules.iter().map(row).collect::<Html>()}</tbody>
                </table>
            </div>
            {may(Action::Configure).then(|| new(page))}
        </section>
    }
}

fn row(row: &RuleRow) -> Html {
    let (rule, terms) = (&row.rule, &row.rule.terms);
    let (shape, state) =
        if terms.enabled { (Shape::Good, words::ON) } else { (Shape::Ring, words::OFF) };
    let whom = match (&row.meter, terms.kind) {
        (Some(meter), _) => format!("{}, {}", meter.number, meter.name),
        (None, Kind::PhaseExport) => words::GRID_METERS.into(),
        (None, _) => words::EVERY_METER.into(),
    };
    let clear = terms
        .limits
        .map(|limits| format!("{} {}", plain(limits.clear), terms.unit()).trim_end().to_owned());
    let acts = may(Action::Configure).then(|| html! { {switch(rule)} {change(rule)} });
    html! {
        <tr class=if terms.enabled { "" } else { "is-quiet" } id=format!("rule-{}", rule.id)>
            <td>{mark(shape)} " " {state}</td>
            <th scope="row">
                {title(terms, language::now())} " "
                <span class="note">{words::delays(terms.delay_s, clear.as_deref(), terms.clear_delay_s)}</span>
            </th>
            <td class="col-for">{whom}</td>
            <td class="col-severity">{words::severity(terms.severity)}</td>
            <td class="col-acts">{acts}</td>
        </tr>
    }
}

/// A number without places that say nothing.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 { figures::fixed(value, 0) } else { figures::about(value) }
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

fn change(rule: &Rule) -> Html {
    let terms = &rule.terms;
    let limits = terms.limits.map(|limits| limit_fields(Some(limits), terms.unit()));
    html! {
        <details class="confirm">
            <summary>{words::CHANGE}</summary>
            <form action=send("alarm-change")>
                {hidden("rule", rule.id.to_string())} {limits}
                {field("delay", words::DELAY, terms.delay_s.to_string())}
                {field("clearDelay", words::CLEAR_DELAY, terms.clear_delay_s.to_string())}
                {severities(terms.severity)}
                <button type="submit" class="button button-main">
                    {words::SAVE}
                </button>
            </form>
            <form action=send("alarm-remove")>
                {hidden("rule", rule.id.to_string())}
                <p class="note">{words::REMOVE_HELP}</p>
                <button type="submit" class="button">
                    {words::REMOVE}
                </button>
            </form>
        </details>
    }
}

fn limit_fields(limits: Option<Limits>, unit: &str) -> Html {
    let typed = |value: f64| language::now().typed(value);
    let value = |of: fn(Limits) -> f64| limits.map(of).map(typed);
    html! {
        {field("raise", words::with_unit(words::RAISE.get(), unit), value(|l| l.raise).unwrap_or_default())}
        {field("clear", words::with_unit(words::CLEAR.get(), unit), value(|l| l.clear).unwrap_or_default())}
    }
}

fn field(name: &'static str, label: impl Into<String>, value: String) -> Html {
    let label = label.into();
    html! {
        <label class="form-field">
            {label}
            <input class="field" type="text" inputmode="decimal" name=name value=value required=true />
        </label>
    }
}

/// A choice of severities, with one chosen.
pub(super) fn severities(chosen: Severity) -> Html {
    let option = |severity: &Severity| {
        html! {
            <option value=severity.as_str() selected=*severity == chosen>
                {words::severity(*severity)}
            </option>
        }
    };
    html! {
        <label class="form-field">
            {words::SEVERITY}
            <select class="field" name="severity">
                {Severity::ALL.iter().map(option).collect::<Html>()}
            </select>
        </label>
    }
}

/// The choice of a meter; where there are too many, a field for its number.
fn meters(choices: &[Party]) -> Html {
    if choices.is_empty() {
        return html! {
            <label class="form-field">
                {words::METER_NUMBER} <input class="field" type="text" name="meter" />
            </label>
        };
    }
    let option = |meter: &Party| {
        let text = format!("{}, {}", meter.number, meter.name);
        html! { <option value=meter.number.clone()>{text}</option> }
    };
    html! {
        <label class="form-field">
            {words::METER} <select class="field" name="meter">
                <option value="">{words::EVERY_METER}</option>
                {choices.iter().map(option).collect::<Html>()}
            </select>
        </label>
    }
}

/// The form for a threshold of any channel.
fn new(page: &AlarmsPage) -> Html {
    let channel = |name: &Name| {
        let text = words::with_unit(name.as_str(), name.unit());
        html! { <option value=name.as_str()>{text}</option> }
    };
    let side = |direction: &Direction| {
        html! { <option value=direction.as_str()>{words::side(*direction)}</option> }
    };
    html! {
        <details class="bill-form" id="new-rule">
            <summary>{words::NEW}</summary>
            <form class="form" action=send("alarm-add")>
                {hidden("site", page.site.slug.clone())} <p class="note">{words::NEW_HELP}</p>
                <label class="form-field">
                    {words::CHANNEL}
                    <select class="field" name="channel">
                        {Name::ALL.iter().map(channel).collect::<Html>()}
                    </select>
                </label>
                {meters(&page.choices)}
                <label class="form-field">
                    {words::SIDE}
                    <select class="field" name="direction">
                        {Direction::ALL.iter().map(side).collect::<Html>()}
                    </select>
                </label>
                {limit_fields(None, "")}
                {field("delay", words::DELAY, Kind::Threshold.usual().delay_s.to_string())}
                {severities(Severity::Warning)}
                <button type="submit" class="button button-main">
                    {words::ADD}
                </button>
            </form>
        </details>
    }
}
