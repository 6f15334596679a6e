//! Settings of MQTT meters and of brokers.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("mqtt_setting.twice", "{topic} hat eine eigene Einstellung: Nennen Sie dieses Thema einmal"),
    (
        "mqtt_setting.no_topic",
        "kein Thema mit Werten: Geben Sie topicPower, topicEnergy oder values an",
    ),
    ("mqtt_setting.both", "„{word}“ kann nicht zugleich online und offline bedeuten"),
    (
        "mqtt_setting.name",
        "„{name}“ kann nicht in einem Thema stehen: Geben Sie einen Namen an, wie das Gerät ihn verwendet",
    ),
    (
        "mqtt_setting.no_device",
        "{at} ist „{text}“: Geben Sie mit device den Namen an, der für {placeholder} steht",
    ),
    (
        "mqtt_setting.no_filter",
        "„{topic}“ ist kein Thema: + steht allein in einer Ebene, # allein in der letzten",
    ),
    ("broker_setting.named_and_given", "geben Sie broker oder host an, nicht beides"),
    (
        "broker_setting.of_host",
        "{name} gehört zu host: Geben Sie auch host an oder nennen Sie einen Broker",
    ),
    ("broker_setting.empty_host", "host ist leer: Geben Sie einen Namen oder eine Adresse an"),
    ("broker_setting.no_user", "ein Passwort braucht den Benutzer, zu dem es gehört"),
    (
        "broker_setting.address",
        "die Adresse eines Brokers sieht aus wie mqtt://host:1883 oder mit TLS mqtts://host:8883",
    ),
    (
        "broker_setting.login",
        "eine Adresse darf keine Anmeldung enthalten: Senden Sie sie als username und password",
    ),
    ("broker_setting.empty_user", "es ist leer: Geben Sie einen Namen an oder null"),
    (
        "broker_setting.plain",
        "ein Zertifikat braucht eine verschlüsselte Verbindung: Beginnen Sie url mit mqtts://",
    ),
    ("broker_setting.no_pem", "das Zertifikat ist kein PEM: {why}"),
    ("broker_setting.certificate", "das Zertifikat ist nicht verwendbar: {why}"),
    (
        "broker_setting.no_certificate",
        "darin ist kein Zertifikat: Geben Sie PEM an, das mit -----BEGIN CERTIFICATE----- beginnt",
    ),
    (
        "broker_setting.name",
        "verwenden Sie kleine Buchstaben, Ziffern und einzelne Bindestriche dazwischen, höchstens 64",
    ),
    ("broker_setting.not_there", "kein Broker {name}"),
    (
        "broker_setting.unknown",
        "es gibt keinen Broker namens „{name}“: Legen Sie ihn an oder geben Sie dem Zähler dessen host",
    ),
    ("broker_setting.closed", "der Broker {name}: {why}"),
];
