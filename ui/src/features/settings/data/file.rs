//! The file that everything is exported to: one JSON object. Rows and documents are texts in it, so that numbers stay
//! exact whatever reads and writes it in between.
//!
//! ```json
//! {"baton_export": 1, "exported_at": "…", "settings": {"baton.theme": "dark"}, "retention": {"runs": 30},
//!  "documents": ["…"], "chains": [{"id": "checkout", "document": 0, "environment": "staging"}],
//!  "runs": [{"run": "…", "chain": "checkout", "document": 0, "record": "…",
//!            "attempts": [["key", "row"]], "evidence": [["key", "row"]]}]}
//! ```

use std::rc::Rc;

use baton_engine::json::{self, Value};
use baton_engine::locale::Locale;

use crate::text::sentences;

/// The version of the form; a greater one is refused.
pub(super) const VERSION: u64 = 1;

/// The largest file that is read, in bytes: it is read whole, into this page's memory.
pub(super) const LARGEST: u64 = 400 * MEGABYTE;

pub(super) const MEGABYTE: u64 = 1_000_000;

/// Why a file is no export.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Bad {
    /// It has more than [`LARGEST`] bytes: so many millions.
    Large(u64),
    /// The browser did not read it, in its own words.
    Unread(String),
    /// It is not JSON, from this place on.
    Syntax { line: u64, column: u64 },
    /// It is something else.
    Foreign,
    /// A later version of Baton wrote it.
    Later(u64),
    /// Something else stands at this place: `runs[3].record`.
    Place(String),
}

impl Bad {
    /// What is wrong and the mend.
    pub(super) fn sentence(&self, locale: Locale) -> String {
        match self {
            Self::Syntax { line, column } => sentences::not_json_from(*line, *column, locale),
            Self::Large(megabytes) => {
                sentences::large_export(*megabytes, LARGEST / MEGABYTE, locale)
            }
            Self::Unread(why) => sentences::unread_file(why, locale),
            Self::Foreign => sentences::no_export(locale),
            Self::Later(version) => sentences::later_export(*version, locale),
            Self::Place(place) => sentences::bad_place(place, locale),
        }
    }
}

/// What a file holds.
pub(super) struct File {
    pub(super) settings: Vec<(String, String)>,
    /// Whether it says how long runs stayed where it was made. It is not taken over: it would remove runs that are here.
    pub(super) has_retention: bool,
    pub(super) chains: Vec<Chain>,
    pub(super) runs: Vec<RunRows>,
}

/// A chain.
pub(super) struct Chain {
    pub(super) id: String,
    pub(super) document: Rc<str>,
    pub(super) environment: Option<String>,
}

/// A run and its rows.
pub(super) struct RunRows {
    pub(super) run: String,
    pub(super) chain: String,
    /// One that many runs share.
    pub(super) document: Rc<str>,
    pub(super) record: String,
    pub(super) attempts: Vec<(String, String)>,
    pub(super) evidence: Vec<(String, String)>,
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<File, Bad> {
    let tree = json::parse(text)
        .map_err(|syntax| Bad::Syntax { line: syntax.line, column: syntax.column })?;
    let version = tree.get("baton_export").and_then(Value::as_u64).ok_or(Bad::Foreign)?;
    if version > VERSION {
        return Err(Bad::Later(version));
    }
    let documents = Node { value: tree.get("documents"), place: "documents".into() };
    let documents: Vec<Rc<str>> =
        documents.items()?.map(|item| item.text().map(Rc::from)).collect::<Result<_, _>>()?;
    let of = |node: &Node| {
        let index = node.value.and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
        index.and_then(|at| documents.get(at).cloned()).ok_or_else(|| node.bad())
    };
    let list = |name: &str| Node { value: tree.get(name), place: name.to_owned() };
    let chain = |node: Node| {
        let environment = node.member("environment");
        Ok(Chain {
            id: node.member("id").text()?,
            document: of(&node.member("document"))?,
            environment: environment.value.map(|_| environment.text()).transpose()?,
        })
    };
    let run = |node: Node| {
        Ok(RunRows {
            run: node.member("run").text()?,
            chain: node.member("chain").text()?,
            document: of(&node.member("document"))?,
            record: node.member("record").text()?,
            attempts: node.member("attempts").pairs()?,
            evidence: node.member("evidence").pairs()?,
        })
    };
    let kept = tree.get("settings").and_then(Value::as_object);
    let kept = kept.into_iter().flat_map(json::Map::iter);
    let retention = tree.get("retention").and_then(Value::as_object);
    Ok(File {
        settings: kept
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect(),
        has_retention: retention.is_some_and(|policy| !policy.is_empty()),
        chains: list("chains").items()?.map(chain).collect::<Result<_, _>>()?,
        runs: list("runs").items()?.map(run).collect::<Result<_, _>>()?,
    })
}

/// A value and where it stands.
struct Node<'a> {
    value: Option<&'a Value>,
    place: String,
}

impl<'a> Node<'a> {
    fn bad(&self) -> Bad {
        Bad::Place(self.place.clone())
    }

    fn member(&self, name: &str) -> Node<'a> {
        let value = self.value.and_then(|value| value.get(name));
        Node { value, place: format!("{}.{name}", self.place) }
    }

    fn text(&self) -> Result<String, Bad> {
        self.value.and_then(Value::as_str).map(str::to_owned).ok_or_else(|| self.bad())
    }

    fn items(&self) -> Result<impl Iterator<Item = Node<'a>>, Bad> {
        let list = self.value.and_then(Value::as_array).ok_or_else(|| self.bad())?;
        let place = self.place.clone();
        Ok(list
            .iter()
            .enumerate()
            .map(move |(at, value)| Node { value: Some(value), place: format!("{place}[{at}]") }))
    }

    fn pairs(&self) -> Result<Vec<(String, String)>, Bad> {
        let pair = |node: Node| match node.value.and_then(Value::as_array).map(Vec::as_slice) {
            Some([key, value]) => match (key.as_str(), value.as_str()) {
                (Some(key), Some(value)) => Ok((key.to_owned(), value.to_owned())),
                _ => Err(node.bad()),
            },
            _ => Err(node.bad()),
        };
        self.items()?.map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn bad(text: &str) -> Bad {
        read(text).err().unwrap()
    }

    #[test]
    fn what_is_no_export_is_refused_with_its_place() {
        assert_eq!(bad("{\n  \"a\": tru}"), Bad::Syntax { line: 2, column: 11 });
        assert_eq!(bad("[]"), Bad::Foreign);
        assert_eq!(bad(r#"{"baton_report": 1}"#), Bad::Foreign);
        assert_eq!(bad(r#"{"baton_export": 2}"#), Bad::Later(2));
        let with = |members: &str| bad(&format!(r#"{{"baton_export": 1, {members}}}"#));
        assert_eq!(with(r#""documents": {}"#), Bad::Place("documents".into()));
        assert_eq!(with(r#""documents": [7]"#), Bad::Place("documents[0]".into()));
        let chains = r#""documents": ["{}"], "runs": [], "chains": [{"id": "a", "document": 1}]"#;
        assert_eq!(with(chains), Bad::Place("chains[0].document".into()));
        let runs = r#""documents": ["{}"], "chains": [], "runs": [{"run": "a", "chain": "c", "document": 0,
            "record": "{}", "attempts": [["a", "b"], ["c"]], "evidence": []}]"#;
        assert_eq!(with(runs), Bad::Place("runs[0].attempts[1]".into()));
    }

    #[test]
    fn sentences_name_the_place() {
        for locale in [Locale::En, Locale::Zh] {
            assert!(Bad::Place("runs[3]".into()).sentence(locale).contains("runs[3]"));
            assert!(Bad::Syntax { line: 12, column: 7 }.sentence(locale).contains("12"));
        }
    }
}
