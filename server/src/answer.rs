//! The envelope of every answer, and lists by page.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::operation::request::{FormRefusal, QueryRefusal, RequestRefusal};
use domain::strict::Carried;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::csv;
use crate::error::ApiError;

/// The bytes of an answer at most; it is in memory as a whole before it is sent.
const LONGEST: usize = 20_000_000;

/// What an answer says, as JSON: no figure in it is `-0`. One that would be too long is refused.
pub struct Json<T>(pub T);

/// One object: `{"success":true,"data":…}`.
pub struct Data<T>(pub T);

/// One object that was made by this call: the same with status 201.
pub struct Created<T>(pub T);

#[derive(Serialize)]
struct Envelope<T> {
    success: bool,
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(rename = "nextCursor", skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match service::json::within(LONGEST, &self.0) {
            Ok(Some(bytes)) => {
                ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
            }
            Ok(None) => {
                let refused = RequestRefusal::AnswerTooLong;
                ApiError::unprocessable("answer_too_large", refused).into_response()
            }
            Err(error) => {
                tracing::error!("an answer could not be written: {error}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        let data = self.0;
        Json(Envelope { success: true, data, count: None, next_cursor: None }).into_response()
    }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Data(self.0)).into_response()
    }
}

/// An item of a list.
pub trait Item: Serialize {
    /// The header line as CSV: JSON names, with a dot where an object holds them.
    const COLUMNS: &'static str;

    /// What the list is ordered by; a page goes on after it.
    fn key(&self) -> String;
}

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The envelope.
    #[default]
    Json,
    /// A table with a header line.
    Csv,
}

/// A page of a list.
pub struct List<T> {
    items: Vec<T>,
    more: bool,
    format: Format,
}

impl<T: Item> List<T> {
    /// A page whose items were picked already; `more` where others follow.
    pub fn picked(items: Vec<T>, more: bool, format: Format) -> Self {
        Self { items, more, format }
    }

    /// The page after the cursor, of a list ordered as it is.
    pub fn of(all: Vec<T>, page: &Page) -> Result<Self, ApiError> {
        let mut items = all;
        if let Some(after) = page.after()? {
            let Some(last) = items.iter().position(|item| item.key() == after) else {
                return Err(page.bad_cursor(|cursor| QueryRefusal::CursorGone { cursor }));
            };
            items.drain(..=last);
        }
        Ok(Self::begun(items, page))
    }

    /// The page that items begin, of which one more is there where others follow.
    pub fn begun(mut items: Vec<T>, page: &Page) -> Self {
        let limit = page.limit() as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        Self { items, more, format: page.format }
    }

    fn next_cursor(&self) -> Option<String> {
        let last = self.items.last().filter(|_| self.more)?;
        let digits =
            |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
        last.key().bytes().flat_map(digits).collect()
    }
}

impl<T: Item> IntoResponse for List<T> {
    fn into_response(self) -> Response {
        let next_cursor = self.next_cursor();
        if self.format == Format::Csv {
            let text = csv::table(T::COLUMNS, &self.items);
            let mut response =
                ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response();
            if let Some(cursor) = next_cursor.and_then(|cursor| cursor.parse().ok()) {
                response.headers_mut().insert("x-next-cursor", cursor);
            }
            return response;
        }
        let count = Some(self.items.len());
        Json(Envelope { success: true, data: self.items, count, next_cursor }).into_response()
    }
}

/// Items of a page unless stated, and at most.
const USUAL: u32 = 1_000;
const MOST: u32 = 10_000;

/// How many items of a list are asked for.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "u32", inline, extend("minimum" = 1, "maximum" = MOST))]
pub struct Limit(u32);

impl Limit {
    /// The number.
    pub fn count(self) -> u32 {
        self.0
    }
}

impl TryFrom<String> for Limit {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        let count = text.parse().ok().filter(|count| (1..=MOST).contains(count));
        let refused = QueryRefusal::NoLimit { text, most: MOST };
        count.map(Self).ok_or_else(|| Carried::new(refused))
    }
}

/// Yes or no in an address: `true` or `false`.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "bool", inline)]
pub struct Flag(pub bool);

impl TryFrom<String> for Flag {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        match text.as_str() {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(Carried::new(QueryRefusal::NoFlag { text })),
        }
    }
}

/// A figure in an address.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "f64", inline)]
pub struct Figure(pub f64);

impl TryFrom<String> for Figure {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        let figure = text.parse().ok().filter(|figure: &f64| figure.is_finite());
        figure.map(Self).ok_or_else(|| Carried::new(FormRefusal::NoNumber { text }))
    }
}

/// Which page of a list is asked for, and in which form.
#[derive(Debug, Default, Clone)]
pub struct Page {
    limit: Option<Limit>,
    cursor: Option<String>,
    /// Its form.
    pub format: Format,
}

impl Page {
    /// What a query says of pages.
    pub fn new(limit: Option<Limit>, cursor: Option<String>, format: Option<Format>) -> Self {
        Self { limit, cursor, format: format.unwrap_or_default() }
    }

    /// How many items at most.
    pub fn limit(&self) -> u32 {
        self.limit.map_or(USUAL, |limit| limit.0)
    }

    /// The key that the page goes on after.
    pub fn after(&self) -> Result<Option<String>, ApiError> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bytes = cursor.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        });
        let key = bytes.collect::<Option<Vec<u8>>>().and_then(|key| String::from_utf8(key).ok());
        key.map(Some).ok_or_else(|| self.changed_cursor())
    }

    /// The row that the page goes on after, where lists go by the ids of rows.
    pub fn after_row(&self) -> Result<Option<i64>, ApiError> {
        let row = |key: String| key.parse().map_err(|_| self.changed_cursor());
        self.after()?.map(row).transpose()
    }

    /// A cursor that is none of ours.
    pub fn changed_cursor(&self) -> ApiError {
        self.bad_cursor(|cursor| QueryRefusal::CursorChanged { cursor })
    }

    /// A cursor that leads nowhere.
    fn bad_cursor(&self, refused: impl FnOnce(String) -> QueryRefusal) -> ApiError {
        let refused = refused(self.cursor.clone().unwrap_or_default());
        ApiError::unprocessable("invalid_cursor", refused).at("cursor")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_would_be_too_long_is_refused() {
        let of = |length: usize| Data("x".repeat(length)).into_response().status();
        assert_eq!(of(1_000), StatusCode::OK);
        assert_eq!(of(LONGEST), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
