//! Sites.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "there is no simulated site: its clock was taken away",
        "es gibt keine simulierte Anlage: Ihre Uhr wurde entfernt",
    ),
    (
        "no time zone \"{}\": give an IANA name",
        "keine Zeitzone „{0}“: Geben Sie einen Namen der IANA an",
    ),
];
