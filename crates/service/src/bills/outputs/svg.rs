//! The days of a month and its average day as a picture. Import goes up and export down; what is
//! estimated is outlined and hatched. Colours tell apart in grey, too.

use chrono::Datelike as _;
use plotters::coord::Shift;
use plotters::prelude::{
    ChartBuilder, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, IntoFont, PathElement,
    RGBColor, Rectangle, SVGBackend,
};
use plotters::style::{Color, ShapeStyle, TextStyle};

use super::super::shape::{BillDay, Hour};
use super::super::view::BillView;

const WIDTH: u32 = 760;
const HEIGHT: u32 = 560;
/// Where the average day begins.
const PARTED: i32 = 320;

const IMPORT: RGBColor = RGBColor(0x2b, 0x6c, 0xb0);
const EXPORT: RGBColor = RGBColor(0xd1, 0x98, 0x00);
const INK: RGBColor = RGBColor(0x1f, 0x23, 0x28);
const FAINT: RGBColor = RGBColor(0xd0, 0xd5, 0xdb);
const FONT: &str = "Inter, Arial, sans-serif";

type Fault = DrawingAreaErrorKind<std::io::Error>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A bar up and a bar down, and what of each is estimated.
struct Bars {
    at: f64,
    up: f64,
    down: f64,
    up_estimated: f64,
    down_estimated: f64,
}

impl Bars {
    fn of_day(day: &BillDay) -> Self {
        let up = day.estimated_kwh.min(day.import_kwh);
        Self {
            at: f64::from(day.date.day()),
            up: day.import_kwh,
            down: day.export_kwh,
            up_estimated: up,
            down_estimated: (day.estimated_kwh - up).clamp(0.0, day.export_kwh),
        }
    }

    fn of_hour(hour: &Hour) -> Self {
        Self {
            at: f64::from(hour.hour) + 0.5,
            up: hour.import_kwh,
            down: hour.export_kwh,
            up_estimated: 0.0,
            down_estimated: 0.0,
        }
    }
}

/// The picture of a bill.
pub(super) fn picture(view: &BillView) -> Result<String, Fault> {
    let mut svg = String::new();
    let shape = view.shape.drawn();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        let (days, hours) = root.split_vertically(PARTED);
        let of_days: Vec<Bars> = shape.days.iter().map(Bars::of_day).collect();
        let last = view.month.days().end.pred_opt();
        let length = last.map_or(31.0, |last| f64::from(last.day()));
        let title = format!(
            "Daily energy in {}, kWh: import up, export down, estimated hatched",
            view.month
        );
        chart(&days, &title, &of_days, (0.4, length + 0.6), |at| format!("{at:.0}"))?;
        let of_hours: Vec<Bars> = shape.average_day.iter().map(Bars::of_hour).collect();
        chart(&hours, "Average day, kWh per hour", &of_hours, (0.0, 24.0), |at| {
            format!("{at:02.0}:00")
        })?;
        root.present()?;
    }
    let label = format!(
        "Energy of {} in {}: {} kWh drawn, {} kWh delivered",
        view.meter_number, view.month, view.bill.consumed, view.bill.produced
    );
    let label = quick_xml::escape::escape(label.as_str());
    Ok(svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{label}\" "), 1))
}

fn chart(
    area: &Area<'_>,
    title: &str,
    bars: &[Bars],
    (from, to): (f64, f64),
    name: impl Fn(&f64) -> String,
) -> Result<(), Fault> {
    let most = |of: fn(&Bars) -> f64| bars.iter().map(of).fold(0.0, f64::max) * 1.08;
    let (up, down) = (most(|bars| bars.up), most(|bars| bars.down));
    let up = if up + down > 0.0 { up } else { 1.0 };
    let digits = digits(up.max(down));
    let words = |size: i32| TextStyle::from((FONT, size).into_font()).color(&INK);
    let mut chart = ChartBuilder::on(area)
        .caption(title, words(17))
        .margin(10)
        .margin_right(28)
        .x_label_area_size(26)
        .y_label_area_size(48)
        .build_cartesian_2d(from..to, -down..up)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(FAINT.mix(0.0))
        .bold_line_style(FAINT)
        .axis_style(INK)
        .x_labels(16)
        .y_labels(7)
        .x_label_formatter(&name)
        .y_label_formatter(&|kwh| format!("{:.digits$}", kwh.abs()))
        .label_style(words(15))
        .draw()?;
    for bar in bars {
        let (left, right) = (bar.at - 0.4, bar.at + 0.4);
        let solid = |bottom: f64, top: f64, colour: RGBColor| {
            Rectangle::new([(left, bottom), (right, top)], colour.filled())
        };
        chart.draw_series([
            solid(0.0, bar.up - bar.up_estimated, IMPORT),
            solid(-(bar.down - bar.down_estimated), 0.0, EXPORT),
        ])?;
        let guessed = [
            (bar.up - bar.up_estimated, bar.up, IMPORT),
            (-bar.down, -(bar.down - bar.down_estimated), EXPORT),
        ];
        for (bottom, top, colour) in guessed.into_iter().filter(|(bottom, top, _)| top > bottom) {
            let line = ShapeStyle::from(&colour).stroke_width(1);
            chart.draw_series([Rectangle::new([(left, bottom), (right, top)], line)])?;
            chart.draw_series(
                hatch((left, right), (bottom, top)).map(|ends| PathElement::new(ends, line)),
            )?;
        }
    }
    let zero = PathElement::new([(from, 0.0), (to, 0.0)], INK);
    chart.draw_series([zero]).map(|_| ())
}

/// Three strokes from the lower left to the upper right of a box.
fn hatch(
    (left, right): (f64, f64),
    (bottom, top): (f64, f64),
) -> impl Iterator<Item = [(f64, f64); 2]> {
    let (wide, high) = (right - left, top - bottom);
    [
        [(left, bottom + high / 2.0), (left + wide / 2.0, top)],
        [(left, bottom), (right, top)],
        [(left + wide / 2.0, bottom), (right, bottom + high / 2.0)],
    ]
    .into_iter()
}

/// Digits after the point of labels up to this many kWh.
fn digits(most: f64) -> usize {
    match most {
        most if most >= 8.0 => 0,
        most if most >= 0.8 => 1,
        _ => 2,
    }
}
