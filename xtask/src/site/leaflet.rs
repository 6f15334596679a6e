//! The map library, for the one page that loads it: its script as published, its styles in a layer
//! below ours. Of its pictures none is used.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::files;
use crate::process;
use crate::site::Quality;
use crate::workspace::Workspace;

/// Its folder in the package.
pub(crate) const FOLDER: &str = "leaflet";

pub(super) fn build(workspace: &Workspace, quality: Quality, package: &Path) -> Result<()> {
    let published = workspace.end2end().join("node_modules/leaflet/dist");
    let folder = package.join(FOLDER);
    let script = String::from_utf8(files::read(&published.join("leaflet.js"))?)?;
    files::write(&folder.join("leaflet.js"), without_map(&script))?;
    let style = String::from_utf8(files::read(&published.join("leaflet.css"))?)?;
    let file = folder.join("leaflet.css");
    files::write(&file, format!("@layer leaflet {{\n{style}}}\n"))?;
    if quality == Quality::Release {
        let mut esbuild = Command::new(workspace.end2end().join("node_modules/.bin/esbuild"));
        let written = format!("--outfile={}", file.display());
        esbuild.args(["--minify", "--allow-overwrite"]).arg(&file).arg(written);
        process::output(&mut esbuild)?;
    }
    Ok(())
}

/// The script without the line that names its source map, which is not shipped.
fn without_map(script: &str) -> String {
    let is_code = |line: &&str| !line.starts_with("//# sourceMappingURL=");
    script.lines().filter(is_code).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_about_the_map_goes() {
        let script = "/* kept */\nrun()\n//# sourceMappingURL=leaflet.js.map";
        assert_eq!(without_map(script), "/* kept */\nrun()\n");
    }
}
