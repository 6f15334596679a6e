//! Roles, and the actions that each allows.

use serde::{Deserialize, Serialize};

use crate::SiteId;
use crate::message::messages;

messages! {
    /// Something that a role allows, on a site or on the whole installation.
    #[derive(Copy, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Action in "action" {
        See => "see figures",
        SeeGrid => "see transformers, connections and the simulated world",
        SeeBills => "see bills and trades",
        SendReadings => "send readings",
        Operate => "acknowledge alarms, decide quarantine, correct readings or enter exchanges",
        Configure => "change meters, devices, brokers, loggers or alarm rules",
        Bill => "run, issue, credit or settle bills",
        Trade => "post trades",
        CheckConnection => "check whether something can be connected",
        Connect => "connect, withdraw or change transformers",
        Simulate => "control a simulated site",
        Administer => "change sites, tariffs, factors, retention or the configuration",
        SeeSystem => "see the figures of the program itself",
        ManagePeople => "manage users, roles, tokens or the audit log",
    }
}

impl Action {
    /// Those that owners may do with what their own meters show, and where these stand.
    pub const OF_OWNERS: [Self; 3] = [Self::See, Self::SeeBills, Self::CheckConnection];

    /// In the order of the table of roles.
    pub const ALL: [Self; 14] = [
        Self::See,
        Self::SeeGrid,
        Self::SeeBills,
        Self::SendReadings,
        Self::Operate,
        Self::Configure,
        Self::Bill,
        Self::Trade,
        Self::CheckConnection,
        Self::Connect,
        Self::Simulate,
        Self::Administer,
        Self::SeeSystem,
        Self::ManagePeople,
    ];

    /// As the API writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::SeeGrid => "see_grid",
            Self::SeeBills => "see_bills",
            Self::SendReadings => "send_readings",
            Self::Operate => "operate",
            Self::Configure => "configure",
            Self::Bill => "bill",
            Self::Trade => "trade",
            Self::CheckConnection => "check_connection",
            Self::Connect => "connect",
            Self::Simulate => "simulate",
            Self::Administer => "administer",
            Self::SeeSystem => "see_system",
            Self::ManagePeople => "manage_people",
        }
    }

    /// The action of a name, as the API writes it.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// A set of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "lowercase")
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Allowed everything.
    Admin,
    /// Keeps a plant running: meters, devices, alarms.
    Operator,
    /// Looks at everything of a plant.
    Viewer,
    /// Works for the distribution utility: grid, connections, bills.
    Utility,
    /// Has meters of their own.
    Prosumer,
}

impl Role {
    /// In the order of the table of roles.
    pub const ALL: [Self; 5] =
        [Self::Admin, Self::Operator, Self::Viewer, Self::Utility, Self::Prosumer];

    /// As it is written on the command line and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Viewer => "viewer",
            Self::Utility => "utility",
            Self::Prosumer => "prosumer",
        }
    }

    /// The role of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether it allows an action.
    pub const fn allows(self, action: Action) -> bool {
        use Action as A;
        match self {
            Self::Admin => true,
            Self::Operator => matches!(
                action,
                A::See
                    | A::SeeGrid
                    | A::SeeBills
                    | A::SendReadings
                    | A::Operate
                    | A::Configure
                    | A::CheckConnection
                    | A::Simulate
            ),
            Self::Viewer => {
                matches!(action, A::See | A::SeeGrid | A::SeeBills | A::CheckConnection)
            }
            Self::Utility => matches!(
                action,
                A::SeeGrid
                    | A::SeeBills
                    | A::Bill
                    | A::Trade
                    | A::CheckConnection
                    | A::Connect
                    | A::Simulate
            ),
            // Own meters are decided one by one.
            Self::Prosumer => false,
        }
    }
}

/// A role of somebody, on one site or on all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The site; all sites without one.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "site_id"))]
    pub site: Option<SiteId>,
}

impl Grant {
    /// Whether it allows an action on a site, or on the installation.
    pub fn allows(self, action: Action, on: Option<SiteId>) -> bool {
        self.role.allows(action) && (self.site.is_none() || self.site == on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_on_a_site_allows_nothing_elsewhere() {
        let (here, there) = (SiteId(1), SiteId(2));
        let grant = Grant { role: Role::Operator, site: Some(here) };
        assert!(grant.allows(Action::Configure, Some(here)));
        assert!(!grant.allows(Action::Configure, Some(there)));
        assert!(!grant.allows(Action::Configure, None));
        assert!(Grant { site: None, ..grant }.allows(Action::Configure, None));
    }

    #[test]
    fn actions_have_the_names_that_the_api_writes() {
        for action in Action::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.name());
            assert_eq!(Action::of(action.name()), Some(action));
        }
    }

    #[test]
    fn roles_have_names() {
        for role in Role::ALL {
            assert_eq!(Role::of(role.name()), Some(role));
        }
        assert_eq!(Role::of("Admin"), None);
    }
}
