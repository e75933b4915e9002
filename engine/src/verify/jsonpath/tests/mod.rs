//! What paths select and refuse. The examples are those of RFC 9535; [`oracle`] compares with the
//! known library.

mod bounds;
mod examples;
mod oracle;
mod syntax;

use crate::json::Value;

use super::{Node, Path, TooManyNodes};
use crate::verify::work::Work;

fn json(text: &str) -> Value {
    crate::json::parse(text).unwrap()
}

fn path(text: &str) -> Path {
    Path::parse(text).unwrap_or_else(|message| panic!("{text}: {message}"))
}

fn select<'a>(text: &str, body: &'a Value) -> Vec<Node<'a>> {
    path(text)
        .select(body, &mut Work::default())
        .unwrap_or_else(|TooManyNodes { limit }| panic!("{text}: {limit}"))
}

fn locations(text: &str, body: &Value) -> Vec<String> {
    select(text, body).iter().map(Node::location).collect()
}
