//! What anybody may enter wrongly, whatever it is about.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("entry.missing", "{name} fehlt: Füllen Sie das Feld aus"),
    ("entry.empty", "es ist leer: Geben Sie mindestens ein Zeichen ein"),
    ("entry.too_long", "das ist länger als {most} Zeichen: Kürzen Sie es"),
    ("entry.not_positive", "es muss größer als 0 sein"),
    ("entry.beyond_plants", "so viel hat keine Anlage: Geben Sie höchstens {#most} an"),
    ("entry.beyond_measure", "{name} liegt jenseits von 1e12, was kein Zähler anzeigt"),
    ("entry.no_number", "„{text}“ ist keine Zahl: Schreiben Sie sie als 48317,5"),
    ("entry.no_yes_or_no", "geben Sie true oder false an"),
];
