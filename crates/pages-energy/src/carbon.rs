//! The page of carbon: grid plus diesel less the solar offset, with the factors it is counted by.

mod comparison;
mod factors;
mod steps;
mod sum;

use crate::parts::nothing;
use domain::carbon::view::{CarbonPage, Emission};
use domain::view::GridMeter;
use markup::html;
use texts::words::carbon as words;
use ui::drawing::{Sheet, sheet};

/// From so many kg on, amounts are given in tonnes.
const TONNES_FROM: f64 = 10_000.0;

/// In which unit the amounts of a page are given; all the same, so that they add up as shown.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    name: &'static str,
    kg: f64,
    places: usize,
}

impl Unit {
    const TONNES: Self = Self { name: "t", kg: 1000.0, places: 2 };
    const KILOGRAMS: Self = Self { name: "kg", kg: 1.0, places: 1 };

    fn of(sum: &Emission) -> Self {
        if sum.gross_kg() >= TONNES_FROM { Self::TONNES } else { Self::KILOGRAMS }
    }

    /// An amount, rounded as it is shown.
    fn rounded(self, kg: f64) -> f64 {
        let power = if self.places == 2 { 100.0 } else { 10.0 };
        (kg / self.kg * power).round() / power
    }

    fn text(self, kg: f64) -> String {
        texts::figures::fixed(self.rounded(kg), self.places)
    }

    fn amount(self, kg: f64) -> String {
        format!("{} {}", self.text(kg), self.name)
    }
}

pub(super) fn draw(page: &CarbonPage, grid: Option<&GridMeter>) -> Sheet {
    if page.diesel.runtime_hours.is_none() && page.sum == Emission::default() {
        let content = nothing(words::NOTHING, words::NOTHING_HELP, steps::download(page));
        return sheet(words::TITLE.get(), content);
    }
    sheet(
        words::TITLE.get(),
        html! {
            <article class="page carbon">
                {sum::draw(page)}
                {comparison::table(page)}
                <div class="sheet-pair carbon-pair">
                    {steps::draw(page, grid)} <aside class="carbon-side">
                        {factors::levers(page)} {factors::diesel(page)}
                    </aside>
                </div>
                {factors::table(page)}
            </article>
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_a_page_share_their_unit() {
        let small = Emission { grid_kg: 2_500.0, ..Emission::default() };
        assert_eq!(Unit::of(&small).amount(750.44), "750.4 kg");
        let large = Emission { grid_kg: 66_468.0, ..Emission::default() };
        assert_eq!(Unit::of(&large).amount(66_468.0), "66.47 t");
        assert_eq!(Unit::of(&large).amount(1_053.0), "1.05 t");
    }
}
