//! Questions about a meter's registers, with their answers.

use chrono::SecondsFormat;
use domain::alarms::view::{AlarmRow, HeldRow};
use domain::energy::interval::{Decision, Question};
use domain::sites::Site;
use markup::{Html, html};
use service::Action;
use texts::figures;
use texts::words::{alarms as words, energy};

use super::parts::time;
use super::rights::may;
use super::{at, hidden, send};

/// The questions beside an open alarm that tells of them, and the way to all of them.
pub fn held(site: &Site, row: &AlarmRow) -> Option<Html> {
    let step = |step: &HeldRow| {
        let at = time::day_minute(site, step.at);
        let moved = format!("{at}: {} → {}.", exact(step.previous), exact(step.value));
        html! {
            <li>
                <span class="note">{moved} " " {question(&site.slug, step)}</span>
                {decide(step)}
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

fn exact(value: f64) -> String {
    figures::fixed(value, 3)
}

/// The sentence of a question by itself.
pub fn asked(step: &HeldRow) -> Html {
    let powers = step.powers.map(|(rated, needed)| (figures::about(rated), figures::about(needed)));
    let powers = powers.as_ref().map(|(rated, needed)| (rated.as_str(), needed.as_str()));
    html! { {words::question(step.kind, powers)} }
}

/// The same, with links to what may put it right.
pub fn question(site: &str, step: &HeldRow) -> Html {
    let slug = Some(site);
    let of_meter = |place: &str| format!("/meters/{}/corrections#{place}", step.meter);
    let exchange = (at(slug, &of_meter("exchange"), &[]), energy::ENTER_EXCHANGE);
    let remedies = match step.kind {
        Question::Step | Question::StepBack => {
            let reading = step.at.to_rfc3339_opts(SecondsFormat::Micros, true);
            vec![
                exchange,
                (at(slug, &of_meter("correct"), &[("reading", &reading)]), energy::CORRECT),
            ]
        }
        Question::Exchange => vec![exchange],
        Question::BeyondRated => {
            let of = [("meter", &*step.meter.to_string())];
            vec![(at(slug, "/settings/meters#rules", &of), words::CHANGE_RATED)]
        }
        Question::TwoRegisters | Question::CountsDown => Vec::new(),
    };
    let remedies = remedies.into_iter().filter(|_| may(Action::Operate));
    let link = |(href, text)| html! { " " <a href=href>{text}</a> };
    html! { {asked(step)} {remedies.map(link).collect::<Html>()} }
}

/// A button for each answer to a question.
pub fn decide(step: &HeldRow) -> Html {
    if !may(Action::Operate) {
        return Html::default();
    }
    let answers = words::answers(step.kind, &exact(step.previous), &exact(step.value));
    let button = |(decision, text): (Decision, String)| {
        let act = decision.as_str();
        html! {
            <form class="act" action=send(act)>
                {hidden("n", step.n.to_string())}
                <button type="submit" class="button">
                    {text}
                </button>
            </form>
        }
    };
    html! { <div class="actions">{answers.into_iter().map(button).collect::<Html>()}</div> }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::MeterId;

    use super::*;

    fn step(kind: Question) -> HeldRow {
        let (at, meter) = (DateTime::UNIX_EPOCH, MeterId(3));
        let powers = (kind == Question::BeyondRated).then_some((63.0, 126.0));
        HeldRow { n: 7, meter, at, kind, powers, previous: 12.0, value: 5000.5 }
    }

    #[test]
    fn a_question_has_a_button_for_each_answer_that_says_what_follows() {
        let (count, leave) = (("accept", "Count it"), ("reject", "Leave it out"));
        let this_one =
            [("accept", "It is the one at 5,000.500"), ("reject", "It is the one at 12.000")];
        let cases: [(Question, &[(&str, &str)]); 6] = [
            (Question::Step, &[count, leave]),
            (Question::StepBack, &[count, leave]),
            (Question::Exchange, &[count, leave]),
            (Question::BeyondRated, &[count, leave]),
            (Question::TwoRegisters, &this_one),
            (Question::CountsDown, &[leave]),
        ];
        for (kind, answers) in cases {
            let html = decide(&step(kind)).into_string();
            assert_eq!(html.matches("<form").count(), answers.len(), "{kind:?}: {html}");
            for (act, text) in answers {
                let from = html.find(&format!("data-act=\"{act}\"")).expect(act);
                let form = html[from..].split("</form>").next().unwrap_or_default();
                let action = format!("action=\"/act/{act}\"");
                for part in ["method=\"post\"", &action, "name=\"n\" value=\"7\"", text] {
                    assert!(form.contains(part), "{kind:?}: {part}: {form}");
                }
            }
        }
    }

    #[test]
    fn a_question_asks_for_its_kind_and_leads_to_what_puts_it_right() {
        let exchange = "/meters/3/corrections?site=mill#exchange";
        let reading = "/meters/3/corrections?reading=1970-01-01T00%3A00%3A00.000000Z&amp;site=mill";
        let rated = "/settings/meters?meter=3&amp;site=mill#rules";
        let cases: [(Question, &str, &[&str]); 6] = [
            (Question::Step, "Is that right?", &[exchange, reading]),
            (Question::StepBack, "Was the meter exchanged", &[exchange, reading]),
            (Question::Exchange, "Is the old meter's last figure right?", &[exchange]),
            (Question::BeyondRated, "It is 63.0 kW, and this takes 126 kW.", &[rated]),
            (Question::TwoRegisters, "Which one is the meter's?", &[]),
            (Question::CountsDown, "It counts down.", &[]),
        ];
        for (kind, sentence, remedies) in cases {
            let html = question("mill", &step(kind)).into_string();
            assert_eq!(html.matches("<a ").count(), remedies.len(), "{kind:?}: {html}");
            for part in remedies.iter().chain([&sentence]) {
                assert!(html.contains(part), "{kind:?}: no {part}: {html}");
            }
        }
    }
}
