//! Structs with the settings of a meter among their fields.
//!
//! The settings are fields like others, not a struct within: serde cannot both flatten one and name the field at fault.

/// Declares a struct. `stored` are the settings as the program knows them; `shown`, `body` and `document` have their
/// names of JSON, with what the API explains of an answer, of what is sent, and of the document of the configuration.
/// A group of other fields stands before each group of settings, and one after the last.
#[macro_export]
macro_rules! with_meter_settings {
    (stored $head:tt $own:tt $last:tt [$({$(
        $name:ident $json:literal $column:ident ($type:ty) [$help:literal $($more:tt)*] $rest:tt
    )*})*]) => {
        $crate::with_meter_settings!(@ $head $own $last [$({$(
            #[doc = $help] pub $name: $type,
        )*})*]);
    };
    (body $head:tt $own:tt $last:tt [$({$(
        $name:ident $json:literal $column:ident ($type:ty)
            [$help:literal $(body $body:literal)? $(document $document:literal)? $(#[$default:meta])?] $rest:tt
    )*})*]) => {
        $crate::with_meter_settings!(@ $head $own $last [$({$(
            #[doc = $crate::setting_help!(body [$help $(body $body)?])]
            #[serde(rename = $json)]
            $(#[$default])?
            pub $name: $type,
        )*})*]);
    };
    ($kind:ident $head:tt $own:tt $last:tt [$({$(
        $name:ident $json:literal $column:ident ($type:ty) $help:tt $rest:tt
    )*})*]) => {
        $crate::with_meter_settings!(@ $head $own $last [$({$(
            #[doc = $crate::setting_help!($kind $help)]
            #[serde(rename = $json)]
            pub $name: $type,
        )*})*]);
    };
    (@ {$($head:tt)*} [$({$($own:tt)*})*] {$($last:tt)*} [$({$($settings:tt)*})*]) => {
        $($head)* { $($($own)* $($settings)*)* $($last)* }
    };
}

/// The help on a setting: the one of its kind, or else the one of all.
#[macro_export]
macro_rules! setting_help {
    (body [$help:literal body $body:literal $($more:tt)*]) => {
        $body
    };
    (document [$help:literal $(body $body:literal)? document $document:literal $($more:tt)*]) => {
        $document
    };
    ($kind:ident [$help:literal $($more:tt)*]) => {
        $help
    };
}

/// A struct whose settings are those of another.
#[macro_export]
macro_rules! copy_meter_settings {
    ($from:ident => $to:ident $own:tt [$({$(
        $name:ident $json:literal $column:ident ($type:ty) $help:tt $rest:tt
    )*})*]) => {
        $crate::copy_meter_settings!(@ $from $to $own $($($name)*)*)
    };
    (@ $from:ident $to:ident {$($own:tt)*} $($name:ident)*) => {
        $to { $($name: $from.$name,)* $($own)* }
    };
}
