//! Sessions, kept in memory for some seconds so that requests seldom ask the database.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::language::Language;
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use storage::people::sessions::TokenHash;
use storage::people::{accounts, sessions};
use tokio::sync::Semaphore;

use super::limits::Limits;
use super::principal::SignedIn;
use crate::Error;

/// Changes that another process made, such as the command line, are seen after this.
const KEPT_FOR: Duration = Duration::from_secs(3);
/// Sessions that are kept.
const MOST: usize = 10_000;

/// Sessions, and the tries to begin one.
pub(crate) struct Sessions {
    known: Mutex<Known>,
    /// Whether there is an account: once there is, there always is.
    has_users: AtomicBool,
    looked: Mutex<Option<Instant>>,
    pub(super) limits: Limits,
    pub(super) hashing: Arc<Semaphore>,
    pub(super) waiting: [Arc<Semaphore>; 2],
}

#[derive(Default)]
struct Known {
    sessions: HashMap<TokenHash, (Instant, Arc<SignedIn>)>,
    /// Counts how often all were forgotten.
    forgotten: u64,
}

/// Tries that may wait for the one whose password is checked: from devices that are known, and from others.
const WAITING: usize = 16;

impl Sessions {
    pub(crate) async fn open(pool: &PgPool) -> Result<Self, Error> {
        Ok(Self {
            known: Mutex::default(),
            has_users: AtomicBool::new(accounts::is_any(pool).await?),
            looked: Mutex::default(),
            limits: Limits::default(),
            hashing: Arc::new(Semaphore::new(1)),
            waiting: [(); 2].map(|()| Arc::new(Semaphore::new(WAITING))),
        })
    }

    /// Has everybody looked up anew.
    pub(super) fn forget(&self) {
        let mut known = self.known.lock();
        known.sessions.clear();
        known.forgotten += 1;
        drop(known);
        *self.looked.lock() = None;
    }

    /// Whether there is an account; until there is, who sits at the machine acts as administrator.
    pub(crate) async fn has_users(&self, pool: &PgPool) -> bool {
        let now = Instant::now();
        if self.has_users.load(Ordering::Relaxed) {
            return true;
        }
        {
            let mut looked = self.looked.lock();
            if looked.is_some_and(|at| now.duration_since(at) < KEPT_FOR) {
                return false;
            }
            *looked = Some(now);
        }
        // Nobody can add one while the database is away.
        let has_users = accounts::is_any(pool).await.unwrap_or(false);
        self.has_users.fetch_or(has_users, Ordering::Relaxed);
        has_users
    }

    /// Whose session this is; nothing of one that has ended.
    pub(crate) async fn of(
        &self,
        pool: &PgPool,
        token: &str,
    ) -> Result<Option<Arc<SignedIn>>, Error> {
        match token_hash(token) {
            Some(token) => self.by_hash(pool, token).await,
            None => Ok(None),
        }
    }

    /// Whether somebody is still signed in, with the same roles.
    pub(super) async fn is_current(&self, pool: &PgPool, who: &SignedIn) -> bool {
        match self.by_hash(pool, who.token).await {
            Ok(now) => now.is_some_and(|now| *now == *who),
            Err(_) => true,
        }
    }

    async fn by_hash(
        &self,
        pool: &PgPool,
        token: TokenHash,
    ) -> Result<Option<Arc<SignedIn>>, Error> {
        let (now, forgotten, last) = {
            let known = self.known.lock();
            (Instant::now(), known.forgotten, known.sessions.get(&token).cloned())
        };
        if let Some((at, who)) = &last
            && now.duration_since(*at) < KEPT_FOR
        {
            return Ok(Some(Arc::clone(who)));
        }
        let found = match (found(pool, &token).await, last) {
            // While the database is away nobody can end a session either.
            (Err(Error::Unavailable), Some((_, who))) => return Ok(Some(who)),
            (found, _) => found?,
        };
        let mut known = self.known.lock();
        match &found {
            Some(who) if known.forgotten == forgotten => {
                if known.sessions.len() >= MOST {
                    known.sessions.retain(|_, (at, _)| now.duration_since(*at) < KEPT_FOR);
                }
                known.sessions.insert(token, (now, Arc::clone(who)));
            }
            Some(_) => {}
            None => {
                known.sessions.remove(&token);
            }
        }
        Ok(found)
    }
}

async fn found(pool: &PgPool, token: &TokenHash) -> Result<Option<Arc<SignedIn>>, Error> {
    let Some(row) = sessions::use_token(pool, token).await? else { return Ok(None) };
    let grants = accounts::grants(pool, row.user).await?;
    Ok(Some(Arc::new(SignedIn {
        user: row.user,
        name: row.name,
        display_name: row.display_name,
        language: row.language.as_deref().and_then(Language::parse),
        session: row.session,
        token: *token,
        grants,
    })))
}

/// The stored form of the token that a browser keeps.
pub(super) fn token_hash(token: &str) -> Option<TokenHash> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let token = <[u8; 32]>::try_from(bytes).ok()?;
    Some(Sha256::digest(token).into())
}

/// A new token: 256 random bits.
pub(super) fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
