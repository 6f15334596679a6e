//! Entries beside the plant: what readings come from, who is told of alarms, and what was put right.

use chrono::{DateTime, Utc};
use domain::alarms::{Direction, Kind, RecipientKind, Severity};
use domain::devices::logger::{ColumnMap, DeviceAddress, PointMeters, PointNumber, SerialNumber};
use domain::meters::ImportRegister;
use domain::readings::channel::Name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

entries! {
    /// An MQTT broker, without its password.
    BrokerEntry {
        /// The name by which meters choose it.
        name: String,
        /// Its address.
        url: String,
        /// Who connects.
        username: Option<String>,
        /// PEM of whom to trust to vouch for it.
        ca_certificate: Option<String>,
    }

    /// A data logger, without its password.
    LoggerEntry {
        /// Slug of its site.
        site: String,
        /// Its serial number.
        serial_number: SerialNumber,
        /// Device address of the meter of the grid connection.
        utility_meter_id: Option<DeviceAddress>,
        /// Device address of the meter of all load.
        load_meter_id: Option<DeviceAddress>,
        /// Device address of the meter of solar production.
        solar_meter_id: Option<DeviceAddress>,
        /// Number of the meter that is computed from two of the three.
        missing_meter: Option<String>,
        /// Which points hold which values, where it does not say so itself.
        #[serde(default)]
        columns: ColumnMap,
        /// The points that are meters of their own, and of which values.
        #[serde(default)]
        point_meters: PointMeters,
        /// Its devices, as far as they were heard of.
        #[serde(default)]
        devices: Vec<LoggerDeviceEntry>,
    }

    /// A device of a data logger.
    LoggerDeviceEntry {
        /// Its address.
        address: DeviceAddress,
        /// The point of it that is a meter of its own; none for all the others.
        #[serde(default)]
        point: Option<PointNumber>,
        /// Number of the meter that its readings go to.
        meter_number: String,
    }

    /// A rule of alarms.
    AlarmRuleEntry {
        /// Slug of its site.
        site: String,
        /// What it looks at.
        kind: Kind,
        /// Number of the meter it is for; every meter that has the figure without it.
        meter_number: Option<String>,
        /// The channel of a threshold.
        channel: Option<Name>,
        /// On which side of the limit the alarm is.
        direction: Option<Direction>,
        /// Beyond this it is raised.
        raise: Option<f64>,
        /// Within this it is cleared.
        clear: Option<f64>,
        /// V between phase and neutral, or Hz.
        nominal: Option<f64>,
        /// Litres in the tank when it was filled.
        tank_litres: Option<f64>,
        /// When it was filled.
        filled_at: Option<DateTime<Utc>>,
        /// Seconds beyond the limit before the alarm is raised.
        delay_seconds: u32,
        /// Seconds within the limit before it is cleared.
        clear_delay_seconds: u32,
        /// How grave its alarms are.
        severity: Severity,
        /// Whether it is watched.
        enabled: bool,
    }

    /// Who is told of alarms.
    AlarmRecipientEntry {
        /// Slug of the site.
        site: String,
        /// How it is told. Webhooks are taken in, and never written: their addresses can be as good as
        /// passwords.
        kind: RecipientKind,
        /// The mailbox, or the URL of the webhook.
        address: String,
        /// The least grave alarm it is told of.
        min_severity: Severity,
        /// Whether it is told at all.
        enabled: bool,
    }

    /// Who gets the monthly reports of a site. Of a site and the same mailboxes there is one.
    ReportScheduleEntry {
        /// Slug of the site.
        site: String,
        /// The mailboxes.
        addresses: Vec<String>,
        /// Day of the month after the one that is reported.
        day: i64,
        /// Hour of the site's clock.
        hour: i64,
        /// Language of the mail.
        language: String,
        /// Whether it is sent at all.
        enabled: bool,
    }

    /// An exchange of a meter.
    ExchangeEntry {
        /// Slug of the site.
        site: String,
        /// Number of the meter.
        meter_number: String,
        /// When it was replaced.
        timestamp: DateTime<Utc>,
        /// Where the old register stood at last, in kWh.
        old_final_kwh: f64,
        /// Where the new register began, in kWh.
        new_initial_kwh: f64,
        /// The column that both figures are of; absent: the one that import is taken from.
        #[serde(default)]
        import_register: Option<ImportRegister>,
        /// Why, in words.
        reason: String,
    }

    /// A correction of a value of a reading.
    CorrectionEntry {
        /// Slug of the site.
        site: String,
        /// Number of the meter.
        meter_number: String,
        /// When the reading was taken.
        timestamp: DateTime<Utc>,
        /// The value that is corrected, as column of the readings.
        field: String,
        /// What takes its place; struck out without it.
        value: Option<f64>,
        /// Why, in words.
        reason: String,
    }
}
