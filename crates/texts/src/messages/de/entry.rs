//! What anybody may enter wrongly, whatever it is about.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("entered.empty", "es ist leer: Geben Sie mindestens ein Zeichen ein"),
    ("entered.too_long", "das ist länger als {most} Zeichen: Kürzen Sie es"),
    ("entered.not_positive", "es muss größer als 0 sein"),
    ("entered.beyond_plants", "so viel hat keine Anlage: Geben Sie höchstens {#most} an"),
    ("entered.beyond_measure", "{name} liegt jenseits von 1e12, was kein Zähler anzeigt"),
    ("entered.no_yes_or_no", "geben Sie true oder false an"),
];
