//! Export of everything, into one file.

use baton_engine::id::{ChainId, RunId};
use baton_engine::protocol::{Command, Reply, RunPart};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::choices;
use crate::el::el;
use crate::json::quoted;
use crate::text::{Key, sentences};

use super::file::VERSION;
use super::work::Work;

/// How long the browser may take to begin the download.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);

/// Said in the file itself, to whoever opens it.
const NOTE: &str = "What one browser keeps of Baton, without any secret. Rows and documents are JSON texts, so that numbers stay exact. Import it in Baton's settings.";

/// Exports everything.
pub(super) fn start(work: &Work) {
    let working = work.clone();
    work.begin(async move {
        let ui = working.ui;
        working.say(vec![untrack(|| ui.t(Key::Exporting))]);
        match whole(&working).await {
            Ok(count) => {
                let locale = untrack(|| ui.locale());
                working.say(vec![sentences::exported(count, locale)]);
            }
            Err(why) => working.say(vec![why]),
        }
    });
}

/// The texts of documents, each once.
#[derive(Default)]
struct Documents(Vec<String>);

impl Documents {
    fn place(&mut self, document: String) -> usize {
        let known = self.0.iter().position(|known| *known == document);
        known.unwrap_or_else(|| {
            self.0.push(document);
            self.0.len() - 1
        })
    }
}

/// Writes the file; says of how many runs.
async fn whole(work: &Work) -> Result<usize, String> {
    let state = work.ui.core().state.clone();
    let chains: Vec<ChainId> =
        state.chains.get_untracked().iter().map(|cell| cell.id.clone()).collect();
    let runs: Vec<RunId> = state.runs.get_untracked().iter().map(|cell| cell.id.clone()).collect();
    let mut documents = Documents::default();
    let mut chain_parts = Vec::new();
    for id in chains {
        let known = untrack(|| state.chain(id.as_str()));
        let environment = known.and_then(|cell| cell.view.get_untracked().environment.clone());
        if let Reply::Document { document, .. } =
            read(work, Command::ReadChain { chain: id.clone() }).await?
        {
            let document = documents.place(document);
            let environment = environment.map(|name| format!(",\"environment\":{}", quoted(&name)));
            chain_parts.push(format!(
                "{{\"id\":{},\"document\":{document}{}}}",
                quoted(id.as_str()),
                environment.unwrap_or_default()
            ));
        }
    }
    // A part for each run: the browser keeps them, not this module's memory.
    let parts = js_sys::Array::new();
    for (at, id) in runs.iter().enumerate() {
        let part = run(work, id, &mut documents).await?;
        parts.push(&JsValue::from(format!("{}{part}", if at > 0 { ",\n" } else { "" })));
        let locale = untrack(|| work.ui.locale());
        work.say(vec![sentences::runs_done(at + 1, runs.len(), locale)]);
    }
    let retention = match read(work, Command::Retain { policy: None, free: None }).await? {
        Reply::Retained { policy, .. } => {
            let named =
                [("runs", policy.runs), ("days", policy.days), ("megabytes", policy.megabytes)];
            let set = named
                .into_iter()
                .filter_map(|(name, number)| Some(format!("{}:{}", quoted(name), number?)));
            set.collect::<Vec<_>>().join(",")
        }
        _ => String::new(),
    };
    let settings = if work.ui.owns_page() { choices::stored() } else { Vec::new() };
    let settings = settings.iter().map(|(key, value)| format!("{}:{}", quoted(key), quoted(value)));
    let texts = documents.0.iter().map(|document| quoted(document)).collect::<Vec<_>>();
    let at = String::from(js_sys::Date::new_0().to_iso_string());
    let head = format!(
        "{{\"baton_export\":{VERSION},\n\"exported_at\":{},\n\"note\":{},\n\"settings\":{{{}}},\n\"retention\":{{{retention}}},\n\"documents\":[{}],\n\"chains\":[{}],\n\"runs\":[\n",
        quoted(&at),
        quoted(NOTE),
        settings.collect::<Vec<_>>().join(","),
        texts.join(",\n"),
        chain_parts.join(",\n"),
    );
    parts.unshift(&JsValue::from(head));
    parts.push(&JsValue::from("\n]}\n"));
    save(&parts, &format!("baton-{}.json", at.get(..10).unwrap_or_default()));
    Ok(runs.len())
}

/// Reads, or says why not.
async fn read(work: &Work, command: Command) -> Result<Reply, String> {
    let locale = untrack(|| work.ui.locale());
    work.order(command).await.map_err(|refusal| refusal.sentence(locale))
}

/// A run with its rows.
async fn run(work: &Work, id: &RunId, documents: &mut Documents) -> Result<String, String> {
    let mut parts = Vec::new();
    for part in [RunPart::Record, RunPart::Attempts, RunPart::Evidence] {
        let Reply::Rows(rows) = read(work, Command::ReadRows { run: id.clone(), part }).await?
        else {
            continue;
        };
        parts.push(rows);
    }
    let mut parts = parts.into_iter();
    let mut record = parts.next().unwrap_or_default().into_iter();
    let (chain, document) = record.next().unwrap_or_default();
    let (_, record) = record.next().unwrap_or_default();
    let mut rows = || {
        let rows = parts.next().unwrap_or_default();
        let rows = rows.iter().map(|(key, row)| format!("[{},{}]", quoted(key), quoted(row)));
        rows.collect::<Vec<_>>().join(",")
    };
    Ok(format!(
        "{{\"run\":{},\"chain\":{},\"document\":{},\"record\":{},\"attempts\":[{}],\"evidence\":[{}]}}",
        quoted(id.as_str()),
        quoted(&chain),
        documents.place(document),
        quoted(&record),
        rows(),
        rows(),
    ))
}

/// Has the browser save a file.
fn save(parts: &js_sys::Array, name: &str) {
    let Ok(blob) = web_sys::Blob::new_with_str_sequence(parts) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let link = el("a").attr("href", &address).attr("download", name);
    if let Some(link) = link.node().dyn_ref::<web_sys::HtmlElement>() {
        link.click();
    }
    // The browser has it by then.
    let revoke = move || drop(web_sys::Url::revoke_object_url(&address));
    set_timeout(revoke, PATIENCE);
}
