//! That a use case hands on what is needed, and not everything: from a function's head it can be read what it touches.

use super::areas;

/// The type that holds what every area keeps in memory.
const WHOLE: &str = "&Service";

/// The functions of a file that are handed the whole service though they are no use case, in sentences that say what to
/// do. What pages show is drawn from several areas, and is handed it.
pub(super) fn faults(name: &str, text: &str) -> Vec<String> {
    if !name.starts_with("crates/service/src/") || areas::is_above_use_cases(name) {
        return Vec::new();
    }
    let inner = heads(text).filter(|(_, head)| !head.starts_with("pub ") && head.contains(WHOLE));
    inner
        .map(|(line, _)| {
            format!(
                "{name}:{line}: only a use case takes the whole service; hand this function the `Core` and the parts \
                 that it needs (`service::Kept` has them)"
            )
        })
        .collect()
}

/// The heads of functions, from their visibility to their parameters' end, with the line on which each begins.
fn heads(text: &str) -> impl Iterator<Item = (usize, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = |line: &str| {
        let bare =
            ["pub(crate) ", "pub(super) ", "pub "].iter().find_map(|by| line.strip_prefix(by));
        let bare = bare.unwrap_or(line);
        ["fn ", "async fn ", "const fn "].iter().any(|head| bare.starts_with(head))
    };
    let begun: Vec<usize> = (0..lines.len()).filter(|n| begins(lines[*n])).collect();
    begun.into_iter().map(move |n| {
        let rest = lines[n..].iter().take_while(|line| !line.starts_with('}'));
        let mut head = String::new();
        for line in rest {
            head.push_str(line);
            if line.ends_with('{') {
                break;
            }
        }
        (n + 1, head)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const INNER: &str = "async fn kept(\n    service: &Service,\n) -> u8 {\n    0\n}\n";

    #[test]
    fn only_a_use_case_is_handed_the_whole_service() {
        let faults = faults("crates/service/src/meters/change.rs", INNER);
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].starts_with("crates/service/src/meters/change.rs:1: only a use case"),
            "{faults:?}"
        );
        assert!(super::faults("crates/service/src/meters.rs", &format!("pub {INNER}")).is_empty());
        assert!(
            super::faults("crates/service/src/meters.rs", "fn core(core: &Core) {}\n").is_empty()
        );
    }

    #[test]
    fn what_pages_show_is_drawn_from_several_areas() {
        assert!(faults("crates/service/src/meters/page/tree.rs", INNER).is_empty());
        assert!(faults("crates/service/src/overview/portfolio.rs", INNER).is_empty());
    }
}
