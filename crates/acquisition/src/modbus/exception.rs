//! What units answer in the place of registers.

use domain::devices::reason::modbus::Exception;
use tokio_modbus::ExceptionCode;

/// An exception as a sentence.
pub(crate) const fn said(exception: ExceptionCode) -> Exception {
    match exception {
        ExceptionCode::IllegalFunction => Exception::IllegalFunction,
        ExceptionCode::IllegalDataAddress => Exception::IllegalAddress,
        ExceptionCode::IllegalDataValue => Exception::IllegalValue,
        ExceptionCode::ServerDeviceFailure => Exception::Failure,
        ExceptionCode::Acknowledge => Exception::Acknowledge,
        ExceptionCode::ServerDeviceBusy => Exception::Busy,
        ExceptionCode::MemoryParityError => Exception::Parity,
        ExceptionCode::GatewayPathUnavailable => Exception::NoPath,
        ExceptionCode::GatewayTargetDevice => Exception::NoTarget,
        ExceptionCode::Custom(_) => Exception::Custom,
    }
}
