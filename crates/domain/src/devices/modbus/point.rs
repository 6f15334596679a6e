//! One value of a register map.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Field;
use crate::devices::refusal::modbus::ModbusRefusal;
use crate::strict::Carried;

/// Which table a value stands in: `holding` or `input`, or the number of the function that reads it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase", try_from = "Value")]
pub enum Function {
    /// Function code 3.
    #[default]
    Holding,
    /// Function code 4.
    Input,
}

impl TryFrom<Value> for Function {
    type Error = Carried;

    fn try_from(written: Value) -> Result<Self, Carried> {
        let word = written.as_str().map_or_else(|| written.to_string(), str::to_owned);
        match word.as_str() {
            "holding" | "3" => Ok(Self::Holding),
            "input" | "4" => Ok(Self::Input),
            _ => Err(Carried::new(ModbusRefusal::Function { value: written.to_string() })),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Function {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Function".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        if generator.contract().is_serialize() {
            return schemars::json_schema!({"enum": ["holding", "input"]});
        }
        schemars::json_schema!({"enum": ["holding", "input", "3", "4", 3, 4]})
    }
}

/// How a value is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum NumberType {
    /// Unsigned, one register.
    #[default]
    U16,
    /// Signed, one register.
    I16,
    /// Unsigned, two registers.
    U32,
    /// Signed, two registers.
    I32,
    /// Unsigned, four registers.
    U64,
    /// Signed, four registers.
    I64,
    /// IEEE 754, two registers.
    F32,
    /// IEEE 754, four registers.
    F64,
    /// Four decimal digits in one register.
    Bcd,
    /// Numbers of four decimal digits in two registers, each 0 to 9,999 (Schneider's `MOD10`).
    Mod10x2,
    /// The same in three registers.
    Mod10x3,
    /// The same in four registers.
    Mod10x4,
}

impl NumberType {
    /// Every type.
    pub const ALL: [Self; 12] = [
        Self::U16,
        Self::I16,
        Self::Bcd,
        Self::U32,
        Self::I32,
        Self::F32,
        Self::U64,
        Self::I64,
        Self::F64,
        Self::Mod10x2,
        Self::Mod10x3,
        Self::Mod10x4,
    ];

    /// How many registers it takes.
    pub const fn width(self) -> u16 {
        match self {
            Self::U16 | Self::I16 | Self::Bcd => 1,
            Self::U32 | Self::I32 | Self::F32 | Self::Mod10x2 => 2,
            Self::Mod10x3 => 3,
            Self::U64 | Self::I64 | Self::F64 | Self::Mod10x4 => 4,
        }
    }

    /// The bits by which devices say that they have no value: all of an unsigned number, and the least and the highest
    /// of a signed one, which stand in unsigned ones too. All bits of a signed number are -1.
    pub fn unavailable(self) -> Vec<u64> {
        let bits = 16 * u32::from(self.width());
        let all = u64::MAX >> (64 - bits);
        let (highest, least) = (all >> 1, (all >> 1) + 1);
        match self {
            Self::U16 => vec![all],
            Self::U32 | Self::U64 => vec![all, highest, least],
            Self::I16 | Self::I32 | Self::I64 => vec![highest, least],
            _ => Vec::new(),
        }
    }
}

/// Order of words in a value, or of bytes in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// High part first.
    #[default]
    Big,
    /// Low part first.
    Little,
}

/// One value of the register map.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What it means.
    pub field: Field,
    /// First register, as on the wire, 0 to 65,535.
    pub address: u16,
    /// Register with the high word of a value split over two separate registers.
    pub high: Option<u16>,
    /// Table.
    pub function: Function,
    /// Coding.
    pub number: NumberType,
    pub words: Order,
    pub bytes: Order,
    /// Value = raw × scale × 10^(scale factor) + offset.
    pub scale: f64,
    /// Register with the power of ten, in the same table (`sunssf` of `SunSpec`).
    pub scale_factor: Option<u16>,
    /// Added after scaling.
    pub offset: f64,
    /// Turns the sign, as for a reversed current transformer.
    pub invert: bool,
    /// Raw values that mean "no value", in the order of bits after joining the words.
    pub not_available: Vec<u64>,
    /// Whether it is added to the others of its field, and is none of itself.
    pub is_addend: bool,
    /// Whether some of the devices that the map is for have no such register, and refuse to read it.
    pub optional: bool,
}

impl Point {
    /// A value in one holding register, taken as it is.
    pub const fn plain(field: Field, address: u16) -> Self {
        Self {
            field,
            address,
            high: None,
            function: Function::Holding,
            number: NumberType::U16,
            words: Order::Big,
            bytes: Order::Big,
            scale: 1.0,
            scale_factor: None,
            offset: 0.0,
            invert: false,
            not_available: Vec::new(),
            is_addend: false,
            optional: false,
        }
    }

    /// How many registers stand together: those of the value, but for a high word apart.
    pub const fn width(&self) -> u16 {
        if self.high.is_some() { 1 } else { self.number.width() }
    }
}
