//! The block planner: few requests for many values.

use std::collections::BTreeSet;
use std::ops::Range;

use domain::devices::{Function, Point};

/// Registers between two values that are read along rather than asked for separately.
const LARGEST_GAP: u32 = 16;
/// Addresses at which a read must begin anew, because the device refuses to read across them.
pub(super) type Breaks = BTreeSet<(Function, u32)>;

/// Registers that one read holds whole: those of a value and what belongs to it, or a part of them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    function: Function,
    registers: Range<u32>,
    /// Where its parts begin, in order; the first where it begins itself.
    parts: Vec<u32>,
    /// Whether some devices have no such value.
    optional: bool,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    /// Table.
    pub(super) function: Function,
    /// First register.
    pub(super) start: u16,
    /// How many registers, 1 to 125.
    pub(super) count: u16,
    /// What it is for, by the first register.
    spans: Vec<Span>,
}

impl Read {
    fn of(function: Function, spans: Vec<Span>) -> Self {
        let start = spans.iter().map(|span| span.registers.start).min().unwrap_or_default();
        let end = spans.iter().map(|span| span.registers.end).max().unwrap_or_default();
        Self { function, start: narrow(start), count: narrow(end - start), spans }
    }

    /// Where `width` registers from `address` stand in the answer, if it holds them all.
    pub(super) fn place(
        &self,
        function: Function,
        address: u16,
        width: u16,
    ) -> Option<Range<usize>> {
        let offset = address.checked_sub(self.start)?;
        let within = u32::from(offset) + u32::from(width) <= u32::from(self.count);
        (function == self.function && within)
            .then(|| usize::from(offset)..usize::from(offset) + usize::from(width))
    }

    /// Whether all it is for are values that some devices do not have.
    pub(super) fn is_optional(&self) -> bool {
        self.spans.iter().all(|span| span.optional)
    }

    /// Where to break this read after the device refused it: at its gaps, else in its middle, else
    /// between the parts of its only value. Empty when nothing is left to take apart.
    pub(super) fn split(&self) -> Vec<(Function, u32)> {
        let mut breaks = Vec::new();
        let mut end = u32::from(self.start);
        for Span { registers, .. } in &self.spans {
            if registers.start > end {
                breaks.push(registers.start);
            }
            end = end.max(registers.end);
        }
        let mut starts: Vec<_> = self.spans.iter().map(|span| span.registers.start).collect();
        starts.dedup();
        starts.remove(0);
        if breaks.is_empty() {
            breaks.extend(starts.get(starts.len() / 2));
        }
        if breaks.is_empty() {
            let parts = self.spans.iter().flat_map(|span| &span.parts).copied();
            breaks.extend(parts.filter(|&part| part > u32::from(self.start)));
        }
        breaks.into_iter().map(|address| (self.function, address)).collect()
    }
}

/// Plans the requests that read all of `points`: grouped by table, joined across small gaps up to
/// `limit` registers, never cutting the words of a value that stand together.
pub(super) fn plan(points: &[Point], breaks: &Breaks, limit: u16) -> Vec<Read> {
    let limit = u32::from(limit);
    let mut all: Vec<_> = points.iter().flat_map(|point| spans_of(point, breaks, limit)).collect();
    all.sort_by_key(|span| (span.function, span.registers.start, span.registers.end));
    let joins = |group: &[Span], Span { function, registers, .. }: &Span| {
        let start = group.iter().map(|of| of.registers.start).min().unwrap_or(registers.start);
        let end = group.iter().map(|of| of.registers.end).max().unwrap_or(registers.start);
        let broken = registers.start > start && breaks.contains(&(*function, registers.start));
        !broken && registers.start <= end + LARGEST_GAP && registers.end.max(end) - start <= limit
    };
    let mut groups: Vec<(Function, Vec<Span>)> = Vec::new();
    for span in all {
        match groups.last_mut() {
            Some((of, group)) if *of == span.function && joins(group, &span) => group.push(span),
            _ => groups.push((span.function, vec![span])),
        }
    }
    groups.into_iter().map(|(function, group)| Read::of(function, group)).collect()
}

/// The registers of a value. What belongs to it and stands apart, a high word or a scale factor, is
/// read together with it where one answer can hold all, so that they belong to the same instant; and
/// by itself where that is too far or the device refused it.
fn spans_of(point: &Point, breaks: &Breaks, limit: u32) -> Vec<Span> {
    let (function, low) = (point.function, u32::from(point.address));
    let apart = point.high.into_iter().chain(point.scale_factor).map(u32::from);
    let mut parts: Vec<_> = std::iter::once(low..low + u32::from(point.width()))
        .chain(apart.map(|address| address..address + 1))
        .collect();
    parts.sort_by_key(|part| part.start);
    let start = parts.first().map_or(low, |part| part.start);
    let end = parts.iter().map(|part| part.end).max().unwrap_or(low);
    // Where another value was broken off, this one still stands whole.
    let is_break = |at: u32| at > start && breaks.contains(&(function, at));
    let broken = parts.iter().any(|part| is_break(part.start));
    let optional = point.optional;
    let span = |registers: Range<u32>, parts| Span { function, registers, parts, optional };
    if end - start <= limit && !broken {
        return vec![span(start..end, parts.into_iter().map(|part| part.start).collect())];
    }
    parts.into_iter().map(|part| span(part.clone(), vec![part.start])).collect()
}

/// Addresses and counts are at most 65,535 by construction.
fn narrow(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use domain::Field;
    use domain::devices::NumberType;
    use proptest::prelude::*;

    use super::*;

    fn point(function: Function, address: u16, high: Option<u16>, number: NumberType) -> Point {
        Point { high, function, number, ..Point::plain(Field::ActivePowerKw, address) }
    }

    fn holding(address: u16, number: NumberType) -> Point {
        point(Function::Holding, address, None, number)
    }

    fn spans(points: &[Point], breaks: &Breaks) -> Vec<(u16, u16)> {
        plan(points, breaks, 125).iter().map(|read| (read.start, read.count)).collect()
    }

    #[test]
    fn small_gaps_are_read_along_and_large_ones_are_not() {
        let near = [holding(0, NumberType::U16), holding(17, NumberType::U32)];
        assert_eq!(spans(&near, &Breaks::new()), [(0, 19)]);
        let far = [holding(0, NumberType::U16), holding(18, NumberType::U32)];
        assert_eq!(spans(&far, &Breaks::new()), [(0, 1), (18, 2)]);
    }

    #[test]
    fn a_device_that_gives_little_at_a_time_is_asked_for_little() {
        let points = [0, 2, 4, 6].map(|address| holding(address, NumberType::I32));
        let of = |limit| plan(&points, &Breaks::new(), limit).len();
        assert_eq!([125, 8, 7, 4, 3, 2].map(of), [1, 1, 2, 2, 4, 4]);
    }

    #[test]
    fn a_scale_factor_is_read_in_the_same_instant_as_its_value() {
        let scaled = |factor| Point { scale_factor: Some(factor), ..holding(40, NumberType::I16) };
        assert_eq!(spans(&[scaled(80)], &Breaks::new()), [(40, 41)]);
        assert_eq!(spans(&[scaled(10)], &Breaks::new()), [(10, 31)]);
        assert_eq!(spans(&[scaled(200)], &Breaks::new()), [(40, 1), (200, 1)]);
    }

    #[test]
    fn a_value_across_a_refused_hole_is_read_in_its_parts() {
        let refused = |points: &[Point], hole: Range<u32>| {
            let mut breaks = Breaks::new();
            loop {
                let reads = plan(points, &breaks, 125);
                let meets = |read: &&Read| {
                    let start = u32::from(read.start);
                    start < hole.end && start + u32::from(read.count) > hole.start
                };
                let split: Vec<_> = reads.iter().filter(meets).flat_map(Read::split).collect();
                if split.is_empty() {
                    return reads.iter().map(|read| (read.start, read.count)).collect::<Vec<_>>();
                }
                breaks.extend(split);
            }
        };
        let scaled =
            |at, factor| Point { scale_factor: Some(factor), ..holding(at, NumberType::I32) };
        assert_eq!(refused(&[scaled(40, 50)], 45..46), [(40, 2), (50, 1)]);
        assert_eq!(refused(&[scaled(50, 40)], 45..46), [(40, 1), (50, 2)]);
        let high = point(Function::Holding, 10, Some(14), NumberType::U32);
        assert_eq!(refused(&[high], 12..13), [(10, 1), (14, 1)]);
        let shared = [scaled(40, 50), scaled(42, 50), scaled(47, 50)];
        assert_eq!(refused(&shared, 45..46), [(40, 2), (42, 2), (47, 2), (50, 1)]);
    }

    #[test]
    fn a_value_stays_whole_where_another_one_is_broken_off() {
        let scaled = Point { scale_factor: Some(50), ..holding(40, NumberType::I32) };
        let points = [scaled, holding(45, NumberType::U16)];
        let breaks: Breaks = plan(&points, &Breaks::new(), 125)[0].split().into_iter().collect();
        assert_eq!(spans(&points, &breaks), [(40, 11), (45, 1)]);
    }

    #[test]
    fn the_last_register_can_be_read() {
        assert_eq!(spans(&[holding(65_535, NumberType::U16)], &Breaks::new()), [(65_535, 1)]);
    }

    #[test]
    fn a_refused_read_is_split_until_it_holds_one_value() {
        let points: Vec<_> = (0..20).map(|i| holding(i * 2, NumberType::U16)).collect();
        let mut breaks = Breaks::new();
        for _ in 0..10 {
            breaks.extend(plan(&points, &breaks, 125).iter().flat_map(Read::split));
        }
        assert_eq!(plan(&points, &breaks, 125).len(), points.len());
        assert!(plan(&points, &breaks, 125).iter().all(|read| read.split().is_empty()));
    }

    fn number() -> impl Strategy<Value = NumberType> {
        prop_oneof![
            Just(NumberType::U16),
            Just(NumberType::I32),
            Just(NumberType::F32),
            Just(NumberType::F64),
            Just(NumberType::Bcd),
        ]
    }

    prop_compose! {
        fn any_point()(
            input in any::<bool>(),
            base in prop_oneof![0_u16..400, 65_000_u16..65_532],
            high in proptest::option::of(0_u16..600),
            scale_factor in proptest::option::of(0_u16..600),
            number in number(),
        ) -> Point {
            let function = if input { Function::Input } else { Function::Holding };
            let number = if high.is_some() { NumberType::U32 } else { number };
            Point { scale_factor, ..point(function, base, high, number) }
        }
    }

    proptest! {
        #[test]
        fn every_value_stands_whole_in_exactly_one_read(
            points in proptest::collection::vec(any_point(), 1..60),
            broken in proptest::collection::btree_set((Just(Function::Holding), 0_u32..400), 0..20),
            limit in 4_u16..=125,
        ) {
            let reads = plan(&points, &broken, limit);
            let mut wanted: Vec<_> =
                points.iter().flat_map(|point| spans_of(point, &broken, u32::from(limit))).collect();
            let mut planned: Vec<_> = reads.iter().flat_map(|read| read.spans.clone()).collect();
            let key = |span: &Span| (span.function, span.registers.start, span.registers.end);
            wanted.sort_by_key(key);
            planned.sort_by_key(key);
            prop_assert_eq!(&wanted, &planned);
            for read in &reads {
                prop_assert!((1..=limit).contains(&read.count));
                let mut end = u32::from(read.start);
                for Span { registers, .. } in &read.spans {
                    let width = narrow(registers.end - registers.start);
                    prop_assert!(
                        read.place(read.function, narrow(registers.start), width).is_some()
                    );
                    prop_assert!(registers.start <= end + LARGEST_GAP);
                    end = end.max(registers.end);
                }
                prop_assert_eq!(end, u32::from(read.start) + u32::from(read.count));
            }
            prop_assert!(reads.len() <= wanted.len());
        }
    }
}
