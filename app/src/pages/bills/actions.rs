//! The actions of the page.

use domain::SiteSlug;
use domain::bills::RunId;
use domain::month::Month;
use serde::{Deserialize, Serialize};
use service::bills::{self, NewRun};
use service::{Action, Principal, Service};
use texts::words::bills::done as words;
use ui::drawing::action::{ActionResult, Done, FormAction, Typed};

/// Begins a run over a site's month.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RunBills {
    pub(crate) site: Typed<SiteSlug>,
    pub(crate) month: Typed<Month>,
    /// Whether what it computes is issued, too.
    pub(crate) issue: Typed<bool>,
}

impl FormAction for RunBills {
    const NAME: &'static str = "run-bills";
    const NEEDS: Action = Action::Bill;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        let new = NewRun {
            site: self.site.read("site")?,
            month: self.month.read("month")?,
            issue: self.issue.read("issue")?,
        };
        bills::run(service, who, new).await?;
        Ok(Done::new(words::RUN))
    }
}

/// Ends a run.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CancelRun {
    pub(crate) run: Typed<RunId>,
}

impl FormAction for CancelRun {
    const NAME: &'static str = "cancel-run";
    const NEEDS: Action = Action::Bill;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        bills::cancel(service, who, self.run.id()?).await?;
        Ok(Done::new(words::CANCELLED))
    }
}
