//! How values stand in columns of the database. With the feature `sqlx`, which the browser's build does not
//! have, types read themselves from rows: no I/O, since whoever has the row has read it already.

/// A value of a column that the product does not know, written by other means than the product.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not known")]
pub struct Unknown(pub String);

/// Lets a type stand in a column as another one: what is written of it, and what is read, if that is known.
/// `stored!(json Type)` lets it stand there as JSON.
macro_rules! stored {
    (json $name:ty) => {
        $crate::stored::stored!(@type $name, sqlx::types::Json<$name>);
        #[cfg(feature = "sqlx")]
        const _: () = {
            use sqlx::{encode::IsNull, error::BoxDynError, postgres, types::Json, Decode, Encode, Postgres};

            impl Encode<'_, Postgres> for $name {
                fn encode_by_ref(&self, to: &mut postgres::PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                    Json(self).encode_by_ref(to)
                }
            }
            impl<'r> Decode<'r, Postgres> for $name {
                fn decode(value: postgres::PgValueRef<'r>) -> Result<Self, BoxDynError> {
                    Json::decode(value).map(|Json(read)| read)
                }
            }
        };
    };
    ($name:ty as $column:ty, $write:expr, $read:expr) => {
        $crate::stored::stored!(@type $name, $column);
        #[cfg(feature = "sqlx")]
        const _: () = {
            use sqlx::{encode::IsNull, error::BoxDynError, postgres, Decode, Encode, Postgres};

            impl Encode<'_, Postgres> for $name {
                fn encode_by_ref(&self, to: &mut postgres::PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                    let write: fn(&Self) -> $column = $write;
                    write(self).encode_by_ref(to)
                }
            }
            impl<'r> Decode<'r, Postgres> for $name {
                fn decode(value: postgres::PgValueRef<'r>) -> Result<Self, BoxDynError> {
                    let read: fn($column) -> Option<Self> = $read;
                    let column = <$column>::decode(value)?;
                    read(column).ok_or_else(|| $crate::stored::Unknown(column.to_string()).into())
                }
            }
        };
    };
    (@type $name:ty, $column:ty) => {
        #[cfg(feature = "sqlx")]
        const _: () = {
            use sqlx::{postgres::{PgHasArrayType, PgTypeInfo}, Postgres, Type};

            impl Type<Postgres> for $name {
                fn type_info() -> PgTypeInfo {
                    <$column as Type<Postgres>>::type_info()
                }
                fn compatible(other: &PgTypeInfo) -> bool {
                    <$column as Type<Postgres>>::compatible(other)
                }
            }
            impl PgHasArrayType for $name {
                fn array_type_info() -> PgTypeInfo {
                    <$column as PgHasArrayType>::array_type_info()
                }
                fn array_compatible(other: &PgTypeInfo) -> bool {
                    <$column as PgHasArrayType>::array_compatible(other)
                }
            }
        };
    };
}

/// Declares an enum whose variants are words in columns and in JSON.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Each of them, in order.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// The word as stored and as sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Reads the word.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        $crate::stored::stored!($name as &str, |value| value.as_str(), Self::parse);
    };
}

pub(crate) use {stored, words};
