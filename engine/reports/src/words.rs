//! What reports say besides the engine's own sentences, in two languages.

use baton_engine::locale::Locale;
use baton_engine::protocol::{StagePhase, StageView};

use crate::format::Format;

fn choose(locale: Locale, english: String, chinese: String) -> String {
    match locale {
        Locale::En => english,
        Locale::Zh => chinese,
    }
}

pub(crate) fn no_such_format(format: &str, locale: Locale) -> String {
    let known = Format::ALL.map(Format::word).join(", ");
    choose(
        locale,
        format!("there is no report \"{format}\"; use one of {known}"),
        format!("没有报告“{format}”；请使用 {known} 之一"),
    )
}

pub(crate) fn unreadable(why: &str, locale: Locale) -> String {
    choose(
        locale,
        format!("the recording of the run can't be read: {why}"),
        format!("无法读取该运行的记录：{why}"),
    )
}

pub(crate) fn no_matrix(locale: Locale) -> String {
    choose(
        locale,
        "this run has no matrix; name \"fields\" in its chain, and a \"record\" in its stages"
            .into(),
        "该运行没有字段矩阵；请在链路中写明 \"fields\"，并在阶段中写明 \"record\"".into(),
    )
}

/// Why a stage has no result: it was not reached, was ended by a user, or is still open.
pub(crate) fn no_result(stage: &StageView, ended_by: Option<&StageView>, locale: Locale) -> String {
    match (stage.phase, ended_by) {
        (StagePhase::NotStarted, Some(other)) => choose(
            locale,
            format!("not started: \"{}\" {}", other.name, other.phase.word(locale)),
            format!("未开始：“{}”{}", other.name, other.phase.word(locale)),
        ),
        (StagePhase::Cancelled, _) => {
            choose(locale, "cancelled by a user".into(), "由用户取消".into())
        }
        (StagePhase::Waiting | StagePhase::Calling | StagePhase::Holding, _) => choose(
            locale,
            format!("not ended when this was written: {}", stage.phase.word(locale)),
            format!("生成报告时尚未结束：{}", stage.phase.word(locale)),
        ),
        (phase, _) => phase.word(locale).to_owned(),
    }
}

/// What is worth knowing of a stage whatever it came to.
pub(crate) fn marks(stage: &StageView, locale: Locale) -> Vec<String> {
    let mut said = Vec::new();
    let mut say = |there: bool, english: &str, chinese: &str| {
        if there {
            said.push(choose(locale, english.to_owned(), chinese.to_owned()));
        }
    };
    say(stage.late, "late: passed after its time limit", "迟到：在时限之后才通过");
    say(
        stage.flapping,
        "flapping: it passed, and then did not, while it had to last",
        "波动：在保持期间曾通过又未通过",
    );
    say(
        stage.unconfirmed,
        "unconfirmed: taken as sent; its answer is not known",
        "未确认：视为已发送；响应未知",
    );
    if let Some(run) = &stage.seeded_from {
        said.push(choose(
            locale,
            format!("taken over from run {run}, where it was verified"),
            format!("沿用运行 {run} 中的验证结果"),
        ));
    }
    said
}

pub(crate) fn left_out(attempts: usize, locale: Locale) -> String {
    choose(
        locale,
        format!("{attempts} earlier attempts are left out here"),
        format!("此处省略更早的 {attempts} 次尝试"),
    )
}

pub(crate) fn expected_found(expected: Option<&str>, found: &str, locale: Locale) -> String {
    match expected {
        Some(expected) => choose(
            locale,
            format!("expected {expected}, found {found}"),
            format!("预期 {expected}，实际 {found}"),
        ),
        None => choose(locale, format!("found {found}"), format!("实际 {found}")),
    }
}

pub(crate) fn nothing(locale: Locale) -> String {
    choose(locale, "nothing".into(), "无".into())
}
