//! Rebuilds the crate when a migration is added: the macro that embeds them only sees the old ones.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
