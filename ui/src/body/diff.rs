//! What differs between two JSON texts: values that are new, gone or others, each with its place. Items of arrays are
//! told apart by a key of theirs where they have one and keep their order, else by their index.
//!
//! Where to start: [`differences`]. Done one after another to the first text, they make the second one.

use std::collections::{HashMap, HashSet};

use super::path::Step;
use super::tree::{NodeId, Shape, Tree};
use crate::json::unquoted;

/// More differences than these are not looked for.
pub const MOST: usize = 1000;
/// What items are called by, the likeliest first.
const KEYS: [&str; 7] = ["id", "_id", "event_id", "key", "uuid", "name", "code"];

/// A text with its tree.
pub type Json<'a> = (&'a Tree, &'a str);

/// What became of a value. Values are JSON texts, as they were written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// It is new.
    Added(String),
    /// It is gone. Its index is the one that it had.
    Removed(String),
    /// It was another.
    Changed(String, String),
}

/// A difference, and where it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The steps to the value.
    pub path: Vec<Step>,
    /// What became of it.
    pub change: Change,
}

/// What has to be done to the first text to make the second one of it, no more than [`MOST`] of it. None when one of
/// them is no single document.
pub fn differences(old: Json, new: Json) -> Option<Vec<Difference>> {
    let mut comparing = Comparing { old, new, path: Vec::new(), found: Vec::new() };
    let are_single = old.0.roots() == 1 && new.0.roots() == 1;
    are_single.then(|| {
        comparing.values(0, 0);
        comparing.found
    })
}

struct Comparing<'a> {
    old: Json<'a>,
    new: Json<'a>,
    path: Vec<Step>,
    found: Vec<Difference>,
}

impl<'a> Comparing<'a> {
    fn text((tree, text): Json<'a>, id: NodeId) -> &'a str {
        &text[tree.range(id)]
    }

    fn tell(&mut self, step: Option<Step>, change: Change) {
        if self.found.len() < MOST {
            let path = self.path.iter().cloned().chain(step).collect();
            self.found.push(Difference { path, change });
        }
    }

    fn values(&mut self, old: NodeId, new: NodeId) {
        let (before, after) = (Self::text(self.old, old), Self::text(self.new, new));
        // Most of it is alike to the letter.
        if before == after || self.found.len() >= MOST {
            return;
        }
        match (self.old.0.shape(old), self.new.0.shape(new)) {
            (Shape::Object, Shape::Object) => self.objects(old, new),
            (Shape::Array, Shape::Array) => self.arrays(old, new),
            (Shape::Text, Shape::Text) if unquoted(before) == unquoted(after) => {}
            _ => self.tell(None, Change::Changed(before.to_owned(), after.to_owned())),
        }
    }

    fn inside(&mut self, step: Step, old: NodeId, new: NodeId) {
        self.path.push(step);
        self.values(old, new);
        self.path.pop();
    }

    fn objects(&mut self, old: NodeId, new: NodeId) {
        let (before, after) = (members(self.old, old), members(self.new, new));
        for (key, id) in &before.list {
            let step = Step::Key(key.clone());
            if let Some(new) = after.of(key) {
                self.inside(step, *id, new);
            } else {
                let gone = Self::text(self.old, *id).to_owned();
                self.tell(Some(step), Change::Removed(gone));
            }
        }
        for (key, id) in &after.list {
            if before.of(key).is_none() {
                let added = Self::text(self.new, *id).to_owned();
                self.tell(Some(Step::Key(key.clone())), Change::Added(added));
            }
        }
    }

    fn arrays(&mut self, old: NodeId, new: NodeId) {
        let before: Vec<NodeId> = self.old.0.each_child(old).collect();
        let after: Vec<NodeId> = self.new.0.each_child(new).collect();
        let pairs = KEYS.iter().find_map(|key| self.paired(&before, &after, key));
        let pairs = pairs.unwrap_or_else(|| {
            let common = before.len().min(after.len());
            (0..common).map(|at| (at, at)).collect()
        });
        let [kept, found]: [HashSet<usize>; 2] =
            [pairs.iter().map(|pair| pair.0).collect(), pairs.iter().map(|pair| pair.1).collect()];
        // What is gone goes from the end on, and what is new comes from the beginning on: so each index is right when
        // its turn comes.
        for (at, id) in before.iter().enumerate().rev().filter(|(at, _)| !kept.contains(at)) {
            let gone = Self::text(self.old, *id).to_owned();
            self.tell(Some(Step::Index(at)), Change::Removed(gone));
        }
        for (at, id) in after.iter().enumerate().filter(|(at, _)| !found.contains(at)) {
            let added = Self::text(self.new, *id).to_owned();
            self.tell(Some(Step::Index(at)), Change::Added(added));
        }
        for (old, new) in pairs {
            self.inside(Step::Index(new), before[old], after[new]);
        }
    }

    /// Which items of two arrays are the same by a key that each has of its own. None when one has not, or when their
    /// order is another.
    fn paired(&self, old: &[NodeId], new: &[NodeId], key: &str) -> Option<Vec<(usize, usize)>> {
        let (before, after) = (names(self.old, old, key)?, names(self.new, new, key)?);
        let places: HashMap<&str, usize> =
            after.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let common = before.iter().enumerate();
        let pairs: Vec<(usize, usize)> =
            common.filter_map(|(at, name)| Some((at, *places.get(name)?))).collect();
        (!pairs.is_empty() && pairs.is_sorted_by_key(|pair| pair.1)).then_some(pairs)
    }
}

/// The members of an object, of two of one name the later.
struct Members {
    list: Vec<(String, NodeId)>,
    places: HashMap<String, usize>,
}

impl Members {
    fn of(&self, key: &str) -> Option<NodeId> {
        self.places.get(key).map(|at| self.list[*at].1)
    }
}

fn members((tree, text): Json, object: NodeId) -> Members {
    let mut members = Members { list: Vec::new(), places: HashMap::new() };
    for id in tree.each_child(object) {
        let name = tree.key(id).map(|key| unquoted(&text[key])).unwrap_or_default();
        if let Some(at) = members.places.get(&name) {
            members.list[*at].1 = id;
        } else {
            members.places.insert(name.clone(), members.list.len());
            members.list.push((name, id));
        }
    }
    members
}

/// What each item of an array has under a key. None when one has nothing there, or two have the same.
fn names<'a>((tree, text): Json<'a>, items: &[NodeId], key: &str) -> Option<Vec<&'a str>> {
    let name = |item: &NodeId| {
        let is_it = |id: &NodeId| tree.key(*id).is_some_and(|at| unquoted(&text[at]) == key);
        let member = tree.each_child(*item).find(is_it)?;
        matches!(tree.shape(member), Shape::Text | Shape::Plain).then(|| &text[tree.range(member)])
    };
    let names: Vec<&str> = items.iter().map(name).collect::<Option<_>>()?;
    let different: HashSet<&&str> = names.iter().collect();
    (different.len() == names.len()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::path;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn found(old: &str, new: &str) -> Vec<Difference> {
        let trees = [old, new].map(|text| Tree::read(text).unwrap());
        differences((&trees[0], old), (&trees[1], new)).unwrap()
    }

    fn told(old: &str, new: &str) -> Vec<String> {
        let words = |difference: &Difference| {
            let path = path::short(&difference.path);
            match &difference.change {
                Change::Added(new) => format!("+ {path} {new}"),
                Change::Removed(old) => format!("- {path} {old}"),
                Change::Changed(old, new) => format!("~ {path} {old} {new}"),
            }
        };
        found(old, new).iter().map(words).collect()
    }

    #[test]
    fn what_is_new_gone_and_other_is_told_with_its_place() {
        let old = r#"{"a": 19.90, "b": {"c": "x", "d": true}, "e": [1, 2, 3]}"#;
        let new = r#"{ "a":20,"b":{"c":"\u0078","f":null},"e":[1,5]}"#;
        assert_eq!(
            told(old, new),
            ["~ $.a 19.90 20", "- $.b.d true", "+ $.b.f null", "- $.e[2] 3", "~ $.e[1] 2 5"]
        );
        assert_eq!(told(old, &old.replace(' ', "\n")), [""; 0]);
        assert_eq!(told("19.90", "19.9"), ["~ $ 19.90 19.9"], "as it is written");
    }

    #[test]
    fn items_are_told_apart_by_their_key() {
        let old = r#"[{"id":1,"n":1},{"id":2,"n":2},{"id":3,"n":3}]"#;
        let new = r#"[{"id":0},{"id":1,"n":1},{"id":3,"n":4}]"#;
        assert_eq!(
            told(old, new),
            [r#"- $[1] {"id":2,"n":2}"#, r#"+ $[0] {"id":0}"#, "~ $[2].n 3 4"]
        );
        // In another order they are compared place by place.
        assert_eq!(told(r#"[{"id":1},{"id":2}]"#, r#"[{"id":2},{"id":1}]"#).len(), 2);
    }

    /// A value that differences are done to.
    #[derive(Clone, PartialEq, Debug)]
    enum Model {
        Scalar(String),
        Array(Vec<Model>),
        Object(std::collections::BTreeMap<String, Model>),
    }

    fn model((tree, text): Json, id: NodeId) -> Model {
        let inner = tree.each_child(id).map(|child| {
            let key = tree.key(child).map(|key| unquoted(&text[key])).unwrap_or_default();
            (key, model((tree, text), child))
        });
        match tree.shape(id) {
            Shape::Object => Model::Object(inner.collect()),
            Shape::Array => Model::Array(inner.map(|(_, value)| value).collect()),
            Shape::Text | Shape::Plain => Model::Scalar(text[tree.range(id)].to_owned()),
        }
    }

    fn read(text: &str) -> Model {
        model((&Tree::read(text).unwrap(), text), 0)
    }

    fn apply(value: &mut Model, path: &[Step], change: &Change) {
        if let ([], Change::Changed(_, new)) = (path, change) {
            *value = read(new);
            return;
        }
        match (value, &path[0], change) {
            (Model::Array(list), Step::Index(at), Change::Added(new)) if path.len() == 1 => {
                list.insert(*at, read(new));
            }
            (Model::Array(list), Step::Index(at), Change::Removed(old)) if path.len() == 1 => {
                assert_eq!(list.remove(*at), read(old));
            }
            (Model::Object(map), Step::Key(key), Change::Added(new)) if path.len() == 1 => {
                assert_eq!(map.insert(key.clone(), read(new)), None);
            }
            (Model::Object(map), Step::Key(key), Change::Removed(old)) if path.len() == 1 => {
                assert_eq!(map.remove(key), Some(read(old)));
            }
            (Model::Array(list), Step::Index(at), change) => {
                apply(&mut list[*at], &path[1..], change);
            }
            (Model::Object(map), Step::Key(key), change) => {
                apply(map.get_mut(key).unwrap(), &path[1..], change);
            }
            (value, step, _) => panic!("{step:?} in {value:?}"),
        }
    }

    /// Random numbers by a seed.
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % end
        }

        fn value(&mut self, depth: u64) -> String {
            let (count, kind) = (self.below(4), self.below(4));
            let mut list = |each: &mut dyn FnMut(&mut Self, u64) -> String| {
                (0..count).map(|at| each(self, at)).collect::<Vec<_>>().join(", ")
            };
            match depth {
                0 => format!("{}", self.below(4)),
                _ => match kind {
                    0 => format!("[{}]", list(&mut |random, _| random.value(depth - 1))),
                    1 => {
                        let member = &mut |random: &mut Self, at| {
                            format!(
                                "\"k{}\": {}",
                                at * 2 + random.below(2),
                                random.value(depth - 1)
                            )
                        };
                        format!("{{{}}}", list(member))
                    }
                    2 => {
                        let item = &mut |random: &mut Self, at| {
                            let id = at * 2 + random.below(2);
                            format!("{{\"id\": {id}, \"v\": {}}}", random.value(depth - 1))
                        };
                        format!("[{}]", list(item))
                    }
                    _ => format!("\"t{}\"", self.below(3)),
                },
            }
        }
    }

    #[test]
    fn differences_done_to_the_old_make_the_new() {
        for seed in 1..2000 {
            let mut random = Random(seed * 0x9e37_79b9);
            let (old, new) = (random.value(4), random.value(4));
            let mut value = read(&old);
            for Difference { path, change } in found(&old, &new) {
                apply(&mut value, &path, &change);
            }
            assert_eq!(value, read(&new), "seed {seed}: {old} -> {new}");
        }
    }
}
