//! Why a device cannot be reached.

use crate::message::{Message, messages};

messages! {
    /// Why a device cannot be reached.
    pub enum Unreached in "unreached" {
        NoAnswer { seconds: f64 } => "no answer within {seconds} s",
        NoConnection { seconds: f64 } => "no connection within {seconds} s",
        Silent => "it does not answer",
        SilentPeer { peer: String } => "{peer} does not answer",
        It { why: Box<Message> } => "it cannot be reached: {why}",
        Peer { peer: String, why: Box<Message> } => "{peer} cannot be reached: {why}",
        Port { path: String, why: Box<Message> } => "{path} cannot be opened: {why}",
        PortBarred { path: String, allowed: String } =>
            "{path} is not a serial port that may be opened: these are {allowed}",
        Broke { why: Box<Message> } => "the connection broke: {why}",
        Closed => "the other end closed it",
        NoAddress { host: String } => "{host} has no address",
        NotResolved { why: String } => "failed to lookup address information: {why}",
        NoHttp { why: Box<Message> } => "no HTTP client: {why}",
    }

    /// An address that is never connected to.
    pub enum Barred in "barred" {
        Forbidden { address: String } =>
            "{address} is not an address of a meter: link-local, metadata and group addresses are \
             refused",
        Loopback { address: String } =>
            "{address} is this machine, which is refused while the server can be reached from \
             other machines",
    }

    /// What the operating system said of a connection or a file.
    pub enum SystemError in "system" {
        Refused { number: i32 } => "Connection refused (os error {number})",
        Reset { number: i32 } => "Connection reset by peer (os error {number})",
        NoRoute { number: i32 } => "No route to host (os error {number})",
        NoNetwork { number: i32 } => "Network is unreachable (os error {number})",
        NotThere { number: i32 } => "No such file or directory (os error {number})",
        NotAllowed { number: i32 } => "Permission denied (os error {number})",
    }
}
