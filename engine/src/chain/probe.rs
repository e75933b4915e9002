//! A JSONPath tried on a body: where the values stand that it selects; and when there are none, how far it comes, and
//! what is there instead.

use super::scope::{Bindings, Setting};
use super::template::Template;
use crate::json::{self, Value};
use crate::locale::Locale;
use crate::protocol::{Note, Reached, Selection};
use crate::time::Timestamp;
use crate::verify::jsonpath::{Node, Path, TooManyNodes};
use crate::verify::work::Work;

/// So many places are named; all are counted.
const MOST_PLACES: usize = 500;
/// So many names of members are told.
const MOST_NAMES: usize = 12;

/// What a path selects in a body, its templates filled in.
///
/// # Errors
/// A sentence when the body is no JSON, the path is none, or either is beyond the bounds.
pub(super) fn select(
    body: &str,
    path: &str,
    values: Vec<(String, Value)>,
    now: Timestamp,
) -> Result<Selection, Note> {
    let body = json::parse(body).map_err(|why| {
        Note::new(format!("the answer is no JSON: {why}"), format!("响应不是 JSON：{why}"))
    })?;
    let scope = Bindings { values, records: Vec::new(), now };
    let template = Template::parse(path.trim())
        .map_err(|why| Note::new(why.sentence(Locale::En), why.sentence(Locale::Zh)))?;
    let filled = template.fill(&scope, Setting::PathLiteral).map_err(|unresolved| {
        let name = &unresolved.0;
        Note::new(format!("`{{{{{name}}}}}` has no value"), format!("`{{{{{name}}}}}` 没有值"))
    })?;
    let mut work = Work::default();
    let nodes = read(&filled)?.select(&body, &mut work).map_err(too_many)?;
    let reached = if nodes.is_empty() { Some(reached(&filled, &body, &mut work)?) } else { None };
    Ok(Selection {
        places: nodes.iter().take(MOST_PLACES).map(Node::location).collect(),
        count: count(nodes.len()),
        reached,
    })
}

fn read(path: &str) -> Result<Path, Note> {
    Path::parse(path)
        .map_err(|why| Note::new(format!("no JSONPath: {why}"), format!("JSONPath 无效：{why}")))
}

fn count(nodes: usize) -> u32 {
    u32::try_from(nodes).unwrap_or(u32::MAX)
}

/// The longest beginning of a path that selects something, which its `$` does.
fn reached(path: &str, body: &Value, work: &mut Work) -> Result<Reached, Note> {
    // Where a segment may begin; what is cut within one is no path.
    let cuts = path.match_indices(['.', '[']).map(|(at, _)| at);
    let cuts: Vec<usize> = cuts.filter(|at| Path::parse(&path[..*at]).is_ok()).collect();
    let mut end = path.len();
    for at in cuts.into_iter().rev() {
        let nodes = read(&path[..at])?.select(body, work).map_err(too_many)?;
        if !nodes.is_empty() {
            return Ok(told(&path[..at], &path[at..end], &nodes));
        }
        end = at;
    }
    Ok(told("$", &path[1.min(path.len())..end], &[Node::root(body)]))
}

fn told(path: &str, rest: &str, nodes: &[Node]) -> Reached {
    let mut names: Vec<String> = Vec::new();
    let objects = nodes.iter().filter_map(|node| node.value.as_object());
    for (name, _) in objects.flat_map(|members| members.iter()) {
        if names.len() >= MOST_NAMES {
            break;
        }
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let lengths = nodes.iter().filter_map(|node| node.value.as_array()).map(Vec::len);
    Reached {
        path: path.to_owned(),
        count: count(nodes.len()),
        rest: rest.to_owned(),
        names,
        items: lengths.max().map(count),
    }
}

fn too_many(TooManyNodes { limit }: TooManyNodes) -> Note {
    Note::new(
        format!("the path visits more than {limit} values"),
        format!("该路径访问的值超过 {limit} 个"),
    )
}
