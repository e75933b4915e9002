//! Screens whose code is loaded when they are first opened, so that the first ones come sooner: which they are, and
//! what is shown until they are there.
//!
//! `cargo xtask build` compiles with the feature `split`, and cuts the module at the functions of [`chunks`]: what only
//! they reach becomes a file of its own. Without the feature, as in tests, all is in one module, and is there at once.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;

use crate::app::{expect_heading, screen_title};
use crate::components::{Button, Icon, Kind, icon};
use crate::dom;
use crate::el::{El, div, el, react};
use crate::features::editor::{Form, Task, editor as edit, form_fields as fields};
use crate::features::history::{Subject as Past, history as show_history};
use crate::features::keys::keys_sheet as show_keys;
use crate::features::run::{
    Bodies, Subject, differences as show_differences, run_screen as show_run,
};
use crate::features::secrets::{Asking, secrets_form as ask_for_secrets};
use crate::features::settings::settings as show_settings;
use crate::route::Route;
use crate::state::Connection;
use crate::text::Key;
use crate::ui::Ui;

/// Each is loaded by who first awaits its function, which is then the way in. Nothing else may name what is behind it:
/// that would be in the first module again.
mod chunks {
    use super::{
        Asking, Bodies, El, Form, NotLoaded, Past, Subject, Task, Ui, ask_for_secrets, edit,
        fields, show_differences, show_history, show_keys, show_run, show_settings,
    };

    macro_rules! chunks {
        ($($name:ident in $chunk:ident: $screen:path as $type:ty;)*) => {$(
            #[cfg(feature = "split")]
            #[wasm_split_helpers::wasm_split($chunk, fallible)]
            pub(super) fn $name() -> Result<$type, NotLoaded> {
                Ok($screen)
            }

            #[cfg(not(feature = "split"))]
            pub(super) async fn $name() -> Result<$type, NotLoaded> {
                Ok($screen)
            }
        )*};
    }

    // Few files: what some of them share, and no other, is one more each time.
    chunks! {
        editor in editor: edit as fn(Ui, Task) -> El;
        form in form: fields as fn(&Form) -> El;
        differences in differences: show_differences as fn(Ui, &Bodies) -> El;
        history in history: show_history as fn(Ui, Past) -> El;
        run in run: show_run as fn(Ui, Subject) -> El;
        settings in settings: show_settings as fn(Ui) -> El;
        keys in settings: show_keys as fn(Ui) -> El;
        secrets in settings: ask_for_secrets as fn(Ui, Asking) -> El;
    }
}

/// Code that could not be loaded: there is no network, or another version of the page has taken its place. The
/// browser's console says which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// The editor.
pub fn editor(ui: Ui, task: Task) -> El {
    later(ui, move || {
        let task = task.clone();
        async move {
            let draw = chunks::editor().await?;
            Ok(Rc::new(move || draw(ui, task.clone())) as Draw)
        }
    })
}

/// The fields of the editor's form.
pub(crate) fn form_fields(ui: Ui, form: &Form) -> El {
    let form = form.clone();
    part_later(ui, move || {
        let form = form.clone();
        async move {
            let draw = chunks::form().await?;
            Ok(Rc::new(move || draw(&form)) as Draw)
        }
    })
}

/// Has the run's screen loaded before it is opened: at once where a run is what one came for, else as soon as the
/// board is there.
pub fn expect_run(ui: Ui) {
    let asked = Cell::new(false);
    react(move || {
        let core = ui.core();
        let route = core.place.get().route;
        let comes_first = matches!(route, Route::Chain(_) | Route::Run(_) | Route::Stage(..));
        let board_is_there = core.ready.get() && core.state.connection.get() == Connection::Live;
        if (comes_first || board_is_there) && !asked.replace(true) {
            // What fails is tried again, and said, when it is opened.
            wasm_bindgen_futures::spawn_local(async {
                let _ = chunks::run().await;
            });
        }
    });
}

/// A run.
pub fn run_screen(ui: Ui, subject: Subject) -> El {
    later(ui, move || {
        let subject = subject.clone();
        async move {
            let draw = chunks::run().await?;
            Ok(Rc::new(move || draw(ui, subject.clone())) as Draw)
        }
    })
}

/// What differs between two attempts' responses.
pub(crate) fn differences(ui: Ui, bodies: Bodies) -> El {
    part_later(ui, move || {
        let bodies = bodies.clone();
        async move {
            let draw = chunks::differences().await?;
            Ok(Rc::new(move || draw(ui, &bodies)) as Draw)
        }
    })
}

/// History, or a comparison of two runs.
pub fn history(ui: Ui, subject: Past) -> El {
    later(ui, move || {
        let subject = subject.clone();
        async move {
            let draw = chunks::history().await?;
            Ok(Rc::new(move || draw(ui, subject.clone())) as Draw)
        }
    })
}

/// The settings.
pub fn settings(ui: Ui) -> El {
    later(ui, move || async move {
        let draw = chunks::settings().await?;
        Ok(Rc::new(move || draw(ui)) as Draw)
    })
}

/// What shows all keys, within its dialog.
pub fn keys_sheet(ui: Ui) -> El {
    later(ui, move || async move {
        let draw = chunks::keys().await?;
        Ok(Rc::new(move || draw(ui)) as Draw)
    })
}

/// What asks for secrets, within its dialog.
pub fn secrets_form(ui: Ui, asking: Asking) -> El {
    later(ui, move || {
        let asking = asking.clone();
        async move {
            let draw = chunks::secrets().await?;
            Ok(Rc::new(move || draw(ui, asking.clone())) as Draw)
        }
    })
}

/// What draws a screen, once it is loaded.
type Draw = Rc<dyn Fn() -> El>;

/// How much of the page is loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// A screen, whose heading takes the focus.
    Screen,
    /// A part of one.
    Part,
}

impl Extent {
    fn title(self) -> El {
        match self {
            Self::Screen => screen_title(),
            Self::Part => el("p"),
        }
    }

    /// Has the focus go from what is shown to the heading of what comes, if it is there.
    fn hand_on_focus(self, place: &web_sys::Element) {
        if self == Self::Screen && dom::focused_in(place).is_some() {
            expect_heading(place);
        }
    }
}

type Load = Pin<Box<dyn Future<Output = Result<Draw, NotLoaded>>>>;

/// How far the loading has come.
#[derive(Clone)]
enum Standing {
    Loading,
    Here(Draw),
    NotLoaded,
}

impl Standing {
    fn word(&self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Here(_) => "here",
            Self::NotLoaded => "not-loaded",
        }
    }
}

/// A place for a screen whose code is loaded.
fn later<L>(ui: Ui, load: impl Fn() -> L + 'static) -> El
where
    L: Future<Output = Result<Draw, NotLoaded>> + 'static,
{
    later_boxed(ui, Extent::Screen, Rc::new(move || Box::pin(load()) as Load))
}

/// A place for a part of a screen.
fn part_later<L>(ui: Ui, load: impl Fn() -> L + 'static) -> El
where
    L: Future<Output = Result<Draw, NotLoaded>> + 'static,
{
    later_boxed(ui, Extent::Part, Rc::new(move || Box::pin(load()) as Load))
}

fn later_boxed(ui: Ui, extent: Extent, load: Rc<dyn Fn() -> Load>) -> El {
    let standing = ArcRwSignal::new(Standing::Loading);
    let place = div("");
    let (shown, inside) = (standing.clone(), place.node().clone());
    fetch(load(), extent, standing.clone(), inside.clone());
    place.switch(
        move || shown.get().word().to_owned(),
        move |_| {
            Some(match standing.get_untracked() {
                Standing::Loading => loading(ui, extent),
                Standing::Here(draw) => draw(),
                Standing::NotLoaded => {
                    let (load, standing, inside) = (load.clone(), standing.clone(), inside.clone());
                    not_loaded(ui, extent, move || {
                        extent.hand_on_focus(&inside);
                        standing.set(Standing::Loading);
                        fetch(load(), extent, standing.clone(), inside.clone());
                    })
                }
            })
        },
    )
}

/// Loads, and says how that went.
fn fetch(load: Load, extent: Extent, standing: ArcRwSignal<Standing>, place: web_sys::Element) {
    wasm_bindgen_futures::spawn_local(async move {
        let now = load.await.map_or(Standing::NotLoaded, Standing::Here);
        extent.hand_on_focus(&place);
        standing.set(now);
    });
}

fn loading(ui: Ui, extent: Extent) -> El {
    extent.title().class("faint").attr("data-state", "loading").live_text(ui.words(Key::Loading))
}

fn not_loaded(ui: Ui, extent: Extent, again: impl Fn() + 'static) -> El {
    // A page of our own comes back to this very screen; another's page is not ours to load anew.
    let reload = ui
        .owns_page()
        .then(|| Button::new("reload", Icon::Poll, Key::ReloadPage).on_press(ui, dom::reload));
    let button = Button::new("load-again", Icon::Poll, Key::LoadAgain)
        .kind(Kind::Primary)
        .on_press(ui, again);
    el("section")
        .class("blank")
        .attr("role", "alert")
        .attr("data-state", "not-loaded")
        .child(icon(Icon::Alert))
        .child(extent.title().live_text(ui.words(Key::NotLoaded)))
        .child(el("p").live_text(ui.words(Key::NotLoadedHint)))
        .child(div("acts").child(button).maybe(reload))
}
