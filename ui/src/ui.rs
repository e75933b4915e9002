//! What every screen has at hand: state, link, language, theme, route. Screens read signals from it
//! and write intents through it.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use baton_engine::id::{ChainId, RunId};
use baton_engine::locale::Locale;
use baton_engine::protocol::{Command, Refusal, Reply, Storage};
use baton_engine::secrets::SecretWant;
use baton_engine::time::Timestamp;
use leptos::prelude::*;

use crate::choices::Choices;
use crate::dom;
use crate::el::Words;
use crate::features::secrets::Asking;
use crate::link::Link;
use crate::route::Route;
use crate::state::State;
use crate::text::{Key, text};

/// Where the proxy's token is kept, for this browser alone.
pub const PROXY_TOKEN_KEY: &str = "baton.proxy-token";

/// Who owns the address, title and stored choices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The page is ours.
    Page,
    /// The page is someone else's: nothing outside the element is touched.
    Embedded,
}

/// Where the reader is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whereabouts {
    /// The route of the address.
    pub route: Route,
    /// The route that the screen at hand was drawn for; behind `route` once a new chain was saved.
    pub shown: Route,
    /// Where the reader wanted to go from an editor with unsaved changes.
    pub leaving: Option<Route>,
}

/// From one attempt to another, in the order in which they were made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// To the one before.
    Earlier,
    /// To the one after.
    Later,
}

/// What steps.
pub type Stepper = dyn Fn(Step);

/// What all screens share.
pub struct Core {
    /// What the engine says.
    pub state: State,
    /// The way to the engine.
    pub link: Link,
    /// The reader's choices.
    pub choices: ArcRwSignal<Choices>,
    /// Where the reader is. Written by the functions of [`Ui`] only.
    pub place: ArcRwSignal<Whereabouts>,
    /// Whether the element's own chain, if it has one, has been saved.
    pub ready: ArcRwSignal<bool>,
    /// Whether the editor holds what is not saved.
    pub dirty: ArcRwSignal<bool>,
    /// Counts the reader's own moves, after each of which the screen's heading takes the focus.
    pub moves: ArcRwSignal<u32>,
    /// Whether nothing may be started, stopped or edited from here.
    pub readonly: ArcRwSignal<bool>,
    /// The secrets that are asked for, if any are.
    pub asking: ArcRwSignal<Option<Asking>>,
    /// Whether the keys are shown.
    pub keys_shown: ArcRwSignal<bool>,
    /// The work on all that is stored, which goes on whatever screen is shown; there is one at a time.
    pub tending: Tending,
    /// The last command that was refused.
    pub notice: ArcRwSignal<Option<Refusal>>,
    /// The attempt (run, stage, number) whose evidence the next editor judges.
    pub picked: RefCell<Option<(RunId, u32, u32)>>,
    /// Steps through the attempts of the run that is shown, as long as one is.
    pub stepper: RefCell<Option<Weak<Stepper>>>,
    /// Who owns the page.
    pub mode: Mode,
    /// The only chain that is shown, in an element with `src`.
    pub only: Option<ChainId>,
    /// The name of the sample chain that a newcomer is invited to run.
    pub sample: Option<String>,
    /// Saves a report of a run as a file, if the page can: called with its format, the run and the language.
    pub save_report: Option<js_sys::Function>,
    /// Shows and sounds notifications, if the page can: called with what to do and the particulars; a promise.
    pub notices: Option<js_sys::Function>,
}

/// Work on all that is stored. A handle: clones are the same.
#[derive(Clone, Default)]
pub struct Tending {
    /// What is said of it, a line each; the first is its heading.
    pub said: ArcRwSignal<Vec<String>>,
    /// Whether it is under way.
    pub busy: ArcRwSignal<bool>,
}

/// What all screens share. A handle: copies are the same.
#[derive(Clone, Copy)]
pub struct Ui(StoredValue<Rc<Core>, LocalStorage>);

impl Ui {
    /// Shares a core among the screens of the current owner.
    pub fn new(core: Core) -> Self {
        Self(StoredValue::new_local(Rc::new(core)))
    }

    /// What is shared.
    pub fn core(self) -> Rc<Core> {
        self.0.get_value()
    }

    /// The reader's language. Followed.
    pub fn locale(self) -> Locale {
        self.core().choices.get().locale
    }

    /// Changes the reader's choices. A page of our own keeps them for the next visit.
    pub fn choose(self, change: impl FnOnce(&mut Choices)) {
        let mut choices = self.core().choices.get_untracked();
        change(&mut choices);
        self.core().choices.set(choices);
        if self.owns_page() {
            choices.keep();
        }
    }

    /// A text in the reader's language. Followed.
    pub fn t(self, key: Key) -> String {
        text(key, self.locale()).to_owned()
    }

    /// A text for a closure that keeps it up to date.
    pub fn words(self, key: Key) -> impl Fn() -> String + Copy + 'static {
        move || self.t(key)
    }

    /// A text that is handed on.
    pub fn boxed(self, key: Key) -> Words {
        Rc::new(self.words(key))
    }

    /// The one clock. Followed.
    pub fn now(self) -> Timestamp {
        self.core().state.now.get()
    }

    /// Whether anything may be started, stopped or edited from here. Followed.
    pub fn may_change(self) -> bool {
        !self.core().readonly.get()
    }

    /// Whether this element shows one chain only.
    pub fn is_single(self) -> bool {
        self.core().only.is_some()
    }

    /// Whether the page is ours.
    pub fn owns_page(self) -> bool {
        self.core().mode == Mode::Page
    }

    /// Goes to a screen, unless the editor has to ask first.
    pub fn go(self, route: Route) {
        let core = self.core();
        if core.dirty.get_untracked() && core.place.get_untracked().route != route {
            core.place.update(|place| place.leaving = Some(route));
        } else {
            self.leave(route);
        }
    }

    /// Goes to a screen, whatever is unsaved.
    pub fn leave(self, route: Route) {
        let core = self.core();
        core.dirty.set(false);
        core.moves.update(|moves| *moves += 1);
        self.show(route);
    }

    /// Shows a screen without taking the focus.
    pub fn show(self, route: Route) {
        self.core().place.set(Whereabouts { shown: route.clone(), route, leaving: None });
    }

    /// Gives the screen at hand another address: the editor's, once a new chain has been saved.
    pub fn settle(self, route: Route) {
        self.core().place.update(|place| place.route = route);
    }

    /// Stays where the reader is.
    pub fn stay(self) {
        self.core().place.update(|place| place.leaving = None);
    }

    /// Uses the proxy's token from now on. Where runs are kept, it is too, for this browser's next visits.
    pub fn use_proxy_token(self, token: &str) {
        let link = &self.core().link;
        link.set_proxy_token(token);
        if link.storage() == Storage::IndexedDb {
            dom::store(PROXY_TOKEN_KEY, token);
        }
    }

    /// Sends a command; a refusal is shown above the screen.
    pub fn order(self, command: Command) {
        self.order_then(command, |_| {});
    }

    /// Sends a command and goes on with its answer; a refusal is shown above the screen.
    pub fn order_then(self, command: Command, then: impl FnOnce(Reply) + 'static) {
        let core = self.core();
        core.notice.set(None);
        core.link.send(command, move |answer| match answer {
            Ok(reply) => then(reply),
            Err(refusal) => self.core().notice.set(Some(refusal)),
        });
    }

    /// Opens the attempt before or after the one that was opened last; says whether a run is shown.
    pub fn step_attempt(self, step: Step) -> bool {
        let stepper = self.core().stepper.borrow().as_ref().and_then(Weak::upgrade);
        stepper.map(|stepper| stepper(step)).is_some()
    }

    /// Asks for secrets.
    pub fn ask_for_secrets(self, asking: Asking) {
        self.core().asking.set(Some(asking));
    }

    /// Tells why something was refused above the screen; what lacks secrets asks for them, and goes on.
    pub fn refused(self, refusal: Refusal, again: impl Fn() + 'static) {
        if let Refusal::Secrets { environment, wants } = &refusal
            && let (Ok(wants), true) = (wants.read(), untrack(|| self.may_change()))
            && wants.iter().all(SecretWant::may_be_granted)
        {
            let (environment, then) = (environment.clone(), Rc::new(again));
            return self.ask_for_secrets(Asking { environment, wants, then: Some(then) });
        }
        self.core().notice.set(Some(refusal));
    }

    /// Starts a run, and goes on with its id or why it was refused.
    pub fn start_run(self, chain: &ChainId, then: impl FnOnce(Result<RunId, Refusal>) + 'static) {
        let Ok(run) = RunId::try_from(dom::uuid()) else { return };
        let command =
            Command::StartRun { run: run.clone(), chain: chain.clone(), environment: None };
        self.core().link.send(command, move |answer| then(answer.map(|_| run)));
    }

    /// Starts a run, and goes on once the engine has it; a refusal is shown above the screen.
    pub fn start(self, chain: &ChainId, then: impl Fn(RunId) + 'static) {
        self.start_again(chain.clone(), Rc::new(then));
    }

    fn start_again(self, chain: ChainId, then: Rc<dyn Fn(RunId)>) {
        self.core().notice.set(None);
        let again = chain.clone();
        self.start_run(&chain, move |started| match started {
            Ok(run) => then(run),
            Err(refusal) => {
                self.refused(refusal, move || self.start_again(again.clone(), then.clone()));
            }
        });
    }

    /// Starts a run, and shows it.
    pub fn start_and_show(self, chain: &ChainId) {
        self.start(chain, move |run| self.go(Route::Run(run)));
    }
}
