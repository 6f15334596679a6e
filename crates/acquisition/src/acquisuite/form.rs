//! The form of an upload, with its fields in any case.

use std::collections::HashMap;

use bytes::Bytes;
use domain::devices::logger::DeviceAddress;
use domain::devices::logger::upload::UploadRefusal;

use super::config;

/// Bytes of a field that is no file.
pub(super) const LONGEST_FIELD: usize = 4096;

/// A part of the form as it came.
#[derive(Debug, Clone)]
pub struct Part {
    /// Name of the field.
    pub name: String,
    pub file_name: Option<String>,
    /// Its content.
    pub bytes: Bytes,
}

/// What an upload is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A log file of a device.
    Log,
    /// How the logger is doing.
    Status,
    /// Which lists of points are wanted.
    Manifest,
    /// A list of points.
    ConfigUpload,
    /// A list of points, from here to the logger.
    ConfigDownload,
    /// Whether an upload would be taken.
    Test,
}

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    fields: HashMap<String, String>,
    file: Option<(String, Bytes)>,
}

const FILES: [&str; 2] = ["LOGFILE", "CONFIGFILE"];

impl Form {
    /// Reads the parts; of a field that comes twice the last one counts.
    pub fn new(parts: impl IntoIterator<Item = Part>) -> Result<Self, UploadRefusal> {
        let mut form = Self { fields: HashMap::new(), file: None };
        for part in parts {
            let name = part.name.trim().to_ascii_uppercase();
            if part.file_name.is_some() || FILES.contains(&name.as_str()) {
                form.file = Some((part.file_name.unwrap_or_default(), part.bytes));
                continue;
            }
            let text = std::str::from_utf8(&part.bytes).ok();
            let text = text.filter(|text| text.len() <= LONGEST_FIELD && !text.contains('\0'));
            let text = text
                .ok_or_else(|| UploadRefusal::Field { name: name.clone(), limit: LONGEST_FIELD })?;
            form.fields.insert(name, text.trim().to_owned());
        }
        Ok(form)
    }

    /// A field that holds something.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// What the upload is for.
    pub fn mode(&self) -> Result<Mode, UploadRefusal> {
        let mode = self.get("MODE").unwrap_or_default().to_ascii_uppercase();
        match mode.as_str() {
            "LOGFILEUPLOAD" => Ok(Mode::Log),
            "STATUS" => Ok(Mode::Status),
            "CONFIGFILEMANIFEST" => Ok(Mode::Manifest),
            "CONFIGFILEUPLOAD" => Ok(Mode::ConfigUpload),
            "CONFIGFILEDOWNLOAD" => Ok(Mode::ConfigDownload),
            "TEST" => Ok(Mode::Test),
            _ => Err(UploadRefusal::Mode { mode: mode.chars().take(40).collect() }),
        }
    }

    /// The file, once it fits its checksum: its bytes, and the checksum.
    pub fn file(&self, field: &'static str) -> Result<(&Bytes, String), UploadRefusal> {
        let (_, bytes) = self.file.as_ref().ok_or(UploadRefusal::NoFile { field })?;
        let sum = super::checked(bytes, self.get("MD5CHECKSUM"))?;
        Ok((bytes, sum))
    }

    /// Name of the file without its folder, as sent.
    pub fn file_name(&self) -> &str {
        let name = self.file.as_ref().map_or("", |(name, _)| name.as_str());
        name.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// The device that the file is of: MODBUSDEVICE, else what its name says.
    pub fn device(&self) -> Result<DeviceAddress, UploadRefusal> {
        let stated = self.get("MODBUSDEVICE").and_then(|text| text.parse().ok());
        let number = stated.or_else(|| config::number(self.file_name()));
        number.and_then(|number| DeviceAddress::new(number).ok()).ok_or(UploadRefusal::NoDevice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)], file_name: &str) -> Form {
        let part = |(name, text): &(&str, &str)| Part {
            name: (*name).to_owned(),
            file_name: None,
            bytes: Bytes::copy_from_slice(text.as_bytes()),
        };
        let file = Part {
            name: "logfile".to_owned(),
            file_name: Some(file_name.to_owned()),
            bytes: Bytes::from_static(b"abc"),
        };
        Form::new(fields.iter().map(part).chain([file])).unwrap()
    }

    #[test]
    fn names_of_fields_come_in_any_case() {
        let form = form(&[("Mode", "logfileupload"), ("serialnumber", " 1A ")], "x");
        assert_eq!(form.mode(), Ok(Mode::Log));
        assert_eq!(form.get("SERIALNUMBER"), Some("1A"));
        assert_eq!(form.get("PASSWORD"), None);
    }

    #[test]
    fn the_device_is_what_the_field_says_else_the_name_of_the_file() {
        let device =
            |fields: &[(&str, &str)], name| form(fields, name).device().map(DeviceAddress::number);
        assert_eq!(device(&[("MODBUSDEVICE", "7")], "modbus/mb-001.63BD5AFD_2.log.gz"), Ok(7));
        assert_eq!(device(&[], "modbus/mb-001.63BD5AFD_2.log.gz"), Ok(1));
        assert_eq!(device(&[("MODBUSDEVICE", "")], "mb-250.log"), Ok(250));
        assert_eq!(device(&[], "../../mb-.log"), Err(UploadRefusal::NoDevice));
        assert_eq!(device(&[("MODBUSDEVICE", "0")], "x.log"), Err(UploadRefusal::NoDevice));
    }

    #[test]
    fn a_file_that_does_not_fit_its_checksum_is_refused() {
        let sum = "900150983cd24fb0d6963f7d28e17f72";
        assert!(form(&[("MD5CHECKSUM", sum)], "x").file("LOGFILE").is_ok());
        let wrong = form(&[("MD5CHECKSUM", "0")], "x");
        assert_eq!(wrong.file("LOGFILE").unwrap_err(), UploadRefusal::Checksum);
    }
}
