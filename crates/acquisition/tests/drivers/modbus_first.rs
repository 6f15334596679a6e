//! The first request of a connection, and answers that carry another number than their request.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use acquisition::Outbound;
use acquisition::probe::modbus::test_read;
use domain::devices::{Communication, Protocol};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::bus::Bus;
use crate::stub::{Answer, Question, Stub};

/// Shorter than an answer is waited for, which is three seconds.
const WAKING: Duration = Duration::from_millis(2500);
/// Longer than that.
const LATE: Duration = Duration::from_millis(3200);

/// How a gateway behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Gateway {
    /// It swallows what is asked soon after connecting.
    Sleepy,
    /// It answers the first request of all late, and the second not at once either.
    Slow,
    Silent,
    /// It answers with a number of its own.
    Renumbering,
    OtherUnit,
}

struct Case {
    gateway: Gateway,
    settings: Value,
    /// The remarks of two looks, each on its own connection: none where they succeed.
    said: &'static str,
    /// How many requests they take.
    requests: usize,
}

/// A gateway whose registers hold their own addresses, and how often it was asked.
async fn gateway(case: &Case) -> (u16, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let behaviour = case.gateway;
    let answer = move |Question { start, count: width, age, .. }: Question| {
        let before = count.fetch_add(1, Ordering::SeqCst);
        let words: Vec<_> = (start..start + width).collect();
        match behaviour {
            Gateway::Sleepy if age < WAKING => Answer::Silence,
            Gateway::Slow if before == 0 => Answer::Late(LATE, words),
            Gateway::Slow if before == 1 => Answer::Late(Duration::from_millis(300), words),
            Gateway::Silent => Answer::Silence,
            Gateway::OtherUnit => Answer::WrongUnit(words),
            Gateway::Renumbering => Answer::WrongTransaction(words),
            _ => Answer::Registers(words),
        }
    };
    let address = if case.settings["transport"] == "rtuOverTcp" {
        Bus::start(answer).await.address
    } else {
        Stub::start(answer).await.address
    };
    (address.port(), asked)
}

async fn run(case: Case) {
    let (port, asked) = gateway(&case).await;
    // Two values that are read apart, so that an answer to one would pass for one to the other.
    let mut settings = json!({"host": "127.0.0.1", "port": port, "unitId": 5,
        "registers": {"power": 10, "voltage": 100}});
    for (name, value) in case.settings.as_object().unwrap() {
        settings[name] = value.clone();
    }
    let Ok(Communication::Modbus(settings)) = Communication::parse(Protocol::Modbus, &settings)
    else {
        panic!("{settings}");
    };
    let of = format!("{:?} {}", case.gateway, case.settings);
    for _ in 0..2 {
        match test_read(&settings, &Outbound::new(true).into()).await {
            Ok(probe) => {
                assert_eq!(case.said, "", "{of}");
                let values = &probe.values;
                assert_eq!(
                    (values.active_power_kw, values.voltage_l1),
                    (Some(10.0), Some(100.0)),
                    "{of}"
                );
            }
            Err(error) => {
                let error = error.to_string();
                assert!(!case.said.is_empty() && error.contains(case.said), "{of}: {error}");
            }
        }
    }
    assert_eq!(asked.load(Ordering::SeqCst), case.requests, "{of}");
}

#[tokio::test]
async fn a_first_request_is_asked_again_and_numbers_need_not_be_right() {
    use Gateway::{OtherUnit, Renumbering, Silent, Sleepy, Slow};
    let case = |gateway, settings, said, requests| Case { gateway, settings, said, requests };
    let silent = "no answer within";
    let cases = vec![
        // Asked twice on the first connection only: the wait is known from then on.
        case(Sleepy, json!({}), "", 5),
        case(Sleepy, json!({"transport": "rtuOverTcp"}), "", 5),
        case(Sleepy, json!({"firstWait": 2600}), "", 4),
        case(Sleepy, json!({"firstWait": 0}), silent, 2),
        case(Silent, json!({}), silent, 4),
        case(Slow, json!({}), "", 5),
        case(Slow, json!({"transport": "rtuOverTcp"}), "", 5),
        case(Slow, json!({"strictTransactions": false}), "", 5),
        case(Renumbering, json!({"strictTransactions": false}), "", 4),
        case(Renumbering, json!({}), "set strictTransactions to false", 2),
        case(OtherUnit, json!({"strictTransactions": false}), "another request or unit", 2),
    ];
    join_all(cases.into_iter().map(run)).await;
}
