//! What is set of a meter. Each setting is declared here once, and every layer takes it from here.

mod structs;

use crate::entry::Entry;
use crate::message::Message;
use crate::meters::LONGEST_NAME;
use crate::meters::refusal::MeterRefusal;

/// The most that is taken of a figure.
const BILLION: &str = "1,000,000,000";
const TRILLION: &str = "1,000,000,000,000";

/// A setting of a meter, but for its name and type in Rust.
#[derive(Debug)]
pub struct Setting {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its column.
    pub column: &'static str,
    /// What it means, as the API explains it.
    pub help: &'static str,
    /// The unit of a number; words have none.
    pub unit: Option<&'static str>,
    /// The form of the page that it stands in.
    pub form: Option<Form>,
    /// The constraints of the database on it, by their names, and what each asks.
    pub checks: &'static [(&'static str, Check)],
}

impl Setting {
    /// Whether its value is a number.
    pub const fn is_number(&self) -> bool {
        self.unit.is_some()
    }
}

/// A form of the page of meters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// What is known of the meter itself.
    Meter,
    /// How its energy is counted.
    Counting,
}

/// What a setting is held to.
#[derive(Debug)]
pub enum Check {
    /// A text is not empty.
    Given,
    /// A text has so many characters at most.
    AtMost(usize),
    /// A figure is greater than 0.
    Positive,
    /// A figure is no greater than any plant has.
    Measurable(&'static str),
    /// Anything else.
    Other(MeterRefusal),
    /// No other meter of the site has the same; else it is a conflict of this code.
    Unique(&'static str, MeterRefusal),
}

impl Check {
    /// Says what the setting is not.
    pub fn refusal(&self) -> Message {
        match self {
            Self::Given => Entry::Empty.into(),
            Self::AtMost(most) => Entry::TooLong { most: *most }.into(),
            Self::Positive => Entry::NotPositive.into(),
            Self::Measurable(most) => Entry::BeyondPlants { most }.into(),
            Self::Other(refusal) | Self::Unique(_, refusal) => refusal.clone().into(),
        }
    }
}

/// A setting of which nothing is said beyond its help.
const PLAIN: Setting =
    Setting { name: "", column: "", help: "", unit: None, form: None, checks: &[] };

/// Calls a macro with what it is given and with the settings of a meter:
///
/// `name "jsonName" column (Type) ["help" ...] {...}`
///
/// Behind the help may stand another one for what is sent (`body "..."`) and for the document of the configuration
/// (`document "..."`), and `#[serde(default)]` where it may be left out. In braces stand fields of [`Setting`]. The
/// settings come in groups, since layers have fields of their own between them: errors name them in this order.
#[macro_export]
macro_rules! meter_settings {
    ($($layer:ident)::+! $($given:tt)*) => { $($layer)::+! { $($given)* [
        {
            number "meterNumber" meter_number (String)
                ["Its number, unique in the site." document "Its number."] {
                    form: Some(Form::Meter),
                    checks: &[
                        ("energy_meters_number_given", Check::Given),
                        (
                            "energy_meters_number_key",
                            Check::Unique("meter_number_taken", MeterRefusal::NumberTaken),
                        ),
                    ],
                }
        }
        {
            name "meterName" meter_name (String)
                ["Its name."] {
                    form: Some(Form::Meter),
                    checks: &[
                        ("energy_meters_name_given", Check::Given),
                        ("energy_meters_name_length", Check::AtMost(LONGEST_NAME)),
                    ],
                }
            meter_type "meterType" meter_type ($crate::meters::MeterType)
                [
                    "Its type."
                    body "Its type: a known one carries behaviour, any other is a plain load."
                ] {
                    form: Some(Form::Meter),
                    checks: &[("energy_meters_type_given", Check::Given)],
                }
        }
        {
            area "area" area (Option<String>)
                [
                    "A named group of meters: unit, hall, building."
                    document "A named group of meters."
                ] { form: Some(Form::Meter), }
            location "location" location (Option<String>)
                ["Where it hangs, in words."] { form: Some(Form::Meter), }
            load_role "loadRole" load_role ($crate::meters::LoadRole)
                [
                    "What it counts as in the load status."
                    body "What it counts as in the load status; none unless stated."
                    #[serde(default)]
                ] { form: Some(Form::Meter), }
            phase_type "phaseType" phase_type (Option<$crate::meters::PhaseType>)
                ["How it is connected."] { form: Some(Form::Counting), }
            channel_prefix "channelPrefix" channel_prefix (Option<String>)
                [
                    "What its channels begin with, unique in the site; null of a retired meter."
                    body "What its channels begin with, unique in the site: small letters, digits, and `.`, \
                          `_` and `-`\nbetween them. `grid` for the first Grid or grid-role meter, else its \
                          number in small letters,\nunless stated."
                    document "Begin of the names of its channels."
                ] {
                    form: Some(Form::Meter),
                    checks: &[
                        ("energy_meters_channel_prefix_given", Check::Given),
                        (
                            "energy_meters_channel_prefix_key",
                            Check::Unique("channel_prefix_taken", MeterRefusal::PrefixTaken),
                        ),
                    ],
                }
            rated_power_kw "ratedPowerKw" rated_power_kw (Option<f64>)
                ["Rated power in kW."] {
                    unit: Some("kW"),
                    form: Some(Form::Counting),
                    checks: &[
                        ("energy_meters_rated_power_range", Check::Positive),
                        ("energy_meters_rated_power_measurable", Check::Measurable(BILLION)),
                    ],
                }
            accuracy_class "accuracyClass" accuracy_class (Option<f64>)
                [
                    "Accuracy class in per cent; 1.0 is assumed where none is stated."
                    body "Accuracy class in per cent."
                    document "Accuracy class in per cent."
                ] {
                    unit: Some("%"),
                    form: Some(Form::Counting),
                    checks: &[
                        ("energy_meters_accuracy_range", Check::Other(MeterRefusal::Class)),
                    ],
                }
            register_modulus_kwh "registerModulusKwh" register_modulus_kwh (Option<f64>)
                ["Where the register wraps, in kWh."] {
                    unit: Some("kWh"),
                    form: Some(Form::Counting),
                    checks: &[
                        ("energy_meters_modulus_range", Check::Positive),
                        ("energy_meters_modulus_measurable", Check::Measurable(TRILLION)),
                    ],
                }
            register_step_kwh "registerStepKwh" register_step_kwh (Option<f64>)
                ["The smallest rise of the register, in kWh."] {
                    unit: Some("kWh"),
                    form: Some(Form::Counting),
                    checks: &[
                        ("energy_meters_step_range", Check::Positive),
                        ("energy_meters_step_measurable", Check::Measurable(TRILLION)),
                    ],
                }
            import_register "importRegister" import_register (Option<$crate::meters::ImportRegister>)
                [
                    "Which register holds its import."
                    body "Which register holds its import; the first one seen unless stated."
                ] { form: Some(Form::Counting), }
            diesel_register "dieselRegister" diesel_register ($crate::meters::DieselRegister)
                [
                    "How its fuel counter is read: each reading an increment, or a cumulative counter."
                    body "How its fuel counter is read; increment unless stated."
                    document "How its fuel counter is read."
                    #[serde(default)]
                ] { form: Some(Form::Counting), }
            latitude "latitude" latitude (Option<f64>)
                ["Degrees north."] {
                    unit: Some("°"),
                    checks: &[
                        ("energy_meters_latitude_range", Check::Other(MeterRefusal::North)),
                    ],
                }
            longitude "longitude" longitude (Option<f64>)
                ["Degrees east."] {
                    unit: Some("°"),
                    checks: &[
                        ("energy_meters_longitude_range", Check::Other(MeterRefusal::East)),
                    ],
                }
        }
        {
            installed_at "installedAt" installed_at (Option<chrono::DateTime<chrono::Utc>>)
                ["Since when it measures."] {}
        }
    ] } };
}

macro_rules! table {
    ([$({$(
        $name:ident $json:literal $column:ident ($type:ty) [$help:literal $($more:tt)*] {$($rest:tt)*}
    )*})*]) => {
        /// The settings of a meter.
        #[expect(clippy::needless_update, reason = "some settings state every field, most do not")]
        pub static SETTINGS: &[Setting] = &[$($(Setting {
            name: $json,
            column: stringify!($column),
            help: $help,
            $($rest)*
            ..PLAIN
        },)*)*];
    };
}

meter_settings!(table!);

/// The settings of a form, in the order of their declaration.
pub fn of_form(form: Form) -> impl Iterator<Item = &'static Setting> + Clone {
    SETTINGS.iter().filter(move |setting| setting.form == Some(form))
}

/// What a constraint of the database holds a meter to, and the setting that it is about.
pub fn check(constraint: &str) -> Option<(&'static Setting, &'static Check)> {
    SETTINGS.iter().find_map(|setting| {
        let (_, check) = setting.checks.iter().find(|(name, _)| *name == constraint)?;
        Some((setting, check))
    })
}
