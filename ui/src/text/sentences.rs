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
