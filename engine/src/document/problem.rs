//! What is wrong with a document: the place, what stands there, and the mend, in both languages.

use std::fmt;

use crate::locale::Locale;
use crate::protocol::Told;

/// One thing that is wrong with a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Where: `stages[2].checks[0].op`; empty for the document as a whole.
    pub path: String,
    /// What, and how to mend it.
    pub kind: Told<ProblemKind>,
}

/// What is wrong at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each kind's sentence, below, says what it means")]
pub enum ProblemKind {
    Syntax {
        line: u64,
        column: u64,
        message: String,
    },
    TooLarge {
        bytes: u64,
        limit: u64,
    },
    TooMany {
        seen: u64,
        limit: u64,
    },
    TooDeep {
        limit: u64,
    },
    Version {
        got: String,
    },
    MissingKey {
        key: String,
    },
    UnknownKey {
        key: String,
        meant: Option<String>,
    },
    /// A key of the format that this version does not carry out: refused rather than ignored.
    NotCarriedOut {
        key: String,
    },
    WrongType {
        want: String,
        got: String,
    },
    UnknownWord {
        word: String,
        meant: Option<String>,
        known: Vec<String>,
    },
    Empty,
    Duplicate {
        name: String,
    },
    Duration {
        got: String,
    },
    OutOfRange {
        got: String,
        least: String,
        most: String,
    },
    NotTogether {
        key: String,
        with: String,
    },
    Needs {
        key: String,
        needs: String,
    },
    Path {
        message: String,
    },
    Template {
        message: String,
    },
    UnknownName {
        name: String,
        meant: Option<String>,
    },
    NotANumber {
        got: String,
    },
    Id {
        message: String,
    },
    /// A warning: polling repeats what may change something.
    Repeats {
        method: String,
    },
    /// What only one part of the engine can say, in both languages.
    Said {
        en: String,
        zh: String,
    },
}

impl Problem {
    /// What is wrong, there.
    pub fn new(path: String, kind: ProblemKind) -> Self {
        Self { path, kind: kind.into() }
    }

    /// What stands there and the mend, without the place.
    pub fn advice(&self, locale: Locale) -> String {
        self.kind.sentence(locale)
    }

    /// The problem as one line: place, what stands there, the mend.
    pub fn sentence(&self, locale: Locale) -> String {
        let what = self.kind.sentence(locale);
        match (self.path.is_empty(), locale) {
            (true, _) => what,
            (false, Locale::En) => format!("{}: {what}", self.path),
            (false, Locale::Zh) => format!("{}：{what}", self.path),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Locale::En))
    }
}

impl ProblemKind {
    pub(crate) fn sentence(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Syntax { line, column, message } => {
                format!("line {line}, column {column}: not JSON: {message}")
            }
            Self::TooLarge { bytes, limit } => {
                format!("{bytes} bytes are too many; at most {limit}")
            }
            Self::TooMany { seen, limit } => format!("{seen} are too many; at most {limit}"),
            Self::TooDeep { limit } => format!("nested too deep; at most {limit} levels"),
            Self::Version { got } => {
                format!(
                    "version {got} is not known here; write \"baton\": 1, or open it in a newer Baton"
                )
            }
            Self::MissingKey { key } => format!("the key \"{key}\" is missing; add it"),
            Self::UnknownKey { key, meant } => {
                let mend = meant.as_ref().map_or_else(
                    || "remove it, or begin its name with \"x-\"".to_owned(),
                    |meant| format!("did you mean \"{meant}\"?"),
                );
                format!("unknown key \"{key}\"; {mend}")
            }
            Self::NotCarriedOut { key } => format!(
                "\"{key}\" is not carried out by this version, and ignoring it could make a verdict wrong; remove it"
            ),
            Self::WrongType { want, got } => format!("expected {want}, found {got}"),
            Self::UnknownWord { word, meant, known } => match meant {
                Some(meant) => format!("unknown word \"{word}\"; did you mean \"{meant}\"?"),
                None => format!("unknown word \"{word}\"; use one of {}", known.join(", ")),
            },
            Self::Empty => "is empty; give it a value".into(),
            Self::Duplicate { name } => format!("\"{name}\" is there twice; rename one"),
            Self::Duration { got } => format!(
                "{got} is not a duration; write a whole number and ms, s, m, h or d, such as \"58s\""
            ),
            Self::OutOfRange { got, least, most } => {
                format!("{got} is out of range; use {least} to {most}")
            }
            Self::NotTogether { key, with } => {
                format!("\"{key}\" can't stand together with {with}; remove one")
            }
            Self::Needs { key, needs } => format!("\"{key}\" needs {needs}; add it"),
            Self::Path { message } => format!("not a JSONPath that is taken here: {message}"),
            Self::Template { message } => format!("not a template: {message}"),
            Self::UnknownName { name, meant } => match meant {
                Some(meant) => {
                    format!("`{{{{{name}}}}}` is not known here; did you mean `{meant}`?")
                }
                None => format!(
                    "`{{{{{name}}}}}` is not known here; add it to the variables, or capture it in an earlier stage"
                ),
            },
            Self::NotANumber { got } => format!("{got} is not a number that can be compared"),
            Self::Id { message } => message.clone(),
            Self::Repeats { method } => format!(
                "{method} is sent anew at every poll; if it changes anything there, add \"once\": true to the stage"
            ),
            Self::Said { en, .. } => en.clone(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Syntax { line, column, message } => {
                format!("第 {line} 行第 {column} 列：不是 JSON：{message}")
            }
            Self::TooLarge { bytes, limit } => format!("{bytes} 字节过大；最多 {limit}"),
            Self::TooMany { seen, limit } => format!("{seen} 项过多；最多 {limit}"),
            Self::TooDeep { limit } => format!("嵌套过深；最多 {limit} 层"),
            Self::Version { got } => {
                format!("此处不认识版本 {got}；请写 \"baton\": 1，或用更新的 Baton 打开")
            }
            Self::MissingKey { key } => format!("缺少键 \"{key}\"；请添加"),
            Self::UnknownKey { key, meant } => {
                let mend = meant.as_ref().map_or_else(
                    || "请删除，或让其名称以 \"x-\" 开头".to_owned(),
                    |meant| format!("是否想写 \"{meant}\"？"),
                );
                format!("未知的键 \"{key}\"；{mend}")
            }
            Self::NotCarriedOut { key } => {
                format!("本版本不执行 \"{key}\"，忽略它可能使结论出错；请删除")
            }
            Self::WrongType { want, got } => format!("应为 {want}，实为 {got}"),
            Self::UnknownWord { word, meant, known } => match meant {
                Some(meant) => format!("未知的词 \"{word}\"；是否想写 \"{meant}\"？"),
                None => format!("未知的词 \"{word}\"；可用：{}", known.join("、")),
            },
            Self::Empty => "为空；请填写".into(),
            Self::Duplicate { name } => format!("\"{name}\" 出现两次；请改名"),
            Self::Duration { got } => {
                format!("{got} 不是时长；请写整数加 ms、s、m、h 或 d，例如 \"58s\"")
            }
            Self::OutOfRange { got, least, most } => {
                format!("{got} 超出范围；可用 {least} 至 {most}")
            }
            Self::NotTogether { key, with } => format!("\"{key}\" 不能与 {with} 并用；请删除其一"),
            Self::Needs { key, needs } => format!("\"{key}\" 需要 {needs}；请添加"),
            Self::Path { message } => format!("不是此处可用的 JSONPath：{message}"),
            Self::Template { message } => format!("模板有误：{message}"),
            Self::UnknownName { name, meant } => match meant {
                Some(meant) => format!("此处没有 `{{{{{name}}}}}`；是否想写 `{meant}`？"),
                None => {
                    format!("此处没有 `{{{{{name}}}}}`；请加入变量，或在之前的阶段中提取")
                }
            },
            Self::NotANumber { got } => format!("{got} 不是可比较的数"),
            Self::Id { message } => message.clone(),
            Self::Repeats { method } => format!(
                "每次轮询都会重新发送 {method}；如果它会改变对方的数据，请在该阶段添加 \"once\": true"
            ),
            Self::Said { zh, .. } => zh.clone(),
        }
    }
}
