//! Who gets the monthly reports.

use serde_json::Value;
use sqlx::PgExecutor;

use crate::Error;

reads! {
    /// The schedules, by site and by what they say.
    schedules
        "SELECT entry FROM ( \
             SELECT schedule.id, jsonb_build_object('site', site.slug, \
                 'addresses', to_jsonb(schedule.addresses), 'day', schedule.day, \
                 'hour', schedule.hour, 'language', schedule.language, \
                 'enabled', schedule.enabled) AS entry \
             FROM report_schedules schedule JOIN sites site ON site.id = schedule.site_id \
         ) schedules ORDER BY entry ->> 'site', entry, id";
}
