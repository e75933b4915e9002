//! Jobs and their triggers in words, for a module of its own: sentences are as large as what they are
//! about, and nobody waits for them before a job fires.

use std::rc::Rc;

use crate::document::tree;
use crate::form::{Text, decode, object};
use crate::json;
use crate::locale::Locale;
use crate::protocol::{JobState, JobView, Unreadable};
use crate::time::{Timestamp, in_words};
use crate::trigger::{Setting, Trigger};
use crate::zone::{Zone, Zones};

use super::MAX_JOB_BYTES;
use super::next::next;

/// How a question for a trigger's next fires begins; no other does.
const NEXT: &str = r#"{"trigger":"#;

/// What is asked.
#[derive(Debug)]
struct Question {
    locale: Locale,
    now: Timestamp,
    /// Whether all jobs are held back.
    standby: bool,
    /// Triggers to be described: JSON texts.
    describe: Vec<String>,
    /// Jobs whose state is to be told.
    explain: Vec<JobView>,
}

#[derive(Debug)]
struct Words {
    describe: Vec<String>,
    explain: Vec<String>,
}

object!(Question: locale, now, standby, describe, explain);
object!(Words: describe, explain);

/// Answers `{"locale":"en","now":0,"standby":false,"describe":["{…}"],"explain":[{…}]}` with the words for
/// each: `{"describe":["every 58 s"],"explain":["…"]}`. A trigger that can't be read has none. `zones` finds
/// a zone by its name; `own` is the name of the zone of triggers that name none.
///
/// An [`AskNext`](crate::protocol::AskNext) is answered by when its trigger fires next.
///
/// # Errors
/// When the question is none.
pub fn say(
    question: &str,
    own: &str,
    zones: &dyn Fn(&str) -> Option<Zone>,
) -> Result<String, Unreadable> {
    if question.starts_with(NEXT) {
        return next(question, own, zones);
    }
    let question: Question = decode(question)?;
    let Question { locale, now, standby, describe, explain } = question;
    let mut speaker = Speaker { locale, now, own, find: zones, zones: Zones::default() };
    let mut words = Words { describe: Vec::new(), explain: Vec::new() };
    for trigger in &describe {
        words.describe.push(speaker.describe(trigger));
    }
    for job in &explain {
        let trigger = speaker.describe(&trigger_of(job));
        words.explain.push(explained(job, &trigger, standby, now, locale));
    }
    Ok(Text::of(&words))
}

/// Describes triggers one after another; each zone is looked up once.
struct Speaker<'a> {
    locale: Locale,
    now: Timestamp,
    own: &'a str,
    find: &'a dyn Fn(&str) -> Option<Zone>,
    zones: Zones,
}

impl Speaker<'_> {
    fn describe(&mut self, trigger: &str) -> String {
        let Ok(document) = tree(trigger, MAX_JOB_BYTES) else { return String::new() };
        for name in Trigger::zones_named(&document) {
            self.look_up(&name);
        }
        self.look_up(self.own);
        let Self { locale, now, own, zones, .. } = self;
        let setting = Setting { zones, zone: own, now: *now, seed: 0 };
        let rule = Trigger::parse(&document, &setting);
        rule.map_or_else(|_| String::new(), |rule| rule.describe(*locale))
    }

    fn look_up(&mut self, name: &str) {
        if self.zones.find(name).is_none()
            && let Some(zone) = (self.find)(name)
        {
            self.zones.insert(Rc::new(zone));
        }
    }
}

/// The zones that a trigger needs, as far as they are found: those that it names, and the one around it.
pub(super) fn find_zones(
    document: &json::Value,
    own: &str,
    find: &dyn Fn(&str) -> Option<Zone>,
) -> Zones {
    let mut zones = Zones::default();
    let named = Trigger::zones_named(document);
    for name in named.iter().map(String::as_str).chain([own]) {
        if zones.find(name).is_none()
            && let Some(zone) = find(name)
        {
            zones.insert(Rc::new(zone));
        }
    }
    zones
}

fn trigger_of(job: &JobView) -> String {
    let document = tree(&job.document, MAX_JOB_BYTES).unwrap_or_default();
    document.get("trigger").map(json::text).unwrap_or_default()
}

/// A job's state in sentences: when it fires, what it does now, what comes next and what came last.
fn explained(job: &JobView, words: &str, standby: bool, now: Timestamp, locale: Locale) -> String {
    match locale {
        Locale::En => english(job, words, standby, now).join(" "),
        Locale::Zh => chinese(job, words, standby, now).concat(),
    }
}

fn english(job: &JobView, words: &str, standby: bool, now: Timestamp) -> Vec<String> {
    let mut said = vec![format!("Fires {words}.")];
    said.push(match (job.state, job.under_way_since) {
        (JobState::Waiting, _) => "It waits for its next fire.".to_owned(),
        (JobState::Running, Some(since)) => {
            format!("A fire is under way since {since}, for {}.", in_words(now.since(since)))
        }
        (JobState::Running, None) => "A fire is under way.".to_owned(),
        (JobState::Paused, _) => "It is paused; resume it to go on.".to_owned(),
        (JobState::Unbound, _) => {
            "It is due, but no page has bound its function; open the page that adds it.".to_owned()
        }
        (JobState::Finished, _) if job.exhausted => {
            "It is finished: it has fired as often as it may.".to_owned()
        }
        (JobState::Finished, _) => "It is finished: its trigger never fires again.".to_owned(),
    });
    if standby {
        said.push("All jobs are held back; resume the scheduler to go on.".to_owned());
    }
    match job.next {
        Some(next) if next > now => {
            said.push(format!("Its next fire is at {next}, in {}.", in_words(next.since(now))));
        }
        Some(next) => {
            let ago = in_words(now.since(next));
            said.push(format!("Its next fire was due at {next}, {ago} ago."));
        }
        None => {}
    }
    if let Some(last) = job.last {
        said.push(format!("Its last fire was of {last}; {} were carried out.", job.fires));
    }
    if job.skipped > 0 {
        said.push(format!(
            "{} in a row were skipped, as one was under way; give it a longer interval or a shorter fire_timeout.",
            job.skipped
        ));
    }
    if job.waiting > 0 {
        said.push(format!("{} wait for the one under way to end.", job.waiting));
    }
    said
}

fn chinese(job: &JobView, words: &str, standby: bool, now: Timestamp) -> Vec<String> {
    let mut said = vec![format!("触发规则：{words}。")];
    said.push(match (job.state, job.under_way_since) {
        (JobState::Waiting, _) => "正在等待下一次触发。".to_owned(),
        (JobState::Running, Some(since)) => {
            format!("一次触发自 {since} 起正在执行，已 {}。", in_words(now.since(since)))
        }
        (JobState::Running, None) => "一次触发正在执行。".to_owned(),
        (JobState::Paused, _) => "已暂停；继续后才会触发。".to_owned(),
        (JobState::Unbound, _) => "已到期，但没有页面绑定其函数；请打开添加它的页面。".to_owned(),
        (JobState::Finished, _) if job.exhausted => "已结束：达到触发次数上限。".to_owned(),
        (JobState::Finished, _) => "已结束：触发规则不会再触发。".to_owned(),
    });
    if standby {
        said.push("所有作业均已暂停；继续调度器后才会触发。".to_owned());
    }
    match job.next {
        Some(next) if next > now => {
            said.push(format!("下一次触发在 {next}，{} 后。", in_words(next.since(now))));
        }
        Some(next) => {
            said.push(format!("下一次触发应在 {next}，已过 {}。", in_words(now.since(next))));
        }
        None => {}
    }
    if let Some(last) = job.last {
        said.push(format!("上一次触发为 {last}；共执行 {} 次。", job.fires));
    }
    if job.skipped > 0 {
        said.push(format!(
            "因上一次仍在执行，连续跳过 {} 次；请加大间隔或缩短 fire_timeout。",
            job.skipped
        ));
    }
    if job.waiting > 0 {
        said.push(format!("{} 次触发在等待当前一次结束。", job.waiting));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(members: &str) -> String {
        format!(
            r#"{{"id":"j","document":"{{\"id\":\"j\",\"trigger\":{{\"type\":\"interval\",\"seconds\":58}}}}",
                "fires":0,"skipped":0,"under_way":0,"waiting":0,"exhausted":false,{members}}}"#
        )
    }

    fn explain(locale: &str, standby: bool, members: &str) -> String {
        let job = view(members);
        let question = format!(
            r#"{{"locale":"{locale}","now":100000,"standby":{standby},"describe":[],"explain":[{job}]}}"#
        );
        let answer = json::parse(&say(&question, "UTC", &|_| None).unwrap()).unwrap();
        let told = answer.get("explain").unwrap().as_array().unwrap()[0].as_str().unwrap();
        told.to_owned()
    }

    #[test]
    fn a_state_is_told_in_sentences_in_both_languages() {
        let waiting = r#""state":"waiting","next":158000,"last":100000"#;
        let told = explain("en", false, waiting);
        assert!(told.starts_with("Fires every 58 s"), "{told}");
        assert!(told.contains("at 1970-01-01T00:02:38Z, in 58 s."), "{told}");
        let told = explain("zh-CN", true, waiting);
        assert!(told.contains("下一次触发在 1970-01-01T00:02:38Z，58 s 后。"), "{told}");
        assert!(told.contains("所有作业均已暂停"), "{told}");
        let check = |members: &str, en: &str, zh: &str| {
            assert!(explain("en", false, members).contains(en), "{members}");
            assert!(explain("zh-CN", false, members).contains(zh), "{members}");
        };
        check(r#""state":"running","under_way_since":90000"#, "for 10 s", "已 10 s");
        check(r#""state":"paused""#, "resume it", "已暂停");
        check(r#""state":"unbound","next":40000"#, "1 m ago", "已过 1 m");
        check(r#""state":"finished""#, "never fires again", "不会再触发");
    }

    #[test]
    fn triggers_are_described_and_what_is_none_has_no_words() {
        let question = r#"{"locale":"en","now":0,"standby":false,"explain":[],
            "describe":["{\"type\":\"interval\",\"seconds\":58}","{\"type\":\"never\"}","no JSON"]}"#;
        let words = say(question, "UTC", &|_| None).unwrap();
        assert_eq!(words, r#"{"describe":["every 58 s","",""],"explain":[]}"#);
        assert!(say("{}", "UTC", &|_| None).is_err());
    }
}
