//! The view of a principal that `/api/me` answers.

use chrono::NaiveDate;
use domain::MeterId;
use domain::ownership::OwnMeter;
use domain::people::{Action, Role, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use super::principal::{Account, Principal};

/// A principal with its roles, actions and meters.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Me {
    /// The user who acts, or for whom a token does: nobody while no user exists, and where nobody has signed in.
    pub user: Option<UserView>,
    /// Roles on all sites and on single ones.
    pub roles: Vec<Role>,
    /// Actions that are allowed on one site at least.
    pub actions: Vec<Action>,
    /// Meters of their own, and since and until when.
    pub meters: Vec<OwnView>,
}

/// A meter of somebody's own.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnView {
    /// Its id.
    pub meter_id: MeterId,
    /// The first day on which it is theirs; ever since without one.
    pub valid_from: Option<NaiveDate>,
    /// The day after the last one; for good without one.
    pub valid_to: Option<NaiveDate>,
}

/// A user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// Its id.
    pub id: UserId,
    /// The user name.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
}

/// The view of a principal.
pub fn of(who: &Principal) -> Me {
    let account = who.account();
    let roles = match who {
        Principal::Loopback => vec![Role::Admin],
        _ => account.map(roles).unwrap_or_default(),
    };
    let user = account.map(|account| UserView {
        id: account.user,
        name: account.name.clone(),
        display_name: account.display_name.clone(),
    });
    let may = |action: &Action| who.require_somewhere(*action).is_ok();
    let own = |own: OwnMeter| OwnView {
        meter_id: own.meter,
        valid_from: own.valid_from,
        valid_to: own.valid_to,
    };
    Me {
        user,
        roles,
        actions: Action::ALL.into_iter().filter(may).collect(),
        meters: who.owns().map(own).collect(),
    }
}

fn roles(account: &Account) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for grant in &account.grants {
        if !roles.contains(&grant.role) {
            roles.push(grant.role);
        }
    }
    roles
}
