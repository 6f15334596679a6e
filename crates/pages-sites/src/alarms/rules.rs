//! The rules, with a switch and limits, and the form for a new rule.

use domain::alarms::view::{AlarmsPage, RuleRow};
use domain::alarms::{Direction, Kind, Rule, Severity, Watch, title};
use domain::bills::Party;
use markup::{Html, html};
use service::Action;
use texts::language::{self, Text};
use texts::messages::told;
use texts::words::alarms as words;
use ui::components::mark::Shape;
use ui::drawing::parts::mark;
use ui::drawing::rights::may;
use ui::drawing::{hidden, send, send_to};

use super::address;

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
                    <tbody>{page.rules.iter().map(|rule| row(page, rule)).collect::<Html>()}</tbody>
                </table>
            </div>
            {may(Action::Configure).then(|| new(page))}
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
            {field("raise", words::with_unit(words::RAISE.get(), &unit), typed(limits.raise))}
            {field("clear", words::with_unit(words::CLEAR.get(), &unit), typed(limits.clear))}
        }
    });
    // The channel tells the unit in which the limits are typed.
    let channel = terms.channel.map(|name| hidden("channel", name.as_str().to_owned()));
    html! {
        <details class="confirm">
            <summary>{words::CHANGE}</summary>
            <form action=send("alarm-change")>
                {hidden("rule", rule.id.to_string())} {channel} {limits}
                {field("delaySeconds", words::DELAY, terms.delay_s.to_string())}
                {field("clearDelaySeconds", words::CLEAR_DELAY, terms.clear_delay_s.to_string())}
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

/// A limit in the unit that people type, without the dust of the division.
fn shown(limit: f64, scale: f64) -> f64 {
    const DUST: f64 = 1e6;
    (limit / scale * DUST).round() / DUST
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

/// A field of the same that may stay empty.
fn optional(name: &'static str, label: Text, value: String) -> Html {
    html! {
        <label class="form-field">
            {label} <input class="field" type="text" inputmode="decimal" name=name value=value />
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
fn meters(page: &AlarmsPage) -> Html {
    let chosen = page.meter.as_ref().filter(|_| page.prefilled.is_some());
    if page.choices.is_empty() {
        let number = chosen.map(|meter| meter.number.clone()).unwrap_or_default();
        return html! {
            <label class="form-field">
                {words::METER_NUMBER} <input class="field" type="text" name="meterId" value=number />
            </label>
        };
    }
    let option = |meter: &Party| {
        let text = format!("{}, {}", meter.number, meter.name);
        let is_chosen = chosen.is_some_and(|chosen| chosen.id == meter.id);
        html! { <option value=meter.number.clone() selected=is_chosen>{text}</option> }
    };
    html! {
        <label class="form-field">
            {words::METER} <select class="field" name="meterId">
                <option value="">{words::EVERY_METER}</option>
                {page.choices.iter().map(option).collect::<Html>()}
            </select>
        </label>
    }
}

/// The choice of what is watched, each with its unit.
fn figures(page: &AlarmsPage) -> Html {
    let chosen = page.prefilled.map(|prefilled| prefilled.watch);
    let option = |watch: Watch| {
        let unit = watch.usual().shown_unit(&page.site.currency);
        let text = words::with_unit(&told(&watch.figure().into()), &unit);
        html! {
            <option value=watch.word() selected=chosen == Some(watch)>
                {text}
            </option>
        }
    };
    let group = |name: Text, is_in: fn(Kind) -> bool| {
        let watches = Watch::all().filter(|watch| is_in(watch.kind));
        html! { <optgroup label=name>{watches.map(option).collect::<Html>()}</optgroup> }
    };
    html! {
        <label class="form-field">
            {words::FIGURE}
            <select class="field" name="kind">
                {group(words::OF_LOSSES, is_of_money)}
                {group(words::OF_CHANNELS, |kind| kind == Kind::Threshold)}
                {group(words::OF_METERS, |kind| !is_of_money(kind) && kind != Kind::Threshold)}
            </select>
        </label>
    }
}

fn is_of_money(kind: Kind) -> bool {
    kind.is_of_loss() || matches!(kind, Kind::Demand | Kind::Cost)
}

/// A note that an alarm reaches nobody yet.
fn nobody(page: &AlarmsPage) -> Option<Html> {
    let is_told = page.recipients.as_ref().is_none_or(|recipients| !recipients.is_empty());
    (!is_told).then(|| {
        html! {
            <p class="note">
                {words::NOBODY_YET} " " <a href="#recipients">{words::ADD_RECIPIENT}</a>
            </p>
        }
    })
}

/// The form for a rule, open where the address fills it in.
fn new(page: &AlarmsPage) -> Html {
    let prefilled = page.prefilled;
    let usual = prefilled.map_or_else(|| Kind::Threshold.usual(), |given| given.watch.usual());
    let raise = prefilled.and_then(|given| given.raise);
    let raise = raise.map(|raise| language::now().typed(raise)).unwrap_or_default();
    let side = |direction: &Direction| {
        html! { <option value=direction.as_str()>{words::side(*direction)}</option> }
    };
    html! {
        <details class="bill-form" id="new-rule" open=prefilled.is_some()>
            <summary>{words::NEW}</summary>
            <form class="form" action=send_to("alarm-add", &address(page, "/alarms", &[]))>
                {hidden("site", page.site.slug.clone())} <p class="note">{words::NEW_HELP}</p>
                {figures(page)}
                {meters(page)}
                {optional("raise", words::NEW_RAISE, raise)}
                {optional("clear", words::NEW_CLEAR, String::new())}
                <label class="form-field">
                    {words::SIDE}
                    <select class="field" name="direction">
                        <option value="">{words::USUAL_SIDE}</option>
                        {Direction::ALL.iter().map(side).collect::<Html>()}
                    </select>
                </label>
                {field("delaySeconds", words::DELAY, usual.delay_s.to_string())}
                {severities(usual.severity)}
                {nobody(page)}
                <button type="submit" class="button button-main">
                    {words::ADD}
                </button>
            </form>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use domain::alarms::view::Prefilled;
    use domain::sites::{GridSettings, Retention, Site, SiteKind};
    use domain::{MeterId, SiteId};

    use super::*;

    fn page(prefilled: Option<Prefilled>) -> AlarmsPage {
        let site = Site {
            id: SiteId(1),
            slug: "plant".to_owned(),
            name: "Plant".to_owned(),
            kind: SiteKind::Live,
            zone: "UTC".parse().unwrap(),
            currency: "EUR".to_owned(),
            price_per_kwh: None,
            grid_capacity_kw: None,
            latitude: None,
            longitude: None,
            retention: Retention::default(),
            grid: GridSettings::default(),
        };
        let party =
            |id: i64| Party { id: MeterId(id), number: format!("C-{id}"), name: "Unit".to_owned() };
        AlarmsPage {
            site,
            slug: None,
            meter: Some(party(7)),
            now: "2026-11-19T12:00:00Z".parse().unwrap(),
            open: Vec::new(),
            history: Vec::new(),
            cleared_today: 0,
            next: None,
            is_later: false,
            rules: Vec::new(),
            meters: 2,
            choices: vec![party(7), party(8)],
            prefilled,
            recipients: None,
            aside: Vec::new(),
        }
    }

    #[test]
    fn an_address_fills_in_a_form_that_the_browser_sends_by_itself() {
        let form =
            new(&page(Some(Prefilled { watch: Watch::kind(Kind::Loss), raise: Some(10.0) })));
        let form = form.into_string();
        for part in [
            "id=\"new-rule\" open",
            "data-act=\"alarm-add\" method=\"post\"",
            "action=\"/act/alarm-add?next=%2Falarms%3Fmeter%3D7",
            "<option value=\"loss\" selected>Loss, kW</option>",
            "<option value=\"loss_cost\">Cost of the loss, EUR/d</option>",
            "<option value=\"ActivePower\">Active power, kW</option>",
            "<option value=\"C-7\" selected>C-7, Unit</option>",
            "name=\"raise\" value=\"10\"",
            "name=\"delaySeconds\" value=\"300\"",
        ] {
            assert!(form.contains(part), "no {part} in {form}");
        }
        let closed = new(&page(None)).into_string();
        assert!(
            closed.contains("id=\"new-rule\">") && !closed.contains(" selected>C-"),
            "{closed}"
        );
    }
}
