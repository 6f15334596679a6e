//! Data loggers: their settings, and what became of their uploads.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "a serial number has 1 to 32 letters and digits, as on the logger's label",
        "eine Seriennummer hat 1 bis 32 Buchstaben und Ziffern, wie auf dem Schild des Datenloggers",
    ),
    (
        "\"{}\" is no device address: give a number from 1 to 999 without leading zeros",
        "„{0}“ ist keine Geräteadresse: Geben Sie eine Zahl von 1 bis 999 ohne führende Nullen an",
    ),
    (
        "expected a device address as a number or a text",
        "erwartet wird eine Geräteadresse als Zahl oder Text",
    ),
    (
        "\"{}\" is no value of a reading: name it as a channel, such as ActivePower, or as readings do, such as activePowerKw",
        "„{0}“ ist kein Wert einer Ablesung: Nennen Sie ihn als Kanal, etwa ActivePower, oder wie Ablesungen, etwa activePowerKw",
    ),
    (
        "{} is no point number: points count from 0 to 999",
        "{0} ist keine Nummer eines Punkts: Punkte zählen von 0 bis 999",
    ),
    (
        "LOGPERIOD is \"{}\": it must be a number of minutes from 1 to 60",
        "LOGPERIOD ist „{0}“: Es muss eine Zahl von Minuten von 1 bis 60 sein",
    ),
    ("a password has {} to {} characters", "ein Passwort hat {0} bis {1} Zeichen"),
    (
        "a logger with this serial number is there already: change that one",
        "einen Datenlogger mit dieser Seriennummer gibt es schon: Ändern Sie jenen",
    ),
    (
        "a meter with the number of one of its devices is fed by another logger: rename that meter",
        "ein Zähler mit der Nummer eines seiner Geräte gehört zu einem anderen Datenlogger: Benennen Sie jenen Zähler um",
    ),
    (
        "device {} stands for another of the three meters: name it once",
        "Gerät {0} steht schon für einen anderen der drei Zähler: Nennen Sie es einmal",
    ),
    ("no logger has this serial number", "kein Datenlogger hat diese Seriennummer"),
    ("the password is wrong", "das Passwort ist falsch"),
    (
        "no password is set here: enter the logger's",
        "hier ist kein Passwort gesetzt: Tragen Sie das des Datenloggers ein",
    ),
    ("it could not be stored: {!}", "es ließ sich nicht speichern: {0}"),
    ("say who you are: send SERIALNUMBER and PASSWORD", "SERIALNUMBER und PASSWORD fehlen"),
    (
        "too many failed uploads from this address: it may try again in 15 minutes",
        "zu viele gescheiterte Uploads von dieser Adresse: Sie darf es in 15 Minuten wieder versuchen",
    ),
    (
        "too many uploads at once: try again in a minute",
        "zu viele Uploads auf einmal: Versuchen Sie es in einer Minute noch einmal",
    ),
    (
        "the points of device {} are not known: let the logger upload its configuration files, or enter the columns in the logger's settings here, {\"{}\": {}} where nothing of it is taken",
        "die Punkte von Gerät {0} sind nicht bekannt: Lassen Sie den Datenlogger seine Konfigurationsdateien hochladen oder tragen Sie hier in seinen Einstellungen die Spalten ein, {\"{1}\": {2}}, wo nichts davon übernommen wird",
    ),
    (
        "device {} has more points than its list: let the logger upload its configuration files again, or enter the columns in the logger's settings here",
        "Gerät {0} hat mehr Punkte als seine Liste: Lassen Sie den Datenlogger seine Konfigurationsdateien noch einmal hochladen oder tragen Sie hier in seinen Einstellungen die Spalten ein",
    ),
    (
        "this server changes no logger: there is nothing to download",
        "dieser Server ändert keinen Datenlogger: Es gibt nichts herunterzuladen",
    ),
    (
        "the upload could not be stored here: keep the file and send it again later",
        "der Upload ließ sich hier nicht speichern: Behalten Sie die Datei und senden Sie sie später noch einmal",
    ),
    (
        "the serial number or the password is wrong: compare both with the settings here",
        "Seriennummer oder Passwort ist falsch: Vergleichen Sie beide mit den Einstellungen hier",
    ),
    ("the upload did not arrive in two minutes", "der Upload kam nicht binnen zwei Minuten an"),
    (
        "an upload is sent as multipart/form-data",
        "ein Upload wird als multipart/form-data gesendet",
    ),
    (
        "\"{}\" is no mode of upload: MODE says what an upload is for, such as LOGFILEUPLOAD",
        "„{0}“ ist keine Art von Upload: MODE sagt, wozu ein Upload dient, etwa LOGFILEUPLOAD",
    ),
    (
        "the field {} is longer than {} bytes or no text",
        "das Feld {0} ist länger als {1} Bytes oder kein Text",
    ),
    (
        "the upload brings no file: it belongs into the field {!}",
        "der Upload bringt keine Datei: Sie gehört in das Feld {0}",
    ),
    (
        "neither MODBUSDEVICE nor the file name says which device the file is of",
        "weder MODBUSDEVICE noch der Dateiname sagt, von welchem Gerät die Datei ist",
    ),
    (
        "the file does not fit its MD5CHECKSUM: it was damaged on its way, send it again",
        "die Datei passt nicht zu ihrer MD5CHECKSUM: Sie wurde unterwegs beschädigt, senden Sie sie noch einmal",
    ),
    (
        "the compressed file is damaged or ends early: send it again",
        "die komprimierte Datei ist beschädigt oder endet zu früh: Senden Sie sie noch einmal",
    ),
    ("the file has more than {} bytes once unpacked", "die Datei hat entpackt mehr als {0} Bytes"),
    ("the file has more than {} lines", "die Datei hat mehr als {0} Zeilen"),
    (
        "the file \"{}\" is no list of points that is asked for",
        "die Datei „{0}“ ist keine Liste von Punkten, nach der gefragt ist",
    ),
    ("the XML cannot be read: {!}", "das XML ist nicht lesbar: {0}"),
    ("it breaks off", "es bricht ab"),
    (
        "it does not begin with a time such as '2026-01-31 18:30:00'",
        "sie beginnt nicht mit einer Zeit wie '2026-01-31 18:30:00'",
    ),
    ("the second column is no error code", "die zweite Spalte ist kein Fehlercode"),
    ("a range alarm is no number such as 0x02", "ein Bereichsalarm ist keine Zahl wie 0x02"),
    ("point {} is no number", "Punkt {0} ist keine Zahl"),
    (
        "the number of a point is none: points count from 0",
        "die Nummer eines Punkts ist keine: Punkte zählen ab 0",
    ),
    (
        "it has more points than the device lists: its list of points may be an older one",
        "sie hat mehr Punkte, als das Gerät aufführt: Seine Liste der Punkte ist vielleicht eine ältere",
    ),
    ("no error", "kein Fehler"),
    ("the device does not know the function", "das Gerät kennt die Funktion nicht"),
    ("the device does not know the address", "das Gerät kennt die Adresse nicht"),
    ("the device refuses the value", "das Gerät lehnt den Wert ab"),
    (
        "the answer of the device has the wrong length",
        "die Antwort des Geräts hat die falsche Länge",
    ),
    ("the gateway does not reach the device", "das Gateway erreicht das Gerät nicht"),
    ("the device does not answer", "das Gerät antwortet nicht"),
    ("the answer of the device was damaged", "die Antwort des Geräts war beschädigt"),
    ("another device answered", "ein anderes Gerät antwortete"),
    ("another master is on the line", "ein anderer Master ist auf der Leitung"),
    (
        "only some of the device's answers were good",
        "nur einige der Antworten des Geräts waren gut",
    ),
    ("the device could not be read", "das Gerät ließ sich nicht lesen"),
    ("the logger started", "der Datenlogger startete"),
    ("the logger stopped", "der Datenlogger hielt an"),
    ("the logger's clock was set", "die Uhr des Datenloggers wurde gestellt"),
    ("the logger started again by itself", "der Datenlogger startete von selbst neu"),
    (
        "the logger found an entry that is damaged",
        "der Datenlogger fand einen beschädigten Eintrag",
    ),
    ("the device started again", "das Gerät startete neu"),
    ("the device is of another type than before", "das Gerät ist von anderer Art als zuvor"),
    (
        "the device has another serial number than before",
        "das Gerät hat eine andere Seriennummer als zuvor",
    ),
    ("the logger noted an event", "der Datenlogger vermerkte ein Ereignis"),
    ("device {}, line {}: {!}", "Gerät {0}, Zeile {1}: {2}"),
    ("device {}, code {}: {!}", "Gerät {0}, Code {1}: {2}"),
    ("device {}, {}: {!}", "Gerät {0}, {1}: {2}"),
    ("{!} (serial number {}, from {})", "{0} (Seriennummer {1}, von {2})"),
    ("{!} (from {})", "{0} (von {1})"),
    ("no form: {!}", "kein Formular: {0}"),
    ("more than {} parts", "mehr als {0} Teile"),
    (
        "the body is larger than {} bytes: send less at a time",
        "der Inhalt ist größer als {0} Bytes: Senden Sie weniger auf einmal",
    ),
    ("the body broke off", "der Inhalt brach ab"),
    ("no logger has the serial number {}", "kein Datenlogger hat die Seriennummer {0}"),
];
