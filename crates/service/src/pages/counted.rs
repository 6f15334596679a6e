//! What the tree of meters shows of a period.

use domain::MeterId;
use domain::balance::Verdict;
use domain::carbon::{FactorKind, Factors};
use domain::figures::{about, fixed};
use domain::live::MeterCard;
use domain::meter::SourceKind;
use domain::view::Shown;
use domain::view::meters::Counted;

use super::losses::Losses;
use crate::{Error, Service, factors};

/// A node that lost at least this part of all losses is set off from the others.
const MAJOR_SHARE: f64 = 0.25;
/// A period that is known to this part is not remarked on.
const COMPLETE: f64 = 0.995;
/// What stands where nothing is known.
const UNKNOWN: &str = "\u{2013}";

/// What meters counted in a period.
pub(super) struct Tree {
    losses: Losses,
    book: Factors,
    lost: f64,
}

impl Tree {
    pub(super) async fn load(service: &Service, shown: &Shown) -> Result<Self, Error> {
        let losses = Losses::load(service, shown, shown.window).await?;
        let book = factors::book(service.pool(), &shown.site).await?;
        Ok(Self { lost: losses.figures.whole().loss.0, losses, book })
    }

    /// The texts of one meter.
    pub(super) fn of(&self, shown: &Shown, card: &MeterCard) -> Counted {
        let known = self.losses.figures.known(card.id);
        let kwh = known.map(|known| known.energy.import.0);
        let (loss, class) = self.loss(card.id);
        let mut badges = self.badges(shown, card, kwh);
        let coverage = known.map_or(0.0, |known| known.energy.coverage);
        if kwh.is_some() && coverage < COMPLETE {
            badges.push(("badge badge-gap", format!("{} % read", fixed(coverage * 100.0, 0))));
        }
        Counted::new(text(kwh), loss, class, badges)
    }

    /// Litres and carbon of a source.
    fn badges(
        &self,
        shown: &Shown,
        card: &MeterCard,
        kwh: Option<f64>,
    ) -> Vec<(&'static str, String)> {
        let day = shown.site.date_at(shown.window.to);
        let times = |value: Option<f64>, kind: FactorKind| {
            value.map(|value| value * self.book.at(kind, Some(card.id), day).value)
        };
        let own = || self.losses.figures.counted(card.id)?.diesel_litres;
        let (class, litres, kg) = match card.kind {
            SourceKind::Grid => ("badge badge-grid", None, times(kwh, FactorKind::Grid)),
            SourceKind::Solar => {
                ("badge badge-solar", None, times(kwh, FactorKind::Solar).map(|kg| -kg))
            }
            SourceKind::Diesel => {
                let litres = own().or_else(|| times(kwh, FactorKind::Sfc));
                ("badge badge-diesel", litres, times(litres, FactorKind::Diesel))
            }
            SourceKind::Battery | SourceKind::Load => return Vec::new(),
        };
        let badge =
            |value: Option<f64>, unit: &str| Some((class, format!("{} {unit}", about(value?))));
        [badge(litres, "L"), badge(kg, "kg")].into_iter().flatten().collect()
    }

    /// Loss in kWh and per cent, and how it is set; nothing where nothing hangs below.
    fn loss(&self, id: MeterId) -> ([String; 2], &'static str) {
        let view = self.losses.views.iter().find(|view| view.parent_id == id);
        let Some(view) = view else { return Default::default() };
        let class = match view.verdict {
            Verdict::Loss if self.lost > 0.0 && view.loss_kwh >= MAJOR_SHARE * self.lost => {
                "num is-loss"
            }
            Verdict::Loss => "num",
            Verdict::Negative => "num is-negative",
            Verdict::WithinError | Verdict::Incomplete => "num is-quiet",
        };
        let known = view.verdict != Verdict::Incomplete;
        let kwh = known.then_some(view.loss_kwh);
        ([text(kwh), text(view.loss_percent.filter(|_| known))], class)
    }
}

fn text(value: Option<f64>) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), |value| fixed(value, 1))
}
