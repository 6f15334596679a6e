//! The action of the page.

use domain::meters::MeterAddress;
use serde::{Deserialize, Serialize};
use service::{Action, Principal, Service, meters};
use texts::words::meter::deletion as words;
use ui::drawing::action::{ActionResult, Done, FormAction, Typed};

/// Deletes a meter whose name was typed.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DeleteMeter {
    pub(crate) meter: Typed<String>,
    pub(crate) name: Typed<String>,
}

impl FormAction for DeleteMeter {
    const NAME: &'static str = "delete-meter";
    const NEEDS: Action = Action::Configure;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        let meter = MeterAddress::new(self.meter.read("meter")?, None);
        let name = meters::delete(service, who, &meter, &self.name.read("name")?).await?;
        Ok(Done::new(words::deleted(&name)))
    }
}
