//! Import of an exported file: what is new is taken over, what is here stays as it is, and all of it is said.

use baton_engine::id::{ChainId, RunId};
use baton_engine::protocol::{Command, Refusal, Reply, RunCopy, RunPart, TakenOver};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::choices;
use crate::components::file_button;
use crate::dom;
use crate::el::{El, el};
use crate::text::{Key, sentences};

use super::file::{self, Bad, Chain, RunRows};
use super::space;
use super::work::Work;

/// So many characters of rows go in one command.
const BATCH: usize = 1_000_000;

/// Where a file is chosen.
pub(super) fn chooser(work: &Work) -> El {
    let (ui, chosen, held) = (work.ui, work.clone(), work.clone());
    let input = work
        .held_back(el("input"))
        .attr("type", "file")
        .attr("accept", "application/json,.json")
        .attr("data-action", "import-all")
        .on("click", move |event| {
            if held.is_busy() {
                event.prevent_default();
            }
        })
        .on("change", move |event| {
            let input = event.target().and_then(|target| target.dyn_into().ok());
            let input: Option<web_sys::HtmlInputElement> = input;
            let Some(input) = input else { return };
            let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
            // The same file may be chosen again, whatever becomes of it.
            input.set_value("");
            let work = chosen.clone();
            chosen.begin(async move {
                match text_of(&file).await {
                    Ok(text) => take(&work, &text).await,
                    Err(bad) => work.say(vec![bad.sentence(untrack(|| work.ui.locale()))]),
                }
            });
        });
    file_button(ui, input)
}

/// A chosen file's text, if it is one that can be taken.
async fn text_of(file: &web_sys::File) -> Result<String, Bad> {
    if let Some(size) = space::whole(file.size()).filter(|size| *size > file::LARGEST) {
        return Err(Bad::Large(size / file::MEGABYTE));
    }
    match JsFuture::from(file.text()).await {
        Ok(text) => Ok(text.as_string().unwrap_or_default()),
        Err(error) => Err(Bad::Unread(dom::words(&error))),
    }
}

/// What became of things of a kind.
#[derive(Default)]
struct Came {
    new: usize,
    same: usize,
    /// By name; what is here was kept.
    different: Vec<String>,
    /// By name, with the reason.
    refused: Vec<(String, String)>,
}

impl Came {
    fn count(&mut self, name: &str, became: Result<TakenOver, String>) {
        match became {
            Ok(TakenOver::New) => self.new += 1,
            Ok(TakenOver::Same) => self.same += 1,
            Ok(TakenOver::Different) => self.different.push(name.to_owned()),
            Err(why) => self.refused.push((name.to_owned(), why)),
        }
    }
}

async fn take(work: &Work, text: &str) {
    let locale = untrack(|| work.ui.locale());
    let file = match file::read(text) {
        Ok(file) => file,
        Err(bad) => return work.say(vec![bad.sentence(locale)]),
    };
    let (mut chains, mut runs, mut settings) = (Came::default(), Came::default(), Came::default());
    for chain in &file.chains {
        chains.count(&chain.id, take_chain(work, chain).await);
    }
    let all = file.runs.len();
    for (at, run) in file.runs.into_iter().enumerate() {
        let name = run.run.clone();
        runs.count(&name, take_run(work, run).await);
        work.say(vec![sentences::runs_done(at + 1, all, locale)]);
    }
    if work.ui.owns_page() {
        for (key, value) in &file.settings {
            if let Some(became) = choices::adopt(key, value) {
                settings.count(key, Ok(became));
            }
        }
        work.ui.core().choices.update(|choices| *choices = choices.kept());
    }
    let mut lines = vec![untrack(|| work.ui.t(Key::Imported))];
    for (kind, came) in
        [(Key::Chains, &chains), (Key::RunsImported, &runs), (Key::Settings, &settings)]
    {
        let kind = untrack(|| work.ui.t(kind));
        lines.push(sentences::came(&kind, came.new, came.same, came.different.len(), locale));
        let kept = came.different.iter().map(|name| sentences::kept_yours(&kind, name, locale));
        lines.extend(kept);
        lines.extend(came.refused.iter().map(|(name, why)| sentences::act_on(name, why, locale)));
    }
    if file.has_retention {
        lines.push(sentences::retention_stays(locale));
    }
    work.say(lines);
}

/// Why the engine refused, in a sentence.
fn why(work: &Work, refusal: &Refusal) -> String {
    refusal.sentence(untrack(|| work.ui.locale()))
}

async fn take_chain(work: &Work, given: &Chain) -> Result<TakenOver, String> {
    let chain = ChainId::try_from(given.id.as_str()).map_err(|error| error.to_string())?;
    match work.order(Command::ReadChain { chain: chain.clone() }).await {
        Ok(Reply::Document { document, .. }) => {
            let same = document == *given.document;
            return Ok(if same { TakenOver::Same } else { TakenOver::Different });
        }
        Ok(_) | Err(Refusal::UnknownChain(_)) => {}
        Err(refusal) => return Err(why(work, &refusal)),
    }
    let save = Command::SaveChain {
        chain: chain.clone(),
        document: given.document.to_string(),
        base: None,
    };
    work.order(save).await.map_err(|refusal| why(work, &refusal))?;
    if let Some(environment) = given.environment.clone() {
        // One that the document does not name is not chosen; the chain is there all the same.
        let _ = work.order(Command::ChooseEnvironment { chain, environment }).await;
    }
    Ok(TakenOver::New)
}

async fn take_run(work: &Work, given: RunRows) -> Result<TakenOver, String> {
    let run = RunId::try_from(given.run).map_err(|error| error.to_string())?;
    let chain = ChainId::try_from(given.chain).map_err(|error| error.to_string())?;
    let record = RunCopy {
        run,
        chain,
        document: given.document.to_string(),
        record: given.record,
        part: RunPart::Record,
        rows: Vec::new(),
    };
    let known = untrack(|| work.ui.core().state.run(record.run.as_str())).is_some();
    let parts = [(RunPart::Attempts, given.attempts), (RunPart::Evidence, given.evidence)];
    // Of one that is here no row is needed to tell whether it is the same.
    for (part, rows) in parts.into_iter().filter(|_| !known) {
        for rows in batches(rows) {
            let became = send(work, RunCopy { part, rows, ..record.clone() }).await?;
            if became != TakenOver::New {
                return Ok(became);
            }
        }
    }
    send(work, record).await
}

/// Rows in lists that are no longer than a command should be.
fn batches(rows: Vec<(String, String)>) -> Vec<Vec<(String, String)>> {
    let mut batches = Vec::new();
    let (mut batch, mut size) = (Vec::new(), 0);
    for row in rows {
        size += row.1.len();
        batch.push(row);
        if size > BATCH {
            batches.push(std::mem::take(&mut batch));
            size = 0;
        }
    }
    batches.push(batch);
    batches
}

async fn send(work: &Work, copy: RunCopy) -> Result<TakenOver, String> {
    match work.order(Command::TakeOver(copy)).await {
        Ok(Reply::TakenOver(became)) => Ok(became),
        Ok(_) => Ok(TakenOver::Different),
        Err(refusal) => Err(why(work, &refusal)),
    }
}
