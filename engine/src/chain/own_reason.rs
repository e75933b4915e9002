//! What only a run can say of its stages: it alone knows when and how often they were asked. The words of
//! the language stand within as they were told.

use crate::form::{Text, variants};
use crate::protocol::Told;
use crate::time::Timestamp;
use crate::verify::Reason;

/// Those of the [`Reason`]s that the engine itself gives, by the same names.
#[derive(Debug)]
pub(crate) enum OwnReason {
    DeadlinePassed { timeout_ms: u64, last: Option<Told<Reason>>, since: Option<Timestamp> },
    AttemptsUsedUp { attempts: u32, last: Option<Told<Reason>>, since: Option<Timestamp> },
    SentNotAccepted { answer: Told<Reason> },
    NoLongerHolds { stage: String, now: Told<Reason> },
    MayHaveBeenSent,
    TakenAsSent,
    AttemptLost,
}

variants!(OwnReason:
    "deadline_passed" DeadlinePassed { timeout_ms, last, since },
    "attempts_used_up" AttemptsUsedUp { attempts, last, since },
    "sent_not_accepted" SentNotAccepted { answer },
    "no_longer_holds" NoLongerHolds { stage, now },
    "may_have_been_sent" MayHaveBeenSent,
    "taken_as_sent" TakenAsSent,
    "attempt_lost" AttemptLost,
);

impl From<OwnReason> for Told<Reason> {
    fn from(own: OwnReason) -> Self {
        Self::written(Text::of(&own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_says_reads_as_the_reason_of_that_name() {
        let last = Reason::Missing { what: "$.a".into() };
        let (told, inner) = (|| Told::from(last.clone()), || Box::new(last.clone()));
        let (stage, since) = (|| "s".to_owned(), Some(Timestamp::from_ms(7)));
        let both = [
            (
                OwnReason::DeadlinePassed { timeout_ms: 5, last: Some(told()), since },
                Reason::DeadlinePassed { timeout_ms: 5, last: Some(inner()), since },
            ),
            (
                OwnReason::AttemptsUsedUp { attempts: 2, last: None, since: None },
                Reason::AttemptsUsedUp { attempts: 2, last: None, since: None },
            ),
            (
                OwnReason::SentNotAccepted { answer: told() },
                Reason::SentNotAccepted { answer: inner() },
            ),
            (
                OwnReason::NoLongerHolds { stage: stage(), now: told() },
                Reason::NoLongerHolds { stage: stage(), now: inner() },
            ),
            (OwnReason::MayHaveBeenSent, Reason::MayHaveBeenSent),
            (OwnReason::TakenAsSent, Reason::TakenAsSent),
            (OwnReason::AttemptLost, Reason::AttemptLost),
        ];
        for (own, reason) in both {
            assert_eq!(Told::from(own), Told::from(reason));
        }
    }
}
