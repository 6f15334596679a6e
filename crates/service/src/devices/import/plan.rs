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
use crate::devices::columns::{self, Cells};
use crate::devices::line::{self, NUMBER, PARENT};
use crate::devices::table::Row;
use crate::meters::energy_meters::{ConnectedMeter, StoredMeter};

/// A line, and what is to be stored of it.
pub(super) struct Step {
    pub(super) report: LineReport,
    /// What it says; nothing of a line that is refused.
    pub(super) meter: Option<ConnectedMeter>,
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

    /// A meter by its number, with its device.
    pub(super) fn meter(&self, number: &str) -> Option<StoredMeter<'_>> {
        self.meters.get(number).map(|meter| (meter, self.devices.get(&meter.id)))
    }

    /// Every meter that has a device, in order of their numbers.
    pub(in crate::devices) fn connected(&self) -> Vec<ConnectedMeter> {
        let by_id = self.by_id();
        let mut connected: Vec<_> = self
            .meters
            .values()
            .filter_map(|meter| {
                let device = self.devices.get(&meter.id)?;
                let parent = meter.parent.and_then(|id| by_id.get(&id).copied());
                Some(ConnectedMeter::of((meter, Some(device)), parent))
            })
            .collect();
        connected.sort_by(|one, other| one.number.cmp(&other.number));
        connected
    }

    fn by_id(&self) -> HashMap<MeterId, &Meter> {
        self.meters.values().map(|meter| (meter.id, meter)).collect()
    }

    /// What each line of a table does, in the order of the table.
    pub(super) fn plan(&self, table: Vec<Row>) -> Result<Vec<Step>, Error> {
        let by_id = self.by_id();
        let mut seen = HashSet::new();
        let mut steps = Vec::with_capacity(table.len());
        for row in table {
            let number = row.cells.as_ref().map_or("", |cells| cells[NUMBER].as_str()).to_owned();
            let stored = self.meter(&number).map(|stored| {
                let parent = stored.0.parent.and_then(|id| by_id.get(&id).copied());
                ConnectedMeter::of(stored, parent)
            });
            let meter = row.cells.and_then(|cells| {
                if !number.is_empty() && !seen.insert(number.clone()) {
                    let number = number.clone();
                    return Err(Error::invalid(NUMBER, TableRefusal::Twice { number }));
                }
                parse(&cells, stored.as_ref())
            });
            steps.push(match meter {
                Ok(meter) => step(row.line, stored.as_ref(), meter),
                Err(error) => {
                    Step { report: refused(row.line, number, error)?, meter: None, depth: 0 }
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
            .filter_map(|step| step.meter.as_ref())
            .filter(|meter| !self.meters.contains_key(&meter.number))
            .map(|meter| (meter.number.clone(), meter.parent.clone()))
            .collect();
        for step in steps {
            let Some(meter) = &step.meter else { continue };
            let Some(parent) = &meter.parent else { continue };
            let fault = if !self.meters.contains_key(parent) && !parents.contains_key(parent) {
                Some(TableRefusal::NoParent { number: parent.clone() })
            } else {
                let depth = depth(&parents, parent);
                step.depth = depth.unwrap_or_default();
                depth.is_none().then_some(TableRefusal::Circle)
            };
            if let Some(message) = fault {
                let error = Error::invalid(PARENT, message);
                step.report = refused(step.report.line, meter.number.clone(), error)?;
                step.meter = None;
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

/// Reads a line over what is stored.
fn parse(cells: &Cells, stored: Option<&ConnectedMeter>) -> Result<ConnectedMeter, Error> {
    let text = |name: &str| cells.get(name).map(String::as_str);
    let device = stored.and_then(|stored| stored.device.as_ref());
    let communication = columns::join(device.map(|device| &device.communication), text)?;
    line::parse(text, communication, stored)
}

fn step(at: u64, stored: Option<&ConnectedMeter>, meter: ConnectedMeter) -> Step {
    let changes = stored.map(|stored| line::differences(stored, &meter)).unwrap_or_default();
    let outcome = match stored {
        Some(stored) if *stored == meter => LineOutcome::Unchanged,
        Some(ConnectedMeter { device: Some(_), .. }) => LineOutcome::Changed,
        Some(_) | None => LineOutcome::Created,
    };
    let report = LineReport {
        line: at,
        meter_number: meter.number.clone(),
        outcome,
        changes,
        field: None,
        message: None,
        code: None,
    };
    Step { report, meter: Some(meter), depth: 0 }
}
