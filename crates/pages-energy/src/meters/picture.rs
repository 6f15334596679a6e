//! The figures as pictures by themselves: SVG that needs no style sheet, light, with its title above it and its legend
//! below.

use markup::{Html, html};
use ui::components::chart::short;

pub(super) const INK: &str = "#16191d";
pub(super) const FAINT: &str = "#666c73";
pub(super) const LINE: &str = "#c6c7c1";
pub(super) const LOSS: &str = "#bd330d";
pub(super) const WARN: &str = "#8a5a00";
const GAP: &str = "#9a9fa5";

const MARGIN: f64 = 16.0;
/// Height of the title.
const HEAD: f64 = 44.0;
/// Height of the legend.
const FOOT: f64 = 32.0;
/// Width of a letter, about.
const LETTER: f64 = 6.5;

/// The picture of a figure that is so wide and so high. The legend names the fills of classes.
pub(super) fn draw(
    title: &str,
    (width, height): (f64, f64),
    figure: Html,
    legend: &[(&str, String)],
) -> String {
    let high = HEAD + height + FOOT;
    let mut x = MARGIN;
    let legend = legend.iter().map(|(class, name)| {
        let left = x;
        x += 34.0 + LETTER * name.chars().count() as f64;
        html! {
            {rect(class, (left, HEAD + height + 9.0), (10.0, 10.0))}
            <text x=short(left + 15.0) y=short(HEAD + height + 18.0)>
                {name}
            </text>
        }
    });
    let legend = legend.collect::<Html>();
    let whole = (width + 2.0 * MARGIN).max(x);
    let picture = html! {
        <svg
            xmlns="http://www.w3.org/2000/svg"
            width=short(whole)
            height=short(high)
            viewBox=format!("0 0 {} {}", short(whole), short(high))
            font-family="Inter, Arial, sans-serif"
            font-size="11.5"
            fill=INK
        >
            <defs>{hatch("hatch-gap", GAP, "1.6")} {hatch("hatch-warn", WARN, "3.2")}</defs>
            <rect width="100%" height="100%" fill="#ffffff" />
            <text x=short(MARGIN) y="26" font-size="14">
                {title}
            </text>
            <g transform=format!("translate({} {})", short(MARGIN), short(HEAD))>{figure}</g>
            {legend}
        </svg>
    };
    picture.into_string()
}

fn hatch(id: &str, colour: &str, width: &str) -> Html {
    html! {
        <pattern
            id=id
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
        >
            <path d="M0 0V6" stroke=colour stroke-width=width />
        </pattern>
    }
}

/// A rectangle as that of a class on the page.
pub(super) fn rect(class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) -> Html {
    let (fill, stroke) = look(class);
    html! {
        <rect
            x=short(x)
            y=short(y)
            width=short(width)
            height=short(height)
            fill=fill
            stroke=stroke
        />
    }
}

/// Text that is read over whatever stands behind it.
pub(super) fn text((x, y): (f64, f64), text: &str) -> Html {
    html! {
        <text x=short(x) y=short(y) paint-order="stroke" stroke="#ffffff" stroke-width="3">
            {text}
        </text>
    }
}

/// The fill and the line of a class, as they are on a light page.
pub(super) fn look(class: &str) -> (&'static str, &'static str) {
    match class {
        "fill-grid" => ("#3673b5", "none"),
        "fill-solar" => ("#d29a00", "none"),
        "fill-diesel" => ("#5a463d", "none"),
        "fill-battery" => ("#5a32d6", "none"),
        "fill-load" => ("#7f8a97", "none"),
        "fill-within" => ("#c9cfd6", "none"),
        "fill-untracked" => (FAINT, "none"),
        "fill-loss" => (LOSS, "none"),
        "fill-short" => ("url(#hatch-warn)", WARN),
        "fill-gap" | "heat-gap" | "heat-part" => ("url(#hatch-gap)", GAP),
        "plan-loss" => ("none", LOSS),
        "plan-warn" => ("none", WARN),
        "heat-ahead" => ("none", "#e4e4df"),
        "h0" => ("#f3f4f2", "none"),
        "h1" => ("#e3e7eb", "none"),
        "h2" => ("#c9d0d8", "none"),
        "h3" => ("#a6b1bd", "none"),
        "h4" => ("#8795a5", "none"),
        "h5" => ("#67788b", "none"),
        "h6" => ("#485a6e", "none"),
        _ => ("none", INK),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_needs_no_style_sheet_and_escapes_its_words() {
        let figure = rect("fill-short", (0.0, 0.0), (9.0, 9.0));
        let legend = [("fill-loss", "loss".to_owned())];
        let drawn = draw("Mill & <Co>", (100.0, 50.0), figure, &legend);
        assert!(drawn.starts_with("<svg xmlns=") && drawn.ends_with("</svg>"), "{drawn}");
        for part in ["Mill &amp; &lt;Co&gt;", "url(#hatch-warn)", "id=\"hatch-warn\"", "#bd330d"] {
            assert!(drawn.contains(part), "{part}: {drawn}");
        }
        assert!(!drawn.contains("class=") && !drawn.contains("style="), "{drawn}");
        assert_eq!(crate::picture::first_letters("Compressor", 5), "Comp…");
    }
}
