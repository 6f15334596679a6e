//! A version of a site's tariff.

/// From a day on, what energy costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Tariff {
    /// First day, as a date; it holds until the next version.
    pub from: String,
    /// Per month, in cents.
    pub month_cents: i64,
    /// Per day, in cents.
    pub day_cents: i64,
    /// Tax, per cent.
    pub tax_percent: i64,
    /// Whether that is on the balance, or else on what is supplied.
    pub taxes_balance: bool,
    /// Per kW of the month's highest demand, in cents.
    pub demand_cents: i64,
    /// Over how many minutes demand is the mean of power: 15, 30 or 60.
    pub demand_minutes: u32,
    /// Whether export is set against import first.
    pub is_netted: bool,
    /// Whether blocks go on where an earlier version of the month left them.
    pub continues: bool,
    /// Dates that are holidays.
    pub holidays: Vec<String>,
    /// Prices of energy.
    pub lines: Vec<Line>,
}

impl Tariff {
    /// Prices of energy from a day on, and nothing beside them.
    pub const fn of_energy(from: String, lines: Vec<Line>) -> Self {
        Self {
            from,
            month_cents: 0,
            day_cents: 0,
            tax_percent: 0,
            taxes_balance: false,
            demand_cents: 0,
            demand_minutes: 15,
            is_netted: false,
            continues: false,
            holidays: Vec::new(),
            lines,
        }
    }
}

/// A price of energy, and when it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Whether energy that is delivered is credited; else what is drawn is charged.
    pub is_export: bool,
    /// Per kWh, in tenths of a cent.
    pub price_mills: i64,
    /// The block: from so many kWh of the month on, up to so many.
    pub block: Option<(i64, Option<i64>)>,
    /// The time of day in quarter-hours: from, to; across midnight where it ends before it begins.
    pub times: Option<(u32, u32)>,
    /// On which days, by the API's names: a short word alone, or a list.
    pub days: &'static [&'static str],
}

/// Of a line that holds on all days.
pub const ALL_DAYS: &[&str] = &["all"];
