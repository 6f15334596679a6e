//! Makes sure that there is a folder of web assets to take into the program. It is empty until the
//! browser's side is built, and then the program says what to do.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=WATTLENS_SITE");
    println!("cargo::rerun-if-changed=build.rs");
    let site = env::var_os("WATTLENS_SITE").map(PathBuf::from).ok_or_else(|| {
        io::Error::other("WATTLENS_SITE is not set: build inside the repository, where .cargo/config.toml sets it")
    })?;
    let listing = site.join("site.json");
    if !listing.exists() {
        fs::create_dir_all(&site)?;
        fs::write(listing, "{}")?;
    }
    Ok(())
}
