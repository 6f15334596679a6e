//! The days of a month by what prices them.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::bills::Piece;
use domain::bills::tariff::{
    AcrossVersions, Direction, EnergyLine, MonthShare, Terms, Version, Versions,
};
use domain::month::Month;
use domain::sites::Site;

/// The days of a month on which a meter was there.
pub(crate) struct Served {
    pub(crate) days: Range<NaiveDate>,
    /// The first day after those that have come.
    pub(crate) until: NaiveDate,
    /// The days of the month.
    pub(crate) of: Range<NaiveDate>,
}

impl Served {
    /// The days since a meter was installed and until it was retired, and any other on which it counted.
    pub(crate) fn of(
        site: &Site,
        month: Month,
        (installed, retired): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        counted: impl Iterator<Item = NaiveDate>,
    ) -> Self {
        let of = month.days();
        let mut days = of.clone();
        if let Some(at) = installed {
            days.start = site.date_at(at).clamp(of.start, of.end);
        }
        if let Some(at) = retired {
            // A day of which nothing was left does not count.
            let last = site.date_at(at);
            let end = if site.day_start(last) < at { last.succ_opt() } else { Some(last) };
            days.end = end.unwrap_or(last).clamp(days.start, of.end);
        }
        for date in counted {
            days.start = days.start.min(date);
            days.end = days.end.max(date.succ_opt().unwrap_or(date));
        }
        Self { days, until: of.end, of }
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.days == self.of
    }

    /// Shares out the bounds of blocks: they are these days' share of a month's, or go on through all of its days.
    fn share(&self, piece: &mut Piece) {
        let days = match piece.terms.across_versions {
            AcrossVersions::Prorate => &(piece.from..piece.to),
            AcrossVersions::Continue => &self.days,
        };
        let share = MonthShare::of(days, &[]);
        if piece.terms.energy.iter().any(EnergyLine::is_block) && share.days < share.of {
            piece.terms = piece.terms.for_days(share.days, share.of);
            piece.blocks = Some(share);
        }
    }
}

/// The days by what prices them. Where no version holds, the site's flat price does.
pub(crate) fn pieces(
    site: &Site,
    versions: &Versions,
    meter: Option<MeterId>,
    served: &Served,
) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for day in served.days.start.iter_days().take_while(|day| *day < served.days.end) {
        let next = day.succ_opt().unwrap_or(day);
        let version = versions.at(meter, day);
        match pieces.last_mut() {
            Some(last) if last.id == version.map(|version| version.id) => last.to = next,
            _ => pieces.push(piece(site, version, day..next)),
        }
    }
    let mut joined = Vec::with_capacity(pieces.len());
    for piece in pieces {
        Piece::join(&mut joined, piece);
    }
    joined.retain(|piece| piece.from < served.until);
    for piece in &mut joined {
        served.share(piece);
        piece.to = piece.to.min(served.until);
    }
    joined
}

fn piece(site: &Site, version: Option<&Version>, days: Range<NaiveDate>) -> Piece {
    let Range { start: from, end: to } = days;
    if let Some(version) = version {
        let (id, name) = (Some(version.id), version.name.clone());
        let terms = version.terms.clone();
        return Piece {
            id,
            name,
            valid_from: Some(version.valid_from),
            from,
            to,
            terms,
            blocks: None,
        };
    }
    let (name, energy) = match site.price_per_kwh {
        Some(price) => ("Price of the site", vec![EnergyLine::flat(Direction::Import, price)]),
        None => ("No tariff", Vec::new()),
    };
    let terms = Terms { energy, ..Terms::default() };
    Piece { id: None, name: name.to_owned(), valid_from: None, from, to, terms, blocks: None }
}
