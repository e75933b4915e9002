//! What a page of our own tells beside its screens: how the chains stand, in title and icon, and that a run has ended,
//! by a notification. Which tab shows that is settled in `www/notices.js`.

use std::sync::Arc;

use baton_engine::locale::Locale;
use baton_engine::protocol::{Role, RunPhase, RunView};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::announce::bad_end;
use crate::choices::Notices;
use crate::dom;
use crate::state::Happening;
use crate::status::Status;
use crate::text::{sentences, text};
use crate::ui::Ui;

/// How all chains stand, by their latest runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// So many came to nothing good.
    Failed(usize),
    /// None did, and of so many a run is open.
    Live(usize),
    /// There is nothing to tell.
    Quiet,
}

/// How all chains stand. Followed.
pub fn standing(ui: Ui) -> Standing {
    let state = &ui.core().state;
    state.standings.track();
    let latest = |phases: &dyn Fn(RunPhase) -> bool| {
        let chains = state.chains.get();
        let runs = chains.iter().filter_map(|chain| chain.latest());
        runs.filter(|run| phases(run.view.get_untracked().phase)).count()
    };
    let failed = latest(&|phase| matches!(phase, RunPhase::Failed | RunPhase::TimedOut));
    let live = latest(&|phase| !phase.ended());
    match (failed, live) {
        (0, 0) => Standing::Quiet,
        (0, live) => Standing::Live(live),
        (failed, _) => Standing::Failed(failed),
    }
}

impl Standing {
    /// In few words, after a sign; none when there is nothing to tell.
    pub fn words(self, locale: Locale) -> String {
        match self {
            Self::Failed(count) => format!("✖ {}", sentences::failed_count(count, locale)),
            Self::Live(count) => format!("◔ {}", sentences::live_count(count, locale)),
            Self::Quiet => String::new(),
        }
    }

    /// The name of the page's icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Failed(_) => "icon-failed",
            Self::Live(_) => "icon-live",
            Self::Quiet => "icon",
        }
    }
}

/// Shows a notification for each run that has ended, as far as the reader wants it.
pub fn tell(ui: Ui, happenings: &[Happening]) {
    for happening in happenings {
        if let Happening::RunEnded(run) = happening
            && is_wanted(ui, run.phase)
        {
            notify(ui, run);
        }
    }
}

fn is_wanted(ui: Ui, phase: RunPhase) -> bool {
    match (ui.core().choices.get_untracked().notices, phase) {
        (Notices::Never, _) | (_, RunPhase::Cancelled) => false,
        (Notices::Finish, phase) => phase.ended(),
        (Notices::Failure, phase) => matches!(phase, RunPhase::Failed | RunPhase::TimedOut),
    }
}

fn notify(ui: Ui, run: &Arc<RunView>) {
    let core = ui.core();
    let (choices, locale) = (core.choices.get_untracked(), untrack(|| ui.locale()));
    let word = text(Status::from(run.phase).word(), locale);
    let passed = run.phase == RunPhase::Passed;
    let body = if passed {
        let stages = run.stages.len();
        sentences::progress(stages, stages, locale)
    } else {
        bad_end(run, locale)
    };
    let title = format!("{} {} #{}: {word}", if passed { '✔' } else { '✖' }, run.name, run.number);
    let leads = core.state.role.get_untracked() == Some(Role::Leader);
    call(
        core.notices.as_ref(),
        "notify",
        &dom::object(&[
            ("run", run.id.as_str().into()),
            ("title", title.into()),
            ("body", body.into()),
            ("passed", passed.into()),
            ("leads", leads.into()),
            ("always", choices.notices_always.into()),
            ("sound", choices.sound.into()),
            ("lang", locale.tag().into()),
        ]),
    );
}

/// Calls what the page lends, and answers with its promise; None if it lends nothing.
pub fn call(lent: Option<&js_sys::Function>, what: &str, with: &JsValue) -> Option<JsValue> {
    lent?.call2(&JsValue::NULL, &what.into(), with).ok()
}

/// Whether the browser shows notifications for this page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Permission {
    /// It does.
    Granted,
    /// It was told not to.
    Denied,
    /// It was not told.
    Undecided,
    /// It has none.
    Unsupported,
}

/// Whether the browser shows notifications for this page, now.
pub fn permission() -> Permission {
    let window = web_sys::window().map(JsValue::from).unwrap_or_default();
    let kind = dom::field(&window, "Notification");
    if !kind.is_function() {
        return Permission::Unsupported;
    }
    match dom::field(&kind, "permission").as_string().as_deref() {
        Some("granted") => Permission::Granted,
        Some("denied") => Permission::Denied,
        _ => Permission::Undecided,
    }
}
