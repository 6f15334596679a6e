//! Settings of MQTT devices and brokers, and what comes from them.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "host is empty: give a name or an address",
        "host ist leer: Geben Sie einen Namen oder eine Adresse an",
    ),
    (
        "{} has a topic setting of its own: name it once",
        "{0} hat eine eigene Einstellung: Nennen Sie dieses Thema einmal",
    ),
    (
        "no topic with values: give topicPower, topicEnergy or values",
        "kein Thema mit Werten: Geben Sie topicPower, topicEnergy oder values an",
    ),
    (
        "`{}` cannot mean both online and offline",
        "„{0}“ kann nicht zugleich online und offline bedeuten",
    ),
    (
        "`{}` cannot stand in a topic: give a name as the device uses it",
        "„{0}“ kann nicht in einem Thema stehen: Geben Sie einen Namen an, wie das Gerät ihn verwendet",
    ),
    (
        "{} is `{}`: give the name that stands for {} as device",
        "{0} ist „{1}“: Geben Sie mit device den Namen an, der für {2} steht",
    ),
    (
        "`{}` is not a topic: + stands alone in a level, # alone in the last",
        "„{0}“ ist kein Thema: + steht allein in einer Ebene, # allein in der letzten",
    ),
    ("give broker or host, not both", "geben Sie broker oder host an, nicht beides"),
    (
        "{} belongs to host: give host too, or name a broker",
        "{0} gehört zu host: Geben Sie auch host an oder nennen Sie einen Broker",
    ),
    (
        "a password needs the username it belongs to",
        "ein Passwort braucht den Benutzer, zu dem es gehört",
    ),
    (
        "a broker's address looks like mqtt://host:1883, or mqtts://host:8883 with TLS",
        "die Adresse eines Brokers sieht aus wie mqtt://host:1883 oder mit TLS mqtts://host:8883",
    ),
    (
        "an address may not carry a login: send it as username and password",
        "eine Adresse darf keine Anmeldung enthalten: Senden Sie sie als username und password",
    ),
    ("it is empty: give a name, or null", "es ist leer: Geben Sie einen Namen an oder null"),
    (
        "a certificate needs an encrypted connection: begin url with mqtts://",
        "ein Zertifikat braucht eine verschlüsselte Verbindung: Beginnen Sie url mit mqtts://",
    ),
    ("the certificate is not PEM: {!}", "das Zertifikat ist kein PEM: {0}"),
    ("the certificate cannot be used: {!}", "das Zertifikat ist nicht verwendbar: {0}"),
    (
        "there is no certificate in it: give PEM, which begins with -----BEGIN CERTIFICATE-----",
        "darin ist kein Zertifikat: Geben Sie PEM an, das mit -----BEGIN CERTIFICATE----- beginnt",
    ),
    (
        "use small letters, digits and single hyphens between them, 64 at most",
        "verwenden Sie kleine Buchstaben, Ziffern und einzelne Bindestriche dazwischen, höchstens 64",
    ),
    (
        "there is no broker named `{}`: add it, or give the meter its host",
        "es gibt keinen Broker namens „{0}“: Legen Sie ihn an oder geben Sie dem Zähler dessen host",
    ),
    ("the broker {} cannot be reached: {!}", "der Broker {0} ist nicht erreichbar: {1}"),
    ("the broker {} does not answer in time", "der Broker {0} antwortet nicht rechtzeitig"),
    (
        "the broker refuses the topics: check who may read them",
        "der Broker verweigert die Themen: Prüfen Sie, wer sie lesen darf",
    ),
    ("the broker refuses the topic {}", "der Broker verweigert das Thema {0}"),
    ("it did not greet first", "er meldete sich nicht zuerst"),
    ("`{}` is not a host", "„{0}“ ist kein Host"),
    ("connected to the broker, no message yet", "mit dem Broker verbunden, noch keine Nachricht"),
    ("the meter says that it is offline", "der Zähler meldet, dass er nicht erreichbar ist"),
    ("no message for more than {} s", "keine Nachricht seit mehr als {0} s"),
    (
        "messages come, but none with a value yet: {!}",
        "Nachrichten kommen, aber noch keine mit einem Wert: {0}",
    ),
    ("{} bytes are too many", "{0} Bytes sind zu viele"),
    ("it is not text", "es ist kein Text"),
    ("`{!}` is not JSON: {!}", "„{0}“ ist kein JSON: {1}"),
    ("`{!}` is not a JSON document", "„{0}“ ist kein JSON-Dokument"),
    ("`{!}` is not a JSON object", "„{0}“ ist kein JSON-Objekt"),
    ("`{!}` is not a number", "„{0}“ ist keine Zahl"),
    ("`{!}` is neither {} nor {}", "„{0}“ ist weder {1} noch {2}"),
    ("nothing came on {} within {} s", "auf {0} kam binnen {1} s nichts"),
    (
        "check the topics: letters count, and a slash at the beginning too",
        "prüfen Sie die Themen: Groß und Klein zählen, auch ein Schrägstrich am Anfang",
    ),
    ("{} more messages came", "{0} weitere Nachrichten kamen"),
    ("the device is online", "das Gerät ist erreichbar"),
    ("the device is offline", "das Gerät ist nicht erreichbar"),
    (
        "the broker kept it from earlier, and it says no time: it is no reading of now",
        "der Broker hat sie von früher aufbewahrt, und sie nennt keine Zeit: Sie ist keine Ablesung von jetzt",
    ),
    (
        "plain numbers on {} are taken for {}, as devices of the profile {} publish them; units overrides it",
        "bloße Zahlen auf {0} gelten als {1}, wie Geräte des Profils {2} sie senden; units geht vor",
    ),
    ("the announcement is not JSON: {!}", "die Ankündigung ist kein JSON: {0}"),
    ("the announcement is not a JSON object", "die Ankündigung ist kein JSON-Objekt"),
    (
        "the announcement has {#} bytes, more than {#}",
        "die Ankündigung hat {0} Bytes, mehr als {1}",
    ),
    ("it states no state_topic", "sie nennt kein state_topic"),
    ("it states no unit for {}", "sie nennt keine Einheit für {0}"),
    ("the device has no list of values", "das Gerät hat keine Liste von Werten"),
    (
        "{#} announcements beyond the first {#} are left out",
        "{0} Ankündigungen nach den ersten {1} bleiben außen vor",
    ),
    (
        "{} is announced already: choose between the two",
        "{0} ist schon angekündigt: Wählen Sie eines von beiden",
    ),
    (
        "the template `{!}` does more than read a value: enter the meter by hand",
        "die Vorlage „{0}“ tut mehr, als einen Wert zu lesen: Tragen Sie den Zähler von Hand ein",
    ),
];
