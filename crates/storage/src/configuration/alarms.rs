//! Rules of alarms, and who is told.

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::alarms::RuleId;
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::Error;

reads! {
    /// The mailboxes, by site and address. The addresses of webhooks can be as good as passwords.
    mailboxes
        "SELECT jsonb_build_object('site', site.slug, 'kind', recipient.kind, \
             'address', recipient.address, 'minSeverity', recipient.min_severity, \
             'enabled', recipient.enabled) \
         FROM alarm_recipients recipient JOIN sites site ON site.id = recipient.site_id \
         WHERE recipient.kind = 'email' ORDER BY site.slug, recipient.address";
}

writes! {
    /// Stores who is told.
    put_recipients
        "INSERT INTO alarm_recipients (site_id, kind, address, min_severity, enabled) \
         SELECT site.id, recipient.kind, recipient.address, recipient.\"minSeverity\", \
             recipient.enabled \
         FROM jsonb_to_recordset($1) AS recipient (site text, kind text, address text, \
             \"minSeverity\" text, enabled boolean) \
         JOIN sites site ON site.slug = recipient.site \
         ON CONFLICT (site_id, kind, address) DO UPDATE \
             SET min_severity = excluded.min_severity, enabled = excluded.enabled";

    /// Adds rules.
    add_rules
        "INSERT INTO alarm_rules (site_id, meter_id, kind, channel, direction, raise_at, clear_at, \
             nominal, tank_litres, filled_at, delay_s, clear_delay_s, severity, enabled) \
         SELECT site.id, meter.id, rule.kind, rule.channel, rule.direction, rule.raise, rule.clear, \
             rule.nominal, rule.\"tankLitres\", rule.\"filledAt\", rule.\"delaySeconds\", \
             rule.\"clearDelaySeconds\", rule.severity, rule.enabled \
         FROM jsonb_to_recordset($1) AS rule (site text, kind text, \"meterNumber\" text, \
             channel text, direction text, raise float8, clear float8, nominal float8, \
             \"tankLitres\" float8, \"filledAt\" timestamptz, \"delaySeconds\" integer, \
             \"clearDelaySeconds\" integer, severity text, enabled boolean) \
         JOIN sites site ON site.slug = rule.site \
         LEFT JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = rule.\"meterNumber\"";
}

/// How many webhooks are told of alarms.
pub async fn webhooks(db: impl PgExecutor<'_>) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM alarm_recipients WHERE kind = 'webhook'")
        .fetch_one(db)
        .await?)
}

/// The rules with their ids, by site and by what they say.
pub async fn rules(db: impl PgExecutor<'_>) -> Result<Vec<(RuleId, Value)>, Error> {
    let rows: Vec<(i64, Value)> = sqlx::query_as(
        "SELECT id, entry FROM ( \
             SELECT rule.id, jsonb_build_object('site', site.slug, 'kind', rule.kind, \
                 'meterNumber', meter.meter_number, 'channel', rule.channel, \
                 'direction', rule.direction, 'raise', rule.raise_at, 'clear', rule.clear_at, \
                 'nominal', rule.nominal, 'tankLitres', rule.tank_litres, \
                 'filledAt', rule.filled_at, 'delaySeconds', rule.delay_s, \
                 'clearDelaySeconds', rule.clear_delay_s, 'severity', rule.severity, \
                 'enabled', rule.enabled) AS entry \
             FROM alarm_rules rule JOIN sites site ON site.id = rule.site_id \
             LEFT JOIN energy_meters meter ON meter.id = rule.meter_id \
         ) rules ORDER BY entry ->> 'site', entry ->> 'kind', entry, id",
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(id, entry)| (RuleId(id), entry)).collect())
}

/// Removes rules. Their alarms are over at the present of their site and stay in the history.
pub async fn remove_rules(
    db: &mut PgConnection,
    rules: &[RuleId],
    present: impl Fn(SiteId) -> DateTime<Utc>,
) -> Result<(), Error> {
    for id in rules {
        let Some(rule) = crate::alarms::rules::lock(&mut *db, *id).await? else { continue };
        crate::alarms::clear_of(&mut *db, *id, present(rule.site)).await?;
        crate::alarms::rules::delete(&mut *db, *id).await?;
    }
    Ok(())
}
