//! Links by which users set their password: for those who are invited, and those who have forgotten it.

use std::net::IpAddr;

use domain::people::UserId;
use domain::people::password::check;
use domain::people::refusal::SignInRefusal;
use sqlx::PgConnection;
use storage::people::invitations::InvitationRow;
use storage::people::{accounts, invitations};

use super::audit::Change;
use super::hash::hash_of;
use super::sessions::{new_token, token_hash};
use super::sign_in::{self, Attempt, Begun};
use crate::{Core, Error, Principal};

/// Stores a new link of a user and returns its token.
pub(super) async fn put(db: &mut PgConnection, user: UserId) -> Result<String, Error> {
    let token = new_token();
    let stored = token_hash(&token).ok_or(Error::Unavailable)?;
    invitations::put(db, user, &stored).await?;
    Ok(token)
}

/// The name of the user to whom an open link belongs. Changes nothing.
///
/// # Errors
/// [`Error::NotFound`], with the code `invitation_ended` if the link was there once.
pub async fn open(core: &Core, token: &str) -> Result<String, Error> {
    Ok(find(core.pool(), token).await?.name)
}

/// Sets the password of a user by a link, ends all sessions of the user and begins one.
///
/// # Errors
/// As of [`open`], or the password is refused; the link stays open then.
pub async fn accept(
    core: &Core,
    (token, password): (&str, &str),
    (address, device): (IpAddr, &str),
) -> Result<Begun, Error> {
    let name = open(core, token).await?;
    check(password, &name).map_err(|refused| Error::invalid("password", refused))?;
    let hashed = hash_of(password).await?;
    let mut change = Change::begin(core, &Principal::Anonymous).await?;
    // Two that use a link at once wait for each other here.
    accounts::lock(&mut change.db).await?;
    let InvitationRow { user, name, .. } = find(&mut *change.db, token).await?;
    accounts::set_password(&mut *change.db, user, &hashed).await?;
    sign_in::end_access(&mut change.db, user).await?;
    change.by(user, &name).commit("user.password", &format!("user:{user}"), &()).await?;
    core.sessions().forget();
    let attempt = Attempt { name: &name, password, address, device, known: None };
    sign_in::begin(core, user, &attempt).await
}

async fn find(db: impl sqlx::PgExecutor<'_>, token: &str) -> Result<InvitationRow, Error> {
    let found = match token_hash(token) {
        Some(token) => invitations::find(db, &token).await?,
        None => None,
    };
    match found {
        Some(found) if found.is_open => Ok(found),
        Some(_) => Err(Error::not_found("invitation_ended", SignInRefusal::LinkEnded)),
        None => Err(Error::not_found("invitation_not_found", SignInRefusal::LinkEnded)),
    }
}
