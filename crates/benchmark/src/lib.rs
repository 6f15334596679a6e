//! The parts that benchmarks share: two sizes, progress on standard error, and rows on standard output, which
//! `cargo xtask bench` reads.
//!
//! `cargo bench` measures in full. Every other way to run a benchmark is a test that it still runs: small, in seconds,
//! and no time is held against anything. Test runners may ask for its name first, as they ask the tests of Rust.

mod progress;
mod row;
mod times;

use std::env;
use std::error::Error;

pub use progress::{Progress, say};
pub use row::{Better, Peer, Row};
pub use times::Times;

/// A result whose error ends the benchmark.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How much a benchmark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As much as figures need that can be compared.
    Full,
    /// As little as shows that it runs.
    Small,
}

impl Size {
    /// The one of two values that belongs to this size.
    pub fn pick<T>(self, full: T, small: T) -> T {
        match self {
            Self::Full => full,
            Self::Small => small,
        }
    }
}

/// A benchmark: its name, and the measuring.
pub type Benchmark = (&'static str, fn(Size) -> Result<()>);

/// Does what the command line asks of these benchmarks, one after the other.
pub fn run(benchmarks: &[Benchmark]) -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    for (name, measure) in benchmarks {
        match Asked::of(name, &arguments) {
            Asked::Size(size) => measure(size)?,
            Asked::Name => println!("{name}: test"),
            Asked::Nothing => {}
        }
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
enum Asked {
    Size(Size),
    Name,
    Nothing,
}

impl Asked {
    fn of(name: &str, arguments: &[String]) -> Self {
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        let is_named = |part: &String| name.contains(part.as_str());
        let mut filters = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
        let is_another = filters.peek().is_some() && !filters.any(is_named);
        if has("--list") && !has("--ignored") {
            Self::Name
        } else if has("--list") || is_another {
            Self::Nothing
        } else {
            Self::Size(if has("--bench") { Size::Full } else { Size::Small })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_bench_measures_and_a_test_runner_tries() {
        for (line, asked) in [
            ("", Asked::Size(Size::Small)),
            ("--bench", Asked::Size(Size::Full)),
            ("--bench rollup", Asked::Size(Size::Full)),
            ("rollup --exact --nocapture", Asked::Size(Size::Small)),
            ("roll", Asked::Size(Size::Small)),
            ("bills", Asked::Nothing),
            ("--list --format terse", Asked::Name),
            ("--list --format terse --ignored", Asked::Nothing),
        ] {
            let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(Asked::of("rollup", &arguments), asked, "{line}");
        }
    }
}
