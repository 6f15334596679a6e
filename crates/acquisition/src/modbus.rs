//! Modbus over TCP, over serial lines, and serial frames over TCP: one task per gateway or line, its
//! units in turn.

mod connect_policy;
mod decode;
mod drain;
mod exception;
mod first_wait;
mod interpret;
mod line_lock;
mod link;
mod map;
mod plan;
mod sunspec;
mod transactions;
mod unit;

use std::time::Duration;

use domain::Reading;
use domain::devices::{Communication, Device, Line};
use futures::FutureExt;
use futures::future::OptionFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

pub use self::connect_policy::{ConnectPolicy, SerialPorts};
pub(crate) use self::exception::said;
pub use self::interpret::{Hint, Interpretation, interpretations, interpretations_for};
pub(crate) use self::link::{Link, ReadError};
pub(crate) use self::map::{Look, Map, is_absence};
use self::unit::Unit;
use crate::Outbox;
use crate::backoff::Backoff;

/// Readings of a line that may wait for storage. When they are this many, polling waits too.
const WAITING: usize = 1024;

/// Reads the units of one gateway or serial port until `stop`.
pub(crate) async fn run(
    reach: ConnectPolicy,
    devices: watch::Receiver<Vec<Device>>,
    outbox: Outbox,
    stop: CancellationToken,
) {
    let (readings, waiting) = mpsc::channel(WAITING);
    let mut gateway = Gateway {
        reach,
        units: Vec::new(),
        link: None,
        retry: Instant::now(),
        backoff: Backoff::new(Duration::from_millis(500), Duration::from_secs(30)),
        readings,
        outbox: outbox.clone(),
    };
    let polling = async {
        stop.run_until_cancelled(gateway.run(devices)).await;
        // Closes the channel, which lets the courier end when it has delivered the rest.
        drop(gateway);
    };
    tokio::join!(polling, carry(waiting, &outbox, &stop));
}

/// Takes readings to storage as they come, as many at once as have gathered meanwhile.
async fn carry(mut waiting: mpsc::Receiver<Reading>, outbox: &Outbox, stop: &CancellationToken) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, WAITING).await > 0 {
        outbox.deliver(std::mem::take(&mut batch), stop).await;
    }
}

struct Gateway {
    reach: ConnectPolicy,
    units: Vec<Unit>,
    /// Absent while down, and while a poll is under way: a poll that is given up takes it along.
    link: Option<Link>,
    /// When to connect again after a failure.
    retry: Instant,
    backoff: Backoff,
    readings: mpsc::Sender<Reading>,
    outbox: Outbox,
}

impl Gateway {
    async fn run(&mut self, mut devices: watch::Receiver<Vec<Device>>) {
        self.take_over(&devices.borrow_and_update().clone());
        loop {
            let beat = self.units.iter().map(|unit| unit.pulse.due()).min();
            let next = self.next();
            let due = next.and_then(|next| self.units.get(next)).map(|unit| unit.due);
            let poll = due.map(|due| due.max(self.retry));
            let wake = poll.into_iter().chain(beat).min();
            let wanted = self.link.as_ref().map(Link::wanted);
            tokio::select! {
                changed = devices.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    self.take_over(&devices.borrow_and_update().clone());
                    continue;
                }
                () = OptionFuture::from(wanted).map(drop), if self.link.is_some() => {
                    self.link = None;
                    continue;
                }
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
            }
            let now = Instant::now();
            if beat.is_some_and(|beat| beat <= now) {
                for unit in &mut self.units {
                    unit.pulse.beat(now).await;
                }
            }
            if let Some(next) = next
                && poll.is_some_and(|poll| poll <= now)
            {
                self.poll(next).await;
            }
        }
    }

    /// The unit whose turn it is: the one that has been due for longest.
    fn next(&self) -> Option<usize> {
        let units = self.units.iter().enumerate();
        units.min_by_key(|(_, unit)| unit.due).map(|(number, _)| number)
    }

    /// Makes the units match the devices; what did not change keeps its beat and its state.
    fn take_over(&mut self, devices: &[Device]) {
        let mut old = std::mem::take(&mut self.units);
        for device in devices {
            let Communication::Modbus(settings) = &device.communication else { continue };
            let unit = match old.iter().position(|unit| unit.device == *device) {
                Some(same) => old.swap_remove(same),
                None => Unit::new(device.clone(), settings.clone(), &self.outbox),
            };
            self.units.push(unit);
        }
    }

    async fn poll(&mut self, next: usize) {
        let Some(to) = self.units.get(next).map(|unit| unit.line.clone()) else { return };
        let Some(link) = self.connected(&to).await else { return };
        let reused = link.used;
        let mut outcome = self.ask(next, link).await;
        if outcome.as_ref().is_err_and(|error| is_of_the_line(error, reused, &to)) {
            let Some(link) = self.connected(&to).await else { return };
            outcome = self.ask(next, link).await;
        }
        match outcome {
            Ok(None) => {}
            // Closed only when the task ends.
            Ok(Some(reading)) => self.readings.send(reading).await.unwrap_or_default(),
            Err(error) => {
                if let Some(unit) = self.units.get_mut(next) {
                    unit.fail(&error).await;
                }
            }
        }
    }

    /// Asks a unit. The link is kept only if its state is certain afterwards.
    async fn ask(&mut self, unit: usize, mut link: Link) -> Result<Option<Reading>, ReadError> {
        let Some(asked) = self.units.get_mut(unit) else { return Ok(None) };
        let answer = asked.poll(&mut link).await;
        if answer.is_ok() {
            self.link = Some(link);
        }
        answer
    }

    /// The link to a line, made anew if need be: units behind one gateway may be spoken to in
    /// different ways. When that fails, all units of the line say so.
    async fn connected(&mut self, to: &Line) -> Option<Link> {
        if let Some(link) = self.link.take_if(|link| link.line == *to) {
            return Some(link);
        }
        self.link = None;
        match Link::connect(to, &self.reach).await {
            Ok(link) => {
                self.backoff.succeed();
                Some(link)
            }
            Err(reason) => {
                self.retry = Instant::now() + self.backoff.fail();
                for unit in self.units.iter_mut().filter(|unit| unit.line == *to) {
                    unit.unreachable(reason.clone().into()).await;
                }
                None
            }
        }
    }
}

/// Whether an error is no fault of the unit that was asked: gateways close idle connections, and on a
/// serial line the late answer of one unit meets the request to another.
fn is_of_the_line(error: &ReadError, reused: bool, line: &Line) -> bool {
    match error {
        ReadError::Broken(_) => reused,
        ReadError::Foreign => line.is_rtu(),
        ReadError::Exception(_)
        | ReadError::TimedOut(_)
        | ReadError::OtherTransaction
        | ReadError::Wrong(_) => false,
    }
}
