//! A plot by itself: an SVG that needs no style sheet, light, with its title above it.

use markup::{Html, html};

/// The attributes in place of each class. An element takes those of the first that it has; a class that is not
/// listed stays, and a test of the program refuses it.
const LOOKS: &[(&str, &str)] = &[
    // The three parts: values beside the plot, the plot, times below it.
    ("plot-values", r##"x="0" y="48" width="56" height="320" overflow="visible" fill="#666c73""##),
    ("plot-area", r##"x="64" y="48" width="832" height="320" overflow="visible" fill="#4a5057""##),
    ("plot-times", r##"x="64" y="368" width="832" height="22" overflow="visible" fill="#666c73""##),
    ("stretch", ""),
    // For the pointer alone.
    ("plot-catch", r#"fill="none""#),
    ("plot-hint", r#"fill="none""#),
    ("plot-cross", r#"stroke="none""#),
    ("plot-probe", r#"fill="none""#),
    ("probes", r#"fill="none""#),
    // Lines of the frame, and texts.
    ("plot-minor", ""),
    ("plot-grid", r##"stroke="#e4e4df""##),
    ("plot-zero", r##"stroke="#c6c7c1""##),
    ("plot-now", r##"stroke="#16191d" stroke-width="0.75""##),
    ("plot-limit", r##"stroke="#666c73" stroke-dasharray="2 3""##),
    ("plot-event", r##"stroke="#8a5a00" stroke-width="1.25""##),
    ("plot-dot", r##"fill="#16191d""##),
    ("plot-outlier", r##"fill="#ffffff" stroke="#8a5a00" stroke-width="1.25""##),
    ("plot-loss", r##"fill="#bd330d" font-weight="600""##),
    ("plot-value", r##"fill="#16191d" font-weight="600""##),
    ("plot-remark", ""),
    // Lines over time.
    ("line-today", r##"fill="none" stroke="#16191d" stroke-width="1.9""##),
    (
        "line-estimated",
        r##"fill="none" stroke="#16191d" stroke-width="1.9" stroke-dasharray="3 3""##,
    ),
    ("line-before", r##"fill="none" stroke="#9a9fa5" stroke-width="1.25""##),
    ("line-loss", r##"fill="none" stroke="#bd330d" stroke-width="1.5""##),
    ("line-join", r##"fill="none" stroke="#8a5a00" stroke-width="1.25" stroke-dasharray="2 3""##),
    ("wave-use", r##"fill="none" stroke="#16191d" stroke-width="1.6""##),
    ("wave-make", r##"fill="#d29a00" fill-opacity="0.75""##),
    ("line-band", r##"fill="#7f8a97" fill-opacity="0.28""##),
    ("line-norm", r##"fill="#e9eae5""##),
    ("loss-band", r##"fill="#e9eae5""##),
    ("bar-energy", r##"fill="#7f8a97""##),
    ("bar-placed", r##"fill="url(#hatch-gap)" stroke="#7f8a97""##),
    ("fill-grid", r##"fill="#3673b5""##),
    ("fill-solar", r##"fill="#d29a00""##),
    ("fill-diesel", r##"fill="#5a463d""##),
];

/// The picture of a plot; none of markup without one.
pub(crate) fn picture(title: &str, plot: &Html) -> Option<String> {
    let whole = plot.clone().into_string();
    let (_, from) = whole.split_once("<svg class=\"plot-values\"")?;
    let (parts, _) = from.split_once("</div>")?;
    let parts = parts.replace("<path", "<path vector-effect=\"non-scaling-stroke\"");
    let mut drawn = Html::default();
    drawn.push(&with_looks(&format!("<svg class=\"plot-values\"{parts}")));
    let picture = html! {
        <svg
            xmlns="http://www.w3.org/2000/svg"
            width="960"
            height="400"
            viewBox="0 0 960 400"
            font-family="Inter, Arial, sans-serif"
            font-size="12"
        >
            <defs>
                <pattern
                    id="hatch-gap"
                    width="6"
                    height="6"
                    patternUnits="userSpaceOnUse"
                    patternTransform="rotate(45)"
                >
                    <path d="M0 0V6" stroke="#9a9fa5" stroke-width="1.6" />
                </pattern>
            </defs>
            <rect width="100%" height="100%" fill="#ffffff" />
            <text x="64" y="26" font-size="14" fill="#16191d">
                {title}
            </text>
            {drawn}
        </svg>
    };
    Some(picture.into_string())
}

/// Markup with attributes in place of its classes.
fn with_looks(markup: &str) -> String {
    let mut parts = markup.split(" class=\"");
    let mut drawn = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (classes, rest) = part.split_once('"').unwrap_or((part, ""));
        let has = |class: &str| classes.split(' ').any(|own| own == class);
        match LOOKS.iter().find(|(class, _)| has(class)) {
            Some(&(_, "")) => {}
            Some(&(_, look)) => drawn.extend([" ", look]),
            None if classes.is_empty() => {}
            None => drawn.extend([" class=\"", classes, "\""]),
        }
        drawn.push_str(rest);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::super::{paths, plot, remark};
    use super::*;
    use crate::components::chart::scale::Scale;

    #[test]
    fn a_picture_has_its_colours_and_its_title_in_itself() {
        let content = html! {
            {paths(vec![("line-loss", "M0 0l9 9".to_owned())])}
            {remark(9.0, 9.0, (0, 0), "end", "plot-value plot-loss", "3 < 4".to_owned())}
        };
        let plot = plot("Loss".to_owned(), Scale::new(0.0, 4.0), Vec::new(), content);
        let drawn = picture("Mill & Co", &html! { <div>{plot}</div><p>"beside it"</p> }).unwrap();
        assert!(drawn.starts_with("<svg xmlns=") && drawn.ends_with("</svg>"), "{drawn}");
        for part in ["Mill &amp; Co", "stroke=\"#bd330d\"", "fill=\"#bd330d\"", "3 &lt; 4"] {
            assert!(drawn.contains(part), "{part}: {drawn}");
        }
        for part in ["class=", "style=", "beside it", "<div"] {
            assert!(!drawn.contains(part), "{part}: {drawn}");
        }
        assert_eq!(picture("Nothing", &Html::default()), None);
    }

    #[test]
    fn a_class_that_is_not_known_is_kept() {
        let (known, new) = ("<path class=\"line-new\"></path>", "<text class=\"\"></text>");
        assert_eq!(with_looks(&format!("{known}{new}")), format!("{known}<text></text>"));
    }
}
