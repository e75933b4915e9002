//! The editor: a chain's document as a form and as text, two views of one text, checked as one types, saved against
//! the revision it began from. Nothing typed is lost by an error.

mod draft;
mod form;
mod held;
mod history;
mod import;
mod paper;
mod problems;
mod sheet;
mod tabs;
mod template;
mod tools;
mod trial;

use baton_engine::id::ChainId;
use baton_engine::protocol::{Command, Refusal};
use leptos::prelude::*;
use std::rc::Rc;

use crate::app::screen_title;
use crate::components::{Answer, Ask, Button, Icon, Kind, Nav, NavKind, icon};
use crate::dom;
use crate::el::{El, div, el, span};
use crate::later::form_fields as form_fields_later;
use crate::route::Route;
use crate::text::{Key, sentences};
use crate::ui::Ui;

use draft::{Draft, Outcome, read};
use form::steps;
pub(crate) use form::{Form, fields as form_fields};
use problems::{GoTo, problems};
use sheet::sheet;
pub(crate) use tabs::Tab;
use tools::tools;

/// What is edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Task {
    /// A new chain.
    New,
    /// A new chain, of what is to be imported.
    Import,
    /// A chain.
    Edit(ChainId),
    /// A new chain that begins as a copy of this one.
    Copy(ChainId),
}

/// How far the document has come.
#[derive(Clone)]
enum Loaded {
    Asked,
    /// The text, and the revision it is.
    Here(String, Option<u32>),
    Refused(Refusal),
}

/// The editor.
pub fn editor(ui: Ui, task: Task) -> El {
    let loaded = ArcRwSignal::new(Loaded::Asked);
    let answered = loaded.clone();
    let id = match &task {
        Task::Edit(chain) => Ok(chain.clone()),
        Task::New | Task::Import | Task::Copy(_) => ChainId::try_from(dom::uuid()),
    };
    // A UUID is an id.
    let Ok(id) = id else { return div("") };
    let imports = task == Task::Import;
    match task {
        Task::New | Task::Import => loaded.set(Loaded::Here(template::NEW.to_owned(), None)),
        Task::Edit(chain) => read(ui, chain, move |read| {
            answered.set(match read {
                Ok((text, revision)) => Loaded::Here(text, Some(revision)),
                Err(refusal) => Loaded::Refused(refusal),
            });
        }),
        Task::Copy(chain) => {
            let (id, locale) = (id.clone(), untrack(|| ui.locale()));
            read(ui, chain, move |read| {
                answered.set(match read {
                    Ok((text, _)) => {
                        Loaded::Here(template::copy_of(&text, id.as_str(), locale), None)
                    }
                    Err(refusal) => Loaded::Refused(refusal),
                });
            });
        }
    }
    let key = {
        let loaded = loaded.clone();
        move || match loaded.get() {
            Loaded::Asked => "asked",
            Loaded::Here(..) => "here",
            Loaded::Refused(_) => "refused",
        }
    };
    div("").switch(
        move || key().to_owned(),
        move |_| {
            Some(match loaded.get_untracked() {
                Loaded::Asked => el("p").class("faint").live_text(ui.words(Key::Loading)),
                Loaded::Here(text, base) => desk(&Draft::new(ui, id.clone(), &text, base), imports),
                Loaded::Refused(refusal) => div("blank")
                    .child(screen_title().live_text(ui.words(Key::EditChain)))
                    .child(el("p").live_text(move || refusal.sentence(ui.locale()))),
            })
        },
    )
}

/// The document, its problems, and what can be done with it; with the imports open, if that is what one came for.
fn desk(draft: &Draft, imports: bool) -> El {
    let ui = draft.ui;
    let [titled, keyed, notices, acted] = std::array::from_fn(|_| draft.clone());
    let removing = ArcRwSignal::new(false);
    let title = move || ui.t(if titled.is_stored() { Key::EditChain } else { Key::NewChain });
    let ask = removing.clone();
    let bar = div("bar")
        .child(screen_title().live_text(title))
        .child(standing(draft))
        .child(span("spring"))
        .switch(
            move || ui.may_change().to_string(),
            move |may| (may == "true").then(|| acts(&acted, &removing)),
        );
    let views = Form::new(draft, ArcRwSignal::new(tabs::first(draft)));
    let stepped = views.clone();
    el("section")
        .class("editor")
        .attr("data-screen", "editor")
        .child(el("p").class("back").child(back(draft)))
        .child(bar)
        .redraw(move || notice(&notices))
        .child(tools(draft, &go_to(&views), imports))
        .child(views_of(draft, &views))
        .child(remove_dialog(draft, ask))
        .on("keydown", move |event| {
            let Some(key) = tabs::pressed(&event) else { return };
            // A paste into a tool's box is undone by the browser.
            if key != tabs::Pressed::Save && tabs::is_of_tool(&event) {
                return;
            }
            event.prevent_default();
            if untrack(|| ui.may_change()) {
                match key {
                    tabs::Pressed::Save => keyed.save(|_| {}),
                    tabs::Pressed::Step(step) => stepped.step(step),
                }
            }
        })
}

/// The way to a place of the document, in the view that is open.
fn go_to(views: &Form) -> GoTo {
    let views = views.clone();
    Rc::new(move |place, line| match views.tab.get_untracked() {
        Tab::Form => views.reveal(place),
        Tab::Json => views.draft.area.go_to(line),
    })
}

/// The two views, and the document's problems beside them.
fn views_of(draft: &Draft, views: &Form) -> El {
    let (ui, tab) = (draft.ui, views.tab.clone());
    let [as_text, as_form] = std::array::from_fn(|_| tab.clone());
    let panel = |name: &'static str, inside: El| {
        let label = format!("tab-{name}");
        inside.attr("role", "tabpanel").attr("aria-labelledby", &label)
    };
    let json = panel("json", sheet(&draft.area, draft.text.clone(), draft.check.clone()));
    let fields = views.clone();
    let main = div("form-main").switch(move || fields.tab.get().word().to_owned(), {
        let views = views.clone();
        move |tab| (tab == Tab::Form.word()).then(|| form_fields_later(ui, &views))
    });
    let shown = tab.clone();
    let in_list = tab.clone();
    let side = div("side")
        .child(steps(views).shown_if(move || in_list.get() == Tab::Form))
        .child(problems(ui, draft.check.clone(), tab, go_to(views)));
    let desk = div("desk")
        .live_value("data-tab", move || shown.get().word().to_owned())
        .child(side)
        .child(panel("form", main).shown_if(move || as_form.get() == Tab::Form))
        .child(json.shown_if(move || as_text.get() == Tab::Json));
    div("").child(tabs::tabs(views)).child(desk)
}

/// Back is to the chain, once there is one.
fn back(draft: &Draft) -> El {
    let ui = draft.ui;
    let [routed, named] = std::array::from_fn(|_| draft.clone());
    let words = move || {
        let chain = ui.core().state.chain(named.chain.as_str()).filter(|_| named.is_stored());
        chain.map_or_else(|| ui.t(Key::Chains), |cell| cell.view.get().name.clone())
    };
    let nav = Nav {
        action: "back",
        kind: NavKind::Text,
        icon: Some(Icon::Back),
        words: Some(Rc::new(words)),
    };
    nav.to(
        ui,
        move || {
            if routed.is_stored() { Route::Chain(routed.chain.clone()) } else { Route::Board }
        },
    )
}

/// Saved or not, in a word.
fn standing(draft: &Draft) -> El {
    let (ui, outcome) = (draft.ui, draft.outcome.clone());
    span("standing")
        .attr("role", "status")
        .live_value("data-dirty", move || ui.core().dirty.get().to_string())
        .live_text(move || match (ui.core().dirty.get(), outcome.get()) {
            (true, _) => ui.t(Key::Unsaved),
            (false, Outcome::Saved(revision)) => sentences::saved(revision, ui.locale()),
            (false, _) => String::new(),
        })
}

fn acts(draft: &Draft, removing: &ArcRwSignal<bool>) -> El {
    let ui = draft.ui;
    let [shown, copied, saved, ran] = std::array::from_fn(|_| draft.clone());
    let (listed, removing) = (shown.clone(), removing.clone());
    let route = Route::Copy(copied.chain.clone());
    let duplicate = Nav {
        action: "duplicate",
        kind: NavKind::Button,
        icon: Some(Icon::Copy),
        words: Some(ui.boxed(Key::CopyChain)),
    };
    div("acts")
        .child(
            Button::new("remove", Icon::Trash, Key::Remove)
                .kind(Kind::Quiet)
                .on_press(ui, move || removing.set(true))
                .shown_if(move || shown.is_stored()),
        )
        .child(duplicate.to(ui, move || route.clone()).shown_if(move || listed.is_stored()))
        .child(Button::new("save", Icon::Check, Key::Save).on_press(ui, move || saved.save(|_| {})))
        .child(
            Button::new("save-and-run", Icon::Play, Key::SaveAndRun)
                .kind(Kind::Primary)
                .on_press(ui, move || ran.save(move |chain| ui.start_and_show(&chain))),
        )
}

/// What came of saving, when it needs the reader.
fn notice(draft: &Draft) -> Option<El> {
    let ui = draft.ui;
    let alert = |name: &str, sentence: String| {
        let words =
            el("p").child(el("strong").text(&ui.t(Key::NotSaved))).text(" ").text(&sentence);
        let bar = div("notice").attr("role", "alert").attr("data-notice", name);
        bar.child(icon(Icon::Alert)).child(words)
    };
    match draft.outcome.get() {
        Outcome::None | Outcome::Saved(_) => {
            let mine = draft.kept.get()?;
            let this = draft.clone();
            let bring_back = Button::new("bring-back", Icon::Back, Key::BringBack)
                .on_press(ui, move || this.bring_back(&mine));
            let words = el("p").text(&ui.t(Key::MineKept));
            Some(div("notice calm").attr("data-notice", "kept").child(words).child(bring_back))
        }
        Outcome::Unfinished(place) => {
            Some(alert("unfinished", sentences::unfinished(&place, ui.locale())))
        }
        Outcome::Refused(refusal) => Some(alert("not-saved", refusal.sentence(ui.locale()))),
        Outcome::Conflict(revision) => {
            let [mine, theirs] = std::array::from_fn(|_| draft.clone());
            let overwrite = Button::new("overwrite", Icon::Check, Key::Overwrite)
                .on_press(ui, move || mine.overwrite(revision));
            let take = Button::new("take-theirs", Icon::Poll, Key::TakeTheirs)
                .on_press(ui, move || theirs.take_theirs());
            let bar = alert("conflict", sentences::conflict(revision, ui.locale()));
            Some(bar.child(overwrite).child(take))
        }
    }
}

fn remove_dialog(draft: &Draft, asked: ArcRwSignal<bool>) -> El {
    let ui = draft.ui;
    let [named, removed] = std::array::from_fn(|_| draft.chain.clone());
    let name = move || {
        let chain = ui.core().state.chain(named.as_str());
        chain.map(|cell| cell.view.get().name.clone()).unwrap_or_default()
    };
    let ask = Ask {
        title: Key::RemoveTitle,
        hint: Key::RemoveHint,
        no: Key::Keep,
        yes: Key::Remove,
        of: Some(Rc::new(name)),
    };
    let open = asked.clone();
    ask.dialog(
        ui,
        move || open.get(),
        move |answer| {
            asked.set(false);
            if answer == Answer::Yes {
                let chain = removed.clone();
                ui.order_then(Command::RemoveChain { chain }, move |_| ui.leave(Route::Board));
            }
        },
    )
}
