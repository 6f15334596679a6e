//! Why the balance of a node does not close: the finding, its evidence, what was tried, and one action.

mod files;
mod unexplained;

use chrono::{DateTime, Utc};
use domain::losses::diagnosis::{Candidate, Closing};
use domain::losses::view::{CauseCard, Change, Chosen, EvidenceStep, LossesPage, Remedy};
use domain::view::PeriodContext;
use markup::{Html, html};
use service::Action;
use texts::figures;

use texts::messages::told;
use texts::words::losses as words;
use ui::components::chart::path::{band, line};
use ui::components::chart::scale::Scale;
use ui::components::figure::UNKNOWN;
use ui::components::mark::Shape;
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::{Axis, Tick, paths, plot, remark};
use ui::drawing::parts::{Clock, mark, signed};
use ui::drawing::rights::may;
use ui::drawing::{hidden, link, send};

pub(super) fn draw(page: &LossesPage, chosen: &Chosen) -> Html {
    let Some(card) = &chosen.cause else { return nothing(chosen) };
    let clock = Clock(&page.shown);
    let hypotheses = (!card.hypotheses.is_empty()).then(|| {
        html! {
            {tested(card)}
            {Downloads::of(&page.shown).offer("hypotheses", || files::hypotheses(page, card))}
        }
    });
    let chart = card.on.filter(|_| card.steps.len() > 1).map(|on| evidence(&page.shown, card, on));
    let of = card.on.map_or_else(
        || chosen.name.clone(),
        |(day, _)| words::cause_of(&chosen.name, &clock.day(day)),
    );
    html! {
        <section class="cause" aria-labelledby="cause">
            <p class="note">{of}</p>
            <h2 id="cause" class="cause-finding">
                {told(&card.finding)}
            </h2>
            <p class="cause-said">{told(&card.evidence)}</p>
            {card.unexplained.as_ref().map(|known| unexplained::draw(page, chosen, known))}
            {chart}
            {hypotheses}
            {card.remedy.as_ref().map(|remedy| action(&page.shown, remedy))}
        </section>
    }
}

fn nothing(chosen: &Chosen) -> Html {
    html! {
        <section class="cause" aria-labelledby="cause">
            <p class="note">{chosen.name.clone()}</p>
            <h2 id="cause" class="cause-finding">
                {words::NO_CAUSE}
            </h2>
            <p class="cause-said">{words::NO_CAUSE_HELP}</p>
        </section>
    }
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
    let table = files::evidence(downloads, told(&card.finding), steps);
    html! {
        <p class="note">{words::EVIDENCE_NOTE}</p>
        {downloads.plotted("evidence", "kW", plot, table)}
    }
}

/// Whether a hypothesis closes the balance, in words.
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
    let row = |hypothesis: &Candidate| {
        let is_best = hypothesis.closing() == Closing::Closes;
        let band = hypothesis.band.map_or_else(
            || UNKNOWN.to_owned(),
            |band| words::band(&signed(band.low_kwh, 1), &signed(band.high_kwh, 1)),
        );
        html! {
            <tr class=if is_best { "is-best" } else { "" }>
                <th scope="row">{told(&hypothesis.cause.text.clone().into())}</th>
                <td class="num">{signed(hypothesis.cause.residual_kwh, 1)}</td>
                <td class="num">{band}</td>
                <td>{is_best.then(|| mark(Shape::Good))} " " {said(hypothesis)}</td>
            </tr>
        }
    };
    html! {
        <table class="table hypotheses">
            <thead>
                <tr>
                    <th scope="col">{words::HYPOTHESIS}</th>
                    <th scope="col" class="num">
                        {words::BALANCE_AFTER}
                        <span class="unit">"kWh"</span>
                    </th>
                    <th scope="col" class="num">
                        {words::BAND}
                        <span class="unit">"kWh"</span>
                    </th>
                    <th scope="col">{words::CLOSES}</th>
                </tr>
            </thead>
            <tbody>{card.hypotheses.iter().map(row).collect::<Html>()}</tbody>
        </table>
        <p class="note">{words::CLOSES_NOTE}</p>
    }
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
            <button type="submit" class="button button-main">
                {text}
            </button>
            {open}
            <span class="note action-note">{words::recomputes(remedy.days)}</span>
        </form>
    }
}
