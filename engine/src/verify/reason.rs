//! Why a verdict is what it is: codes with typed arguments, and the one function that makes their
//! sentences. Stored as codes, so that a reason can be read in another language years later.

use std::time::Duration;

use crate::locale::Locale;
use crate::time::{Timestamp, in_words};

/// What an attempt, or one check of it, comes to. The worst of several is the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// There, and right.
    Pass,
    /// Not there yet: polling goes on.
    Pending,
    /// Wrong: polling can't mend it.
    Fail,
}

/// A verdict with its reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// What it comes to.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

impl Judged {
    /// A pass for this reason.
    pub fn pass(reason: Reason) -> Self {
        Self { verdict: Verdict::Pass, reason }
    }

    /// A pending for this reason.
    pub fn pending(reason: Reason) -> Self {
        Self { verdict: Verdict::Pending, reason }
    }

    /// Whether an answer that passed before is another one now. Not when there is no answer to compare, or
    /// a wrong one that is yet to be confirmed.
    pub(crate) fn is_another_than_before(&self) -> bool {
        match (&self.verdict, &self.reason) {
            (Verdict::Pass, _)
            | (
                Verdict::Pending,
                Reason::Network { .. }
                | Reason::AttemptTimeout { .. }
                | Reason::BodyTooLarge { .. }
                | Reason::NotJson { .. }
                | Reason::Unconfirmed { .. }
                | Reason::AttemptLost,
            ) => false,
            // What is not found now was found before.
            (Verdict::Pending, Reason::StatusNotYet { status }) => matches!(status, 204 | 404),
            (Verdict::Pending | Verdict::Fail, _) => true,
        }
    }

    /// A fail for this reason.
    pub fn fail(reason: Reason) -> Self {
        Self { verdict: Verdict::Fail, reason }
    }
}

/// What a body is that is not the JSON a path needs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NotJson {
    /// Nothing at all.
    Empty,
    /// It begins like a page.
    Html,
    /// It begins like JSON and breaks off.
    Truncated,
    /// Some other text.
    Text,
}

/// Why no answer can be read, as far as a browser lets us know.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Diagnosis {
    /// The browser says that it has no network.
    Offline,
    /// An https page may not call an http address.
    MixedContent,
    /// The page's own Content-Security-Policy forbids the address.
    OwnPolicy,
    /// A browser never sends this header for a page.
    ForbiddenHeader {
        /// The header's name.
        name: String,
    },
    /// The address is not one that can be called.
    BadAddress {
        /// The browser's own words.
        message: String,
    },
    /// The server answers, but does not allow this origin.
    NotAllowed {
        /// The page's origin.
        origin: String,
    },
    /// Nothing answered: down, wrong host, TLS, a blocker, or a missing permission.
    NoAnswer,
}

impl Diagnosis {
    /// Whether polling again could mend it. Mixed content, a forbidden header, our own policy and a
    /// bad address stay as they are.
    pub fn may_pass_by_itself(&self) -> bool {
        match self {
            Self::Offline | Self::NotAllowed { .. } | Self::NoAnswer => true,
            Self::MixedContent
            | Self::OwnPolicy
            | Self::ForbiddenHeader { .. }
            | Self::BadAddress { .. } => false,
        }
    }
}

/// Why: a code with typed arguments. `what` names the reading (`$.rows[*].amount`), `got` and `want`
/// are JSON texts, shortened.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each code's sentence, below, says what it means")]
pub enum Reason {
    // The answer as a whole.
    Network { diagnosis: Diagnosis },
    AttemptTimeout { after_ms: u64 },
    StatusNotYet { status: u16 },
    StatusWrong { status: u16 },
    BodyTooLarge { limit_bytes: u64 },
    NotJson { kind: NotJson },
    NotJsonAgain { kind: NotJson, in_a_row: u32 },
    NeedsAccess { status: u16 },
    AllPass { checks: u32 },

    // One check.
    Holds { what: String, got: String },
    Missing { what: String },
    Null { what: String },
    Differs { what: String, got: String, want: String },
    NotConvertible { what: String, got: String, filter: String },
    StillInProgress { what: String, got: String },
    CountBelow { what: String, seen: u64, want: u64 },
    CountReached { what: String, seen: u64, want: u64 },
    CountAbove { what: String, seen: u64, want: u64, duplicates: Vec<String> },
    Matched { what: String, seen: u64 },
    TooManyNodes { what: String, limit: u64 },
    BadPath { what: String, message: String },
    Unconfirmed { seen: u32, need: u32, wrong: Box<Reason> },
    StopHolds { what: String, got: String },

    // Captures and templates.
    CaptureMissing { name: String },
    CaptureSeveral { name: String, seen: u64 },
    Unresolved { name: String },

    // The stage.
    DeadlinePassed { timeout_ms: u64, last: Option<Box<Reason>>, since: Option<Timestamp> },
    AttemptsUsedUp { attempts: u32, last: Option<Box<Reason>>, since: Option<Timestamp> },
    SentNotAccepted { answer: Box<Reason> },
    NoLongerHolds { stage: String, now: Box<Reason> },
    MayHaveBeenSent,
    TakenAsSent,
    AttemptLost,
}

impl Reason {
    /// The reason as a sentence a person can act on, without a full stop.
    pub fn sentence(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Network { diagnosis } => english_diagnosis(diagnosis),
            Self::AttemptTimeout { after_ms } => format!("no answer within {}", words(*after_ms)),
            Self::StatusNotYet { status } => format!("answered {status}: not there yet"),
            Self::StatusWrong { status } => {
                format!("answered {status}: the request is wrong, not the data")
            }
            Self::BodyTooLarge { limit_bytes } => {
                format!("the body is larger than {limit_bytes} bytes; narrow the query")
            }
            Self::NotJson { kind } => format!("not JSON: {}", english_kind(*kind)),
            Self::NotJsonAgain { kind: NotJson::Html, in_a_row } => {
                format!("answers HTML, {in_a_row} times in a row: a login page?")
            }
            Self::NotJsonAgain { kind, in_a_row } => {
                format!("not JSON, {in_a_row} times in a row: {}", english_kind(*kind))
            }
            Self::NeedsAccess { status } => {
                format!("answered {status} after it had let us in: renew the token, then resume")
            }
            Self::AllPass { checks: 0 } => "answered".into(),
            Self::AllPass { checks: 1 } => "its check holds".into(),
            Self::AllPass { checks } => format!("all {checks} checks hold"),
            Self::Holds { what, got } => format!("{what} is {got}"),
            Self::Missing { what } => format!("{what} is not there yet"),
            Self::Null { what } => format!("{what} is still null"),
            Self::Differs { what, got, want } => format!("{what} is {got}, expected {want}"),
            Self::NotConvertible { what, got, filter } => {
                format!("{what} is {got}, which is not a {filter}")
            }
            Self::StillInProgress { what, got } => format!("{what} is still {got}"),
            Self::CountBelow { what, seen, want } => format!("{seen} of {want} at {what}"),
            Self::CountReached { what, seen, want } => format!("{seen} of {want} at {what}"),
            Self::CountAbove { what, seen, want, duplicates } => {
                format!("{seen} at {what}, expected {want}{}", english_duplicates(duplicates))
            }
            Self::Matched { what, seen } => format!("{what} matched {seen}, expected exactly one"),
            Self::TooManyNodes { what, limit } => {
                format!("{what} goes through more than {limit} values; narrow the path")
            }
            Self::BadPath { what, message } => {
                format!("{what} is no path once its values are filled in: {message}")
            }
            Self::Unconfirmed { seen, need, wrong } => {
                format!("wrong {seen} of {need} times in a row: {}", wrong.english())
            }
            Self::StopHolds { what, got } => format!("stopped: {what} is {got}"),
            Self::CaptureMissing { name } => format!("the capture `{name}` is not there yet"),
            Self::CaptureSeveral { name, seen } => {
                format!("the capture `{name}` selects {seen} values, needs exactly one")
            }
            Self::Unresolved { name } => format!("`{{{{{name}}}}}` has no value"),
            Self::DeadlinePassed { timeout_ms, last, since } => {
                let limit = format!("not there within {}", words(*timeout_ms));
                english_last(limit, last.as_deref(), *since)
            }
            Self::AttemptsUsedUp { attempts, last, since } => {
                let limit = format!("not there after {attempts} attempts");
                english_last(limit, last.as_deref(), *since)
            }
            Self::SentNotAccepted { answer } => {
                format!("sent once, not accepted: {}", answer.english())
            }
            Self::NoLongerHolds { stage, now } => {
                let now = now.english_gone().unwrap_or_else(|| now.english());
                format!("\"{stage}\" was verified, and is not the same any more: {now}")
            }
            Self::MayHaveBeenSent => {
                "interrupted before its answer: it may have been sent, so it is not sent again"
                    .into()
            }
            Self::TakenAsSent => "no answer is known; taken as sent, unconfirmed".into(),
            Self::AttemptLost => "its answer was lost when the page was closed".into(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Network { diagnosis } => chinese_diagnosis(diagnosis),
            Self::AttemptTimeout { after_ms } => format!("{} 内没有应答", words(*after_ms)),
            Self::StatusNotYet { status } => format!("应答 {status}：尚未到达"),
            Self::StatusWrong { status } => format!("应答 {status}：是请求有误，而非数据"),
            Self::BodyTooLarge { limit_bytes } => {
                format!("响应体超过 {limit_bytes} 字节；请缩小查询范围")
            }
            Self::NotJson { kind } => format!("不是 JSON：{}", chinese_kind(*kind)),
            Self::NotJsonAgain { kind: NotJson::Html, in_a_row } => {
                format!("连续 {in_a_row} 次应答 HTML：是登录页吗？")
            }
            Self::NotJsonAgain { kind, in_a_row } => {
                format!("连续 {in_a_row} 次不是 JSON：{}", chinese_kind(*kind))
            }
            Self::NeedsAccess { status } => {
                format!("此前可访问，现应答 {status}：请更新令牌，然后继续")
            }
            Self::AllPass { checks: 0 } => "已应答".into(),
            Self::AllPass { checks } => format!("{checks} 项检查全部成立"),
            Self::Holds { what, got } => format!("{what} 为 {got}"),
            Self::Missing { what } => format!("{what} 尚未出现"),
            Self::Null { what } => format!("{what} 仍为 null"),
            Self::Differs { what, got, want } => format!("{what} 为 {got}，应为 {want}"),
            Self::NotConvertible { what, got, filter } => {
                format!("{what} 为 {got}，不能转换为 {filter}")
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
            Self::StopHolds { what, got } => format!("已停止：{what} 为 {got}"),
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
            Self::NoLongerHolds { stage, now } => {
                let now = now.chinese_gone().unwrap_or_else(|| now.chinese());
                format!("“{stage}”曾通过验证，现已不同：{now}")
            }
            Self::MayHaveBeenSent => "收到应答前被中断：可能已发送，因此不再重发".into(),
            Self::TakenAsSent => "应答未知；视为已发送，未经确认".into(),
            Self::AttemptLost => "页面关闭时应答丢失".into(),
        }
    }
}

/// What was there before, and is not there now.
impl Reason {
    fn english_gone(&self) -> Option<String> {
        match self {
            Self::StatusNotYet { status } => Some(format!("answered {status}: it is gone")),
            Self::Missing { what } => Some(format!("{what} is gone")),
            Self::Null { what } => Some(format!("{what} is null now")),
            Self::CountBelow { what, seen, want } => {
                Some(format!("only {seen} of {want} are left at {what}"))
            }
            _ => None,
        }
    }

    fn chinese_gone(&self) -> Option<String> {
        match self {
            Self::StatusNotYet { status } => Some(format!("应答 {status}：已不存在")),
            Self::Missing { what } => Some(format!("{what} 已不存在")),
            Self::Null { what } => Some(format!("{what} 现为 null")),
            Self::CountBelow { what, seen, want } => Some(format!("{what} 处仅剩 {seen}/{want}")),
            _ => None,
        }
    }
}

fn words(ms: u64) -> String {
    in_words(Duration::from_millis(ms))
}

fn english_diagnosis(diagnosis: &Diagnosis) -> String {
    match diagnosis {
        Diagnosis::Offline => "you are offline; polling waits, the deadline runs".into(),
        Diagnosis::MixedContent => {
            "an https page may not call an http address (mixed content); serve the API over https"
                .into()
        }
        Diagnosis::OwnPolicy => {
            "this page's own Content-Security-Policy forbids the address; add it to `connect-src`"
                .into()
        }
        Diagnosis::ForbiddenHeader { name } => {
            format!(
                "browsers never send the header `{name}` for a page; remove it from the request"
            )
        }
        Diagnosis::BadAddress { message } => format!("the address can't be called: {message}"),
        Diagnosis::NotAllowed { origin } => format!(
            "server reached, but it does not allow this origin; add `Access-Control-Allow-Origin: {origin}`"
        ),
        Diagnosis::NoAnswer => {
            "no answer: down, wrong host, TLS, a blocker or network permission; \
             open the address in a tab to tell"
                .into()
        }
    }
}

fn chinese_diagnosis(diagnosis: &Diagnosis) -> String {
    match diagnosis {
        Diagnosis::Offline => "当前离线；轮询等待，截止时间照常计算".into(),
        Diagnosis::MixedContent => {
            "https 页面不能访问 http 地址（混合内容）；请用 https 提供该接口".into()
        }
        Diagnosis::OwnPolicy => {
            "本页的 Content-Security-Policy 禁止该地址；请将其加入 `connect-src`".into()
        }
        Diagnosis::ForbiddenHeader { name } => {
            format!("浏览器不允许页面发送请求头 `{name}`；请从请求中删除")
        }
        Diagnosis::BadAddress { message } => format!("无法访问该地址：{message}"),
        Diagnosis::NotAllowed { origin } => {
            format!("服务器可达，但不允许此来源；请添加 `Access-Control-Allow-Origin: {origin}`")
        }
        Diagnosis::NoAnswer => {
            "无应答：服务停止、主机错误、TLS、拦截插件或网络权限；请在新标签页打开该地址以判断"
                .into()
        }
    }
}

fn english_kind(kind: NotJson) -> &'static str {
    match kind {
        NotJson::Empty => "the body is empty",
        NotJson::Html => "the body is an HTML page",
        NotJson::Truncated => "the body breaks off",
        NotJson::Text => "the body is some other text",
    }
}

fn chinese_kind(kind: NotJson) -> &'static str {
    match kind {
        NotJson::Empty => "响应体为空",
        NotJson::Html => "响应体是 HTML 页面",
        NotJson::Truncated => "响应体不完整",
        NotJson::Text => "响应体是其他文本",
    }
}

fn english_duplicates(duplicates: &[String]) -> String {
    if duplicates.is_empty() {
        return String::new();
    }
    format!("; duplicates: {}", duplicates.join(", "))
}

fn chinese_duplicates(duplicates: &[String]) -> String {
    if duplicates.is_empty() {
        return String::new();
    }
    format!("；重复：{}", duplicates.join("、"))
}

fn english_last(limit: String, last: Option<&Reason>, since: Option<Timestamp>) -> String {
    match (last, since) {
        (Some(last), Some(since)) => {
            format!("{limit}: {} (since {})", last.english(), since.whole_second())
        }
        (Some(last), None) => format!("{limit}: {}", last.english()),
        (None, _) => limit,
    }
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
