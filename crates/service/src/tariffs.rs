//! Tariffs: what programs see of them and may change, and prices for whoever needs one.

mod price_book;

pub use price_book::PriceBook;
