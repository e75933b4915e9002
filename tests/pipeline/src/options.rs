//! What a pipeline is started with.

use std::time::Duration;

use crate::fault::Fault;
use crate::seed::Seed;
use crate::system::{PerSystem, System};

/// Everything that can be chosen before the first request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    pub seed: Seed,
    pub clock: ClockMode,
    pub delays: Delays,
    /// The faults that stand from the start.
    pub faults: PerSystem<Vec<Fault>>,
    pub control: Control,
}

/// Who moves the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockMode {
    /// The caller's clock does.
    #[default]
    Real,
    /// Only `POST /_control/clock` does.
    Manual,
}

impl ClockMode {
    /// The name in flags and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Manual => "manual",
        }
    }
}

/// Whether anything but a send can change the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Control {
    /// `/_control/...` and `/micro/reset` work, and requests are logged.
    #[default]
    Open,
    /// They are refused, and nothing is logged: the state follows from the seed and the accepted sends alone.
    Closed,
}

/// How long an event takes to each system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delays {
    pub by_system: PerSystem<Duration>,
    /// The most that the seed adds to a delay.
    pub jitter: Duration,
}

impl Default for Delays {
    fn default() -> Self {
        let seconds = |system| match system {
            System::Intake => 0,
            System::Collector => 1,
            System::Stream => 3,
            System::Cleaned => 6,
            System::Warehouse => 9,
            System::Report => 12,
        };
        Self {
            by_system: PerSystem::from_fn(|system| Duration::from_secs(seconds(system))),
            jitter: Duration::ZERO,
        }
    }
}
