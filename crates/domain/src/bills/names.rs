//! What the lines of a bill are called: of which parts a name is made follows from what the bill holds.

use chrono::Datelike as _;
use rust_decimal::Decimal;

use super::{Bill, BillLine, BillLineKind, Correction};
use crate::bills::tariff::{Days, DemandInterval, Direction, EnergyLine, Terms};
use crate::message::{Message, messages};

/// Digits after the point of a block's bound: those of a share of a month would fill the line.
const BOUND_DIGITS: u32 = 3;

messages! {
    /// What a line of a bill is for.
    pub enum LineName in "bill_line" {
        Consumption => "Consumption",
        ExportCredit => "Export credit",
        ExportCharge => "Export, negative price",
        FixedPerMonth => "Fixed charge per month",
        FixedPerDay => "Fixed charge",
        Quarter => "Demand, highest quarter-hour",
        Half => "Demand, highest half-hour",
        Hour => "Demand, highest hour",
        Tax { percent: Decimal } => "Tax, {percent} %",
        Bought { trades: Box<Message> } => "Bought from neighbours, {trades}",
        Sold { trades: Box<Message> } => "Sold to neighbours, {trades}",
        Correction { month: Box<Message>, year: i32, bill: String } =>
            "Correction of {month} {year} (bill {bill})",
        Narrowed { line: Box<Message>, to: Box<Message> } => "{line}, {to}",
    }

    /// What a line is narrowed to: times, days, months, amounts, and how many trades.
    pub enum Narrowing in "bill_line_part" {
        Times { from: String, to: String } => "{from} to {to}",
        Both { one: Box<Message>, other: Box<Message> } => "{one}, {other}",
        Weekdays => "Monday to Friday",
        Weekends => "weekends",
        Holidays => "holidays",
        Months { from: Box<Message>, to: Box<Message> } => "{from} to {to}",
        UpTo { kwh: Decimal } => "up to {kwh} kWh",
        Above { kwh: Decimal } => "above {kwh} kWh",
        Between { from: Decimal, to: Decimal } => "{from} to {to} kWh",
        OneTrade => "1 trade",
        Trades { count: usize } => "{count} trades",
        Less { kwh: Decimal } => "{kwh} kWh less than estimated",
        More { kwh: Decimal } => "{kwh} kWh more than estimated",
        ExportLess { kwh: Decimal } => "export {kwh} kWh less than estimated",
        ExportMore { kwh: Decimal } => "export {kwh} kWh more than estimated",
    }

    /// A day of the week.
    pub enum DayName in "day_name" {
        Monday => "Mondays",
        Tuesday => "Tuesdays",
        Wednesday => "Wednesdays",
        Thursday => "Thursdays",
        Friday => "Fridays",
        Saturday => "Saturdays",
        Sunday => "Sundays",
    }

    /// A month of the year.
    pub enum MonthName in "month_name" {
        January => "January",
        February => "February",
        March => "March",
        April => "April",
        May => "May",
        June => "June",
        July => "July",
        August => "August",
        September => "September",
        October => "October",
        November => "November",
        December => "December",
    }
}

impl Bill {
    /// What a line is called, by its parts; as it was stored, where the bill has nothing of what it is about.
    pub fn name_of(&self, line: &BillLine) -> Message {
        let piece = line.piece.and_then(|piece| self.pieces.get(piece));
        let counted = |bought: bool| {
            let side = self.trades.iter().filter(|trade| trade.bought == bought);
            side.filter(|trade| !trade.settled.is_zero()).count()
        };
        let name = match line.kind {
            BillLineKind::Bought => Some(traded(true, counted(true))),
            BillLineKind::Sold => Some(traded(false, counted(false))),
            BillLineKind::Correction { .. } => self.correction_of(line).and_then(corrected),
            kind => of(kind, piece.map(|piece| &piece.terms), line.price),
        };
        name.unwrap_or_else(|| Message::foreign(line.name.clone()))
    }

    /// The correction that a line is for.
    pub fn correction_of(&self, line: &BillLine) -> Option<&Correction> {
        let BillLineKind::Correction { month } = line.kind else { return None };
        self.corrections.iter().find(|correction| correction.month == month)
    }
}

/// What a line of the grid is called; none where its terms do not have it.
pub(super) fn of(kind: BillLineKind, terms: Option<&Terms>, price: Decimal) -> Option<Message> {
    let name = match kind {
        BillLineKind::Import { line } | BillLineKind::Export { line } => {
            return terms?.energy.get(line).map(EnergyLine::name);
        }
        BillLineKind::FixedPerMonth => LineName::FixedPerMonth,
        BillLineKind::FixedPerDay => LineName::FixedPerDay,
        BillLineKind::Demand => match terms?.demand_interval {
            DemandInterval::Quarter => LineName::Quarter,
            DemandInterval::Half => LineName::Half,
            DemandInterval::Hour => LineName::Hour,
        },
        BillLineKind::Tax => LineName::Tax { percent: price.normalize() },
        BillLineKind::Bought | BillLineKind::Sold | BillLineKind::Correction { .. } => return None,
    };
    Some(name.into())
}

/// What a line of so many trades is called.
pub(super) fn traded(bought: bool, count: usize) -> Message {
    let trades = match count {
        1 => Narrowing::OneTrade,
        count => Narrowing::Trades { count },
    };
    let trades = Box::new(trades.into());
    if bought { LineName::Bought { trades }.into() } else { LineName::Sold { trades }.into() }
}

/// The name of a correction.
pub(super) fn corrected(correction: &Correction) -> Option<Message> {
    let first = correction.month.first();
    let month = MonthName::of(first.month().try_into().ok()?)?;
    let name = LineName::Correction { month, year: first.year(), bill: correction.bill.clone() };
    let kwh = |kwh: Decimal| kwh.abs().round_dp(BOUND_DIGITS).normalize();
    let (import, export) = (correction.import, correction.export);
    let parts = [
        (import < Decimal::ZERO).then(|| Narrowing::Less { kwh: kwh(import) }),
        (import > Decimal::ZERO).then(|| Narrowing::More { kwh: kwh(import) }),
        (export < Decimal::ZERO).then(|| Narrowing::ExportLess { kwh: kwh(export) }),
        (export > Decimal::ZERO).then(|| Narrowing::ExportMore { kwh: kwh(export) }),
    ];
    Some(parts.into_iter().flatten().fold(name.into(), |name, part| narrowed(name, part.into())))
}

fn narrowed(line: Message, to: Message) -> Message {
    LineName::Narrowed { line: Box::new(line), to: Box::new(to) }.into()
}

impl EnergyLine {
    /// Its name, such as `Consumption, 16:00 to 21:00, Monday to Friday`.
    pub fn name(&self) -> Message {
        let name = match self.direction {
            Direction::Import => LineName::Consumption,
            Direction::Export if self.price < Decimal::ZERO => LineName::ExportCharge,
            Direction::Export => LineName::ExportCredit,
        };
        let parts = [times(self), days(self), months(self), block(self)];
        parts.into_iter().flatten().fold(name.into(), narrowed)
    }
}

fn times(line: &EnergyLine) -> Option<Message> {
    line.from_time.or(line.to_time)?;
    let from = line.from_time.map_or("00:00".to_owned(), String::from);
    let to = line.to_time.map_or("24:00".to_owned(), String::from);
    Some(Narrowing::Times { from, to }.into())
}

fn days(line: &EnergyLine) -> Option<Message> {
    match line.days {
        Days::ALL => return None,
        Days::WEEKDAY => return Some(Narrowing::Weekdays.into()),
        Days::WEEKEND => return Some(Narrowing::Weekends.into()),
        _ => {}
    }
    let day = |place: usize| match DayName::DECLARED.get(place) {
        Some(day) => day.said(),
        None => Narrowing::Holidays.into(),
    };
    let both = |one, other| Narrowing::Both { one: Box::new(one), other: Box::new(other) }.into();
    line.days.places().map(day).reduce(both)
}

fn months(line: &EnergyLine) -> Option<Message> {
    line.from_month.or(line.to_month)?;
    let from = MonthName::of(line.from_month.unwrap_or(1))?;
    if line.from_month == line.to_month {
        return Some(*from);
    }
    let to = MonthName::of(line.to_month.unwrap_or(12))?;
    Some(Narrowing::Months { from, to }.into())
}

fn block(line: &EnergyLine) -> Option<Message> {
    let bound = |kwh: Decimal| kwh.round_dp(BOUND_DIGITS).normalize();
    let from = line.from_kwh.filter(|from| !from.is_zero()).map(bound);
    Some(match (from, line.to_kwh.map(bound)) {
        (None, None) => return None,
        (None, Some(kwh)) => Narrowing::UpTo { kwh }.into(),
        (Some(kwh), None) => Narrowing::Above { kwh }.into(),
        (Some(from), Some(to)) => Narrowing::Between { from, to }.into(),
    })
}

impl MonthName {
    fn of(number: u8) -> Option<Box<Message>> {
        let place = usize::from(number).checked_sub(1)?;
        Some(Box::new(Self::DECLARED.get(place)?.said()))
    }
}
