//! The state of a bill, and what can be done with it.

use domain::bills::{BillState, Concern, SettledOn};
use domain::month::Month;
use leptos::prelude::*;
use service::Action;
use service::bills::page::BillPage;
use texts::language::Text;
use texts::messages::told;
use texts::words::bill as words;
use ui::drawing::action::Typed;
use ui::drawing::parts::time;
use ui::drawing::rights::may;
use ui::kit::{Draw as _, Field, Form, submit};

use super::super::actions::{CreditBill, IssueBill, StoreBill};

/// The ways to the meter's other months, and to all bills of this one.
pub(super) fn months(page: &BillPage) -> AnyView {
    let slug = &page.site.slug;
    let to = |month: Month| format!("/bills/draft/{}/{month}?site={slug}", page.view.meter_id);
    let (before, after) = (page.view.month.previous(), page.view.month.next());
    let has_begun = after.first() <= page.site.date_at(page.now);
    let after = has_begun.then(|| {
        view! {
            <a rel="next" href=to(after)>
                {format!("{} ›", time::month(after))}
            </a>
        }
    });
    let all = format!("/bills?site={slug}&month={}", page.view.month);
    view! {
        <nav class="bill-months" aria-label=words::OTHER_MONTHS>
            <a rel="prev" href=to(before)>
                {format!("‹ {}", time::month(before))}
            </a>
            <a href=all>{words::ALL_BILLS}</a>
            {after}
        </nav>
    }
    .drawn()
}

pub(super) fn draw(page: &BillPage) -> AnyView {
    let view = &page.view;
    let other = |number: &Option<String>| number.clone().unwrap_or_default();
    let (title, help) = match view.state {
        BillState::Draft => (words::DRAFT, words::DRAFT_HELP.into()),
        BillState::Credited => (words::CREDITED, words::credited_by(&other(&view.credited_by))),
        BillState::Issued if view.changed => (words::STALE, words::STALE_HELP.into()),
        BillState::Issued if view.corrected_by.is_some() => {
            (words::CORRECTED, words::corrected_by(&other(&view.corrected_by)))
        }
        BillState::Issued => (words::ISSUED, words::ISSUED_HELP.into()),
        BillState::CreditNote => (words::CREDIT_NOTE, words::credit_of(&other(&view.credits))),
    };
    let reason = view.reason.as_ref().map(|reason| format!("{}: {reason}", words::REASON));
    view! {
        <section class="bill-state">
            <h2 class="bill-state-name">{title}</h2>
            <p class="note">{help}</p>
            {reason.map(|reason| view! { <p class="note">{reason}</p> })}
            {concerns(page)} {buttons(page)} {forms(page)}
        </section>
    }
    .drawn()
}

/// Doubts to look at before the bill is issued, each with the page where it is settled.
fn concerns(page: &BillPage) -> Option<AnyView> {
    let concerns = &page.view.concerns;
    let item = |concern: &Concern| {
        let (id, site) = (page.view.meter_id, &page.site.slug);
        let href = match concern.settled_on {
            SettledOn::Tariffs => format!("/settings/tariffs?site={site}"),
            SettledOn::Readings => {
                format!("/meters/{id}/registers?period=month&at={}", page.view.month.first())
            }
            SettledOn::Corrections => format!("/meters/{id}/corrections"),
        };
        view! {
            <li>{told(&concern.doubt)} " " <a href=href>{words::LOOK}</a></li>
        }
    };
    let is_any = !concerns.is_empty();
    is_any.then(|| {
        let items = concerns.iter().map(item).collect_view();
        view! { <ul class="note bill-concerns">{items}</ul> }.drawn()
    })
}

fn buttons(page: &BillPage) -> AnyView {
    let may_bill = may(Action::Bill);
    let is_ready = page.view.state == BillState::Draft && page.hold.is_none();
    let issue = (may_bill && is_ready).then(|| {
        view! {
            <Form action=issued(page)>
                {submit("button button-main", words::ISSUE)}
            </Form>
        }
    });
    let store = (may_bill && page.file.is_none()).then(|| {
        let stored = StoreBill {
            site: Typed::of(&page.site.slug),
            meter: Typed::of(page.view.meter_id),
            month: Typed::of(page.view.month),
        };
        view! {
            <Form action=stored>
                <button type="submit" class="button" title=words::STORE_HELP>
                    {words::STORE}
                </button>
            </Form>
        }
    });
    let main = if issue.is_none() { "button button-main" } else { "button" };
    view! {
        <div class="actions bill-actions">
            {issue} <button type="button" class=main data-print="">
                {words::PRINT}
            </button> {file(page, "csv", words::CSV)} {file(page, "xml", words::GREEN_BUTTON)}
            {store} <a class="button" href="#proof">
                {words::EXPLAIN}
            </a>
        </div>
    }
    .drawn()
}

fn file(page: &BillPage, ending: &str, text: Text) -> Option<AnyView> {
    let file = page.file.as_ref()?;
    let href = format!("/api/bills/{file}.{ending}?site={}", page.site.slug);
    let link = view! {
        <a class="button" href=href download="" rel="external">
            {text}
        </a>
    };
    Some(link.drawn())
}

fn issued(page: &BillPage) -> IssueBill {
    IssueBill {
        site: Typed::of(&page.site.slug),
        meter: Typed::of(page.view.meter_id),
        month: Typed::of(page.view.month),
        seen: Typed::of(&page.view.digest),
        ..IssueBill::default()
    }
}

/// Actions that need more than one press: to issue in spite of gaps, and to take back.
fn forms(page: &BillPage) -> Option<AnyView> {
    let is_stale = page.view.state == BillState::Issued && page.view.changed;
    match &page.hold {
        Some((why, can_override)) if !can_override || !may(Action::Bill) => {
            Some(view! { <p class="note">{told(why)}</p> }.drawn())
        }
        Some((why, _)) => Some(issue_anyway(page, told(why))),
        None if is_stale && may(Action::Bill) => Some(credit(page)),
        None => None,
    }
}

fn issue_anyway(page: &BillPage, why: String) -> AnyView {
    view! {
        <details class="bill-form" id="held-back">
            <summary>{words::HELD_BACK}</summary>
            <Form action=issued(page) class="form">
                <p>{why}</p>
                <Field name="by" label=words::OVERRIDE_BY />
                <Field name="reason" label=words::OVERRIDE_WHY />
                {submit("button", words::OVERRIDE)}
            </Form>
        </details>
    }
    .drawn()
}

fn credit(page: &BillPage) -> AnyView {
    let action = CreditBill {
        site: Typed::of(&page.site.slug),
        bill: Typed::of(page.file.as_deref().unwrap_or_default()),
        ..CreditBill::default()
    };
    view! {
        <details class="bill-form" id="credit">
            <summary>{words::CREDIT_THIS}</summary>
            <Form action class="form">
                <p>{words::CREDIT_HELP}</p>
                <Field name="reason" label=words::REASON />
                {submit("button", words::CREDIT)}
            </Form>
        </details>
    }
    .drawn()
}
