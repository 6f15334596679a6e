//! The actions of the page.

use domain::grid::feasibility::ConnectionId;
use serde::{Deserialize, Serialize};
use service::{Action as Right, Principal, Service, grid};
use texts::words::grid::done as words;
use ui::drawing::action::{Action, Done, Outcome, Typed};

/// Withdraws a connection.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Withdraw {
    pub(crate) connection: Typed<ConnectionId>,
}

impl Action for Withdraw {
    const NAME: &'static str = "withdraw";
    const NEEDS: Right = Right::Connect;

    async fn act(self, service: &Service, who: &Principal) -> Outcome {
        grid::withdraw(service, who, self.connection.id()?).await?;
        Ok(Done::new(words::WITHDRAWN))
    }
}
