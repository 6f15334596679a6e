//! The diesel generator: it starts by itself when the grid would have to give too much.

/// Demand on the grid at which it starts and stops, kW.
const START_ABOVE_KW: f64 = 500.0;
const STOP_BELOW_KW: f64 = 490.0;
/// Minutes for which the demand has to be beyond these.
const CONFIRM_MINUTES: u32 = 4;
const SHORTEST_RUN_MINUTES: u32 = 30;
const LONGEST_RUN_MINUTES: u32 = 120;
const REST_MINUTES: u32 = 480;
/// Power after the start and when warm, kW.
const START_KW: f64 = 90.0;
const WARM_KW: f64 = 190.0;
const WARM_UP_MINUTES: u32 = 3;

/// What it did up to now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Generator {
    running: bool,
    /// Minutes since it started or stopped.
    since: u32,
    /// Minutes for which the demand has asked for the other state.
    asked: u32,
    pub(super) run_minutes: u32,
}

impl Generator {
    pub(super) const fn new(run_minutes: u32) -> Self {
        Self { running: false, since: REST_MINUTES, asked: 0, run_minutes }
    }

    /// Whether it runs.
    pub(super) const fn is_running(&self) -> bool {
        self.running
    }

    /// Begins the next minute, in which the site would draw `demand_kw` without it; answers its
    /// power in kW.
    pub(super) fn next_minute(&mut self, demand_kw: f64) -> f64 {
        let asks =
            if self.running { demand_kw < STOP_BELOW_KW } else { demand_kw > START_ABOVE_KW };
        self.asked = if asks { self.asked + 1 } else { 0 };
        let confirmed = self.asked >= CONFIRM_MINUTES;
        let switches = if self.running {
            self.since >= LONGEST_RUN_MINUTES || confirmed && self.since >= SHORTEST_RUN_MINUTES
        } else {
            confirmed && self.since >= REST_MINUTES
        };
        if switches {
            self.running = !self.running;
            self.since = 0;
            self.asked = 0;
        }
        self.since = self.since.saturating_add(1);
        match (self.running, self.since > WARM_UP_MINUTES) {
            (false, _) => 0.0,
            (true, false) => START_KW,
            (true, true) => WARM_KW,
        }
    }
}
