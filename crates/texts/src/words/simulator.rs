//! The simulated world.

use domain::simulation::PausedBecause;

use crate::language::{Text, tell};

pub use crate::words::labels::{
    CONSUMER, KIND, METER, METER_NUMBER, NAME, PROSUMER, REMOVE, SOURCE, STATE, TIME, TYPE, UNIT,
    WHAT,
};

pub const TITLE: Text = Text("Simulator", "Simulator");
pub const GO: Text = Text("Go on", "Weiter");
pub const PAUSE: Text = Text("Pause", "Anhalten");
pub const SPEED: Text = Text("Speed", "Tempo");
pub const SET: Text = Text("Set", "Setzen");
pub const JUMP: Text = Text("Jump forward to", "Vorspringen auf");
pub const JUMP_GO: Text = Text("Jump", "Springen");
pub const RECORD: Text = Text("Record", "Aufzeichnung");
pub const REAL_TIME: Text = Text("real time", "Echtzeit");

pub fn hours_a_minute(hours: &str) -> String {
    tell!("{hours} h a minute", "{hours} h je Minute")
}

pub const ONE_DAY_A_MINUTE: Text = Text("1 day a minute", "1 Tag je Minute");

pub fn days_a_minute(days: &str) -> String {
    tell!("{days} days a minute", "{days} Tage je Minute")
}

pub fn minutes(minutes: u32) -> String {
    format!("{minutes} min")
}

pub fn runs(speed: &str) -> String {
    tell!("The world's clock runs, {speed}.", "Die simulierte Uhr läuft, {speed}.")
}

pub const fn paused(why: PausedBecause) -> Text {
    match why {
        PausedBecause::Asked => Text(
            "Paused: someone stopped the clock. Nothing is recorded until it goes on.",
            "Angehalten: Jemand hat die Uhr gestoppt. Bis sie weiterläuft, wird nichts \
             aufgezeichnet.",
        ),
        PausedBecause::Unwatched => Text(
            "Paused: nobody looked for a while. It goes on now that someone does.",
            "Angehalten: Eine Weile sah niemand zu. Jetzt, da jemand zusieht, geht es weiter.",
        ),
    }
}

pub const METERS: Text = Text("Meters of the world", "Zähler der Simulation");

pub fn count(meters: usize) -> String {
    if meters == 1 {
        tell!(
            "1 meter; newest record, what it makes below zero",
            "1 Zähler; neueste Aufzeichnung, Erzeugung unter null"
        )
    } else {
        tell!(
            "{meters} meters; newest record, what they make below zero",
            "{meters} Zähler; neueste Aufzeichnung, Erzeugung unter null"
        )
    }
}

pub const CHOOSE_ONE: Text = Text(
    "Choose a meter to see its waveform and to change it.",
    "Wählen Sie einen Zähler, um seinen Verlauf zu sehen und ihn zu ändern.",
);
pub const EMPTY: Text = Text("The world is empty", "Die Simulation ist leer");
pub const EMPTY_HELP: Text = Text(
    "Create a resource, a meter, and link them: then its readings begin.",
    "Legen Sie einen Kunden und einen Zähler an und verbinden Sie beide: Dann beginnen die \
     Ablesungen.",
);
pub const FACTORS: Text = Text(
    "Factor K of consumption, and of production where it differs",
    "Faktor K des Verbrauchs, und der Erzeugung, wo er abweicht",
);
pub const STATUS: Text = Text("Status", "Status");
pub const PARENT: Text = Text("sum", "Summe");
pub const NOT_LINKED: Text = Text("not linked", "nicht verbunden");
pub const ON: Text = Text("ON", "EIN");
pub const OFF: Text = Text("OFF", "AUS");

pub const SUM_OF_CHILDREN: Text =
    Text("shows the sum of the meters below it", "zeigt die Summe der Zähler darunter");
pub const NOT_LINKED_HELP: Text = Text(
    "no resource is linked to it, so it records nothing",
    "kein Kunde ist mit ihm verbunden, daher zeichnet er nichts auf",
);

pub fn resource(name: &str, kind: &str) -> String {
    format!("{name}, {kind}")
}

pub const RECORDS: Text = Text("Records", "Aufzeichnungen");
pub const WAVE: Text = Text("Waveform", "Verlauf");
pub const NO_RECORDS: Text = Text(
    "No record yet. It comes with the next step of the world's clock.",
    "Noch keine Aufzeichnung. Sie kommt mit dem nächsten Schritt der simulierten Uhr.",
);
pub const USED_KWH: Text = Text("Consumption kWh", "Verbrauch kWh");
pub const MADE_KWH: Text = Text("Production kWh", "Erzeugung kWh");

pub fn newest(used: &str) -> String {
    tell!("kW; now uses {used} kW", "kW; verbraucht jetzt {used} kW")
}

pub fn newest_both(used: &str, made: &str) -> String {
    tell!(
        "kW; now uses {used} kW, makes {made} kW",
        "kW; verbraucht jetzt {used} kW, erzeugt {made} kW"
    )
}

pub fn wave_label(meter: &str, count: usize) -> String {
    tell!(
        "Power of {meter} over its newest {count} records: used as a line, made as an area",
        "Leistung von {meter} in den neuesten {count} Aufzeichnungen: Verbrauch als Linie, \
         Erzeugung als Fläche"
    )
}

pub const FACTOR: Text = Text("Factor K", "Faktor K");
pub const FACTOR_NOTE: Text = Text(
    "0 switches off, 1 is as it is, up to 1,000",
    "0 schaltet ab, 1 lässt es, wie es ist, bis 1.000",
);
pub const K_CONSUMPTION: Text = Text("K of consumption", "K des Verbrauchs");
pub const K_PRODUCTION: Text = Text("K of production", "K der Erzeugung");
pub const APPLIANCES: Text = Text("Appliances", "Verbraucher");
pub const APPLIANCES_NOTE: Text =
    Text("with their own K, on top of the meter's", "mit eigenem K, zusätzlich zu dem des Zählers");
pub const NO_APPLIANCES: Text = Text("None: it draws nothing.", "Keine: Er bezieht nichts.");
pub const MAKES_NOTE: Text = Text(" at full sun", " bei voller Sonne");
pub const IDLE_NOTE: Text =
    Text(", idle: the household is a consumer", ", ungenutzt: Der Haushalt ist ein Verbraucher");
pub const ADD: Text = Text("Add an appliance", "Verbraucher hinzufügen");
pub const ADD_GO: Text = Text("Add", "Anlegen");
pub const REPLACE: Text = Text("Replace all appliances", "Alle Verbraucher ersetzen");
pub const APPLIANCE_LIST: Text =
    Text("Appliances, separated by commas", "Verbraucher, durch Kommas getrennt");
pub const REPLACE_GO: Text = Text("Replace", "Ersetzen");
pub const SET_K: Text = Text("Set K", "K setzen");

pub fn k_of(appliance: &str) -> String {
    tell!("K of {appliance}", "K von {appliance}")
}

pub fn remove(appliance: &str) -> String {
    tell!("Remove {appliance}", "{appliance} entfernen")
}

pub const SPIKE: Text = Text("Spike", "Spitze");
pub const SPIKE_NOTE: Text =
    Text("a sudden load, or a new source", "eine plötzliche Last oder eine neue Quelle");
pub const LOAD: Text = Text("Load", "Last");
pub const SIZE: Text = Text("Size", "Größe");
pub const TIMES: Text = Text("times", "fach");
pub const FOR_MINUTES: Text = Text("Minutes", "Minuten");
pub const SPIKE_GO: Text = Text("Add the spike", "Spitze hinzufügen");

pub const REPORT: Text = Text("Report", "Meldung");
pub const REPORT_NOTE: Text = Text(
    "an error or a tamper alert; the registers go on",
    "ein Fehler oder eine Manipulation; die Zählwerke laufen weiter",
);
pub const REPORT_GO: Text = Text("Let the meter report it", "Zähler melden lassen");

pub fn span(from: &str, to: &str) -> String {
    tell!("{from} to {to}", "{from} bis {to}")
}

pub const CONTROL: Text = Text("Control many", "Viele steuern");
pub const CONTROL_HELP: Text = Text(
    "Sets K of all meters that match every choice; of an appliance, only that appliance's own \
     K.",
    "Setzt K aller Zähler, auf die jede Wahl zutrifft; bei einem Verbraucher nur dessen eigenes \
     K.",
);
pub const BELOW: Text = Text("Below", "Unter");
pub const ANY: Text = Text("any", "beliebig");
pub const PINCODE: Text = Text("Pincode", "Postleitzahl");
pub const ONLY_APPLIANCE: Text = Text("Appliance", "Verbraucher");
pub const WHOLE_METER: Text = Text("the whole meter", "der ganze Zähler");
pub const FACTOR_FIELD: Text = Text("Factor K", "Faktor K");
pub const SIDE: Text = Text("Side", "Seite");
pub const BOTH: Text = Text("both", "beide");
pub const CONSUMPTION: Text = Text("consumption", "Verbrauch");
pub const PRODUCTION: Text = Text("production", "Erzeugung");
pub const CONTROL_GO: Text = Text("Set K of all", "K aller setzen");

pub const NEW_RESOURCE: Text = Text("New resource", "Neuer Kunde");
pub const CREATE: Text = Text("Create", "Anlegen");

pub fn catalogue(names: &str) -> String {
    tell!("Known: {names}.", "Bekannt: {names}.")
}

pub const NEW_METER: Text = Text("New meter", "Neuer Zähler");
pub const PARENT_METER: Text = Text("Below the meter", "Unter dem Zähler");
pub const NO_PARENT: Text = Text("none", "keine");
pub const CITY: Text = Text("City", "Ort");
pub const LATITUDE: Text = Text("Latitude", "Breite");
pub const LONGITUDE: Text = Text("Longitude", "Länge");

pub const LINK: Text =
    Text("Link a meter to a resource", "Einen Zähler mit einem Kunden verbinden");
pub const LINK_HELP: Text = Text(
    "Its readings begin with the next record.",
    "Seine Ablesungen beginnen mit der nächsten Aufzeichnung.",
);
pub const RESOURCE: Text = Text("Resource", "Kunde");
pub const CHOOSE: Text = Text("choose", "wählen");
pub const LINK_GO: Text = Text("Link", "Verbinden");

pub mod done {
    //! What was done.
    use crate::language::{Text, tell};

    pub const CLOCK: Text = Text("The world's clock is set.", "Die simulierte Uhr ist gestellt.");
    pub const APPLIANCES: Text = Text(
        "Its appliances are changed; the next record shows it.",
        "Die Verbraucher sind geändert; die nächste Aufzeichnung zeigt es.",
    );
    pub const SPIKED: Text = Text(
        "The spike is on; the next record shows it.",
        "Die Spitze ist da; die nächste Aufzeichnung zeigt es.",
    );
    pub const REPORTED: Text = Text(
        "The meter reports it; the next record carries it.",
        "Der Zähler meldet es; die nächste Aufzeichnung enthält es.",
    );
    pub const RESOURCE: Text = Text(
        "The resource is created; link a meter to it.",
        "Der Kunde ist angelegt; verbinden Sie ihn mit einem Zähler.",
    );
    pub const METER: Text = Text(
        "The meter is created; link it to a resource.",
        "Der Zähler ist angelegt; verbinden Sie ihn mit einem Kunden.",
    );
    pub const LINKED: Text = Text(
        "Linked: its readings begin with the next record.",
        "Verbunden: Seine Ablesungen beginnen mit der nächsten Aufzeichnung.",
    );

    pub fn controlled(count: usize) -> String {
        match count {
            1 => tell!(
                "K of one meter is set; the next record shows it.",
                "K eines Zählers ist gesetzt; die nächste Aufzeichnung zeigt es."
            ),
            _ => tell!(
                "K of {count} meters is set; the next record shows it.",
                "K von {count} Zählern ist gesetzt; die nächste Aufzeichnung zeigt es."
            ),
        }
    }

    pub fn switched(status: &str) -> String {
        tell!("It is {status} now.", "Er ist jetzt {status}.")
    }
}
