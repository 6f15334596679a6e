//! How long what is kept, and what a shorter time drops.

use markup::{Html, html};
use service::configuration::page::settings::{RETENTION, RetentionPage};
use service::sites::{Dropped, SitePreview};

use super::{fields, page, site};
use texts::figures::fixed;
use texts::words::settings as words;
use ui::drawing::{Shape, Sheet, at, hidden, mark, send, submit_button, time};

/// The service counts no further.
const MOST: i64 = 1_000_000;

pub(super) fn draw(this: &RetentionPage) -> Sheet {
    let about = &this.about;
    let form = if about.is_admin {
        let field = |i: usize| {
            fields::input("number", RETENTION[i], words::KEPT_DAYS[i], &this.days[i], true)
        };
        html! {
            <form class="form" method="get" action="/settings/retention">
                {fields::site(about)} {hidden("preview", "1")}
                {[0, 1, 2].map(field)}
                {submit_button(words::LOOK)}
            </form>
        }
    } else {
        let row = |i: usize| {
            html! {
                <dt>{words::KEPT_DAYS[i]}</dt>
                <dd>{&this.days[i]}</dd>
            }
        };
        html! { <dl class="values">{[0, 1, 2].map(row)}</dl> }
    };
    let content = html! {
        {clock(this)}
        {this.preview.as_ref().map(|asked| match asked {
            Ok(asked) => preview(this, asked),
            Err(why) => fields::refusal(why),
        })}
        {form}
    };
    page(about, "retention", words::RETENTION, words::RETENTION_NOTE, content)
}

fn clock(this: &RetentionPage) -> Option<Html> {
    let about = &this.about;
    let said = |at| time::full(&about.site, at);
    this.clock.leapt_at.map(|leapt_at| {
        let why = words::leapt(&said(this.clock.at), &said(leapt_at), &said(this.clock.now));
        let confirm = about.is_admin.then(|| {
            html! { <form action=send("settings-clock")>{submit_button(words::CLOCK_IS_RIGHT)}</form> }
        });
        html! {
            <section class="settings-preview" role="alert">
                <h2>{mark(Shape::Warn)} " " {words::DROPPING_PAUSED}</h2>
                <p>{why}</p>
                <div class="actions">{confirm}</div>
            </section>
        }
    })
}

fn preview(this: &RetentionPage, asked: &SitePreview) -> Html {
    let about = &this.about;
    let lines = asked.dropped.iter().map(|dropped| html! { <li>{line(dropped)}</li> });
    let lines = html! { <ul>{lines.collect::<Html>()}</ul> };
    let is_free = asked.dropped.iter().all(|dropped| dropped.rows == 0);
    let (shape, title, button) = if is_free {
        (Shape::Good, words::NOTHING_DROPPED, words::KEEP_SO)
    } else {
        (Shape::Warn, words::NOTHING_STORED, words::DROP)
    };
    let set = |i: usize| hidden(RETENTION[i], &this.days[i]);
    let fields = html! {
        {hidden("site", &about.site.slug)} {[0, 1, 2].map(set)}
        {fields::expected(site::seen(&about.view, &["retention"]))}
    };
    let back = at(about.slug.as_deref(), "/settings/retention", &[]);
    let store = fields::store("settings-retention", fields, button, back);
    fields::outcome(shape, title, html! { {lines} {store} })
}

fn line(dropped: &Dropped) -> String {
    let rows = fixed(dropped.rows as f64, 0);
    let rows = if dropped.rows >= MOST { words::at_least(&rows) } else { rows };
    words::dropped(dropped.resolution, &rows, &time::short_day(dropped.keeps_from))
}
