//! Answers of Modbus units, as bytes on a connection: frames over TCP, and frames of serial lines.

use std::time::Duration;

use acquisition::Outbound;
use acquisition::probe::modbus::{Probe, interpretations, test_read};
use domain::Field;
use domain::devices::{Communication, ModbusSettings, Protocol};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::{Damage, bytes, config, damage, damaged};

/// Far longer than an answer on this machine takes, which always ends with the connection.
const LIMIT: Duration = Duration::from_secs(30);
const MOST_WORDS: usize = 2_000;

#[derive(Debug, Clone, Copy)]
enum Framing {
    Tcp,
    Rtu,
}

/// What a unit answers: registers in a good frame with this damage, or bytes that are no answer.
#[derive(Debug, Clone)]
enum Answer {
    Registers([u16; 7], Vec<Damage>),
    Bytes(Vec<u8>),
}

/// A unit that answers one question and hangs up.
struct Unit {
    runtime: Runtime,
    listener: TcpListener,
    settings: ModbusSettings,
    framing: Framing,
}

impl Unit {
    fn new(framing: Framing) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let transport = match framing {
            Framing::Tcp => "tcp",
            Framing::Rtu => "rtuOverTcp",
        };
        let settings = json!({"transport": transport, "host": "127.0.0.1", "unitId": 3,
            "port": listener.local_addr().unwrap().port(), "registers": {
                "power": {"address": 0, "type": "i16", "scaleFactor": 6},
                "voltage": {"address": 1, "type": "u16", "scale": 0.1},
                "current": {"address": 2, "type": "f32"},
                "energy": {"address": 4, "type": "u32", "wordOrder": "little", "scale": 0.01}}});
        let Communication::Modbus(settings) =
            Communication::parse(Protocol::Modbus, &settings).unwrap()
        else {
            panic!("not Modbus");
        };
        Self { runtime, listener, settings, framing }
    }

    /// What reading the unit makes of its answer.
    fn read(&self, answer: &Answer) -> Result<Probe, domain::message::Message> {
        let reach = Outbound::new(true).into();
        let exchange =
            async { tokio::join!(self.answer(answer), test_read(&self.settings, &reach)).1 };
        self.runtime.block_on(async { timeout(LIMIT, exchange).await.unwrap() })
    }

    async fn answer(&self, answer: &Answer) {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let mut question = [0; 12];
        let asked = match self.framing {
            Framing::Tcp => &mut question[..],
            Framing::Rtu => &mut question[..8],
        };
        stream.read_exact(asked).await.unwrap();
        let bytes = match answer {
            Answer::Bytes(bytes) => bytes.clone(),
            Answer::Registers(words, damage) => {
                damaged(&self.framing.frame([question[0], question[1]], words), damage)
            }
        };
        // It may have hung up on what it read of the answer.
        stream.write_all(&bytes).await.ok();
        stream.shutdown().await.ok();
        stream.read_to_end(&mut Vec::new()).await.ok();
    }
}

impl Framing {
    fn frame(self, transaction: [u8; 2], words: &[u16]) -> Vec<u8> {
        let mut answer = vec![3, 3, u8::try_from(words.len() * 2).unwrap()];
        answer.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        match self {
            Self::Tcp => {
                let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
                [&transaction[..], &[0, 0], &length, &answer].concat()
            }
            Self::Rtu => {
                let sum = crc(&answer).to_le_bytes();
                [answer, sum.to_vec()].concat()
            }
        }
    }
}

/// The checksum of serial frames (Modbus over serial line 1.02, section 6.2.2).
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        (0..8).fold(
            sum ^ u16::from(*byte),
            |sum, _| {
                if sum & 1 == 1 { sum >> 1 ^ 0xA001 } else { sum >> 1 }
            },
        )
    })
}

/// What is read is finite and of registers that were asked for; what is not is told in words.
fn is_settled(read: &Result<Probe, domain::message::Message>) -> Result<(), TestCaseError> {
    let probe = match read {
        Ok(probe) => probe,
        Err(words) => {
            prop_assert!(!words.message.is_empty() && words.message.len() <= MOST_WORDS, "{words}");
            return Ok(());
        }
    };
    prop_assert!(probe.values.not_finite().is_none());
    prop_assert!(probe.values.present().next().is_some() || !probe.problems.is_empty());
    prop_assert!(probe.problems.iter().map(|said| said.message.len()).sum::<usize>() <= MOST_WORDS);
    for point in &probe.points {
        prop_assert!(point.words.len() <= 4);
    }
    Ok(())
}

fn registers() -> impl Strategy<Value = [u16; 7]> {
    any::<[u16; 7]>()
}

fn whatever_comes_is_settled(framing: Framing) {
    let unit = Unit::new(framing);
    let answer = prop_oneof![
        bytes().prop_map(Answer::Bytes),
        (registers(), damage()).prop_map(|(words, damage)| Answer::Registers(words, damage)),
        registers().prop_map(|words| Answer::Registers(words, Vec::new())),
    ];
    TestRunner::new(config()).run(&answer, |answer| is_settled(&unit.read(&answer))).unwrap();
}

#[test]
fn whatever_comes_over_tcp_is_read_or_refused() {
    whatever_comes_is_settled(Framing::Tcp);
}

#[test]
fn whatever_comes_in_frames_of_a_serial_line_is_read_or_refused() {
    whatever_comes_is_settled(Framing::Rtu);
}

#[test]
fn an_untouched_answer_says_what_it_said() {
    // Neither what says "no value" nor more than any meter shows.
    let said = (-32_767..32_767_i16, ..65_535_u16, -1e6_f32..1e6, ..0x7FFF_FFFF_u32, -10_i16..=3);
    for framing in [Framing::Tcp, Framing::Rtu] {
        let unit = Unit::new(framing);
        let check = |(power, voltage, current, energy, factor): (i16, u16, f32, u32, i16)| {
            let (high, low) = (current.to_bits() >> 16, current.to_bits() & 0xFFFF);
            let half = |number: u32| u16::try_from(number & 0xFFFF).unwrap();
            let words = [
                power.cast_unsigned(),
                voltage,
                half(high),
                half(low),
                half(energy),
                half(energy >> 16),
                factor.cast_unsigned(),
            ];
            let probe = unit.read(&Answer::Registers(words, Vec::new())).unwrap();
            prop_assert!(probe.problems.is_empty());
            let scaled = f64::from(power) * 10_f64.powi(i32::from(factor));
            for (field, value) in [
                (Field::ActivePowerKw, scaled),
                (Field::VoltageL1, f64::from(voltage) * 0.1),
                (Field::CurrentL1, f64::from(current)),
                (Field::TotalEnergyKwh, f64::from(energy) * 0.01),
            ] {
                let got = probe.values.get(field).unwrap();
                prop_assert!(
                    (got - value).abs() <= value.abs() * 1e-9,
                    "{field:?}: {got}, {value}"
                );
            }
            Ok(())
        };
        TestRunner::new(config()).run(&said, check).unwrap();
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_registers_have_a_few_meanings_all_finite(words in vec(any::<u16>(), 0..130)) {
        let found = interpretations(&words);
        prop_assert!(found.len() <= 42);
        prop_assert!(found.iter().filter_map(|way| way.value).all(f64::is_finite));
        prop_assert_eq!(found.is_empty(), words.is_empty());
    }
}
