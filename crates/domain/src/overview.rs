//! The overview in words and bars.
