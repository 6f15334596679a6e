//! Settings of devices.

pub(super) mod modbus;
pub(super) mod mqtt;

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("device_value.range", "{name} ist {value}: Es muss eine ganze Zahl von {low} bis {high} sein"),
    ("device_value.zero", "{name} muss eine andere Zahl als 0 sein"),
    ("device_value.scale", "scale ist {scale}: Es muss eine andere Zahl als 0 sein"),
    (
        "device_value.no_field",
        "„{name}“ ist kein Wert einer Ablesung: Verwenden Sie einen Namen wie activePowerKw",
    ),
    ("device_value.unit", "„{unit}“ ist keine Einheit von {field}: Verwenden Sie {usable}"),
    ("device_value.alone", "{name} braucht einen path daneben, zu der Zahl, zu der es gehört"),
    ("device_value.no_path", "„{path}“ ist kein JSONPath wie $.emeters[0].power: {why}"),
    (
        "device_value.no_place",
        "„{path}“ ist nicht der Ort eines einzelnen Werts: Geben Sie höchstens {longest} Zeichen an, Klammern höchstens {deepest} tief und höchstens eines von `..`, `*` und `?`",
    ),
    (
        "device_value.poll",
        "pollInterval ist {milliseconds}: Geben Sie {least} bis {most} Millisekunden an",
    ),
    ("device_profile.unknown", "unbekanntes Profil {profile}: Verwenden Sie eines von {usable}"),
    (
        "device_profile.of_other",
        "{profile} ist ein Profil für {protocol}, und dieser Zähler spricht {spoken}: Verwenden Sie eines von {usable}",
    ),
    ("device_profile.not_there", "kein Profil {profile}: /api/profiles führt sie alle auf"),
    ("http_setting.header", "„{name}“ ist kein Header, der sich senden lässt"),
    (
        "http_setting.address",
        "„{url}“ ist keine Adresse: Beginnen Sie mit http:// oder https:// und einem Host",
    ),
    ("http_setting.path", "„{path}“ ist kein Pfad: Beginnen Sie mit /"),
    (
        "http_setting.login",
        "eine Adresse darf kein Passwort enthalten: Senden Sie es als authToken oder im Header Authorization",
    ),
    ("http_setting.hidden", "was nach ? folgt, ist in {name} verborgen: Schreiben Sie es aus"),
    ("device_secret.no_text", "ein Geheimnis wird als Text gesendet"),
    (
        "device_secret.other_key",
        "ein gespeichertes Geheimnis lässt sich mit diesem Schlüssel nicht öffnen: Legen Sie den secret.key (oder WATTLENS_SECRET_KEY) zurück, mit dem es gespeichert wurde, oder senden Sie das Geheimnis noch einmal",
    ),
    (
        "device_secret.unknown",
        "ein gespeichertes Geheimnis hat keine Form, die dieses Programm kennt: Senden Sie das Geheimnis noch einmal",
    ),
    (
        "device_secret.withheld",
        "die Adresse ist eine andere als die des Zählers: Seine gespeicherten Geheimnisse wurden nicht verwendet",
    ),
    (
        "device_secret.removed",
        "die Adresse ist eine andere: Geheimnisse, die nicht noch einmal gesendet wurden, sind entfernt",
    ),
    (
        "device_secret.password_removed",
        "die Adresse ist eine andere: Das Passwort wurde nicht noch einmal gesendet und ist entfernt",
    ),
];
