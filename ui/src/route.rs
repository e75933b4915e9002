//! Which screen is shown, and its form in a page's address. Only an element with the attribute
//! `page` writes it there; every other keeps it to itself.

use baton_engine::id::{ChainId, RunId};

/// A screen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Route {
    /// All chains.
    #[default]
    Board,
    /// A chain's latest run, or the invitation to start one.
    Chain(ChainId),
    /// One run.
    Run(RunId),
    /// One run, for a stage of it, from 0.
    Stage(RunId, usize),
    /// The runs of all chains, or of one.
    History(Option<ChainId>),
    /// Two runs of a chain side by side.
    Compare(RunId, RunId),
    /// The editor on a new chain.
    New,
    /// The same, where something is to be imported.
    Import,
    /// The editor on a chain.
    Edit(ChainId),
    /// The editor on a new chain that begins as a copy.
    Copy(ChainId),
    /// The reader's choices, and what is stored.
    Settings,
}

impl Route {
    /// Reads a fragment such as `#/runs/abc`. Whatever it does not know is the board.
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').trim_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        let chain = |text: &str| ChainId::try_from(decode(text)).ok();
        let run = |text: &str| RunId::try_from(decode(text)).ok();
        match parts.as_slice() {
            ["chains", "new"] => Some(Self::New),
            ["chains", "new", "import"] => Some(Self::Import),
            ["chains", id] => chain(id).map(Self::Chain),
            ["chains", id, "edit"] => chain(id).map(Self::Edit),
            ["chains", id, "copy"] => chain(id).map(Self::Copy),
            ["settings"] => Some(Self::Settings),
            ["runs", id] => run(id).map(Self::Run),
            ["runs", id, "stages", number] => run(id).map(|id| {
                // People count from 1.
                let stage = number.parse().ok().and_then(|number: usize| number.checked_sub(1));
                stage.map_or_else(|| Self::Run(id.clone()), |stage| Self::Stage(id.clone(), stage))
            }),
            ["history"] => Some(Self::History(None)),
            ["history", id] => chain(id).map(|id| Self::History(Some(id))),
            ["compare", one, other] => {
                run(one).zip(run(other)).map(|(one, other)| Self::Compare(one, other))
            }
            _ => None,
        }
        .unwrap_or_default()
    }

    /// The fragment that [`parse`](Self::parse) reads back.
    pub fn hash(&self) -> String {
        match self {
            Self::Board => "#/".into(),
            Self::Chain(id) => format!("#/chains/{}", encode(id.as_str())),
            Self::Run(id) => format!("#/runs/{}", encode(id.as_str())),
            Self::Stage(id, stage) => {
                format!("#/runs/{}/stages/{}", encode(id.as_str()), stage + 1)
            }
            Self::History(None) => "#/history".into(),
            Self::History(Some(id)) => format!("#/history/{}", encode(id.as_str())),
            Self::Compare(one, other) => {
                format!("#/compare/{}/{}", encode(one.as_str()), encode(other.as_str()))
            }
            Self::New => "#/chains/new".into(),
            Self::Import => "#/chains/new/import".into(),
            Self::Edit(id) => format!("#/chains/{}/edit", encode(id.as_str())),
            Self::Settings => "#/settings".into(),
            Self::Copy(id) => format!("#/chains/{}/copy", encode(id.as_str())),
        }
    }
}

/// A chain may be called `new`; its id must not read as the word.
fn encode(id: &str) -> String {
    if id == "new" { "%6eew".into() } else { String::from(js_sys::encode_uri_component(id)) }
}

fn decode(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}
