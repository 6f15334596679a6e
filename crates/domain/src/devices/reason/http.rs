//! Why a meter over HTTP gives no document.

use crate::message::{Message, messages};

messages! {
    /// Why a meter over HTTP gives no document.
    pub enum NoDocument in "http_answer" {
        NoAddress { why: String } => "its url is not an address: {why}",
        NoRequest { why: Box<Message> } => "the request cannot be made: {why}",
        TooLarge => "the answer is larger than 1 MiB",
        NotJson { why: String, said: String } => "the answer is not JSON: {why}: `{said}`",
        Status { status: String } => "HTTP {status}",
        Elsewhere { status: String, to: String } =>
            "HTTP {status}: it leads to {to}, give that address instead",
        Token { status: String } => "HTTP {status}: check its authToken",
        Wait { why: Box<Message>, seconds: u64 } => "{why}, asked to wait {seconds} s",
    }
}
