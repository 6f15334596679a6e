//! Settings of Modbus devices, and why one is not read.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "host is missing: give the gateway's name or address",
        "host fehlt: Geben Sie Name oder Adresse des Gateways an",
    ),
    (
        "host is empty: give the gateway's name or address",
        "host ist leer: Geben Sie Name oder Adresse des Gateways an",
    ),
    (
        "{} means nothing here: it belongs to transport rtu",
        "{0} bedeutet hier nichts: Es gehört zur Übertragung rtu",
    ),
    (
        "{} means nothing here: transport rtu has serialPort in its place",
        "{0} bedeutet hier nichts: Die Übertragung rtu hat stattdessen serialPort",
    ),
    (
        "serialPort is the path of the port, such as /dev/ttyUSB0",
        "serialPort ist der Pfad der Schnittstelle, etwa /dev/ttyUSB0",
    ),
    (
        "registers is empty: name at least one value to read",
        "registers ist leer: Nennen Sie mindestens einen Wert zum Lesen",
    ),
    (
        "maxRegisters is {}, but {} takes {} registers: a value is never read in pieces",
        "maxRegisters ist {0}, aber {1} belegt {2} Register: Ein Wert wird nie in Stücken gelesen",
    ),
    (
        "sunspec is {}: write true, or which of the unit's meters is meant, from 1",
        "sunspec ist {0}: Schreiben Sie true oder, ab 1 gezählt, welcher der Zähler gemeint ist",
    ),
    (
        "unknown register `{}`: use power, energy, energyHigh, voltage, current, powerFactor, frequency or a reading's field",
        "unbekanntes Register „{0}“: Verwenden Sie power, energy, energyHigh, voltage, current, powerFactor, frequency oder das Feld einer Ablesung",
    ),
    ("unknown register `{}`", "unbekanntes Register „{0}“"),
    (
        "{} is named twice: leave one of its registers out",
        "{0} ist zweimal genannt: Lassen Sie eines seiner Register weg",
    ),
    ("{} needs a register `{}` beside it", "{0} braucht ein Register „{1}“ daneben"),
    (
        "`{}` is an object: give its type and scale inside it, not {}",
        "„{0}“ ist ein Objekt: Geben Sie Art und Faktor darin an, nicht {1}",
    ),
    (
        "{} starts at {} and takes {} registers: that passes 65,535, the last one",
        "{0} beginnt bei {1} und belegt {2} Register: Das geht über 65.535, das letzte, hinaus",
    ),
    (
        "`{}` is not a raw value: write 0x and at most {} hex digits, or NaN",
        "„{0}“ ist kein Rohwert: Schreiben Sie 0x und höchstens {1} Hexadezimalziffern oder NaN",
    ),
    (
        "function is {}: use holding or 3, or input or 4",
        "function ist {0}: Verwenden Sie holding oder 3, input oder 4",
    ),
    (
        "`{}` is not a phase: use L1, L2 and L3",
        "„{0}“ ist keine Phase: Verwenden Sie L1, L2 und L3",
    ),
    (
        "{} holds the turned phase with the wrong sign and is corrected by {}: add its register, or leave {} out",
        "{0} enthält die gedrehte Phase mit falschem Vorzeichen und wird mit {1} korrigiert: Fügen Sie dessen Register hinzu oder lassen Sie {2} weg",
    ),
    ("toUnit {} comes before fromUnit {}", "toUnit {0} kommt vor fromUnit {1}"),
    ("{} is {}: units are {} to {}", "{0} ist {1}: Geräteadressen sind {2} bis {3}"),
    (
        "{} is not a serial port that may be opened: these are {}",
        "{0} ist keine serielle Schnittstelle, die geöffnet werden darf: Erlaubt sind {1}",
    ),
    (
        "it belongs to another request or unit",
        "sie gehört zu einer anderen Anfrage oder Geräteadresse",
    ),
    ("it belongs to another function", "sie gehört zu einer anderen Funktion"),
    ("it is no Modbus frame: {!}", "sie ist kein Modbus-Telegramm: {0}"),
    ("it is cut off", "sie ist abgeschnitten"),
    ("{} was not asked", "nach {0} wurde nicht gefragt"),
    ("{} registers where {} were asked for", "{0} Register statt der gefragten {1}"),
    ("Illegal function", "unzulässige Funktion"),
    ("Illegal data address", "unzulässige Registeradresse"),
    ("Illegal data value", "unzulässiger Wert"),
    ("Server device failure", "Fehler im Gerät"),
    ("Acknowledge", "angenommen, Antwort folgt später"),
    ("Server device busy", "das Gerät ist beschäftigt"),
    ("Memory parity error", "Paritätsfehler im Speicher"),
    ("Gateway path unavailable", "das Gateway hat keinen Weg dorthin"),
    ("Gateway target device failed to respond", "das Gerät hinter dem Gateway antwortet nicht"),
    ("Custom", "eigener Fehlercode des Geräts"),
    ("unit {} of {}: {!}", "Geräteadresse {0} an {1}: {2}"),
    ("registers from {}: {!}", "Register ab {0}: {1}"),
    (
        "{} registers from {} cannot be read: ask for 1 to {}, none above 65535",
        "{0} Register ab {1} lassen sich nicht lesen: Fragen Sie nach 1 bis {2}, keinem über 65535",
    ),
    ("{} is {}, which is not a decimal number", "{0} ist {1} und damit keine Dezimalzahl"),
    (
        "{} has the scale factor {}, which is not between -10 and 10",
        "{0} hat den Skalenfaktor {1}, der nicht zwischen -10 und 10 liegt",
    ),
    (
        "{} holds a turned phase whose value is not there to correct it",
        "{0} enthält eine gedrehte Phase, deren Wert zur Korrektur fehlt",
    ),
    (
        "it says that none of its values is available",
        "es meldet, dass keiner seiner Werte verfügbar ist",
    ),
    ("SunSpec model at {}: {!}", "SunSpec-Modell bei {0}: {1}"),
    ("it has no SunSpec meter", "es hat keinen SunSpec-Zähler"),
    ("it has {} SunSpec meters, not {}", "es hat {0} SunSpec-Zähler, nicht {1}"),
    ("its models are {}", "seine Modelle sind {0}"),
    (
        "there is no SunSpec marker at {}, {} or {}",
        "bei {0}, {1} und {2} steht keine SunSpec-Kennung",
    ),
];
