//! The files of a page: each table as Excel and CSV, each chart as a picture too, at the page's own address with
//! `file=losses.xlsx`.
//!
//! The page is drawn as ever, with the rights, the period and the site of whoever asks; where it offers the table that
//! is asked for, the file is written and sent in place of the document.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use domain::reports::Month;
use domain::sites::Site;
use domain::view::PeriodContext;
use leptos::prelude::{SetValue as _, StoredValue, UpdateValue as _, provide_context, use_context};
use markup::{Html, html};
use rust_decimal::prelude::ToPrimitive as _;
use service::Error;
use tables::{Book, Column, Rows, Table, Value};
use texts::language::Text;
use texts::words::files as words;
use texts::{figures, language};

use super::parts::plot::{data_table, picture};
use super::parts::time;
use super::sending::here;
use super::{address, at};
use crate::components::figure::UNKNOWN;

/// The parameter that asks for a file.
pub const PARAMETER: &str = "file";

/// The name of the workbook that the report of a month offers.
pub const OF_REPORT: &str = "report";

/// The address of the workbook of a month, for pages that lead there.
pub fn address_of_report(slug: Option<&str>, month: Month) -> String {
    let file = format!("{OF_REPORT}.xlsx");
    at(slug, &format!("/reports/{month}"), &[(PARAMETER, file.as_str())])
}

/// A file as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub media_type: &'static str,
    pub content: Vec<u8>,
}

/// The media type of a file, and what is in it.
type Content = (&'static str, Result<Vec<u8>, Error>);

/// The file that is asked for, and once the page has offered it, its content.
#[derive(Clone)]
struct Request {
    file: Option<String>,
    made: StoredValue<Option<Result<File, Error>>>,
}

impl Request {
    /// The ending of the file that is asked for, if it is the one of this name.
    fn ending(&self, name: &str) -> Option<&str> {
        self.file.as_deref()?.strip_prefix(name)?.strip_prefix('.')
    }

    fn answer(&self, name: String, (media_type, content): Content) {
        self.made.set_value(Some(content.map(|content| File { name, media_type, content })));
    }
}

/// Begins a page that may be asked for one of its files.
pub fn ask(file: Option<&str>) {
    provide_context(Request { file: file.map(str::to_owned), made: StoredValue::new(None) });
}

/// Whether a file is asked for in place of the page.
pub fn is_asked() -> bool {
    use_context::<Request>().is_some_and(|request| request.file.is_some())
}

/// The file that was asked for, of the page that was just drawn; none where it offers no such file.
///
/// # Errors
/// It cannot be written.
pub fn made() -> Option<Result<File, Error>> {
    let request = use_context::<Request>()?;
    request.made.try_update_value(Option::take).flatten()
}

/// The files of a page about a site.
#[derive(Clone, Copy)]
pub struct Downloads<'a> {
    site: &'a Site,
    /// The first and the last day of the period, where the page has one.
    days: Option<(NaiveDate, NaiveDate)>,
    now: DateTime<Utc>,
    /// Whether the figures are those of the site, which the files name.
    is_of_site: bool,
}

impl<'a> Downloads<'a> {
    /// Of a page about a period.
    pub fn of(shown: &'a PeriodContext) -> Self {
        Self::of_days(&shown.site, shown.period.days(shown.today()), shown.now)
    }

    /// Of a page about some days.
    pub const fn of_days(site: &'a Site, days: (NaiveDate, NaiveDate), now: DateTime<Utc>) -> Self {
        Self { site, days: Some(days), now, is_of_site: true }
    }

    /// Of a page about a time, whose end no longer belongs to it.
    pub fn of_window(
        site: &'a Site,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Self {
        let last = to - TimeDelta::microseconds(1);
        Self::of_days(site, (site.date_at(from), site.date_at(last)), now)
    }

    /// Of a page about a month.
    pub fn of_month(site: &'a Site, month: Month, now: DateTime<Utc>) -> Self {
        let last = month.next().first().pred_opt().unwrap_or(month.first());
        Self::of_days(site, (month.first(), last), now)
    }

    /// Of a page about what is there now.
    pub const fn of_site(site: &'a Site, now: DateTime<Utc>) -> Self {
        Self { site, days: None, now, is_of_site: true }
    }

    /// Of a page about all sites, in the zone of the one that is shown.
    #[must_use]
    pub const fn of_all_sites(self) -> Self {
        Self { is_of_site: false, ..self }
    }

    pub fn table(
        self,
        title: impl Into<String>,
        columns: Vec<Column>,
        rows: Vec<Vec<Value>>,
    ) -> Table {
        let title = title.into();
        let empty = if self.days.is_some() { words::NO_FIGURES } else { words::NO_ROWS };
        Table {
            facts: self.facts(&title),
            title,
            zone: self.site.zone,
            columns,
            rows,
            empty: empty.into(),
        }
    }

    /// A table of the page, made column by column.
    pub fn rows<I: Copy>(self, title: impl Into<String>, rows: Rows<I>) -> Table {
        let (columns, rows) = rows.parts();
        self.table(title, columns, rows)
    }

    /// Tables of the page as one workbook, with what else is to be known of it.
    pub fn book(self, title: &str, tables: Vec<Table>, notes: Vec<(String, String)>) -> Book {
        let facts = self.facts(title).into_iter().chain(notes).collect();
        Book { title: title.to_owned(), tables, facts }
    }

    /// Of which site and when the figures of a file are.
    fn facts(self, title: &str) -> Vec<(String, String)> {
        let site = self.site;
        let facts = [
            Some((String::new(), title.to_owned())),
            self.is_of_site.then(|| (words::SITE.into(), site.name.clone())),
            self.period().map(|period| (words::PERIOD.into(), period)),
            Some((words::ZONE.into(), site.zone.name().to_owned())),
            Some((words::MADE.into(), time::full(site, self.now))),
        ];
        facts.into_iter().flatten().collect()
    }

    /// The first and the last day, in words.
    fn period(self) -> Option<String> {
        let (first, last) = self.days?;
        let first_day = time::short_day(first);
        if first == last {
            return Some(first_day);
        }
        Some(format!("{first_day} – {}", time::short_day(last)))
    }

    /// Offers a workbook by a button.
    pub fn offer_book(self, name: &str, text: Text, book: impl FnOnce() -> Book) -> Option<Html> {
        let request = use_context::<Request>()?;
        if request.ending(name) == Some("xlsx") {
            let written = xlsx(tables::xlsx::write_book(&book(), &words::ABOUT));
            request.answer(format!("{}.xlsx", self.stem(name)), written);
        }
        let to = address(&here(), &format!("{PARAMETER}={name}.xlsx"));
        Some(html! {
            <a class="button" href=to rel="external" download="">
                {text}
            </a>
        })
    }

    /// Offers a table as files; nothing where no page is drawn, as in a letter.
    pub fn offer(self, name: &str, table: impl FnOnce() -> Table) -> Option<Html> {
        self.links(name, table, None::<fn() -> Option<String>>)
    }

    /// Offers a chart and the table behind it as files.
    pub fn offer_chart(
        self,
        name: &str,
        table: impl FnOnce() -> Table,
        picture: impl FnOnce() -> Option<String>,
    ) -> Option<Html> {
        self.links(name, table, Some(picture))
    }

    /// A plot, the table behind it, and both as files. The picture has the note, which names the unit, in its title.
    pub fn plotted(self, name: &str, note: &str, plot: Html, table: Table) -> Html {
        let title = format!("{}: {note}", table.title);
        let behind = self.behind(name, table, || self.picture(&title, &plot));
        html! { {plot} {behind} }
    }

    /// A plot of the page as a picture by itself.
    pub fn picture(self, title: &str, plot: &Html) -> Option<String> {
        picture(&self.titled(title), plot)
    }

    /// The title of a picture, with the site and the period.
    pub fn titled(self, title: &str) -> String {
        let of = [Some(self.site.name.clone()), self.period()].into_iter().flatten();
        format!("{title} ({})", of.collect::<Vec<_>>().join(", "))
    }

    /// The table behind a chart, for those who read figures, and both as files.
    pub fn behind(
        self,
        name: &str,
        table: Table,
        picture: impl FnOnce() -> Option<String>,
    ) -> Html {
        html! {
            {self.details(&table)}
            {self.offer_chart(name, || table, picture)}
        }
    }

    fn details(self, table: &Table) -> Html {
        let heads = table.columns.iter().map(Column::head).collect();
        data_table(heads, table.rows.iter().map(|row| self.texts(row)))
    }

    /// A row of a table as the page writes it.
    pub fn texts(self, row: &[Value]) -> Vec<String> {
        row.iter().map(|value| self.text(value)).collect()
    }

    fn text(self, value: &Value) -> String {
        let is_of_day = self.days.is_some_and(|(first, last)| first == last);
        match value {
            Value::Unknown => UNKNOWN.to_owned(),
            Value::Text(text) => text.clone(),
            Value::Number(value, places) => figures::fixed(*value, *places),
            Value::Exact(amount) => {
                let places = usize::try_from(amount.scale()).unwrap_or_default();
                figures::fixed(amount.to_f64().unwrap_or_default(), places)
            }
            Value::Time(at) if is_of_day => time::minute(self.site, *at),
            Value::Time(at) => time::day_minute(self.site, *at),
            Value::Day(day) if day.year() == self.site.date_at(self.now).year() => {
                language::now().day_month(*day)
            }
            Value::Day(day) => time::short_day(*day),
        }
    }

    fn links(
        self,
        name: &str,
        table: impl FnOnce() -> Table,
        picture: Option<impl FnOnce() -> Option<String>>,
    ) -> Option<Html> {
        let request = use_context::<Request>()?;
        let has_picture = picture.is_some();
        let ending = request.ending(name);
        let written = match ending {
            Some("xlsx") => Some(xlsx(tables::xlsx::write(&table(), &words::ABOUT))),
            Some("csv") => {
                let text = tables::csv::write(&table(), language::now());
                Some(("text/csv; charset=utf-8", Ok(text.into_bytes())))
            }
            Some("svg") => picture
                .and_then(|picture| picture())
                .map(|svg| ("image/svg+xml", Ok(svg.into_bytes()))),
            _ => None,
        };
        if let (Some(written), Some(ending)) = (written, ending) {
            request.answer(format!("{}.{ending}", self.stem(name)), written);
        }
        Some(self.draw(name, has_picture))
    }

    /// The name of a file without its ending: `losses-mill-2026-11-01-2026-11-30`.
    fn stem(self, name: &str) -> String {
        let name =
            if self.is_of_site { format!("{name}-{}", self.site.slug) } else { name.to_owned() };
        match self.days {
            Some((first, last)) if first == last => format!("{name}-{first}"),
            Some((first, last)) => format!("{name}-{first}-{last}"),
            None => format!("{name}-{}", self.site.date_at(self.now)),
        }
    }

    fn draw(self, name: &str, has_picture: bool) -> Html {
        let to = |ending: &str| address(&here(), &format!("{PARAMETER}={name}.{ending}"));
        let link = |ending: &str, text: Text| {
            html! { <a href=to(ending) rel="external" download="">{text}</a> }
        };
        let pictures = has_picture.then(|| {
            let file = format!("{}.png", self.stem(name));
            html! {
                {link("svg", words::SVG)}
                <button type="button" class="link" data-picture=to("svg") data-file=file>
                    {words::PNG}
                </button>
            }
        });
        html! {
            <p class="downloads">
                <span>{words::DOWNLOAD} ":"</span>
                {link("xlsx", words::EXCEL)}
                {link("csv", words::CSV)}
                {pictures}
            </p>
        }
    }
}

fn xlsx<E: ToString>(content: Result<Vec<u8>, E>) -> Content {
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    (media_type, content.map_err(|error| Error::Panicked(error.to_string())))
}

#[cfg(test)]
mod tests {
    use domain::SiteId;
    use domain::sites::{GridSettings, Retention, SiteKind};

    use super::*;

    #[test]
    fn a_file_is_named_by_the_days_that_its_figures_are_of() {
        let site = Site {
            id: SiteId(1),
            slug: "plant".to_owned(),
            name: "Plant".to_owned(),
            kind: SiteKind::Live,
            zone: "Asia/Kolkata".parse().unwrap(),
            currency: "INR".to_owned(),
            price_per_kwh: None,
            grid_capacity_kw: None,
            latitude: None,
            longitude: None,
            retention: Retention::default(),
            grid: GridSettings::default(),
        };
        let midnight: DateTime<Utc> = "2026-11-18T18:30:00Z".parse().unwrap();
        for (minutes, stem) in
            [(0, "power-plant-2026-11-18"), (1, "power-plant-2026-11-18-2026-11-19")]
        {
            let end = midnight + TimeDelta::minutes(minutes);
            let day = (end - TimeDelta::hours(24), end);
            assert_eq!(Downloads::of_window(&site, day, end).stem("power"), stem);
        }
    }
}
