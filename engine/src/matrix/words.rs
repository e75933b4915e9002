//! The matrix in sentences and words, in two languages. None ends with a full stop.

use super::view::{Blame, CellState, MatrixColumn, MatrixField, MatrixView, Rule};
use crate::json::{self, Value};
use crate::locale::Locale;
use crate::verify::Kind;

impl CellState {
    /// The state in a word or two.
    pub fn word(self, locale: Locale) -> &'static str {
        let [english, chinese] = match self {
            Self::NotCarried => ["not carried", "不携带"],
            Self::Match => ["match", "一致"],
            Self::Normalised => ["match after normalising", "归一后一致"],
            Self::Within => ["within tolerance", "在容差内"],
            Self::NotReached => ["not reached", "未到此处"],
            Self::Pending => ["not yet", "尚未到达"],
            Self::Null => ["null", "为 null"],
            Self::Missing => ["missing", "缺失"],
            Self::Differs => ["differs", "不同"],
        };
        match locale {
            Locale::En => english,
            Locale::Zh => chinese,
        }
    }

    /// The state as one character, for tables of text.
    pub fn mark(self) -> &'static str {
        match self {
            Self::NotCarried => "–",
            Self::Match => "✓",
            Self::Normalised => "≈",
            Self::Within => "±",
            Self::NotReached => "·",
            Self::Pending => "…",
            Self::Null | Self::Missing => "∅",
            Self::Differs => "✗",
        }
    }
}

fn kind_word(kind: Kind, locale: Locale) -> &'static str {
    let [english, chinese] = match kind {
        Kind::Text => ["text", "文本"],
        Kind::Integer => ["integers", "整数"],
        Kind::Decimal => ["decimals", "小数"],
        Kind::Boolean => ["booleans", "布尔值"],
        Kind::Time => ["instants", "时刻"],
        Kind::Uuid => ["UUIDs", "UUID"],
        Kind::Json => ["JSON", "JSON"],
    };
    match locale {
        Locale::En => english,
        Locale::Zh => chinese,
    }
}

impl Rule {
    /// The rule as a sentence.
    pub fn sentence(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Reference => "the others are compared with it".into(),
            Self::Transformed => {
                "this system changes it on purpose; the later ones are compared with it".into()
            }
            Self::SameKind { kind } => format!("the same as {}", kind_word(*kind, Locale::En)),
            Self::Within { by, most } => format!("apart by {by}, may be by {most}"),
            Self::Unlike { want } => format!("expected {want}"),
            Self::Beyond { want, by, most } => {
                format!("expected {want}; apart by {by}, may be by {most}")
            }
            Self::Unread { why } => why.sentence(Locale::En),
            Self::NoRecord => "the answer has no such record".into(),
            Self::Unmapped => "the stage's record does not say where it is".into(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Reference => "其他系统以此为基准".into(),
            Self::Transformed => "该系统有意改变此值；其后的系统以此为基准".into(),
            Self::SameKind { kind } => format!("按{}比较相同", kind_word(*kind, Locale::Zh)),
            Self::Within { by, most } => format!("相差 {by}，允许 {most}"),
            Self::Unlike { want } => format!("应为 {want}"),
            Self::Beyond { want, by, most } => format!("应为 {want}；相差 {by}，允许 {most}"),
            Self::Unread { why } => why.sentence(Locale::Zh),
            Self::NoRecord => "响应中没有此记录".into(),
            Self::Unmapped => "该阶段的 record 未说明其位置".into(),
        }
    }
}

impl Blame {
    /// Where it first went wrong, as a sentence.
    pub fn sentence(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        let of = |key: &Option<String>| match key {
            Some(key) => format!(" of {key}"),
            None => String::new(),
        };
        let what = |field: &Option<String>, key: &Option<String>| match (field, key) {
            (Some(field), key) => format!("{field}{}", of(key)),
            (None, Some(key)) => format!("record {key}"),
            (None, None) => "the record".into(),
        };
        match self {
            Self::Changed { field, key, system, got, before, want } => {
                let of = of(key);
                format!("{field}{of} first differs in {system}: {got}, where {before} has {want}")
            }
            Self::Lost { field, key, system, before: Some(before) } => {
                format!("{} is first missing in {system}; {before} has it", what(field, key))
            }
            Self::Lost { field, key, system, before: None } => {
                format!("{} is missing in {system}; no system has it", what(field, key))
            }
            Self::Added { field, key, system, before } => {
                format!("{} first appears in {system}; {before} lacks it", what(field, key))
            }
            Self::Repeated { system, keys, duplicates } => {
                let rows = keys + duplicates;
                format!("{system} first has {}", english_rows(*keys, u64::from(rows), *duplicates))
            }
        }
    }

    fn chinese(&self) -> String {
        let of = |key: &Option<String>| match key {
            Some(key) => format!("{key} 的 "),
            None => String::new(),
        };
        let what = |field: &Option<String>, key: &Option<String>| match (field, key) {
            (Some(field), key) => format!("{}{field}", of(key)),
            (None, Some(key)) => format!("记录 {key}"),
            (None, None) => "该记录".into(),
        };
        match self {
            Self::Changed { field, key, system, got, before, want } => {
                format!("{}{field} 最早在 {system} 不同：{got}，而 {before} 为 {want}", of(key))
            }
            Self::Lost { field, key, system, before: Some(before) } => {
                format!("{} 最早在 {system} 缺失；{before} 有", what(field, key))
            }
            Self::Lost { field, key, system, before: None } => {
                format!("{} 在 {system} 缺失；各系统都没有", what(field, key))
            }
            Self::Added { field, key, system, before } => {
                format!("{} 最早出现在 {system}；{before} 没有", what(field, key))
            }
            Self::Repeated { system, keys, duplicates } => {
                let rows = keys + duplicates;
                format!(
                    "{system} 最早出现重复：{}",
                    chinese_rows(*keys, u64::from(rows), *duplicates)
                )
            }
        }
    }
}

fn english_rows(keys: u32, rows: u64, duplicates: u32) -> String {
    let s = |n: u64| if n == 1 { "" } else { "s" };
    let repeated = format!("{duplicates} duplicate{}", s(duplicates.into()));
    format!("{keys} key{} in {rows} row{}: {repeated}", s(keys.into()), s(rows))
}

fn chinese_rows(keys: u32, rows: u64, duplicates: u32) -> String {
    format!("{rows} 行中有 {keys} 个键，{duplicates} 个重复")
}

impl MatrixColumn {
    /// How many records the system has: keys and rows apart.
    pub fn count_words(&self, expected: Option<u32>, locale: Locale) -> String {
        if self.count == CellState::NotCarried {
            return String::new();
        }
        let words = match (self.duplicates, expected, locale) {
            (0, Some(expected), Locale::En) => format!("{} of {expected}", self.keys),
            (0, Some(expected), Locale::Zh) => format!("{}/{expected}", self.keys),
            (0, None, _) => self.keys.to_string(),
            (_, _, Locale::En) => english_rows(self.keys, self.rows, self.duplicates),
            (_, _, Locale::Zh) => chinese_rows(self.keys, self.rows, self.duplicates),
        };
        match (self.unkeyed, locale) {
            (0, _) => words,
            (unkeyed, Locale::En) => format!("{words}, {unkeyed} without a key"),
            (unkeyed, Locale::Zh) => format!("{words}，{unkeyed} 行没有键"),
        }
    }
}

impl MatrixField {
    /// A value as it is shown: texts without their quotes, where no number could be meant.
    pub fn shown(&self, raw: &str) -> String {
        shown(self.kind, raw)
    }
}

pub(super) fn shown(kind: Kind, raw: &str) -> String {
    let quoted = matches!(kind, Kind::Text | Kind::Time | Kind::Uuid);
    match json::parse(raw) {
        Ok(Value::String(text)) if quoted => text,
        _ => raw.to_owned(),
    }
}

impl MatrixView {
    /// How many records are alike, and what the systems lack.
    pub fn summary(&self, locale: Locale) -> String {
        let Self { seen, matched, differing, lacking, .. } = self;
        let open = seen.saturating_sub(matched + differing + lacking);
        let lacks = self.columns.iter().filter(|column| {
            column.missing > 0 && matches!(column.count, CellState::Missing | CellState::Differs)
        });
        let lacks: Vec<String> =
            lacks.map(|column| format!("{} {}", column.title(), column.missing)).collect();
        match locale {
            Locale::En => {
                let more = if open > 0 { format!(", not yet {open}") } else { String::new() };
                let by = if lacks.is_empty() { "0".into() } else { lacks.join(", ") };
                format!("matched {matched}, differ {differing}{more}, missing {by}")
            }
            Locale::Zh => {
                let more = if open > 0 { format!("，未到 {open}") } else { String::new() };
                let by = if lacks.is_empty() { "0".into() } else { lacks.join("、") };
                format!("一致 {matched}，不同 {differing}{more}，缺失 {by}")
            }
        }
    }
}
