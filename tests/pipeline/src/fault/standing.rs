//! Faults at work: which of them hits an event when it is accepted, and which spoils an answer.

use super::{AnswerFault, DataFault, Fault, FaultKind};
use crate::seed::Seed;
use crate::system::System;
use crate::time::Timestamp;

/// The faults that one system has until they are replaced, with what is used up of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct StandingFaults(Vec<Standing>);

#[derive(Debug, Clone)]
struct Standing {
    fault: Fault,
    /// `None` for a fault from the options: it begins with the first request that it could spoil.
    since: Option<Timestamp>,
    used: u32,
}

/// How the answer to one request is spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Disruption {
    pub(crate) instead: Option<Instead>,
    pub(crate) hides_cors: bool,
}

/// What comes instead of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    ServerError,
    Hang,
    LoginPage,
}

impl Disruption {
    fn add(&mut self, fault: AnswerFault) {
        let instead = match fault {
            AnswerFault::ServerError => Instead::ServerError,
            AnswerFault::Hang => Instead::Hang,
            AnswerFault::LoginPage => Instead::LoginPage,
            AnswerFault::NoCors => {
                self.hides_cors = true;
                return;
            }
        };
        // The first one wins: a request gets one answer.
        self.instead = self.instead.or(Some(instead));
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        self.instead = self.instead.or(other.instead);
        self.hides_cors |= other.hides_cors;
        self
    }
}

impl StandingFaults {
    pub(crate) fn new(faults: Vec<Fault>, since: Option<Timestamp>) -> Self {
        Self(faults.into_iter().map(|fault| Standing { fault, since, used: 0 }).collect())
    }

    pub(crate) fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter().map(|standing| &standing.fault)
    }

    /// The data faults that hit a newly accepted event; each counts as used once more.
    pub(crate) fn strike(
        &mut self,
        seed: Seed,
        system: System,
        event_id: &str,
    ) -> Vec<(DataFault, Fault)> {
        let mut hits = Vec::new();
        for standing in &mut self.0 {
            let FaultKind::Data(kind) = standing.fault.kind else { continue };
            if standing.has_uses() && standing.fault.hits(seed, system, event_id) {
                standing.used += 1;
                hits.push((kind, standing.fault.clone()));
            }
        }
        hits
    }

    /// How a request is spoilt; each fault that does so counts as used once more. A preflight meets `no_cors` only:
    /// nobody asks a browser's preflight for data, and it shall not use up what its request is to meet.
    pub(crate) fn disrupt(&mut self, asked: &Asked<'_>, now: Timestamp) -> Disruption {
        let mut disruption = Disruption::default();
        for standing in &mut self.0 {
            let FaultKind::Answer(kind) = standing.fault.kind else { continue };
            let since = *standing.since.get_or_insert(now);
            let ended = standing.fault.lasts.is_some_and(|lasts| now >= since.after(lasts));
            let meant =
                asked.meets(kind) && (kind == AnswerFault::NoCors || disruption.instead.is_none());
            if meant && !ended && standing.has_uses() && asked.hit_by(&standing.fault) {
                standing.used += 1;
                disruption.add(kind);
            }
        }
        disruption
    }
}

impl Standing {
    fn has_uses(&self) -> bool {
        self.fault.times.is_none_or(|times| self.used < times)
    }
}

/// A request as faults see it.
pub(crate) struct Asked<'a> {
    pub(crate) seed: Seed,
    pub(crate) system: System,
    pub(crate) event_id: Option<&'a str>,
    pub(crate) phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Preflight,
    Request,
}

impl Asked<'_> {
    fn meets(&self, fault: AnswerFault) -> bool {
        self.phase == Phase::Request || fault == AnswerFault::NoCors
    }

    fn hit_by(&self, fault: &Fault) -> bool {
        fault.hits(self.seed, self.system, self.event_id.unwrap_or(""))
    }
}

/// How an event's own faults spoil a request that names it. Counts nothing: reading never changes a demo's state.
pub(crate) fn event_disruption(
    faults: &[Fault],
    accepted_at: Timestamp,
    asked: &Asked<'_>,
    now: Timestamp,
) -> Disruption {
    let mut disruption = Disruption::default();
    for fault in faults {
        let FaultKind::Answer(kind) = fault.kind else { continue };
        let ended = fault.lasts.is_some_and(|lasts| now >= accepted_at.after(lasts));
        if asked.meets(kind) && !ended && asked.hit_by(fault) {
            disruption.add(kind);
        }
    }
    disruption
}
