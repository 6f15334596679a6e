//! docs/benchmarks.md: a table whose rows stay until their benchmark is run again.

use std::fs;
use std::iter;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use benchmark::{Better, Row};

use crate::workspace::Workspace;
use crate::{files, process};

/// A figure that is worse than before by more than this share is named.
const NOTABLE: f64 = 0.15;

const BEGINNING: &str = "# Benchmarks

<!-- Made by `cargo xtask bench`. -->

`cargo xtask bench` measures the program on one machine, with a Postgres of its own whose `fsync` is on, and writes \
its figures here; the command at the end of a row runs its benchmark alone again. A target is the least (≥) or the \
most (≤) that a figure should be. A peer is a program of another maker that does the same in the same run; the \
ratio is our figure divided by the peer's. Figures of different machines, or of one that does other things \
meanwhile, cannot be compared.

| benchmark | measured | target | peer | ratio | unit | date | machine | command |
|---|---:|---:|---|---:|---|---|---|---|
";

/// The page, line by line.
pub(super) struct Page {
    file: PathBuf,
    machine: String,
    lines: Vec<String>,
    /// The text below the table, which is written by hand.
    below: String,
}

impl Page {
    /// The page as it stands in the repository, for figures of a machine.
    pub(super) fn load(workspace: &Workspace, machine: String) -> Result<Self> {
        let file = workspace.root.join("docs/benchmarks.md");
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let (lines, below) = split(&text);
        Ok(Self { file, machine, lines, below })
    }

    /// How much a figure is worse than the one that stands on the page, where that is notable.
    pub(super) fn worse(&self, bench: &str, row: &Row) -> Option<String> {
        let before = self.lines.iter().find_map(|line| {
            let cells = cells(line);
            let is_it = cells.first() == Some(&row.name.as_str())
                && cells.last() == Some(&command(bench).as_str());
            cells.get(1).filter(|_| is_it)?.replace(',', "").parse::<f64>().ok()
        })?;
        let is_worse = match row.better {
            Better::Higher => row.value < before * (1.0 - NOTABLE),
            Better::Lower => row.value > before * (1.0 + NOTABLE),
        };
        let (now, before) = (figure(row.value), figure(before));
        is_worse.then(|| format!("{bench}, {}: {now} {}, before {before}", row.name, row.unit))
    }

    /// Puts the figures of a benchmark in the place of those before, and writes the page: the next benchmark may be
    /// interrupted.
    pub(super) fn replace(&mut self, bench: &str, rows: &[Row]) -> Result<()> {
        let date = process::output(Command::new("date").arg("+%F"))?;
        let (command, machine) = (command(bench), &self.machine);
        self.lines.retain(|line| cells(line).last() != Some(&command.as_str()));
        for row in rows {
            let target = target(row).unwrap_or_default();
            let (peer, ratio) = row.peer.as_ref().map_or_else(Default::default, |peer| {
                (format!("{}: {}", peer.name, figure(peer.value)), figure(row.value / peer.value))
            });
            self.lines.push(format!(
                "| {} | {} | {target} | {peer} | {ratio} | {} | {} | {machine} | {command} |",
                row.name,
                figure(row.value),
                row.unit,
                date.trim(),
            ));
        }
        self.write()
    }

    /// Writes it, the benchmarks in their order.
    fn write(&mut self) -> Result<()> {
        let order: Vec<String> = super::names().into_iter().map(command).collect();
        let place =
            |line: &String| order.iter().position(|it| cells(line).last() == Some(&it.as_str()));
        self.lines.sort_by_key(place);
        let mut text = BEGINNING.to_owned();
        for line in &self.lines {
            text.push_str(line);
            text.push('\n');
        }
        if !self.below.is_empty() {
            text.push('\n');
            text.push_str(&self.below);
        }
        files::write(&self.file, text)
    }
}

/// The rows of the table of a page, and the text below it.
fn split(text: &str) -> (Vec<String>, String) {
    let rows = text.split_inclusive('\n').skip_while(|line| !line.starts_with("|---")).skip(1);
    let mut rows = rows.peekable();
    let lines = iter::from_fn(|| rows.next_if(|line| line.starts_with('|')));
    let lines = lines.map(|line| line.trim_end().to_owned()).collect();
    rows.next_if(|line| line.trim().is_empty());
    (lines, rows.collect())
}

/// A row as it is printed while its benchmark runs.
pub(super) fn spoken(row: &Row) -> String {
    let target = target(row).map_or_else(String::new, |target| format!(" (target {target})"));
    let peer = row
        .peer
        .as_ref()
        .map_or_else(String::new, |peer| format!("; {}: {}", peer.name, figure(peer.value)));
    format!("{}: {} {}{target}{peer}", row.name, figure(row.value), row.unit)
}

fn command(bench: &str) -> String {
    format!("`cargo xtask bench {bench}`")
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn target(row: &Row) -> Option<String> {
    let sign = match row.better {
        Better::Higher => '≥',
        Better::Lower => '≤',
    };
    row.target.map(|target| format!("{sign} {}", grouped(&target.to_string())))
}

/// A figure with three digits that say something, and more where it is large.
fn figure(value: f64) -> String {
    let decimals = if value == 0.0 || value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    grouped(&format!("{value:.decimals$}"))
}

/// A number with commas between its thousands.
fn grouped(number: &str) -> String {
    let (whole, decimals) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut text = String::new();
    for (place, digit) in whole.char_indices() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + decimals
}

#[cfg(test)]
mod tests {
    use benchmark::Peer;

    use super::*;

    #[test]
    fn figures_have_the_digits_that_matter() {
        for (value, text) in [
            (0.0, "0"),
            (0.457, "0.46"),
            (12.34, "12.3"),
            (999.6, "1,000"),
            (86_123.4, "86,123"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(figure(value), text);
        }
    }

    #[test]
    fn a_benchmark_replaces_its_own_rows_and_names_what_is_worse() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("benchmarks.md");
        let below = "## Before\n\n| what | then |\n".to_owned();
        let machine = "2 cores".to_owned();
        let mut page = Page { file: file.clone(), machine, lines: Vec::new(), below };
        page.replace("rollup", &[Row::lower("a day", 2.0, "s").target(3.0)]).unwrap();
        let peer = Some(Peer { name: "InfluxDB 1.6".to_owned(), value: 25_000.0 });
        let rate = Row { peer, ..Row::higher("committed", 100_000.0, "rows/s").target(85_000.0) };
        page.replace("ingest", &[rate]).unwrap();
        for (bench, row, is_worse) in [
            ("rollup", Row::lower("a day", 2.2, "s"), false),
            ("rollup", Row::lower("a day", 2.4, "s"), true),
            ("bills", Row::lower("a day", 2.4, "s"), false),
            ("rollup", Row::lower("a week", 9.0, "s"), false),
            ("ingest", Row::higher("committed", 86_000.0, "rows/s"), false),
            ("ingest", Row::higher("committed", 84_000.0, "rows/s"), true),
        ] {
            assert_eq!(page.worse(bench, &row).is_some(), is_worse, "{bench} {row:?}");
        }
        page.replace("rollup", &[Row::lower("a day", 2.4, "s")]).unwrap();
        let text = fs::read_to_string(file).unwrap();
        let rows: Vec<_> = text.lines().filter(|line| line.contains("2 cores")).collect();
        assert_eq!(rows.len(), 2, "{text}");
        let ingest = "| committed | 100,000 | ≥ 85,000 | InfluxDB 1.6: 25,000 | 4.00 | rows/s |";
        assert!(rows[0].starts_with(ingest), "{text}");
        assert!(rows[1].starts_with("| a day | 2.40 |  |  |  | s |"), "{text}");
        assert!(text.ends_with("|\n\n## Before\n\n| what | then |\n"), "{text}");
        for text in [text.replace("|\n\n## Before", "|\n## Before"), text] {
            let (lines, below) = split(&text);
            assert_eq!((lines.len(), below.as_str()), (2, "## Before\n\n| what | then |\n"));
        }
    }

    #[test]
    fn the_page_of_the_repository_is_the_one_that_is_made() {
        let workspace = Workspace::load().unwrap();
        let page = Page::load(&workspace, String::new()).unwrap();
        let text = String::from_utf8(files::read(&page.file).unwrap()).unwrap();
        assert!(text.starts_with(BEGINNING));
        assert!(page.lines.iter().all(|line| cells(line).len() == 9));
    }
}
