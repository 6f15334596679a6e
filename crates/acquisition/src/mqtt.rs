//! MQTT: one client per broker, the meters on it share it.

mod acks;
pub(crate) mod discovery;
mod link;
mod meter;
pub(crate) mod payload;
mod row;
mod session;
mod sums;
mod template;
mod tls;
pub(crate) mod topic;
mod unreadable;

use std::pin::pin;
use std::time::Duration;

use domain::devices::mqtt::Broker;
use domain::devices::{Device, DeviceState};
use domain::message::Message;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::watch;
use tokio::time::{sleep_until, timeout};
use tokio_util::sync::CancellationToken;

pub(crate) use self::link::{Caller, LinkEvent, open};
use self::session::Session;
pub use self::tls::check_certificate;
pub use self::unreadable::{Unreadable, UnreadableLog};
use crate::Outbox;
use crate::health::HealthReporter;

/// Readings that may wait for storage before no more messages are taken from the broker.
const WAITING: usize = 4096;
/// How long the last acknowledgements may take at the end.
const FAREWELL: Duration = Duration::from_secs(1);

/// Follows the topics of one broker until `stop`.
pub(crate) async fn run(
    broker: Broker,
    caller: Caller,
    mut devices: watch::Receiver<Vec<Device>>,
    outbox: Outbox,
    unreadable: UnreadableLog,
    stop: CancellationToken,
) {
    let (client, events) = open(broker, caller);
    let mut events = pin!(events);
    let mut session = Session::new(client.clone(), outbox.clone(), unreadable);
    let current = devices.borrow_and_update().clone();
    session.take_over(&current).await;
    let mut deliveries = FuturesUnordered::new();
    loop {
        // One batch after the other, so that a meter's readings keep their order.
        if deliveries.is_empty()
            && let Some((readings, tickets)) = session.take_closed()
        {
            let delivery = async { (outbox.deliver(readings, &stop).await, tickets) };
            deliveries.push(delivery);
        }
        tokio::select! {
            () = stop.cancelled() => break,
            changed = devices.changed() => {
                if changed.is_err() {
                    break;
                }
                let current = devices.borrow_and_update().clone();
                session.take_over(&current).await;
            }
            Some((outcome, tickets)) = deliveries.next(), if !deliveries.is_empty() => {
                session.settle(outcome, tickets).await;
            }
            Some(event) = events.next(), if session.closed() < WAITING => session.on(event).await,
            () = sleep_until(session.wake()) => session.tick().await,
        }
    }
    session.close_all();
    while let Some((outcome, tickets)) = deliveries.next().await {
        session.settle(outcome, tickets).await;
    }
    if let Some((readings, tickets)) = session.take_closed() {
        session.settle(outbox.deliver(readings, &stop).await, tickets).await;
    }
    if session.is_connected() && client.try_disconnect().is_ok() {
        let gone = async {
            while let Some(event) = events.next().await {
                if matches!(event, LinkEvent::Lost(_)) {
                    break;
                }
            }
        };
        timeout(FAREWELL, gone).await.ok();
    }
}

/// Says of each device that its broker is not known, for as long as that is so.
pub(crate) async fn report_unknown_broker(
    reason: Message,
    mut devices: watch::Receiver<Vec<Device>>,
    outbox: Outbox,
    stop: CancellationToken,
) {
    let mut pulses: Vec<HealthReporter> = Vec::new();
    loop {
        if pulses.is_empty() || devices.has_changed().unwrap_or(false) {
            let current = devices.borrow_and_update().clone();
            pulses =
                current.iter().map(|of| HealthReporter::new(of, outbox.health.clone())).collect();
        }
        for pulse in &mut pulses {
            pulse.fault(DeviceState::Error, reason.clone()).await;
        }
        let Some(due) = pulses.iter().map(HealthReporter::due).min() else { return };
        tokio::select! {
            () = stop.cancelled() => return,
            changed = devices.changed() => if changed.is_err() { return },
            () = sleep_until(due) => {}
        }
    }
}
