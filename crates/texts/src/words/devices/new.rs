//! Adding a device.

use crate::language::{Text, tell};

pub const TITLE: Text = Text("Add a meter", "Zähler anlegen");
pub const CHANGE_TITLE: Text =
    Text("Change how a meter is read", "Ändern, wie ein Zähler gelesen wird");
pub const DETAIL: Text = Text(
    "Only reads are sent; nothing is written to the device.",
    "Es wird nur gelesen; an das Gerät wird nichts geschrieben.",
);
pub const STEPS: [(Text, Text); 4] = [
    (Text("1 Device", "1 Gerät"), Text("profile or protocol", "Profil oder Protokoll")),
    (
        Text("2 Connection", "2 Verbindung"),
        Text("address and settings", "Adresse und Einstellungen"),
    ),
    (
        Text("3 Place in the plant", "3 Platz in der Anlage"),
        Text("name, part, parent", "Name, Rolle, darüber"),
    ),
    (Text("4 Save", "4 Speichern"), Text("after a trial read", "nach einem Leseversuch")),
];
pub const START_OVER: Text = Text("Start over", "Von vorn");
pub const BY_PROTOCOL: Text = Text("Any device", "Beliebiges Gerät");
pub const BY_PROTOCOL_HELP: Text = Text(
    "with your own list of registers, topics or fields",
    "mit Ihrer eigenen Liste von Registern, Themen oder Feldern",
);
pub const BY_PROFILE: Text = Text("A known device", "Ein bekanntes Gerät");
pub const BY_PROFILE_HELP: Text = Text(
    "its registers, topics and units are known",
    "seine Register, Themen und Einheiten sind bekannt",
);
pub const NO_PROFILES: Text = Text("No profile is known.", "Kein Profil ist bekannt.");
pub const MODELS: Text = Text("Models", "Modelle");
pub const PROTOCOL: Text = Text("Protocol", "Protokoll");
pub const CONNECTION: Text = Text("Connection", "Verbindung");
pub const OTHER: Text = Text("Other settings", "Weitere Einstellungen");
pub const REST: Text = Text("Settings without a field", "Einstellungen ohne Feld");
pub const REST_HELP: Text = Text(
    "such as a sum of registers, as a JSON object; no passwords here",
    "etwa eine Summe von Registern, als JSON-Objekt; keine Passwörter hier",
);
pub const SCAN: Text = Text("Search units", "Geräteadressen suchen");
pub const SCAN_HELP: Text = Text(
    "asks one unit after another, for eight seconds at most",
    "fragt eine nach der anderen, höchstens acht Sekunden lang",
);
pub const SCAN_FAILED: Text =
    Text("The line could not be searched", "Die Leitung konnte nicht abgesucht werden");
pub const SCAN_NONE: Text = Text("No unit answered.", "Keine Geräteadresse antwortete.");

pub fn unit(unit: u8) -> String {
    tell!("Unit {unit}", "Geräteadresse {unit}")
}

pub fn scan_on(next: u8) -> String {
    tell!("Go on from unit {next}", "Weiter ab Geräteadresse {next}")
}

pub const ANNOUNCED: Text =
    Text("See what the broker announces", "Ansehen, was der Broker ankündigt");
pub const ANNOUNCED_HELP: Text = Text(
    "devices that announce themselves as Home Assistant hears them; choosing one fills in \
     its name and topics",
    "Geräte, die sich so ankündigen, wie Home Assistant sie hört; die Wahl füllt Name und \
     Themen aus",
);
pub const ANNOUNCED_FAILED: Text =
    Text("The broker could not be heard", "Der Broker war nicht zu hören");
pub const ANNOUNCED_NONE: Text = Text(
    "No device announces itself below homeassistant/sensor/: switch that on in the device, \
     or type its topics.",
    "Kein Gerät kündigt sich unter homeassistant/sensor/ an: Schalten Sie das im Gerät ein \
     oder tippen Sie seine Themen.",
);

pub fn unusable(count: usize) -> String {
    match count {
        1 => tell!("1 announcement cannot be followed", "1 Ankündigung ist nicht verwendbar"),
        count => tell!(
            "{count} announcements cannot be followed",
            "{count} Ankündigungen sind nicht verwendbar"
        ),
    }
}

pub const METER: Text = Text("This meter", "Dieser Zähler");
pub const CHECK: Text = Text("Check", "Prüfen");
pub const CHECKED: Text = Text("All settings fit", "Alle Einstellungen passen");
pub const CHECKED_HELP: Text = Text(
    "Read the meter on trial before it is saved. A password is asked for when it is saved, \
     and kept out of this address: a meter that needs one is read on trial afterwards.",
    "Lesen Sie den Zähler zur Probe, bevor er gespeichert wird. Nach einem Passwort wird \
     erst beim Speichern gefragt, damit es nicht in dieser Adresse steht: Ein Zähler, der \
     eines braucht, wird danach zur Probe gelesen.",
);
pub const SAVE: Text = Text("Save", "Speichern");
pub const SAVE_ANYWAY: Text = Text("Save anyway", "Trotzdem speichern");
pub const READ_AGAIN: Text = Text("Read again", "Noch einmal lesen");

pub fn save_below(parent: &str) -> String {
    tell!("Save below {parent}", "Unter {parent} speichern")
}

pub const SAVES_CHECKED: Text = Text(
    "The settings that were checked are saved: after a change read again first.",
    "Gespeichert werden die geprüften Einstellungen: Lesen Sie nach einer Änderung erst noch einmal.",
);
pub const COUNTS: Text = Text(
    "It counts from now; the past is computed again only where another rated power judges it otherwise.",
    "Es gilt ab jetzt; Vergangenes wird nur neu berechnet, wo eine andere Nennleistung es anders beurteilt.",
);
pub const NO_PARENT: Text = Text("None: it stands by itself", "Keiner: er steht für sich");
pub const USUAL: Text = Text("usual", "üblich");

const NOTHING: Text = Text("", "");
const NONE: Text = Text("none", "keine");

/// An example, which is the same in every language.
const fn same(example: &'static str) -> Text {
    Text(example, example)
}

/// A field's label and what an empty one means.
pub fn field(name: &str) -> (Text, Text) {
    match name {
        "host" => (Text("Host", "Host"), same("192.168.1.150")),
        "port" => {
            (Text("Port", "Port"), Text("usual for the protocol", "üblich für das Protokoll"))
        }
        "unitId" => (Text("Unit", "Geräteadresse"), same("1")),
        "transport" => (Text("Transport", "Übertragung"), NOTHING),
        "serialPort" => (Text("Serial port", "Serielle Schnittstelle"), same("/dev/ttyUSB0")),
        "baudRate" => (Text("Baud rate", "Baudrate"), same("9600")),
        "parity" => (Text("Parity", "Parität"), NOTHING),
        "stopBits" => (Text("Stop bits", "Stoppbits"), same("1")),
        "url" => (Text("Address", "Adresse"), same("http://192.168.1.200/api/energy")),
        "path" => (Text("Path", "Pfad"), Text("of the profile", "des Profils")),
        "method" => (Text("Method", "Methode"), NOTHING),
        "broker" => (Text("Broker", "Broker"), Text("default", "Standard")),
        "tls" => (Text("TLS", "TLS"), NOTHING),
        "username" => (Text("User", "Benutzer"), NONE),
        "device" => {
            (Text("Device", "Gerät"), Text("its name in the topics", "sein Name in den Themen"))
        }
        "channel" => (Text("Channel", "Kanal"), same("0")),
        "topicPower" => {
            (Text("Topic of power", "Thema der Leistung"), same("building/energy/power"))
        }
        "topicEnergy" => {
            (Text("Topic of energy", "Thema der Energie"), same("building/energy/total"))
        }
        "topicVoltage" => (Text("Topic of voltage", "Thema der Spannung"), NONE),
        "topicCurrent" => (Text("Topic of current", "Thema des Stroms"), NONE),
        "topicPowerFactor" => (Text("Topic of power factor", "Thema des Leistungsfaktors"), NONE),
        "topicFrequency" => (Text("Topic of frequency", "Thema der Frequenz"), NONE),
        "topicStatus" => (Text("Topic of status", "Thema des Zustands"), NONE),
        "invert" => (Text("Turn signs", "Vorzeichen drehen"), NOTHING),
        "maxRegisters" => (
            Text("Registers in one answer at most", "Register in einer Antwort höchstens"),
            same("125"),
        ),
        "firstWait" => (
            Text("Wait before the first request, ms", "Warten vor der ersten Anfrage, ms"),
            Text("learned", "wird gelernt"),
        ),
        "strictTransactions" => {
            (Text("Transaction numbers must match", "Transaktionsnummern müssen passen"), NOTHING)
        }
        "sunspec" => (Text("Number of the SunSpec meter", "Nummer des SunSpec-Zählers"), NONE),
        "invertPhases" => {
            (Text("Phases whose sign is turned", "Phasen mit gedrehtem Vorzeichen"), same("L1, L3"))
        }
        "units.power" => (Text("Unit of topics of power", "Einheit der Leistung"), same("kW")),
        "units.energy" => (Text("Unit of topics of energy", "Einheit der Energie"), same("kWh")),
        "timePath" => (Text("Path of the time", "Pfad der Zeit"), same("$.timestamp")),
        "status.topic" => {
            (Text("Topic with other words of status", "Thema mit anderen Zustandswörtern"), NONE)
        }
        "status.path" => (Text("Path of the status", "Pfad des Zustands"), same("$.state")),
        "status.online" => (Text("Words for online", "Wörter für online"), same("online")),
        "status.offline" => (Text("Words for offline", "Wörter für offline"), same("offline")),
        "meterName" => (Text("Name", "Name"), same("Furnace 03")),
        "meterNumber" => (Text("Number", "Nummer"), Text("the next free one", "die nächste freie")),
        "parentMeterNumber" => (
            Text("Below", "Unter"),
            Text("number of the meter above it", "Nummer des Zählers darüber"),
        ),
        "meterType" => (Text("Type", "Art"), same("Machine")),
        "role" => (Text("Part in the load status", "Rolle im Lastzustand"), NOTHING),
        "ratedPowerKw" => (
            Text("Rated power, kW", "Nennleistung, kW"),
            Text("the most that it can measure", "das meiste, was er messen kann"),
        ),
        "latitude" => (Text("Degrees north", "Geografische Breite"), same("18.5204")),
        "longitude" => (Text("Degrees east", "Geografische Länge"), same("73.8567")),
        "pollInterval" => (
            Text("Poll interval, ms", "Abfrageintervall, ms"),
            Text("usual for the protocol", "üblich für das Protokoll"),
        ),
        "authToken" => (Text("Token", "Token"), NONE),
        "password" => (Text("Password", "Passwort"), NONE),
        _ => (Text("Setting", "Einstellung"), NOTHING),
    }
}

pub const KEPT: Text = Text(
    "Left empty, a stored one stays as long as the address does.",
    "Leer gelassen bleibt ein gespeichertes, solange die Adresse bleibt.",
);

#[cfg(test)]
mod tests {
    use domain::devices::settings::{OTHER_SETTINGS, SETTINGS};

    use super::*;

    #[test]
    fn every_setting_of_a_form_has_a_label() {
        let (unknown, _) = field("");
        let of_forms = SETTINGS.iter().filter(|setting| setting.form.is_some());
        let names = of_forms.map(|it| it.name).chain(OTHER_SETTINGS.iter().map(|it| it.name));
        let silent: Vec<_> = names.filter(|name| field(name).0.0 == unknown.0).collect();
        assert!(silent.is_empty(), "{silent:?} have no words");
    }
}
