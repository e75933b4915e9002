//! The sentences of the screens that have arguments, one function each.

use std::fmt::Write;

use baton_engine::locale::Locale;

/// How far a run has come: `2/5`, for ears.
pub fn progress(passed: usize, of: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{passed} of {of} stages passed"),
        Locale::Zh => format!("{of} 个阶段中已通过 {passed} 个"),
    }
}

/// Which attempt this is.
pub fn try_number(number: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("try {number}"),
        Locale::Zh => format!("第 {number} 次"),
    }
}

/// How many attempts there were.
pub fn tries(count: u32, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::En) => "1 try".into(),
        (_, Locale::En) => format!("{count} tries"),
        (_, Locale::Zh) => format!("{count} 次尝试"),
    }
}

/// A run by its number.
pub fn run_number(number: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("run #{number}"),
        Locale::Zh => format!("第 {number} 次运行"),
    }
}

/// What a run has kept.
pub fn kept_by(number: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Kept by run #{number}"),
        Locale::Zh => format!("第 {number} 次运行的证据"),
    }
}

/// The run that a retry takes up.
pub fn retry_of(number: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Retry of run #{number}"),
        Locale::Zh => format!("重试自第 {number} 次运行"),
    }
}

/// A run that takes this one up.
pub fn retried_as(number: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Retried as run #{number}"),
        Locale::Zh => format!("已重试为第 {number} 次运行"),
    }
}

/// How many of a chain's latest runs have passed.
pub fn passed_of_last(passed: usize, of: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{passed} of the last {of} passed"),
        Locale::Zh => format!("最近 {of} 次中通过 {passed} 次"),
    }
}

/// How often a chain's latest runs have come to what.
pub fn last_runs(
    of: usize,
    parts: impl Iterator<Item = (String, usize)>,
    locale: Locale,
) -> String {
    let mut sentence = match locale {
        Locale::En => format!("Last {of} runs"),
        Locale::Zh => format!("最近 {of} 次运行"),
    };
    for (at, (word, count)) in parts.enumerate() {
        sentence.push_str(match (at, locale) {
            (0, Locale::En) => ": ",
            (_, Locale::En) => ", ",
            (0, Locale::Zh) => "：",
            (_, Locale::Zh) => "，",
        });
        // Writing into a text cannot fail.
        let _ = write!(sentence, "{word} {count}");
    }
    sentence
}

/// When a schedule starts the next run.
pub fn next_start(date: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Starts by itself: {date}"),
        Locale::Zh => format!("按计划自动运行：{date}"),
    }
}

/// The countdown to the next poll, in words around a clock.
pub fn next_in(clock: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("next in {clock}"),
        Locale::Zh => format!("{clock} 后轮询"),
    }
}

/// How much of the time limit is left.
pub fn time_left(clock: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{clock} left"),
        Locale::Zh => format!("剩余 {clock}"),
    }
}

/// How far a hold by time has come.
pub fn held_for(held: &str, need: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("held {held} of {need}"),
        Locale::Zh => format!("已保持 {held}，共需 {need}"),
    }
}

/// How far a hold by polls has come.
pub fn held_polls(seen: u32, need: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("held {seen} of {need} polls"),
        Locale::Zh => format!("已保持 {seen}/{need} 次轮询"),
    }
}

/// The document's problems, counted.
pub fn problems(count: usize, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::En) => "1 problem".into(),
        (_, Locale::En) => format!("{count} problems"),
        (_, Locale::Zh) => format!("{count} 个问题"),
    }
}

/// A line of the document.
pub fn line(number: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Go to line {number}"),
        Locale::Zh => format!("转到第 {number} 行"),
    }
}

/// Where the document stops being JSON, so that the form can't be drawn from it.
pub fn no_form(message: &str, line: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Line {line} is not JSON ({message}), so the form can't be used."),
        Locale::Zh => format!("第 {line} 行不是有效的 JSON（{message}），无法使用表单。"),
    }
}

/// What stands in a field is not JSON.
pub fn not_json_yet(message: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Not JSON yet, so not in the document: {message}"),
        Locale::Zh => format!("还不是有效的 JSON，尚未写入文档：{message}"),
    }
}

/// A field whose text is not in the document, so that it is not saved.
pub fn unfinished(place: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("What stands in {place} is not JSON yet."),
        Locale::Zh => format!("{place} 中的内容还不是有效的 JSON。"),
    }
}

/// Keys that the form has no fields for.
pub fn other_keys(keys: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Other keys, kept as they are: {keys}."),
        Locale::Zh => format!("其他键，原样保留：{keys}。"),
    }
}

/// What holds where nothing is chosen.
pub fn by_default(word: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{word} (default)"),
        Locale::Zh => format!("{word}（默认）"),
    }
}

/// Someone saved in between.
pub fn conflict(revision: u32, locale: Locale) -> String {
    match locale {
        Locale::En => {
            format!("Revision {revision} was saved meanwhile, in another tab or by another page.")
        }
        Locale::Zh => format!("其间已在另一标签页或页面保存了修订 {revision}。"),
    }
}

/// The revision that was saved.
pub fn saved(revision: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Saved as revision {revision}"),
        Locale::Zh => format!("已保存为修订 {revision}"),
    }
}

/// How much of a body is shown.
pub fn shown_of(shown: &str, of: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("The first {shown} of {of} are shown"),
        Locale::Zh => format!("仅显示 {of} 中的前 {shown}"),
    }
}

/// Attempts that are folded away.
pub fn earlier_attempts(count: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Show {count} earlier"),
        Locale::Zh => format!("显示更早的 {count} 次"),
    }
}

/// Records that are folded away.
pub fn more_records(count: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Show {count} more"),
        Locale::Zh => format!("再显示 {count} 条"),
    }
}

/// A commit fails and is tried again.
pub fn store_trouble(message: &str, failures: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!(
            "The store does not take writes ({message}), {failures} times in a row; trying again"
        ),
        Locale::Zh => format!("存储连续 {failures} 次无法写入（{message}）；正在重试"),
    }
}

/// Rows that could not be read.
pub fn quarantined(count: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{count} unreadable records are kept aside"),
        Locale::Zh => format!("{count} 条无法读取的记录已另存"),
    }
}

/// A stage ended, for the live region.
pub fn stage_passed(chain: &str, stage: &str, attempts: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{chain}: {stage} passed after {}", tries(attempts, locale)),
        Locale::Zh => format!("{chain}：{stage} 经 {}通过", tries(attempts, locale)),
    }
}

/// A stage entered another state, for the live region.
pub fn stage_is(chain: &str, stage: &str, word: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{chain}: {stage}: {word}"),
        Locale::Zh => format!("{chain}：{stage}：{word}"),
    }
}

/// A run came to nothing good, for the assertive region.
pub fn run_ended(chain: &str, word: &str, stage: &str, why: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{chain}: {word} at {stage}. {why}"),
        Locale::Zh => format!("{chain}：{stage} {word}。{why}"),
    }
}

/// What a button does, and to what.
pub fn act_on(act: &str, what: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{act}: {what}"),
        Locale::Zh => format!("{act}：{what}"),
    }
}

/// An attempt's place, for the name of its button.
pub fn attempt_of(number: u32, stage: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Attempt {number} of {stage}"),
        Locale::Zh => format!("{stage} 第 {number} 次尝试"),
    }
}

/// The name of a duplicate.
pub fn copy_of(name: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{name} (copy)"),
        Locale::Zh => format!("{name}（副本）"),
    }
}

/// How many runs there are.
pub fn runs(count: usize, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::En) => "1 run".into(),
        (_, Locale::En) => format!("{count} runs"),
        (_, Locale::Zh) => format!("{count} 次运行"),
    }
}

/// The runs that are not shown.
pub fn more_runs(count: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Show more ({count} left)"),
        Locale::Zh => format!("显示更多（剩余 {count} 次）"),
    }
}

/// Two runs that are compared.
pub fn two_runs(first: u32, second: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("run #{first} and run #{second}"),
        Locale::Zh => format!("第 {first} 次与第 {second} 次运行"),
    }
}

/// One run is chosen, and another is wanted.
pub fn one_more(number: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("run #{number}, and one more"),
        Locale::Zh => format!("已选第 {number} 次，再选一次"),
    }
}

/// How often a stage was not there in time, where it has no time.
pub fn never_in_time(count: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("never in {count}"),
        Locale::Zh => format!("{count} 次未到"),
    }
}

/// A time limit that would do, beside the one that there is.
pub fn limit(suggested: &str, now: &str, locale: Locale) -> String {
    match locale {
        _ if suggested == now => now.to_owned(),
        Locale::En => format!("{now}; {suggested} would do"),
        Locale::Zh => format!("{now}；{suggested} 即可"),
    }
}

/// Kinds of things, counted: `1 broken, 2 alike`.
pub fn counted(parts: impl Iterator<Item = (String, usize)>, locale: Locale) -> String {
    let part = |(word, count): (String, usize)| match locale {
        Locale::En => format!("{count} {word}"),
        Locale::Zh => format!("{word} {count}"),
    };
    let parts: Vec<String> = parts.map(part).collect();
    parts.join(match locale {
        Locale::En => ", ",
        Locale::Zh => "，",
    })
}

/// How often the engine polls.
pub fn polls(tenths: u32, locale: Locale) -> String {
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let number = if tenth == 0 { whole.to_string() } else { format!("{whole}.{tenth}") };
    match locale {
        Locale::En if tenths == 10 => "1 poll/s".into(),
        Locale::En => format!("{number} polls/s"),
        Locale::Zh => format!("每秒 {number} 次轮询"),
    }
}

/// When a run will have passed.
pub fn expected_at(clock: &str, usually: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("expected about {clock}, usually {usually}"),
        Locale::Zh => format!("预计 {clock} 左右完成，通常用时 {usually}"),
    }
}

/// A run has lasted longer than such runs do.
pub fn longer_than_usual(usually: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("longer than usual, which is {usually}"),
        Locale::Zh => format!("已超过通常用时 {usually}"),
    }
}

/// How long until a stage usually has its data.
pub fn expected_in(clock: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("expected in about {clock}"),
        Locale::Zh => format!("预计约 {clock} 后到达"),
    }
}
