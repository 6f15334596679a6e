//! A figure of today on its scale: an honest bar with its normal range and yesterday's tick.

use domain::live::Gauge as Values;
use domain::overview::comparison::Figure;
use markup::{Html, html};

use texts::figures;
use texts::language::Text;
use texts::time::hours_minutes;
use texts::words::overview::CARBON_UNIT;
use texts::words::state as words;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::components::figure::UNKNOWN;
use ui::components::mark::Shape;
use ui::drawing::parts::{figure, mark};

/// Which side of the normal range deserves attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worse {
    High,
    Low,
}

/// The state against the normal range; none where there is no range yet.
fn state(values: &Values, worse: Worse) -> Option<(Shape, &'static str)> {
    let (value, (low, high)) = values.value.zip(values.normal)?;
    let shape = |side| if worse == side { Shape::Warn } else { Shape::Ring };
    Some(if value > high {
        (shape(Worse::High), words::ABOVE.get())
    } else if value < low {
        (shape(Worse::Low), words::BELOW.get())
    } else {
        (Shape::Good, words::IN_RANGE.get())
    })
}

/// The end of the bar: round, with some room beyond everything that is shown.
fn scale(values: &Values) -> Scale {
    const ROUND: [f64; 11] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let shown = [values.value, values.yesterday, values.normal.map(|(_, high)| high)];
    let most = shown.into_iter().flatten().fold(0.0, f64::max) * 1.05;
    if most <= 0.0 {
        return Scale::new(0.0, 1.0);
    }
    let power = 10_f64.powf(most.log10().floor());
    let factor = ROUND.into_iter().find(|round| round * power >= most).unwrap_or(10.0);
    Scale::new(0.0, factor * power)
}

#[derive(Debug, Clone, PartialEq)]
struct Number {
    x: f64,
    anchor: &'static str,
    value: f64,
    /// Where its tick is; none for the ends of the scale.
    tick: Option<f64>,
}

/// The numbers under the bar that do not run into each other: zero, the normal range, the maximum.
fn numbers(scale: Scale, normal: Option<(f64, f64)>) -> Vec<Number> {
    /// Room for one number, in per cent of the bar.
    const ROOM: f64 = 18.0;
    /// Few numbers need all of it.
    const OVERLAP: f64 = 3.0;
    let number = |x, anchor, value, tick| Number { x, anchor, value, tick };
    let end = number(100.0, "end", scale.high(), None);
    let mut found = vec![number(0.0, "start", 0.0, None)];
    let Some((low, high)) = normal else {
        found.push(end);
        return found;
    };
    let (x_low, x_high) = (scale.percent(low), scale.percent(high));
    let close = x_high - x_low < ROOM;
    let reach = if close { ROOM } else { ROOM / 2.0 };
    let (at_high, high_anchor) = match x_high {
        x if x + reach > 100.0 => (100.0, "end"),
        x if close => (x, "start"),
        x => (x, "middle"),
    };
    let (low_anchor, low_right) =
        if close { ("end", x_low) } else { ("middle", x_low + ROOM / 2.0) };
    let high_left = if high_anchor == "end" { 100.0 - ROOM } else { x_high };
    if low_right > ROOM && low_right <= high_left + OVERLAP {
        found.push(number(x_low, low_anchor, low, Some(x_low)));
    }
    if x_high > ROOM / 2.0 {
        found.push(number(at_high, high_anchor, high, Some(x_high)));
    }
    if x_high < 100.0 - 2.0 * ROOM {
        found.push(end);
    }
    found
}

type Format = fn(f64) -> String;

pub(super) struct Gauge {
    label: Text,
    /// Whether its label says that it is of today.
    is_today: bool,
    unit: &'static str,
    class: &'static str,
    worse: Worse,
    format: Format,
    /// How a number of the scale is written.
    scale_format: Format,
    values: Values,
    /// What stands at the right of the value.
    side: Option<String>,
}

impl Gauge {
    /// The gauge of one of the five figures that have one.
    pub(super) fn of(
        figure: Figure,
        (label, is_today): (Text, bool),
        values: Values,
        side: Option<String>,
    ) -> Self {
        let (unit, class) = match figure {
            Figure::LossShare => ("%", "fill-loss"),
            Figure::DieselHours => ("h", "fill-diesel"),
            Figure::SolarShare => ("%", "fill-solar"),
            Figure::NetCarbon => (CARBON_UNIT, "fill-carbon"),
            _ => ("kWh", "fill-load"),
        };
        let worse = if figure == Figure::SolarShare { Worse::Low } else { Worse::High };
        let (format, scale_format): (Format, Format) = match figure {
            Figure::DieselHours => (hours_minutes, hours_minutes),
            _ if figure.is_share() => (tenth, tenth),
            _ => (figures::about, |value| figures::fixed(value, 0)),
        };
        Self { label, is_today, unit, class, worse, format, scale_format, values, side }
    }

    pub(super) fn draw(self) -> Html {
        let state = state(&self.values, self.worse).map(|(shape, word)| {
            html! {
                {mark(shape)}
                <span class="gauge-word">{word}</span>
            }
        });
        let value = self.values.value.map_or_else(|| UNKNOWN.to_owned(), self.format);
        let bar = self.bar();
        html! {
            <li class="gauge">
                <span class="gauge-label">
                    {self.label}
                    {self.is_today.then(|| html! { <span class="gauge-today">" " {words::TODAY}</span> })}
                </span>
                <span class="gauge-state">{state}</span>
                <span class="gauge-value">{figure(value, self.unit)}</span>
                <span class="gauge-side">{self.side}</span>
                {bar}
            </li>
        }
    }

    fn bar(&self) -> Html {
        let Values { value, yesterday, normal } = self.values;
        let scale = scale(&self.values);
        let at = |value| percent(scale.percent(value));
        let tick = |class: &'static str, x: &str, (from, to): (u8, u8)| {
            html! { <line class=class x1=x x2=x y1=from y2=to /> }
        };
        let band = normal.map(|(low, high)| {
            let width = percent(scale.percent(high) - scale.percent(low));
            html! { <rect class="gauge-normal" x=at(low) y="0" width=width height="16" /> }
        });
        let number = |number: Number| {
            html! {
                {number.tick.map(|x| tick("gauge-tick", &percent(x), (16, 20)))}
                <text class="gauge-number" x=percent(number.x) y="31" text-anchor=number.anchor>
                    {(self.scale_format)(number.value)}
                </text>
            }
        };
        let numbers = value.map(|_| numbers(scale, normal)).unwrap_or_default();
        html! {
            <svg class="gauge-bar" aria-hidden="true">
                {band}
                <rect class=self.class x="0" y="4" width=at(value.unwrap_or(0.0)) height="8" />
                {yesterday.map(|value| tick("gauge-yesterday", &at(value), (0, 16)))}
                <line class="gauge-base" x1="0" x2="100%" y1="16.5" y2="16.5" />
                {numbers.into_iter().map(number).collect::<Html>()}
            </svg>
        }
    }
}

pub(super) fn tenth(value: f64) -> String {
    figures::fixed(value, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(value: f64, normal: Option<(f64, f64)>) -> Values {
        Values { value: Some(value), yesterday: None, normal }
    }

    #[test]
    fn the_scale_ends_round_and_beyond_everything() {
        assert!((scale(&values(3.6, Some((1.4, 2.6)))).high() - 4.0).abs() < 1e-9);
        assert!((scale(&values(6152.0, Some((5720.0, 6480.0)))).high() - 8000.0).abs() < 1e-9);
        assert!((scale(&Values::default()).high() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn only_the_worse_side_warns() {
        let high = values(3.6, Some((1.4, 2.6)));
        assert_eq!(state(&high, Worse::High), Some((Shape::Warn, "above normal")));
        assert_eq!(state(&high, Worse::Low), Some((Shape::Ring, "above normal")));
        assert_eq!(state(&values(2.0, None), Worse::High), None);
    }

    #[test]
    fn numbers_keep_clear_of_each_other() {
        let normal = Some((5720.0, 6480.0));
        let found = numbers(Scale::new(0.0, 8000.0), normal);
        let anchors: Vec<_> = found.iter().map(|n| (n.value, n.anchor)).collect();
        assert_eq!(anchors, [(0.0, "start"), (5720.0, "end"), (6480.0, "start")]);
        let found = numbers(Scale::new(0.0, 5.0), Some((1.4, 2.6)));
        assert_eq!(found.len(), 4);
        let found = numbers(Scale::new(0.0, 3000.0), Some((2497.0, 2715.0)));
        let places: Vec<_> = found.iter().map(|n| (n.value, n.anchor, n.x)).collect();
        let (_, anchor, x) = places[places.len() - 1];
        assert_eq!((places.len(), anchor, x), (3, "end", 100.0), "within the bar: {places:?}");
    }
}
