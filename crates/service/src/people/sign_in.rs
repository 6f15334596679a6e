//! Signing in and out.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::people::refusal::SignInRefusal;
use domain::people::{AccountName, UserId};
use sqlx::PgConnection;
use storage::people::audit::NewEntry;
use storage::people::{accounts, sessions, tokens};

use super::hash;
use super::sessions::{Sessions, new_token, token_hash};
use crate::{Core, Error, Principal};

/// Characters that are kept of what a browser says that it is.
const DEVICE_LENGTH: usize = 200;

/// A try to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// As it was typed.
    pub name: &'a str,
    /// As it was typed.
    pub password: &'a str,
    /// Address of the client.
    pub address: IpAddr,
    /// The browser's `User-Agent`.
    pub device: &'a str,
    /// The device cookie of an earlier sign-in.
    pub known: Option<&'a str>,
}

/// A new session, and the cookies for it.
#[derive(Debug)]
pub struct Begun {
    /// By which it is known who asks, until the session ends.
    pub token: String,
    /// By which its owner is not kept waiting, after sessions too.
    pub known: String,
    /// The signed-in user.
    pub who: Principal,
}

/// By which it is known who asks.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// A session cookie.
    pub session: Option<String>,
    /// The token of a program, which counts before a cookie.
    pub token: Option<String>,
    /// Whether somebody at this machine asks.
    pub is_near: bool,
}

/// The principal of a request. While no user exists somebody at this machine is administrator.
///
/// # Errors
/// The token of a program is not known or has ended; or the database is away, and the session is not known.
pub async fn who(core: &Core, sent: &Sent) -> Result<Principal, Error> {
    if let Some(token) = &sent.token {
        let found = core.sessions().of_token(core.pool(), token).await?;
        return found.ok_or(Error::NotSignedIn(SignInRefusal::Token));
    }
    let signed_in = match &sent.session {
        Some(session) => core.sessions().of_session(core.pool(), session).await?,
        None => None,
    };
    let holds = |who: &Principal| match who {
        Principal::User(user) => !user.is_demo || sent.is_near,
        _ => true,
    };
    Ok(match signed_in.filter(holds) {
        Some(user) => user,
        None if sent.is_near && !has_users(core).await => Principal::Loopback,
        None => Principal::Anonymous,
    })
}

/// Whether a principal is still what it was when it asked for something that goes on, such as a stream.
pub async fn is_current(core: &Core, who: &Principal) -> bool {
    if *who == Principal::Loopback {
        return !has_users(core).await;
    }
    core.sessions().is_current(core.pool(), who).await
}

/// Whether there is an account.
pub async fn has_users(core: &Core) -> bool {
    core.sessions().has_users(core.pool()).await
}

/// Signs somebody in.
///
/// # Errors
/// The name or the password is wrong, which of them is not said; or there were too many tries.
pub async fn sign_in(core: &Core, attempt: Attempt<'_>) -> Result<Begun, Error> {
    if !has_users(core).await {
        return Err(Error::NotSignedIn(SignInRefusal::NoUsers));
    }
    let sessions = core.sessions();
    let name = AccountName::parse(attempt.name).ok();
    let counted = name.as_ref().map_or("", AccountName::as_str);
    let mark = mark(counted);
    let is_known =
        attempt.known.is_some_and(|known| core.vault().open(known).is_ok_and(|it| it == mark));
    wait(sessions.limits.wait(attempt.address, counted, is_known))?;
    let Some(user) = checked(core, name.as_ref(), attempt.password, is_known).await? else {
        sessions.limits.failed(attempt.address, counted);
        tracing::warn!(address = %attempt.address, "a sign-in failed");
        storage::people::audit::count_refusal(core.pool(), attempt.address).await?;
        return Err(Error::NotSignedIn(SignInRefusal::Failed));
    };
    sessions.limits.succeeded(attempt.address, counted);
    begin(core, user, &attempt).await
}

/// The content of a device cookie of a user.
fn mark(name: &str) -> String {
    format!("known to {name}")
}

/// Begins a session of a user, whose password was checked.
pub(super) async fn begin(
    core: &Core,
    user: UserId,
    attempt: &Attempt<'_>,
) -> Result<Begun, Error> {
    let token = store(core, user, attempt).await?;
    let who = core.sessions().of_session(core.pool(), &token).await?;
    let who = who.ok_or(Error::NotSignedIn(SignInRefusal::Ended))?;
    let known = core.vault().seal(&mark(&who.name()));
    Ok(Begun { token, known, who })
}

/// Refuses a try that comes too soon after others that failed.
pub(super) fn wait(wait: Duration) -> Result<(), Error> {
    if wait.is_zero() {
        return Ok(());
    }
    let seconds = wait.as_secs() + 1;
    Err(Error::Busy(SignInRefusal::Wait { seconds }.into()))
}

/// Stores a session of a user.
async fn store(core: &Core, user: UserId, attempt: &Attempt<'_>) -> Result<String, Error> {
    let token = new_token();
    let stored = token_hash(&token).ok_or(Error::Unavailable)?;
    let device: String =
        attempt.device.chars().filter(|it| !it.is_control()).take(DEVICE_LENGTH).collect();
    let mut db = core.pool().begin().await.map_err(storage::Error::from)?;
    sessions::forget_ended(&mut *db).await?;
    sessions::insert(&mut *db, &stored, user, (attempt.address, &device)).await?;
    let subject = format!("user:{user}");
    let entry = NewEntry {
        who: "user",
        user: Some(user),
        address: Some(attempt.address),
        action: "session.begin",
        subject: &subject,
        ..NewEntry::default()
    };
    storage::people::audit::add(&mut *db, entry).await?;
    db.commit().await.map_err(storage::Error::from)?;
    Ok(token)
}

/// Whose name and password these are. It takes as long where there is no such account.
async fn checked(
    core: &Core,
    name: Option<&AccountName>,
    password: &str,
    is_known: bool,
) -> Result<Option<UserId>, Error> {
    let found = match name {
        Some(name) => accounts::credentials(core.pool(), name).await?,
        None => None,
    };
    let stored = found.as_ref().and_then(|found| found.password.clone());
    let fits = fits(core.sessions(), stored, password, is_known).await?;
    Ok(found.filter(|_| fits).map(|found| found.id))
}

/// Whether a password fits, once it is its turn to be checked.
pub(super) async fn fits(
    sessions: &Sessions,
    stored: Option<String>,
    password: &str,
    is_known: bool,
) -> Result<bool, Error> {
    let [known, strangers] = &sessions.waiting;
    let waiting = if is_known { known } else { strangers };
    let crowded = || Error::Busy(SignInRefusal::Crowded.into());
    let _place = waiting.try_acquire().map_err(|_| crowded())?;
    let turn = Arc::clone(&sessions.hashing).acquire_owned().await.map_err(|_| crowded())?;
    let password = password.to_owned();
    // The turn lasts as long as the work, even where nobody waits for it any more.
    let work = move || {
        let fits = hash::fits(stored.as_deref(), &password);
        drop(turn);
        fits
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::of_ended)
}

/// Ends the sessions and the tokens of a user.
pub(super) async fn end_access(db: &mut PgConnection, user: UserId) -> Result<(), Error> {
    sessions::end_all(&mut *db, user).await?;
    Ok(tokens::end_all(&mut *db, user).await?)
}
