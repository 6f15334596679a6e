//! Where whoever asks is signed in.

use domain::people::refusal::SignInRefusal;
use storage::people::sessions::{self, SessionView};
use uuid::Uuid;

use super::audit::Change;
use crate::{Core, Error, Principal};

/// The sessions of whoever asks, those used last first.
pub async fn own(core: &Core, who: &Principal) -> Result<Vec<SessionView>, Error> {
    Ok(sessions::of(core.pool(), who.signed_in()?.user).await?)
}

/// Ends a session of whoever asks.
pub async fn end(core: &Core, who: &Principal, session: Uuid) -> Result<(), Error> {
    let user = who.signed_in()?.user;
    let mut change = Change::begin(core, who).await?;
    if !sessions::end(&mut *change.db, user, session).await? {
        return Err(Error::not_found("session_not_found", SignInRefusal::Ended));
    }
    change.commit("session.end", &format!("user:{user}"), &session).await?;
    core.sessions().forget();
    Ok(())
}

/// Ends all sessions of whoever asks, but the one by which they ask.
pub async fn end_others(core: &Core, who: &Principal) -> Result<(), Error> {
    let user = who.signed_in()?;
    let mut change = Change::begin(core, who).await?;
    sessions::end_all(&mut *change.db, user.user, Some(user.session)).await?;
    change.commit("session.end_others", &format!("user:{}", user.user), &()).await?;
    core.sessions().forget();
    Ok(())
}
