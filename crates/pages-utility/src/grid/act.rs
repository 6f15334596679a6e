//! Connecting, and what is said of it.

use domain::grid::feasibility::{Outcome, Place};
use domain::grid::view::Form;
use service::{Error, Principal, Service, grid};

use texts::messages::told;
use texts::words::grid::done as words;
use ui::drawing::act::{Fields, notice_with_undo};

/// Connects what a form asks for.
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
                &words::connected(&assigned_transformer),
                words::WITHDRAW.get(),
                Some(withdraw),
            )
        }
        Outcome::Rejected { reason, .. } => {
            notice_with_undo(&words::rejected(&told(&reason.0)), words::WITHDRAW.get(), None)
        }
    })
}
