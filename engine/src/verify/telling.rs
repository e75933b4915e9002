//! Which of several pending checks say most about what is still to come.

use super::reason::{Judged, Reason, Verdict};
use crate::form::Text;

/// The reason of an attempt whose checks are pending for these: the two most telling ones, joined.
pub(super) fn joined(pending: &[Reason]) -> Option<Judged> {
    let mut best: Vec<&Reason> = Vec::new();
    for rank in 0..=LAST_RANK {
        for reason in pending.iter().filter(|reason| rank_of(reason) == rank) {
            if best.len() < 2 && !best.iter().any(|other| is_said_by(reason, other)) {
                best.push(reason);
            }
        }
    }
    let reason = match best.as_slice() {
        [] => return None,
        [one] => (*one).clone(),
        [first, second, ..] => {
            Reason::Both { first: Box::new((*first).clone()), second: Box::new((*second).clone()) }
        }
    };
    Some(Judged { verdict: Verdict::Pending, reason })
}

/// By their texts: comparing reasons part by part is code that every page with chains would wait for.
fn is_said_by(reason: &Reason, other: &Reason) -> bool {
    Text::of(reason) == Text::of(other)
}

const LAST_RANK: u8 = 4;

/// The lower the more telling: a wrong reading first, then how much has come, then which of it is
/// unfinished; that something is missing often follows from those.
fn rank_of(reason: &Reason) -> u8 {
    match reason {
        Reason::Unconfirmed { .. } => 0,
        Reason::CountBelow { .. } | Reason::SumBelow { .. } => 1,
        Reason::Null { .. }
        | Reason::NullIn { .. }
        | Reason::MissingIn { .. }
        | Reason::StillInProgress { .. }
        | Reason::HeaderHidden { .. }
        | Reason::HeaderWithheld { .. } => 2,
        Reason::Missing { .. } | Reason::EmptyBody => LAST_RANK,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    #[test]
    fn the_two_most_telling_reasons_are_joined() {
        let missing = Reason::Missing { what: "$.a".into() };
        let null = Reason::NullIn { what: "$.rows[*].amount".into(), nth: 3, of: 3 };
        let count = Reason::CountBelow { what: "$.rows[*]".into(), seen: 2, want: 3 };
        let joined = |reasons: &[&Reason]| {
            let reasons: Vec<Reason> = reasons.iter().map(|&reason| reason.clone()).collect();
            joined(&reasons).map(|judged| judged.reason)
        };
        assert_eq!(joined(&[]), None);
        assert_eq!(joined(&[&missing, &missing]), Some(missing.clone()));
        let both = joined(&[&missing, &null, &count]).unwrap();
        assert_eq!(
            both.sentence(Locale::En),
            "2 of 3 at $.rows[*]; $.rows[*].amount is still null in the third of 3"
        );
        assert_eq!(
            both.sentence_after(Locale::En, std::time::Duration::from_secs(250)),
            "2 of 3 at $.rows[*] after 4 m 10 s; $.rows[*].amount is still null in the third of 3"
        );
        assert_eq!(
            both.sentence_after(Locale::Zh, std::time::Duration::from_secs(250)),
            "4 m 10 s 后 $.rows[*] 处已有 2/3；$.rows[*].amount 共 3 个，第 3 个仍为 null"
        );
    }

    #[test]
    fn the_time_stands_where_it_can_be_about_nothing_else() {
        let after = |reason: &Reason, locale| {
            reason.sentence_after(locale, std::time::Duration::from_secs(12))
        };
        let differs =
            Reason::Differs { what: "$.a".into(), got: "20".into(), want: "\"19.90\"".into() };
        assert_eq!(after(&differs, Locale::En), "after 12 s: $.a is 20, expected \"19.90\"");
        assert_eq!(after(&differs, Locale::Zh), "12 s 后 $.a 为 20，应为 \"19.90\"");
        let held = Reason::AllPass { checks: 3 };
        assert_eq!(after(&held, Locale::En), "all 3 checks hold after 12 s");
        let at_once = held.sentence_after(Locale::En, std::time::Duration::from_millis(999));
        assert_eq!(at_once, held.sentence(Locale::En));
        let over = Reason::DeadlinePassed { timeout_ms: 60_000, last: None, since: None };
        assert_eq!(after(&over, Locale::En), over.sentence(Locale::En));
        let both = Reason::Both { first: Box::new(differs), second: Box::new(held) };
        assert_eq!(
            after(&both, Locale::En),
            "after 12 s: $.a is 20, expected \"19.90\"; all 3 checks hold"
        );
    }
}
