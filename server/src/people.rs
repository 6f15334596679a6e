//! `wattlens create-user`, `set-password` and `users`, beside a running server or without one.

use std::io::{IsTerminal as _, stdin};

use service::Principal;
use service::operation::supervision::Supervision;
use service::people::accounts::{self, NewRole, NewUser};
use storage::PgPool;

use crate::config::{CreateUserSettings, DatabaseSettings, SetPasswordSettings};
use crate::database::{self, Schema, absolute, beside_server};
use crate::start::StartError;

/// Somebody who can start programs on the data is its administrator.
const WHO: Principal = Principal::Loopback;

/// Creates somebody who can sign in.
pub(crate) async fn create(settings: CreateUserSettings) -> Result<(), StartError> {
    let password = password(settings.password_stdin)?;
    let site = settings.site.as_deref().map(domain::SiteSlug::from);
    let new = NewUser {
        name: settings.name.clone(),
        display_name: settings.display_name,
        email: None,
        password: Some(password),
        roles: vec![NewRole { site, role: settings.role }],
        meters: Vec::new(),
    };
    let is_there = || database::existing(settings.database.clone()).is_ok();
    let was_there = is_there();
    let created =
        on(settings.database.clone(), async |pool| accounts::create(pool, &WHO, new).await).await;
    if !was_there && is_there() {
        println!("made the data folder {}", absolute(&settings.database.data_dir).display());
    }
    created?;
    println!("{} can sign in now", settings.name);
    Ok(())
}

/// Sets a password and ends the sessions of its owner.
pub(crate) async fn set_password(settings: SetPasswordSettings) -> Result<(), StartError> {
    let database = database::existing(settings.database)?;
    let password = password(settings.password_stdin)?;
    let pair = (settings.name.as_str(), password.as_str());
    on(database, async |pool| accounts::set_password(pool, &WHO, pair).await).await?;
    println!("{} has a new password, and has to sign in again", settings.name);
    Ok(())
}

/// Prints everybody with their roles.
pub(crate) async fn list(settings: DatabaseSettings) -> Result<(), StartError> {
    let database = database::existing(settings)?;
    for person in on(database, async |pool| accounts::list(pool, &WHO).await).await? {
        let roles = person.roles.iter().map(|it| match &it.site {
            Some(site) => format!("{} of {site}", it.role.name()),
            None => format!("{} of all sites", it.role.name()),
        });
        let roles = roles.collect::<Vec<_>>().join(", ");
        let disabled = if person.is_disabled { " (disabled)" } else { "" };
        println!("{}\t{}\t{roles}{disabled}", person.name, person.display_name);
    }
    Ok(())
}

/// Does something on the database.
async fn on<T>(
    settings: DatabaseSettings,
    act: impl AsyncFnOnce(&PgPool) -> Result<T, service::Error>,
) -> Result<T, StartError> {
    let settings = beside_server(settings);
    let database = database::open(&settings, &Supervision::default(), Schema::AsItIs).await?;
    let done = act(&database.pool).await;
    database.close().await?;
    done.map_err(StartError::Account)
}

/// The password, typed unseen where there is a terminal.
fn password(is_given: bool) -> Result<String, StartError> {
    if is_given || !stdin().is_terminal() {
        let mut line = String::new();
        stdin().read_line(&mut line).map_err(StartError::Password)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    rpassword::prompt_password("Password: ").map_err(StartError::Password)
}
