//! The places an event passes, and a value for each of them.

use std::fmt;
use std::ops::{Index, IndexMut};

/// A place of the pipeline: the door an event comes in by, or one of the five systems it appears in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// Where events are sent to: only its answers can be faulty, since it keeps nothing.
    Intake,
    /// Snowplow Micro.
    Collector,
    /// Prometheus over a stream.
    Stream,
    /// A cleaned table in Elasticsearch.
    Cleaned,
    /// ClickHouse.
    Warehouse,
    /// Datasette.
    Report,
}

impl System {
    /// Every place, in the order of the way.
    pub const ALL: [Self; 6] =
        [Self::Intake, Self::Collector, Self::Stream, Self::Cleaned, Self::Warehouse, Self::Report];

    /// The name in documents, flags and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Collector => "collector",
            Self::Stream => "stream",
            Self::Cleaned => "cleaned",
            Self::Warehouse => "warehouse",
            Self::Report => "report",
        }
    }

    /// The system of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.name() == name)
    }
}

impl fmt::Display for System {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One value for each place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PerSystem<T>([T; 6]);

impl<T> PerSystem<T> {
    /// The value that `make` gives for each place.
    pub fn from_fn(make: impl FnMut(System) -> T) -> Self {
        Self(System::ALL.map(make))
    }

    /// Every place with its value.
    pub fn iter(&self) -> impl Iterator<Item = (System, &T)> {
        System::ALL.into_iter().map(|system| (system, &self[system]))
    }
}

impl<T> Index<System> for PerSystem<T> {
    type Output = T;

    fn index(&self, system: System) -> &T {
        &self.0[system as usize]
    }
}

impl<T> IndexMut<System> for PerSystem<T> {
    fn index_mut(&mut self, system: System) -> &mut T {
        &mut self.0[system as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for system in System::ALL {
            assert_eq!(System::from_name(system.name()), Some(system));
        }
        assert_eq!(System::from_name("Warehouse"), None);
        let indices = PerSystem::from_fn(|system| system as usize);
        assert!(indices.iter().all(|(system, index)| system as usize == *index));
    }
}
