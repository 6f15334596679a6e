//! The style sheet: one file to download from several to write.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The text of `main` with each line `@import "file.css" layer(name);` replaced by that file,
/// wrapped in its layer. Imports are not followed further.
pub(super) fn bundle(main: &Path) -> Result<String> {
    let folder = main.parent().context("the style sheet has no folder")?;
    let read = |path: &Path| fs::read_to_string(path).with_context(|| path.display().to_string());
    let mut bundle = String::new();
    for line in read(main)?.lines() {
        let Some(import) = line.trim().strip_prefix("@import") else {
            bundle.push_str(line);
            bundle.push('\n');
            continue;
        };
        let (file, layer) = parse(import).with_context(|| format!("cannot read `{line}`"))?;
        let text = read(&folder.join(file))?;
        if text.contains("@import") {
            bail!("{file}: imports are read in main.css only");
        }
        match layer {
            Some(layer) => writeln!(bundle, "@layer {layer} {{\n{text}}}")?,
            None => bundle.push_str(&text),
        }
    }
    Ok(bundle)
}

/// File and layer of what follows `@import`.
fn parse(import: &str) -> Option<(&str, Option<&str>)> {
    let (_, rest) = import.split_once('"')?;
    let (file, rest) = rest.split_once('"')?;
    let rest = rest.trim_start_matches(')').trim().strip_suffix(';')?.trim();
    let layer = rest.strip_prefix("layer(").and_then(|rest| rest.strip_suffix(')'));
    (rest.is_empty() || layer.is_some()).then_some((file, layer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_become_layers_of_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("main.css");
        let text = "@layer a, b;\n@import \"a.css\" layer(a);\n@import url(\"b.css\");\np {}\n";
        fs::write(&main, text).unwrap();
        fs::write(folder.path().join("a.css"), "h1 {}\n").unwrap();
        fs::write(folder.path().join("b.css"), "h2 {}\n").unwrap();
        assert_eq!(bundle(&main).unwrap(), "@layer a, b;\n@layer a {\nh1 {}\n}\nh2 {}\np {}\n");
    }

    #[test]
    fn a_missing_or_unreadable_import_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("main.css");
        for import in ["@import \"none.css\";", "@import 'a.css';", "@import \"a.css\" print;"] {
            fs::write(&main, import).unwrap();
            assert!(bundle(&main).is_err(), "{import}");
        }
    }
}
