//! A bar of powers laid end to end, and which of their labels fit.

use super::figure;
use domain::meters::SourceKind;
#[cfg(feature = "ssr")]
use {
    super::chart::percent,
    super::chart::scale::Scale,
    markup::{Html, html},
};

/// Class of a piece whose size nobody knows: hatched.
pub const UNKNOWN: &str = "is-unknown";
/// Class of a negative loss: hatched in the colour of losses.
pub const NEGATIVE: &str = "is-negative";

#[cfg(feature = "ssr")]
fn hatch(class: &str) -> Option<&'static str> {
    match class {
        UNKNOWN => Some("url(#hatch-gap)"),
        NEGATIVE => Some("url(#hatch-loss)"),
        _ => None,
    }
}

/// Colour of a source.
pub const fn source_class(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Grid => "fill-grid",
        SourceKind::Solar => "fill-solar",
        SourceKind::Diesel => "fill-diesel",
        SourceKind::Battery => "fill-battery",
        SourceKind::Load => "fill-load",
    }
}

/// One piece of the bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: String,
    pub kw: f64,
    pub class: &'static str,
}

impl Part {
    fn label(&self) -> String {
        format!("{} {}", self.name, figure::fixed(Some(self.kw), 1))
    }
}

/// Names without the first word where several begin with the same one: `Unit A` for
/// `Production Unit A`, since the others are there to tell it from.
pub fn short_names(mut parts: Vec<Part>) -> Vec<Part> {
    let first = |name: &str| name.split_once(' ').map(|(word, _)| word.to_owned());
    let words: Vec<_> = parts.iter().map(|part| first(&part.name)).collect();
    for (part, word) in parts.iter_mut().zip(&words) {
        let shared = words.iter().filter(|other| other.is_some() && *other == word).count() > 1;
        let rest = part.name.split_once(' ').map(|(_, rest)| rest.to_owned());
        if let Some(rest) = rest.filter(|rest| shared && rest.contains(' ')) {
            part.name = rest;
        }
    }
    parts
}

/// Labels of the parts that are too small to carry theirs even on a wide screen.
pub fn unlabelled(parts: &[Part], total: f64) -> Vec<String> {
    let pieces = stack(parts.iter().map(|part| part.kw), total);
    let labels = parts.iter().zip(pieces).map(|(part, piece)| (part.label(), piece.width));
    let too_small = |label: &str, width| fits_from(width, label.chars().count()).is_none();
    labels.filter(|(label, width)| too_small(label, *width)).map(|(label, _)| label).collect()
}

/// The `most` largest parts in their order, the others as one.
pub fn fold(parts: Vec<Part>, most: usize, others: fn(usize) -> String) -> Vec<Part> {
    if parts.len() <= most {
        return parts;
    }
    let mut sizes: Vec<f64> = parts.iter().map(|part| part.kw).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let least = sizes[most - 2];
    let class = parts[0].class;
    let (mut large, mut rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(|p| p.kw >= least);
    rest.extend(large.split_off(large.len().min(most - 1)));
    let kw = rest.iter().map(|part| part.kw).sum();
    large.push(Part { name: others(rest.len()), kw, class });
    large
}

/// The bar, up to `total`, with the error band as a whisker: where its middle is and half its width.
/// Labels that do not fit are left out; each piece says its own on hover, and what the bar says as a
/// whole stands beside it in words.
#[cfg(feature = "ssr")]
pub fn bar(parts: &[Part], total: f64, whisker: Option<(f64, f64)>) -> Html {
    let places = stack(parts.iter().map(|part| part.kw), total);
    let pieces = parts.iter().zip(places).map(|(part, place)| drawn(part, place)).collect::<Html>();
    let whisker = whisker.map(|(at, error)| {
        let scale = Scale::new(0.0, total);
        let x = |kw: f64| percent(scale.percent(kw));
        let (low, high) = (x(at - error), x(at + error));
        let line = |x1: &str, x2: &str, y1: &'static str, y2: &'static str| {
            html! { <line x1=x1 x2=x2 y1=y1 y2=y2 /> }
        };
        html! {
            <g class="whisker">
                {line(&low, &high, "32", "32")}
                {line(&low, &low, "28", "36")}
                {line(&high, &high, "28", "36")}
            </g>
        }
    });
    html! {
        <div class="bar-box">
            <svg class="bar" aria-hidden="true">
                {pieces}
                {whisker}
            </svg>
        </div>
    }
}

/// A piece with what of its label fits.
#[cfg(feature = "ssr")]
fn drawn(part: &Part, place: Piece) -> Html {
    let full = fits_from(place.width, part.label().chars().count());
    let short = fits_from(place.width, part.name.chars().count())
        .filter(|&short| full.is_none_or(|full| short < full));
    let x = percent(place.start);
    let label = |class: String, label: String| {
        html! {
            <text class=class x=&x dx="8" y="17">
                {label}
            </text>
        }
    };
    let until = full.map(|full| format!(" until-{full}")).unwrap_or_default();
    let name = short.map(|short| label(format!("bar-text from-{short}{until}"), part.name.clone()));
    let whole = full.map(|full| label(format!("bar-text from-{full}"), part.label()));
    html! {
        <g class=part.class>
            <title>{part.label()}</title>
            <rect x=&x width=percent(place.width) y="0" height="26" fill=hatch(part.class) />
            {name}
            {whole}
        </g>
    }
}

/// A piece of a bar, in per cent of its length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    pub start: f64,
    pub width: f64,
}

/// Lays amounts end to end on a scale up to `total`. Amounts below zero take no room.
pub fn stack(amounts: impl IntoIterator<Item = f64>, total: f64) -> Vec<Piece> {
    let mut start = 0.0;
    let whole = if total > 0.0 { total } else { 1.0 };
    amounts
        .into_iter()
        .map(|amount| {
            let width = amount.max(0.0) / whole * 100.0;
            let piece = Piece { start, width };
            start += width;
            piece
        })
        .collect()
}

/// Bar widths in px from which a label may be shown, as the style sheet knows them.
const STEPS: [u32; 7] = [300, 400, 500, 650, 800, 1000, 1200];

/// The least bar width at which a text of `chars` fits into `width_percent` of the bar; none where it
/// never does. An average character is 6.2 px wide, the padding 14.
pub fn fits_from(width_percent: f64, chars: usize) -> Option<u32> {
    let needed = chars as f64 * 6.2 + 14.0;
    STEPS.into_iter().find(|&step| f64::from(step) * width_percent / 100.0 >= needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, kw: f64) -> Part {
        Part { name: name.into(), kw, class: "load" }
    }

    #[test]
    fn small_parts_are_folded_and_nothing_is_lost() {
        let parts = vec![part("a", 10.0), part("b", 1.0), part("c", 20.0), part("d", 2.0)];
        let folded = fold(parts, 3, |n| format!("{n} others"));
        let names: Vec<_> = folded.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["a", "c", "2 others"]);
        assert!((folded.iter().map(|p| p.kw).sum::<f64>() - 33.0).abs() < 1e-9);
    }

    #[test]
    fn names_keep_what_tells_them_apart() {
        let parts =
            ["Production Unit A", "Production Unit B", "Hall A", "Hall B", "Admin Building"];
        let short = short_names(parts.iter().map(|name| part(name, 1.0)).collect());
        let names: Vec<_> = short.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["Unit A", "Unit B", "Hall A", "Hall B", "Admin Building"]);
    }

    #[test]
    fn equal_parts_do_not_exceed_the_room() {
        let parts = (0..9).map(|_| part("x", 5.0)).collect();
        assert_eq!(fold(parts, 4, |n| format!("{n} others")).len(), 4);
    }

    #[test]
    fn pieces_follow_each_other_without_a_hole() {
        let pieces = stack([60.0, 30.0, 10.0], 100.0);
        assert_eq!(pieces[1], Piece { start: 60.0, width: 30.0 });
        assert_eq!(pieces[2], Piece { start: 90.0, width: 10.0 });
    }

    #[test]
    fn an_amount_below_zero_takes_no_room() {
        let pieces = stack([-5.0, 10.0], 10.0);
        assert_eq!(pieces[0], Piece { start: 0.0, width: 0.0 });
        assert_eq!(pieces[1], Piece { start: 0.0, width: 100.0 });
    }

    #[test]
    fn a_wide_piece_is_labelled_on_a_phone_and_a_narrow_one_never() {
        assert_eq!(fits_from(74.0, 10), Some(300));
        assert_eq!(fits_from(8.0, 12), Some(1200));
        assert_eq!(fits_from(1.0, 3), None);
    }
}
