//! A form that a browser sends twice is done once.
//!
//! The forms of a page tell when its reader had last sent one. The same fields with the same time are the same form:
//! a second click, or one that is sent again since no answer came. It gets the answer of the first.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use app::FormKey;
use app::flash::Outcome;
use chrono::Utc;
use domain::operation::request::FormRefusal;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use parking_lot::Mutex;
use service::{Error, Principal};
use tokio::task::JoinError;
use uuid::Uuid;

use crate::error::ApiError;
use crate::flash::refused;

/// How long an answer is kept, and how many are at most.
const KEPT: Duration = Duration::from_mins(10);
const MOST: usize = 1_000;

/// The forms that browsers sent since the program began.
pub struct SentForms {
    began: FormKey,
    /// Since then time is measured by it, so that no clock that is set back counts.
    running: Instant,
    hasher: RandomState,
    sent: Mutex<Sent>,
}

#[derive(Default)]
struct Sent {
    /// When each session last sent one.
    last: HashMap<Uuid, FormKey>,
    /// The newest last.
    forms: VecDeque<SentForm>,
}

struct SentForm {
    hash: u64,
    at: Instant,
    outcome: Shared<BoxFuture<'static, Outcome>>,
}

impl Default for SentForms {
    fn default() -> Self {
        let began = FormKey(Utc::now().timestamp_micros());
        Self { began, running: Instant::now(), hasher: RandomState::new(), sent: Mutex::default() }
    }
}

impl SentForms {
    fn now(&self) -> FormKey {
        FormKey(self.began.0.saturating_add(micros(self.running.elapsed())))
    }

    /// The time that the forms of a page tell which somebody sees now.
    pub(crate) fn key(&self, who: &Principal) -> FormKey {
        let sent = self.sent.lock();
        let last = who.session().and_then(|session| sent.last.get(&session));
        last.copied().unwrap_or(self.began)
    }

    /// Whether a page of this run of the program tells it.
    pub(crate) fn knows(&self, key: FormKey) -> bool {
        key >= self.began
    }

    /// Does an act, or waits for the outcome of the same one. It is done to its end even where the browser does not
    /// wait for it.
    pub(crate) async fn once(
        &self,
        who: &Principal,
        form: (FormKey, &str, &[(String, String)]),
        act: impl Future<Output = Outcome> + Send + 'static,
    ) -> Result<Outcome, FormRefusal> {
        let (key, ..) = form;
        if !self.knows(key) {
            return Err(FormRefusal::Outdated);
        }
        let Some(session) = who.session() else { return Ok(act.await) };
        let hash = self.hasher.hash_one((session, form));
        let outcome = self.sent.lock().once((session, self.now()), hash, act);
        let outcome = outcome.await;
        if matches!(outcome, Outcome::Refused { .. }) {
            // Nothing was done: sent again it may succeed.
            self.sent.lock().forms.retain(|form| form.hash != hash);
        }
        Ok(outcome)
    }
}

impl Sent {
    fn once(
        &mut self,
        (session, now): (Uuid, FormKey),
        hash: u64,
        act: impl Future<Output = Outcome> + Send + 'static,
    ) -> Shared<BoxFuture<'static, Outcome>> {
        self.forget(now);
        if let Some(same) = self.forms.iter().find(|form| form.hash == hash) {
            return same.outcome.clone();
        }
        let doing = tokio::spawn(act);
        let outcome = async {
            let broke_off = |why: JoinError| ApiError::from(Error::Panicked(why.to_string()));
            doing.await.unwrap_or_else(|why| refused(&broke_off(why), BTreeMap::new()))
        };
        let outcome = outcome.boxed().shared();
        self.last.insert(session, now);
        self.forms.push_back(SentForm { hash, at: Instant::now(), outcome: outcome.clone() });
        outcome
    }

    /// Pages of sessions whose answers are forgotten tell the time at which the program began again: the
    /// same form sent from two of them lies further apart than an answer is kept.
    fn forget(&mut self, now: FormKey) {
        while self.forms.front().is_some_and(|form| form.at.elapsed() > KEPT)
            || self.forms.len() >= MOST
        {
            self.forms.pop_front();
        }
        let since = now.0 - 2 * micros(KEPT);
        self.last.retain(|_, last| last.0 > since);
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
