//! The view of a principal that `/api/me` answers.

use domain::people::{Action, Role, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use super::principal::{Principal, SignedIn};

/// A principal with its roles and actions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Me {
    /// Nobody while no user exists, and where nobody has signed in.
    pub user: Option<UserView>,
    /// Roles on all sites and on single ones.
    pub roles: Vec<Role>,
    /// Actions that are allowed on one site at least.
    pub actions: Vec<Action>,
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
    let (user, roles) = match who {
        Principal::User(user) => {
            let SignedIn { user: id, name, display_name, grants, .. } = &**user;
            let (id, name, display_name) = (*id, name.clone(), display_name.clone());
            let mut roles: Vec<Role> = Vec::new();
            for grant in grants {
                if !roles.contains(&grant.role) {
                    roles.push(grant.role);
                }
            }
            (Some(UserView { id, name, display_name }), roles)
        }
        Principal::Loopback => (None, vec![Role::Admin]),
        Principal::Anonymous => (None, Vec::new()),
    };
    let may = |action: &Action| who.require_somewhere(*action).is_ok();
    Me { user, roles, actions: Action::ALL.into_iter().filter(may).collect() }
}
