//! An upload: who it is from, and what becomes of it.

pub(crate) mod files;

use std::net::IpAddr;
use std::sync::Arc;

use acquisition::acquisuite::{Form, Mode};
use domain::SiteSlug;
use domain::devices::logger::upload::{UploadRefusal, UploadRejection};
use domain::devices::logger::{DeviceAddress, SerialNumber};
use domain::message::Message;
use storage::devices::loggers::{Logger, activity};
use thiserror::Error;

use super::gate::Pass;
use super::password;
use crate::devices::acquisuite::gate::Gate;
use crate::people::principal::KnownLogger;
use crate::{Core, Error, Principal, Service};

/// An upload as it came.
pub struct Upload<'a> {
    /// That it was let in.
    pub pass: &'a Pass,
    /// The site of the address it came to, where that names one.
    pub site: Option<&'a SiteSlug>,
    /// User and password of the request itself, for loggers that do not put them into the form.
    pub basic: Option<(String, String)>,
    pub form: Form,
}

/// Why an upload is not taken. The logger keeps its file and tries again.
#[derive(Debug, Error)]
#[error("{}", self.told())]
pub enum Rejected {
    /// Who it is from is not said.
    NoCredentials,
    /// No logger has this serial number. The answer does not tell this from a wrong password.
    UnknownSerial,
    /// The password is another.
    WrongPassword,
    /// The logger has no password here, so that nobody can prove to be it.
    NoPassword,
    /// It failed too often.
    TooManyFailures,
    /// Too many upload at the same time.
    Busy,
    /// The request is no upload.
    Malformed {
        /// Stable code, such as `malformed_form`.
        code: &'static str,
        /// What is wrong with it.
        message: Message,
    },
    /// What it brings cannot be read.
    Refused(#[from] UploadRefusal),
    /// No point of a device is known to be a value of a reading.
    NoPoints(DeviceAddress),
    /// A device has more points than its list, and which is which is not known.
    OldPoints(DeviceAddress),
    /// Loggers are only read.
    Download,
    /// It could not be stored. The cause is for the log, not for whoever uploads.
    NotStored(#[source] Error),
}

impl From<Error> for Rejected {
    fn from(error: Error) -> Self {
        Self::NotStored(error)
    }
}

impl From<storage::Error> for Rejected {
    fn from(error: storage::Error) -> Self {
        Self::NotStored(error.into())
    }
}

impl Rejected {
    /// What whoever uploads is told.
    pub fn told(&self) -> Message {
        let said = match self {
            Self::Malformed { message, .. } => return message.clone(),
            Self::Refused(refused) => return refused.clone().into(),
            Self::NoCredentials => UploadRejection::NoCredentials,
            Self::UnknownSerial | Self::WrongPassword | Self::NoPassword => {
                UploadRejection::Credentials
            }
            Self::TooManyFailures => UploadRejection::TooManyFailures,
            Self::Busy => UploadRejection::Busy,
            Self::NoPoints(address) => {
                let nothing = format!("{{\"{address}\": {{}}}}");
                UploadRejection::NoPoints { device: address.number(), nothing }
            }
            Self::OldPoints(address) => UploadRejection::OldPoints { device: address.number() },
            Self::Download => UploadRejection::Download,
            Self::NotStored(_) => UploadRejection::NotStored,
        };
        said.into()
    }

    /// What people see who look after the logger.
    fn seen(&self) -> Message {
        let said = match self {
            Self::UnknownSerial => UploadRejection::UnknownSerial,
            Self::WrongPassword => UploadRejection::WrongPassword,
            Self::NoPassword => UploadRejection::NoPassword,
            Self::NotStored(cause) => UploadRejection::Unstored { why: Box::new(cause.message()) },
            _ => return self.told(),
        };
        said.into()
    }

    /// The code as counted.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NoCredentials => "no_credentials",
            Self::UnknownSerial => "unknown_serial",
            Self::WrongPassword => "wrong_password",
            Self::NoPassword => "no_password",
            Self::TooManyFailures => "too_many_failures",
            Self::Busy => "busy",
            Self::Malformed { code, .. } => code,
            Self::Refused(refused) => refused.as_str(),
            Self::NoPoints(_) => "unknown_points",
            Self::OldPoints(_) => "outdated_points",
            Self::Download => "no_download",
            Self::NotStored(_) => "not_stored",
        }
    }

    /// Whether who it is from is in doubt.
    pub const fn is_about_credentials(&self) -> bool {
        matches!(
            self,
            Self::NoCredentials | Self::UnknownSerial | Self::WrongPassword | Self::NoPassword
        )
    }
}

/// Lets an upload in before it is read.
pub fn admit(service: &Service, address: IpAddr) -> Result<Pass, Rejected> {
    let pass = service.acquisuite().enter(address).ok_or(Rejected::Busy)?;
    if service.acquisuite().is_open(pass.address(), None) {
        Ok(pass)
    } else {
        Err(Rejected::TooManyFailures)
    }
}

/// Counts an upload that could not even be read.
pub async fn reject(service: &Service, pass: &Pass, rejected: &Rejected) {
    fail(service, service.acquisuite(), pass, None, None, rejected).await;
}

/// Takes an upload, and answers what the logger is to read.
pub async fn receive(service: &Service, upload: Upload<'_>) -> Result<String, Rejected> {
    let gate = service.acquisuite();
    let logger = authenticate(service, gate, &upload).await?;
    let known = KnownLogger { serial: logger.serial.clone(), site: logger.site };
    let who = Principal::Logger(Arc::new(known));
    let taken = match upload.form.mode() {
        Err(refused) => Err(refused.into()),
        Ok(Mode::Log) => files::log(service, gate, (&who, &logger), &upload.form).await,
        Ok(Mode::ConfigUpload) => files::keep(service, gate, &logger, &upload.form).await,
        Ok(Mode::Manifest) => files::manifest(service, &logger, &upload.form).await,
        Ok(Mode::Status | Mode::Test) => files::seen(service, &logger, &upload.form).await,
        Ok(Mode::ConfigDownload) => Err(Rejected::Download),
    };
    if let Err(rejected) = &taken {
        note(service, &upload, Some(&logger.serial), rejected).await;
    }
    taken
}

async fn authenticate(core: &Core, gate: &Gate, upload: &Upload<'_>) -> Result<Logger, Rejected> {
    let address = upload.pass.address();
    let Some((serial, password)) = credentials(upload) else {
        fail(core, gate, upload.pass, None, None, &Rejected::NoCredentials).await;
        return Err(Rejected::NoCredentials);
    };
    let number = SerialNumber::parse(serial).ok();
    if !gate.is_open(address, number.as_ref()) {
        return Err(Rejected::TooManyFailures);
    }
    let found = match &number {
        Some(number) => storage::devices::loggers::by_serial(core.pool(), number).await?,
        None => None,
    };
    let found = here(core, upload.site, found).await?;
    let hash = found.as_ref().and_then(|logger| logger.password_hash.clone());
    let fits = password::fits(gate, hash, password).await.ok_or(Rejected::Busy)?;
    let (known, rejected) = match found {
        Some(logger) if fits => {
            gate.succeeded(address, &logger.serial);
            let heard = activity::heard(core.pool(), &logger.serial, address).await;
            if let Err(error) = heard {
                // It is known until the next start all the same.
                tracing::warn!(logger = %logger.serial, "where it is could not be noted: {error}");
            }
            return Ok(logger);
        }
        Some(logger) if logger.password_hash.is_none() => {
            (Some(logger.serial), Rejected::NoPassword)
        }
        Some(logger) => (Some(logger.serial), Rejected::WrongPassword),
        None => (None, Rejected::UnknownSerial),
    };
    fail(core, gate, upload.pass, number.as_ref(), known.as_ref(), &rejected).await;
    Err(rejected)
}

/// Serial number and password: in the form, else those of the request itself.
fn credentials<'a>(upload: &'a Upload<'_>) -> Option<(&'a str, &'a str)> {
    let of_form = upload.form.get("SERIALNUMBER").zip(upload.form.get("PASSWORD"));
    let basic = upload.basic.as_ref();
    of_form.or_else(|| basic.map(|(serial, password)| (serial.as_str(), password.as_str())))
}

/// The logger, if it belongs to the site of the address that it uploads to.
async fn here(
    core: &Core,
    site: Option<&SiteSlug>,
    logger: Option<Logger>,
) -> Result<Option<Logger>, Rejected> {
    let Some(slug) = site else { return Ok(logger) };
    let site = storage::sites::by_slug(core.pool(), slug.as_str()).await?;
    Ok(logger.filter(|logger| site.is_some_and(|site| site.id == logger.site)))
}

/// Counts a failure against its address. Once the address is closed, what it still sends is turned away
/// without a trace, so that it cannot fill the log and the database.
async fn fail(
    core: &Core,
    gate: &Gate,
    pass: &Pass,
    tried: Option<&SerialNumber>,
    known: Option<&SerialNumber>,
    rejected: &Rejected,
) {
    let was_last = gate.failed(pass.address(), tried);
    count(core, known, rejected, (tried, pass.address())).await;
    if was_last {
        count(core, known, &Rejected::TooManyFailures, (tried, pass.address())).await;
    }
}

async fn note(core: &Core, upload: &Upload<'_>, known: Option<&SerialNumber>, rejected: &Rejected) {
    count(core, known, rejected, (None, upload.pass.address())).await;
}

/// A refused upload is counted, logged and kept where people can see it, with the serial number that was tried
/// and the address.
async fn count(
    core: &Core,
    known: Option<&SerialNumber>,
    rejected: &Rejected,
    (tried, address): (Option<&SerialNumber>, IpAddr),
) {
    let reason = rejected.as_str();
    let logger = known.map_or("unknown", SerialNumber::as_str);
    let (why, from) = (Box::new(rejected.seen()), address.to_string());
    let detail = match tried {
        Some(serial) => {
            UploadRejection::FromSerial { why, serial: serial.to_string(), address: from }
        }
        None => UploadRejection::From { why, address: from },
    };
    if let Rejected::NotStored(Error::Storage(cause)) = rejected {
        tracing::error!(logger, reason, %cause, "an upload could not be stored: {detail}");
    } else {
        tracing::warn!(logger, reason, "an upload was refused: {detail}");
    }
    let kept = activity::refuse(core.pool(), known, reason, detail.into()).await;
    if let Err(error) = kept {
        tracing::warn!("a refused upload could not be recorded: {error}");
    }
}
