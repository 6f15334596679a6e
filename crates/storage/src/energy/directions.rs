//! The register by which a source delivers.

use domain::{MeterId, SiteId};
use sqlx::PgPool;

use crate::Error;

/// The meters that are or were generators and solar panels of a site and deliver by their export register, unless they feed their
/// parent: on its best day it counted more than a twentieth of what import did on its own. Of the others
/// export is noise, or the standby of a meter that is connected the other way round.
pub async fn exporters(pool: &PgPool, site: SiteId) -> Result<Vec<MeterId>, Error> {
    let found = sqlx::query_scalar(
        "SELECT meter.id FROM energy_meters meter CROSS JOIN LATERAL (\
             SELECT max(import_kwh) AS import_kwh, max(export_kwh) AS export_kwh \
             FROM energy_days WHERE meter_id = meter.id) AS best \
         WHERE meter.site_id = $1 AND (meter.meter_type IN ('DG', 'Solar') \
                 OR EXISTS (SELECT FROM meter_placements placement \
                     WHERE placement.meter_id = meter.id AND was_type IN ('DG', 'Solar'))) \
             AND best.export_kwh * 20 > best.import_kwh",
    );
    Ok(found.bind(site).fetch_all(pool).await?)
}
