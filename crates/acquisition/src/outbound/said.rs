//! What the system said of a connection or a file, as a sentence.

use std::io;

use domain::devices::reason::unreached::{Barred, SystemError, Unreached};
use domain::message::Message;

/// How the standard library begins what the resolver of names said.
const LOOKUP: &str = "failed to lookup address information: ";

/// An error as a sentence: ours, one of the usual ones of the system, or its own words.
pub fn said(error: &io::Error) -> Message {
    let inner = error.get_ref();
    if let Some(barred) = inner.and_then(|inner| inner.downcast_ref::<Barred>()) {
        return barred.clone().into();
    }
    if let Some(unreached) = inner.and_then(|inner| inner.downcast_ref::<Unreached>()) {
        return unreached.clone().into();
    }
    let text = error.to_string();
    // Systems word some of these in other ways: then it stays as they say it.
    let known = of_system(error).map(Message::from).filter(|said| said.message == text);
    known.unwrap_or_else(|| Message::foreign(text))
}

fn of_system(error: &io::Error) -> Option<SystemError> {
    let number = error.raw_os_error()?;
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Some(SystemError::Refused { number }),
        io::ErrorKind::ConnectionReset => Some(SystemError::Reset { number }),
        io::ErrorKind::HostUnreachable => Some(SystemError::NoRoute { number }),
        io::ErrorKind::NetworkUnreachable => Some(SystemError::NoNetwork { number }),
        io::ErrorKind::NotFound => Some(SystemError::NotThere { number }),
        io::ErrorKind::PermissionDenied => Some(SystemError::NotAllowed { number }),
        _ => None,
    }
}

/// What is said where a name is not found; what went wrong otherwise stays.
pub(super) fn unknown(error: io::Error) -> io::Error {
    match error.to_string().strip_prefix(LOOKUP) {
        Some(why) => io::Error::other(Unreached::NotResolved { why: why.to_owned() }),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_often_is_known_by_its_kind() {
        let known = |number| said(&io::Error::from_raw_os_error(number));
        assert_eq!(known(111), SystemError::Refused { number: 111 }.into());
        assert_eq!(known(13), SystemError::NotAllowed { number: 13 }.into());
        // Not permitted is another sentence than denied.
        assert!(known(1).is_foreign());
        let barred = Barred::Loopback { address: "::1".to_owned() };
        assert_eq!(said(&io::Error::other(barred.clone())), barred.into());
        assert!(said(&io::Error::other("odd")).is_foreign());
    }
}
