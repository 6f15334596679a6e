//! Figures that stand on several pages: each carries its key, by which a test holds them equal.

use chrono::{Days, NaiveDate};
use domain::month::Month;
use domain::sites::Site;
use domain::view::PeriodContext;
use markup::{Html, html};

/// The figures of a site over some days.
#[derive(Clone, Copy)]
pub struct SharedFigures<'a> {
    site: &'a Site,
    days: (NaiveDate, NaiveDate),
}

impl<'a> SharedFigures<'a> {
    pub fn of(shown: &'a PeriodContext) -> Self {
        Self { site: &shown.site, days: shown.period.days(shown.today()) }
    }

    pub fn of_month(site: &'a Site, month: Month) -> Self {
        Self { site, days: (month.first(), month.next().first() - Days::new(1)) }
    }

    /// A figure with its key: `loss.cost:mill:2026-10`.
    pub fn mark(self, name: &str, text: String) -> Html {
        html! { <span data-figure=self.key(name)>{text}</span> }
    }

    /// A sentence in which the figure stands.
    pub fn mark_in(self, name: &str, sentence: &str, text: &str) -> Html {
        let Some((before, after)) = sentence.split_once(text) else {
            return html! { {sentence} };
        };
        html! { {before} {self.mark(name, text.to_owned())} {after} }
    }

    fn key(self, name: &str) -> String {
        let (site, (first, last)) = (&self.site.slug, self.days);
        let month = Month::of(first);
        if (month.first(), month.next().first() - Days::new(1)) == self.days {
            format!("{name}:{site}:{month}")
        } else if first == last {
            format!("{name}:{site}:{first}")
        } else {
            format!("{name}:{site}:{first}..{last}")
        }
    }
}
