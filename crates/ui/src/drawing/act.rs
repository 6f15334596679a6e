//! What the forms of such pages bring, and how they say what was done, with a form that undoes it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use domain::SiteSlug;
use domain::meters::MeterAddress;
use domain::month::Month;
use domain::operation::request::FormRefusal;
use markup::{Html, html};
use service::meters::MeterRef;
use service::{Error, Named, Principal, Service, named, pages};

use super::{hidden, send};
use texts::language;

/// A value that can be typed.
pub trait Readable: Sized {
    /// Reads it as the reader of the page writes it.
    ///
    /// # Errors
    /// It is none; the field is this one.
    fn read(text: &str, field: &str) -> Result<Self, Error>;
}

impl Readable for String {
    fn read(text: &str, _: &str) -> Result<Self, Error> {
        Ok(text.to_owned())
    }
}

impl Readable for SiteSlug {
    fn read(text: &str, _: &str) -> Result<Self, Error> {
        Ok(text.into())
    }
}

/// As a page fills it in: `true` or `false`.
impl Readable for bool {
    fn read(text: &str, field: &str) -> Result<Self, Error> {
        let unread = || Error::invalid(field, FormRefusal::NoForm { why: text.to_owned() });
        text.parse().map_err(|_| unread())
    }
}

impl Readable for f64 {
    fn read(text: &str, field: &str) -> Result<Self, Error> {
        let unread = || Error::invalid(field, FormRefusal::NoNumber { text: text.to_owned() });
        language::now().number(text).ok_or_else(unread)
    }
}

impl Readable for Month {
    fn read(text: &str, field: &str) -> Result<Self, Error> {
        text.parse().map_err(|refused| Error::invalid(field, refused))
    }
}

/// A meter by its id or its number.
impl Readable for MeterRef {
    fn read(text: &str, _: &str) -> Result<Self, Error> {
        Ok(text.parse().map_or_else(|_| Self::Name(text.to_owned()), Self::Id))
    }
}

/// The fields of a form.
pub struct Fields(pub HashMap<String, String>);

impl Fields {
    pub fn text(&self, name: &str) -> Result<&str, Error> {
        let value = self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        value.ok_or_else(|| Error::invalid(name, FormRefusal::Missing { name: name.to_owned() }))
    }

    pub fn id<T: Named>(&self, name: &str) -> Result<T, Error> {
        named(self.text(name)?)
    }

    pub fn site(&self) -> Result<SiteSlug, Error> {
        self.text("site").map(SiteSlug::from)
    }

    pub fn meter(&self) -> Result<MeterAddress, Error> {
        self.text("meter").map(MeterAddress::from)
    }

    /// A meter by its id or its number.
    pub fn meter_ref(&self, name: &str) -> Result<MeterRef, Error> {
        MeterRef::read(self.text(name)?, name)
    }

    pub fn month(&self) -> Result<Month, Error> {
        Month::read(self.text("month")?, "month")
    }

    /// A secret, with the blanks that may belong to it.
    pub fn secret(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub fn number(&self, name: &str) -> Result<f64, Error> {
        f64::read(self.text(name)?, name)
    }

    /// An instant: RFC 3339, or as the site's clock shows it.
    pub fn instant(&self, service: &Service, who: &Principal) -> Result<DateTime<Utc>, Error> {
        let text = self.text("at")?;
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(at.with_timezone(&Utc));
        }
        let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        let site = pages::period(service, who, &pages::Query::default())?.site;
        let at = local.and_then(|local| site.zone.from_local_datetime(&local).earliest());
        at.map(|at| at.with_timezone(&Utc))
            .ok_or_else(|| Error::invalid("at", FormRefusal::NoTime { text: text.to_owned() }))
    }
}

/// No form does this.
pub fn no_act(name: &str) -> Error {
    Error::invalid("act", FormRefusal::NoAct { name: name.to_owned() })
}

/// The answer to a form: what was done, as HTML, or why it was not.
pub type Answer = Result<String, Error>;

/// A form that takes something back: its act and its fields.
pub type Undo = (&'static str, Vec<(&'static str, String)>);

/// What was done, and the form that undoes it with a button of this `name`.
pub fn notice_with_undo(text: &str, name: &'static str, undo: Option<Undo>) -> String {
    let undo = undo.map(|(act, fields)| {
        html! {
            <form action=send(act)>
                {fields.into_iter().map(|(name, value)| hidden(name, value)).collect::<Html>()}
                <button type="submit" class="button-undo">
                    {name}
                </button>
            </form>
        }
    });
    html! {
        <p>{text.to_owned()}</p>
        {undo}
    }
    .into_string()
}

/// What was done, and where it stands now.
pub fn notice_with_link(text: &str, href: &str) -> String {
    html! {
        <p>
            <a href=href.to_owned()>{text.to_owned()}</a>
        </p>
    }
    .into_string()
}
