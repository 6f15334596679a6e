//! The chart as a picture by itself, for print and for other programs: light, with its own legend.

use super::letter;
use super::strokes::{Strokes, TICKS, scale, strokes};
use super::ticks::ticks;
use crate::steps;
use domain::history::view::{HistoryPage, Series, Side};
use std::fmt::Write as _;
use texts::figures;
use texts::words::history as words;
use ui::components::chart::scale::{Scale, tick_places};
use ui::components::chart::short;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::Axis;

const WIDTH: f64 = 1200.0;
/// The plot: its left and upper edge, width and height.
const PLOT: (f64, f64, f64, f64) = (70.0, 64.0, 1060.0, 420.0);
const LINE: f64 = 20.0;

const INK: &str = "#16191d";
const FAINT: &str = "#666c73";
const GRID: &str = "#e4e4df";
const GAP: &str = "#9a9fa5";
const WARN: &str = "#8a5a00";
/// As on the page, where it is light.
const COLOURS: [&str; 6] = ["#16191d", "#2b5fa8", "#b0411e", "#2f7d32", "#8e3b8e", "#7a6200"];
const DASHES: [&str; 4] = ["none", "7 3", "2 3", "9 3 2 3"];

/// The picture of a page.
pub fn picture(page: &HistoryPage) -> String {
    let (left, top, width, height) = PLOT;
    let axis = Axis::new(page.drawn.from, page.drawn.to);
    let legend = top + height + 56.0;
    let whole = legend + LINE * (page.series.len() + page.marks.len()) as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{whole}\" \
         viewBox=\"0 0 {WIDTH} {whole}\" font-family=\"Inter, Arial, sans-serif\" font-size=\"13\">\
         <defs><pattern id=\"gap\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path d=\"M0 0V6\" stroke=\"{GAP}\" stroke-width=\"1.6\"/>\
         </pattern></defs><rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    );
    text(&mut svg, (left, 26.0), INK, "start", &title(page));
    let scales = [Side::Left, Side::Right].map(|side| scale(page, side));
    for (side, scale) in [Side::Left, Side::Right].into_iter().zip(scales) {
        if let Some(scale) = scale {
            values(&mut svg, page, side, scale);
        }
    }
    for tick in ticks(page, axis) {
        let at = (left + width * tick.x / 100.0, top + height + 20.0);
        text(&mut svg, at, FAINT, "middle", &tick.text);
    }
    let _ = write!(
        svg,
        "<svg x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 100 100\" \
         preserveAspectRatio=\"none\">"
    );
    lines(&mut svg, page, axis, scales);
    svg.push_str("</svg>");
    gaps(&mut svg, page, axis);
    for (i, mark) in page.marks.iter().enumerate() {
        let x = short(left + width * axis.percent(mark.at) / 100.0);
        let bottom = top + height;
        let _ = write!(svg, "<path d=\"M{x} {top}V{bottom}\" stroke=\"{WARN}\"/>");
        let at = (left + width * axis.percent(mark.at) / 100.0 + 4.0, top + 12.0);
        text(&mut svg, at, WARN, "start", &(i + 1).to_string());
    }
    below(&mut svg, page, legend);
    svg.push_str("</svg>");
    svg
}

fn title(page: &HistoryPage) -> String {
    let shown = &page.shown;
    let period = steps::label(shown);
    let clock = Clock(shown);
    let part = page.is_zoomed.then(|| {
        let part = words::part(&clock.within(page.drawn.from), &clock.within(page.drawn.to));
        format!(", {part}")
    });
    let (name, part) = (&shown.site.name, part.unwrap_or_default());
    format!("{name}, {period}{part} ({})", shown.site.zone)
}

/// Ticks and unit of an axis, and the grid of the left one.
fn values(svg: &mut String, page: &HistoryPage, side: Side, scale: Scale) {
    let (left, top, width, height) = PLOT;
    let (x, anchor) = match side {
        Side::Left => (left - 8.0, "end"),
        Side::Right => (left + width + 8.0, "start"),
    };
    let ticks = scale.ticks(TICKS);
    let places = tick_places(&ticks);
    for tick in ticks {
        let y = top + height * scale.below_top(tick) / 100.0;
        text(svg, (x, y + 4.0), FAINT, anchor, &figures::fixed(tick, places));
        if side == Side::Left {
            let (y, right) = (short(y), left + width);
            let _ = write!(svg, "<path d=\"M{left} {y}H{right}\" stroke=\"{GRID}\"/>");
        }
    }
    text(svg, (x, top - 12.0), FAINT, anchor, page.unit(side).unwrap_or_default());
}

fn lines(svg: &mut String, page: &HistoryPage, axis: Axis, scales: [Option<Scale>; 2]) {
    for (i, series) in page.series.iter().enumerate() {
        let Some(scale) = scales[usize::from(series.side == Side::Right)] else { continue };
        if let Some(before) = &series.before {
            let Strokes { line, soft, .. } = strokes(before, axis, scale);
            stroke(svg, i, &line, "1", "0.5");
            stroke(svg, i, &soft, "1", "0.3");
        }
        let Strokes { bands, line, soft, .. } = strokes(&series.line, axis, scale);
        for band in bands {
            let colour = COLOURS[i % COLOURS.len()];
            let _ = write!(svg, "<path d=\"{band}\" fill=\"{colour}\" fill-opacity=\"0.16\"/>");
        }
        stroke(svg, i, &soft, "1", "0.6");
        stroke(svg, i, &line, "1.7", "1");
    }
}

fn stroke(svg: &mut String, i: usize, path: &str, width: &str, opacity: &str) {
    let (colour, dash) = (COLOURS[i % COLOURS.len()], DASHES[i % DASHES.len()]);
    let _ = write!(
        svg,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
         stroke-opacity=\"{opacity}\" stroke-dasharray=\"{dash}\" stroke-linejoin=\"round\" \
         stroke-linecap=\"round\" vector-effect=\"non-scaling-stroke\"/>"
    );
}

fn gaps(svg: &mut String, page: &HistoryPage, axis: Axis) {
    let (left, top, width, height) = PLOT;
    let strip = 7.0;
    for (i, series) in page.series.iter().enumerate() {
        let y = short(top + height - strip * (i + 1) as f64);
        for gap in series.line.gaps() {
            let (from, to) = (axis.percent(gap.from), axis.percent(gap.to));
            let (x, wide) =
                (short(left + width * from / 100.0), short(width * (to - from) / 100.0));
            let _ = write!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"6\" fill=\"url(#gap)\"/>"
            );
        }
    }
}

fn below(svg: &mut String, page: &HistoryPage, from: f64) {
    let (left, ..) = PLOT;
    let name = |series: &Series| {
        let name = words::series(&series.name, series.channel);
        let whole = series.line.whole().map_or_else(
            || words::NO_VALUES.into(),
            |whole| format!("{} {}", words::value(series.channel, whole), series.channel.unit()),
        );
        format!("{name}: {whole}")
    };
    let mut y = from;
    for (i, series) in page.series.iter().enumerate() {
        let middle = short(y - 4.0);
        let (colour, dash) = (COLOURS[i % COLOURS.len()], DASHES[i % DASHES.len()]);
        let _ = write!(
            svg,
            "<path d=\"M{left} {middle}h32\" stroke=\"{colour}\" stroke-width=\"1.7\" \
             stroke-dasharray=\"{dash}\"/>"
        );
        let line = format!("{} {}", letter(i), name(series));
        text(svg, (left + 42.0, y), INK, "start", &line);
        y += LINE;
    }
    let clock = Clock(&page.shown);
    for (i, mark) in page.marks.iter().enumerate() {
        let (at, event) = (clock.within(mark.at), words::event(&mark.event));
        let line = format!("{} {at} {}: {event}", i + 1, mark.name);
        text(svg, (left, y), WARN, "start", &line);
        y += LINE;
    }
}

fn text(svg: &mut String, (x, y): (f64, f64), colour: &str, anchor: &str, text: &str) {
    let (x, y) = (short(x), short(y));
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = write!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\" text-anchor=\"{anchor}\">{text}</text>"
    );
}
