//! What routes ask for, take and answer, as the document of the API says it.

use axum::http::StatusCode;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::Route;

/// Makes a schema, with those it needs.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What a route takes.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// An object with its required fields.
    Whole(SchemaOf),
    /// The same; the usual one where nothing is sent.
    Optional(SchemaOf),
    /// An object with any of its fields.
    Changes(Changes),
    /// Text of this media type.
    Text(&'static str),
    /// The fields of a form.
    Form(SchemaOf),
}

/// What a change may say (RFC 7396).
#[derive(Clone, Copy)]
pub(crate) struct Changes {
    /// What there is made of; fields that it does not require may be null, which removes them.
    pub(crate) new: SchemaOf,
    /// What there is shown as, so that what was got can be sent back.
    pub(crate) shown: SchemaOf,
    /// Whether it may say as `expected` what was seen.
    pub(crate) expects: bool,
}

/// What a route answers.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// An object in the envelope.
    One(StatusCode, SchemaOf),
    /// An object by itself.
    Bare(StatusCode, SchemaOf),
    /// A list in the envelope, or CSV.
    Many(SchemaOf),
    /// Text of this media type.
    Text(StatusCode, &'static str),
    /// Nothing but headers.
    Nothing(StatusCode),
}

impl Route {
    pub(super) fn asks<T: JsonSchema>(self) -> Self {
        Self { query: Some(schema::<T>), ..self }
    }

    /// A header that means something to this route, and how long it may be.
    pub(super) fn hears(self, header: &'static str, longest: usize) -> Self {
        Self { header: Some((header, longest)), ..self }
    }

    pub(super) fn takes<T: JsonSchema>(self) -> Self {
        Self { body: Some(Body::Whole(schema::<T>)), ..self }
    }

    pub(super) fn may_take<T: JsonSchema>(self) -> Self {
        Self { body: Some(Body::Optional(schema::<T>)), ..self }
    }

    pub(super) fn takes_text(self, media_type: &'static str) -> Self {
        Self { body: Some(Body::Text(media_type)), ..self }
    }

    pub(super) fn takes_form<T: JsonSchema>(self) -> Self {
        Self { body: Some(Body::Form(schema::<T>)), ..self }
    }

    pub(super) fn changes<New: JsonSchema, Shown: JsonSchema>(self) -> Self {
        let changes = Changes { new: schema::<New>, shown: schema::<Shown>, expects: false };
        Self { body: Some(Body::Changes(changes)), ..self }
    }

    /// The same, where a change may say what was seen.
    pub(super) fn changes_seen<New: JsonSchema, Shown: JsonSchema>(self) -> Self {
        let changes = Changes { new: schema::<New>, shown: schema::<Shown>, expects: true };
        Self { body: Some(Body::Changes(changes)), ..self }
    }

    pub(super) fn answers<T: JsonSchema>(self) -> Self {
        self.and(Answer::One(StatusCode::OK, schema::<T>))
    }

    pub(super) fn creates<T: JsonSchema>(self) -> Self {
        self.and(Answer::One(StatusCode::CREATED, schema::<T>))
    }

    pub(super) fn accepts<T: JsonSchema>(self) -> Self {
        self.and(Answer::One(StatusCode::ACCEPTED, schema::<T>))
    }

    /// The object by itself, outside the envelope.
    pub(super) fn answers_bare<T: JsonSchema>(self, status: StatusCode) -> Self {
        self.and(Answer::Bare(status, schema::<T>))
    }

    pub(super) fn answers_many<T: JsonSchema>(self) -> Self {
        self.and(Answer::Many(schema::<T>))
    }

    pub(super) fn answers_as(self, media_type: &'static str) -> Self {
        self.and(Answer::Text(StatusCode::OK, media_type))
    }

    /// Leads a browser on to a page.
    pub(super) fn leads_on(self) -> Self {
        self.and(Answer::Nothing(StatusCode::SEE_OTHER))
    }

    /// Goes on in another protocol; without it, asks for it.
    pub(super) fn upgrades(self) -> Self {
        let route = self.and(Answer::Nothing(StatusCode::SWITCHING_PROTOCOLS));
        Self { also_refuses: &[StatusCode::UPGRADE_REQUIRED], ..route }
    }

    /// It checks a password, which is wrong or is given too often.
    pub(super) fn signs_in(self) -> Self {
        Self { also_refuses: &[StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS], ..self }
    }

    /// Refuses with a line of text.
    pub(super) fn refuses_as_text(self, status: StatusCode) -> Self {
        self.and(Answer::Text(status, "text/plain"))
    }

    fn and(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}
