//! One transformer with the request added: the sums written out, the voltage, and the way to connect.

use domain::grid::feasibility::{Outcome, Place};
use domain::grid::view::{Candidate, Check, Form, GridPage, Limit, Verdict};
use markup::{Html, html};
use service::{Action, Error, Principal, Service, grid};

use super::voltage;
use texts::language;
use texts::messages::told;
use texts::words::grid::{self as words, done};
use ui::drawing::act::{Fields, notice_with_undo};
use ui::drawing::parts::figure;
use ui::drawing::parts::grid::kw;
use ui::drawing::rights::may;
use ui::drawing::{hidden, send};

pub(super) fn draw(check: &Check, chosen: &Candidate) -> Html {
    let is_feasible = chosen.verdict == Verdict::Feasible;
    let production =
        (!check.production.is_zero()).then(|| sum(words::PRODUCTION.get(), chosen.production));
    html! {
        <section class="grid-after" aria-labelledby="after">
            <h2 id="after">
                {words::after(&chosen.name, is_feasible)} " "
                <span class="note">{chosen.capacity.normalize().to_string()} " " {words::KVA}</span>
            </h2>
            <table class="table grid-sums">
                <tbody>{sum(words::CONSUMPTION.get(), chosen.consumption)} {production}</tbody>
            </table>
            {chosen.voltage.as_ref().map(voltage::draw)}
        </section>
    }
}

/// Connected plus requested against the limit.
fn sum(name: &'static str, limit: Limit) -> Html {
    let (left, sign) = (limit.left(), if limit.holds() { "\u{2264}" } else { ">" });
    let room = if limit.holds() { words::left(&kw(left)) } else { words::over(&kw(-left)) };
    html! {
        <tr class=if limit.holds() { "" } else { "is-over" }>
            <th scope="row">{name}</th>
            <td class="num">
                {kw(limit.connected)} " + " {kw(limit.requested)} " = " <strong>{kw(limit.sum())}</strong>
            </td>
            <td>{sign} " " {figure(kw(limit.limit), words::KW)}</td>
            <td class="num note">{room}</td>
        </tr>
    }
}

/// The way to connect, and the rule.
pub(super) fn actions(page: &GridPage, check: &Check) -> Html {
    let assigned = check.assigned.and_then(|assigned| check.candidates.get(assigned));
    let assigned = assigned.filter(|_| may(Action::Connect));
    let production = (!check.production.is_zero()).then(|| kw(check.production));
    let note = assigned.map(|_| words::reserves(&kw(check.consumption), production.as_deref()));
    let connect = assigned.map(|assigned| {
        html! {
            <form class="grid-connect" action=send("connect")>
                {hidden("latitude", language::now().typed(check.at.place.latitude))}
                {hidden("longitude", language::now().typed(check.at.place.longitude))}
                {hidden("consumption", check.consumption.to_string())}
                {hidden("production", check.production.to_string())}
                {hidden("length", page.form.length.clone())}
                {hidden("premises", if page.form.is_ev { "ev".to_owned() } else { String::new() })}
                {hidden("key", page.key.clone())}
                <button type="submit" class="button button-main" id="connect">
                    {words::connect_at(&assigned.name)}
                </button>
            </form>
        }
    });
    let rule = words::RULE.map(|line| html! { <li>{line}</li> });
    html! {
        <div class="grid-actions">
            {connect}
            <details class="grid-rule">
                <summary class="button">{words::SHOW_RULE}</summary>
                <ol>{rule}</ol>
            </details>
        </div>
        <p class="note">{note}</p>
    }
}

pub(crate) async fn connect(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    let text = |name: &str| fields.text(name).unwrap_or_default().to_owned();
    let form = Form {
        place: String::new(),
        consumption: text("consumption"),
        production: text("production"),
        length: text("length"),
        is_ev: fields.text("premises").is_ok(),
    };
    let place =
        Place { latitude: fields.number("latitude")?, longitude: fields.number("longitude")? };
    let request = grid::page::request(&form, place)?;
    Ok(match grid::connect(service, who, &request, Some(fields.text("key")?)).await? {
        Outcome::Approved { id, assigned_transformer, .. } => {
            let withdraw = ("withdraw", vec![("connection", id.to_string())]);
            notice_with_undo(
                &done::connected(&assigned_transformer),
                done::WITHDRAW.get(),
                Some(withdraw),
            )
        }
        Outcome::Rejected { reason, .. } => {
            notice_with_undo(&done::rejected(&told(&reason.0)), done::WITHDRAW.get(), None)
        }
    })
}
