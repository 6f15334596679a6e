//! Why a request or a form is refused, whatever it asks for.

use crate::message::{Message, messages};

messages! {
    /// Why a request is refused before anybody looks at what it asks for.
    pub enum RequestRefusal in "request" {
        NoPath => "there is nothing at this address; /api/docs lists what there is",
        NoMethod =>
            "this address does not take that method; the header Allow says which it takes",
        WrongHost =>
            "this server does not answer under that name; start it with --public-url to allow it",
        ForeignOrigin => "another site may not do this",
        StandingBy { holder: String, since: String } =>
            "standing by: {holder} works on this database since {since}; this process takes over when \
             it is gone",
        NoSocket { why: Box<Message> } =>
            "this address speaks WebSocket alone ({why}); GET /api/live gives the same as server-sent \
             events",
        AnswerTooLong =>
            "the answer would be longer than 20 MB: ask for a shorter window, for one meter or site, or \
             for fewer items with limit",
    }

    /// Why a parameter of an address is refused.
    pub enum QueryRefusal in "query" {
        Twice { name: String } => "{name} is given twice",
        NoLimit { text: String, most: u32 } => "{text:?} is no whole number from 1 to {most}",
        NoFlag { text: String } => "{text:?} is neither true nor false",
        NoMessage { text: String } => "{text:?} is no number of a message",
        ShowOfMeter =>
            "show says what is told of a whole site: leave it out, or leave meter out",
        CursorGone { cursor: String } =>
            "{cursor:?}: what it stood at is gone: begin again without it",
        CursorChanged { cursor: String } => "{cursor:?}: send a nextCursor back unchanged",
        NoPage => "next is no path of this server: begin it with one slash",
    }

    /// Why a body cannot be read.
    pub enum BodyRefusal in "body" {
        NotJson => "send Content-Type: application/json",
        NotCsv => "send the table as Content-Type: text/csv",
        NotForm => "send the form as multipart/form-data",
        Json { why: Box<Message> } => "the body is no JSON: {why}",
        Form { why: Box<Message> } => "no form: {why}",
        TooManyParts { most: usize } => "more than {most} parts",
        NoFile => "the form has no file: choose a table",
        NoUtf8 => "a field is no UTF-8",
        TooSlow { read: usize } => "the body comes too slowly, {read} bytes so far: send it again",
        TooLarge { limit: usize } =>
            "the body is larger than {limit} bytes: send less at a time",
        BrokeOff => "the body broke off",
        UploadTooSlow => "the upload did not arrive in two minutes",
        UploadNotForm => "an upload is sent as multipart/form-data",
    }

    /// Why a change of an object is refused, whatever it is.
    pub enum ChangeRefusal in "change" {
        Nul => "a text may not contain the character NUL",
        ReadOnly { name: String, now: String } =>
            "{name} cannot be changed: leave it out or send {now}",
        SeenNoObject => "give an object of fields with their values",
        SeenNoField => "there is no such field: leave it out",
        Meanwhile { name: String, seen: String, now: String, sent: String } =>
            "somebody else changed {name} meanwhile: it was {seen}, it is {now} now, and you entered \
             {sent}; nothing is stored, look at the new value and send yours again",
    }

    /// Why what the form of a page says cannot be meant.
    pub enum FormRefusal in "form" {
        Missing { name: String } => "{name} is missing: fill it in",
        NoNumber { text: String } =>
            "{text:?} is no number: enter digits, with a point before decimals, such as 12.5",
        NoWhole { text: String } => "{text:?} is no whole number: enter digits alone, such as 120",
        NoTime { text: String } => "{text:?} is no time of the site's clock: choose another",
        NoJson { why: Box<Message> } => "it is no JSON: {why}",
        NoForm { why: String } =>
            "the form does not match the server, which may have been updated ({why}): reload the page and fill the \
             form in again",
        NoAct { name: String } =>
            "the server does not know the form {name:?}, and may have been updated: reload the page",
        Outdated =>
            "not done: the server was restarted after this page was opened. If you had sent this form before, \
             check whether that was done; otherwise send it again",
    }
}
