//! Brotli files in place of those that gain from it: so they are sent, and unpacked for the few browsers that
//! do not take them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};
use brotli::BrotliCompress;
use brotli::enc::BrotliEncoderParams;

const COMPRESSIBLE: [&str; 8] =
    ["css", "geojson", "html", "js", "svg", "txt", "wasm", "webmanifest"];

/// Compresses the files of a folder on all cores.
pub(crate) fn folder(folder: &Path, effort: i32) -> Result<()> {
    let files = compressible(folder)?;
    let next = AtomicUsize::new(0);
    let worker = || -> Result<()> {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            replace(file, effort).with_context(|| file.display().to_string())?;
        }
        Ok(())
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

fn compressible(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            files.extend(compressible(&path)?);
        } else if extension.is_some_and(|extension| COMPRESSIBLE.contains(&extension)) {
            files.push(path);
        }
    }
    Ok(files)
}

fn replace(file: &Path, effort: i32) -> Result<()> {
    let parameters = BrotliEncoderParams { quality: effort, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    BrotliCompress(&mut fs::read(file)?.as_slice(), &mut compressed, &parameters)?;
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    fs::write(name, compressed)?;
    fs::remove_file(file)?;
    Ok(())
}
