//! Ids of registry rows. Mixing a meter's id with a site's is a bug the compiler finds.

use serde::{Deserialize, Serialize};

/// A number or UUID as an id of one kind.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident($of:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub $of);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = <$of as std::str::FromStr>::Err;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
    ($(#[$doc:meta])* $name:ident) => {
        $crate::ids::id!($(#[$doc])* $name(i64));

        impl From<$name> for $crate::message::Param {
            fn from(id: $name) -> Self {
                Self::Whole(id.0)
            }
        }
    };
}

pub(crate) use id;

id!(
    /// A plant, campus or simulated neighbourhood.
    SiteId
);
id!(
    /// A measuring point.
    MeterId
);
id!(
    /// A connection that feeds one or more meters.
    DeviceId
);

/// What names a site in an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline, with = "String"))]
#[serde(transparent)]
pub struct SiteSlug(pub String);

impl SiteSlug {
    /// It, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SiteSlug {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Display for SiteSlug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
