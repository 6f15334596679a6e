//! Looks after the room on the disk of the private database.

use std::path::PathBuf;
use std::time::Duration;

use domain::operation::task::Task;
use nix::sys::statvfs::statvfs;
use service::Service;
use service::operation::disk::Disk;
use service::operation::supervision::Pulse;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How often.
const EVERY: Duration = Duration::from_secs(30);

/// Starts to look after the disk of a folder, until the stop signal.
pub(crate) fn watch(
    service: &Service,
    folder: PathBuf,
    stop: &CancellationToken,
) -> JoinHandle<()> {
    service.keep(Task::Disk, stop, move |service, stop, pulse| {
        look_after(service, folder.clone(), stop, pulse)
    })
}

async fn look_after(service: Service, folder: PathBuf, stop: CancellationToken, pulse: Pulse) {
    loop {
        match statvfs(&folder) {
            Ok(found) => {
                let bytes = |blocks: u64| blocks.saturating_mul(found.fragment_size());
                let disk =
                    Disk { free: bytes(found.blocks_available()), size: bytes(found.blocks()) };
                service.note_disk(disk);
                pulse.beat();
            }
            Err(error) => tracing::warn!("the disk of the database cannot be seen: {error}"),
        }
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}
