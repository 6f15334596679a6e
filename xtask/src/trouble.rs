//! Why a step failed, in one line that says how to go on. Nothing that is built is lost: the same command
//! again continues.

/// Signs of a failure in a program's last output, and the advice for each.
const KNOWN: &[(&[&str], &str)] = &[
    (
        &["No space left on device", "os error 28", "ENOSPC"],
        "the disk is full: free 6 GB below the target folder (`cargo clean` gives back what is built \
         there), then run the same command again",
    ),
    (
        &[
            "Could not resolve host",
            "Couldn't connect to server",
            "Could not connect to server",
            "failed to download",
            "download of config.json failed",
            "spurious network error",
            "Timeout was reached",
            "Connection reset by peer",
            "ENOTFOUND",
            "EAI_AGAIN",
            "ETIMEDOUT",
            "ECONNREFUSED",
            "ECONNRESET",
            "network request to",
        ],
        "the network does not answer: what is fetched so far stays; run the same command again once it \
         does",
    ),
    (
        &["signal: 9", "SIGKILL", "Cannot allocate memory", "memory allocation of"],
        "the memory is used up: close other programs, then run the same command again with \
         CARGO_BUILD_JOBS=1 before it",
    ),
    (
        &[
            "is not supported by the following package",
            "requires rustc ",
            "this version of Cargo is older",
        ],
        "this Rust is too old: run `rustup update stable`, then the same command again",
    ),
    (
        &["target may not be installed"],
        "the `rustc` that is found first is not rustup's: put ~/.cargo/bin first in PATH, then the same command again",
    ),
    (
        &[
            "internal compiler error",
            "failed to read metadata",
            "found invalid metadata",
            "rmeta file",
            "can't find crate for `std`",
            "E0460",
            "E0786",
            "file format not recognized",
            "failed to load bitcode",
            "corrupt",
            "truncated or malformed",
        ],
        "what an interrupted build left behind is damaged: run `cargo clean`, then the same command again",
    ),
];

/// The advice for a failure, by what was printed.
pub(crate) fn advice(printed: &str) -> Option<&'static str> {
    let fits = |(signs, _): &&(&[&str], &str)| signs.iter().any(|sign| printed.contains(sign));
    KNOWN.iter().find(fits).map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_meet_is_recognised() {
        for (printed, said) in [
            ("error: failed to write x: No space left on device (os error 28)", "disk is full"),
            ("[6] Could not resolve hostname (Could not resolve host: a.example)", "network"),
            ("npm error code EAI_AGAIN", "network"),
            (
                "could not compile `app`: process didn't exit successfully (signal: 9, SIGKILL: kill)",
                "memory",
            ),
            ("error: rustc 1.80.0 is not supported by the following packages:", "rustup update"),
            ("error[E0786]: found invalid metadata files for crate `serde`", "cargo clean"),
        ] {
            let advice = advice(printed).unwrap_or_default();
            assert!(advice.contains(said), "{printed}: {advice}");
        }
        assert_eq!(advice("error[E0308]: mismatched types"), None);
    }
}
