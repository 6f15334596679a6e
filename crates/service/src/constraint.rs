//! What the named constraints and rules of the database mean to whoever broke one.

use domain::alarms::RecipientRefusal;
use domain::carbon::FactorStored;
use domain::losses::unmetered::LoadRefusal;
use domain::message::Message;
use domain::meters::NameError;

use crate::Error;

/// What is said of a figure beyond measure.
const BILLION: &str = "no plant has as much: give at most 1,000,000,000";
const TRILLION: &str = "no plant has as much: give at most 1,000,000,000,000";

fn invalid(field: &str, message: impl Into<Message>) -> Error {
    Error::invalid(field, message)
}

fn conflict(code: &'static str, field: &str, message: impl Into<Message>) -> Error {
    Error::Conflict { code, field: Some(field.into()), message: message.into() }
}

/// The refusal behind a constraint's name; none for one that only a fault of ours can break.
pub(crate) fn broken(name: &str) -> Option<Error> {
    let not_empty = "it is empty: give at least one character";
    let positive = "it must be greater than 0";
    let latitude = "degrees north lie between -90 and 90";
    let longitude = "degrees east lie between -180 and 180";
    let refusal = match name {
        "sites_slug_key" => conflict("slug_taken", "slug", "another site has this slug"),
        "sites_slug_form" => {
            invalid("slug", "use small letters, digits and single hyphens between them")
        }
        "sites_name_given" | "transformers_name_given" => invalid("name", not_empty),
        "sites_currency_form" => invalid("currency", "give its ISO 4217 code, such as EUR"),
        "sites_price_range" => invalid("pricePerKwh", "a price is not negative"),
        "sites_grid_capacity_range" => invalid("gridCapacityKw", "a capacity is not negative"),
        "sites_latitude_range" | "energy_meters_latitude_range" => invalid("latitude", latitude),
        "sites_longitude_range" | "energy_meters_longitude_range" => {
            invalid("longitude", longitude)
        }
        "sites_raw_days_range" => invalid("retention.rawDays", positive),
        "sites_hourly_days_range" => invalid("retention.hourlyDays", positive),
        "sites_daily_days_range" => invalid("retention.dailyDays", positive),
        "sites_grid_distance_range" => invalid("grid.distanceLimitM", positive),
        "transformers_city_given" => invalid("city", not_empty),
        "transformers_consumption_range" | "transformers_production_range" => conflict(
            "connected_below_zero",
            "connected_consumption_kW",
            "more would be taken from the transformer than is connected: correct its connected load first",
        ),
        "energy_meters_number_key" => conflict(
            "meter_number_taken",
            "meterNumber",
            "another meter of the site has this number",
        ),
        "energy_meters_channel_prefix_key" => conflict(
            "channel_prefix_taken",
            "channelPrefix",
            "another meter of the site has this prefix: choose another, or leave it out",
        ),
        "energy_meters_channel_prefix_given" => invalid("channelPrefix", not_empty),
        "energy_meters_number_given" => invalid("meterNumber", not_empty),
        "energy_meters_name_given" => invalid("meterName", NameError::Empty.to_string()),
        "energy_meters_name_length" => invalid("meterName", NameError::Long.to_string()),
        "energy_meters_type_given" => invalid("meterType", not_empty),
        "energy_meters_level_range" => invalid("level", "a level is 0 or more"),
        "energy_meters_rated_power_range" => invalid("ratedPowerKw", positive),
        "energy_meters_accuracy_range" => {
            invalid("accuracyClass", "a class is a percentage above 0 and at most 100")
        }
        "energy_meters_modulus_range" => invalid("registerModulusKwh", positive),
        "energy_meters_step_range" => invalid("registerStepKwh", positive),
        "emission_factors_version_key" => {
            conflict("factor_exists", "validFrom", FactorStored::Known)
        }
        "meter_exchanges_time_key" => conflict(
            "exchange_exists",
            "timestamp",
            "an exchange of the meter at that time counts already: undo it first",
        ),
        "meter_exchanges_reason_given" | "reading_corrections_reason_given" => {
            invalid("reason", not_empty)
        }
        "unmetered_loads_power_range" => invalid("powerKw", LoadRefusal::Negative),
        "unmetered_loads_pkey" => conflict("load_exists", "validFrom", LoadRefusal::Known),
        "p2p_trades_buyer_fk" | "p2p_trades_seller_fk" | "bills_meter_fk" => Error::Conflict {
            code: "meter_billed",
            field: None,
            message: "it takes part in trades or has bills, which are kept: retire it".into(),
        },
        "virtual_meters_input_fk" => Error::Conflict {
            code: "used_by_virtual_meter",
            field: None,
            message: "a virtual meter is computed from it; remove that one first".into(),
        },
        _ => return outside(name),
    };
    Some(refusal)
}

/// The same for what ties this program to others: brokers, loggers, who is told of alarms.
fn outside(name: &str) -> Option<Error> {
    let refusal = match name {
        "mqtt_brokers_name_form" => {
            invalid("name", "use small letters, digits and single hyphens between them, 64 at most")
        }
        "alarm_recipients_address_key" => {
            conflict("recipient_exists", "address", RecipientRefusal::Known)
        }
        "acquisuite_loggers_pkey" => conflict(
            "logger_exists",
            "serialNumber",
            "a logger with this serial number is there already: change that one",
        ),
        "acquisuite_devices_meter_key" => conflict(
            "meter_has_device",
            "serialNumber",
            "a meter with the number of one of its devices is fed by another logger: rename that meter",
        ),
        _ => return beyond_measure(name),
    };
    Some(refusal)
}

/// The same for figures that no plant has.
fn beyond_measure(name: &str) -> Option<Error> {
    let (field, most) = match name {
        "sites_grid_capacity_measurable" => ("gridCapacityKw", BILLION),
        "sites_grid_distance_measurable" => ("grid.distanceLimitM", BILLION),
        "energy_meters_rated_power_measurable" => ("ratedPowerKw", BILLION),
        "energy_meters_modulus_measurable" => ("registerModulusKwh", TRILLION),
        "energy_meters_step_measurable" => ("registerStepKwh", TRILLION),
        "unmetered_loads_power_measurable" => ("powerKw", BILLION),
        "emission_factors_value_measurable" => ("value", BILLION),
        "virtual_meters_factor_measurable" => ("terms", BILLION),
        "alarm_rules_nominal_measurable" => ("nominal", BILLION),
        "alarm_rules_tank_measurable" => ("tankLitres", BILLION),
        "alarm_rules_limits_measurable" => ("raise", TRILLION),
        _ => return None,
    };
    Some(Error::Invalid { code: "beyond_measure", field: Some(field.into()), message: most.into() })
}

/// The refusal behind a rule over several rows.
pub(crate) fn refused(code: &str, message: String) -> Option<Error> {
    let invalid = |code, field: &str, message| {
        Some(Error::Invalid { code, field: Some(field.into()), message })
    };
    match code {
        "parent_cycle" => invalid("parent_cycle", "parentMeterId", message.into()),
        "parent_other_site" => invalid("parent_other_site", "parentMeterId", message.into()),
        "parent_retired" => invalid("parent_retired", "parentMeterId", message.into()),
        "level_not_below_parent" => invalid("level_not_below_parent", "level", message.into()),
        "modulus_below_register" => {
            invalid("modulus_below_register", "registerModulusKwh", message.into())
        }
        "has_children" => {
            Some(Error::Conflict { code: "has_children", field: None, message: message.into() })
        }
        _ => None,
    }
}
