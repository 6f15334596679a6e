//! Accounts of a demonstration, to see it as people of several kinds do. They have no password, count as no users, and
//! are gone with the first real one.

use domain::people::refusal::SignInRefusal;
use domain::people::{AccountName, Action};
use storage::people::{accounts, own_meters};

use super::accounts::{NewRole, give};
use super::audit::Change;
use super::own_meters::NewOwnMeter;
use super::sign_in::{Attempt, Begun, begin};
use crate::{Core, Error, Principal};

/// An account of a demonstration.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// The user name.
    pub name: &'static str,
    /// The name that is shown.
    pub display_name: &'static str,
    /// The role.
    pub role: NewRole,
    /// Meters of their own.
    pub meters: Vec<NewOwnMeter>,
}

/// Offers accounts to see the demonstration as, unless there are users.
///
/// # Errors
/// The principal may not, or a site or meter of an account is not there.
pub async fn offer(core: &Core, who: &Principal, offered: &[DemoAccount]) -> Result<(), Error> {
    who.require(Action::ManagePeople)?;
    let mut change = Change::begin(core, who).await?;
    accounts::lock(&mut change.db).await?;
    if accounts::is_any(&mut *change.db).await? {
        return Ok(());
    }
    for account in offered {
        let name = AccountName::parse(account.name).map_err(|it| Error::invalid("name", it))?;
        let user = accounts::found_demo(&mut *change.db, &name, account.display_name).await?;
        accounts::take_roles(&mut *change.db, user).await?;
        own_meters::take_all(&mut *change.db, user).await?;
        give(&mut change.db, user, std::slice::from_ref(&account.role)).await?;
        super::own_meters::give(&mut change.db, user, &account.meters).await?;
    }
    let names: Vec<_> = offered.iter().map(|account| account.name).collect();
    change.commit("demo.offer", "demo", &names).await?;
    let shown = offered.iter().map(|account| (account.name, account.display_name));
    core.sessions().offer(shown.collect());
    Ok(())
}

/// The accounts to see the demonstration as: user names, and the names that are shown.
pub fn offered(core: &Core) -> Vec<(&'static str, &'static str)> {
    core.sessions().offered()
}

/// Signs somebody at this machine in with an account of the demonstration.
///
/// # Errors
/// There is no such account, or there are users by now.
pub async fn look_as(core: &Core, attempt: Attempt<'_>) -> Result<Begun, Error> {
    let refused = || Error::NotSignedIn(SignInRefusal::Failed);
    let name = AccountName::parse(attempt.name).map_err(|_| refused())?;
    let user = accounts::demo(core.pool(), &name).await?.ok_or_else(refused)?;
    begin(core, user, &attempt).await
}
