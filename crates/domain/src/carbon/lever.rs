//! What would change the carbon of a site.

use crate::message::messages;

messages! {
    /// What would change it.
    pub enum LeverName in "carbon_lever" {
        EndLoss { node: String } => "Ending the loss at {node}",
        GridForDiesel => "Grid instead of generator",
        MoreSolar => "10 % more solar",
        SpecificFuel { more: String, now: String } =>
            "Specific fuel {more} instead of {now} L/kWh",
    }

    /// How that is counted.
    pub enum LeverFormula in "carbon_lever_formula" {
        Lost { kwh: String, factor: String } => "{kwh} kWh lost × {factor}",
        Replaced { kwh: String, diesel: String, grid: String } =>
            "{kwh} kWh × ({diesel} − {grid}) kg; not possible during an outage",
        More { kwh: String, factor: String } => "{kwh} kWh more × {factor}",
        PartLoad => "if the generator runs at part load; a litre counter would tell",
    }
}
