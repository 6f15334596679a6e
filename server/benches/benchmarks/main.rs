//! The benchmarks of the program, in one: to link it takes longer than to run them small.

#[path = "../../../crates/service/benches/benchmarks/database.rs"]
mod database;
mod feasibility;
mod http;
mod mixed;
mod pages;
mod people;

fn main() -> benchmark::Result<()> {
    if std::env::args().any(|argument| argument == mixed::PEERS) {
        return mixed::serve();
    }
    benchmark::run(&[
        ("feasibility", feasibility::run),
        ("mixed", mixed::run),
        ("pages", pages::run),
        ("people", people::run),
    ])
}
