//! A report as a letter: the paper itself, for programs that show HTML, its sentences for the others,
//! and its charts as files, since many programs show no picture within a letter.

use super::{nothing, paper, pictures, summary};
use domain::reports::view::ReportPage;
use markup::html;
use texts::language::{Language, written_in};
use texts::words::report as words;
use ui::drawing::parts::time;

/// The one style that a mail has: it knows nothing of the pages'.
const STYLE: &str = include_str!("letter.css");

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its subject, on one line.
    pub subject: String,
    /// What programs without HTML show.
    pub text: String,
    /// What the others show: a whole document.
    pub html: String,
    /// The charts as SVG, by name.
    pub pictures: Vec<(&'static str, String)>,
}

/// Writes the letter of a report in a language, with a link to its page where the address is known.
pub fn letter(page: &ReportPage, language: Language, address: Option<&str>) -> Written {
    written_in(language, || {
        let (report, site) = (&page.report, &page.site);
        let month = time::month(report.month);
        let subject = words::subject(&site.name, &month);
        let subject = subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let link = address.map(|address| {
            html! {
                <p>
                    <a href=address.to_owned()>{words::OPEN_PAGE}</a>
                </p>
            }
        });
        let content = html! { {paper(page)} {link} }.into_string();
        let html = format!(
            "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\
             <style>{STYLE}</style></head><body>{content}</body></html>",
            language.tag(),
            escaped(&words::title(&month)),
        );
        Written { subject, text: text(page, &month, address), html, pictures: pictures(report) }
    })
}

fn text(page: &ReportPage, month: &str, address: Option<&str>) -> String {
    let report = &page.report;
    let said = if report.is_known() { summary::sentences(report) } else { vec![nothing(report)] };
    let lines =
        [words::title(month), page.site.name.clone(), String::new()].into_iter().chain(said);
    let link = address.into_iter().flat_map(|address| [String::new(), address.to_owned()]);
    let lines: Vec<String> = lines.chain(link).chain([String::new()]).collect();
    lines.join("\r\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
