//! What each line of a table would change, before anything is stored.

use std::collections::{HashMap, HashSet};

use domain::MeterId;
use domain::devices::refusal::table::TableRefusal;
use domain::meters::Meter;
use domain::sites::Site;
use sqlx::PgConnection;
use storage::devices::DeviceRow;

use super::{LineOutcome, LineReport, refused};
use crate::Error;
use crate::devices::columns::Cells;
use crate::devices::line::{Line, NUMBER};
use crate::devices::table::{Given, Row};
use crate::meters::energy_meters::settings::hidden;

/// A line, and what is to be stored of it.
pub(super) struct Step {
    pub(super) report: LineReport,
    /// What it says; nothing of a line that is refused.
    pub(super) line: Option<Line>,
    /// How many new meters of the table are above it: those are stored first.
    pub(super) depth: usize,
}

/// What the site has.
pub(in crate::devices) struct Known {
    pub(super) meters: HashMap<String, Meter>,
    pub(super) devices: HashMap<MeterId, DeviceRow>,
}

impl Known {
    /// Reads what the site has.
    pub(in crate::devices) async fn load(
        db: &mut PgConnection,
        site: &Site,
    ) -> Result<Self, Error> {
        let meters = storage::meters::list(&mut *db, site.id, true).await?;
        let devices = storage::devices::list(db).await?;
        Ok(Self {
            meters: meters.into_iter().map(|meter| (meter.number.clone(), meter)).collect(),
            devices: devices.into_iter().map(|device| (device.meter, device)).collect(),
        })
    }

    /// Every meter that has a device, in order of their numbers.
    pub(in crate::devices) fn lines(&self) -> Vec<Line> {
        let by_id: HashMap<MeterId, &Meter> = self.meters.values().map(|m| (m.id, m)).collect();
        let mut lines: Vec<_> = self
            .meters
            .values()
            .filter_map(|meter| {
                let device = self.devices.get(&meter.id)?;
                let parent = meter.parent.and_then(|id| by_id.get(&id).copied());
                Some(Line::of(meter, parent, Some(device)))
            })
            .collect();
        lines.sort_by(|one, other| one.number.cmp(&other.number));
        lines
    }

    /// What each line of a table does, in the order of the table.
    pub(super) fn plan(&self, table: Vec<Row>) -> Result<Vec<Step>, Error> {
        let by_id: HashMap<MeterId, &Meter> = self.meters.values().map(|m| (m.id, m)).collect();
        let mut seen = HashSet::new();
        let mut steps = Vec::with_capacity(table.len());
        for row in table {
            let number =
                row.given.as_ref().map_or("", |given| given.cells[NUMBER].as_str()).to_owned();
            let stored = self.meters.get(&number).map(|meter| {
                let parent = meter.parent.and_then(|id| by_id.get(&id).copied());
                Line::of(meter, parent, self.devices.get(&meter.id))
            });
            let line = row.given.and_then(|Given { cells, settings }| {
                if !number.is_empty() && !seen.insert(number.clone()) {
                    let number = number.clone();
                    return Err(Error::invalid(NUMBER, TableRefusal::Twice { number }));
                }
                Line::parse(&over(stored.as_ref(), cells), settings)
            });
            steps.push(match line {
                Ok(line) => step(row.line, stored.as_ref(), line),
                Err(error) => {
                    Step { report: refused(row.line, number, error)?, line: None, depth: 0 }
                }
            });
        }
        self.place(&mut steps)?;
        Ok(steps)
    }

    /// Refuses lines whose parents are nowhere or go in a circle, and finds out how deep the others
    /// are.
    fn place(&self, steps: &mut [Step]) -> Result<(), Error> {
        let parents: HashMap<String, Option<String>> = steps
            .iter()
            .filter_map(|step| step.line.as_ref())
            .filter(|line| !self.meters.contains_key(&line.number))
            .map(|line| (line.number.clone(), line.parent.clone()))
            .collect();
        for step in steps {
            let Some(line) = &step.line else { continue };
            let Some(parent) = &line.parent else { continue };
            let fault = if !self.meters.contains_key(parent) && !parents.contains_key(parent) {
                Some(TableRefusal::NoParent { number: parent.clone() })
            } else {
                let depth = depth(&parents, parent);
                step.depth = depth.unwrap_or_default();
                depth.is_none().then_some(TableRefusal::Circle)
            };
            if let Some(message) = fault {
                let error = Error::invalid("parentMeterNumber", message);
                step.report = refused(step.report.line, line.number.clone(), error)?;
                step.line = None;
            }
        }
        Ok(())
    }
}

/// How many new meters there are from one upwards; none where they go in a circle.
fn depth(parents: &HashMap<String, Option<String>>, number: &str) -> Option<usize> {
    let (mut at, mut depth) = (number, 0);
    while let Some(above) = parents.get(at) {
        depth += 1;
        if depth > parents.len() {
            return None;
        }
        match above {
            Some(above) => at = above,
            None => break,
        }
    }
    Some(depth)
}

/// The texts of a line over what is stored. One that shows an address without its query stands for it.
fn over(stored: Option<&Line>, given: Cells) -> Cells {
    let mut whole = stored.map(Line::cells).unwrap_or_default();
    for (name, text) in given {
        let stored = whole.get(name);
        if !stored.is_some_and(|stored| hidden::stands_for(name, text.trim(), stored)) {
            whole.insert(name, text);
        }
    }
    whole
}

fn step(at: u64, stored: Option<&Line>, line: Line) -> Step {
    let changes = stored.map(|stored| stored.differs(&line)).unwrap_or_default();
    let outcome = match stored {
        Some(stored) if *stored == line => LineOutcome::Unchanged,
        Some(Line { device: Some(_), .. }) => LineOutcome::Changed,
        Some(_) | None => LineOutcome::Created,
    };
    let report = LineReport {
        line: at,
        meter_number: line.number.clone(),
        outcome,
        changes,
        field: None,
        message: None,
        code: None,
    };
    Step { report, line: Some(line), depth: 0 }
}
