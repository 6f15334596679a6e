//! The document, entry by entry.

use chrono::{DateTime, NaiveDate, Utc};
use domain::bills::tariff::Terms;
use domain::carbon::FactorKind;
use domain::devices::Protocol;
use domain::meters::{MeterType, PlacedBy};
use domain::sites::{GridSettings, Retention, SiteKind};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

macro_rules! entries {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            $($(#[$of])* pub $field: $type,)*
        }
    )*};
}

mod beside;

pub(super) use beside::{
    AlarmRecipientEntry, AlarmRuleEntry, BrokerEntry, CorrectionEntry, ExchangeEntry, LoggerEntry,
    ReportScheduleEntry,
};

domain::meter_settings!(domain::with_meter_settings! document {
    /// A meter.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct MeterEntry
} [
    {
        /// Slug of its site.
        pub site: String,
    }
    {
        /// Its UUID.
        pub uuid: Uuid,
    }
    {
        /// Its level.
        pub level: i16,
        /// Number of the meter above it.
        pub parent: Option<String>,
        /// Whether it feeds its parent's bus instead of drawing from it.
        pub feeds_parent: bool,
    }
    {
        /// City.
        pub city: Option<String>,
        /// State.
        pub state: Option<String>,
        /// Postal code.
        pub pincode: Option<String>,
    }
] {
    /// Since when it does not any more.
    pub retired_at: Option<DateTime<Utc>>,
    /// Who said what it measures and where it hangs.
    #[serde(default)]
    pub placed_by: PlacedBy,
    /// Where it hung since when.
    pub placements: Vec<PlacementEntry>,
});

entries! {
    /// What people entered.
    Document {
        /// Version of this form.
        version: u32,
        /// Sites.
        #[serde(default)]
        sites: Vec<SiteEntry>,
        /// Meters, those above before those below.
        #[serde(default)]
        meters: Vec<MeterEntry>,
        /// Devices that meters are read through.
        #[serde(default)]
        devices: Vec<DeviceEntry>,
        /// Versions of tariffs.
        #[serde(default)]
        tariffs: Vec<TariffEntry>,
        /// Which meters have tariffs of their own.
        #[serde(default)]
        meter_tariffs: Vec<MeterTariffEntry>,
        /// Emission factors and specific fuel consumption.
        #[serde(default)]
        emission_factors: Vec<FactorEntry>,
        /// Terms of virtual meters.
        #[serde(default)]
        virtual_meters: Vec<VirtualMeterEntry>,
        /// Known loads that no meter sees.
        #[serde(default)]
        unmetered_loads: Vec<UnmeteredEntry>,
        /// MQTT brokers.
        #[serde(default)]
        brokers: Vec<BrokerEntry>,
        /// Data loggers.
        #[serde(default)]
        loggers: Vec<LoggerEntry>,
        /// Rules of alarms: all of its sites; without them the sites keep theirs.
        #[serde(skip_serializing_if = "Option::is_none")]
        alarm_rules: Option<Vec<AlarmRuleEntry>>,
        /// Who is told of alarms.
        #[serde(default)]
        alarm_recipients: Vec<AlarmRecipientEntry>,
        /// Who gets the monthly reports.
        #[serde(default)]
        report_schedules: Vec<ReportScheduleEntry>,
        /// Exchanges of meters that count.
        #[serde(default)]
        meter_exchanges: Vec<ExchangeEntry>,
        /// Corrections of readings that count.
        #[serde(default)]
        reading_corrections: Vec<CorrectionEntry>,
    }

    /// A site.
    SiteEntry {
        /// Short name in addresses.
        slug: String,
        /// Whether it is the site that meters belong to unless they say otherwise.
        is_default: bool,
        /// Name.
        name: String,
        /// Real or simulated.
        kind: SiteKind,
        /// IANA name of its time zone.
        time_zone: String,
        /// ISO 4217 code of its currency.
        currency: String,
        /// What a kWh costs where no tariff says so.
        price_per_kwh: Option<Decimal>,
        /// What the grid connection carries, in kW.
        grid_capacity_kw: Option<f64>,
        /// Degrees north.
        latitude: Option<f64>,
        /// Degrees east.
        longitude: Option<f64>,
        /// How long readings are kept.
        retention: Retention,
        /// How new connections to transformers are judged.
        #[serde(default)]
        grid: GridSettings,
    }

    /// Where a meter hung.
    PlacementEntry {
        /// Number of the meter above it.
        parent: Option<String>,
        /// Whether it fed its parent's bus.
        feeds_parent: bool,
        /// Whether it was known then what it is part of; without it, as it is now.
        #[serde(default)]
        placed: Option<bool>,
        /// Its type then; without it, as it is now.
        #[serde(default)]
        meter_type: Option<MeterType>,
        /// Since when; always without it.
        valid_from: Option<DateTime<Utc>>,
    }

    /// A device, without its secrets.
    DeviceEntry {
        /// Slug of the site.
        site: String,
        /// Number of the meter that it feeds.
        meter_number: String,
        /// How it is spoken to.
        protocol: Protocol,
        /// Milliseconds between two readings.
        poll_interval: u64,
        /// Settings of the protocol.
        communication: Value,
        /// Whether it is read at all.
        enabled: bool,
    }

    /// A version of a tariff.
    TariffEntry {
        /// Slug of the site.
        site: String,
        /// The name that its versions share.
        name: String,
        /// ISO 4217 code of its currency.
        currency: String,
        /// First day.
        valid_from: NaiveDate,
        /// First day after it.
        valid_to: Option<NaiveDate>,
        /// Whether meters without a tariff of their own are priced with it.
        is_default: bool,
        /// What it says.
        terms: Terms,
    }

    /// The tariff of a meter.
    MeterTariffEntry {
        /// Slug of the site.
        site: String,
        /// Number of the meter.
        meter_number: String,
        /// Name of the tariff.
        tariff: String,
        /// First day.
        valid_from: NaiveDate,
    }

    /// A version of a factor, in the unit of its kind.
    FactorEntry {
        /// Slug of the site.
        site: String,
        /// What it is for.
        kind: FactorKind,
        /// Number of the meter; the whole site without it.
        meter_number: Option<String>,
        /// Its value.
        value: f64,
        /// Where the value comes from.
        source: String,
        /// First day.
        valid_from: NaiveDate,
    }

    /// The terms of a virtual meter.
    VirtualMeterEntry {
        /// Slug of the site.
        site: String,
        /// Number of the meter.
        meter_number: String,
        /// What it is the sum of.
        terms: Vec<TermEntry>,
    }

    /// A term of a virtual meter.
    TermEntry {
        /// Number of the input.
        meter_number: String,
        /// What its import less its export is multiplied with.
        factor: f64,
        /// Since when; always without it.
        #[serde(skip_serializing_if = "Option::is_none")]
        valid_from: Option<DateTime<Utc>>,
        /// Up to when; still, without it.
        #[serde(skip_serializing_if = "Option::is_none")]
        valid_to: Option<DateTime<Utc>>,
    }

    /// A known load that no meter sees.
    UnmeteredEntry {
        /// Slug of the site.
        site: String,
        /// Number of the node.
        meter_number: String,
        /// Since when.
        valid_from: DateTime<Utc>,
        /// Its power in kW.
        power_kw: f64,
        /// What it is.
        reason: String,
    }
}
