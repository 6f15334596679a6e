//! Topics and the filters they match.

/// Whether a topic matches a filter (MQTT 3.1.1, section 4.7).
pub fn matches(filter: &str, topic: &str) -> bool {
    // Wildcards at the beginning leave out the broker's own topics.
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut levels = topic.split('/');
    for part in filter.split('/') {
        if part == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if part == "+" || part == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

/// Whether every topic that matches `narrow` also matches `wide`.
pub fn covers(wide: &str, narrow: &str) -> bool {
    let mut levels = narrow.split('/');
    for part in wide.split('/') {
        if part == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if part == level || (part == "+" && level != "#") => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

/// Whether several topics may match.
pub fn is_wild(filter: &str) -> bool {
    filter.contains(['+', '#'])
}

/// `+` stands alone in its level, `#` alone in the last (MQTT 3.1.1, section 4.7).
pub(super) fn is_well_formed(filter: &str) -> bool {
    let last = filter.split('/').count() - 1;
    let levels = filter.split('/').enumerate().all(|(i, level)| match level {
        "+" => true,
        "#" => i == last,
        level => !level.contains(['+', '#', '\0']),
    });
    levels && !filter.is_empty() && filter.len() <= 65_535
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_as_the_standard_says() {
        for (filter, topic) in [
            ("a/b", "a/b"),
            ("a/+/c", "a/b/c"),
            ("a/#", "a"),
            ("a/#", "a/b/c"),
            ("#", "a/b"),
            ("+/+", "/finance"),
            ("ä/+", "ä/ö"),
        ] {
            assert!(matches(filter, topic), "{filter} {topic}");
        }
        for (filter, topic) in [("a/b", "a/B"), ("a/+", "a"), ("a/+", "a/b/c"), ("#", "$SYS/x")] {
            assert!(!matches(filter, topic), "{filter} {topic}");
        }
    }
}
