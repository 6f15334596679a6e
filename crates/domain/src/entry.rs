//! What anybody may enter wrongly, whatever it is about.

use crate::message::messages;

messages! {
    /// Why what was entered is refused.
    pub enum Entry in "entered" {
        Empty => "it is empty: give at least one character",
        TooLong { most: usize } => "it is longer than {most} characters: shorten it",
        NotPositive => "it must be greater than 0",
        BeyondPlants { most: &'static str } => "no plant has as much: give at most {most}",
        BeyondMeasure { name: String } => "{name} is beyond 1e12, which no meter shows",
        NoYesOrNo => "give true or false",
    }
}
