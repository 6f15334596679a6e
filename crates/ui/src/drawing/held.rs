//! What a register showed that waits for a decision, with its two buttons.

use domain::alarms::view::{AlarmRow, HeldRow};
use domain::sites::Site;
use markup::{Html, html};
use service::Action;
use texts::figures;
use texts::language::Text;
use texts::words::alarms as words;

use super::hidden;
use super::parts::time;
use super::rights::may;

/// The steps beside an open alarm that tells of them, and the way to all of them.
pub fn held(site: &Site, row: &AlarmRow) -> Option<Html> {
    let step = |step: &HeldRow| {
        html! {
            <li>
                <span class="note">{said(site, step)}</span>
                {decide(step.n)}
            </li>
        }
    };
    (!row.held.is_empty()).then(|| {
        html! {
            <ul class="held">{row.held.iter().map(step).collect::<Html>()}</ul>
            <p class="note">
                <a href=format!("/meters/{}/corrections", row.alarm.meter_id)>{words::ALL_HELD}</a>
            </p>
        }
    })
}

fn said(site: &Site, step: &HeldRow) -> String {
    let at = time::day_minute(site, step.at);
    let [previous, value] = [step.previous, step.value].map(|value| figures::fixed(value, 3));
    format!("{at}: {previous} → {value}")
}

/// Lets a step count, or leaves it out.
pub fn decide(n: i64) -> Html {
    if !may(Action::Operate) {
        return Html::default();
    }
    let button = |(act, text): (&'static str, Text)| {
        html! {
            <form class="act" method="dialog" data-act=act>
                {hidden("n", n.to_string())}
                <button type="submit" class="button">
                    {text}
                </button>
            </form>
        }
    };
    let [accept, reject] = words::HELD;
    html! {
        <div class="actions">
            {button(("accept", accept))} {button(("reject", reject))}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_a_button_for_each_answer_in_the_words_of_its_alarm() {
        let html = decide(7).into_string();
        for (act, text) in
            [("accept", "It is right, count it"), ("reject", "It is wrong, leave it out")]
        {
            let from = html.find(&format!("data-act=\"{act}\"")).expect(act);
            let form = html[from..].split("</form>").next().unwrap_or_default();
            assert!(form.contains("name=\"n\" value=\"7\"") && form.contains(text), "{form}");
        }
    }
}
