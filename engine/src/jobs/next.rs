//! When a trigger that is being written fires next, beside its words: for who writes it.

use crate::document::{Problem, tree};
use crate::form::{Text, decode};
use crate::protocol::{AskNext, NextFires, Unreadable};
use crate::trigger::{Setting, Trigger};
use crate::zone::Zone;

use super::MAX_JOB_BYTES;
use super::words::find_zones;

/// No more fires than this are told.
const MOST: u32 = 20;

/// Answers [`AskNext`] with [`NextFires`]. `zones` finds a zone by its name; `own` is the name of the zone of a
/// trigger that names none.
pub(super) fn next(
    question: &str,
    own: &str,
    zones: &dyn Fn(&str) -> Option<Zone>,
) -> Result<String, Unreadable> {
    let asked: AskNext = decode(question)?;
    let known = fires(&asked, own, zones);
    Ok(Text::of(&known.unwrap_or_else(NextFires::Wrong)))
}

fn fires(
    AskNext { trigger, locale, now, count }: &AskNext,
    own: &str,
    find: &dyn Fn(&str) -> Option<Zone>,
) -> Result<NextFires, Vec<Problem>> {
    let document = tree(trigger, MAX_JOB_BYTES)?;
    let zones = find_zones(&document, own, find);
    let rule =
        Trigger::parse(&document, &Setting { zones: &zones, zone: own, now: *now, seed: 0 })?;
    let (mut fires, mut previous, mut from) = (Vec::new(), None, *now);
    for _ in 0..(*count).min(MOST) {
        let Some(fire) = rule.next_after(previous, from) else { break };
        fires.push(fire);
        (previous, from) = (Some(fire), fire);
    }
    let named = document.get("timezone").and_then(|zone| zone.as_str());
    let zone = named.unwrap_or(own).to_owned();
    Ok(NextFires::Fires { words: rule.describe(*locale), fires, zone })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;
    use crate::time::Timestamp;
    use crate::zone::bundled;

    fn asked(trigger: &str) -> NextFires {
        let now = Timestamp::from_ms(1_795_435_200_000);
        let question = AskNext { trigger: trigger.into(), locale: Locale::En, now, count: 2 };
        let answer =
            super::super::say(&question.to_json(), "Europe/London", &|name| bundled::zone(name));
        NextFires::from_json(&answer.unwrap()).unwrap()
    }

    #[test]
    fn a_trigger_is_told_in_words_with_its_next_fires() {
        let NextFires::Fires { words, fires, zone } =
            asked(r#"{"type":"cron","hour":9,"timezone":"Asia/Shanghai"}"#)
        else {
            panic!("it can be read")
        };
        assert_eq!(words, "every day at 09:00, Asia/Shanghai");
        let fires: Vec<String> = fires.iter().map(Timestamp::to_string).collect();
        assert_eq!(fires, ["2026-11-24T01:00:00Z", "2026-11-25T01:00:00Z"]);
        assert_eq!(zone, "Asia/Shanghai");
        let once = asked(r#"{"type":"date","run_date":"2026-11-24T02:00:00"}"#);
        assert!(
            matches!(once, NextFires::Fires { fires, zone, .. } if fires.len() == 1 && zone == "Europe/London")
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let places = |trigger| match asked(trigger) {
            NextFires::Wrong(problems) => {
                problems.into_iter().map(|problem| problem.path).collect::<Vec<_>>()
            }
            NextFires::Fires { .. } => Vec::new(),
        };
        assert_eq!(places(r#"{"type":"cron","hour":25,"minute":"x"}"#), ["hour", "minute"]);
        assert_eq!(places(r#"{"type":"cron","timezone":"Mars/Base"}"#), ["timezone"]);
        assert_eq!(places("{"), [""]);
    }
}
