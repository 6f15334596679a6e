//! The actions of the page.

use domain::grid::feasibility::ConnectionId;
use serde::{Deserialize, Serialize};
use service::{Action, Principal, Service, grid};
use texts::words::grid::done as words;
use ui::drawing::action::{ActionResult, Done, FormAction, Typed};

/// Withdraws a connection.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Withdraw {
    pub(crate) connection: Typed<ConnectionId>,
}

impl FormAction for Withdraw {
    const NAME: &'static str = "withdraw";
    const NEEDS: Action = Action::Connect;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        grid::withdraw(service, who, self.connection.id()?).await?;
        Ok(Done::new(words::WITHDRAWN))
    }
}
