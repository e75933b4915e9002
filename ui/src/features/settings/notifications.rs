//! When a run's end is notified, and how that sounds. The browser is asked for its permission by a press alone.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::choices::Notices;
use crate::components::{Button, Icon, Kind, icon, segments};
use crate::el::{El, div, el};
use crate::notices::{Permission, call, permission};
use crate::text::Key;
use crate::ui::Ui;

use super::{row, section, tick_row};

/// The section; none where the page shows no notifications.
pub(super) fn notifications(ui: Ui) -> Option<El> {
    ui.core().notices.as_ref().filter(|_| ui.owns_page())?;
    let permitted = ArcRwSignal::new(Standing(permission()));
    let said = permitted.clone();
    let wanted = move || ui.core().choices.get().notices != Notices::Never;
    let options = Notices::ALL.map(|notices| (notices.word(), words(notices)));
    let when = segments(
        ui,
        Key::NotifyWhen,
        &options,
        move || ui.core().choices.get().notices.word(),
        move |word| choose(ui, Notices::parse(word).unwrap_or_default(), permitted.clone()),
    );
    let trouble = el("div").attr("role", "status").redraw(move || {
        let trouble = said.get().0.trouble().filter(|_| wanted())?;
        let words = el("p").live_text(ui.words(trouble));
        Some(
            div("notice calm")
                .attr("data-notice", "permission")
                .child(icon(Icon::Alert))
                .child(words),
        )
    });
    let rows = [
        row(ui, Key::NotifyWhen, Some(Key::NotifyHint), when),
        trouble,
        tick_row(
            ui,
            "notify-always",
            (Key::NotifyAlways, None),
            move || ui.core().choices.get().notices_always,
            move |set| ui.choose(|choices| choices.notices_always = set),
        )
        .shown_if(wanted),
        sound(ui).shown_if(wanted),
    ];
    Some(section(ui, "notifications", Key::Notifications, rows))
}

/// A permission, for a signal.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Standing(Permission);

impl Permission {
    /// What keeps notifications from being shown, and the mend.
    fn trouble(self) -> Option<Key> {
        match self {
            Self::Granted => None,
            Self::Denied => Some(Key::NotifyDenied),
            Self::Undecided => Some(Key::NotifyUndecided),
            Self::Unsupported => Some(Key::NotifyUnsupported),
        }
    }
}

fn words(notices: Notices) -> Key {
    match notices {
        Notices::Never => Key::NotifyNever,
        Notices::Failure => Key::NotifyFailure,
        Notices::Finish => Key::NotifyFinish,
    }
}

/// Takes a choice, and asks the browser where it was not told.
fn choose(ui: Ui, notices: Notices, permitted: ArcRwSignal<Standing>) {
    ui.choose(|choices| choices.notices = notices);
    if notices == Notices::Never {
        return;
    }
    if permission() != Permission::Undecided {
        return permitted.set(Standing(permission()));
    }
    let asked = call(ui.core().notices.as_ref(), "ask", &JsValue::NULL);
    let Some(Ok(asked)) = asked.map(JsCast::dyn_into::<js_sys::Promise>) else { return };
    wasm_bindgen_futures::spawn_local(async move {
        // The answer is read from where it stands.
        let _ = JsFuture::from(asked).await;
        permitted.set(Standing(permission()));
    });
}

fn sound(ui: Ui) -> El {
    let hear = Button::new("try-sound", Icon::Play, Key::TrySound).kind(Kind::Quiet);
    let hear = hear.on_press(ui, move || {
        call(ui.core().notices.as_ref(), "sound", &JsValue::TRUE);
    });
    let tick = tick_row(
        ui,
        "sound",
        (Key::Sound, Some(Key::SoundHint)),
        move || ui.core().choices.get().sound,
        move |set| ui.choose(|choices| choices.sound = set),
    );
    div("setting-pair").child(tick).child(hear)
}
