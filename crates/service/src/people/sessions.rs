//! Sessions and tokens, kept in memory for some seconds so that requests seldom ask the database.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::language::Language;
use domain::people::{Action, UserId};
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use storage::people::sessions::TokenHash;
use storage::people::{accounts, own_meters, sessions, tokens};
use tokio::sync::Semaphore;

use super::limits::Limits;
use super::principal::{Account, Principal, SignedIn, TokenUse};
use crate::Error;

/// Changes that another process made, such as the command line, are seen after this.
const KEPT_FOR: Duration = Duration::from_secs(3);
/// Sessions and tokens that are kept.
const MOST: usize = 10_000;

/// Sessions and tokens, and the tries to begin a session.
pub(crate) struct Sessions {
    kept: Mutex<Kept>,
    /// Whether there is an account: once there is, there always is.
    has_users: AtomicBool,
    looked: Mutex<Option<Instant>>,
    /// Accounts to see a demonstration as.
    demo: Mutex<Vec<(&'static str, &'static str)>>,
    pub(super) limits: Limits,
    pub(super) hashing: Arc<Semaphore>,
    pub(super) waiting: [Arc<Semaphore>; 2],
}

#[derive(Default)]
struct Kept {
    principals: HashMap<TokenHash, (Instant, Principal)>,
    /// Counts how often all were forgotten.
    forgotten: u64,
}

/// Tries that may wait for the one whose password is checked: from devices that are known, and from others.
const WAITING: usize = 16;

impl Sessions {
    pub(crate) async fn open(pool: &PgPool) -> Result<Self, Error> {
        Ok(Self {
            kept: Mutex::default(),
            has_users: AtomicBool::new(accounts::is_any(pool).await?),
            looked: Mutex::default(),
            demo: Mutex::default(),
            limits: Limits::default(),
            hashing: Arc::new(Semaphore::new(1)),
            waiting: [(); 2].map(|()| Arc::new(Semaphore::new(WAITING))),
        })
    }

    /// Has everybody looked up anew.
    pub(super) fn forget(&self) {
        let mut kept = self.kept.lock();
        kept.principals.clear();
        kept.forgotten += 1;
        drop(kept);
        *self.looked.lock() = None;
    }

    /// Offers accounts to see a demonstration as.
    pub(super) fn offer(&self, accounts: Vec<(&'static str, &'static str)>) {
        *self.demo.lock() = accounts;
    }

    /// The accounts to see a demonstration as, as long as there are no users.
    pub(super) fn offered(&self) -> Vec<(&'static str, &'static str)> {
        if self.has_users.load(Ordering::Relaxed) { Vec::new() } else { self.demo.lock().clone() }
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

    /// The user of a session; nobody of one that has ended.
    pub(crate) async fn of_session(
        &self,
        pool: &PgPool,
        token: &str,
    ) -> Result<Option<Principal>, Error> {
        match token_hash(token) {
            Some(token) => self.by_hash(pool, Known::Session(token)).await,
            None => Ok(None),
        }
    }

    /// The program that sends this token; nothing of one that has ended.
    pub(crate) async fn of_token(
        &self,
        pool: &PgPool,
        token: &str,
    ) -> Result<Option<Principal>, Error> {
        self.by_hash(pool, Known::Token(Sha256::digest(token).into())).await
    }

    /// Whether somebody is still signed in, or a token still holds, with the same rights.
    pub(super) async fn is_current(&self, pool: &PgPool, who: &Principal) -> bool {
        self.still(pool, who, |now| now == who).await
    }

    /// The same, whatever name and language they have by now.
    pub(super) async fn keeps_rights(&self, pool: &PgPool, who: &Principal) -> bool {
        self.still(pool, who, |now| now.rights() == who.rights()).await
    }

    async fn still(
        &self,
        pool: &PgPool,
        who: &Principal,
        holds: impl Fn(&Principal) -> bool,
    ) -> bool {
        let known = match who {
            Principal::User(user) => Known::Session(user.token),
            Principal::Token(token) => Known::Token(token.token),
            Principal::Logger(_) | Principal::Loopback | Principal::Anonymous => return true,
        };
        match self.by_hash(pool, known).await {
            Ok(now) => now.is_some_and(|now| holds(&now)),
            Err(_) => true,
        }
    }

    async fn by_hash(&self, pool: &PgPool, by: Known) -> Result<Option<Principal>, Error> {
        let (Known::Session(hash) | Known::Token(hash)) = by;
        let (now, forgotten, last) = {
            let kept = self.kept.lock();
            (Instant::now(), kept.forgotten, kept.principals.get(&hash).cloned())
        };
        if let Some((at, who)) = &last
            && now.duration_since(*at) < KEPT_FOR
        {
            return Ok(Some(who.clone()));
        }
        let found = match (found(pool, by).await, last) {
            // While the database is away nobody can end a session either.
            (Err(Error::Unavailable), Some((_, who))) => return Ok(Some(who)),
            (found, _) => found?,
        };
        let mut kept = self.kept.lock();
        match &found {
            Some(who) if kept.forgotten == forgotten => {
                if kept.principals.len() >= MOST {
                    kept.principals.retain(|_, (at, _)| now.duration_since(*at) < KEPT_FOR);
                }
                kept.principals.insert(hash, (now, who.clone()));
            }
            Some(_) => {}
            None => {
                kept.principals.remove(&hash);
            }
        }
        Ok(found)
    }
}

/// By which it is known who acts.
#[derive(Clone, Copy)]
enum Known {
    Session(TokenHash),
    Token(TokenHash),
}

async fn found(pool: &PgPool, by: Known) -> Result<Option<Principal>, Error> {
    match by {
        Known::Session(hash) => {
            let Some(row) = sessions::use_token(pool, &hash).await? else { return Ok(None) };
            let account = account(pool, row.user, (row.name, row.display_name)).await?;
            let language = row.language.as_deref().and_then(Language::parse);
            let (session, is_demo) = (row.session, row.is_demo);
            let user = SignedIn { account, language, session, token: hash, is_demo };
            Ok(Some(Principal::User(Arc::new(user))))
        }
        Known::Token(hash) => {
            let Some(row) = tokens::use_token(pool, &hash).await? else { return Ok(None) };
            Ok(Some(Principal::Token(Arc::new(TokenUse {
                id: row.id,
                token: hash,
                owner: account(pool, row.user_id, (row.name, row.display_name)).await?,
                actions: row.actions.iter().filter_map(|name| Action::of(name)).collect(),
                site: row.site_id,
                meters: row.is_for_meters.then_some(row.meters),
            }))))
        }
    }
}

async fn account(
    pool: &PgPool,
    user: UserId,
    (name, display_name): (String, String),
) -> Result<Account, Error> {
    let grants = accounts::grants(pool, user).await?;
    let own = own_meters::of(pool, user).await?;
    Ok(Account { user, name, display_name, grants, own })
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
