//! Puts stages and variables into a document's text, and leaves every other character as it is. The answer is
//! one edit, so that one step back takes all of it away.

use baton_engine::json::{self, Map, Value};

use crate::desk::{read, stages_of};
use crate::import::{free, names_in};
use crate::said::{Refusal, Refused};
use crate::text::{map_pieces, parse_template, reference, render, visit_texts};
use baton_engine::json::layout::{Member, items, laid_out, members, start_of_line};

/// Where stages go.
pub(crate) struct Target<'a> {
    /// The document.
    pub(crate) document: &'a str,
    /// Where the caret stands in it, in UTF-16 units.
    pub(crate) caret: u32,
    /// What it has are examples, which give way.
    pub(crate) fresh: bool,
}

/// A part of the document, from and up to UTF-16 units, and what stands there then.
pub(crate) struct Edit {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) text: String,
}

/// A part of the document in bytes, and what stands there then.
type Change = (std::ops::Range<usize>, String);

impl Target<'_> {
    /// # Errors
    /// When nothing can be put into it.
    pub(crate) fn check(&self) -> Result<(), Refused> {
        if self.is_blank() {
            return Ok(());
        }
        let tree = read(self.document)?;
        let stages = tree.get("stages").and_then(Value::as_array);
        stages.map(|_| ()).ok_or_else(|| {
            Refusal::Document { message: "it has no list \"stages\"".into() }.at("stages")
        })
    }

    /// The edit that puts an import into it.
    ///
    /// # Errors
    /// When nothing can be put into it.
    pub(crate) fn with(&self, import: &mut Map) -> Result<Edit, Refused> {
        let mut stages = match import.get("stages") {
            Some(Value::Array(stages)) => stages.clone(),
            _ => Vec::new(),
        };
        let variables = import.get("variables").and_then(Value::as_object).cloned();
        let mut variables = variables.unwrap_or_default();
        if stages.is_empty() {
            return Ok(Edit { start: 0, end: 0, text: String::new() });
        }
        if self.is_blank() {
            return Ok(self.whole(&stages, &variables));
        }
        let tree = read(self.document)?;
        if !self.fresh {
            settle_names(&tree, &mut stages, &mut variables);
        }
        let all = members(self.document, self.document.find('{').unwrap_or(0));
        let find = |key: &str| {
            all.iter().find(|member| {
                json::parse(&self.document[member.key.clone()]).ok() == Some(key.into())
            })
        };
        let Some(list) = find("stages") else {
            return Ok(Edit { start: 0, end: 0, text: String::new() });
        };
        let mut changes = vec![self.stages(list, &stages)];
        changes.extend(self.variables(find("variables"), list, &variables));
        Ok(self.joined(changes))
    }

    fn is_blank(&self) -> bool {
        self.document.trim().is_empty()
    }

    /// A chain where there was nothing.
    fn whole(&self, stages: &[Value], variables: &Map) -> Edit {
        let name = stages.first().and_then(|stage| stage.get("name")).cloned().unwrap_or_default();
        let mut chain = Map::default();
        chain.insert("baton".into(), 1_i64.into());
        chain.insert("name".into(), name);
        if !variables.is_empty() {
            chain.insert("variables".into(), Value::Object(variables.clone()));
        }
        chain.insert("stages".into(), Value::Array(stages.to_vec()));
        let text = laid_out(&Value::Object(chain), "", 4) + "\n";
        self.joined(vec![(0..self.document.len(), text)])
    }

    fn stages(&self, list: &Member, stages: &[Value]) -> Change {
        let there = items(self.document, list.value.start);
        let indent = match there.first() {
            Some(first) if !self.fresh => start_of_line(self.document, first.start),
            _ => format!("{}  ", start_of_line(self.document, list.key.start)),
        };
        let texts: Vec<String> = stages.iter().map(|stage| laid_out(stage, &indent, 2)).collect();
        let texts = texts.join(&format!(",\n{indent}"));
        let caret = byte_at(self.document, self.caret);
        let before = if list.value.contains(&caret) {
            there.iter().rfind(|stage| stage.start <= caret).or(there.last())
        } else {
            there.last()
        };
        if let Some(before) = before.filter(|_| !self.fresh) {
            return (before.end..before.end, format!(",\n{indent}{texts}"));
        }
        let outer = start_of_line(self.document, list.key.start);
        (list.value.clone(), format!("[\n{indent}{texts}\n{outer}]"))
    }

    fn variables(&self, there: Option<&Member>, stages: &Member, new: &Map) -> Option<Change> {
        let outer = start_of_line(self.document, stages.key.start);
        let indent = format!("{outer}  ");
        let lines = |new: &Map| {
            let line = |(name, value): &(String, Value)| {
                format!("{indent}{}: {}", json::text(&name.as_str().into()), json::text(value))
            };
            new.iter().map(line).collect::<Vec<_>>().join(",\n")
        };
        let whole = |new: &Map| {
            if new.is_empty() { "{}".into() } else { format!("{{\n{}\n{outer}}}", lines(new)) }
        };
        match there {
            Some(there) if self.fresh => Some((there.value.clone(), whole(new))),
            _ if new.is_empty() => None,
            Some(there) => match members(self.document, there.value.start).last() {
                Some(last) => {
                    let end = last.value.end;
                    Some((end..end, format!(",\n{}", lines(new))))
                }
                None => Some((there.value.clone(), whole(new))),
            },
            None => {
                let at = stages.key.start;
                Some((at..at, format!("\"variables\": {},\n{outer}", whole(new))))
            }
        }
    }

    /// One edit that makes all changes; what lies between them is in it as it is.
    fn joined(&self, mut changes: Vec<Change>) -> Edit {
        changes.sort_by_key(|(range, _)| range.start);
        let start = changes.first().map_or(0, |(range, _)| range.start);
        let (mut at, mut text) = (start, String::new());
        for (range, new) in changes {
            text.push_str(&self.document[at..range.start]);
            text.push_str(&new);
            at = range.end;
        }
        let units = |bytes: usize| {
            u32::try_from(self.document[..bytes].encode_utf16().count()).unwrap_or(u32::MAX)
        };
        Edit { start: units(start), end: units(at), text }
    }
}

fn byte_at(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

/// Gives other names to what has a name that the document has: of stages, and of variables with another value.
fn settle_names(document: &Value, stages: &mut [Value], variables: &mut Map) {
    let named = stages_of(document).filter_map(|stage| stage.get("name"));
    let mut taken: Vec<String> = named.filter_map(Value::as_str).map(str::to_owned).collect();
    for stage in stages.iter_mut() {
        let Some(members) = stage.as_object_mut() else { continue };
        let name = members.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let numbered = (2..).map(|number: u32| format!("{name} ({number})"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
        let free = free.unwrap_or_default();
        taken.push(free.clone());
        members.insert("name".into(), free.into());
    }
    let there = document.get("variables").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut called: Vec<(String, String)> = Vec::new();
    let mut kept = Map::default();
    for (name, value) in &*variables {
        match there.get(name) {
            Some(same) if same == value => {}
            None => kept.insert(name.clone(), value.clone()),
            Some(_) => {
                let is_taken =
                    |name: &str| there.get(name).is_some() || variables.get(name).is_some();
                let other = free(name, &is_taken);
                kept.insert(other.clone(), value.clone());
                called.push((name.clone(), other));
            }
        }
    }
    if !called.is_empty() {
        let mut all = Value::Array(stages.to_vec());
        visit_texts(&mut all, &mut |text| rename(text, &called));
        if let Value::Array(renamed) = all {
            stages.clone_from_slice(&renamed);
        }
        let mut values = Value::Object(kept);
        visit_texts(&mut values, &mut |text| rename(text, &called));
        kept = values.as_object().cloned().unwrap_or_default();
    }
    *variables = kept;
}

fn rename(text: &mut String, called: &[(String, String)]) {
    let Some(pieces) = parse_template(text) else { return };
    if names_in(&pieces).any(|name| called.iter().any(|(from, _)| from == name)) {
        let renamed = map_pieces(&pieces, &mut str::to_owned, &mut |name| {
            let other = called.iter().find(|(from, _)| from == name).map(|(_, to)| to.as_str());
            reference(other.unwrap_or(name))
        });
        *text = render(&renamed);
    }
}
