//! Why a message was not delivered.

use crate::message::{Message, messages};

messages! {
    /// Why a message was not delivered, for whoever looks after the receiver.
    pub enum Undelivered in "undelivered" {
        NoAddress { why: Box<Message> } => "no address: {why}",
        Answered { status: String } => "it answered {status}",
        NoServer => "no mail server is set: start Wattlens with --smtp-url",
        NoMailbox => "it is no mailbox",
        Unwritten { why: Box<Message> } => "the e-mail cannot be written: {why}",
        Unattached { file: String, why: Box<Message> } => "{file} cannot be attached: {why}",
        Slow { seconds: u64 } => "the mail server took longer than {seconds} s",
        Server { why: Box<Message> } => "mail server: {why}",
        NoTls => "the mail server offers no TLS, so the password was not sent: use smtps://, or an address without a password",
        GivenUp { why: Box<Message> } => "a message of an alarm was given up after a day: {why}",
    }
}
