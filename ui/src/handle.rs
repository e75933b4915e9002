//! What the element's class in `www/` holds: one mounted board, and what a page may ask of it.

use baton_engine::locale::Locale;
use leptos::prelude::{GetUntracked, Set, Update, untrack};
use wasm_bindgen::prelude::*;

use crate::boot::{Mounted, boot};
use crate::dom;
use crate::link::{Port, Receiver, WorkerPort};
use crate::options::{self, Options, Setup};
use crate::route::Route;
use crate::ui::Ui;

/// A mounted board. `free()` unmounts it and ends its worker.
#[wasm_bindgen]
pub struct Handle(Mounted);

/// Mounts a board in `root`, inside the shadow root of `host`. `spawn` makes a worker each time it
/// is called.
///
/// # Errors
/// A sentence that names the option that was not understood.
#[wasm_bindgen]
pub fn mount(
    host: web_sys::HtmlElement,
    root: web_sys::HtmlElement,
    options: &JsValue,
    spawn: js_sys::Function,
) -> Result<Handle, JsError> {
    console_error_panic_hook::set_once();
    let setup = Setup::try_from(Options::read(options)).map_err(|error| JsError::new(&error))?;
    let opener = move |receiver: Receiver| -> Result<Box<dyn Port>, String> {
        let worker = spawn.call0(&JsValue::NULL).map_err(|error| dom::words(&error))?;
        Ok(Box::new(WorkerPort::new(worker.unchecked_into(), receiver)))
    };
    let mounted = boot(host, root, setup, Box::new(opener));
    mounted.map(Handle).ok_or_else(|| JsError::new("the screens could not be mounted"))
}

#[wasm_bindgen]
impl Handle {
    /// Changes any of locale, theme, readonly, view, chain, runId; what is not there stays.
    ///
    /// # Errors
    /// A sentence that names the option that was not understood.
    pub fn update(&self, changes: &JsValue) -> Result<(), JsError> {
        update(self.0.ui(), changes).map_err(|error| JsError::new(&error))
    }

    /// The run that is shown; where none is, the latest.
    pub fn shown_run(&self) -> Option<String> {
        let core = self.0.ui().core();
        let state = &core.state;
        let shown = core.place.get_untracked().shown;
        let latest = || state.runs.get_untracked().first().map(|run| run.id.to_string());
        match shown {
            Route::Run(run) | Route::Stage(run, _) => Some(run.to_string()),
            Route::Chain(chain) => {
                untrack(|| state.chain(chain.as_str())?.latest()).map(|run| run.id.to_string())
            }
            Route::Board
            | Route::Settings
            | Route::New
            | Route::Import
            | Route::Edit(_)
            | Route::Copy(_)
            | Route::History(_)
            | Route::Compare(..) => latest(),
        }
    }

    /// Starts a run of the chain with this id or name; resolves with the run's id.
    pub fn run(&self, chain: &str) -> js_sys::Promise {
        let ui = self.0.ui();
        let chains = ui.core().state.chains.get_untracked();
        let by_id = chains.iter().find(|cell| cell.id.as_str() == chain);
        let by_name = || chains.iter().find(|cell| cell.view.get_untracked().name == chain);
        let Some(cell) = by_id.or_else(by_name).cloned() else {
            let words = format!("there is no chain with the id or name \"{chain}\"");
            return js_sys::Promise::reject(&js_sys::Error::new(&words));
        };
        js_sys::Promise::new(&mut |resolve, reject| {
            ui.start_run(&cell.id, move |started| {
                // A promise's own functions can't fail.
                let _ = match started {
                    Ok(run) => resolve.call1(&JsValue::NULL, &run.as_str().into()),
                    Err(refusal) => {
                        let words = refusal.sentence(Locale::En);
                        reject.call1(&JsValue::NULL, &js_sys::Error::new(&words))
                    }
                };
            });
        })
    }
}

fn update(ui: Ui, changes: &JsValue) -> Result<(), String> {
    let core = ui.core();
    let text = |key| dom::field(changes, key).as_string();
    let mut choices = core.choices.get_untracked();
    if let Some(tag) = text("locale") {
        choices.choose_locale(Some(Locale::from_tag(&tag)));
        choices.fixed.locale = true;
    }
    if let Some(word) = text("theme") {
        choices.theme = options::theme(&word)?;
        choices.fixed.theme = true;
    }
    if choices != core.choices.get_untracked() {
        core.choices.set(choices);
    }
    if let Some(readonly) = dom::field(changes, "readonly").as_bool() {
        core.readonly.set(readonly);
    }
    let (view, chain, run) = (text("view"), text("chain"), text("runId"));
    if view.is_some() || chain.is_some() || run.is_some() {
        let chain = match chain {
            Some(id) => Some(options::chain_id(&id)?),
            None => core.only.clone(),
        };
        let route = options::route(view.as_deref(), chain.as_ref(), run.as_deref())?;
        // Shown, not gone to: the focus stays in the embedding page.
        if core.dirty.get_untracked() {
            core.place.update(|place| place.leaving = Some(route));
        } else {
            ui.show(route);
        }
    }
    Ok(())
}
