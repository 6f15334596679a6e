//! Why the balance of a node does not close: the finding, its evidence, what was tried, and one action.

use super::headline::saving;
use chrono::{DateTime, Utc};
use domain::losses::diagnosis::{Candidate, Closing};
use domain::losses::view::{
    CauseCard, Change, Chosen, EvidenceStep, LossesPage, Remedy, Unexplained,
};
use domain::view::PeriodContext;
use markup::{Html, html};
use service::Action;
use tables::{Column, Rows, Table, Value};
use texts::figures;
use texts::messages::told;
use texts::words::losses as words;
use ui::components::chart::path::{band, line};
use ui::components::chart::scale::Scale;
use ui::components::figure::UNKNOWN;
use ui::drawing::form::submit;
use ui::drawing::parts::plot::{Axis, Tick, paths, plot, remark};
use ui::drawing::parts::{Clock, mark, signed, time};
use ui::drawing::{Downloads, Shape, hidden, link, may, send};
use ui::kit;

pub(super) fn draw(page: &LossesPage, chosen: &Chosen) -> Html {
    let Some(card) = &chosen.cause else {
        let (name, rest) = (chosen.name.clone(), Html::default());
        return section(name, words::NO_CAUSE.into(), words::NO_CAUSE_HELP.into(), rest);
    };
    let clock = Clock(&page.shown);
    let hypotheses = (!card.hypotheses.is_empty()).then(|| {
        html! {
            {tested(card)}
            {Downloads::of(&page.shown).offer("hypotheses", || hypotheses(page, card))}
        }
    });
    let chart = card.on.filter(|_| card.steps.len() > 1).map(|on| evidence(&page.shown, card, on));
    let of = card.on.map_or_else(
        || chosen.name.clone(),
        |(day, _)| words::cause_of(&chosen.name, &clock.day(day)),
    );
    let rest = html! {
        {card.unexplained.as_ref().map(|known| unexplained(page, chosen, known))}
        {chart}
        {hypotheses}
        {card.remedy.as_ref().map(|remedy| action(&page.shown, remedy))}
    };
    section(of, told(&card.finding), told(&card.evidence), rest)
}

fn section(of: String, finding: String, said: String, rest: Html) -> Html {
    html! {
        <section class="cause" aria-labelledby="cause">
            <p class="note">{of}</p>
            <h2 id="cause" class="cause-finding">
                {finding}
            </h2>
            <p class="cause-said">{said}</p>
            {rest}
        </section>
    }
}

fn unexplained(page: &LossesPage, chosen: &Chosen, known: &Unexplained) -> Html {
    let since = known.since.map(|since| words::since(since, &time::long_day(since.date())));
    let said = [
        since,
        Some(words::arises(known.hours, known.days)),
        words::looked_for(&known.tried),
        Some(words::PROBABLY_REAL.into()),
        chosen.loss.saving.map(|of| words::real_loss(&saving(&page.shown, &of))),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    html! { <p class="cause-said">{said.join(" ")}</p> }
}

/// The loss as metered, and as it would be, over its error band.
fn evidence(
    shown: &PeriodContext,
    card: &CauseCard,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Html {
    let steps = &card.steps;
    let axis = Axis::new(from, to);
    let middle = |step: &EvidenceStep| axis.percent(step.at + chrono::TimeDelta::seconds(450));
    let values = steps.iter().flat_map(|step| {
        [Some(step.metered_kw), step.after_kw, Some(step.error_kw), Some(-step.error_kw)]
    });
    let scale = Scale::nice(values.flatten(), 4);
    let y = |kw: f64| scale.below_top(kw);
    let errors: Vec<_> =
        steps.iter().map(|step| (middle(step), y(-step.error_kw), y(step.error_kw))).collect();
    let follows = |a: &EvidenceStep, b: &EvidenceStep| (b.at - a.at).num_minutes() <= 15;
    let run = |of: &dyn Fn(&EvidenceStep) -> Option<f64>| {
        let mut points = Vec::new();
        for part in steps.chunk_by(follows) {
            points.extend(part.iter().map(|step| of(step).map(|kw| (middle(step), y(kw)))));
            points.push(None);
        }
        line(points)
    };
    let lines = paths(vec![
        ("line-norm", band(&errors)),
        ("line-loss", run(&|step| Some(step.metered_kw))),
        ("line-today", run(&|step| step.after_kw)),
    ]);
    let label = |of: fn(&EvidenceStep) -> Option<f64>, class: &'static str, text: &'static str| {
        let last = steps.iter().rev().find_map(|step| Some((middle(step), of(step)?)))?;
        let dy = if last.1 < 0.0 { 14 } else { -8 };
        Some(remark(last.0.min(99.0), y(last.1), (0, dy), "end", class, text.to_owned()))
    };
    let ticks = (0..=4).map(|i| {
        let at = from + (to - from) / 4 * i;
        Tick { x: axis.percent(at), text: Clock(shown).minute(at), minor: i % 2 == 1 }
    });
    let content = html! {
        {lines}
        {label(|step| Some(step.metered_kw), "plot-value plot-loss", words::AS_METERED.get())}
        {label(|step| step.after_kw, "plot-value", words::AFTER.get())}
    };
    let plot = plot(words::EVIDENCE_LABEL.into(), scale, ticks.collect(), content);
    let downloads = Downloads::of_window(&shown.site, (from, to), shown.now);
    let rows = Rows::of(steps)
        .cell(Column::of_head(&words::TIME), |step| Value::Time(step.at))
        .figure(Column::of_head(&words::METERED_KW), 2, |step| step.metered_kw)
        .figure(Column::of_head(&words::AFTER_KW), 2, |step| step.after_kw)
        .figure(Column::of_head(&words::ERROR_KW), 2, |step| step.error_kw);
    let table = downloads.rows(told(&card.finding), rows);
    html! {
        <p class="note">{words::EVIDENCE_NOTE}</p>
        {downloads.plotted("evidence", "kW", plot, table)}
    }
}

fn said(hypothesis: &Candidate) -> String {
    let share = figures::fixed(hypothesis.closed_share * 100.0, 0);
    match hypothesis.closing() {
        Closing::Closes => words::closes(&share),
        Closing::OutsideBand => words::OUTSIDE_BAND.into(),
        Closing::TooSeldom => words::partly(&share),
        Closing::WorsensItself => words::WORSENS_ITSELF.into(),
        Closing::Worsens(others) => words::worsens(&others.join(", ")),
    }
}

/// Each hypothesis with the balance that it leaves, the band in which that closes, and whether it does.
fn tested(card: &CauseCard) -> Html {
    let closes = |hypothesis: &Candidate| {
        let is_best = hypothesis.closing() == Closing::Closes;
        html! { {is_best.then(|| mark(Shape::Good))} " " {said(hypothesis)} }
    };
    let rows = kit::Rows::of(&card.hypotheses)
        .column(words::HYPOTHESIS, named)
        .column(kit::Column::in_unit(words::BALANCE_AFTER, "kWh"), |hypothesis| {
            signed(hypothesis.cause.residual_kwh, 1)
        })
        .column(kit::Column::in_unit(words::BAND, "kWh"), |hypothesis| {
            hypothesis.band.map_or_else(
                || UNKNOWN.to_owned(),
                |band| words::band(&signed(band.low_kwh, 1), &signed(band.high_kwh, 1)),
            )
        })
        .column(words::CLOSES, closes)
        .classes(|it| if it.closing() == Closing::Closes { "is-best" } else { "" });
    html! {
        {rows.table("hypotheses")}
        <p class="note">{words::CLOSES_NOTE}</p>
    }
}

fn named(hypothesis: &Candidate) -> String {
    told(&hypothesis.cause.text.clone().into())
}

fn hypotheses(page: &LossesPage, card: &CauseCard) -> Table {
    let rows = Rows::of(&card.hypotheses)
        .text(words::HYPOTHESIS, named)
        .figure(Column::in_unit(words::BALANCE_AFTER, "kWh"), 1, |it| it.cause.residual_kwh)
        .figure(Column::in_unit(words::BAND_FROM, "kWh"), 1, |it| it.band.map(|band| band.low_kwh))
        .figure(Column::in_unit(words::BAND_TO, "kWh"), 1, |it| it.band.map(|band| band.high_kwh))
        .text(words::CLOSES, said);
    Downloads::of(&page.shown).rows(words::HYPOTHESIS, rows)
}

/// The form that does it, beside the way to its meter. Where it was done, the answer carries the way
/// back.
fn action(shown: &PeriodContext, remedy: &Remedy) -> Html {
    let open = html! {
        <a class="button" href=link(shown, &format!("/meters/{}", remedy.meter))>
            {words::open(&remedy.name)}
        </a>
    };
    if !may(Action::Configure) {
        return html! { <p class="actions">{open}</p> };
    }
    let (text, fields) = match &remedy.change {
        Change::Feeds(feeds) => (
            words::set_feeds(&remedy.name, *feeds),
            vec![("feeds", feeds.to_string()), ("was", (!feeds).to_string())],
        ),
        Change::Parent { id, name } => {
            (words::move_to(&remedy.name, name), vec![("parent", id.to_string())])
        }
    };
    let act = if matches!(remedy.change, Change::Feeds(_)) { "feeds" } else { "move" };
    html! {
        <form class="actions" action=send(act)>
            {hidden("meter", remedy.meter.to_string())}
            {hidden("from", remedy.from.to_rfc3339())}
            {fields.into_iter().map(|(name, value)| hidden(name, value)).collect::<Html>()}
            {submit("button button-main", text)}
            {open}
            <span class="note action-note">{words::recomputes(remedy.days)}</span>
        </form>
    }
}
