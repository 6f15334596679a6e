//! What an authenticated logger brings: log files, lists of points, signs of life.

use std::collections::{BTreeMap, BTreeSet};

use acquisition::acquisuite::{
    self, Columns, Entry, Form, LARGEST_TEXT, LOG_PERIOD, Line, Log, OWN_CONFIG, config_name,
    is_config_name, log_period, meaning,
};
use chrono::{DateTime, Utc};
use domain::devices::logger::upload::{LineRefusal, OfDevice, UploadRefusal};
use domain::devices::logger::uploads::Uploads;
use domain::devices::logger::{DeviceAddress, LogPeriod, NameError};
use domain::message::Message;
use domain::readings::refusal::RefusalReason;
use domain::{MeterId, Reading, Source, Values};
use storage::devices::loggers::activity;
use storage::devices::loggers::{File, Logger};

use crate::devices::acquisuite::gate::Gate;
use crate::devices::acquisuite::{Rejected, meters, view};
use crate::readings::ingest;
use crate::{Action, Core, Error, Principal, instants};

/// What the logger waits for, on a line by itself.
const SUCCESS: &str = "SUCCESS\n";
/// Readings of one transaction.
const TOGETHER: usize = 2_000;
/// Bytes of a list of points.
const LARGEST_LIST: usize = 256 << 10;
/// Characters of a name that a logger gives to a device.
const LONGEST_NAME: usize = 100;

/// Stores the readings of a log file, and answers after their commit. Lines that cannot be stored are
/// counted and shown, and hold up no others: a refused file would be sent again for ever.
pub(crate) async fn log(
    core: &Core,
    gate: &Gate,
    (who, logger): (&Principal, &Logger),
    form: &Form,
) -> Result<String, Rejected> {
    who.require_on(Action::SendReadings, logger.site, || Error::no_site(logger.site))?;
    let files = storage::devices::loggers::files(core.pool(), &logger.serial).await?;
    let (sent, settings) = (form.clone(), logger.clone());
    let read = move || read(&sent, &settings, &files);
    let logs = gate.in_turn(read).await.ok_or(Rejected::Busy)??;
    let name: Option<String> =
        form.get("MODBUSDEVICENAME").map(|name| name.chars().take(LONGEST_NAME).collect());
    let mut readable = Vec::with_capacity(logs.len());
    let mut held_back = None;
    for log in logs {
        let address = match log.device {
            Some(address) => address,
            None => form.device()?,
        };
        // The meter is made even where the file is refused: the logger is asked for the points of its
        // devices.
        let meters = Fed::by(core, (who, logger), (address, name.as_deref()), &log).await?;
        match check(logger, address, &log) {
            Ok(()) => readable.push((meters, address, log.lines)),
            Err(why) => held_back = held_back.or(Some(why)),
        }
    }
    if let Some(why) = held_back.take_if(|_| readable.is_empty()) {
        return Err(why);
    }
    let files = held_back.is_none().into();
    let mut brought = Uploads { files, ..sign(logger, form) };
    for (meters, address, lines) in readable {
        store(core, &meters, address, lines, &mut brought).await?;
    }
    if let Some(why) = &brought.last_refused {
        tracing::warn!(logger = %logger.serial, "{} lines refused, the last one: {}", brought.refused, why);
    }
    remember(core, logger, &brought).await;
    // The logger keeps the file for the devices that could not be read: what is stored of the others
    // is then found to be there.
    held_back.map_or_else(|| Ok(SUCCESS.to_owned()), Err)
}

/// Checks, unpacks and reads a log file: what takes a core.
fn read(form: &Form, settings: &Logger, files: &[File]) -> Result<Vec<Log>, UploadRefusal> {
    let (bytes, _) = form.file("LOGFILE")?;
    let text = acquisuite::text(bytes)?;
    let stated = form.device().ok();
    acquisuite::read(&text, |device| match device.or(stated) {
        Some(address) => columns(settings, files, address),
        None => Columns::default(),
    })
}

/// What is known of the points of a device.
fn columns(settings: &Logger, files: &[File], address: DeviceAddress) -> Columns {
    let points = view::listed(files.iter().map(File::named), address);
    Columns::split(&points, settings.columns.of(address), settings.point_meters.of(address))
}

/// Refuses a file whose numbers nobody can name yet: the logger keeps it until somebody can.
fn check(logger: &Logger, address: DeviceAddress, log: &Log) -> Result<(), Rejected> {
    if logger.columns.takes_nothing_of(address) {
        return Ok(());
    }
    let any = |is: fn(&Line) -> bool| log.lines.iter().any(is);
    if !log.is_named && any(|line| matches!(line, Ok(Entry::Unnamed))) {
        return Err(Rejected::NoPoints(address));
    }
    // Where some lines fit the list, the others are garbled.
    let fits = any(|line| matches!(line, Ok(Entry::Reading { .. } | Entry::Unnamed)));
    if !fits && any(|line| matches!(line, Err(LineRefusal::TooMany))) {
        return Err(Rejected::OldPoints(address));
    }
    Ok(())
}

/// The meters that a device feeds.
struct Fed {
    /// None where all that is taken of the device is of points.
    device: Option<MeterId>,
    points: BTreeMap<u16, MeterId>,
}

impl Fed {
    async fn by(
        core: &Core,
        by: (&Principal, &Logger),
        (address, name): (DeviceAddress, Option<&str>),
        log: &Log,
    ) -> Result<Self, Error> {
        let mut points = BTreeMap::new();
        for (_, point) in by.1.point_meters.all().filter(|(of, _)| *of == address) {
            let meter = meters::of(core, by, (address, Some(point)), None).await?;
            points.insert(point.number(), meter);
        }
        let is_own = |line: &Line| match line {
            Ok(Entry::Reading { values, .. }) => values.present().next().is_some(),
            _ => false,
        };
        let device = if points.is_empty() || log.lines.iter().any(is_own) {
            Some(meters::of(core, by, (address, None), name).await?)
        } else {
            None
        };
        Ok(Self { device, points })
    }
}

async fn store(
    core: &Core,
    meters: &Fed,
    address: DeviceAddress,
    lines: Vec<Line>,
    brought: &mut Uploads,
) -> Result<(), Error> {
    let mut lines = lines.into_iter().zip(1_usize..).peekable();
    while lines.peek().is_some() {
        let mut readings = Vec::new();
        for (line, number) in lines.by_ref().take(TOGETHER) {
            match line {
                Ok(entry) => readings.extend(taken(meters, address, entry, brought)),
                Err(why) => refuse(brought, address, number, why),
            }
        }
        if readings.is_empty() {
            continue;
        }
        let outcome = core.submit(readings).await?;
        brought.stored += i64::try_from(outcome.accepted).unwrap_or(i64::MAX);
        brought.repeated += i64::try_from(outcome.duplicates).unwrap_or(i64::MAX);
        brought.conflicting += i64::try_from(outcome.conflicts).unwrap_or(i64::MAX);
        brought.refused += i64::try_from(outcome.refused.len()).unwrap_or(i64::MAX);
        if let Some(last) = outcome.refused.last() {
            brought.last_refused = Some(refused_reading(address, last.at, last.reason.clone()));
        }
    }
    Ok(())
}

/// What a line brings to be stored.
///
/// Readings of loggers are marked as posted to the API, which they are: another word for them would
/// have every stored reading checked again, under a lock that stops all reading and writing.
fn taken(
    meters: &Fed,
    address: DeviceAddress,
    entry: Entry,
    brought: &mut Uploads,
) -> Vec<Reading> {
    match entry {
        Entry::Reading { at, quality, values, points } => {
            let at = instants::stored(at);
            let is_empty = values.present().next().is_none();
            let of_device = meters.device.filter(|_| !is_empty).map(|meter| (meter, values));
            let of_points = points
                .into_iter()
                .filter_map(|point| Some((*meters.points.get(&point.number)?, point.values)));
            let reading = |(meter, values): (_, Box<Values>)| Reading {
                meter,
                at,
                quality,
                source: Source::Api,
                values: *values,
            };
            of_device.into_iter().chain(of_points).map(reading).collect()
        }
        Entry::Silent { at, code } => {
            brought.silent += 1;
            if code != 0 {
                happened(brought, address, at, code);
            }
            Vec::new()
        }
        Entry::Unnamed => {
            brought.silent += 1;
            Vec::new()
        }
        Entry::Event { at, code } => {
            happened(brought, address, at, code);
            Vec::new()
        }
    }
}

/// An event of a time that cannot be would stay the last one for as long as the logger lives.
fn happened(brought: &mut Uploads, address: DeviceAddress, at: DateTime<Utc>, code: u16) {
    if let Some(why) = ingest::impossible(at, Utc::now()) {
        brought.refused += 1;
        brought.last_refused = Some(refused_reading(address, at, why));
        return;
    }
    if brought.last_event_at.is_none_or(|last| at >= last) {
        let of = OfDevice::Code { device: address.number(), code, event: meaning(code) };
        brought.last_event = Some(of.into());
        brought.last_event_at = Some(at);
    }
}

fn refuse(brought: &mut Uploads, address: DeviceAddress, number: usize, why: LineRefusal) {
    brought.refused += 1;
    let of = OfDevice::Line { device: address.number(), line: number, why };
    brought.last_refused = Some(of.into());
}

fn refused_reading(address: DeviceAddress, at: DateTime<Utc>, why: RefusalReason) -> Message {
    let why = Box::new(why.into());
    OfDevice::Reading { device: address.number(), at, why }.into()
}

/// Keeps a list of points: from the next log file on it names the columns.
pub(crate) async fn keep(
    core: &Core,
    gate: &Gate,
    logger: &Logger,
    form: &Form,
) -> Result<String, Rejected> {
    let sent = form.clone();
    let file = gate.in_turn(move || list(&sent)).await.ok_or(Rejected::Busy)??;
    storage::devices::loggers::put_file(core.pool(), &logger.serial, &file).await?;
    let mut brought = sign(logger, form);
    if file.file_name == OWN_CONFIG {
        let stated = log_period(&file.content).transpose();
        brought.log_period_minutes = minutes(logger, stated).or(brought.log_period_minutes);
    }
    note(core, logger, &brought).await?;
    Ok(SUCCESS.to_owned())
}

/// Checks, unpacks and reads a list of points.
fn list(form: &Form) -> Result<File, UploadRefusal> {
    let (bytes, _) = form.file("CONFIGFILE")?;
    if bytes.len() > LARGEST_LIST {
        return Err(UploadRefusal::TooLarge { limit: LARGEST_TEXT });
    }
    let plain = acquisuite::unpacked(bytes)?;
    // The logger compares it with the file that it keeps, which is not compressed.
    let md5 = acquisuite::checked(&plain, None)?;
    let content = String::from_utf8_lossy(&plain).into_owned();
    let sent = form.file_name();
    let device =
        if sent.is_empty() { Some(form.device()?) } else { acquisuite::device_of_config(sent) };
    if !(device.is_some() || is_config_name(sent))
        || content.contains('\0')
        || content.len() > LARGEST_LIST
    {
        return Err(UploadRefusal::Config { name: sent.chars().take(LONGEST_NAME).collect() });
    }
    // However the logger writes it, a device has one list, under the name that the manifest asks for.
    let name = device.map_or(OWN_CONFIG.to_owned(), |device| base(&config_name(device)).to_owned());
    let file_time = form.get("FILETIME").unwrap_or_default().to_owned();
    Ok(File { file_name: name, content, md5, file_time })
}

/// A name without its folder.
fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// Names the lists of points that are wanted, each with what is kept of it: the logger sends those that
/// differ. Without a time, it never takes one from here.
pub(crate) async fn manifest(
    core: &Core,
    logger: &Logger,
    form: &Form,
) -> Result<String, Rejected> {
    let files = storage::devices::loggers::files(core.pool(), &logger.serial).await?;
    let devices = storage::devices::loggers::devices(core.pool(), &logger.serial).await?;
    let addresses: BTreeSet<_> = devices.iter().map(|device| device.address).collect();
    let mut names = vec![OWN_CONFIG.to_owned()];
    names.extend(addresses.into_iter().map(config_name));
    let mut answer = SUCCESS.to_owned();
    for name in names {
        let kept = files.iter().find(|file| file.file_name == base(&name));
        let (md5, time) =
            kept.map_or(("", ""), |file| (file.md5.as_str(), file.file_time.as_str()));
        answer.extend(["CONFIGFILE,", &name, ",", md5, ",", time, "\n"]);
    }
    seen(core, logger, form).await?;
    Ok(answer)
}

/// Notes that a logger got through.
pub(crate) async fn seen(core: &Core, logger: &Logger, form: &Form) -> Result<String, Rejected> {
    note(core, logger, &sign(logger, form)).await?;
    Ok(SUCCESS.to_owned())
}

/// That a logger got through, and what the form says about itself.
fn sign(logger: &Logger, form: &Form) -> Uploads {
    let stated = form.get(LOG_PERIOD).map(LogPeriod::parse);
    Uploads {
        last_at: Some(Utc::now()),
        log_period_minutes: minutes(logger, stated),
        ..Uploads::default()
    }
}

fn minutes(logger: &Logger, stated: Option<Result<LogPeriod, NameError>>) -> Option<i16> {
    match stated? {
        Ok(period) => Some(period.minutes().into()),
        Err(why) => {
            tracing::warn!(logger = %logger.serial, "how often it logs is not known: {why}");
            None
        }
    }
}

/// Adds what an upload brought. How often a logger writes down what it reads is how long its meters are
/// waited for: when that changes, the registry is read again.
async fn note(core: &Core, logger: &Logger, brought: &Uploads) -> Result<(), Error> {
    let before = match brought.log_period_minutes {
        Some(_) => activity::log_period(core.pool(), &logger.serial).await?,
        None => None,
    };
    activity::add(core.pool(), &logger.serial, brought).await?;
    if brought.log_period_minutes != before {
        core.reload().await?;
    }
    Ok(())
}

/// The readings are stored by now: that they could not be counted does not make them be sent again.
async fn remember(core: &Core, logger: &Logger, brought: &Uploads) {
    if let Err(error) = note(core, logger, brought).await {
        tracing::warn!(logger = %logger.serial, "an upload could not be counted: {error}");
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn an_event_of_a_time_that_cannot_be_is_refused_and_said() {
        let (mut brought, address) = (Uploads::default(), DeviceAddress::new(7).unwrap());
        let seen = Utc::now() - TimeDelta::hours(1);
        happened(&mut brought, address, seen, 139);
        for odd in ["2099-01-01T00:00:00Z", "1970-01-01T00:00:05Z"] {
            happened(&mut brought, address, odd.parse().unwrap(), 139);
        }
        assert_eq!((brought.last_event_at, brought.refused), (Some(seen), 2));
        let why = brought.last_refused.unwrap().message;
        assert!(why.starts_with("device 7, 1970") && why.contains("before 1990"), "{why}");
    }
}
