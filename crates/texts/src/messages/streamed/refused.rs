//! Why a reading was refused, which a device may give as its reason.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("refused_reading.unknown_meter", "diesen Zähler gibt es nicht"),
    ("refused_reading.future", "die Zeit liegt in der Zukunft: Prüfen Sie die Uhr der Quelle"),
    ("refused_reading.too_early", "die Zeit liegt vor 1990: Prüfen Sie die Uhr der Quelle"),
    ("refused_reading.not_finite", "{field} ist keine endliche Zahl"),
    (
        "refused_reading.beyond_measure",
        "{field} liegt jenseits von {most}, was kein Zähler anzeigt",
    ),
    ("refused_reading.empty", "die Ablesung enthält keinen Wert"),
    (
        "refused_reading.not_storable",
        "die Datenbank nimmt die Ablesung nicht an: Das Protokoll des Servers nennt den Grund",
    ),
    (
        "refused_reading.frozen",
        "die Ablesungen dieser Zeit sind nicht mehr aufbewahrt, ihre Energie bleibt daher, wie sie ist",
    ),
];
