//! The page on which a meter is deleted: data that would be lost, and the confirmation; or why it cannot be.

use domain::MeterId;
use domain::message::Message;
use domain::meters::MeterAddress;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use service::meters::page::{self, DeletionPage};
use service::pages::Query;
use service::{Action, Error, Principal, Service, meters};
use texts::messages::told;
use texts::words::meter::deletion as words;
use texts::words::settings::meters as settings;
use ui::drawing::action::{ActionCall, ActionResult, Done, FormAction, Typed};
use ui::drawing::parts::Clock;
use ui::drawing::{Sheet, at, link};
use ui::kit::{self, Draw as _, Failure, Field, Form, submit};

/// It is not drawn anew under the eyes of who reads it: all readings would be looked at each time.
const REFRESH_S: u32 = 86_400;

/// The page of the meter with the id in an address; none where that is no id.
pub(crate) async fn draw(
    service: &Service,
    who: &Principal,
    id: &str,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Ok(id) = id.parse::<MeterId>() else { return Ok(None) };
    let page = page::deletion(service, who, id, query).await?;
    let drawn = kit::page(&words::title(&page.meter.name), whole(&page));
    Ok(Some(Sheet { refresh_s: REFRESH_S, ..drawn }))
}

fn whole(page: &DeletionPage) -> AnyView {
    let content = match &page.refused {
        Some(why) => refusal(page, why),
        None => form(page),
    };
    // A meter that is out of service has no page.
    let back = page.meter.retired_at.is_none().then(|| {
        let href = link(&page.shown, &format!("/meters/{}", page.meter.id));
        view! {
            <p class="state-detail">
                <a href=href>{words::BACK}</a>
            </p>
        }
    });
    view! {
        <article class="page">
            <header class="sheet-head">
                <div class="state">
                    <h1>{words::title(&page.meter.name)}</h1>
                    {back}
                </div>
            </header>
            {content}
        </article>
    }
    .drawn()
}

fn refusal(page: &DeletionPage, why: &Message) -> AnyView {
    let retirement = page.can_retire.then(|| retirement(page));
    view! {
        <Failure why=told(why) />
        {retirement}
    }
    .drawn()
}

fn retirement(page: &DeletionPage) -> AnyView {
    let meter = ("meter".to_owned(), page.meter.id.to_string());
    let action = ActionCall { name: "settings-no-meter", fields: vec![meter] };
    let effect = settings::retires(&page.meter.name);
    view! {
        <Form action class="form" next=link(&page.shown, "/meters")>
            <p>{effect}</p>
            {submit("button button-main", settings::RETIRE)}
        </Form>
    }
    .drawn()
}

fn form(page: &DeletionPage) -> AnyView {
    let name = &page.meter.name;
    let clock = Clock(&page.shown);
    let readings = match page.readings {
        Some((first, last)) => words::readings(&clock.day(first), &clock.day(last)),
        None => words::NO_READINGS.into(),
    };
    let device = page.has_device.then(|| words::DEVICE.get());
    let lost = words::lost(name);
    let balance = page.parent.as_deref().map(|node| balance(page, node));
    let confirmation = words::type_name(name);
    let action = DeleteMeter { meter: Typed::of(page.meter.id), ..DeleteMeter::default() };
    view! {
        <Form action class="form" next=link(&page.shown, "/meters")>
            <p>{lost} " " {readings} " " {device}</p>
            {balance}
            <Field name="name" label=confirmation />
            {submit("button button-final", words::DELETE_NOW)}
        </Form>
    }
    .drawn()
}

/// The balance that lacks its energy, and what to do of a meter that measured rightly.
fn balance(page: &DeletionPage, node: &str) -> AnyView {
    let sentence = if page.meter.feeds_parent { words::is_missing } else { words::becomes_loss };
    let id = page.meter.id.to_string();
    let href = at(page.shown.slug.as_deref(), "/settings/meters", &[("meter", &id)]);
    view! {
        <p>
            {sentence(node)} " " {words::RETIRE_INSTEAD} " "
            <a href=href>{words::TO_SETTINGS}</a>
        </p>
    }
    .drawn()
}

/// Deletes a meter whose name was typed.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DeleteMeter {
    pub(crate) meter: Typed<String>,
    pub(crate) name: Typed<String>,
}

impl FormAction for DeleteMeter {
    const NAME: &'static str = "delete-meter";
    const NEEDS: Action = Action::Configure;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        let meter = MeterAddress::new(self.meter.read("meter")?, None);
        let name = meters::delete(service, who, &meter, &self.name.read("name")?).await?;
        Ok(Done::new(words::deleted(&name)))
    }
}
