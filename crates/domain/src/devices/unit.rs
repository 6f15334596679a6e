//! Units that devices state values in.

use super::refusal::ValueRefusal;
use crate::Field;

/// Units by the unit a field is stored in: how they are written, and how much of the stored unit one
/// of them is.
const UNITS: &[(&str, &[(&str, f64)])] = &[
    ("kW", &[("W", 1e-3), ("kW", 1.0), ("MW", 1e3)]),
    ("kvar", &[("var", 1e-3), ("kvar", 1.0), ("Mvar", 1e3)]),
    ("kVA", &[("VA", 1e-3), ("kVA", 1.0), ("MVA", 1e3)]),
    ("kWh", &[("Wh", 1e-3), ("kWh", 1.0), ("MWh", 1e3), ("Wmin", 1e-3 / 60.0)]),
    ("kvarh", &[("varh", 1e-3), ("kvarh", 1.0), ("Mvarh", 1e3)]),
    ("V", &[("mV", 1e-3), ("V", 1.0), ("kV", 1e3)]),
    ("A", &[("mA", 1e-3), ("A", 1.0), ("kA", 1e3)]),
    ("Hz", &[("mHz", 1e-3), ("Hz", 1.0)]),
    ("Hz/s", &[("mHz/s", 1e-3), ("Hz/s", 1.0)]),
    ("L", &[("mL", 1e-3), ("L", 1.0), ("m³", 1e3), ("m3", 1e3)]),
    ("h", &[("s", 1.0 / 3600.0), ("min", 1.0 / 60.0), ("h", 1.0)]),
    ("", &[("", 1.0), ("%", 1e-2)]),
];

/// Other words for them, in small letters.
const WORDS: &[(&str, &str)] = &[
    ("watt", "W"),
    ("watts", "W"),
    ("vars", "var"),
    ("kvars", "kvar"),
    ("volt", "V"),
    ("volts", "V"),
    ("amp", "A"),
    ("amps", "A"),
    ("ampere", "A"),
    ("amperes", "A"),
    ("hertz", "Hz"),
    ("pf", ""),
];

/// What a unit is that a device's own list of values has, however it is written there: the unit that
/// readings state it in, and how much of that one of it is.
pub fn written(text: &str) -> Option<(&'static str, f64)> {
    let text = text.trim();
    // Written exactly so these are thousandths; in other letters, as `mw`, they are taken for mega.
    if let "mW" | "mWh" = text {
        return written(&text[1..]).map(|(own, factor)| (own, factor / 1e3));
    }
    let word = text.to_ascii_lowercase();
    let text = WORDS.iter().find(|(known, _)| *known == word).map_or(text, |(_, unit)| unit);
    let all = || {
        UNITS.iter().flat_map(|(own, of)| of.iter().map(|(name, factor)| (*own, *name, *factor)))
    };
    let exact = all().find(|(_, name, _)| *name == text);
    // Of `mvar` and `mVA` nobody can tell which of the two is meant: they stay unknown.
    let either = |own: &str| milli(text) && matches!(own, "kvar" | "kVA" | "kvarh");
    let close = || {
        all().find(|(own, name, _)| name.eq_ignore_ascii_case(text) && !milli(name) && !either(own))
    };
    exact.or_else(close).map(|(own, _, factor)| (own, factor))
}

/// How much of a field's own unit one of `unit` is.
///
/// # Errors
/// The units that the field may be stated in.
pub(super) fn factor(field: Field, unit: &str) -> Result<f64, ValueRefusal> {
    let own = UNITS.iter().find(|(own, _)| *own == field.unit()).map_or(&[][..], |(_, of)| of);
    let wanted = unit.trim();
    let named = |name: &str| name.eq_ignore_ascii_case(wanted);
    // MW and mW differ by a billion: capitals count where both are known.
    let exact = own.iter().find(|(name, _)| *name == wanted);
    let known =
        exact.or_else(|| own.iter().find(|(name, _)| named(name)).filter(|_| !milli(wanted)));
    known.map(|(_, factor)| *factor).ok_or_else(|| {
        let usable: Vec<_> =
            own.iter().map(|(name, _)| *name).filter(|name| !name.is_empty()).collect();
        let (unit, usable) = (unit.to_owned(), usable.join(", "));
        ValueRefusal::Unit { unit, field: field.json(), usable }
    })
}

/// The unit of a field that is this much of its own.
pub(super) fn name(field: Field, factor: f64) -> Option<&'static str> {
    let (_, own) = UNITS.iter().find(|(own, _)| *own == field.unit())?;
    let same = |of: f64| (of - factor).abs() <= 1e-6 * of;
    own.iter().find(|(_, of)| same(*of)).map(|(name, _)| *name)
}

/// Whether a unit begins with the sign for a thousandth.
fn milli(unit: &str) -> bool {
    unit.len() > 1 && unit.starts_with('m') && unit != "min"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_knows_its_own_unit() {
        for &field in Field::ALL {
            assert_eq!(factor(field, field.unit()), Ok(1.0), "{}", field.json());
        }
    }

    #[test]
    fn a_list_of_values_writes_units_as_it_likes() {
        for (text, own, factor) in [
            (" Volts", "V", 1.0),
            ("KWH", "kWh", 1.0),
            ("mwh", "kWh", 1e3),
            ("mWh", "kWh", 1e-6),
            ("VARs", "kvar", 1e-3),
            ("MVAR", "kvar", 1e3),
            ("Mva", "kVA", 1e3),
            ("%", "", 1e-2),
            ("", "", 1.0),
        ] {
            let (found, is) = written(text).unwrap();
            assert_eq!(found, own, "{text}");
            assert!((is / factor - 1.0).abs() < 1e-12, "{text}: {is}");
        }
        for unknown in ["mv", "mvar", "mVAr", "mVA", "mva", "mvarh", "gallons", "degC"] {
            assert_eq!(written(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_unit_is_taken_however_it_is_written_but_never_for_another() {
        let power = |unit| factor(Field::ActivePowerKw, unit);
        assert_eq!((power("W"), power("w"), power("KW")), (Ok(1e-3), Ok(1e-3), Ok(1.0)));
        assert_eq!(power("MW"), Ok(1e3));
        assert!(power("mW").is_err());
        assert!(power("kWh").unwrap_err().to_string().contains("W, kW, MW"));
        let minute = factor(Field::TotalEnergyKwh, "Wmin").unwrap();
        assert!((minute * 60_000.0 - 1.0).abs() < 1e-12);
        assert_eq!(factor(Field::VoltageL1, "mV"), Ok(1e-3));
    }
}
