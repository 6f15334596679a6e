//! Ids of registry rows. Mixing a meter's id with a site's is a bug the compiler finds.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for crate::message::Param {
            fn from(id: $name) -> Self {
                Self::Whole(id.0)
            }
        }
    };
}

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
