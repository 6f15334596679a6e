//! A file as sent: its checksum, and what it holds once unpacked.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Read as _;

use domain::devices::logger::upload::UploadRefusal;
use flate2::read::MultiGzDecoder;
use md5::{Digest as _, Md5};

/// Bytes of a file once unpacked: a year of a device that is logged each quarter-hour.
pub const LARGEST_TEXT: u64 = 16 << 20;
/// How every gzip file begins.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// The MD5 of the bytes as they were sent, in small hexadecimal digits; refused where it is not the
/// `stated` one. It finds damage; it proves nothing about who sent them.
pub fn checked(bytes: &[u8], stated: Option<&str>) -> Result<String, UploadRefusal> {
    let sum = Md5::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    });
    let stated = stated.map(str::trim).filter(|stated| !stated.is_empty());
    let fits = stated.is_none_or(|stated| stated.eq_ignore_ascii_case(&sum));
    if fits { Ok(sum) } else { Err(UploadRefusal::Checksum) }
}

/// What a file holds, unpacked where it is compressed. Bytes that are no UTF-8 are replaced: numbers
/// and times have none.
pub fn text(bytes: &[u8]) -> Result<String, UploadRefusal> {
    unpacked(bytes).map(|plain| String::from_utf8_lossy(&plain).into_owned())
}

/// The bytes of a file, unpacked where it is compressed.
pub fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, UploadRefusal> {
    if !bytes.starts_with(GZIP) {
        return sized(bytes.len()).map(|()| Cow::Borrowed(bytes));
    }
    let mut unpacked = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(LARGEST_TEXT + 1);
    reader.read_to_end(&mut unpacked).map_err(|_| UploadRefusal::Gzip)?;
    sized(unpacked.len())?;
    Ok(Cow::Owned(unpacked))
}

fn sized(bytes: usize) -> Result<(), UploadRefusal> {
    if bytes as u64 > LARGEST_TEXT {
        Err(UploadRefusal::TooLarge { limit: LARGEST_TEXT })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_file_is_unpacked_where_it_is_compressed() {
        assert_eq!(text(b"plain").unwrap(), "plain");
        assert_eq!(text(&packed(b"small")).unwrap(), "small");
        let whole = packed(&[b'1'; 5000]);
        assert_eq!(text(&whole[..whole.len() - 6]), Err(UploadRefusal::Gzip));
    }

    #[test]
    fn a_bomb_is_refused_by_what_it_unpacks_to() {
        let bomb = packed(&vec![0; 64 << 20]);
        assert!(bomb.len() < 1 << 20);
        assert_eq!(text(&bomb), Err(UploadRefusal::TooLarge { limit: LARGEST_TEXT }));
    }

    #[test]
    fn the_checksum_is_that_of_the_bytes_as_sent() {
        let sum = "900150983cd24fb0d6963f7d28e17f72";
        assert_eq!(checked(b"abc", None).unwrap(), sum);
        assert_eq!(checked(b"abc", Some(&sum.to_uppercase())).unwrap(), sum);
        assert_eq!(checked(b"abd", Some(sum)), Err(UploadRefusal::Checksum));
    }
}
