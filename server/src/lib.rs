//! The program's outside: HTTP.
//!
//! `routes` is the one table of the API: method, path, rule, handler. The router, the OpenAPI document
//! and the test of the rules are built from it. `guard` decides who asks, before anything else,
//! and `client` where from;
//! `extract` reads requests, `answer` and `error` write answers, `api/` holds one thin handler per
//! endpoint: read, call one use case, answer.
//!
//! `web` puts pages, assets and server functions around the API; `start` brings everything up in order
//! and down again.
//!
//! Not here: use cases and their authorisation (those are `service`), pages (those are `app`), SQL.

mod account;
mod acts;
pub mod answer;
mod api;
pub mod assets;
mod backup;
mod client;
pub mod config;
pub mod configuration;
mod cookies;
mod csv;
mod database;
mod demo;
mod disk;
mod docs;
pub mod error;
mod extract;
mod flash;
pub mod functions;
pub mod guard;
mod invitation;
mod lease;
pub mod listen;
pub mod live;
mod multipart;
pub mod openapi;
mod people;
pub mod report_letters;
pub mod routes;
mod settings_people;
mod sign_in;
mod standby;
pub mod start;
mod web;
