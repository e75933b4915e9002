//! How a stage is polled, and how that is read.

use std::time::Duration;

use super::backoff::parse_backoff;
use super::keys::POLL;
use super::outline::{Hold, Poll};
use crate::document::{Place, Problems};

pub(super) const MS: Duration = Duration::from_millis(1);
const DAY: Duration = Duration::from_hours(24);

/// Whose poll policy it is: only a stage can hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PollOf {
    Chain,
    Stage,
}

/// A poll policy, merged key by key over `base`.
pub(crate) fn parse_poll(
    place: &Place,
    base: &Poll,
    of: PollOf,
    problems: &mut Problems,
) -> Option<Poll> {
    // A chain's has no hold, which stands first.
    let known = match of {
        PollOf::Chain => &POLL[1..],
        PollOf::Stage => &POLL[..],
    };
    let object = place.object(problems, known, &[])?;
    let mut span = |key: &str, least: Duration, most: Duration| {
        object.find(key).and_then(|place| place.duration(problems, least, most))
    };
    let mut poll = base.clone();
    poll.interval = span("interval", 100 * MS, 7 * DAY).unwrap_or(poll.interval);
    poll.timeout = span("timeout", 100 * MS, 90 * DAY).unwrap_or(poll.timeout);
    poll.attempt_timeout =
        span("attempt_timeout", 100 * MS, DAY / 24).unwrap_or(poll.attempt_timeout);
    poll.initial_delay =
        span("initial_delay", Duration::ZERO, 7 * DAY).unwrap_or(poll.initial_delay);
    poll.late_after = span("late_after", Duration::ZERO, 90 * DAY).or(poll.late_after);
    let attempts =
        object.find("max_attempts").and_then(|place| place.whole(problems, 1, 1_000_000));
    poll.max_attempts = attempts.or(poll.max_attempts);
    parse_backoff(&object, &mut poll, problems);
    poll.hold = object.find("hold").and_then(|place| parse_hold(&place, problems));
    Some(poll)
}

fn parse_hold(place: &Place, problems: &mut Problems) -> Option<Hold> {
    if place.value.is_number() {
        return place.whole(problems, 2, 10_000).map(Hold::Polls);
    }
    place.duration(problems, MS, 90 * DAY).map(Hold::Lasting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::keys::POLL_DEFAULTS;
    use crate::json::Value;

    #[test]
    fn what_holds_by_default_is_what_the_table_says() {
        let tree = Value::Object(
            POLL_DEFAULTS.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
        );
        let elsewhere = Poll { interval: MS, timeout: MS, attempt_timeout: MS, ..Poll::default() };
        let mut problems = Problems::default();
        let read = parse_poll(&Place::root(&tree), &elsewhere, PollOf::Chain, &mut problems);
        assert_eq!(read, Some(Poll::default()));
    }
}
