//! The page of history: any channels of any meters of a site in one chart.
//!
//! What cannot be shown is told as a [`Trouble`], and the rest is shown all the same. However much is
//! asked for, only so many readings are looked at.

mod chosen;
mod consumption;
mod csv;
mod find;
mod instant;
mod marks;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::window::Window;
use domain::history::reduce::columns;
use domain::history::view::{HistoryPage, Line, Series};
use domain::history::{Channel, SeriesList, Trouble, Wanted};
use domain::message::Message;
use domain::period::Step;
use domain::view::PeriodContext;
use futures::{StreamExt as _, TryStreamExt as _};

use crate::pages::Query;
use crate::{Action, Error, Principal, Service, window};
use chosen::Chosen;

pub use csv::csv;

/// Columns of a chart at most: each is a least, a mean and a highest value.
const COLUMNS: usize = 1_000;
/// The same where many series share a chart.
const FEWER_COLUMNS: usize = 500;
const MANY: usize = 4;
/// Series that are loaded at once.
const AT_ONCE: usize = 3;
/// The shortest stretch that can be zoomed to.
const SHORTEST: TimeDelta = TimeDelta::minutes(1);

/// How much of the rows behind a chart is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// As many as a person reads.
    Page,
    /// As many as the chart has points.
    File,
}

impl Detail {
    const fn rows(self) -> usize {
        match self {
            Self::Page => 200,
            Self::File => COLUMNS,
        }
    }
}

/// The history that an address asks for.
pub async fn history(
    service: &Service,
    who: &Principal,
    query: &Query,
    detail: Detail,
) -> Result<HistoryPage, Error> {
    who.require_somewhere(Action::See)?;
    let mut troubles = Vec::new();
    let shown = shown(service, who, query, &mut troubles).await?;
    let drawn = zoom(&shown, query.get("zoom"), &mut troubles);
    let is_zoomed = drawn != shown.whole;
    let asked = SeriesList::parse(query.get("series").unwrap_or_default());
    troubles.extend(asked.troubles);
    let chosen = chosen::choose(service, &shown.site, &asked.series, &mut troubles);
    let find = query.get("find").unwrap_or_default().trim().to_owned();
    let (found, more_found) = find::find(service, service.live(), &shown.site, &find, &chosen)?;
    let step = consumption::step(drawn, &chosen);
    let rows = match step {
        Some(step) => consumption::bounds(&shown.site, drawn, step),
        None => columns(drawn, detail.rows()),
    };
    let (marks, more_marks) = marks::marks(service, &shown, drawn, &chosen).await?;
    let many = chosen.len() > MANY;
    let columns = columns(drawn, if many { FEWER_COLUMNS } else { COLUMNS });
    let count = chosen.len();
    let wanted = chosen.iter().map(|c| Wanted::of(c.meter.id, c.channel)).collect();
    let (of_chart, of_table) = (&columns, &rows);
    let loading =
        Loading { service, shown: &shown, drawn, columns: of_chart, rows: of_table, step, count };
    let loaded: Vec<_> = futures::stream::iter(chosen)
        .map(|chosen| loading.series(chosen))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut series = Vec::new();
    for (one, told) in loaded {
        series.extend(one);
        troubles.extend(told);
    }
    Ok(HistoryPage {
        drawn,
        is_zoomed,
        chosen: wanted,
        series,
        columns,
        rows,
        step,
        troubles,
        marks,
        more_marks,
        find,
        found,
        more_found,
        shown,
    })
}

/// The period, or today where what is asked for is none.
async fn shown(
    service: &Service,
    who: &Principal,
    query: &Query,
    troubles: &mut Vec<Trouble>,
) -> Result<PeriodContext, Error> {
    match crate::pages::shown(service, who, Action::See, query).await {
        Err(Error::Invalid { message, field: Some(field), .. }) if field == "period" => {
            troubles.push(Trouble::Period { why: Box::new(message) });
            crate::pages::shown(
                service,
                who,
                Action::See,
                &Query::parse(&query.without(&crate::pages::query::OF_PERIOD)),
            )
            .await
        }
        shown => shown,
    }
}

/// The part of the period that `zoom` names by its two ends, as `2026-11-19T06:00:00Z_2026-11-20`.
fn zoom(shown: &PeriodContext, text: Option<&str>, troubles: &mut Vec<Trouble>) -> Window {
    let Some(text) = text else { return shown.whole };
    let end = |text: &str| window::instant(&shown.site, "zoom", text.parse().ok()?).ok();
    let ends = text.split_once('_').and_then(|(from, to)| Some((end(from)?, end(to)?)));
    let within = ends
        .map(|(from, to)| Window { from: from.max(shown.whole.from), to: to.min(shown.whole.to) });
    let is_enough = |zoom: &Window| zoom.to - zoom.from >= SHORTEST;
    within.filter(is_enough).unwrap_or_else(|| {
        troubles.push(Trouble::Zoom);
        shown.whole
    })
}

/// What all series of a page share.
#[derive(Clone, Copy)]
struct Loading<'a> {
    service: &'a Service,
    shown: &'a PeriodContext,
    drawn: Window,
    columns: &'a [Window],
    rows: &'a [Window],
    step: Option<Step>,
    count: usize,
}

impl Loading<'_> {
    /// A series, unless the meter has no such channel, and what cannot be shown of it.
    async fn series(self, chosen: Chosen) -> Result<(Option<Series>, Option<Trouble>), Error> {
        let (line, trouble) = self.line(&chosen, None).await?;
        let before = match self.before().filter(|_| line.is_some()) {
            Some(by) => self.line(&chosen, Some(by)).await?.0,
            None => None,
        };
        let series = line.map(|line| Series {
            meter: chosen.meter.id,
            number: chosen.meter.number,
            name: chosen.meter.name,
            channel: chosen.channel,
            side: chosen.side,
            line,
            before,
        });
        Ok((series, trouble))
    }

    async fn line(
        self,
        chosen: &Chosen,
        earlier: Option<TimeDelta>,
    ) -> Result<(Option<Line>, Option<Trouble>), Error> {
        match (chosen.channel, self.step) {
            (Channel::Counted(counter), Some(step)) => {
                let asked = consumption::ConsumptionQuery { chosen, counter, step, earlier };
                consumption::load(&self, asked).await
            }
            (Channel::Instant(field), _) => instant::load(&self, chosen, field, earlier).await,
            (Channel::Counted(_), None) => Ok((None, None)),
        }
    }

    /// How much earlier the period before began; none where it is not compared with.
    fn before(self) -> Option<TimeDelta> {
        let (shown, period) = (self.shown, self.shown.period);
        let previous = period.previous(shown.today()).whole(&shown.site, shown.now);
        period.compares().then(|| shown.whole.from - previous.from)
    }

    /// The stretch that is loaded: what has come of the one that is drawn, or the same of the period
    /// before.
    fn window(self, earlier: Option<TimeDelta>) -> Window {
        let Window { from, to } = self.drawn;
        match earlier {
            None => Window { from, to: to.min(self.shown.now).max(from) },
            Some(by) => Window { from: from - by, to: (to - by).min(self.shown.whole.from) },
        }
    }

    fn now(self) -> DateTime<Utc> {
        self.shown.now
    }
}

/// The same for a program, which is refused what cannot be shown instead of being told.
pub async fn strict(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<HistoryPage, Error> {
    let page = history(service, who, query, Detail::File).await?;
    if let Some(trouble) = page.troubles.first() {
        return Err(match trouble {
            Trouble::Period { why } => Error::invalid("period", Message::clone(why)),
            Trouble::Zoom => Error::invalid("zoom", Trouble::Zoom),
            of_series => Error::invalid("series", of_series.clone()),
        });
    }
    if page.series.is_empty() {
        return Err(Error::invalid("series", Trouble::NothingChosen));
    }
    Ok(page)
}

/// The series that a page shows, as its address has them.
pub fn address(series: &[Wanted]) -> String {
    series.iter().map(ToString::to_string).collect::<Vec<_>>().join("_")
}
