//! The benchmarks of the use cases, in one program: to link it takes longer than to run them small.

mod bills;
mod database;
mod hierarchy;
mod ingest;
mod plant;
mod rollup;

use mimalloc::MiMalloc;

/// The allocator of the program: what is measured is the memory that the program takes.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> benchmark::Result<()> {
    benchmark::run(&[
        ("ingest", ingest::run),
        ("rollup", rollup::run),
        ("hierarchy", hierarchy::run),
        ("bills", bills::run),
    ])
}
