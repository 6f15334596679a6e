//! What meters report of themselves.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("the cover was opened", "die Abdeckung wurde geöffnet"),
    ("a magnetic field was found", "ein Magnetfeld wurde erkannt"),
    ("energy flows the wrong way", "die Energie fließt verkehrt herum"),
    ("its clock was set", "seine Uhr wurde gestellt"),
    ("its memory failed", "sein Speicher ist gestört"),
    ("its measuring failed", "seine Messung ist gestört"),
    ("its battery is low", "seine Batterie ist schwach"),
];
