//! What an element is given: read once, refused by name when it says what is not known.

use baton_engine::id::{ChainId, RunId};
use baton_engine::locale::Locale;
use baton_engine::protocol::{Clock, Start, Storage};
use wasm_bindgen::{JsCast, JsValue};

use crate::choices::Theme;
use crate::dom;
use crate::route::Route;
use crate::ui::Mode;

/// The namespace of an element that names none.
const DEFAULT_NAME: &str = "baton";

/// The options as the element's class hands them over: its attributes, and the documents it fetched.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether the page is ours.
    pub page: bool,
    /// Whether nothing may be started, stopped or edited from here.
    pub readonly: bool,
    /// Whether a run starts by itself, once a tab session.
    pub autorun: bool,
    /// The chain to show.
    pub chain: Option<String>,
    /// The run to show.
    pub run_id: Option<String>,
    /// `board`, `run` or `editor`.
    pub view: Option<String>,
    /// A BCP 47 tag.
    pub locale: Option<String>,
    /// `auto`, `light`, `dark` or `contrast`.
    pub theme: Option<String>,
    /// `indexeddb` or `memory`.
    pub storage: Option<String>,
    /// The namespace.
    pub name: Option<String>,
    /// `test:<milliseconds since the epoch>`: a clock that only `advance` moves, for tests.
    pub clock: Option<String>,
    /// The token of the proxy on the page's own server.
    pub proxy_token: Option<String>,
    /// Saves a report as a file: called with its format, the run and the language; a promise.
    pub save_report: Option<js_sys::Function>,
    /// Shows and sounds notifications: called with what to do and the particulars; a promise.
    pub notices: Option<js_sys::Function>,
    /// Names and documents of chains for a namespace that is used for the first time.
    pub samples: Vec<(String, String)>,
    /// The document of the attribute `src`, after the id it is kept under: its own, else its file's
    /// name.
    pub source: Option<(String, String)>,
}

impl Options {
    /// Reads the object that the element's class made. By hand: the class is its only author, and
    /// has refused unknown names by then.
    pub fn read(given: &JsValue) -> Self {
        let text = |key| dom::field(given, key).as_string();
        let flag = |key| dom::field(given, key).is_truthy();
        let pair = |of: &JsValue, key| {
            Some((dom::field(of, key).as_string()?, dom::field(of, "document").as_string()?))
        };
        // A list is there unless the element has a document of its own.
        let samples: Vec<JsValue> = dom::field(given, "samples")
            .dyn_into::<js_sys::Array>()
            .map(|list| list.iter().collect())
            .unwrap_or_default();
        Self {
            page: flag("page"),
            readonly: flag("readonly"),
            autorun: flag("autorun"),
            chain: text("chain"),
            run_id: text("runId"),
            view: text("view"),
            locale: text("locale"),
            theme: text("theme"),
            storage: text("storage"),
            name: text("name"),
            clock: text("clock"),
            proxy_token: text("proxyToken"),
            save_report: dom::field(given, "saveReport").dyn_into().ok(),
            notices: dom::field(given, "notices").dyn_into().ok(),
            samples: samples.iter().filter_map(|sample| pair(sample, "name")).collect(),
            source: pair(&dom::field(given, "source"), "id"),
        }
    }
}

/// Options that were understood.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Who owns the page.
    pub mode: Mode,
    /// Whether nothing may be changed from here.
    pub readonly: bool,
    /// Whether a run starts by itself.
    pub autorun: bool,
    /// The screen to begin with.
    pub route: Route,
    /// The chain that `autorun` starts.
    pub chain: Option<ChainId>,
    /// The language, if an attribute chose it.
    pub locale: Option<Locale>,
    /// The colours, if an attribute chose them.
    pub theme: Option<Theme>,
    /// The token of the proxy, if the page gave one.
    pub proxy_token: Option<String>,
    /// Saves a report as a file, if the page can.
    pub save_report: Option<js_sys::Function>,
    /// Shows and sounds notifications, if the page can.
    pub notices: Option<js_sys::Function>,
    /// How the worker begins.
    pub start: Start,
    /// The name of the first sample.
    pub sample: Option<String>,
    /// The chain to save before anything is shown.
    pub source: Option<(ChainId, String)>,
}

impl TryFrom<Options> for Setup {
    type Error = String;

    fn try_from(options: Options) -> Result<Self, String> {
        let source = match options.source {
            Some((id, document)) => Some((chain_id(&id)?, document)),
            None => None,
        };
        let chain = match &options.chain {
            Some(id) => Some(chain_id(id)?),
            None => source.as_ref().map(|(id, _)| id.clone()),
        };
        let sample = options.samples.first().map(|(name, _)| name.clone());
        Ok(Self {
            mode: if options.page { Mode::Page } else { Mode::Embedded },
            readonly: options.readonly,
            autorun: options.autorun,
            proxy_token: options.proxy_token,
            save_report: options.save_report,
            notices: options.notices,
            route: route(options.view.as_deref(), chain.as_ref(), options.run_id.as_deref())?,
            chain,
            locale: options.locale.as_deref().map(Locale::from_tag),
            theme: options.theme.as_deref().map(theme).transpose()?,
            start: Start {
                name: options.name.unwrap_or_else(|| DEFAULT_NAME.to_owned()),
                storage: storage(options.storage.as_deref())?,
                clock: clock(options.clock.as_deref())?,
                samples: options.samples.into_iter().map(|(_, document)| document).collect(),
                // A board has no functions that jobs could call.
                client: None,
            },
            sample,
            source,
        })
    }
}

/// Reads the attribute `theme`.
///
/// # Errors
/// A sentence that names the attribute and what it may be.
pub fn theme(word: &str) -> Result<Theme, String> {
    Theme::parse(word)
        .ok_or_else(|| format!("theme: unknown \"{word}\"; use auto, light, dark or contrast"))
}

/// Reads the attributes that choose the screen.
///
/// # Errors
/// A sentence that names the attribute and what it may be.
pub fn route(
    view: Option<&str>,
    chain: Option<&ChainId>,
    run: Option<&str>,
) -> Result<Route, String> {
    let run = run.map(|id| RunId::try_from(id).map_err(|error| format!("run-id: {error}")));
    Ok(match (view, run.transpose()?, chain) {
        (None | Some("run"), Some(run), _) => Route::Run(run),
        (None | Some("run"), None, Some(chain)) => Route::Chain(chain.clone()),
        (Some("editor"), _, Some(chain)) => Route::Edit(chain.clone()),
        (Some("editor"), _, None) => Route::New,
        (Some("history"), _, chain) => Route::History(chain.cloned()),
        (None | Some("board"), ..) => Route::Board,
        (Some("run"), None, None) => {
            return Err("view: \"run\" needs chain, run-id or src".into());
        }
        (Some(other), ..) => {
            return Err(format!("view: unknown \"{other}\"; use board, run, editor or history"));
        }
    })
}

/// Reads the attribute `chain`.
///
/// # Errors
/// A sentence that names the attribute and what it may be.
pub fn chain_id(id: &str) -> Result<ChainId, String> {
    ChainId::try_from(id).map_err(|error| format!("chain: {error}"))
}

fn storage(word: Option<&str>) -> Result<Storage, String> {
    match word {
        None | Some("indexeddb") => Ok(Storage::IndexedDb),
        Some("memory") => Ok(Storage::Memory),
        Some(other) => Err(format!("storage: unknown \"{other}\"; use indexeddb or memory")),
    }
}

fn clock(word: Option<&str>) -> Result<Clock, String> {
    let Some(word) = word else { return Ok(Clock::Real) };
    let start_ms = word.strip_prefix("test:").and_then(|ms| ms.parse().ok());
    start_ms.map(|start_ms| Clock::Test { start_ms }).ok_or_else(|| {
        format!("clock: unknown \"{word}\"; use test:<milliseconds since the epoch>")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn refused(options: Options, name: &str) {
        let error = Setup::try_from(options).unwrap_err();
        assert!(error.starts_with(name), "{error}");
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        refused(Options { theme: Some("blue".into()), ..Options::default() }, "theme:");
        refused(Options { view: Some("gantt".into()), ..Options::default() }, "view:");
        refused(Options { view: Some("run".into()), ..Options::default() }, "view:");
        refused(Options { storage: Some("none".into()), ..Options::default() }, "storage:");
        refused(Options { clock: Some("now".into()), ..Options::default() }, "clock:");
        refused(Options { chain: Some("a/b".into()), ..Options::default() }, "chain:");
    }

    #[test]
    fn a_source_is_what_is_shown() {
        let source = Some(("checkout".into(), "{}".into()));
        let setup = Setup::try_from(Options { source, ..Options::default() }).unwrap();
        assert_eq!(setup.route, Route::Chain(chain_id("checkout").unwrap()));
        assert_eq!(setup.start.name, "baton");
    }

    #[test]
    fn the_test_clock_begins_where_it_is_told() {
        let clock = Some("test:1795435204200".into());
        let setup = Setup::try_from(Options { clock, ..Options::default() }).unwrap();
        assert_eq!(setup.start.clock, Clock::Test { start_ms: 1_795_435_204_200 });
    }
}
