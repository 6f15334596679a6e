//! What the browser downloads, against what it may.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::files;
use crate::site;
use crate::workspace::Workspace;

/// Kind, file endings, and the most that all such files may weigh together, in bytes as sent.
const BUDGETS: &[(&str, &[&str], u64)] =
    &[("wasm and js", &[".wasm.br", ".js.br"], 300_000), ("css", &[".css.br"], 20_000)];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let package = site::package(workspace)?;
    let mut over = Vec::new();
    for (kind, endings, most) in BUDGETS {
        let mut total = 0;
        for file in files::below(&package)? {
            let name = file.strip_prefix(&package)?.to_string_lossy();
            if endings.iter().any(|ending| name.ends_with(ending)) {
                let size = fs::metadata(&file).with_context(|| name.to_string())?.len();
                println!("{size:>10}  {name}");
                total += size;
            }
        }
        println!("{total:>10}  {kind} together, of {most} at most\n");
        if total > *most {
            over.push(*kind);
        }
    }
    if !over.is_empty() {
        bail!("over budget: {}", over.join(", "));
    }
    Ok(())
}
