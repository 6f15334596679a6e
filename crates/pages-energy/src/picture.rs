//! Charts as pictures by themselves, to be printed, mailed and kept: dark on white, told apart in grey, too.

use plotters::coord::Shift;
use plotters::prelude::{
    ChartBuilder, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, IntoFont, PathElement,
    RGBColor, Rectangle, SVGBackend, Text,
};
use plotters::style::{Color, TextStyle};
use texts::figures;

const WIDTH: u32 = 760;
const HEIGHT: u32 = 250;
const ROW: u32 = 26;

pub(crate) const GRID: RGBColor = RGBColor(0x36, 0x73, 0xb5);
pub(crate) const SOLAR: RGBColor = RGBColor(0xd2, 0x9a, 0x00);
pub(crate) const DIESEL: RGBColor = RGBColor(0x5a, 0x46, 0x3d);
pub(crate) const BATTERY: RGBColor = RGBColor(0x5a, 0x32, 0xd6);
pub(crate) const LOSS: RGBColor = RGBColor(0xbd, 0x33, 0x0d);
/// Of what is within the error.
pub(crate) const QUIET: RGBColor = RGBColor(0xc9, 0xcf, 0xd6);
const INK: RGBColor = RGBColor(0x16, 0x19, 0x1d);
const FAINT: RGBColor = RGBColor(0xe4, 0xe4, 0xdf);
const FONT: &str = "Inter, Arial, sans-serif";
/// Letters of a name that fit beside bars.
const LETTERS: usize = 24;
/// A bar's share of its step.
const BAR: f64 = 0.8;

type Fault = DrawingAreaErrorKind<std::io::Error>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A column, or a bar: its name, its parts from zero on, those below it downwards, and half the error of their sum.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) parts: Vec<(f64, RGBColor)>,
    pub(crate) error: Option<f64>,
}

impl Bar {
    fn sum(&self) -> f64 {
        self.parts.iter().map(|(value, _)| value).sum()
    }

    /// The least and the most that it takes, with its error.
    fn ends(&self) -> (f64, f64) {
        let (sum, error) = (self.sum(), self.error.unwrap_or(0.0));
        let below: f64 = self.parts.iter().map(|(value, _)| value.min(0.0)).sum();
        let above: f64 = self.parts.iter().map(|(value, _)| value.max(0.0)).sum();
        (below.min(sum - error), above.max(sum + error))
    }
}

pub(crate) type Named = (String, RGBColor);

/// The figures of another period as a line across the columns, and its name.
pub(crate) type Line = (String, Points);

/// Points of a line, each at its place in per cent of the width; none where nothing is known.
pub(crate) type Points = Vec<Option<(f64, f64)>>;

/// Columns side by side, named below.
pub(crate) fn columns(
    title: &str,
    legend: &[Named],
    columns: impl IntoIterator<Item = Bar>,
    line: Option<Line>,
) -> Option<String> {
    let columns: Vec<Bar> = columns.into_iter().collect();
    let (of_line, points) = line.unzip();
    let points = points.unwrap_or_default();
    drawn(title, HEIGHT, |root| {
        let of_line = of_line.map(|name| (name, INK));
        let root = legend_on(root, &legend.iter().cloned().chain(of_line).collect::<Vec<_>>())?;
        let values = points.iter().flatten().map(|(_, value)| (*value, *value));
        let (low, high) = range(columns.iter().map(Bar::ends).chain(values));
        let count = count_of(&columns);
        let name = |at: &f64| named(&columns, *at).map_or_else(String::new, |bar| bar.name.clone());
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .x_label_area_size(22)
            .y_label_area_size(62)
            .build_cartesian_2d(0.4..count + 0.6, low..high)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(FAINT.mix(0.0))
            .bold_line_style(FAINT)
            .axis_style(FAINT)
            .x_labels(columns.len().min(32) + 1)
            .y_labels(6)
            .x_label_formatter(&name)
            .y_label_formatter(&|kwh| tick(*kwh, high - low))
            .label_style(words(12))
            .draw()?;
        for (column, at) in columns.iter().zip(1_i32..) {
            let at = f64::from(at);
            let (left, right) = (at - BAR / 2.0, at + BAR / 2.0);
            let (mut above, mut below) = (0.0_f64, 0.0_f64);
            for (value, colour) in column.parts.iter().filter(|(value, _)| *value != 0.0) {
                let foot = if *value > 0.0 { &mut above } else { &mut below };
                let shape = [(left, *foot), (right, *foot + value)];
                chart.draw_series([Rectangle::new(shape, colour.filled())])?;
                *foot += value;
            }
            let whisker = whisker(column, at, BAR / 6.0).into_iter();
            chart.draw_series(whisker.map(|ends| PathElement::new(ends, INK)))?;
        }
        for run in points.split(Option::is_none).filter(|run| !run.is_empty()) {
            let at = |(percent, value): &(f64, f64)| (0.5 + percent / 100.0 * count, *value);
            let mut run: Vec<_> = run.iter().flatten().map(at).collect();
            // A point alone is as wide as a column.
            if let [(x, y)] = run[..] {
                run = vec![(x - BAR / 2.0, y), (x + BAR / 2.0, y)];
            }
            chart.draw_series([PathElement::new(run, INK.stroke_width(2))])?;
        }
        chart.draw_series([PathElement::new([(0.4, 0.0), (count + 0.6, 0.0)], INK)])?;
        Ok(())
    })
}

/// Bars below each other, named at their left, the first at the top.
pub(crate) fn bars(title: &str, legend: &[Named], bars: &[Bar]) -> Option<String> {
    let height = ROW * u32::try_from(bars.len()).unwrap_or(u32::MAX / ROW) + 74;
    drawn(title, height, |root| {
        let root = legend_on(root, legend)?;
        let (low, high) = range(bars.iter().map(Bar::ends));
        let count = count_of(bars);
        let name = |at: &f64| {
            named(bars, count + 1.0 - at)
                .map_or_else(String::new, |bar| first_letters(&bar.name, LETTERS))
        };
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .margin_right(24)
            .x_label_area_size(22)
            .y_label_area_size(170)
            .build_cartesian_2d(low..high, 0.4..count + 0.6)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(FAINT.mix(0.0))
            .bold_line_style(FAINT)
            .axis_style(FAINT)
            .x_labels(7)
            .y_labels(bars.len() + 1)
            .y_label_formatter(&name)
            .x_label_formatter(&|kwh| tick(*kwh, high - low))
            .label_style(words(12))
            .draw()?;
        for (bar, row) in bars.iter().zip(1_i32..) {
            let at = count + 1.0 - f64::from(row);
            for (value, colour) in &bar.parts {
                let shape = [(0.0, at - 0.3), (*value, at + 0.3)];
                chart.draw_series([Rectangle::new(shape, colour.filled())])?;
            }
            let lines = whisker(bar, at, 0.15).into_iter();
            let lines = lines.map(|ends| ends.map(|(at, value)| (value, at)));
            chart.draw_series(lines.map(|ends| PathElement::new(ends, INK)))?;
        }
        chart.draw_series([PathElement::new([(0.0, 0.4), (0.0, count + 0.6)], INK)])?;
        Ok(())
    })
}

/// The bar that stands at a place; the first stands at one.
fn named(bars: &[Bar], at: f64) -> Option<&Bar> {
    let mut places = bars.iter().zip(1_i32..);
    places.find(|(_, place)| (f64::from(*place) - at).abs() < 0.01).map(|(bar, _)| bar)
}

/// The error around the end of a bar: a line along it, with a cap at both ends.
fn whisker(bar: &Bar, at: f64, cap: f64) -> Vec<[(f64, f64); 2]> {
    let Some(error) = bar.error.filter(|error| *error > 0.0) else { return Vec::new() };
    let (low, high) = (bar.sum() - error, bar.sum() + error);
    let across = |end: f64| [(at - cap, end), (at + cap, end)];
    vec![[(at, low), (at, high)], across(low), across(high)]
}

/// A picture with its title; none where it cannot be drawn, which the log tells.
fn drawn(
    title: &str,
    height: u32,
    draw: impl FnOnce(Area<'_>) -> Result<(), Fault>,
) -> Option<String> {
    let mut svg = String::new();
    let done = {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        root.titled(title, words(13)).and_then(draw)
    };
    if let Err(error) = done {
        tracing::error!("a chart could not be drawn: {error}");
        return None;
    }
    let label: String = title.chars().filter(|c| !matches!(c, '"' | '<' | '&')).collect();
    Some(svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{label}\" "), 1))
}

fn legend_on<'a>(root: Area<'a>, legend: &[Named]) -> Result<Area<'a>, Fault> {
    if legend.is_empty() {
        return Ok(root);
    }
    let (head, rest) = root.split_vertically(18);
    let mut x = 12;
    for (name, colour) in legend {
        head.draw(&Rectangle::new([(x, 5), (x + 10, 15)], colour.filled()))?;
        head.draw(&Text::new(name.clone(), (x + 15, 4), words(12)))?;
        let letters = i32::try_from(name.chars().count()).unwrap_or(20);
        x += 34 + letters * 7;
    }
    Ok(rest)
}

fn words(size: i32) -> TextStyle<'static> {
    TextStyle::from((FONT, size).into_font()).color(&INK)
}

fn count_of(bars: &[Bar]) -> f64 {
    u32::try_from(bars.len()).map_or(0.0, f64::from)
}

/// From the least to the most, with a little room; nothing is drawn against a scale of one.
fn range(ends: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    let (low, high) =
        ends.fold((0.0_f64, 0.0_f64), |(low, high), (l, h)| (low.min(l), high.max(h)));
    if high - low > 0.0 { (low * 1.08, high * 1.08) } else { (0.0, 1.0) }
}

fn tick(kwh: f64, span: f64) -> String {
    let places = match span {
        span if span >= 8.0 => 0,
        span if span >= 0.8 => 1,
        _ => 2,
    };
    figures::fixed(kwh, places)
}

/// The first letters of a text that is too long.
pub(crate) fn first_letters(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, value: f64) -> Bar {
        Bar { name: name.to_owned(), parts: vec![(value, LOSS)], error: Some(3.0) }
    }

    #[test]
    fn a_picture_has_a_label_its_names_and_no_style() {
        let legend = vec![("loss".to_owned(), LOSS)];
        let svg =
            bars("Loss & \"more\"", &legend, &[bar("Unit A", 12.0), bar("Unit B", -4.0)]).unwrap();
        assert!(svg.contains("role=\"img\" aria-label=\"Loss  more\""), "{svg}");
        assert!(svg.contains("Unit A") && svg.contains("Unit B"), "{svg}");
        assert!(!svg.contains("style="), "the content security policy refuses styles: {svg}");
        let svg = columns("Days", &[], [bar("1", 5.0), bar("2", 0.0)], None).unwrap();
        assert!(svg.contains("</svg>"));
    }

    #[test]
    fn a_line_takes_its_room_and_is_broken_where_nothing_is_known() {
        let bars = || [1.0, 2.0, 3.0, 4.0].map(|value| bar("step", value));
        let points = vec![Some((12.5, 40.0)), Some((37.5, 20.0)), None, Some((87.5, 30.0))];
        let line = ("last week".to_owned(), points);
        let drawn = |line: Option<Line>| columns("Days", &[], bars(), line).unwrap();
        let (with, without) = (drawn(Some(line)), drawn(None));
        assert!(with.contains("last week") && with.contains(">\n40\n</text>"), "{with}");
        assert!(!without.contains(">\n40\n</text>"), "{without}");
        assert_eq!(with.matches("stroke-width=\"2\"").count(), 2, "{with}");
    }

    #[test]
    fn parts_below_zero_take_their_own_room() {
        let parts = vec![(5.0, GRID), (1.0, DIESEL), (-2.0, SOLAR)];
        let bar = Bar { name: String::new(), parts, error: None };
        assert_eq!(bar.ends(), (-2.0, 6.0));
        let bar = Bar { name: String::new(), parts: vec![(-1.0, LOSS)], error: Some(3.0) };
        assert_eq!(bar.ends(), (-4.0, 2.0));
    }

    #[test]
    fn nothing_at_all_is_drawn_too() {
        assert!(columns("Days", &[], [], None).is_some());
        assert!(bars("Loss", &[], &[bar("Unit A", 0.0)]).is_some());
    }
}
