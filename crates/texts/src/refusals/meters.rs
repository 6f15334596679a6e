//! Meters: their place in the tree, their settings, their exchanges and corrections.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "expected an id as a number, or a meter number or UUID as a text",
        "erwartet wird eine Id als Zahl oder eine Zählernummer oder UUID als Text",
    ),
    ("meter {} has no device: nothing reads it", "Zähler {0} hat kein Gerät: Nichts liest ihn ab"),
    (
        "there is no meter {}: give it a line, or create it first",
        "es gibt keinen Zähler {0}: Geben Sie ihm eine Zeile oder legen Sie ihn zuerst an",
    ),
    ("there is no meter {}", "es gibt keinen Zähler {0}"),
];
