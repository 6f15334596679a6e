//! Where a bill stands, and what can be done with it.

use domain::bills::{BillState, Concern, SettledOn};
use markup::{Html, html};
use service::Action;
use service::bills::page::BillPage;

use texts::messages::told;
use texts::words::bill as words;
use ui::drawing::parts::time;
use ui::drawing::rights::may;
use ui::drawing::{hidden, send};

/// The ways to the meter's other months, and to all bills of this one.
pub(super) fn months(page: &BillPage) -> Html {
    let to = |month: domain::month::Month| {
        format!("/bills/draft/{}/{month}?site={}", page.view.meter_id, page.site.slug)
    };
    let (before, after) = (page.view.month.previous(), page.view.month.next());
    let has_begun = after.first() <= page.site.date_at(page.now);
    let after = has_begun.then(|| {
        html! {
            <a rel="next" href=to(after)>
                {time::month(after)}
                " ›"
            </a>
        }
    });
    html! {
        <nav class="bill-months" aria-label=words::OTHER_MONTHS>
            <a rel="prev" href=to(before)>
                "‹ "
                {time::month(before)}
            </a>
            <a href=format!(
                "/bills?site={}&month={}",
                page.site.slug,
                page.view.month,
            )>{words::ALL_BILLS}</a>
            {after}
        </nav>
    }
}

pub(super) fn draw(page: &BillPage) -> Html {
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
    let reason = view.reason.clone();
    let reason = reason.map(|reason| html! { <p class="note">{words::REASON} ": " {reason}</p> });
    html! {
        <section class="bill-state">
            <h2 class="bill-state-name">{title}</h2>
            <p class="note">{help}</p>
            {reason}
            {concerns(page)} {buttons(page)} {forms(page)}
        </section>
    }
}

/// Doubts to look at before the bill is issued, each with the page where it is settled.
fn concerns(page: &BillPage) -> Option<Html> {
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
        html! {
            <li>
                {told(&concern.doubt)} " "
                <a href=href>{words::LOOK}</a>
            </li>
        }
    };
    let is_any = !concerns.is_empty();
    is_any.then(|| html! { <ul class="note bill-concerns">{concerns.iter().map(item).collect::<Html>()}</ul> })
}

fn buttons(page: &BillPage) -> Html {
    let may_bill = may(Action::Bill);
    let is_ready = page.view.state == BillState::Draft && page.hold.is_none();
    let issue = (may_bill && is_ready).then(|| {
        html! {
            <form action=send("issue-bill")>
                {named(page)}
                <button type="submit" class="button button-main">
                    {words::ISSUE}
                </button>
            </form>
        }
    });
    let store = (may_bill && page.file.is_none()).then(|| {
        html! {
            <form action=send("store-bill")>
                {named(page)}
                <button type="submit" class="button" title=words::STORE_HELP>
                    {words::STORE}
                </button>
            </form>
        }
    });
    let main = if issue.is_none() { "button button-main" } else { "button" };
    let file = |name: &'static str, text: &'static str| {
        page.file.as_ref().map(|file| {
            let href = format!("/api/bills/{file}.{name}?site={}", page.site.slug);
            html! {
                <a class="button" href=href download="" rel="external">
                    {text}
                </a>
            }
        })
    };
    html! {
        <div class="actions bill-actions">
            {issue}
            <button type="button" class=main data-print="">
                {words::PRINT}
            </button>
            {file("csv", words::CSV.get())} {file("xml", words::GREEN_BUTTON.get())} {store}
            <a class="button" href="#proof">{words::EXPLAIN}</a>
        </div>
    }
}

/// Which bill a form is about.
fn named(page: &BillPage) -> Html {
    html! {
        {hidden("site", page.site.slug.clone())}
        {hidden("meter", page.view.meter_id.to_string())}
        {hidden("month", page.view.month.to_string())}
        {page.file.clone().map(|file| hidden("bill", file))}
    }
}

fn field(name: &'static str, label: &'static str) -> Html {
    html! {
        <label class="form-field">
            {label} <input class="field" type="text" name=name required=true />
        </label>
    }
}

/// What cannot be done with one press: to issue in spite of gaps, and to take back.
fn forms(page: &BillPage) -> Html {
    let is_stale = page.view.state == BillState::Issued && page.view.changed;
    match &page.hold {
        Some((why, can_override)) if !can_override || !may(Action::Bill) => {
            html! { <p class="note">{told(why)}</p> }
        }
        Some((why, _)) => html! {
            <details class="bill-form" id="held-back">
                <summary>{words::HELD_BACK}</summary>
                <form class="form" action=send("issue-bill")>
                    <p>{told(why)}</p>
                    {named(page)} {field("by", words::OVERRIDE_BY.get())}
                    {field("reason", words::OVERRIDE_WHY.get())}
                    <button type="submit" class="button">
                        {words::OVERRIDE}
                    </button>
                </form>
            </details>
        },
        None if is_stale && may(Action::Bill) => html! {
            <details class="bill-form" id="credit">
                <summary>{words::CREDIT_THIS}</summary>
                <form class="form" action=send("credit-bill")>
                    <p>{words::CREDIT_HELP}</p>
                    {named(page)} {field("reason", words::REASON.get())}
                    <button type="submit" class="button">
                        {words::CREDIT}
                    </button>
                </form>
            </details>
        },
        None => Html::default(),
    }
}
