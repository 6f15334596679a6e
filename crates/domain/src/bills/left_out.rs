//! Why a run over a site's month bills a meter not at all, or does not issue its bill.

use serde::{Deserialize, Serialize};

use crate::message::messages;
use crate::stored::stored;

messages! {
    /// Why a run leaves a meter out, with what to do about it where something can be done.
    #[derive(Copy, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum LeftOut in "left_out" {
        Retired => "it was retired before the month",
        NotInstalled => "it was installed after the month",
        FeedsParent => "it feeds the meter above it, whose bill has what it delivers",
        MetersBelow => "the meters below it are billed in its place",
        NotPlaced => "nobody has said yet what it measures: place it",
        Virtual => "it is computed from meters that are billed themselves",
        Billed => "its month is billed already",
        LowCoverage =>
            "too little of its month is covered by readings: enter the missing ones, or open its bill and choose \
             “Issue it all the same”",
        NoTariff => "no tariff prices its whole month: state one",
        UnpricedEnergy => "its tariff has no price for a part of its energy: state one",
        PeriodFrozen => "what its bill would rest on is not kept any more",
        SetAside =>
            "a part of its energy could not be computed: the page of alarms says why and lets it be tried \
             again",
        Failed =>
            "its bill could not be computed: the page of alarms says why and lets it be tried again",
    }
}

stored!(LeftOut as &str, |reason| reason.as_str(), |word| {
    let word = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(word);
    Self::deserialize(word).ok()
});

/// As a row that names the reason is put into words.
impl From<LeftOut> for String {
    fn from(reason: LeftOut) -> Self {
        reason.to_string()
    }
}

impl LeftOut {
    /// The word as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::NotInstalled => "not_installed",
            Self::FeedsParent => "feeds_parent",
            Self::MetersBelow => "meters_below",
            Self::NotPlaced => "not_placed",
            Self::Virtual => "virtual",
            Self::Billed => "billed",
            Self::LowCoverage => "low_coverage",
            Self::NoTariff => "no_tariff",
            Self::UnpricedEnergy => "unpriced_energy",
            Self::PeriodFrozen => "period_frozen",
            Self::SetAside => "set_aside",
            Self::Failed => "failed",
        }
    }
}
