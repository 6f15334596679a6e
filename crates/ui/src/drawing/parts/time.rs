//! Times of a site's clock, for pages that show no period.

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use domain::month::Month;
use domain::sites::Site;

use texts::language::now;

/// `14:45`.
pub fn minute(site: &Site, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&site.zone);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// `Thu 8 Oct 18:00`.
pub fn weekday_minute(site: &Site, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&site.zone);
    format!("{} {}", now().weekday_day(local.date_naive()), minute(site, at))
}

/// `Thu 8 Oct 2026 18:00`.
pub fn full(site: &Site, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&site.zone);
    let weekday = now().weekday(local.weekday());
    format!("{weekday} {} {}", short_day(local.date_naive()), minute(site, at))
}

/// `8 Oct 18:00`.
pub fn day_minute(site: &Site, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&site.zone);
    format!("{} {}", now().day_month(local.date_naive()), minute(site, at))
}

/// `1 November 2026`.
pub fn long_day(date: NaiveDate) -> String {
    let dot = now().of("", ".");
    format!("{}{dot} {} {}", date.day(), now().month(date), date.year())
}

/// `1 Nov 2026`.
pub fn short_day(date: NaiveDate) -> String {
    format!("{} {}", now().day_month(date), date.year())
}

/// `October 2026`.
pub fn month(month: Month) -> String {
    format!("{} {}", now().month(month.first()), month.first().year())
}
