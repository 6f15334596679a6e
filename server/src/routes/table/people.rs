//! The routes of users, their sessions, and the log of changes.

use domain::people::{AuditEntry, Person, Session, TokenView};
use service::people::accounts::{NewUser, UserChanges};
use service::people::me::Me;
use service::people::tokens::{MadeToken, NewToken};

use super::{MANAGE_PEOPLE, PUBLIC, SIGNED_IN};
use crate::api::people::{audit, session, tokens, users};
use crate::api::sites;
use crate::routes::{Route, delete, get, patch, post};

/// Signing in and out, users, and what was changed by whom.
#[rustfmt::skip]
pub(super) fn people() -> Vec<Route> {
    vec![
        post("/api/session", PUBLIC, "Sign in; the answer sets the cookie by which one is known from then on", session::begin)
            .takes::<session::Credentials>().answers::<Me>().signs_in(),
        delete("/api/session", SIGNED_IN, "Sign out", session::end)
            .answers::<Me>(),
        get("/api/me", PUBLIC, "Who asks, and what that one may do", session::me).answers::<Me>(),
        get("/api/users", MANAGE_PEOPLE, "Everybody who can sign in, by name", users::list)
            .asks::<sites::ListQuery>().answers_many::<Person>(),
        post("/api/users", MANAGE_PEOPLE, "Create a user; without a password the answer has a link by which it is set", users::create)
            .takes::<NewUser>().creates::<users::CreatedUser>(),
        get("/api/users/{id}", MANAGE_PEOPLE, "One user", users::get).answers::<Person>(),
        patch("/api/users/{id}", MANAGE_PEOPLE, "Change a user; with other rights they sign in anew", users::update)
            .takes::<UserChanges>().answers::<Person>(),
        delete("/api/users/{id}", MANAGE_PEOPLE, "Erase a user: what they did stays in the log, under a number", users::erase)
            .answers::<Person>(),
        post("/api/users/{id}/invitation", MANAGE_PEOPLE, "Make a link by which a user sets a password; earlier ones end", users::invite)
            .creates::<users::Invitation>(),
        get("/api/users/{id}/sessions", MANAGE_PEOPLE, "The sessions of a user, those used last first", users::sessions)
            .asks::<sites::ListQuery>().answers_many::<Session>(),
        delete("/api/users/{id}/sessions", MANAGE_PEOPLE, "End all sessions of a user", users::end_sessions)
            .answers::<Person>(),
        get("/api/tokens", SIGNED_IN, "Your tokens; those of everybody for administrators of all sites", tokens::list)
            .asks::<sites::ListQuery>().answers_many::<TokenView>(),
        post("/api/tokens", SIGNED_IN, "Make a token by which a program acts for you: it is told this once", tokens::create)
            .takes::<NewToken>().creates::<MadeToken>(),
        delete("/api/tokens/{id}", SIGNED_IN, "End a token at once", tokens::end).answers::<TokenView>(),
        get("/api/audit", MANAGE_PEOPLE, "Who changed what figures rest on", audit::list)
            .asks::<audit::ListQuery>().answers_many::<AuditEntry>(),
        get("/api/audit.csv", MANAGE_PEOPLE, "The same as CSV", audit::csv)
            .asks::<audit::ListQuery>().answers_as("text/csv"),
    ]
}
