//! The forms of the page.

use service::{Error, Principal, Service, grid};
use texts::words::grid::done as words;
use ui::drawing::act::{Fields, notice_with_undo};

/// Withdraws a connection.
pub(crate) async fn withdraw(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    grid::withdraw(service, who, fields.id("connection")?).await?;
    Ok(notice_with_undo(words::WITHDRAWN.get(), words::WITHDRAW.get(), None))
}
