//! What import costs when, for whoever puts a price on energy.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use domain::MeterId;
use domain::bills::tariff::{DemandInterval, Direction, Terms, Version, Versions};
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use rust_decimal::Decimal;
use sqlx::PgPool;

pub(crate) use passed::{PassedSums, PriceStretches};
pub(crate) use pieces::{Served, pieces};

mod passed;
mod pieces;

/// The prices of a site at one moment: its tariffs, and its flat price where it has none.
#[derive(Debug, Clone)]
pub(crate) struct PriceBook {
    zone: chrono_tz::Tz,
    pub(crate) versions: Versions,
    flat: Option<Decimal>,
}

/// The cost of a lost kWh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct LostPrice {
    pub(crate) per_kwh: Decimal,
    /// Whether somebody stated it; an export price that nobody stated is 0.
    pub(crate) is_stated: bool,
}

impl LostPrice {
    /// By the prices of a kWh that is drawn and of one that is delivered, and whether the payer exports.
    pub(crate) fn of(
        import: Option<Decimal>,
        export: Option<Decimal>,
        exports: bool,
    ) -> Option<Self> {
        let import = Self { per_kwh: import?, is_stated: true };
        let export = Self { per_kwh: export.unwrap_or_default(), is_stated: export.is_some() };
        Some(if exports { export } else { import })
    }
}

impl PriceBook {
    /// Reads the prices of a site.
    pub(crate) async fn load(pool: &PgPool, site: &Site) -> Result<Self, storage::Error> {
        let versions = storage::bills::tariffs::of(pool, site.id).await?;
        Ok(Self { zone: site.zone, versions, flat: site.price_per_kwh })
    }

    /// The prices of a site on which one version of a tariff always held.
    pub(crate) fn always(site: &Site, version: &Version) -> Self {
        let (valid_from, is_default) = (NaiveDate::MIN, true);
        let version = Version { valid_from, valid_to: None, is_default, ..version.clone() };
        let versions = Versions { versions: vec![version], assignments: Vec::new() };
        Self { zone: site.zone, versions, flat: None }
    }

    /// What a kWh costs that a meter draws at an instant, for the site's default tariff without a meter;
    /// none where nobody stated it, or it depends on what the month has drawn.
    pub(crate) fn price_now(&self, meter: Option<MeterId>, at: DateTime<Utc>) -> Option<Decimal> {
        let local = self.local(at);
        match self.terms(meter, local) {
            Some(terms) => terms.price_of_any(local, Direction::Import),
            None => self.flat,
        }
    }

    /// Whether somebody stated what a kWh costs that a meter draws at an instant, however much it draws.
    pub(crate) fn states_price(&self, meter: Option<MeterId>, at: DateTime<Utc>) -> bool {
        self.flat.is_some() || self.terms(meter, self.local(at)).is_some()
    }

    /// Over how long the demand of a meter is taken at an instant.
    pub(crate) fn demand_interval(&self, meter: MeterId, at: DateTime<Utc>) -> DemandInterval {
        let version = self.versions.at(Some(meter), self.local(at).date());
        version.map(|version| version.terms.demand_interval).unwrap_or_default()
    }

    /// The price of a kWh that is lost at an instant at which its payer exports or not; none where that depends
    /// on what passed in the month.
    pub(crate) fn lost_price(
        &self,
        meter: Option<MeterId>,
        at: DateTime<Utc>,
        exports: bool,
    ) -> Option<LostPrice> {
        let local = self.local(at);
        let terms = self.versions.at(meter, local.date()).map(|version| &version.terms);
        let import = match terms.filter(|terms| terms.prices(Direction::Import)) {
            Some(terms) => terms.price_of_any(local, Direction::Import),
            None => self.flat,
        };
        let export = terms.and_then(|terms| terms.price_of_any(local, Direction::Export));
        LostPrice::of(import, export, exports)
    }

    /// Until when the prices of a kWh stay as they are at an instant, as long as no block of a month is used up.
    pub(crate) fn stay_until(&self, meter: Option<MeterId>, at: DateTime<Utc>) -> DateTime<Utc> {
        let local = self.local(at);
        let version = self.versions.at(meter, local.date());
        let end = match version {
            Some(version) => version.terms.hold_until(local),
            None => Terms::default().hold_until(local),
        };
        let until = at + (end - local);
        // If the clock is changed before, no more than the quarter-hour is sure.
        let is_sure = self.local(until) == end && floor(until, QUARTER) == Some(until);
        if is_sure { until } else { quarter_end(at) }
    }

    /// Whether a price within a window depends on what passed in the month.
    pub(crate) fn depends_on_month(&self, meter: Option<MeterId>, window: Window) -> bool {
        self.terms_within(meter, window).any(|terms| terms.is_some_and(Terms::depends_on_month))
    }

    /// The prices of import at the beginning of a window, and after each day in it on which they may change.
    fn terms_within(
        &self,
        meter: Option<MeterId>,
        window: Window,
    ) -> impl Iterator<Item = Option<&Terms>> {
        let (first, last) = (self.local(window.from), self.local(window.to));
        let changes = self.versions.changes().into_iter();
        let inside = changes.map(|day| day.and_time(chrono::NaiveTime::MIN));
        let inside = inside.filter(move |day| first < *day && *day < last);
        std::iter::once(first).chain(inside).map(move |at| self.terms(meter, at))
    }

    /// The tariffs that a meter was given: meters with the same ones have the same prices.
    pub(crate) fn assigned(&self, meter: MeterId) -> Vec<(&str, NaiveDate)> {
        let given = self.versions.assignments.iter().filter(|given| given.meter == meter);
        given.map(|given| (given.tariff.as_str(), given.valid_from)).collect()
    }

    /// Whose bill pays, on a day of the site's clock, what is lost at a node: the nearest meter at or
    /// above it that has a tariff of its own by then; none where that is the site at its boundary.
    pub(crate) fn payer(&self, tree: &Tree, node: MeterId, day: NaiveDate) -> Option<MeterId> {
        let above = tree.ancestors(node).map(|meter| meter.id);
        let given = |id: &MeterId| self.assigned(*id).iter().any(|(_, since)| *since <= day);
        std::iter::once(node).chain(above).find(given)
    }

    /// Name and first day of the tariff version that prices a meter's import at an instant; none where
    /// the site's flat price does.
    pub(crate) fn version_at(
        &self,
        meter: Option<MeterId>,
        at: DateTime<Utc>,
    ) -> Option<(&str, NaiveDate)> {
        let version = self.version(meter, self.local(at))?;
        Some((version.name.as_str(), version.valid_from))
    }

    /// Whether the price is one and the same over a window, for any amount.
    pub(crate) fn is_flat_over(&self, meter: Option<MeterId>, window: Window) -> bool {
        let mut terms = self.terms_within(meter, window);
        let is_flat = |terms: Option<&Terms>| terms.is_none_or(|it| it.flat_import().is_some());
        terms.next().is_some_and(is_flat) && terms.next().is_none()
    }

    /// The version that prices import at a local time.
    fn version(&self, meter: Option<MeterId>, local: NaiveDateTime) -> Option<&Version> {
        let version = self.versions.at(meter, local.date())?;
        version.terms.prices(Direction::Import).then_some(version)
    }

    fn terms(&self, meter: Option<MeterId>, local: NaiveDateTime) -> Option<&Terms> {
        self.version(meter, local).map(|version| &version.terms)
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }
}

/// The first instant after the quarter-hour of another.
pub(crate) fn quarter_end(at: DateTime<Utc>) -> DateTime<Utc> {
    floor(at, QUARTER).unwrap_or(at) + QUARTER
}

/// The stretches of a window in which the quarter-hours have one price, which from an instant on holds `until` another
/// at least.
pub(crate) fn stretches<P: PartialEq>(
    window: Window,
    until: impl Fn(DateTime<Utc>) -> DateTime<Utc>,
    price: impl Fn(DateTime<Utc>) -> P,
) -> Vec<(Window, P)> {
    let mut stretches: Vec<(Window, P)> = Vec::new();
    let mut from = window.from;
    while from < window.to {
        let to = until(from).min(window.to);
        let price = price(from);
        match stretches.last_mut() {
            Some((last, before)) if *before == price => last.to = to,
            _ => stretches.push((Window { from, to }, price)),
        }
        from = to;
    }
    stretches
}

/// The different prices of stretches; and of each stretch when it begins, and the place of its price.
pub(crate) fn placed<P: PartialEq + Copy>(
    stretches: &[(Window, P)],
) -> (Vec<P>, Vec<DateTime<Utc>>, Vec<usize>) {
    let mut prices: Vec<P> = Vec::new();
    let place = |(stretch, price): &(Window, P)| {
        let known = prices.iter().position(|known| known == price);
        let place = known.unwrap_or(prices.len());
        prices.extend(known.is_none().then_some(*price));
        (stretch.from, place)
    };
    let (starts, places) = stretches.iter().map(place).unzip();
    (prices, starts, places)
}

#[cfg(test)]
mod tests {
    use domain::bills::tariff::{Assignment, TariffId};
    use serde_json::json;

    use super::*;

    fn version(name: &str, from: &str, energy: serde_json::Value) -> Version {
        let mut terms = json!({});
        terms["energy"] = energy;
        let terms = serde_json::from_value(terms).unwrap();
        Version {
            id: TariffId(1),
            name: name.to_owned(),
            site_id: domain::SiteId(1),
            site: "plant".to_owned(),
            currency: "EUR".to_owned(),
            valid_from: from.parse().unwrap(),
            valid_to: None,
            is_default: name == "Grid",
            terms,
        }
    }

    fn book() -> PriceBook {
        let night = json!([{"direction": "import", "price": "8"},
            {"direction": "import", "price": "5", "fromTime": "22:00", "toTime": "06:00"}]);
        let flat = json!([{"direction": "import", "price": "7.5"}]);
        let meter = MeterId(3);
        PriceBook {
            zone: chrono_tz::Asia::Kolkata,
            versions: Versions {
                versions: vec![
                    version("Grid", "2026-04-01", night),
                    version("Flat", "2026-01-01", flat),
                ],
                assignments: vec![Assignment {
                    meter,
                    tariff: "Flat".to_owned(),
                    valid_from: "2026-06-01".parse().unwrap(),
                }],
            },
            flat: Some(Decimal::new(825, 2)),
        }
    }

    #[test]
    fn a_price_is_that_of_the_sites_clock() {
        let price = |meter: Option<i64>, at: &str| {
            let price = book().price_now(meter.map(MeterId), at.parse().unwrap());
            price.unwrap().to_string()
        };
        assert_eq!(price(None, "2026-03-31T18:15:00Z"), "8.25", "no tariff yet");
        assert_eq!(price(None, "2026-03-31T18:30:00Z"), "5", "midnight in India");
        assert_eq!(price(None, "2026-05-01T00:30:00Z"), "8", "six in the morning");
        assert_eq!(price(Some(3), "2026-05-01T00:30:00Z"), "8");
        assert_eq!(price(Some(3), "2026-05-31T18:30:00Z"), "7.5");
    }

    #[test]
    fn a_day_is_cut_where_the_price_changes() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let day = Window { from: at("2026-05-01T18:30:00Z"), to: at("2026-05-02T18:30:00Z") };
        let book = book();
        let until = |at| book.stay_until(None, at);
        let stretches = stretches(day, until, |at| book.price_now(None, at));
        let prices: Vec<_> =
            stretches.iter().map(|(_, price)| price.unwrap().to_string()).collect();
        assert_eq!(prices, ["5", "8", "5"]);
        assert_eq!(
            stretches[1].0,
            Window { from: at("2026-05-02T00:30:00Z"), to: at("2026-05-02T16:30:00Z") }
        );
        assert_eq!((stretches[0].0.from, stretches[2].0.to), (day.from, day.to));
    }

    #[test]
    fn a_price_stays_as_long_as_its_quarter_hours_say() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let year = Window { from: at("2026-01-01T00:07:00Z"), to: at("2027-01-01T00:00:00Z") };
        let mut book = book();
        let lord_howe = chrono_tz::Australia::Lord_Howe;
        for zone in [chrono_tz::Asia::Kolkata, chrono_tz::Europe::Berlin, lord_howe] {
            book.zone = zone;
            for meter in [None, Some(MeterId(3))] {
                let price = |at| book.price_now(meter, at);
                let told = stretches(year, |at| book.stay_until(meter, at), price);
                assert!(told.len() > 2, "{zone}");
                assert_eq!(told, stretches(year, quarter_end, price), "{zone}");
            }
        }
    }

    #[test]
    fn a_price_by_blocks_is_not_known_without_the_month() {
        let blocks = json!([{"direction": "import", "price": "8", "toKwh": 100},
            {"direction": "import", "price": "5", "fromKwh": 100}]);
        let mut book = book();
        book.versions.versions = vec![version("Grid", "2026-04-01", blocks)];
        assert_eq!(book.price_now(None, "2026-05-01T00:30:00Z".parse().unwrap()), None);
    }

    #[test]
    fn a_window_is_flat_where_nothing_in_it_changes_the_price() {
        let flat = |meter: Option<i64>, from: &str, to: &str| {
            let window = Window { from: from.parse().unwrap(), to: to.parse().unwrap() };
            book().is_flat_over(meter.map(MeterId), window)
        };
        assert!(flat(None, "2026-02-01T00:00:00Z", "2026-03-31T18:30:00Z"));
        assert!(!flat(None, "2026-02-01T00:00:00Z", "2026-03-31T19:00:00Z"));
        assert!(!flat(None, "2026-05-01T08:00:00Z", "2026-05-01T09:00:00Z"));
        assert!(flat(Some(3), "2026-06-01T08:00:00Z", "2026-06-09T09:00:00Z"));
    }
}
