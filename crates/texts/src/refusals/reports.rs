//! Reports by mail, and why a message was not delivered.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "a message of an alarm was given up after a day: {!}",
        "eine Nachricht zu einem Alarm wurde nach einem Tag aufgegeben: {0}",
    ),
    (
        "no mail server is set: start Wattlens with --smtp-url",
        "kein Mailserver ist gesetzt: Starten Sie Wattlens mit --smtp-url",
    ),
    ("it is no mailbox", "es ist kein Postfach"),
    ("the e-mail cannot be written: {!}", "die E-Mail lässt sich nicht schreiben: {0}"),
    ("{} cannot be attached: {!}", "{0} lässt sich nicht anhängen: {1}"),
    ("the mail server took longer than {} s", "der Mailserver brauchte länger als {0} s"),
    (
        "the mail server offers no TLS, so the password was not sent: use smtps://, or an address without a password",
        "der Mailserver bietet kein TLS, daher wurde das Passwort nicht gesendet: Verwenden Sie smtps:// oder eine Adresse ohne Passwort",
    ),
    ("mail server: {!}", "Mailserver: {0}"),
    ("no address: {!}", "keine Adresse: {0}"),
    ("it answered {}", "es antwortete {0}"),
];
