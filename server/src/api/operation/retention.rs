//! The clock by which old readings go.

use axum::extract::State;
use service::Service;
use service::retention::clock::{self, ClockView};

use crate::answer::Data;
use crate::error::ApiError;
use crate::extract::Who;

pub(crate) async fn standing(
    State(service): State<Service>,
    Who(who): Who,
) -> Result<Data<ClockView>, ApiError> {
    Ok(Data(clock::standing(&service, &who).await?))
}

pub(crate) async fn confirm(
    State(service): State<Service>,
    Who(who): Who,
) -> Result<Data<ClockView>, ApiError> {
    Ok(Data(clock::confirm(&service, &who).await?))
}
