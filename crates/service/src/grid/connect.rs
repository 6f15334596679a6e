//! Connecting: the nearest transformer with room is reserved in Postgres, else the next one.

use std::sync::Arc;

use domain::grid::feasibility::{
    Candidate, ConnectionId, FeasibilityRequest, Outcome, Reason, Verdict, screen,
};
use domain::grid::refusal::{RequestRefusal, Unfit};
use domain::message::Message;
use serde_json::{Value, json};
use storage::grid::connections::New;
use storage::grid::transformers::Stored;
use uuid::Uuid;

use super::{CheckedRequest, search};
use crate::people::audit::Change;
use crate::{Action, Error, Principal, Service, resolve};

/// How often a request that others were quicker than is tried again.
const TRIES: usize = 100;
/// Characters of a key at most.
pub const LONGEST_KEY: usize = 255;
/// The constraint that a second request under one key breaks.
const KEY_TAKEN: &str = "connections_idempotency_key";

/// Connects a consumer or prosumer, or says why not; either is kept. A repeat under the same key is
/// answered as the first was, and changes nothing.
pub async fn connect(
    service: &Service,
    who: &Principal,
    request: &FeasibilityRequest,
    key: Option<&str>,
) -> Result<Outcome, Error> {
    resolve::in_world(service, who, Action::Connect)?;
    let asked = CheckedRequest::check(service, request)?;
    let as_asked = FeasibilityRequest { explain: false, ..request.clone() };
    let body = serde_json::to_value(as_asked).unwrap_or_default();
    let connecting = Connecting { service, who, asked, body, key };
    if let Some(key) = key {
        check_key(key)?;
        if let Some(answer) = connecting.answered(key).await? {
            return Ok(answer);
        }
    }
    match (connecting.decide(request.explain).await, key) {
        (Err(Stopped::KeyTaken), Some(key)) => {
            connecting.answered(key).await?.ok_or(Error::Unavailable)
        }
        (Err(Stopped::KeyTaken), None) => Err(Error::Unavailable),
        (Err(Stopped::Because(error)), _) => Err(error),
        (Ok(outcome), _) => Ok(outcome),
    }
}

fn check_key(key: &str) -> Result<(), Error> {
    if (1..=LONGEST_KEY).contains(&key.chars().count()) {
        return Ok(());
    }
    Err(Error::invalid("Idempotency-Key", RequestRefusal::KeyLength { most: LONGEST_KEY }))
}

/// Why a request was not decided.
enum Stopped {
    /// Another request came first under its key.
    KeyTaken,
    /// Something failed.
    Because(Error),
}

impl From<storage::Error> for Stopped {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Constraint { name, .. } if name == KEY_TAKEN => Self::KeyTaken,
            other => Self::Because(other.into()),
        }
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Because(error)
    }
}

struct Connecting<'a> {
    service: &'a Service,
    who: &'a Principal,
    asked: CheckedRequest,
    body: Value,
    key: Option<&'a str>,
}

impl Connecting<'_> {
    /// What was answered under the key before.
    async fn answered(&self, key: &str) -> Result<Option<Outcome>, Error> {
        let Some((body, answer)) =
            storage::grid::connections::under_key(self.service.pool(), key).await?
        else {
            return Ok(None);
        };
        if body != self.body {
            return Err(Error::conflict("idempotency_key_reused", RequestRefusal::KeyReused)
                .at("Idempotency-Key"));
        }
        serde_json::from_value(answer).map(Some).map_err(|error| {
            Error::Storage(storage::Error::Unreadable {
                column: "connections.answer".to_owned(),
                value: error.to_string(),
            })
        })
    }

    async fn decide(&self, explain: bool) -> Result<Outcome, Stopped> {
        for _ in 0..TRIES {
            let (found, candidates) = {
                let index = self.service.grid().index().await?;
                let asked = &self.asked;
                let found = search::assign(&index, asked);
                let found = found.map(|(stored, distance_m)| (Arc::clone(stored), distance_m));
                let candidates = explain.then(|| search::candidates(&index, asked));
                (found.ok_or_else(|| search::reason(&index, asked)), candidates)
            };
            let (stored, distance_m) = match found {
                Ok(found) => found,
                Err(reason) => return self.reject(reason, candidates).await,
            };
            if let Some(outcome) = self.reserve(&stored, distance_m, candidates).await? {
                return Ok(outcome);
            }
            self.refresh(&stored).await?;
        }
        Err(Stopped::Because(Error::Unavailable))
    }

    /// Reserves room at a transformer and keeps the connection; none where others were quicker.
    async fn reserve(
        &self,
        stored: &Stored,
        distance_m: f64,
        candidates: Option<Vec<Candidate>>,
    ) -> Result<Option<Outcome>, Stopped> {
        let request = &self.asked.request;
        let id = stored.transformer.id;
        let mut change = self.change().await?;
        let reserved =
            storage::grid::transformers::reserve(&mut *change.db, id, request.need()).await?;
        let Some(reserved) = reserved else { return Ok(None) };
        let mut before = reserved.transformer.loading;
        before.consumption = before.consumption - request.consumption;
        before.production = before.production - request.production;
        let voltage = screen(request, before, distance_m);
        if self.asked.settings.voltage_binding && voltage.verdict == Verdict::Fail {
            return Ok(None);
        }
        let connection = ConnectionId(Uuid::new_v4());
        let name = reserved.transformer.name.clone();
        let new = New { transformer: Some((id, distance_m, &voltage)), ..self.decided(None) };
        let outcome = Outcome::Approved {
            id: connection,
            message: format!("Connection successfully created and linked to transformer {name}"),
            assigned_transformer: name,
            transformer_id: id,
            voltage: voltage.clone(),
            candidates,
        };
        self.store(change, connection, &new, &outcome).await?;
        self.service.grid().apply(vec![reserved]).await;
        Ok(Some(outcome))
    }

    async fn reject(
        &self,
        reason: Unfit,
        candidates: Option<Vec<Candidate>>,
    ) -> Result<Outcome, Stopped> {
        let reason = Message::from(reason);
        let outcome = Outcome::Rejected { reason: Reason(reason.clone()), candidates };
        let connection = ConnectionId(Uuid::new_v4());
        let new = self.decided(Some(&reason));
        self.store(self.change().await?, connection, &new, &outcome).await?;
        Ok(outcome)
    }

    async fn change(&self) -> Result<Change, Error> {
        Ok(Change::begin(self.service, self.who).await?.at(super::site(self.service)))
    }

    async fn store(
        &self,
        mut change: Change,
        id: ConnectionId,
        new: &New<'_>,
        outcome: &Outcome,
    ) -> Result<(), Stopped> {
        let kept = self.kept(outcome);
        storage::grid::connections::insert(&mut *change.db, id, new, kept.as_ref()).await?;
        let noted = json!({"request": self.body, "outcome": outcome});
        Ok(change.commit("connection.create", &format!("connection:{id}"), &noted).await?)
    }

    /// Reads a transformer again that is not as it was known.
    async fn refresh(&self, stored: &Stored) -> Result<(), Error> {
        let id = stored.transformer.id;
        match storage::grid::transformers::by_id(self.service.pool(), id).await? {
            Some(newer) => self.service.grid().apply(vec![newer]).await,
            None => self.service.grid().index.write().remove(id),
        }
        Ok(())
    }

    fn decided<'a>(&'a self, reason: Option<&'a Message>) -> New<'a> {
        let request = &self.asked.request;
        New {
            kind: request.kind,
            consumption: request.consumption,
            production: request.production,
            place: request.place,
            reason,
            transformer: None,
            request: &self.body,
            key: self.key,
        }
    }

    /// The answer as it is kept: only where it may be asked for again.
    fn kept(&self, outcome: &Outcome) -> Option<Value> {
        self.key.and_then(|_| serde_json::to_value(outcome).ok())
    }
}
