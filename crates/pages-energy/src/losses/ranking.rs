//! Who loses most: nodes or areas, ranked, each with its error, its verdict and its cost.

use domain::alarms::{Kind, Watch};
use domain::losses::balance::Verdict;
use domain::losses::nature::{Nature, Saving};
use domain::losses::view::{AreaLoss, Loss, LossesPage, NodeLoss};
use domain::view::PeriodContext;
use markup::{Html, html};

use super::headline::{complete, missing};
use super::{By, address, change};
use texts::figures;
use texts::language::Text;
use texts::messages::told;
use texts::words::alarms::ALERT;
use texts::words::losses as words;
use ui::components::chart::scale::Scale;
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::whisker::{Fill, axis, bar};
use ui::drawing::parts::{kwh, mark, percent, price, verdict};
use ui::drawing::{Wording, alert, link};

/// The part of all losses from which a node is set off.
const MAJOR: f64 = 0.25;

/// A scale for the losses of rows, with room for their errors.
fn scale<'a>(losses: impl Iterator<Item = (f64, f64)> + Clone + 'a) -> Scale {
    let ends = losses.flat_map(|(kwh, error)| [kwh - error, kwh + error]);
    Scale::nice(ends, 4)
}

pub(super) fn by_node(page: &LossesPage, by: By) -> Html {
    let known = page.nodes.iter().filter_map(|node| Some((node.loss.kwh?, node.loss.error_kwh)));
    let scale = scale(known);
    let rows = page.nodes.iter().enumerate().map(|(i, node)| row(page, by, scale, i, node));
    let (whole, shared) = (&page.whole, SharedFigures::of(&page.shown));
    let class = if page.before.is_some() { "table ranking is-compared" } else { "table ranking" };
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::VIEWS>
            <table class=class>
                <thead>
                    <tr>
                        <td class="col-rank"></td>
                        <th scope="col">{words::NODE}</th>
                        {head(words::IN, "kWh")}
                        {head(words::OUT, "kWh")}
                        {head(words::LOSS_HEAD, "kWh")}
                        <th scope="col" class="col-error">
                            {words::ERROR}
                        </th>
                        <th scope="col" class="num">
                            "%"
                        </th>
                        <th scope="col" class="col-plot">
                            <span class="sr">{words::SCALE}</span>
                            {axis(scale)}
                        </th>
                        <th scope="col">{words::VERDICT}</th>
                        {change::heads(page)}
                        {head(words::SAVING, sign(&page.shown))}
                        {head(words::COVERAGE, "%")}
                        <th scope="col" class="col-cause">
                            {words::CAUSE}
                        </th>
                        <th scope="col" class="col-alert">
                            <span class="sr">{ALERT}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.collect::<Html>()}</tbody>
                <tfoot>
                    <tr class="sum">
                        <td class="col-rank"></td>
                        <th scope="row">{words::ALL_NODES}</th>
                        <td class="num col-in">{known_kwh(whole, Some(whole.in_kwh))}</td>
                        <td class="num col-out">{known_kwh(whole, Some(whole.out_kwh))}</td>
                        <td class="num">{shared.mark("loss.kwh", known_kwh(whole, whole.kwh))}</td>
                        <td class="col-error">{error(whole)}</td>
                        <td class="num">{shared.mark("loss.percent", share(whole))}</td>
                        <td class="col-plot"></td>
                        <td class="col-verdict">{words_of(whole)}</td>
                        {change::of_site(page)}
                        <td class="num col-cost">{amount(&page.shown, whole.saving)}</td>
                        <td class="num col-coverage">{percent(whole.coverage)}</td>
                        <td class="col-cause">{words::BOUNDARY}</td>
                        <td class="col-alert"></td>
                    </tr>
                </tfoot>
            </table>
        </div>
    }
}

fn head(name: Text, unit: impl Into<String>) -> Html {
    let class = match name {
        words::IN => "num col-in",
        words::OUT => "num col-out",
        words::SAVING => "num col-cost",
        words::COVERAGE => "num col-coverage",
        _ => "num",
    };
    html! {
        <th scope="col" class=class>
            {name}
            <span class="unit">{unit.into()}</span>
        </th>
    }
}

fn sign(shown: &PeriodContext) -> String {
    figures::currency_sign(&shown.site.currency).to_owned()
}

fn row(page: &LossesPage, by: By, scale: Scale, place: usize, node: &NodeLoss) -> Html {
    let loss = &node.loss;
    let is_chosen = page.chosen.as_ref().is_some_and(|chosen| chosen.id == node.id);
    let is_quiet = matches!(loss.verdict, Verdict::WithinError | Verdict::Incomplete);
    let class = match (is_chosen, is_quiet) {
        (true, _) => "is-chosen",
        (false, true) => "is-quiet",
        (false, false) => "",
    };
    let rank = (loss.verdict == Verdict::Loss).then(|| (place + 1).to_string());
    let plot =
        loss.kwh.map(|kwh| bar(scale, 0.0, kwh, Some(loss.error_kwh), Fill::of_loss(loss.verdict)));
    html! {
        <tr class=class>
            <td class="col-rank">{rank}</td>
            <th scope="row">
                <a
                    id=format!("node-{}", node.id)
                    class="row-link"
                    href=address(page, by, Some(node.id))
                    aria-current=is_chosen.then_some("true")
                    data-noscroll
                >
                    {node.name.clone()}
                </a>
            </th>
            <td class="num col-in">{known_kwh(loss, Some(loss.in_kwh))}</td>
            <td class="num col-out">{known_kwh(loss, Some(loss.out_kwh))}</td>
            <td class=kwh_class(loss, page.whole.kwh)>{known_kwh(loss, loss.kwh)}</td>
            <td class="col-error">{error(loss)}</td>
            <td class="num">{share(loss)}</td>
            <td class="col-plot">{plot}</td>
            <td class="col-verdict">{words_of(loss)}</td>
            {change::of_node(page, node)}
            <td class="num col-cost">{loss.kwh.map(|_| amount(&page.shown, loss.saving))}</td>
            <td class=coverage_class(loss.coverage)>{percent(loss.coverage)}</td>
            <td class="col-cause">{cause(page, node)}</td>
            <td class="col-alert">{watch(&page.shown, node)}</td>
        </tr>
    }
}

/// The link to a rule on a node's loss, by its mean of the period.
fn watch(shown: &PeriodContext, node: &NodeLoss) -> Option<Html> {
    let hours = (shown.window.to - shown.window.from).as_seconds_f64() / 3600.0;
    let mean_kw = node.loss.kwh.filter(|_| hours > 0.0).map(|kwh| kwh / hours);
    let watched = (node.id, Watch::kind(Kind::Loss));
    alert(|path| link(shown, path), watched, mean_kw, Wording::Short)
}

/// The likely cause of a loss, or why it is not known.
pub(super) fn cause(page: &LossesPage, node: &NodeLoss) -> Option<String> {
    let loss = &node.loss;
    if loss.verdict != Verdict::Incomplete {
        return node.cause.as_deref().map(told);
    }
    let complete = complete(&page.shown, loss);
    let weight = loss.missing_kw.map(|kw| words::weight(&figures::fixed(kw, 1)));
    let said = [Some(missing(loss, words::missing)), weight, complete].into_iter().flatten();
    Some(said.collect::<Vec<_>>().join("; "))
}

/// A node that lost a good part of everything is set off from the others.
fn kwh_class(loss: &Loss, all: Option<f64>) -> &'static str {
    let is_real = loss.nature == Some(Nature::Real);
    let is_major = is_real && loss.kwh.zip(all).is_some_and(|(kwh, all)| kwh >= MAJOR * all);
    match loss.verdict {
        Verdict::Loss if is_major => "num is-loss",
        Verdict::Loss => "num is-lost",
        Verdict::Negative => "num is-negative",
        Verdict::WithinError | Verdict::Incomplete => "num",
    }
}

pub(super) fn coverage_class(coverage: f64) -> &'static str {
    if coverage < 0.99 { "num col-coverage is-negative" } else { "num col-coverage" }
}

fn known_kwh(loss: &Loss, value: Option<f64>) -> String {
    value.filter(|_| loss.kwh.is_some()).map_or_else(|| UNKNOWN.to_owned(), kwh)
}

fn error(loss: &Loss) -> Option<String> {
    loss.kwh.map(|_| format!("± {}", kwh(loss.error_kwh)))
}

fn share(loss: &Loss) -> String {
    ui::components::figure::fixed(loss.percent, 1)
}

fn words_of(loss: &Loss) -> Html {
    let (shape, _) = verdict(loss.verdict);
    html! {
        {mark(shape)}
        " "
        {verdict_text(loss)}
    }
}

/// The words of a verdict; of a loss its probable nature, too.
pub(crate) fn verdict_text(loss: &Loss) -> String {
    with_nature(loss.verdict, loss.nature)
}

fn with_nature(judged: Verdict, nature: Option<Nature>) -> String {
    let (_, word) = verdict(judged);
    match nature.filter(|_| judged == Verdict::Loss) {
        Some(nature) => format!("{word}, {}", words::nature(nature)),
        None => word.into(),
    }
}

/// The same of an area; where its nodes differ, how much is probably metering.
pub(crate) fn area_verdict_text(area: &AreaLoss) -> String {
    match (area.verdict(), area.nature()) {
        (Verdict::Loss, None) if area.metering_kwh > 0.0 => {
            words::partly_metering(words::LOSS.get(), &kwh(area.metering_kwh))
        }
        (judged, nature) => with_nature(judged, nature),
    }
}

/// The money of a saving, without its sign.
fn amount(shown: &PeriodContext, saving: Option<Saving>) -> String {
    let text = saving.and_then(|saving| saving.cost).map(|cost| price(shown, cost));
    let text = text.map(|text| text.replacen(&sign(shown), "", 1).trim().to_owned());
    text.unwrap_or_else(|| UNKNOWN.to_owned())
}

pub(super) fn by_area(page: &LossesPage) -> Html {
    let known = page.areas.iter().filter_map(|area| Some((area.kwh?, area.error_kwh)));
    let scale = scale(known);
    let row = |area: &AreaLoss| {
        let (shape, _) = verdict(area.verdict());
        let fill = Fill::of_loss(area.verdict());
        let plot = area.kwh.map(|kwh| bar(scale, 0.0, kwh, Some(area.error_kwh), fill));
        html! {
            <tr>
                <th scope="row">{area.name.clone().unwrap_or_else(|| words::NO_AREA.into())}</th>
                <td class="num col-in">{area.nodes.to_string()}</td>
                <td class="num">{area.kwh.map_or_else(|| UNKNOWN.to_owned(), kwh)}</td>
                <td class="col-error">{area.kwh.map(|_| format!("± {}", kwh(area.error_kwh)))}</td>
                <td class="col-plot">{plot}</td>
                <td class="col-verdict">
                    {mark(shape)} " " {area_verdict_text(area)}
                </td>
                {change::of_area(page, area)}
                <td class="num col-cost">{amount(&page.shown, area.saving)}</td>
                <td class=coverage_class(area.coverage)>{percent(area.coverage)}</td>
            </tr>
        }
    };
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::VIEWS>
            <table class="table ranking">
                <thead>
                    <tr>
                        <th scope="col">{words::AREA}</th>
                        <th scope="col" class="num col-in">
                            {words::NODES}
                        </th>
                        {head(words::LOSS_HEAD, "kWh")}
                        <th scope="col" class="col-error">
                            {words::ERROR}
                        </th>
                        <th scope="col" class="col-plot">
                            <span class="sr">{words::SCALE}</span>
                            {axis(scale)}
                        </th>
                        <th scope="col">{words::VERDICT}</th>
                        {change::heads(page)}
                        {head(words::SAVING, sign(&page.shown))}
                        {head(words::COVERAGE, "%")}
                    </tr>
                </thead>
                <tbody>{page.areas.iter().map(row).collect::<Html>()}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_on_an_area_says_whether_its_loss_is_probably_real() {
        let text = |kwh, metering_kwh, real: Option<f64>| {
            area_verdict_text(&AreaLoss {
                name: None,
                nodes: 2,
                kwh,
                metering_kwh,
                error_kwh: 3.0,
                cost: None,
                saving: real.map(|kwh| Saving { kwh, cost: None, co2_kg: None }),
                coverage: 1.0,
            })
        };
        assert_eq!(text(Some(20.0), 0.0, Some(20.0)), "loss, probably real");
        assert_eq!(text(Some(20.0), 20.0, None), "loss, probably metering");
        let both = text(Some(20.0), 8.0, Some(12.0));
        assert!(both.starts_with("loss, 8"), "{both}");
        assert!(both.ends_with("kWh of it probably metering"), "{both}");
        assert_eq!(text(Some(2.0), 0.0, Some(2.0)), "within error");
        assert_eq!(text(Some(-20.0), 0.0, None), "negative");
        assert_eq!(text(None, 0.0, None), "incomplete");
    }
}
