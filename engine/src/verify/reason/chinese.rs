//! Reasons in Chinese.

use crate::time::Timestamp;
use crate::verify::op::Op;

use super::{NotJson, Reason, words};
use crate::locale::Locale;

impl Reason {
    #[expect(clippy::too_many_lines, reason = "one arm a code")]
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::Network { diagnosis } => diagnosis.sentence(Locale::Zh),
            Self::AttemptTimeout { after_ms } => format!("{} 内没有响应", words(*after_ms)),
            Self::StatusNotYet { status } => format!("返回 {status}：尚未到达"),
            Self::StatusWrong { status } => format!("返回 {status}：是请求有误，而非数据"),
            Self::BodyTooLarge { limit_bytes } => {
                format!("响应体超过 {limit_bytes} 字节；请缩小查询范围")
            }
            Self::NotJson { kind } => format!("不是 JSON：{}", chinese_kind(*kind)),
            Self::NotJsonAgain { kind: NotJson::Html, in_a_row } => {
                format!("连续 {in_a_row} 次返回 HTML：是登录页吗？")
            }
            Self::NotJsonAgain { kind, in_a_row } => {
                format!("连续 {in_a_row} 次不是 JSON：{}", chinese_kind(*kind))
            }
            Self::NeedsAccess { status } => {
                format!("此前可访问，现返回 {status}：请更新令牌，然后继续")
            }
            Self::AllPass { checks: 0 } => "已响应".into(),
            Self::AllPass { checks } => format!("{checks} 项检查全部成立"),
            Self::Holds { what, got } => format!("{what} 为 {got}"),
            Self::Missing { what } => format!("{what} 尚未出现"),
            Self::Null { what } => format!("{what} 仍为 null"),
            Self::Differs { what, got, want } => format!("{what} 为 {got}，应为 {want}"),
            Self::NotConvertible { what, got, filter } => {
                format!("{what} 为 {got}，{}", chinese_filter(filter))
            }
            Self::StillInProgress { what, got } => format!("{what} 仍为 {got}"),
            Self::CountBelow { what, seen, want } => format!("{what} 处已有 {seen}/{want}"),
            Self::CountReached { what, seen, want } => format!("{what} 处已有 {seen}/{want}"),
            Self::CountAbove { what, seen, want, duplicates } => {
                format!("{what} 处有 {seen} 条，应为 {want} 条{}", chinese_duplicates(duplicates))
            }
            Self::Matched { what, seen } => format!("{what} 匹配了 {seen} 个值，应恰好一个"),
            Self::TooManyNodes { what, limit } => {
                format!("{what} 涉及的值超过 {limit} 个；请缩小路径")
            }
            Self::BadPath { what, message } => {
                format!("代入取值后 {what} 不是路径：{message}")
            }
            Self::Unconfirmed { seen, need, wrong } => {
                format!("连续错误 {seen}/{need} 次：{}", wrong.chinese())
            }
            Self::NoLongerHolds { stage, now } => {
                let now = now.chinese_gone().unwrap_or_else(|| now.chinese());
                format!("“{stage}”曾通过验证，现已不同：{now}")
            }
            Self::StopHolds { what, got } => format!("已停止：{what} 为 {got}"),
            Self::EmptyBody => "响应体为空：尚未到达".into(),
            Self::HeaderHidden { name } => format!(
                "响应头 `{name}` 被浏览器隐藏，无法判断是否存在；请让服务器发送 `Access-Control-Expose-Headers: {name}`"
            ),
            Self::HeaderWithheld { name } => format!(
                "响应头 `{name}` 被代理拦下；请在代理配置中把它加入该上游的 `response_headers`"
            ),
            Self::NotThere { what } => format!("{what} 不存在"),
            Self::NullIn { what, nth, of } => {
                format!("{what} 共 {of} 个，第 {nth} 个仍为 null")
            }
            Self::MissingIn { what, nth, of } => {
                format!("{what} 共 {of} 处，第 {nth} 处尚缺")
            }
            Self::Unlike { what, got, op, want } => {
                format!("{what} 为 {got}，{}", chinese_unlike(*op, want))
            }
            Self::NotComparable { what, got, op } => {
                format!("{what} 为 {got}，{}", chinese_need(*op))
            }
            Self::NoZone { what, got } => {
                format!("{what} 为 {got}，该时间没有时区，无法确定是哪一时刻；请给出其 \"zone\"")
            }
            Self::UnknownZone { what, zone } => {
                format!("{what} 的时区 {zone} 未知；请使用 IANA 名称")
            }
            Self::TargetNotConvertible { want, filter } => {
                format!("期望值为 {want}，{}", chinese_filter(filter))
            }
            Self::NoNumber { want, op } => {
                format!("期望值为 {want}，而 `{}` 需要数；请更正其 value，或添加过滤器", op.word())
            }
            Self::SchemaFails { what, at, got, keyword, want } => {
                format!("{what}{at} 为 {got}，不符合 schema：{keyword} {want}")
            }
            Self::BadPattern { what, message } => format!("{what} 不是可用的正则：{message}"),
            Self::NotRecorded { stage, field } => {
                format!("阶段 \"{stage}\" 没有记录 `{field}`，无从比较；请检查其 record")
            }
            Self::NeedsHold { what } => {
                format!("一次轮询不能证明 {what} 处没有数据；请为阶段设置 \"hold\"")
            }
            Self::CountBeyond { what, seen, most, duplicates } => {
                format!(
                    "{what} 处有 {seen} 条，至多应为 {most} 条{}",
                    chinese_duplicates(duplicates)
                )
            }
            Self::SumBelow { what, seen, want } => format!("{what} 处合计 {seen}/{want}"),
            Self::SumReached { what, seen, want } => format!("{what} 处合计 {seen}/{want}"),
            Self::SumAbove { what, seen, want } => {
                format!("{what} 处合计 {seen}，应为 {want}，而合计只会增加")
            }
            Self::ValueTooLong { what, limit_bytes } => {
                format!("{what} 超过 {limit_bytes} 字节，过长，无法比较")
            }
            Self::Both { first, second } => {
                format!("{}；{}", first.chinese(), second.chinese())
            }
            Self::CaptureMissing { name } => format!("提取项 `{name}` 尚未出现"),
            Self::CaptureSeveral { name, seen } => {
                format!("提取项 `{name}` 选中 {seen} 个值，应恰好一个")
            }
            Self::Unresolved { name } => format!("`{{{{{name}}}}}` 没有值"),
            Self::DeadlinePassed { timeout_ms, last, since } => {
                chinese_last(format!("{} 内未到达", words(*timeout_ms)), last.as_deref(), *since)
            }
            Self::AttemptsUsedUp { attempts, last, since } => {
                chinese_last(format!("尝试 {attempts} 次后仍未到达"), last.as_deref(), *since)
            }
            Self::SentNotAccepted { answer } => {
                format!("已发送一次，未被接受：{}", answer.chinese())
            }
            Self::MayHaveBeenSent => "收到响应前被中断：可能已发送，因此不再重发".into(),
            Self::TakenAsSent => "响应未知；视为已发送，未经确认".into(),
            Self::AttemptLost => "页面关闭时响应丢失".into(),
        }
    }
}

fn chinese_kind(kind: NotJson) -> &'static str {
    match kind {
        NotJson::Empty => "响应体为空",
        NotJson::Html => "响应体是 HTML 页面",
        NotJson::Truncated => "响应体不完整",
        NotJson::TooDeep => "响应体嵌套过深",
        NotJson::Garbled => "响应体不是 UTF-8；是否为其他字符集？",
        NotJson::Text => "响应体是其他文本",
    }
}

fn chinese_duplicates(duplicates: &[String]) -> String {
    if duplicates.is_empty() {
        return String::new();
    }
    format!("；重复：{}", duplicates.join("、"))
}

fn chinese_last(limit: String, last: Option<&Reason>, since: Option<Timestamp>) -> String {
    match (last, since) {
        (Some(last), Some(since)) => {
            format!("{limit}：{}（自 {} 起）", last.chinese(), since.whole_second())
        }
        (Some(last), None) => format!("{limit}：{}", last.chinese()),
        (None, _) => limit,
    }
}

/// Why a value has not become what a filter makes.
fn chinese_filter(filter: &str) -> String {
    match filter {
        "sum" | "min" | "max" => format!("不是可以求 {filter} 的数；请先加过滤器 decimal"),
        "length" => "没有 length：只有文本、列表和对象才有".into(),
        "keys" => "没有 keys：只有对象才有".into(),
        "trim" | "lower" | "upper" => format!("不是 {filter} 需要的文本"),
        other => format!("不能转换为 {other}"),
    }
}

fn chinese_unlike(op: Op, want: &str) -> String {
    match op {
        Op::NotEquals => format!("不应为 {want}"),
        Op::Contains => format!("不包含 {want}"),
        Op::NotContains => format!("包含 {want}，但不应包含"),
        Op::StartsWith => format!("不以 {want} 开头"),
        Op::EndsWith => format!("不以 {want} 结尾"),
        Op::Matches => format!("不匹配 {want}"),
        Op::Between => format!("应在 {want} 之间（含两端）"),
        Op::AtLeast => format!("至少应为 {want}"),
        Op::AtMost => format!("至多应为 {want}"),
        Op::GreaterThan => format!("应大于 {want}"),
        Op::LessThan => format!("应小于 {want}"),
        Op::NewerThan => format!("不晚于 {want}"),
        Op::OlderThan => format!("不早于 {want}"),
        Op::Absent => "但不应存在".into(),
        Op::Equals | Op::OneOf | Op::Exists | Op::Schema | Op::SameAs => format!("应为 {want}"),
    }
}

/// What an operator can't be asked of.
fn chinese_need(op: Op) -> String {
    let word = op.word();
    match op {
        Op::Contains | Op::NotContains => format!("而 `{word}` 需要文本或列表"),
        Op::StartsWith | Op::EndsWith | Op::Matches => format!("而 `{word}` 需要文本"),
        Op::Equals
        | Op::NotEquals
        | Op::OneOf
        | Op::Between
        | Op::AtLeast
        | Op::AtMost
        | Op::GreaterThan
        | Op::LessThan
        | Op::Exists
        | Op::Absent
        | Op::NewerThan
        | Op::OlderThan
        | Op::Schema
        | Op::SameAs => format!("不是 `{word}` 需要的数；请加过滤器 decimal 或 time"),
    }
}

/// What was there before, and is not there now.
impl Reason {
    fn chinese_gone(&self) -> Option<String> {
        match self {
            Self::StatusNotYet { status } => Some(format!("返回 {status}：已不存在")),
            Self::Missing { what } => Some(format!("{what} 已不存在")),
            Self::Null { what } => Some(format!("{what} 现为 null")),
            Self::CountBelow { what, seen, want } => Some(format!("{what} 处仅剩 {seen}/{want}")),
            _ => None,
        }
    }
}
