//! The sentences of the screens that have arguments, one function each.

use std::fmt::Write;

use baton_engine::locale::Locale;

/// From where on a file is not JSON.
pub fn not_json_from(line: u64, column: u64, locale: Locale) -> String {
    match locale {
        Locale::En => format!(
            "The file is not JSON from line {line}, column {column} on; nothing was imported. Choose a file that Baton exported."
        ),
        Locale::Zh => format!(
            "文件自第 {line} 行第 {column} 列起不是 JSON；未导入任何内容。请选择由 Baton 导出的文件。"
        ),
    }
}

/// A file is something else.
pub fn no_export(locale: Locale) -> String {
    match locale {
        Locale::En => {
            "The file has no \"baton_export\", so it is no export of Baton; nothing was imported."
        }
        Locale::Zh => "文件中没有 \"baton_export\"，不是 Baton 的导出文件；未导入任何内容。",
    }
    .to_owned()
}

/// A later version wrote a file.
pub fn later_export(version: u64, locale: Locale) -> String {
    match locale {
        Locale::En => format!(
            "A later version of Baton wrote the file (form {version}); nothing was imported. Reload this page to get that version."
        ),
        Locale::Zh => format!(
            "文件由更新版本的 Baton 导出（格式 {version}）；未导入任何内容。请刷新页面以获得该版本。"
        ),
    }
}

/// Something else stands at a place of a file.
pub fn bad_place(place: &str, locale: Locale) -> String {
    match locale {
        Locale::En => {
            format!("The file is damaged at {place}; nothing was imported. Export it again.")
        }
        Locale::Zh => format!("文件在 {place} 处已损坏；未导入任何内容。请重新导出。"),
    }
}

/// How far a work on runs is.
pub fn runs_done(done: usize, of: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{done} of {of} runs"),
        Locale::Zh => format!("{done}/{of} 次运行"),
    }
}

/// That everything was exported.
pub fn exported(runs: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Exported, with {}. The file has no secrets.", counted_runs(runs)),
        Locale::Zh => format!("已导出，含 {runs} 次运行。文件中没有机密。"),
    }
}

fn counted_runs(runs: usize) -> String {
    if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") }
}

/// What an import brought of a kind.
pub fn came(kind: &str, new: usize, same: usize, different: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{kind}: {new} new, {same} the same, {different} different"),
        Locale::Zh => format!("{kind}：新增 {new}，相同 {same}，不同 {different}"),
    }
}

/// That what is here was kept.
pub fn kept_yours(kind: &str, name: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{kind}: {name} differs; yours was kept"),
        Locale::Zh => format!("{kind}：{name} 不同，已保留现有内容"),
    }
}

/// That runs which began while all were erased are left.
pub fn runs_left(runs: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{} began meanwhile: erase once more", counted_runs(runs)),
        Locale::Zh => format!("期间又开始了 {runs} 次运行：请再次清除"),
    }
}

/// That a file is too large, in millions of bytes.
pub fn large_export(megabytes: u64, most: u64, locale: Locale) -> String {
    match locale {
        Locale::En => format!(
            "The file has {megabytes} MB; at most {most} are read. Export fewer runs: let retention or removal take some away first"
        ),
        Locale::Zh => format!(
            "文件大小为 {megabytes} MB，最多可读取 {most} MB。请先通过保留设置或删除减少运行，再重新导出"
        ),
    }
}

/// That the browser could not read a file.
pub fn unread_file(why: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("The file could not be read: {why}. Choose it again"),
        Locale::Zh => format!("无法读取文件：{why}。请重新选择"),
    }
}

/// That how long runs stay is as it was, whatever an imported file says.
pub fn retention_stays(locale: Locale) -> String {
    match locale {
        Locale::En => "How long runs stay was not taken from the file: set it above".to_owned(),
        Locale::Zh => "未采用文件中的保留设置：如有需要，请在上方设置".to_owned(),
    }
}

/// What there is.
pub fn counted(
    (chains, runs, attempts): (usize, usize, u64),
    evidence: Option<&str>,
    locale: Locale,
) -> String {
    let mut said = match locale {
        Locale::En => {
            let (chains, attempts) = (plural(chains as u64, "chain"), plural(attempts, "attempt"));
            format!("{chains}, {}, {attempts}", counted_runs(runs))
        }
        Locale::Zh => format!("{chains} 条链路、{runs} 次运行、{attempts} 次尝试"),
    };
    if let Some(evidence) = evidence {
        said.push_str(match locale {
            Locale::En => "; evidence: ",
            Locale::Zh => "；证据：",
        });
        said.push_str(evidence);
    }
    said
}

fn plural(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// How much space the browser counts.
pub fn space_used(used: &str, quota: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{used} of the {quota} that the browser allows"),
        Locale::Zh => format!("已用 {used}，浏览器允许 {quota}"),
    }
}

/// What goes with all runs.
pub fn runs_go(runs: usize, locale: Locale) -> String {
    match locale {
        Locale::En => {
            format!(
                "{} with all evidence, and those under way are cancelled. Chains, secrets and settings stay.",
                counted_runs(runs)
            )
        }
        Locale::Zh => {
            format!("{runs} 次运行及其全部证据将被清除，进行中的会先取消。链路、机密和设置保留。")
        }
    }
}

/// What goes with everything.
pub fn all_goes(chains: usize, runs: usize, secrets: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!(
            "{}, {} with all evidence, {}, and every setting, in all tabs.",
            plural(chains as u64, "chain"),
            counted_runs(runs),
            plural(secrets as u64, "secret"),
        ),
        Locale::Zh => format!(
            "{chains} 条链路、{runs} 次运行及其全部证据、{secrets} 个机密和所有设置都将在全部标签页中清除。"
        ),
    }
}

/// What has to be typed.
pub fn type_to_erase(word: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Type \"{word}\" to go on"),
        Locale::Zh => format!("输入“{word}”以继续"),
    }
}

/// Chains whose latest run came to nothing good, for a title.
pub fn failed_count(count: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{count} failed"),
        Locale::Zh => format!("{count} 失败"),
    }
}

/// Chains with an open run, for a title.
pub fn live_count(count: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("{count} live"),
        Locale::Zh => format!("{count} 进行中"),
    }
}

/// That instants are told in local time.
pub fn local_times(offset: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Times are local, UTC{offset}"),
        Locale::Zh => format!("时间为本地时间，UTC{offset}"),
    }
}

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

/// How many items a list has.
pub fn items(count: usize, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::En) => "1 item".into(),
        (_, Locale::En) => format!("{} items", grouped(count)),
        (_, Locale::Zh) => format!("{} 项", grouped(count)),
    }
}

/// How many keys an object has.
pub fn keys(count: usize, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::En) => "1 key".into(),
        (_, Locale::En) => format!("{} keys", grouped(count)),
        (_, Locale::Zh) => format!("{} 个键", grouped(count)),
    }
}

/// That an attempt's response is compared with an earlier one's.
pub fn diff_with(number: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Diff with #{number}"),
        Locale::Zh => format!("与第 {number} 次比较"),
    }
}

/// How many differences there are; all else is folded.
pub fn differences(count: usize, is_all: bool, locale: Locale) -> String {
    match (count, is_all, locale) {
        (0, _, Locale::En) => "No difference".into(),
        (0, _, Locale::Zh) => "没有差异".into(),
        (1, true, Locale::En) => "1 difference; all else is the same".into(),
        (_, true, Locale::En) => format!("{} differences; all else is the same", grouped(count)),
        (_, true, Locale::Zh) => format!("{} 处差异，其余相同", grouped(count)),
        (_, false, Locale::En) => format!("The first {} differences", grouped(count)),
        (_, false, Locale::Zh) => format!("前 {} 处差异", grouped(count)),
    }
}

/// Lines that are the same.
pub fn same_lines(count: usize, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::En) => "… 1 line that is the same".into(),
        (_, Locale::En) => format!("… {} lines that are the same", grouped(count)),
        (_, Locale::Zh) => format!("… {} 行相同", grouped(count)),
    }
}

/// How many values a path selects.
pub fn matches(count: usize, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::En) => "1 match".into(),
        (_, Locale::En) => format!("{} matches", grouped(count)),
        (_, Locale::Zh) => format!("{} 处匹配", grouped(count)),
    }
}

/// How far a path comes that selects nothing, and what is there instead: names, or so many items.
pub fn reached(
    (path, rest): (&str, &str),
    names: &[String],
    items: Option<u32>,
    locale: Locale,
) -> String {
    let begun = match locale {
        Locale::En => format!("`{path}` matches, `{rest}` doesn't: "),
        Locale::Zh => format!("`{path}` 可匹配，`{rest}` 不匹配："),
    };
    let there = match (names, items, locale) {
        ([], None, Locale::En) => "there is nothing in it".into(),
        ([], None, Locale::Zh) => "其中没有内容".into(),
        ([], Some(count), Locale::En) => format!("there are {count} items"),
        ([], Some(count), Locale::Zh) => format!("其中有 {count} 项"),
        ([name], _, Locale::En) => format!("there is {name}"),
        (names, _, Locale::En) => format!("there are {}", names.join(", ")),
        (names, _, Locale::Zh) => format!("其中有 {}", names.join("、")),
    };
    begun + &there
}

/// That a value is to equal another.
pub fn equals(value: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("equals {value}"),
        Locale::Zh => format!("等于 {value}"),
    }
}

/// That there are to be so many.
pub fn counts(count: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!("count is {}", grouped(count)),
        Locale::Zh => format!("数量为 {}", grouped(count)),
    }
}

/// What was added to a document, by its place.
pub fn added(place: &str, locale: Locale) -> String {
    match locale {
        Locale::En => format!("Added: {place}"),
        Locale::Zh => format!("已添加：{place}"),
    }
}

/// A number in groups of three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
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

/// How long it is until the deadline.
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

/// Attempts that saw the same as the one before them.
pub fn same_after(count: u32, locale: Locale) -> String {
    match locale {
        Locale::En => format!("×{count} the same"),
        Locale::Zh => format!("×{count} 结果相同"),
    }
}

/// How long nothing was polled that was due.
pub fn asleep(span: &str, missed: u64, locale: Locale) -> String {
    match (missed, locale) {
        (1, Locale::En) => format!("asleep {span}, 1 poll missed"),
        (_, Locale::En) => format!("asleep {span}, {missed} polls missed"),
        (_, Locale::Zh) => format!("休眠 {span}，错过 {missed} 次轮询"),
    }
}

/// Parts in a row.
pub fn listed(parts: &[String], locale: Locale) -> String {
    parts.join(match locale {
        Locale::En => ", ",
        Locale::Zh => "，",
    })
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
    match (failures, locale) {
        (1, Locale::En) => format!("The store did not take a write ({message}); trying again"),
        (1, Locale::Zh) => format!("存储无法写入（{message}）；正在重试"),
        (_, Locale::En) => format!(
            "The store does not take writes ({message}), {failures} times in a row; trying again"
        ),
        (_, Locale::Zh) => format!("存储连续 {failures} 次无法写入（{message}）；正在重试"),
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

/// A word and what it is of: what a button does, and to what.
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
pub fn kinds(parts: impl Iterator<Item = (String, usize)>, locale: Locale) -> String {
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
