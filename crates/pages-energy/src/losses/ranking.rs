//! Who loses most: nodes or areas, ranked, each with its error, its verdict and its cost.

use super::headline::{complete, missing};
use super::{By, address, change};
use domain::alarms::{Kind, Watch};
use domain::losses::balance::Verdict;
use domain::losses::nature::{Nature, Saving};
use domain::losses::view::{AreaLoss, Loss, LossesPage, NodeLoss};
use domain::view::PeriodContext;
use markup::{Html, html};
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
use ui::kit;

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
    let (whole, shared) = (&page.whole, SharedFigures::of(&page.shown));
    let class = if page.before.is_some() { "ranking is-compared" } else { "ranking" };
    let is_chosen =
        |node: &NodeLoss| page.chosen.as_ref().is_some_and(|chosen| chosen.id == node.id);
    let name = |node: &NodeLoss| {
        html! {
            <a
                id=format!("node-{}", node.id)
                class="row-link"
                href=address(page, by, Some(node.id))
                aria-current=is_chosen(node).then_some("true")
                data-noscroll
            >
                {node.name.clone()}
            </a>
        }
    };
    let plot = |loss: &Loss| {
        let fill = Fill::of_loss(loss.verdict);
        loss.kwh.map(|kwh| bar(scale, 0.0, kwh, Some(loss.error_kwh), fill))
    };
    let money = |loss: &Loss| loss.kwh.map(|_| amount(&page.shown, loss.saving));
    let nodes = page.nodes.iter().enumerate().map(|(place, node)| (place, node, &node.loss));
    let rows = kit::Rows::of(nodes)
        .before(kit::Column::blank().class("col-rank"), |(place, _, loss)| {
            (loss.verdict == Verdict::Loss).then(|| (place + 1).to_string())
        })
        .column(words::NODE, |(_, node, _)| name(node))
        .column(head(words::IN).class("col-in"), |(.., it)| known_kwh(it, Some(it.in_kwh)))
        .column(head(words::OUT).class("col-out"), |(.., it)| known_kwh(it, Some(it.out_kwh)))
        .marked(
            head(words::LOSS_HEAD),
            |(.., loss)| kwh_class(loss, whole.kwh),
            |(.., loss)| known_kwh(loss, loss.kwh),
        )
        .column(kit::Column::new(words::ERROR).class("col-error"), |(.., loss)| error(loss))
        .column(kit::Column::of_figures("%"), |(.., loss)| share(loss))
        .column(plot_head(scale), |(.., loss)| plot(loss))
        .column(kit::Column::new(words::VERDICT).cells("col-verdict"), |(.., it)| words_of(it));
    let rows = change::columns(page, rows, |(_, node, _)| change::of_node(page, node))
        .column(saving_head(&page.shown), |(.., loss)| money(loss))
        .marked(
            coverage_head(),
            |(.., loss)| coverage_class(loss.coverage),
            |(.., loss)| percent(loss.coverage),
        )
        .column(kit::Column::new(words::CAUSE).class("col-cause"), |(_, node, _)| cause(page, node))
        .column(kit::Column::unnamed(ALERT).class("col-alert"), |(_, node, _)| {
            watch(&page.shown, node)
        })
        .classes(|(_, node, loss)| match loss.verdict {
            _ if is_chosen(node) => "is-chosen",
            Verdict::WithinError | Verdict::Incomplete => "is-quiet",
            Verdict::Loss | Verdict::Negative => "",
        })
        .foot(html! {
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
        });
    rows.scrolled(words::VIEWS, class)
}

fn head(name: Text) -> kit::Column {
    kit::Column::in_unit(name, "kWh")
}

/// The column of bars, below their scale.
pub(super) fn plot_head(scale: Scale) -> kit::Column {
    kit::Column::unnamed(words::SCALE).class("col-plot").rest(axis(scale))
}

fn saving_head(shown: &PeriodContext) -> kit::Column {
    kit::Column::in_unit(words::SAVING, sign(shown)).class("col-cost")
}

fn coverage_head() -> kit::Column {
    kit::Column::in_unit(words::COVERAGE, "%").class("col-coverage")
}

fn sign(shown: &PeriodContext) -> String {
    figures::currency_sign(&shown.site.currency).to_owned()
}

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
        Verdict::Loss if is_major => "is-loss",
        Verdict::Loss => "is-lost",
        Verdict::Negative => "is-negative",
        Verdict::WithinError | Verdict::Incomplete => "",
    }
}

fn coverage_class(coverage: f64) -> &'static str {
    if coverage < 0.99 { "is-negative" } else { "" }
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
    let plot = |area: &AreaLoss| {
        let fill = Fill::of_loss(area.verdict());
        area.kwh.map(|kwh| bar(scale, 0.0, kwh, Some(area.error_kwh), fill))
    };
    let verdict = |area: &AreaLoss| {
        let (shape, _) = verdict(area.verdict());
        html! { {mark(shape)} " " {area_verdict_text(area)} }
    };
    let rows = kit::Rows::of(&page.areas)
        .column(words::AREA, |area| area.name.clone().unwrap_or_else(|| words::NO_AREA.into()))
        .column(kit::Column::of_figures(words::NODES).class("col-in"), |area| area.nodes)
        .column(head(words::LOSS_HEAD), |area| area.kwh.map_or_else(|| UNKNOWN.to_owned(), kwh))
        .column(kit::Column::new(words::ERROR).class("col-error"), |area| {
            area.kwh.map(|_| format!("± {}", kwh(area.error_kwh)))
        })
        .column(plot_head(scale), plot)
        .column(kit::Column::new(words::VERDICT).cells("col-verdict"), verdict);
    change::columns(page, rows, |area| change::of_area(page, area))
        .column(saving_head(&page.shown), |area| amount(&page.shown, area.saving))
        .marked(coverage_head(), |area| coverage_class(area.coverage), |it| percent(it.coverage))
        .scrolled(words::VIEWS, "ranking")
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
