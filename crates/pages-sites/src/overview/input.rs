//! What the site takes in, today against yesterday.

mod day;

use chrono::{DateTime, Utc};
use domain::overview::view::TodayPage;
use domain::view::GridMeter;
use markup::{Html, html};
use service::pages::Query;

use day::{Day, kw};
use texts::figures;
use texts::language::Text;
use texts::words::overview as words;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::components::chart::slots::gaps;
use ui::drawing::parts::plot::{Tick, gap, paths, plot, remark};
use ui::drawing::{alert_of_demand, at, time};

pub(super) fn draw(page: &TodayPage, query: &Query, grid: Option<&GridMeter>) -> Html {
    let day = Day::of(page);
    let highest = page.today.quarters.iter().flatten().copied().fold(0.0, f64::max);
    let now = kw(page.now.map(|(_, kw)| kw));
    let chart = if day.is_empty() {
        html! {
            <p class="note">{words::NOTHING_READ}</p>
            {day.downloads().offer("input", || day.table())}
        }
    } else {
        let (scale, label) = (day.scale(), words::input_label(&now, &kw(Some(highest))));
        let plot = plot(label, scale, ticks(&day), content(&day, scale));
        day.downloads().plotted("input", &words::INPUT_NOTE, plot, day.table())
    };
    // The link stands above the chart, where the time of now does not.
    let is_late = page.now.is_some_and(|(at, _)| day.percent(at) > 60.0);
    let address = |path: &str| at(query.get("site"), path, &[]);
    let alert = alert_of_demand(address, grid).filter(|_| !day.is_empty());
    html! {
        <section class=if is_late { "site-input is-today is-late" } else { "site-input is-today" }>
            <h2>
                {words::INPUT} " "
                <span class="note">{words::INPUT_NOTE} ". " {comparisons(query)}</span>
            </h2>
            {chart}
            {alert}
        </section>
    }
}

fn comparisons(query: &Query) -> Html {
    let link = |(i, (name, label, period)): (usize, (Text, Text, &'static str))| {
        let href = at(query.get("site"), "/", &[("compare", "previous"), ("period", period)]);
        html! {
            {(i > 0).then_some(", ")}
            <a href=href aria-label=label>
                {name}
            </a>
        }
    };
    html! {
        {words::COMPARE}
        ": "
        {words::COMPARISONS.into_iter().enumerate().map(link).collect::<Html>()}
    }
}

fn ticks(day: &Day<'_>) -> Vec<Tick> {
    let hour = |slot: usize| {
        let text = time::minute(&day.page.site, day.start_of(slot));
        let (hours, minutes) = text.split_once(':')?;
        let hours: u32 = hours.parse().ok()?;
        (hours.is_multiple_of(3) && minutes == "00").then(|| Tick {
            x: day.place(slot),
            minor: !hours.is_multiple_of(6),
            text: if slot == day.slots { "24:00".to_owned() } else { text.clone() },
        })
    };
    (0..=day.slots).filter_map(hour).collect()
}

fn content(day: &Day<'_>, scale: Scale) -> Html {
    let (measured, estimated) = day.today(scale);
    let lines = paths(vec![
        ("line-before", day.yesterday(scale)),
        ("line-estimated", estimated),
        ("line-today", measured),
    ]);
    let page = day.page;
    let missing = gaps(&page.today.quarters);
    let unread = missing.iter().map(|run| {
        let (from, to) = (day.start_of(run.start), day.start_of(run.end));
        let named = page.silences.iter().any(|silence| silence.from < to && silence.to > from);
        let text = (!named).then(|| words::no_readings(&day.minute(from), &day.minute(to)));
        hatched(day, from, to, text.into_iter().collect())
    });
    let silent = page.silences.iter().map(|silence| {
        let (from, to) = (day.minute(silence.from), day.minute(silence.to));
        let kwh = silence.kwh.map(figures::about);
        let mut said = vec![words::silent(&silence.name, silence.others, &from, &to)];
        said.extend(words::carried_on(kwh.as_deref()));
        hatched(day, silence.from, silence.to, said)
    });
    let runs = page.dg_runs.iter().map(|&(from, to)| generator_run(day, from, to));
    html! {
        {unread.collect::<Html>()}
        {silent.collect::<Html>()}
        {lines}
        {runs.collect::<Html>()}
        {label_of_yesterday(day, scale)}
        {page.now.map(|(at, kw)| draw_now(day, at, kw, scale))}
        <g class="probes">{day.probes()}</g>
    }
}

/// A stretch without readings, with what is known of it beside it, where there is room for that.
fn hatched(day: &Day<'_>, from: DateTime<Utc>, to: DateTime<Utc>, said: Vec<String>) -> Html {
    let (start, end) = (day.percent(from), day.percent(to));
    let (x, anchor, dx) = if start > 40.0 { (start, "end", -8) } else { (end, "start", 8) };
    let line = |(i, text): (usize, String)| {
        let dy = i8::try_from(i * 15).unwrap_or(0);
        remark(x, 62.0, (dx, dy), anchor, "plot-remark", text)
    };
    html! {
        {gap(start, end)}
        {said.into_iter().enumerate().map(line).collect::<Html>()}
    }
}

fn generator_run(day: &Day<'_>, from: DateTime<Utc>, to: DateTime<Utc>) -> Html {
    let text = words::dg_run(&day.minute(from), &day.minute(to));
    let (from, to) = (day.percent(from), day.percent(to));
    let (x, anchor) = if from > 60.0 { (to, "end") } else { (from, "start") };
    let width = percent((to - from).max(0.4));
    html! {
        <rect class="fill-diesel" x=percent(from) width=width y="98%" height="2%" />
        {remark(x, 95.5, (0, 0), anchor, "plot-remark", text)}
    }
}

fn label_of_yesterday(day: &Day<'_>, scale: Scale) -> Option<Html> {
    let (x, y) = day.end_of_yesterday(scale)?;
    let text = words::YESTERDAY.into();
    Some(remark(x, y, (6, 4), "start", "plot-remark line-label", text))
}

fn draw_now(day: &Day<'_>, at: DateTime<Utc>, kw: f64, scale: Scale) -> Html {
    let (x, y) = (day.percent(at), scale.below_top(kw));
    let (anchor, dx) = if x > 75.0 { ("end", -8) } else { ("start", 8) };
    let dy = if y < 12.0 { 18 } else { -10 };
    let value = words::today(&figures::fixed(kw, 1));
    let line = percent(x);
    html! {
        <line class="plot-now" x1=line.clone() x2=line.clone() y1="0" y2="100%" />
        {remark(x, 0.0, (0, -5), "middle", "plot-remark plot-time", day.minute(at))}
        <circle class="plot-dot" cx=line cy=percent(y) r="3" />
        {remark(x, y, (dx, dy), anchor, "plot-value", value)}
    }
}
