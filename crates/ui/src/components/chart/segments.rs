//! Bars of segments that follow each other, and which of their labels fit.

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
