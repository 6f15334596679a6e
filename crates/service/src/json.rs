//! JSON as answers and messages are written: no figure in it is `-0`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// Writes what is neither above nor below nothing without a sign, however it was computed.
struct Unsigned;

impl Formatter for Unsigned {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // -0 + 0 is 0 (IEEE 754, 6.3); every other value stays.
        CompactFormatter.write_f64(writer, value + 0.0)
    }
}

/// A value as JSON.
///
/// # Errors
/// A map whose keys are no texts.
pub fn to_vec(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::with_capacity(128);
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Unsigned))?;
    Ok(bytes)
}

/// A value as JSON, unless it takes more bytes than `most`.
///
/// # Errors
/// A map whose keys are no texts.
pub fn within(
    most: usize,
    value: &(impl Serialize + ?Sized),
) -> Result<Option<Vec<u8>>, serde_json::Error> {
    let mut room = Room { bytes: Vec::with_capacity(128), most };
    match value.serialize(&mut Serializer::with_formatter(&mut room, Unsigned)) {
        Ok(()) => Ok(Some(room.bytes)),
        Err(error) if error.is_io() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Room for so many bytes.
struct Room {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.most.saturating_sub(self.bytes.len()) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_takes_more_room_than_there_is_is_not_written() {
        assert_eq!(within(7, &[1, 2, 3]).unwrap(), Some(b"[1,2,3]".to_vec()));
        assert_eq!(within(6, &[1, 2, 3]).unwrap(), None);
    }

    #[test]
    fn no_figure_is_minus_nothing_and_no_other_one_changes() {
        assert_eq!(to_vec(&json!({"a": [-0.0, 0.0, 0]})).unwrap(), br#"{"a":[0.0,0.0,0]}"#);
        let others = json!([-1e-300, -2.5, 1e21, -3, u64::MAX, "-0", null, f64::MIN]);
        assert_eq!(to_vec(&others).unwrap(), serde_json::to_vec(&others).unwrap());
    }
}
