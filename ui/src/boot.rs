//! Brings an element to life: makes state and link, mounts the screens, saves the element's own
//! chain, starts the run it may ask for.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use baton_engine::id::ChainId;
use baton_engine::protocol::{Clock, Command, Reply, Storage};
use baton_engine::time::Timestamp;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::announce::{Announcer, Ears};
use crate::app::app;
use crate::choices::{Choices, Fixed};
use crate::clock::{self, Interval};
use crate::dom;
use crate::el::{keep, react};
use crate::features::fatal::{hint, in_words};
use crate::keys::listen;
use crate::later::expect_run;
use crate::link::{Link, Opener};
use crate::notices;
use crate::options::Setup;
use crate::route::Route;
use crate::state::{Change, ClockSource, Connection, State};
use crate::ui::{Core, Mode, PROXY_TOKEN_KEY, Tending, Ui, Whereabouts};
use crate::when;

/// Screens that are shown; dropping them takes them off and ends the worker.
pub struct Mounted {
    ui: Ui,
    _scope: Box<dyn Any>,
}

impl Mounted {
    /// Their context.
    pub fn ui(&self) -> Ui {
        self.ui
    }
}

/// Mounts the screens in `root`, whose shadow host is `host`. None if Leptos did not call back.
pub fn boot(
    host: web_sys::HtmlElement,
    root: web_sys::HtmlElement,
    setup: Setup,
    opener: Opener,
) -> Option<Mounted> {
    let made: Rc<RefCell<Option<Ui>>> = Rc::default();
    let out = made.clone();
    let inside = root.clone();
    // Leptos' scope holds the effects and listeners; the elements are put in by hand.
    let scope = mount_to(root, move || {
        let ears = Ears::default();
        let ui = shared(&setup, opener);
        *out.borrow_mut() = Some(ui);
        let announcer = Announcer::new(host.clone(), ears.clone());
        let link = ui.core().link.clone();
        let choices = ui.core().choices.clone();
        link.listen(move |happenings| {
            announcer.tell(&happenings, choices.get_untracked().locale);
            notices::tell(ui, &happenings);
        });
        let mut before = None;
        react(move || {
            let zone = ui.core().choices.get().zone;
            // Other choices leave what another board of the page has chosen.
            if before.replace(zone) != Some(zone) {
                when::follow(zone);
            }
        });
        tick(ui, setup.start.clock);
        begin(ui, setup, host);
        expect_run(ui);
        if ui.owns_page() {
            own_the_page(ui);
        }
        let app = app(ui, &ears);
        // A div takes any child.
        let _ = inside.append_child(app.node());
        keep(Removed(app.node().clone()));
        listen(ui, app);
    });
    let ui = made.borrow_mut().take()?;
    Some(Mounted { ui, _scope: Box::new(scope) })
}

/// An element that leaves the document when this is dropped.
struct Removed(web_sys::Element);

impl Drop for Removed {
    fn drop(&mut self) {
        self.0.remove();
    }
}

fn shared(setup: &Setup, opener: Opener) -> Ui {
    let (now, source) = match setup.start.clock {
        Clock::Real => (clock::now(), ClockSource::Browser),
        Clock::Test { start_ms } => (Timestamp::from_ms(start_ms), ClockSource::Events),
    };
    let state = State::new(now, source);
    let link = Link::open(state.clone(), setup.start.clone(), opener);
    let token = setup.proxy_token.clone().or_else(|| {
        (setup.start.storage == Storage::IndexedDb).then(|| dom::stored(PROXY_TOKEN_KEY))?
    });
    if let Some(token) = token {
        link.set_proxy_token(&token);
    }
    let own_page = setup.mode == Mode::Page;
    let mut choices = Choices {
        theme: setup.theme.unwrap_or_default(),
        fixed: Fixed { locale: setup.locale.is_some(), theme: setup.theme.is_some() },
        ..Choices::default()
    };
    choices.choose_locale(setup.locale);
    let choices = if own_page { choices.kept() } else { choices };
    let address = if own_page { Route::parse(&hash()) } else { Route::Board };
    let route = if address == Route::Board { setup.route.clone() } else { address };
    Ui::new(Core {
        state,
        link,
        choices: ArcRwSignal::new(choices),
        place: ArcRwSignal::new(Whereabouts { shown: route.clone(), route, leaving: None }),
        ready: ArcRwSignal::new(setup.source.is_none()),
        dirty: ArcRwSignal::new(false),
        moves: ArcRwSignal::new(0),
        readonly: ArcRwSignal::new(setup.readonly),
        asking: ArcRwSignal::new(None),
        keys_shown: ArcRwSignal::new(false),
        tending: Tending::default(),
        notice: ArcRwSignal::new(None),
        picked: RefCell::default(),
        stepper: RefCell::default(),
        mode: setup.mode,
        only: setup.source.as_ref().map(|(id, _)| id.clone()),
        sample: setup.sample.clone(),
        save_report: setup.save_report.clone(),
        notices: setup.notices.clone(),
    })
}

fn hash() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Moves the one clock, once a second, while anything lives and the page can be seen.
fn tick(ui: Ui, clock: Clock) {
    if clock != Clock::Real {
        return;
    }
    let state = ui.core().state.clone();
    let interval: RefCell<Option<Interval>> = RefCell::default();
    react(move || {
        state.standings.track();
        let runs = state.runs.get();
        let lives = state.health.get().store.is_some()
            || runs.iter().any(|run| !run.view.get_untracked().phase.ended());
        let mut interval = interval.borrow_mut();
        if lives == interval.is_some() {
            return;
        }
        let read = {
            let state = state.clone();
            move || drop(state.apply(Change::Clock(clock::now())))
        };
        *interval = lives.then(|| {
            read();
            Interval::every(Duration::from_secs(1), move || {
                if !dom::hidden() {
                    read();
                }
            })
        });
    });
}

/// What happens once the first snapshot is there, and what of it again after a fatality.
fn begin(ui: Ui, setup: Setup, host: web_sys::HtmlElement) {
    let begun = Cell::new(false);
    let told = Rc::new(Cell::new(false));
    react(move || match ui.core().state.connection.get() {
        Connection::Starting => {}
        Connection::Fatal(fatal) => {
            // A chain that is still being saved is the link's to repeat; one that was saved may be
            // gone with the store.
            if ui.core().ready.get_untracked() {
                begun.set(false);
                ui.core().ready.set(setup.source.is_none());
            }
            let (name, words) = in_words(&fatal);
            let message = if words.is_empty() {
                untrack(|| ui.t(hint(ui, &fatal)))
            } else {
                words.to_owned()
            };
            let detail = dom::object(&[("fatal", name.into()), ("message", message.into())]);
            dom::dispatch(&host, "baton-error", &detail);
        }
        Connection::Live => {
            if begun.replace(true) {
                return;
            }
            let (host, chain, autorun) = (host.clone(), setup.chain.clone(), setup.autorun);
            let (namespace, told) = (setup.start.name.clone(), told.clone());
            let save = if told.get() { Save::Missing } else { Save::Unequal };
            let ready = move || {
                ui.core().ready.set(true);
                if told.replace(true) {
                    return;
                }
                if let (true, Some(chain)) = (autorun, chain) {
                    start_once(ui, &chain, &namespace);
                }
                dom::dispatch(&host, "baton-ready", &JsValue::NULL);
            };
            match setup.source.clone() {
                Some((id, document)) => save_source(ui, id, document, save, ready),
                None => ready(),
            }
        }
    });
}

/// When the element's own chain is saved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Save {
    /// Unless the very same document is there.
    Unequal,
    /// Unless any is there: it was saved once, and the reader may have edited it since.
    Missing,
}

/// Saves the element's own chain.
fn save_source(
    ui: Ui,
    chain: ChainId,
    document: String,
    save: Save,
    then: impl FnOnce() + 'static,
) {
    let core = ui.core();
    let (link, notice) = (core.link.clone(), core.notice.clone());
    let read = Command::ReadChain { chain: chain.clone() };
    core.link.send(read, move |answer| {
        if let Ok(Reply::Document { document: there, .. }) = &answer
            && (save == Save::Missing || *there == document)
        {
            return then();
        }
        link.send(Command::SaveChain { chain, document, base: None }, move |answer| {
            if let Err(refusal) = answer {
                notice.set(Some(refusal));
            }
            then();
        });
    });
}

/// Starts a run once a tab session, unless one of that chain is open.
fn start_once(ui: Ui, chain: &ChainId, namespace: &str) {
    let cell = ui.core().state.chain(chain.as_str());
    let latest = cell.and_then(|cell| untrack(|| cell.latest()));
    let open = latest.is_some_and(|run| !run.view.get_untracked().phase.ended());
    if !open && dom::first_in_session(&format!("baton.autorun.{namespace}.{chain}")) {
        ui.start(chain, |_| {});
    }
}

/// Follows the address, and writes it. Only in a page of our own.
fn own_the_page(ui: Ui) {
    let Some(window) = web_sys::window() else { return };
    let window: web_sys::EventTarget = window.unchecked_into();
    let own = window.clone();
    keep(dom::Listener::on(
        window.clone(),
        "hashchange",
        Box::new(move |_| {
            let there = Route::parse(&hash());
            let here = ui.core().place.get_untracked().route;
            if there == here {
                return;
            }
            if ui.core().dirty.get_untracked() {
                // The editor asks first; until then the address stays where the reader is.
                dom::replace_hash(&here.hash());
            }
            ui.go(there);
        }),
    ));
    keep(dom::Listener::on(
        window,
        "beforeunload",
        Box::new(move |event| {
            if ui.core().dirty.get_untracked() {
                event.prevent_default();
            }
        }),
    ));
    react(move || dom::set_hash(&ui.core().place.get().route.hash()));
    // What is chosen in another tab holds in this one.
    keep(dom::Listener::on(
        own.clone(),
        "storage",
        Box::new(move |_| {
            let here = ui.core().choices.get_untracked();
            let there = here.kept();
            if there != here {
                ui.core().choices.set(there);
            }
        }),
    ));
}
