//! Words of the first steps.

use crate::language::{Text, tell};

pub use super::frame::EMPTY_SQL as BY_SQL;

pub const TITLE: Text = Text("First steps", "Erste Schritte");

pub fn headline(done: usize, all: usize) -> String {
    match done {
        0 => tell!("From nothing to the first loss figure", "Von null zum ersten Verlustwert"),
        done if done == all => {
            tell!("The first loss figure is there", "Der erste Verlustwert liegt vor")
        }
        _ => {
            tell!("First steps: {done} of {all} done", "Erste Schritte: {done} von {all} erledigt")
        }
    }
}

pub const DETAIL: Text = Text(
    "Two meters are enough: one that reads what comes into the site, and one below it. The page follows by itself.",
    "Zwei Zähler genügen: einer, der misst, was in der Anlage ankommt, und einer darunter. Die Seite aktualisiert sich selbst.",
);
pub const LOOK_AGAIN: Text = Text("Look again", "Erneut ansehen");

pub const NAME_IT: Text = Text("Name the site", "Anlage benennen");
pub const NAME_WHY: Text = Text(
    "The time zone says when a day begins, the price what a loss costs.",
    "Die Zeitzone legt fest, wann ein Tag beginnt, der Preis, was ein Verlust kostet.",
);
pub const CHANGE: Text = Text("Change", "Ändern");

pub fn named(name: &str, zone: &str, price: Option<&str>) -> String {
    match price {
        Some(price) => tell!("{name}, {zone}, {price} per kWh", "{name}, {zone}, {price} je kWh"),
        None => {
            tell!("{name}, {zone}, no price per kWh yet", "{name}, {zone}, noch kein Preis je kWh")
        }
    }
}

pub const ADD_MAIN: Text =
    Text("Add the meter at the grid entry", "Zähler am Netzanschluss anlegen");
pub const ADD_MAIN_WHY: Text = Text(
    "It reads everything that comes in. The form tries it before anything is saved, and only ever reads.",
    "Er misst alles, was ankommt. Das Formular liest ihn vor dem Speichern zur Probe; es wird nur gelesen.",
);
pub const ADD_MAIN_NOW: Text = Text("Add the main meter", "Hauptzähler anlegen");
pub const MAIN_NAME: Text = Text("Main meter", "Hauptzähler");
pub const IMPORT: Text = Text("Import a table", "Tabelle importieren");

pub const ADD_BELOW: Text = Text("Add a meter below it", "Zähler darunter anlegen");
pub const ADD_BELOW_WHY: Text = Text(
    "A building, a hall or a machine behind the main meter. What passes the main meter and no meter below it shows as loss, so that a load without a meter counts in it.",
    "Ein Gebäude, eine Halle oder eine Maschine hinter dem Hauptzähler. Was der Hauptzähler misst und kein Zähler darunter, gilt als Verlust; eine Last ohne Zähler zählt also mit.",
);
pub fn add_below(main: &str) -> String {
    tell!("Add a meter below {main}", "Zähler unter {main} anlegen")
}

pub const FIRST: Text = Text("First loss figure", "Erster Verlustwert");

pub const NEVER_READ: Text = Text(
    "not read yet; the first reading shows here",
    "noch nicht gelesen; der erste Wert erscheint hier",
);

pub fn not_read(reason: &str) -> String {
    tell!("not read: {reason}", "nicht gelesen: {reason}")
}

pub fn read(age: &str) -> String {
    tell!("read {age} ago", "vor {age} gelesen")
}

pub const DEVICE: Text = Text("Its device", "Gerät");
pub const WITHOUT_DEVICE: Text = Text(
    "Nothing reads it: a program posts its readings, or SQL writes them.",
    "Kein Gerät: Ein Programm sendet die Werte, oder SQL schreibt sie.",
);

pub const NO_METERS: Text = Text(
    "It shows a minute after both meters are read, with how wrong it may be, and settles within a quarter-hour.",
    "Er erscheint eine Minute, nachdem beide Zähler gelesen wurden, mit seinem Messfehler, und steht nach einer Viertelstunde fest.",
);

pub fn soon(seconds: i64) -> String {
    tell!(
        "Both meters are read. The first figure needs {seconds} s more.",
        "Beide Zähler werden gelesen. Der erste Wert braucht noch {seconds} s."
    )
}

pub fn held(names: &str) -> String {
    tell!(
        "No figure yet: {names} is silent, or its register has not moved yet.",
        "Noch kein Wert: {names} ist stumm, oder das Zählwerk steht noch still."
    )
}

pub fn early_lost(kwh: &str, percent: Option<&str>) -> String {
    let share = share(percent);
    tell!("Early: {kwh} kWh lost{share}", "Vorläufig: {kwh} kWh Verlust{share}")
}

fn share(percent: Option<&str>) -> String {
    let of = |percent: &str| tell!(", {percent} % of input", ", {percent} % des Bezugs");
    percent.map(of).unwrap_or_default()
}

pub fn early_within(kwh: &str) -> String {
    tell!(
        "Early: {kwh} kWh between them, which is within error",
        "Vorläufig: {kwh} kWh Unterschied, innerhalb des Messfehlers"
    )
}

pub fn early_negative(kwh: &str) -> String {
    tell!(
        "Early: {kwh} kWh more measured below than above",
        "Vorläufig: {kwh} kWh mehr unten als oben gemessen"
    )
}

pub const NEGATIVE: Text = Text(
    "Check which meter stands above which, and the sign and scale of each.",
    "Prüfen Sie, welcher Zähler über welchem liegt, sowie Vorzeichen und Faktor.",
);

pub fn early_terms(above: &str, below: &str, error: &str) -> String {
    tell!(
        "{above} kWh in, {below} kWh out, error ± {error} kWh.",
        "{above} kWh Bezug, {below} kWh Abgabe, Messfehler ± {error} kWh."
    )
}

pub fn early_from(lasted: &str, left: &str) -> String {
    tell!(
        "It rests on the {lasted} that both meters were read; the error shrinks as they go on. The balance of a full quarter-hour shows in {left}.",
        "Grundlage sind die {lasted}, in denen beide Zähler gelesen wurden; der Messfehler sinkt mit der Zeit. Die Bilanz einer vollen Viertelstunde folgt in {left}."
    )
}

pub fn lost(kw: &str, percent: Option<&str>) -> String {
    let share = share(percent);
    tell!("Losing {kw} kW{share}", "{kw} kW Verlust{share}")
}

pub fn within(kw: &str) -> String {
    tell!("Balanced: {kw} kW is within error", "Ausgeglichen: {kw} kW liegen im Messfehler")
}

pub fn negative(kw: &str) -> String {
    tell!("{kw} kW more measured below than above", "{kw} kW mehr unten als oben gemessen")
}

pub fn terms(above: &str, below: &str, error: &str) -> String {
    tell!(
        "{above} kW in, {below} kW out, error ± {error} kW over the last 15 minutes.",
        "{above} kW Bezug, {below} kW Abgabe, Messfehler ± {error} kW in den letzten 15 Minuten."
    )
}

pub fn costs(amount: &str) -> String {
    tell!("{amount} per hour.", "{amount} je Stunde.")
}

pub const TO_OVERVIEW: Text = Text("To the overview", "Zur Übersicht");
pub const TO_LOSSES: Text = Text("All losses", "Alle Verluste");
pub const NEXT: Text = Text("Add the next meter", "Nächsten Zähler anlegen");

pub const NO_METER: Text = Text("No meter at hand", "Kein Zähler zur Hand");
pub const TRY_DEMO: Text = Text(
    "A second copy shows a plant of 92 simulated meters, read over Modbus, MQTT and HTTP on this machine, in a data folder of its own:",
    "Eine zweite Instanz zeigt eine Anlage mit 92 simulierten Zählern, gelesen über Modbus, MQTT und HTTP auf diesem Rechner, in einem eigenen Datenordner:",
);
pub const TRY_WORLD: Text = Text(
    "Or switch appliances in the simulated neighbourhood, which is here already.",
    "Oder schalten Sie Geräte in der simulierten Nachbarschaft, die schon hier ist.",
);
pub const TO_WORLD: Text = Text("To the simulator", "Zum Simulator");
pub const DEMO_COMMAND: &str = "wattlens serve --demo --data-dir demo --listen 127.0.0.1:3001";
pub const ALL_REQUESTS: Text = Text("All fields and protocols", "Alle Felder und Protokolle");

pub fn saved(number: &str) -> String {
    tell!(
        "{number} is saved and will be read in a moment. Go on with the first steps.",
        "{number} ist gespeichert und wird gleich gelesen. Weiter mit den ersten Schritten."
    )
}
pub const BY_REQUEST: Text = Text("With a program instead", "Stattdessen mit einem Programm");
pub const BY_REQUEST_HOW: Text = Text(
    "A meter is one request, for example a Modbus meter:",
    "Ein Zähler ist eine Anfrage, zum Beispiel ein Modbus-Zähler:",
);

/// On the overview, while the steps are not done.
pub fn go_on(done: usize, all: usize) -> String {
    tell!("First steps, {done} of {all} done", "Erste Schritte, {done} von {all} erledigt")
}
pub const REQUEST: &str = r#"curl http://127.0.0.1:3000/api/energy-meters \
  -H 'content-type: application/json' -d '{
  "name": "Main Grid",
  "location": "Main building",
  "meterType": "grid",
  "protocol": "modbus",
  "pollInterval": 5000,
  "communication": {
    "host": "192.168.1.150",
    "port": 502,
    "unitId": 1,
    "registers": { "power": 20480, "energy": 20482, "energyScale": 0.001 }
  }
}'"#;

#[cfg(test)]
mod tests {
    use domain::devices::{Communication, Protocol};

    use super::*;

    #[test]
    fn the_request_that_newcomers_copy_is_accepted() {
        let body = REQUEST.split('\'').nth(3).unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let protocol = Protocol::parse(body["protocol"].as_str().unwrap()).unwrap();
        Communication::parse(protocol, &body["communication"]).unwrap();
    }
}
