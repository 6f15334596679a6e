//! The alarms that matter most, to be acknowledged in place.

use domain::alarms::{Alarm, Kind, Watch};
use domain::overview::view::{TodayPage, UnwatchedLoss};
use markup::{Html, html};
use service::Action;
use service::pages::Query;

use texts::figures;
use texts::messages::told;
use texts::words::overview as words;
use ui::drawing::{Shape, Wording, alert, at, hidden, mark, may, send, time};

/// As many as fit below the chart; the others are on their page.
const MOST: usize = 3;

pub(super) fn draw(page: &TodayPage, query: &Query) -> Html {
    let slug = query.get("site");
    let (troubled, all) = page.troubled;
    let troubled = (troubled > 0).then(|| {
        html! {
            ". "
            <a href=at(slug, "/meters", &[])>{words::troubled(troubled, all)}</a>
        }
    });
    let lines =
        page.alarms.iter().take(MOST).map(|alarm| line(page, slug, alarm)).collect::<Html>();
    let none = page.alarms.is_empty().then(|| {
        html! { <p class="note">{words::NO_ALARM}</p> }
    });
    let unwatched = page.unwatched.as_ref().map(|loss| unwatched(slug, loss));
    html! {
        <section class="alarms-now" id="alarms-now" aria-label=words::ALARMS>
            <h2>
                {words::ALARMS} " "
                <span class="note">
                    {words::alarms_note(page.alarms.len(), page.cleared)} {troubled} ". "
                    <a href=at(slug, "/alarms", &[])>{words::ALL_ALARMS}</a>
                </span>
            </h2>
            <ul class="lines">{lines}</ul>
            {none} {unwatched}
        </section>
    }
}

fn unwatched(slug: Option<&str>, loss: &UnwatchedLoss) -> Html {
    let watched = (loss.id, Watch::kind(Kind::Loss));
    let link = alert(|path| at(slug, path, &[]), watched, Some(loss.kw), Wording::Sentence);
    html! {
        <p class="note">{words::unwatched(&loss.name, &figures::about(loss.kw))} " " {link}</p>
    }
}

fn line(page: &TodayPage, slug: Option<&str>, alarm: &Alarm) -> Html {
    let raised = page.site.date_at(alarm.raised_at);
    let since = if raised == page.site.date_at(page.start) {
        time::minute(&page.site, alarm.raised_at)
    } else {
        time::day_minute(&page.site, alarm.raised_at)
    };
    html! {
        <li class="line alarm-line">
            {mark(Shape::of_severity(alarm.severity))}
            <a
                class="line-name"
                href=at(slug, &format!("/meters/{}", alarm.meter_id), &[])
                title=alarm.meter_number.clone()
            >
                {alarm.meter_name.clone()}
            </a>
            <span class="line-text" title=told(&alarm.about)>
                {told(&alarm.about)}
            </span>
            {known(alarm)}
            <span class="line-age">{since}</span>
        </li>
    }
}

fn known(alarm: &Alarm) -> Html {
    if let Some(who) = &alarm.acknowledged_by {
        html! { <span class="note">{words::known(who)}</span> }
    } else if may(Action::Operate) {
        html! {
            <form action=send("alarm-acknowledge")>
                {hidden("alarm", alarm.id.to_string())}
                <button
                    type="submit"
                    class="button-text"
                    id=format!("acknowledge-{}", alarm.id)
                    aria-label=words::acknowledge(&alarm.meter_name, &told(&alarm.about))
                >
                    {words::ACKNOWLEDGE}
                </button>
            </form>
        }
    } else {
        // The age stands in the column after it.
        html! { <span></span> }
    }
}
