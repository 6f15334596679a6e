//! Folders of files: listing, copying, fingerprints.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};

/// Every file below `folder`, in a fixed order; none if there is no such folder.
pub(crate) fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if !path.is_dir() {
            files.push(path);
        } else if !is_foreign(&path) {
            files.extend(below(&path)?);
        }
    }
    Ok(files)
}

/// Folders whose content is not the project's own.
fn is_foreign(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    matches!(name, "target" | "node_modules" | "test-results" | "playwright-report")
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in below(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        create_parent(&copy)?;
        fs::copy(&file, &copy).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

pub(crate) fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    create_parent(file)?;
    fs::write(file, content).with_context(|| file.display().to_string())
}

pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| file.display().to_string())
}

pub(crate) fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    Ok(())
}

/// Does `work` for each file, on all cores.
pub(crate) fn in_parallel(
    files: &[PathBuf],
    work: impl Fn(&Path) -> Result<()> + Sync,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let worker = || -> Result<()> {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(file)?;
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

fn create_parent(file: &Path) -> Result<()> {
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    }
    Ok(())
}

/// A name for the content of files: equal for equal names and bytes.
#[derive(Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) {
        for part in [name.as_bytes(), content] {
            self.0.write_usize(part.len());
            self.0.write(part);
        }
    }

    pub(crate) fn add_folder(&mut self, folder: &Path) -> Result<()> {
        for file in below(folder)? {
            self.add(&file.strip_prefix(folder)?.to_string_lossy(), &read(&file)?);
        }
        Ok(())
    }

    pub(crate) fn name(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_names_from_content() {
        let of = |parts: &[(&str, &str)]| {
            let mut fingerprint = Fingerprint::default();
            for (name, content) in parts {
                fingerprint.add(name, content.as_bytes());
            }
            fingerprint.name()
        };
        assert_eq!(of(&[("a", "b")]), of(&[("a", "b")]));
        assert_ne!(of(&[("a", "bc")]), of(&[("ab", "c")]));
        assert_ne!(of(&[("a", ""), ("b", "")]), of(&[("a", "b")]));
    }

    #[test]
    fn lists_and_copies_the_projects_own_files() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("from");
        write(&from.join("b/c.css"), "c").unwrap();
        write(&from.join("a.css"), "a").unwrap();
        write(&from.join("node_modules/x.js"), "x").unwrap();
        assert_eq!(below(&from).unwrap(), [from.join("a.css"), from.join("b/c.css")]);

        let to = folder.path().join("to");
        copy(&from, &to).unwrap();
        assert_eq!(read(&to.join("b/c.css")).unwrap(), b"c");
        assert!(!to.join("node_modules").exists());
    }
}
