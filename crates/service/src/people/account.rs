//! The account of the user who asks: its profile, password and sessions.

use domain::language::Language;
use domain::people::password::check;
use domain::people::refusal::AccountRefusal;
use domain::people::{Session, SessionId, UserId};
use serde_json::json;
use storage::people::{accounts, sessions};

use super::accounts::displayed;
use super::audit::Change;
use super::hash::hash_of;
use super::sign_in;
use crate::{Core, Error, Principal};

/// Changes the name that others see, and the language of pages; that of the browser without one.
///
/// # Errors
/// Nobody is signed in, or the name is refused.
pub async fn set_profile(
    core: &Core,
    who: &Principal,
    display_name: &str,
    language: Option<Language>,
) -> Result<(), Error> {
    let user = who.signed_in()?.account.user;
    let mut change = Change::begin(core, who).await?;
    accounts::set_display_name(&mut *change.db, user, displayed(display_name)?).await?;
    accounts::set_language(&mut *change.db, user, language).await?;
    let detail = json!({"displayName": true, "language": language});
    commit(core, change, "user.update", user, &detail).await
}

/// Changes the password and ends the other sessions. Wrong present passwords make the session wait.
///
/// # Errors
/// Nobody is signed in, a password is refused, or there were too many tries.
pub async fn change_password(
    core: &Core,
    who: &Principal,
    (present, new): (&str, &str),
) -> Result<(), Error> {
    let user = who.signed_in()?;
    let limits = &core.sessions().limits;
    sign_in::wait(limits.wait_in(user.session))?;
    let stored = accounts::password(core.pool(), user.account.user).await?;
    if !sign_in::fits(core.sessions(), stored, present, true).await? {
        limits.failed_in(user.session);
        return Err(Error::invalid("password", AccountRefusal::PasswordWrong));
    }
    limits.succeeded_in(user.session);
    check(new, &user.account.name).map_err(|refused| Error::invalid("newPassword", refused))?;
    let password = hash_of(new).await?;
    let mut change = Change::begin(core, who).await?;
    accounts::set_password(&mut *change.db, user.account.user, &password).await?;
    sessions::end_others(&mut *change.db, user.account.user, SessionId(user.session)).await?;
    commit(core, change, "user.password", user.account.user, &()).await
}

/// The sessions of the user, those used last first.
///
/// # Errors
/// Nobody is signed in.
pub async fn list_sessions(core: &Core, who: &Principal) -> Result<Vec<Session>, Error> {
    Ok(sessions::list(core.pool(), who.signed_in()?.account.user).await?)
}

/// Ends a session of the user; one that has ended already stays so.
///
/// # Errors
/// Nobody is signed in.
pub async fn end_session(core: &Core, who: &Principal, session: SessionId) -> Result<(), Error> {
    let user = who.signed_in()?.account.user;
    let mut change = Change::begin(core, who).await?;
    sessions::end(&mut *change.db, user, session).await?;
    commit(core, change, "session.end", user, &()).await
}

/// Ends the present session, where there is one.
///
/// # Errors
/// The database is away.
pub async fn sign_out(core: &Core, who: &Principal) -> Result<(), Error> {
    match who {
        Principal::User(user) => end_session(core, who, SessionId(user.session)).await,
        Principal::Token(_) | Principal::Logger(_) | Principal::Loopback | Principal::Anonymous => {
            Ok(())
        }
    }
}

/// Ends all sessions of the user, the present one too, and the tokens of programs.
///
/// # Errors
/// Nobody is signed in.
pub async fn sign_out_everywhere(core: &Core, who: &Principal) -> Result<(), Error> {
    let user = who.signed_in()?.account.user;
    let mut change = Change::begin(core, who).await?;
    sign_in::end_access(&mut change.db, user).await?;
    commit(core, change, "session.end_all", user, &()).await
}

async fn commit(
    core: &Core,
    change: Change,
    action: &str,
    user: UserId,
    detail: &impl serde::Serialize,
) -> Result<(), Error> {
    change.commit(action, &format!("user:{user}"), detail).await?;
    core.sessions().forget();
    Ok(())
}
