//! The world's clock, and what moves it.

use domain::simulation::view::SimulatorPage;
use markup::{Html, html};
use service::Action;
use texts::figures;

use texts::words::simulator as words;
use ui::components::mark::Shape;
use ui::drawing::form::{choice, submit};
use ui::drawing::parts::{mark, time};
use ui::drawing::rights::may;
use ui::drawing::{hidden, send};

/// Simulated days in a real minute that are offered.
const SPEEDS: [f64; 6] = [1.0 / 1440.0, 1.0 / 24.0, 0.25, 1.0, 3.0, 10.0];
/// Minutes of a record that are offered.
const RECORDS: [u32; 5] = [1, 5, 15, 30, 60];

pub(super) fn draw(page: &SimulatorPage) -> Html {
    html! {
        <header class="world-clock">
            <div class="state">
                <h1>
                    <span id="world-time">
                        {time::full(&page.site, page.clock.at)}
                    </span>
                </h1>
                <p class="note" id="world-runs">
                    {runs(page)}
                </p>
            </div>
            {may(Action::Simulate).then(|| controls(page))}
        </header>
    }
}

fn controls(page: &SimulatorPage) -> Html {
    html! {
        <div class="world-controls">
            <div id="world-pause">{pause(page)}</div>
            {speed(page)} {jump(page)} {record(page)}
        </div>
    }
}

fn runs(page: &SimulatorPage) -> Html {
    let (shape, said) = match page.clock.paused_because {
        None => (Shape::Good, words::runs(&speed_name(page.clock.days_per_minute))),
        Some(why) => (Shape::Ring, words::paused(why).into()),
    };
    html! { {mark(shape)} " " {said} }
}

fn pause(page: &SimulatorPage) -> Html {
    let is_paused = page.clock.paused_because.is_some();
    html! {
        <form action=send("world-clock")>
            {hidden("paused", (!is_paused).to_string())}
            <button type="submit" class="button button-main" id="world-go">
                {if is_paused { words::GO } else { words::PAUSE }}
            </button>
        </form>
    }
}

fn speed_name(days: f64) -> String {
    let minutes = days * 1440.0;
    if minutes <= 1.001 {
        words::REAL_TIME.into()
    } else if minutes < 1439.0 {
        words::hours_a_minute(&figures::about(minutes / 60.0))
    } else if (days - 1.0).abs() < 0.05 {
        words::ONE_DAY_A_MINUTE.into()
    } else {
        words::days_a_minute(&figures::about(days))
    }
}

fn speed(page: &SimulatorPage) -> Html {
    let now = page.clock.days_per_minute;
    let is_now = |speed: &f64| (speed - now).abs() < 1e-9;
    let offered = SPEEDS.into_iter().find(is_now);
    let speeds = SPEEDS.into_iter().chain(offered.is_none().then_some(now));
    let options = speeds.map(|speed| (speed.to_string(), speed_name(speed)));
    let chosen = offered.unwrap_or(now).to_string();
    setting(choice("days_per_minute", words::SPEED, &chosen, options))
}

/// A setting of the clock that is chosen from a list.
fn setting(choice: Html) -> Html {
    html! {
        <form class="choice" action=send("world-clock")>
            {choice}
            {submit("button", words::SET)}
        </form>
    }
}

fn jump(page: &SimulatorPage) -> Html {
    let local = page.clock.at.with_timezone(&page.site.zone).format("%Y-%m-%dT%H:%M").to_string();
    html! {
        <form class="choice" action=send("world-clock")>
            <label class="form-field">
                {words::JUMP}
                <input class="field" type="datetime-local" name="current_datetime" min=local.clone() value=local required=true />
            </label>
            {submit("button", words::JUMP_GO)}
        </form>
    }
}

fn record(page: &SimulatorPage) -> Html {
    let now = page.clock.record_minutes;
    let other = (!RECORDS.contains(&now)).then_some(now);
    let options = RECORDS.into_iter().chain(other);
    let options = options.map(|minutes| (minutes.to_string(), words::minutes(minutes)));
    setting(choice("record_minutes", words::RECORD, &now.to_string(), options))
}
