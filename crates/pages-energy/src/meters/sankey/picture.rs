//! The flow as a picture by itself, with columns of one width.

use domain::meters::view::flow::{Point, What};
use domain::meters::view::sankey::{Branch, Heading, Sankey};
use markup::{Draw as _, Html, html};
use ui::components::chart::short;

use super::super::picture::{self, FAINT, look, rect};
use super::{HEAD, band_class, bar_class, foot, heading, label, legend_items, path};
use crate::picture::first_letters;

const COLUMN: f64 = 190.0;
/// Letters of a label for each column that it may take.
const LETTERS: usize = 26;

pub(super) fn draw(sankey: &Sankey<'_>, title: &str) -> String {
    let mut parts = Parts { scale: sankey.scale, ..Parts::default() };
    for branch in &sankey.branches {
        parts.add(branch, None);
    }
    let head = |(at, of): (usize, &Heading)| {
        html! {
            <text x=short(at as f64 * COLUMN) y="12" fill=FAINT>
                {heading(*of)}
            </text>
        }
    };
    let figure = html! {
        {sankey.headings.iter().enumerate().map(head).collect::<Html>()}
        <g transform=format!("translate(0 {})", short(HEAD))>{parts.shapes} {parts.labels}</g>
    };
    let size = (sankey.headings.len() as f64 * COLUMN, sankey.height + HEAD);
    let legend = legend_items().map(|(class, name)| (class, String::from(name)));
    picture::draw(title, size, figure, &legend)
}

/// The parts of the figure; labels stand over all shapes.
#[derive(Default)]
struct Parts {
    /// Pixels of one unit.
    scale: f64,
    shapes: Html,
    labels: Html,
}

impl Parts {
    fn add(&mut self, branch: &Branch<'_>, node: Option<&Point>) {
        let own = match &branch.what {
            What::Meter(point, _) => Some(*point),
            _ => None,
        };
        if let Some(band) = branch.band {
            let class = band_class(branch, node);
            let (class, is_pale) =
                class.strip_suffix(" band").map_or((&*class, false), |class| (class, true));
            let (fill, stroke) = look(class);
            let stroke = if stroke == "none" { fill } else { stroke };
            let opacity = if is_pale && class != "fill-gap" { "0.38" } else { "1" };
            let band = html! {
                <path
                    d=path(band, COLUMN)
                    fill=fill
                    fill-opacity=opacity
                    stroke=stroke
                    stroke-opacity="0.5"
                    stroke-width="0.6"
                />
            };
            band.draw(&mut self.shapes);
        }
        self.bar(branch);
        for below in &branch.branches {
            self.add(below, own);
        }
        self.label(branch);
    }

    fn bar(&mut self, branch: &Branch<'_>) {
        let (x, bar) = (branch.column as f64 * COLUMN, branch.bar);
        let height = bar.height.max(1.0);
        if let Some((class, size)) = foot(branch, self.scale) {
            rect(class, (x, bar.y + height - size), (24.0, size)).draw(&mut self.shapes);
        }
        rect(bar_class(&branch.what), (x, bar.y), (10.0, height)).draw(&mut self.shapes);
    }

    /// Name and figures, in two lines where there is room.
    fn label(&mut self, branch: &Branch<'_>) {
        let (name, figures) = label::plain(branch);
        let (x, y) = (branch.column as f64 * COLUMN + 15.0, branch.label.y + 12.0);
        let most = LETTERS * branch.room;
        if branch.label.height >= label::TWO_LINES && !figures.is_empty() {
            picture::text((x, y), &first_letters(&name, most)).draw(&mut self.labels);
            picture::text((x, y + 16.0), &first_letters(&figures, most)).draw(&mut self.labels);
        } else {
            let room = most.saturating_sub(figures.chars().count() + 1);
            let line = format!("{} {figures}", first_letters(&name, room));
            picture::text((x, y), line.trim_end()).draw(&mut self.labels);
        }
    }
}
