//! Damaged and hostile answers, messages and uploads: whatever comes is read or refused in words.
//!
//! Each kind gets random bytes, and messages that were good before some of their bytes were changed,
//! cut off, doubled or put in. Those that nobody touched must still say what they said.

#![expect(clippy::unwrap_used, reason = "what the tests share may panic as the tests do")]

mod acquisuite;
mod modbus;
mod mqtt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// Damage done to a message.
#[derive(Debug, Clone)]
enum Damage {
    Change(Index, u8),
    Cut(Index),
    Double(Index, Index),
    Insert(Index, Vec<u8>),
}

impl Damage {
    fn to(&self, message: &mut Vec<u8>) {
        let place = |at: &Index| at.index(message.len() + 1);
        match self {
            Self::Change(at, byte) => {
                let at = place(at);
                if let Some(old) = message.get_mut(at) {
                    *old ^= byte;
                }
            }
            Self::Cut(at) => message.truncate(place(at)),
            Self::Double(from, to) => {
                let (from, to) = (place(from), place(to));
                message.extend_from_within(from.min(to)..from.max(to));
            }
            Self::Insert(at, bytes) => {
                let at = place(at);
                message.splice(at..at, bytes.iter().copied());
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let one = prop_oneof![
        4 => (any::<Index>(), 1_u8..).prop_map(|(at, byte)| Damage::Change(at, byte)),
        1 => any::<Index>().prop_map(Damage::Cut),
        1 => any::<(Index, Index)>().prop_map(|(from, to)| Damage::Double(from, to)),
        1 => (any::<Index>(), vec(any::<u8>(), 1..12)).prop_map(|(at, b)| Damage::Insert(at, b)),
    ];
    vec(one, 1..6)
}

/// A message after all of its damage.
fn damaged(message: &[u8], damage: &[Damage]) -> Vec<u8> {
    let mut message = message.to_vec();
    for one in damage {
        one.to(&mut message);
    }
    message
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..300)
}
