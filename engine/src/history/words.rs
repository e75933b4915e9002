//! History in sentences, in two languages. None ends with a full stop.

use std::time::Duration;

use super::arrival::{Arrival, ENOUGH};
use super::compare::{Change, Comparison, Side};
use crate::locale::Locale;
use crate::protocol::StagePhase;
use crate::time::in_words;

impl StagePhase {
    /// What a stage came to, in a word or two that go on a sentence.
    pub fn word(self, locale: Locale) -> &'static str {
        let [english, chinese] = match self {
            Self::NotStarted => ["not started", "未开始"],
            Self::Waiting => ["not yet there", "尚未到达"],
            Self::Calling => ["being asked", "请求中"],
            Self::Holding => ["holding", "保持中"],
            Self::Passed => ["passed", "已通过"],
            Self::Failed => ["failed", "失败"],
            Self::TimedOut => ["timed out", "超时"],
            Self::Cancelled => ["cancelled", "已取消"],
        };
        match locale {
            Locale::En => english,
            Locale::Zh => chinese,
        }
    }
}

impl Arrival {
    /// How long it takes: `half of 23 runs within 12 s, 19 of 20 within 40 s; a time limit of 2 m would do`.
    pub fn sentence(&self, locale: Locale) -> String {
        let runs = self.runs();
        if runs < ENOUGH {
            return match locale {
                Locale::En => format!("{runs} of {ENOUGH} runs that it takes to tell how long"),
                Locale::Zh => format!("至少需要 {ENOUGH} 次运行才能估计用时，目前 {runs} 次"),
            };
        }
        let within = |time: Option<Duration>| time.map(in_words);
        let parts = [
            within(self.p50()).map(|time| match locale {
                Locale::En => format!("half of {runs} runs within {time}"),
                Locale::Zh => format!("{runs} 次运行中半数在 {time} 内"),
            }),
            within(self.p95()).map(|time| match locale {
                Locale::En => format!("19 of 20 within {time}"),
                Locale::Zh => format!("20 次中 19 次在 {time} 内"),
            }),
            (self.never > 0).then(|| match locale {
                Locale::En => format!("{} of {runs} never in time", self.never),
                Locale::Zh => format!("{runs} 次中 {} 次未及时到达", self.never),
            }),
        ];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        let suggested = within(self.suggested_timeout()).map(|time| match locale {
            Locale::En => format!("; a time limit of {time} would do"),
            Locale::Zh => format!("；时限设为 {time} 即可"),
        });
        let comma = match locale {
            Locale::En => ", ",
            Locale::Zh => "，",
        };
        said.join(comma) + &suggested.unwrap_or_default()
    }

    /// How long it usually takes: `usually after 12 s, 19 of 20 within 40 s`. None when too few runs are known.
    pub fn usual(&self, locale: Locale) -> Option<String> {
        let runs = self.runs();
        let within = |time: Option<Duration>| time.map(in_words);
        let Some(half) = within(self.p50()) else {
            return (runs >= ENOUGH).then(|| match locale {
                Locale::En => format!("{} of {runs} never in time", self.never),
                Locale::Zh => format!("{runs} 次中 {} 次未及时到达", self.never),
            });
        };
        let most = within(self.p95()).filter(|time| *time != half).map(|time| match locale {
            Locale::En => format!(", 19 of 20 within {time}"),
            Locale::Zh => format!("，20 次中 19 次在 {time} 内"),
        });
        let usual = match locale {
            Locale::En => format!("usually after {half}"),
            Locale::Zh => format!("通常 {half} 后到达"),
        };
        Some(usual + &most.unwrap_or_default())
    }

    /// How one time stands among the others: `slower than 19 of 20 runs`. None when too few are known.
    pub fn standing(&self, time: Duration, locale: Locale) -> Option<String> {
        let (quicker, runs) = (self.quicker_than(time), self.runs());
        (runs >= ENOUGH).then(|| match locale {
            Locale::En => format!("slower than {quicker} of {runs} runs"),
            Locale::Zh => format!("比 {runs} 次运行中的 {quicker} 次慢"),
        })
    }
}

impl Comparison {
    /// What became of it, with how much longer it took and why it ended as it did:
    /// `passed, now failed: $.amount is 20, expected 19.90; 28 s slower; 2 attempts more`.
    pub fn sentence(&self, locale: Locale) -> String {
        let (first, second) = match (&self.first, &self.second) {
            (Some(first), Some(second)) => (first, second),
            (None, Some(only)) => {
                return alone("only in the second run", "仅第二次运行有", only, locale);
            }
            (Some(only), None) => {
                return alone("only in the first run", "仅第一次运行有", only, locale);
            }
            (None, None) => return String::new(),
        };
        let [was, is] = [first.phase.word(locale), second.phase.word(locale)];
        let mut said = match (self.change(), locale) {
            (Change::Alike, Locale::En) => format!("{is} in both"),
            (Change::Alike, Locale::Zh) => format!("两次均{is}"),
            (Change::OtherReason, Locale::En) => format!("{is} in both, for another reason"),
            (Change::OtherReason, Locale::Zh) => format!("两次均{is}，原因不同"),
            (_, Locale::En) => format!("{was}, now {is}"),
            (_, Locale::Zh) => format!("先前{was}，现在{is}"),
        };
        if second.phase != StagePhase::Passed && self.change() != Change::Alike {
            said.push_str(&because(second, locale));
        }
        let more = [slower(first, second, locale), attempts(first, second, locale)];
        for more in more.into_iter().flatten() {
            said.push_str(semicolon(locale));
            said.push_str(&more);
        }
        said
    }
}

fn semicolon(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "; ",
        Locale::Zh => "；",
    }
}

fn alone(english: &str, chinese: &str, side: &Side, locale: Locale) -> String {
    let (head, comma) = match locale {
        Locale::En => (english, ", "),
        Locale::Zh => (chinese, "，"),
    };
    [head, comma, side.phase.word(locale), &because(side, locale)].concat()
}

fn because(side: &Side, locale: Locale) -> String {
    let colon = match locale {
        Locale::En => ": ",
        Locale::Zh => "：",
    };
    match (&side.reason, side.phase) {
        (Some(reason), StagePhase::Failed | StagePhase::TimedOut) => {
            [colon, &reason.sentence(locale)].concat()
        }
        _ => String::new(),
    }
}

/// How much longer the second took, to the second: a poll comes no nearer than that.
fn slower(first: &Side, second: &Side, locale: Locale) -> Option<String> {
    if first.seeded || second.seeded {
        return None;
    }
    let (one, other) = (first.took?, second.took?);
    let longer = other > one;
    let by = Duration::from_secs(other.abs_diff(one).as_secs());
    let time = in_words(by);
    (!by.is_zero()).then(|| match (longer, locale) {
        (true, Locale::En) => format!("{time} slower"),
        (false, Locale::En) => format!("{time} quicker"),
        (true, Locale::Zh) => format!("慢 {time}"),
        (false, Locale::Zh) => format!("快 {time}"),
    })
}

fn attempts(first: &Side, second: &Side, locale: Locale) -> Option<String> {
    // What was never tried was not tried less often.
    if first.attempts == 0 || second.attempts == 0 {
        return None;
    }
    let by = second.attempts.abs_diff(first.attempts);
    let more = second.attempts > first.attempts;
    let noun = if by == 1 { "attempt" } else { "attempts" };
    (by > 0).then(|| match (more, locale) {
        (true, Locale::En) => format!("{by} {noun} more"),
        (false, Locale::En) => format!("{by} {noun} fewer"),
        (true, Locale::Zh) => format!("多 {by} 次尝试"),
        (false, Locale::Zh) => format!("少 {by} 次尝试"),
    })
}
