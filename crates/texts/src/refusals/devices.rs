//! The form and the table of devices, and the settings of all protocols.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("\"{}\" is no true or false", "„{0}“ ist weder true noch false"),
    ("\"{}\" is neither true nor false", "„{0}“ ist weder true noch false"),
    (
        "{} has a column of its own: leave it out of {}",
        "{0} hat eine eigene Spalte: Lassen Sie es aus {1} weg",
    ),
    (
        "\"{}\" is none of grid, building, solar, zone, none",
        "„{0}“ ist keines von grid, building, solar, zone, none",
    ),
    ("\"{}\" is none of modbus, mqtt, http", "„{0}“ ist keines von modbus, mqtt, http"),
    (
        "\"{}\" is no power in kW above 0: write it as 250",
        "„{0}“ ist keine Leistung in kW über 0: Schreiben Sie sie als 250",
    ),
    ("\"{}\" is no number of degrees: 18.52", "„{0}“ ist keine Gradzahl wie 18.52"),
    (
        "\"{}\" is no whole number of milliseconds from {} to {}",
        "„{0}“ ist keine ganze Zahl von Millisekunden von {1} bis {2}",
    ),
    (
        "pollInterval is {}: give {} to {} milliseconds",
        "pollInterval ist {0}: Geben Sie {1} bis {2} Millisekunden an",
    ),
    (
        "\"{}\" is no address: give 0 to 65535, as on the wire",
        "„{0}“ ist keine Adresse: Geben Sie 0 bis 65535 an, wie auf der Leitung",
    ),
    ("\"{}\" is no number: write it as 0.01", "„{0}“ ist keine Zahl: Schreiben Sie sie als 0.01"),
    (
        "the meter {} has no device to change: add one",
        "der Zähler {0} hat kein Gerät zum Ändern: Legen Sie eines an",
    ),
    (
        "the meter {} has a device already: choose another number",
        "der Zähler {0} hat schon ein Gerät: Wählen Sie eine andere Nummer",
    ),
    ("the meter {} stands in the table twice", "der Zähler {0} steht zweimal in der Tabelle"),
    (
        "the meters above it go in a circle: leave one without a parent",
        "die Zähler darüber bilden einen Kreis: Lassen Sie einen ohne Zähler darüber",
    ),
    (
        "the table was applied already, or had to make room: send it again",
        "die Tabelle wurde schon angewandt oder musste anderen weichen: Senden Sie sie noch einmal",
    ),
    (
        "there is a character that is not UTF-8: save the table as CSV UTF-8",
        "ein Zeichen ist nicht UTF-8: Speichern Sie die Tabelle als CSV UTF-8",
    ),
    ("the table breaks off: {!}", "die Tabelle bricht ab: {0}"),
    (
        "the table has more than {} lines: send it in parts",
        "die Tabelle hat mehr als {0} Zeilen: Senden Sie sie in Teilen",
    ),
    ("there is no column \"{}\"; known are {}", "es gibt keine Spalte „{0}“; bekannt sind {1}"),
    ("the column {} stands there twice", "die Spalte {0} steht zweimal da"),
    (
        "the first line names no column {}: it says which meter is meant",
        "die erste Zeile nennt keine Spalte {0}: Sie sagt, welcher Zähler gemeint ist",
    ),
    (
        "the line has {} cells and the first line {}: a text with a comma needs quotation marks",
        "die Zeile hat {0} Zellen und die erste Zeile {1}: Ein Text mit Komma braucht Anführungszeichen",
    ),
    (
        "an address may not carry a password: send it as authToken or as an Authorization header",
        "eine Adresse darf kein Passwort enthalten: Senden Sie es als authToken oder im Header Authorization",
    ),
    (
        "what follows after ? is hidden in this {}: write it out",
        "was nach ? folgt, ist in {0} verborgen: Schreiben Sie es aus",
    ),
    ("a secret is sent as a text", "ein Geheimnis wird als Text gesendet"),
    (
        "a stored secret cannot be opened with this key: put back the secret.key (or WATTLENS_SECRET_KEY) it was stored with, or send the secret again",
        "ein gespeichertes Geheimnis lässt sich mit diesem Schlüssel nicht öffnen: Legen Sie den secret.key (oder WATTLENS_SECRET_KEY) zurück, mit dem es gespeichert wurde, oder senden Sie das Geheimnis noch einmal",
    ),
    (
        "a stored secret is not in a form this program knows: send the secret again",
        "ein gespeichertes Geheimnis hat keine Form, die dieses Programm kennt: Senden Sie das Geheimnis noch einmal",
    ),
    ("unknown profile {}: use one of {}", "unbekanntes Profil {0}: Verwenden Sie eines von {1}"),
    (
        "{} is a profile for {}, and this meter speaks {}: use one of {}",
        "{0} ist ein Profil für {1}, und dieser Zähler spricht {2}: Verwenden Sie eines von {3}",
    ),
    (
        "no profile {}: /api/profiles lists them all",
        "kein Profil {0}: /api/profiles führt sie alle auf",
    ),
    (
        "`{}` is not a value of a reading: use a name such as activePowerKw",
        "„{0}“ ist kein Wert einer Ablesung: Verwenden Sie einen Namen wie activePowerKw",
    ),
    (
        "scale is {}: it must be a number other than 0",
        "scale ist {0}: Es muss eine andere Zahl als 0 sein",
    ),
    ("{} must be a number other than 0", "{0} muss eine andere Zahl als 0 sein"),
    (
        "{} is {}: it must be a whole number from {} to {}",
        "{0} ist {1}: Es muss eine ganze Zahl von {2} bis {3} sein",
    ),
    ("`{}` is not a unit of {}: use {}", "„{0}“ ist keine Einheit von {1}: Verwenden Sie {2}"),
    (
        "`{}` is not a JSONPath, such as $.emeters[0].power: {!}",
        "„{0}“ ist kein JSONPath wie $.emeters[0].power: {1}",
    ),
    (
        "`{}` is not the place of one value: give at most {#} characters, brackets at most {#} deep, and one of `..`, `*` and `?` at most",
        "„{0}“ ist nicht der Ort eines einzelnen Werts: Geben Sie höchstens {1} Zeichen an, Klammern höchstens {2} tief und höchstens eines von `..`, `*` und `?`",
    ),
    ("`{}` is not a header that can be sent", "„{0}“ ist kein Header, der sich senden lässt"),
    (
        "`{}` is not an address: begin with http:// or https:// and a host",
        "„{0}“ ist keine Adresse: Beginnen Sie mit http:// oder https:// und einem Host",
    ),
    (
        "{} needs a path beside it, to the number it belongs to",
        "{0} braucht einen path daneben, zu der Zahl, zu der es gehört",
    ),
    ("`{}` is not a path: begin with /", "„{0}“ ist kein Pfad: Beginnen Sie mit /"),
];
