//! Types without a profile, and why.

/// A type of meter without a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// The type.
    pub name: &'static str,
    /// Why it has none, and what to do instead.
    pub reason: &'static str,
}

/// Types that people ask for and that have no profile: a map is taken from the maker's document or
/// from two public sources that agree, or not at all.
pub const LEFT_OUT: &[LeftOut] = &[
    LeftOut {
        name: "Janitza UMG 604",
        reason: "The public sources disagree: OpenEMS reads it from register 1317 on, others read \
                 every UMG from register 19000 on. Try janitza-umg96 and compare with the display.",
    },
    LeftOut {
        name: "Phoenix Contact EEM-MB370",
        reason: "Only one public source names it. Try phoenix-contact-eem-ma370 and compare with \
                 the display.",
    },
    LeftOut {
        name: "Socomec Countis E0x to E2x",
        reason: "Only one public source has the map of the E2x; its frequency has another scale \
                 than that of the E3x. Try socomec-countis-e34 and compare with the display.",
    },
    LeftOut {
        name: "Home Assistant discovery",
        reason: "It has no map of its own: each sensor announces its topic, its template and its \
                 unit below homeassistant/. What is announced is read when a meter is added.",
    },
];
