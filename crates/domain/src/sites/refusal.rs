//! Why a site is refused, or a change of it.

use crate::message::messages;

messages! {
    /// Why a site is refused, or a change of it.
    pub enum SiteRefusal in "site" {
        Unknown { slug: String } =>
            "there is no site {slug}: it may have been renamed or removed",
        SlugTaken => "another site has this slug",
        Slug => "use small letters, digits and single hyphens between them",
        Currency => "give its ISO 4217 code, such as EUR",
        Price => "a price is not negative",
        Capacity => "a capacity is not negative",
        NoZone { zone: String } =>
            "no time zone {zone:?}: give an IANA name, such as Asia/Kolkata",
        NoTransformers => "only a simulated site has transformers",
        ZoneStays => "the records of a simulated world were made by its clock: its zone stays",
        CurrencyInUse { tariff: String, currency: String } =>
            "the tariff {tariff:?} is stated in {currency}: remove the site's tariffs first",
        SummingUp => "energy is being summed up by the old clock: try again in a minute",
    }
}
