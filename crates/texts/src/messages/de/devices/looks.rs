//! What a look at a device or a broker showed.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("look.time", "das Dokument nennt als seine Zeit {at}"),
    ("look.nothing", "auf {topic} kam binnen {seconds} s nichts"),
    (
        "look.check_topics",
        "prüfen Sie die Themen: Groß und Klein zählen, auch ein Schrägstrich am Anfang",
    ),
    ("look.more", "{count} weitere Nachrichten kamen"),
    ("look.online", "das Gerät ist erreichbar"),
    ("look.offline", "das Gerät ist nicht erreichbar"),
    (
        "look.retained",
        "der Broker hat sie von früher aufbewahrt, und sie nennt keine Zeit: Sie ist keine Ablesung von jetzt",
    ),
    (
        "look.assumed",
        "bloße Zahlen auf {topic} gelten als {unit}, wie Geräte des Profils {profile} sie senden; units geht vor",
    ),
    ("announcement.not_json", "die Ankündigung ist kein JSON: {why}"),
    ("announcement.not_object", "die Ankündigung ist kein JSON-Objekt"),
    ("announcement.too_long", "die Ankündigung hat {#bytes} Bytes, mehr als {#most}"),
    ("announcement.no_topic", "sie nennt kein state_topic"),
    ("announcement.no_unit", "sie nennt keine Einheit für {field}"),
    ("announcement.no_values", "das Gerät hat keine Liste von Werten"),
    ("announcement.left_out", "{#more} Ankündigungen nach den ersten {#most} bleiben außen vor"),
    ("announcement.again", "{field} ist schon angekündigt: Wählen Sie eines von beiden"),
    (
        "announcement.template",
        "die Vorlage „{template}“ tut mehr, als einen Wert zu lesen: Tragen Sie den Zähler von Hand ein",
    ),
];
