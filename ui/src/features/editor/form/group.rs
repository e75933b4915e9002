//! Groups of stages: one is made of two neighbours, takes in the stage beside it, lets one go, and is dissolved.

use baton_engine::json::Value;
use baton_engine::json::edit::{Document, Edit, Path, Step};
use leptos::prelude::*;

use super::spot::{after, length};
use super::steps::{holder, keep_focus};
use super::{Chosen, Form, is_group};
use crate::components::{Button, Icon, Kind};
use crate::el::{El, el};
use crate::features::editor::history::By;
use crate::json::quoted;
use crate::text::Key;

/// What can be done about groups.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    /// A stage and the next become one.
    Join,
    /// A stage goes into the one before it.
    IntoAbove,
    /// A stage goes into the one behind it.
    IntoBelow,
    /// A stage leaves its group.
    Out,
    /// Its stages stand where it stood.
    Dissolve,
}

impl Act {
    const ALL: [(Self, &'static str, Icon, Key); 5] = [
        (Self::Join, "group-next", Icon::Plus, Key::GroupWithNext),
        (Self::IntoAbove, "into-above", Icon::Up, Key::IntoGroupAbove),
        (Self::IntoBelow, "into-below", Icon::Down, Key::IntoGroupBelow),
        (Self::Out, "out-of-group", Icon::Back, Key::OutOfGroup),
        (Self::Dissolve, "dissolve-group", Icon::Cross, Key::DissolveGroup),
    ];

    /// Whether it can be done with the stage or group at a path.
    fn fits(self, document: &Document, path: &Path) -> bool {
        let Some((list, at)) = holder(path) else { return false };
        let outer = list.steps().len() == 1;
        let stands = |at: Option<usize>, group: bool| {
            let beside = at.map(|at| list.item(at));
            beside.is_some_and(|beside| {
                document.value(&beside).is_some() && is_group(document, &beside) == group
            })
        };
        match (self, is_group(document, path)) {
            (Self::Dissolve, is_group) => is_group,
            (_, true) => false,
            (Self::Out, false) => !outer,
            (Self::Join, false) => outer && stands(Some(at + 1), false),
            (Self::IntoAbove, false) => outer && stands(at.checked_sub(1), true),
            (Self::IntoBelow, false) => outer && stands(Some(at + 1), true),
        }
    }
}

/// What can be done about groups with what is chosen.
pub(super) fn acts(form: &Form) -> El {
    let ui = form.ui;
    let locked = form.draft.paper.clone();
    let acts = el("fieldset").class("step-acts").live_attr("disabled", move || {
        (locked.syntax().is_some() || !ui.may_change()).then(String::new)
    });
    let node = acts.node().clone();
    acts.children(Act::ALL.map(|(act, action, icon, label)| {
        let (pressed, able, node) = (form.clone(), form.clone(), node.clone());
        Button::new(action, icon, label)
            .kind(Kind::Quiet)
            .on_press(ui, move || {
                // The button is gone with what it did. A new group's name has the focus.
                if pressed.group(act) && act != Act::Join {
                    keep_focus(node.clone());
                }
            })
            .shown_if(move || able.fits(act))
    }))
}

impl Form {
    /// Whether that can be done with what is chosen. Followed.
    fn fits(&self, act: Act) -> bool {
        let Chosen::Step(path) = self.here() else { return false };
        act.fits(&self.draft.paper.document(), &path)
    }

    /// Does it, in one step, and says whether it was done.
    fn group(&self, act: Act) -> bool {
        let Chosen::Step(path) = untrack(|| self.here()) else { return false };
        if !untrack(|| self.fits(act)) || !self.is_finished() {
            return false;
        }
        let Some((list, at)) = holder(&path) else { return false };
        match act {
            Act::Join => {
                let name = self.free_name(&untrack(|| self.ui.t(Key::Group)));
                let is_made = self.draft.edit(&By::Step, |document| joined(document, at, &name));
                if is_made {
                    self.reveal(&path.key("group").key("name").to_string());
                }
                is_made
            }
            Act::IntoAbove => {
                let members = list.item(at.saturating_sub(1)).key("group").key("stages");
                let count = self.draft.paper.peek().value(&members).map_or(0, length);
                self.carry(&path, &members, count)
            }
            Act::IntoBelow => self.carry(&path, &list.item(at + 1).key("group").key("stages"), 0),
            Act::Out => self.let_out(&path, &list, at),
            Act::Dissolve => self.dissolve(&path),
        }
    }

    /// The first stage of a group goes before it, others behind it. A group does not stay without stages.
    fn let_out(&self, path: &Path, members: &Path, at: usize) -> bool {
        let Some(group) = members.split().and_then(|(group, _)| Some(group.split()?.0)) else {
            return false;
        };
        let Some((list, place)) = holder(&group) else { return false };
        let count = self.draft.paper.peek().value(members).map_or(0, length);
        if count < 2 {
            return self.dissolve(&group);
        }
        self.carry(path, &list, if at == 0 { place } else { place + 1 })
    }

    fn dissolve(&self, group: &Path) -> bool {
        let is_made = self.draft.edit(&By::Step, |document| dissolved(document, group));
        if is_made {
            self.choose(Chosen::Step(group.clone()));
        }
        is_made
    }

    /// Moves a stage to a place of a list, before what stands there; the form goes on showing it. A group that it was
    /// the last of goes along.
    pub(super) fn carry(&self, path: &Path, list: &Path, at: usize) -> bool {
        let Some((own, from)) = holder(path) else { return false };
        if own == *list {
            self.shift(list, from, if from < at { at - 1 } else { at });
            return true;
        }
        let moved = carried(&self.draft.paper.peek(), path, list, at);
        let Some((edit, path)) = moved else { return false };
        let is_made = self.draft.edit(&By::Step, |_| Some(edit));
        if is_made {
            self.choose(Chosen::Step(path));
        }
        is_made
    }
}

/// A stage and the next as a group.
fn joined(document: &Document, at: usize, name: &str) -> Option<Edit> {
    let list = Path::root().key("stages");
    let (first, second) = (list.item(at), list.item(at + 1));
    let group = [document.written(&first)?, document.written(&second)?];
    let group = group.map(|stage| stage.replace('\n', "\n      ")).join(",\n      ");
    let name = quoted(name);
    let group = format!(
        "{{\n  \"group\": {{\n    \"name\": {name},\n    \"stages\": [\n      {group}\n    ]\n  }}\n}}"
    );
    let now = after(document, document.set(&first, &group, &[]))?;
    let now = after(&now, now.remove(&second))?;
    Some(Edit::between(document.text(), now.text()))
}

/// The stages of a group in its place.
fn dissolved(document: &Document, group: &Path) -> Option<Edit> {
    let members = group.key("group").key("stages");
    let (list, at) = holder(group)?;
    let count = document.value(&members).and_then(Value::as_array).map_or(0, Vec::len);
    let mut now = document.clone();
    for member in (0..count).rev() {
        let stage = document.written(&members.item(member))?;
        now = after(&now, now.insert(&list, at + 1, &stage))?;
    }
    now = after(&now, now.remove(group))?;
    Some(Edit::between(document.text(), now.text()))
}

/// A stage at a place of another list, and where it is then.
fn carried(document: &Document, from: &Path, list: &Path, at: usize) -> Option<(Edit, Path)> {
    let stage = document.written(from)?;
    let now = after(document, document.insert(list, at, &stage))?;
    // What stood at the place, and behind it, is one further.
    let mut gone = behind(from, list, at, 1);
    let (own, _) = holder(&gone)?;
    if now.value(&own).map_or(0, length) == 1 {
        gone = own.split()?.0.split()?.0;
    }
    let now = after(&now, now.remove(&gone))?;
    let (left, place) = holder(&gone)?;
    let to = behind(&list.item(at), &left, place, -1);
    Some((Edit::between(document.text(), now.text()), to))
}

/// A path once `by` elements came to a list or left it at a place before what it leads through.
fn behind(path: &Path, list: &Path, at: usize, by: isize) -> Path {
    let depth = list.steps().len();
    let mut moved = Path::root();
    for (level, step) in path.steps().iter().enumerate() {
        moved = match step {
            Step::Item(item) if level == depth && moved == *list && *item >= at => {
                moved.item(item.saturating_add_signed(by))
            }
            Step::Item(item) => moved.item(*item),
            Step::Key(key) => moved.key(key),
        };
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const TEXT: &str = r#"{
  "stages": [
    { "name": "A", "x": 1.50 },
    {"name":"B"},
    {
      "name": "C"
    }
  ]
}"#;

    fn stages() -> Path {
        Path::root().key("stages")
    }

    fn document(text: &str) -> Document {
        Document::read(text).unwrap()
    }

    /// The names in the order of the stages, those of groups in brackets.
    fn names(document: &Document) -> String {
        let name = |stage: &Value| stage.get("name").and_then(Value::as_str).unwrap().to_owned();
        let all = document.value(&stages()).and_then(Value::as_array).unwrap().iter();
        let all = all.map(|stage| match stage.get("group").and_then(|group| group.get("stages")) {
            Some(members) => {
                let members = members.as_array().unwrap().iter();
                format!("[{}]", members.map(name).collect::<String>())
            }
            None => name(stage),
        });
        all.collect()
    }

    fn edited(document: &Document, edit: Option<Edit>) -> Document {
        after(document, edit).unwrap()
    }

    #[test]
    fn two_stages_become_a_group_and_are_two_again() {
        let before = document(TEXT);
        let grouped = edited(&before, joined(&before, 0, "Both"));
        let want = TEXT.replace(
            "    { \"name\": \"A\", \"x\": 1.50 },\n    {\"name\":\"B\"},",
            "    {\n      \"group\": {\n        \"name\": \"Both\",\n        \"stages\": [\n          { \"name\": \"A\", \"x\": 1.50 },\n          {\"name\":\"B\"}\n        ]\n      }\n    },",
        );
        assert_eq!(grouped.text(), want);
        let again = edited(&grouped, dissolved(&grouped, &stages().item(0)));
        assert_eq!(again.text(), TEXT);
    }

    #[test]
    fn a_stage_goes_into_a_group_and_out_of_it() {
        let before = document(TEXT);
        let grouped = edited(&before, joined(&before, 1, "Both"));
        assert_eq!(names(&grouped), "A[BC]");
        let members = |at: usize| stages().item(at).key("group").key("stages");
        let carry = |document: &Document, from: &Path, list: &Path, at: usize| {
            let (edit, path) = carried(document, from, list, at).unwrap();
            let now = edited(document, Some(edit));
            assert_eq!(now.value(&path), document.value(from), "it is where it is said to be");
            now
        };
        let all = carry(&grouped, &stages().item(0), &members(1), 1);
        assert_eq!(names(&all), "[BAC]");
        let first = carry(&all, &members(0).item(0), &stages(), 0);
        assert_eq!(names(&first), "B[AC]");
        let last = carry(&first, &members(1).item(0), &stages(), 2);
        assert_eq!(names(&last), "B[C]A");
        assert_eq!(names(&carry(&last, &members(1).item(0), &stages(), 0)), "CBA");
        assert_eq!(names(&carry(&last, &members(1).item(0), &stages(), 3)), "BAC");
        assert!(last.text().contains("{ \"name\": \"A\", \"x\": 1.50 }"), "{}", last.text());
    }

    #[test]
    fn what_can_be_done_depends_on_the_neighbours() {
        let before = document(TEXT);
        let grouped = edited(&before, joined(&before, 1, "Both"));
        let can = |path: &Path| {
            let fits = Act::ALL.into_iter().filter(|(act, ..)| act.fits(&grouped, path));
            fits.map(|(_, action, ..)| action).collect::<Vec<_>>()
        };
        assert_eq!(can(&stages().item(0)), ["into-below"]);
        assert_eq!(can(&stages().item(1)), ["dissolve-group"]);
        assert_eq!(can(&stages().item(1).key("group").key("stages").item(0)), ["out-of-group"]);
        assert!(Act::Join.fits(&before, &stages().item(1)));
        assert!(!Act::Join.fits(&before, &stages().item(2)));
    }
}
