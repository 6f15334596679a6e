//! Why a row of the table of registers is refused.

use crate::message::messages;

messages! {
    /// Why a row of the table of registers is refused.
    #[derive(Eq)]
    pub enum RegisterRefusal in "register_row" {
        Channel { row: usize } =>
            "row {row} reads this channel already: choose another one, or empty one of the two rows",
        Overlap { row: usize, first: u16, last: u32 } =>
            "row {row} reads the registers {first} to {last}, and this row some of them: mend the address \
             or the type",
        NoChannel => "choose what stands in this register",
        NoAddress => "give the address of this register, 0 to 65535, or choose no channel",
        Unknown { text: String } => "{text:?} is none of the choices",
    }
}
