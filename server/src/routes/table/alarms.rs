//! The routes of alarms.

use domain::alarms::{Alarm, Recipient};
use service::alarms::{Acknowledgement, NewRecipient, NewRule, RuleChanges, RuleView};

use super::{ADMINISTER, CONFIGURE, OPERATE, SEE, SEE_OR_OWN};
use crate::api::{alarms, sites};
use crate::routes::{Route, delete, get, patch, post};

/// Alarms, what raises them, and who is told.
#[rustfmt::skip]
pub(super) fn alarms() -> Vec<Route> {
    vec![
        get("/api/alarms", SEE_OR_OWN, "Alarms of a site, raised last first", alarms::list)
            .asks::<alarms::AlarmsQuery>().answers_many::<Alarm>(),
        post("/api/alarms/{id}/acknowledge", OPERATE, "Say that one knows of an alarm", alarms::acknowledge)
            .may_take::<Acknowledgement>().answers::<Alarm>(),
        get("/api/alarm-rules", SEE, "What is watched on a site", alarms::rules)
            .asks::<sites::SiteListQuery>().answers_many::<RuleView>(),
        post("/api/alarm-rules", CONFIGURE, "Watch something; what is left out is as usual", alarms::create_rule)
            .takes::<NewRule>().creates::<RuleView>(),
        patch("/api/alarm-rules/{id}", CONFIGURE, "Change a rule", alarms::update_rule)
            .changes::<RuleChanges, RuleView>().answers::<RuleView>(),
        delete("/api/alarm-rules/{id}", CONFIGURE, "Remove a rule; its alarms stay in the history", alarms::remove_rule)
            .answers::<RuleView>(),
        get("/api/alarm-recipients", ADMINISTER, "Who is told of the alarms of a site", alarms::recipients)
            .asks::<sites::SiteListQuery>().answers_many::<Recipient>(),
        post("/api/alarm-recipients", ADMINISTER, "Tell a webhook or a mailbox from now on", alarms::add_recipient)
            .takes::<NewRecipient>().creates::<Recipient>(),
        patch("/api/alarm-recipients/{id}", ADMINISTER, "Change a recipient", alarms::update_recipient)
            .changes::<NewRecipient, Recipient>().answers::<Recipient>(),
        delete("/api/alarm-recipients/{id}", ADMINISTER, "Remove a recipient", alarms::remove_recipient)
            .answers::<Recipient>(),
    ]
}
