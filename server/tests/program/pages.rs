//! The pages as the program serves them, before anything runs in a browser: what they say, and that nothing
//! in them is taken for markup.

pub(crate) mod browser;
pub(crate) mod downloads;
mod empty;
pub(crate) mod figures;
mod files;
pub(crate) mod forms;
mod hostile;
pub(crate) mod html;
mod new_meter;
mod present;
mod tasks;
mod ten_tasks;
pub(crate) mod walk;

use std::path::PathBuf;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use serde_json::Value;
use sqlx::PgPool;
use tempfile::TempDir;

use super::{Program, client};

/// A value as it stands in an address.
fn encoded(word: &str) -> String {
    form_urlencoded::byte_serialize(word.as_bytes()).collect()
}

/// A page, or what else is answered.
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) text: String,
}

/// Somebody who looks at the pages of a program.
pub(super) struct Visitor {
    pub(super) program: Program,
    client: Client,
    /// Its data, until it ends, where they are its own.
    folder: Option<TempDir>,
}

impl Visitor {
    pub(super) fn of(program: Program) -> Self {
        // The first makes cryptography known.
        drop(client());
        let client = Client::builder().redirect(Policy::none()).timeout(Duration::from_mins(1));
        Self { program, client: client.build().unwrap(), folder: None }
    }

    /// Starts the program on a database.
    fn start(pool: &PgPool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start_on(pool, &folder.path().join("data"), &[]);
        Self { folder: Some(folder), ..Self::of(program) }
    }

    /// The folder of its data.
    fn data_dir(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().join("data")
    }

    pub(super) async fn get(&self, path: &str) -> Page {
        self.in_language(path, "en").await
    }

    pub(super) async fn asked(&self, path: &str, (name, value): (&str, &str)) -> Response {
        let request = self.client.get(format!("{}{path}", self.program.address));
        request.header(name, value).send().await.unwrap()
    }

    /// Posts a form, as a page of the program does.
    pub(super) async fn post(
        &self,
        path: &str,
        (name, value): (&str, &str),
        form: &str,
    ) -> Response {
        let request = self.client.post(format!("{}{path}", self.program.address));
        request.header(name, value).body(form.to_owned()).send().await.unwrap()
    }

    pub(super) async fn in_language(&self, path: &str, language: &str) -> Page {
        let answer = self.asked(path, ("accept-language", language)).await;
        Page { status: answer.status().as_u16(), text: answer.text().await.unwrap() }
    }

    /// Sends what is to be done; answers the data of what was made.
    async fn done(&self, method: Method, path: &str, body: &Value) -> Value {
        let told = format!("{method} {path}");
        let sent = self.program.send(&self.client, method, path, Some(body)).await;
        let (status, answer) = sent.unwrap();
        assert!([200, 201].contains(&status), "{told}: {answer}");
        answer["data"].clone()
    }

    /// Waits until a page is there: what the program knows follows what was stored a moment later.
    pub(super) async fn shown(&self, path: &str, words: &str) {
        self.until(path, words, |page| html::words(page).contains(words)).await;
    }

    /// Waits until a page has a form that does this.
    async fn offers(&self, path: &str, act: &str) {
        let form = format!(" data-act=\"{act}\"");
        self.until(path, act, |page| page.contains(&form)).await;
    }

    async fn until(&self, path: &str, what: &str, holds: impl Fn(&str) -> bool) {
        for _ in 0..400 {
            if holds(&self.get(path).await.text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{path} did not say “{what}” within 10 s");
    }
}
