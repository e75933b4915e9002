//! A job's state in sentences, in both languages.

use crate::locale::Locale;
use crate::protocol::JobState;
use crate::scheduler::Job;
use crate::time::{Timestamp, in_words};

/// What there is to say about a job.
pub(crate) struct Situation<'a> {
    /// Its trigger in words.
    pub(crate) words: String,
    pub(crate) job: &'a Job,
    pub(crate) state: JobState,
    /// Whether all jobs are held back.
    pub(crate) standby: bool,
    pub(crate) under_way_since: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

/// A job's state: when it fires, what it does now, what comes next and what came last.
pub(crate) fn explain(situation: &Situation, locale: Locale) -> String {
    let sentences = match locale {
        Locale::En => english(situation),
        Locale::Zh => chinese(situation),
    };
    match locale {
        Locale::En => sentences.join(" "),
        Locale::Zh => sentences.concat(),
    }
}

fn english(situation: &Situation) -> Vec<String> {
    let Situation { words, job, state, standby, under_way_since, now } = situation;
    let progress = &job.progress;
    let mut said = vec![format!("Fires {words}.")];
    said.push(match state {
        JobState::Waiting => "It waits for its next fire.".to_owned(),
        JobState::Running => match under_way_since {
            Some(since) => {
                format!("A fire is under way since {since}, for {}.", in_words(now.since(*since)))
            }
            None => "A fire is under way.".to_owned(),
        },
        JobState::Paused => "It is paused; resume it to go on.".to_owned(),
        JobState::Unbound => {
            "It is due, but no page has bound its function; open the page that adds it.".to_owned()
        }
        JobState::Finished if job.is_exhausted() => {
            "It is finished: it has fired as often as it may.".to_owned()
        }
        JobState::Finished => "It is finished: its trigger never fires again.".to_owned(),
    });
    if *standby {
        said.push("All jobs are held back; resume the scheduler to go on.".to_owned());
    }
    if let Some(next) = job.due() {
        said.push(if next > *now {
            format!("Its next fire is at {next}, in {}.", in_words(next.since(*now)))
        } else {
            format!("Its next fire was due at {next}, {} ago.", in_words(now.since(next)))
        });
    }
    if let Some(last) = progress.last {
        said.push(format!("Its last fire was of {last}; {} were carried out.", progress.fires));
    }
    if progress.skipped > 0 {
        said.push(format!(
            "{} in a row were skipped, as one was under way; give it a longer interval or a shorter fire_timeout.",
            progress.skipped
        ));
    }
    if !progress.waiting.is_empty() {
        said.push(format!("{} wait for the one under way to end.", progress.waiting.len()));
    }
    said
}

fn chinese(situation: &Situation) -> Vec<String> {
    let Situation { words, job, state, standby, under_way_since, now } = situation;
    let progress = &job.progress;
    let mut said = vec![format!("触发规则：{words}。")];
    said.push(match state {
        JobState::Waiting => "正在等待下一次触发。".to_owned(),
        JobState::Running => match under_way_since {
            Some(since) => {
                format!("一次触发自 {since} 起正在执行，已 {}。", in_words(now.since(*since)))
            }
            None => "一次触发正在执行。".to_owned(),
        },
        JobState::Paused => "已暂停；继续后才会触发。".to_owned(),
        JobState::Unbound => "已到期，但没有页面绑定其函数；请打开添加它的页面。".to_owned(),
        JobState::Finished if job.is_exhausted() => "已结束：达到触发次数上限。".to_owned(),
        JobState::Finished => "已结束：触发规则不会再触发。".to_owned(),
    });
    if *standby {
        said.push("所有作业均已暂停；继续调度器后才会触发。".to_owned());
    }
    if let Some(next) = job.due() {
        said.push(if next > *now {
            format!("下一次触发在 {next}，{} 后。", in_words(next.since(*now)))
        } else {
            format!("下一次触发应在 {next}，已过 {}。", in_words(now.since(next)))
        });
    }
    if let Some(last) = progress.last {
        said.push(format!("上一次触发为 {last}；共执行 {} 次。", progress.fires));
    }
    if progress.skipped > 0 {
        said.push(format!(
            "因上一次仍在执行，连续跳过 {} 次；请加大间隔或缩短 fire_timeout。",
            progress.skipped
        ));
    }
    if !progress.waiting.is_empty() {
        said.push(format!("{} 次触发在等待当前一次结束。", progress.waiting.len()));
    }
    said
}
