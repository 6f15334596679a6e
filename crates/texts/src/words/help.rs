//! Help: the keys, what the words mean, and where to read on.

use crate::language::Text;

pub use crate::words::labels::{MAP, PERIOD, TODAY};

pub const TITLE: Text = Text("Help", "Hilfe");
pub const KEYS: Text = Text("Keys", "Tasten");
pub const CLOSE: Text = Text("Close", "Schließen");
pub const ALL_HELP: Text = Text("All help and glossary", "Gesamte Hilfe und Glossar");
pub const KEYS_ON: Text = Text("Single keys act", "Einzelne Tasten wirken");
pub const KEYS_NOTE: Text = Text(
    "Switch them off where they get in the way of speech input or of a screen reader. Esc and the arrow \
     keys go on working.",
    "Schalten Sie sie aus, wenn sie Spracheingabe oder Bildschirmleser stören. Esc und die Pfeiltasten \
     wirken weiter.",
);
pub const KEY: Text = Text("Key", "Taste");
pub const DOES: Text = Text("What it does", "Was sie tut");
pub const THEN: Text = Text("then", "dann");

pub const EVERYWHERE: Text = Text("Everywhere", "Überall");
pub const GO: Text = Text("Go to a page", "Zu einer Seite gehen");
pub const TREE: Text = Text("Tree of meters", "Baum der Zähler");
pub const CHARTS: Text = Text("Charts", "Diagramme");

pub const FIND: Text =
    Text("find a meter, a page or an action", "Zähler, Seite oder Aktion finden");
pub const LIST: Text = Text("show or hide these keys", "diese Tasten zeigen oder verbergen");
pub const CLEAR: Text = Text(
    "close what is open, clear what is selected or typed",
    "Offenes schließen, Auswahl oder Eingabe aufheben",
);
pub const GO_ON: Text = Text("and the letter of a page", "und der Buchstabe einer Seite");
pub const EARLIER: Text = Text("the period before", "der Zeitraum davor");
pub const LATER: Text = Text("the period after", "der Zeitraum danach");
pub const WEEK: Text = Text("this week", "diese Woche");
pub const MONTH: Text = Text("this month", "dieser Monat");
pub const YEAR: Text = Text("this year", "dieses Jahr");
pub const COMPARE: Text = Text(
    "compare with the period before, or no longer",
    "mit dem Zeitraum davor vergleichen, oder nicht mehr",
);
pub const UP_DOWN: Text =
    Text("select the meter above or below", "Zähler darüber oder darunter wählen");
pub const FOLD: Text = Text(
    "open or fold it, or go to its child or parent",
    "auf- oder zuklappen, oder zum Zähler darunter oder darüber gehen",
);
pub const ENDS: Text = Text("first or last meter", "erster oder letzter Zähler");
pub const OPEN: Text = Text("open the meter", "Zähler öffnen");
pub const CROSSHAIR: Text = Text(
    "move through the values of a chart that has the focus",
    "durch die Werte eines Diagramms gehen, das den Fokus hat",
);
pub const MOVE_MAP: Text =
    Text("move the map that has the focus", "die Karte bewegen, die den Fokus hat");
pub const ZOOM_MAP: Text = Text("nearer or farther", "näher oder weiter weg");

pub const WORDS: Text = Text("What the words mean", "Was die Wörter bedeuten");

pub const GLOSSARY: [(Text, Text); 12] = [
    (
        Text("Loss", "Verlust"),
        Text(
            "What comes into a node of the tree and is counted by no meter below it. Cables and transformers \
             lose some; the rest is unmetered, stolen, or measured wrongly.",
            "Was in einen Knoten des Baums hineinkommt und von keinem Zähler darunter gezählt wird. Kabel \
             und Transformatoren verlieren etwas; der Rest ist ungemessen, gestohlen oder falsch gemessen.",
        ),
    ),
    (
        Text("Balance", "Bilanz"),
        Text(
            "In minus out at one node, over the same stretch of time on all its meters.",
            "Bezug minus Abgabe an einem Knoten, auf allen seinen Zählern über dieselbe Zeit.",
        ),
    ),
    (
        Text("Error band", "Messfehler"),
        Text(
            "How far a figure may be off by the accuracy classes of the meters it rests on, whose errors \
             are taken as independent; it is written as ± beside the figure. A meter that states no class is \
             taken as class 1.",
            "Wie weit ein Wert nach den Genauigkeitsklassen der beteiligten Zähler abweichen kann, wobei \
             deren Fehler als unabhängig gelten; er steht als ± neben dem Wert. Ein Zähler ohne Angabe \
             gilt als Klasse 1.",
        ),
    ),
    (
        Text("Within error", "Innerhalb des Messfehlers"),
        Text(
            "The loss is smaller than its error band: it may be nothing. Such a figure is grey.",
            "Der Verlust ist kleiner als der Messfehler: Er kann auch null sein. Solche Werte sind grau.",
        ),
    ),
    (
        Text("Negative", "Negativ"),
        Text(
            "More was counted below a node than came in, beyond the error: a meter is wired, placed or \
             scaled wrongly.",
            "Unter einem Knoten wurde mehr gezählt, als hineinkam, und zwar über den Messfehler hinaus: Ein \
             Zähler ist falsch angeschlossen, zugeordnet oder skaliert.",
        ),
    ),
    (
        Text("Coverage", "Abdeckung"),
        Text(
            "The share of a period that was really read. What was not is hatched, and never taken as zero.",
            "Der Anteil eines Zeitraums, der wirklich gelesen wurde. Das Übrige ist schraffiert und gilt nie \
             als null.",
        ),
    ),
    (
        Text("Gap", "Lücke"),
        Text(
            "A stretch in which a meter was silent longer than it may be. Its energy is known from the \
             registers before and after; when it flowed is not.",
            "Eine Zeit, in der ein Zähler länger schwieg als erlaubt. Die Energie ergibt sich aus den \
             Zählerständen davor und danach; wann sie floss, ist nicht bekannt.",
        ),
    ),
    (
        Text("Estimated", "Geschätzt"),
        Text(
            "Energy of a gap, spread evenly over it. The total is measured, its course is not.",
            "Energie einer Lücke, gleichmäßig über sie verteilt. Die Summe ist gemessen, der Verlauf nicht.",
        ),
    ),
    (
        Text("Quality", "Qualität"),
        Text(
            "What a value is worth: good, estimated, derived from other meters, stale, or in error. It stands \
             beside every value as a shape and a word.",
            "Was ein Wert taugt: gut, geschätzt, aus anderen Zählern abgeleitet, veraltet oder fehlerhaft. Sie \
             steht als Form und als Wort neben jedem Wert.",
        ),
    ),
    (
        Text("Stale", "Veraltet"),
        Text(
            "Nothing new for more than three polls. The last value stays, dimmed, with its age.",
            "Seit mehr als drei Abfragen nichts Neues. Der letzte Wert bleibt stehen, blass und mit seinem Alter.",
        ),
    ),
    (
        Text("Node", "Knoten"),
        Text("A meter with meters below it.", "Ein Zähler, unter dem weitere Zähler liegen."),
    ),
    (
        Text("Register", "Zählwerk"),
        Text(
            "The total of energy that a meter has counted since it was made. Energy of a period is the \
             difference of two registers.",
            "Die Energiesumme, die ein Zähler seit seiner Herstellung gezählt hat. Die Energie eines \
             Zeitraums ist die Differenz zweier Zählerstände.",
        ),
    ),
];

pub const MARKS: Text = Text("What the shapes mean", "Was die Formen bedeuten");
pub const READ_ON: Text = Text("Read on", "Weiterlesen");
pub const API: Text =
    Text("All endpoints, with requests to try", "Alle Endpunkte, mit Anfragen zum Ausprobieren");
pub const OPENAPI: Text = Text(
    "The same as a document for programs (OpenAPI)",
    "Dasselbe als Dokument für Programme (OpenAPI)",
);
pub const METRICS: Text = Text(
    "Figures of the program itself, for Prometheus",
    "Werte des Programms selbst, für Prometheus",
);

pub const RING: Text = Text(
    "within error, or derived from other meters",
    "innerhalb des Messfehlers, oder aus anderen Zählern berechnet",
);
pub const LOSS: Text = Text("loss beyond the error", "Verlust über den Messfehler hinaus");
pub const WARN: Text = Text("warning, or negative", "Warnung, oder negativ");
pub const ALARM: Text = Text("alarm, error or offline", "Alarm, Fehler oder nicht erreichbar");

pub const CONFIGURATION: Text = Text("The configuration", "Die Konfiguration");
pub const CONFIGURATION_HELP: Text = Text(
    "Sites, meters, devices, tariffs and rules are exported as one document that can be read, kept, and \
     imported elsewhere. On the machine that runs Wattlens:",
    "Anlagen, Zähler, Geräte, Tarife und Regeln werden als ein Dokument exportiert, das sich lesen, \
     aufbewahren und anderswo einlesen lässt. Auf dem Rechner, auf dem Wattlens läuft:",
);

pub const MAIL: Text = Text("E-mail", "E-Mail");
pub const MAIL_HELP: Text = Text(
    "Alarms, reports and links for passwords are sent through a mail server. Whoever runs Wattlens names it \
     when the program starts, by these options or by WATTLENS_SMTP_URL and WATTLENS_SMTP_FROM:",
    "Alarme, Berichte und Links für Passwörter werden über einen Mailserver gesendet. Wer Wattlens \
     betreibt, nennt ihn beim Start des Programms, mit diesen Optionen oder mit WATTLENS_SMTP_URL und \
     WATTLENS_SMTP_FROM:",
);
