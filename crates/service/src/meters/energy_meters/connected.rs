//! A meter with the device it is read through, whole: a form, a body of the API and a line of a table
//! become one of these before anything is stored.

use std::time::Duration;

use domain::devices::Protocol;
use domain::meters::{LoadRole, Meter, MeterType};
use domain::{MeterId, SiteId};
use serde_json::Value;
use sqlx::PgConnection;
use storage::devices::{DeviceRow, NewDevice};
use storage::meters::NewMeter;

use super::settings::{self, secrets};
use crate::{Error, Principal, Vault};

/// A meter and the device it is read through.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ConnectedMeter {
    pub(crate) number: String,
    pub(crate) name: String,
    /// Place in words.
    pub(crate) location: Option<String>,
    /// Number of the meter above it.
    pub(crate) parent: Option<String>,
    pub(crate) meter_type: MeterType,
    pub(crate) role: LoadRole,
    /// Degrees north and east.
    pub(crate) place: Option<(f64, f64)>,
    /// Rated power in kW.
    pub(crate) rated_power_kw: Option<f64>,
    /// None of a meter that has no device yet.
    pub(crate) device: Option<DeviceSettings>,
}

/// How a meter is read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DeviceSettings {
    pub(crate) protocol: Protocol,
    pub(crate) poll: Duration,
    pub(crate) enabled: bool,
    /// Settings of the protocol, without secrets where they are shown.
    pub(crate) communication: Value,
}

/// A meter that is stored, and its device where it has one.
pub(crate) type StoredMeter<'a> = (&'a Meter, Option<&'a DeviceRow>);

impl ConnectedMeter {
    /// The stored meter, without secrets.
    pub(crate) fn of((meter, device): StoredMeter<'_>, parent: Option<&Meter>) -> Self {
        Self {
            number: meter.number.clone(),
            name: meter.name.clone(),
            location: meter.location.clone(),
            parent: parent.map(|parent| parent.number.clone()),
            meter_type: meter.meter_type.clone(),
            role: meter.load_role,
            place: meter.latitude.zip(meter.longitude),
            rated_power_kw: meter.rated_power_kw,
            device: device.map(|device| DeviceSettings {
                protocol: device.protocol,
                poll: device.poll,
                enabled: device.enabled,
                communication: settings::shown(device.communication.clone()),
            }),
        }
    }

    /// The same, as someone may see it.
    pub(crate) fn shown_to(mut self, who: &Principal, site: SiteId) -> Self {
        self.device = self.device.map(|device| DeviceSettings {
            communication: settings::shown_to(who, site, device.communication),
            ..device
        });
        self
    }

    /// The same with its secrets sealed, see [`DeviceSettings::sealed`].
    pub(crate) fn sealed(mut self, vault: &Vault, stored: Option<&DeviceRow>) -> Self {
        self.device = self.device.map(|device| device.sealed(vault, stored));
        self
    }

    /// Stores it, its secrets sealed: as a new meter of a site, or over the one that is stored. `above` is the
    /// meter that its `parent` names.
    pub(crate) async fn store(
        mut self,
        db: &mut PgConnection,
        site: SiteId,
        above: Option<&Meter>,
        stored: Option<StoredMeter<'_>>,
    ) -> Result<Meter, Error> {
        let device = self.device.take();
        let meter = match stored {
            None => storage::meters::insert(&mut *db, &self.new_meter(site, above)).await?,
            Some((meter, _)) => {
                let changed = self.over(meter, above);
                if changed == *meter {
                    changed
                } else {
                    let changed = storage::meters::update(&mut *db, &changed, None).await?;
                    changed.ok_or_else(|| Error::no_meter(&meter.number))?
                }
            }
        };
        if let Some(device) = device {
            device.store(db, meter.id, stored.and_then(|(_, device)| device)).await?;
        }
        Ok(meter)
    }

    fn new_meter(self, site: SiteId, above: Option<&Meter>) -> NewMeter {
        let (latitude, longitude) = self.place.unzip();
        NewMeter {
            parent: above.map(|above| above.id),
            location: self.location,
            load_role: self.role,
            latitude,
            longitude,
            rated_power_kw: self.rated_power_kw,
            ..NewMeter::named(site, &self.number, &self.name, &self.meter_type.0)
        }
    }

    fn over(self, meter: &Meter, above: Option<&Meter>) -> Meter {
        let mut changed = Meter {
            name: self.name,
            location: self.location,
            meter_type: self.meter_type,
            load_role: self.role,
            rated_power_kw: self.rated_power_kw,
            ..meter.clone()
        };
        // Half a place, which cannot be said here, stays as it is.
        if self.place != meter.latitude.zip(meter.longitude) {
            (changed.latitude, changed.longitude) = self.place.unzip();
        }
        let parent = above.map(|above| above.id);
        if changed.parent != parent {
            changed.parent = parent;
            changed.level = above.map_or(0, |above| above.level.saturating_add(1));
        }
        changed
    }
}

impl DeviceSettings {
    /// The same, ready to be stored. Settings that came without secrets get those that are stored, where
    /// they lead to the same address.
    pub(crate) fn sealed(self, vault: &Vault, stored: Option<&DeviceRow>) -> Self {
        let communication = match stored {
            Some(stored) => {
                settings::with_secrets_of(vault, stored, self.protocol, self.communication)
            }
            None => secrets::seal(vault, self.communication),
        };
        Self { communication, ..self }
    }

    /// Stores it as the device of a meter, over the one that is stored.
    pub(crate) async fn store(
        self,
        db: &mut PgConnection,
        meter: MeterId,
        stored: Option<&DeviceRow>,
    ) -> Result<(), storage::Error> {
        let Self { protocol, poll, enabled, communication } = self;
        if let Some(stored) = stored {
            let device = DeviceRow { protocol, poll, enabled, communication, ..stored.clone() };
            storage::devices::update(db, &device).await?;
        } else {
            let device = NewDevice { meter, protocol, poll, communication, enabled };
            storage::devices::insert(db, &device).await?;
        }
        Ok(())
    }
}
