//! What the named constraints and rules of the database mean to whoever broke one.

use domain::alarms::RecipientRefusal;
use domain::carbon::FactorStored;
use domain::devices::logger::refusal::LoggerRefusal;
use domain::devices::refusal::mqtt::BrokerRefusal;
use domain::entry::Entry;
use domain::grid::refusal::TransformerRefusal;
use domain::losses::unmetered::LoadRefusal;
use domain::message::Message;
use domain::meters::refusal::{ExchangeRefusal, MeterRefusal};
use domain::meters::settings::{self, Check};
use domain::people::refusal::AccountRefusal;
use domain::sites::refusal::SiteRefusal;

use crate::Error;

/// The most that is taken of a figure.
const BILLION: &str = "1,000,000,000";
const TRILLION: &str = "1,000,000,000,000";

fn invalid(field: &str, message: impl Into<Message>) -> Error {
    Error::invalid(field, message)
}

fn conflict(code: &'static str, field: &str, message: impl Into<Message>) -> Error {
    Error::conflict(code, message).at(field)
}

/// The refusal behind a constraint's name; none for one that only a fault of ours can break.
pub(crate) fn broken(name: &str) -> Option<Error> {
    let positive = Entry::NotPositive;
    let refusal = match name {
        "users_name_key" => conflict("name_taken", "name", AccountRefusal::NameTaken),
        "sites_slug_key" => conflict("slug_taken", "slug", SiteRefusal::SlugTaken),
        "sites_slug_form" => invalid("slug", SiteRefusal::Slug),
        "sites_name_given" | "transformers_name_given" => invalid("name", Entry::Empty),
        "sites_currency_form" => invalid("currency", SiteRefusal::Currency),
        "sites_price_range" => invalid("pricePerKwh", SiteRefusal::Price),
        "sites_grid_capacity_range" => invalid("gridCapacityKw", SiteRefusal::Capacity),
        "sites_latitude_range" => invalid("latitude", MeterRefusal::North),
        "sites_longitude_range" => invalid("longitude", MeterRefusal::East),
        "sites_raw_days_range" => invalid("retention.rawDays", positive),
        "sites_hourly_days_range" => invalid("retention.hourlyDays", positive),
        "sites_daily_days_range" => invalid("retention.dailyDays", positive),
        "sites_grid_distance_range" => invalid("grid.distanceLimitM", positive),
        "transformers_city_given" => invalid("city", Entry::Empty),
        "transformers_consumption_range" | "transformers_production_range" => conflict(
            "connected_below_zero",
            "connected_consumption_kW",
            TransformerRefusal::BelowZero,
        ),
        "energy_meters_level_range" => invalid("level", MeterRefusal::Level),
        "emission_factors_version_key" => {
            conflict("factor_exists", "validFrom", FactorStored::Known)
        }
        "meter_exchanges_time_key" => {
            conflict("exchange_exists", "timestamp", ExchangeRefusal::SameTime)
        }
        "meter_exchanges_reason_given" | "reading_corrections_reason_given" => {
            invalid("reason", Entry::Empty)
        }
        "unmetered_loads_power_range" => invalid("powerKw", LoadRefusal::Negative),
        "unmetered_loads_pkey" => conflict("load_exists", "validFrom", LoadRefusal::Known),
        "p2p_trades_buyer_fk" | "p2p_trades_seller_fk" | "bills_meter_fk" => Error::Conflict {
            code: "meter_billed",
            field: None,
            message: MeterRefusal::Billed.into(),
        },
        "virtual_meters_input_fk" => Error::Conflict {
            code: "used_by_virtual_meter",
            field: None,
            message: MeterRefusal::ComputedFrom.into(),
        },
        _ => return outside(name),
    };
    Some(refusal)
}

/// The same for what ties this program to others: brokers, loggers, who is told of alarms.
fn outside(name: &str) -> Option<Error> {
    let refusal = match name {
        "mqtt_brokers_name_form" => invalid("name", BrokerRefusal::Name),
        "alarm_recipients_address_key" => {
            conflict("recipient_exists", "address", RecipientRefusal::Known)
        }
        "acquisuite_loggers_pkey" => {
            conflict("logger_exists", "serialNumber", LoggerRefusal::SerialTaken)
        }
        "acquisuite_devices_meter_key" => {
            conflict("meter_has_device", "serialNumber", LoggerRefusal::NumberTaken)
        }
        _ => return setting(name).or_else(|| beyond_measure(name)),
    };
    Some(refusal)
}

/// The same for a setting of a meter.
fn setting(name: &str) -> Option<Error> {
    let (setting, check) = settings::check(name)?;
    let (field, message) = (Some(setting.name.to_owned()), check.refusal());
    Some(match check {
        Check::Unique(code, _) => Error::Conflict { code, field, message },
        Check::Measurable(_) => Error::Invalid { code: "beyond_measure", field, message },
        _ => Error::invalid(setting.name, message),
    })
}

/// The same for figures that no plant has.
fn beyond_measure(name: &str) -> Option<Error> {
    let (field, most) = match name {
        "sites_grid_capacity_measurable" => ("gridCapacityKw", BILLION),
        "sites_grid_distance_measurable" => ("grid.distanceLimitM", BILLION),
        "unmetered_loads_power_measurable" => ("powerKw", BILLION),
        "emission_factors_value_measurable" => ("value", BILLION),
        "virtual_meters_factor_measurable" => ("terms", BILLION),
        "alarm_rules_nominal_measurable" => ("nominal", BILLION),
        "alarm_rules_tank_measurable" => ("tankLitres", BILLION),
        "alarm_rules_limits_measurable" => ("raise", TRILLION),
        _ => return None,
    };
    let message = Entry::BeyondPlants { most }.into();
    Some(Error::Invalid { code: "beyond_measure", field: Some(field.into()), message })
}

/// The refusal behind a rule over several rows.
pub(crate) fn refused(code: &str, message: Message) -> Option<Error> {
    let (code, field) = match code {
        "parent_cycle" => ("parent_cycle", "parentMeterId"),
        "parent_other_site" => ("parent_other_site", "parentMeterId"),
        "parent_retired" => ("parent_retired", "parentMeterId"),
        "level_not_below_parent" => ("level_not_below_parent", "level"),
        "modulus_below_register" => ("modulus_below_register", "registerModulusKwh"),
        "has_children" => {
            return Some(Error::Conflict { code: "has_children", field: None, message });
        }
        _ => return None,
    };
    Some(Error::Invalid { code, field: Some(field.into()), message })
}
