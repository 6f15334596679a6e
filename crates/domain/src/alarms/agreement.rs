//! Whether a register and the power of the same meter tell the same energy.

/// From so many quarter-hours on two figures say enough to be compared.
const LEAST_QUARTERS: u32 = 24;
/// Figures that are closer than this say nothing, kWh: so an idle meter stays quiet.
const LEAST_KWH: f64 = 1.0;
/// Power that is seldom read can miss, or always meet, the same part of a machine's cycle: up to this
/// difference, in per cent, it is believed of that and not of a wrong scale.
const SELDOM_PERCENT: f64 = 25.0;
/// Power counts as seldom read where it is in more than one of so many quarter-hours.
const SELDOM_SHARE: u32 = 10;
/// How many times its own scatter a difference must be to be none of chance.
const LEAST_SCATTERS: f64 = 3.0;

/// A meter's energy by its register and by the integral of its power, over the same quarter-hours.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Agreement {
    /// How many quarter-hours.
    #[cfg_attr(feature = "sqlx", sqlx(try_from = "i64"))]
    pub quarters: u32,
    /// In how many of them power was read less than once a minute.
    #[cfg_attr(feature = "sqlx", sqlx(try_from = "i64"))]
    pub seldom_read: u32,
    /// Import less export by the register, kWh.
    pub register_kwh: f64,
    /// The integral of power, kWh.
    pub integral_kwh: f64,
    /// Import and export by the register, kWh.
    pub passed_kwh: f64,
    /// Sum over the quarter-hours of the square of the register's energy, kWh².
    pub register_squares: f64,
    /// The same of the integral.
    pub integral_squares: f64,
    /// Sum over the quarter-hours of the product of the two, kWh².
    pub products: f64,
}

impl Agreement {
    /// Whether it covers enough time to be judged.
    pub(super) const fn is_enough(&self) -> bool {
        self.quarters >= LEAST_QUARTERS
    }

    fn apart_kwh(&self) -> f64 {
        (self.register_kwh - self.integral_kwh).abs()
    }

    /// Whether the two are nearer than what an idle meter may show.
    pub(super) fn is_little(&self) -> bool {
        self.apart_kwh() <= LEAST_KWH
    }

    /// How far apart the two are, in per cent of the larger.
    pub(super) fn apart_percent(&self) -> f64 {
        let larger = self.passed_kwh.max(self.integral_kwh.abs());
        if larger > 0.0 { self.apart_kwh() / larger * 100.0 } else { 0.0 }
    }

    /// Whether the difference is more than what the readings leave open.
    pub(super) fn is_certain(&self) -> bool {
        let is_seldom_read = self.seldom_read > self.quarters / SELDOM_SHARE;
        let least = if is_seldom_read { SELDOM_PERCENT } else { 0.0 };
        self.apart_percent() > least && self.apart_kwh() > LEAST_SCATTERS * self.scatter_kwh()
    }

    /// How much the two scatter around the ratio between them, kWh over the whole time: by chance in
    /// the readings, or by the coarse steps of a register. A wrong scale alone leaves no scatter.
    fn scatter_kwh(&self) -> f64 {
        let Self { register_squares, integral_squares, products, .. } = *self;
        let larger = register_squares.max(integral_squares);
        let unexplained = (register_squares * integral_squares - products * products).max(0.0);
        if larger > 0.0 { (unexplained / larger).sqrt() } else { 0.0 }
    }

    /// Hours that it covers.
    pub fn hours(&self) -> f64 {
        f64::from(self.quarters) / 4.0
    }
}
