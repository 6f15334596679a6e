//! Recent samples of a meter and its register at quarter-hours.
