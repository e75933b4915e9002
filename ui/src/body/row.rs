//! One row of a body, drawn.

use super::layout::{Part, Row, TWIST, indent, preview, shown_key};
use super::tree::{NodeId, Shape, Tree};
use super::view::MarkedAs;
use crate::components::{Icon, icon};
use crate::el::{El, div, span};
use crate::text::{Key, sentences};
use crate::ui::Ui;

/// What a row is drawn with.
pub(super) struct Drawn<'a> {
    pub(super) ui: Ui,
    pub(super) text: &'a str,
    pub(super) columns: usize,
    /// What its value is marked as.
    pub(super) mark: Option<MarkedAs>,
    /// Whether its value ends with it.
    pub(super) is_last: bool,
    /// Whether values can be picked.
    pub(super) picks: bool,
}

/// A row of a tree, or of a text that is none.
pub(super) fn draw_row(drawn: &Drawn, tree: Option<&Tree>, row: Row) -> El {
    let Some(tree) = tree else {
        return div("leaf").text(&drawn.text[row.range()]);
    };
    let id = row.node();
    let indented = " ".repeat(indent(tree.depth(id), drawn.columns));
    let shown = div("leaf");
    let shown = match drawn.mark {
        Some(MarkedAs::Of(status)) => {
            shown.attr("data-status", status.slug()).attr("data-marked", "")
        }
        Some(MarkedAs::Found) => shown.attr("data-marked", ""),
        None => shown,
    };
    let shown = if row.is_item() {
        item(drawn, tree, row, shown, &indented)
    } else {
        // What is heard of a value is all in its first row.
        shown
            .attr("aria-hidden", "true")
            .text(&indented)
            .text(&" ".repeat(TWIST))
            .child(value(drawn, tree, row))
    };
    let shown = shown.maybe(row.is_cut.then(|| more(drawn, tree, id)));
    let (at, of) = tree.place(id);
    let has_comma = row.part != Part::Open && drawn.is_last && tree.depth(id) > 0 && at + 1 < of;
    if has_comma { shown.text(",") } else { shown }
}

fn item(drawn: &Drawn, tree: &Tree, row: Row, shown: El, indented: &str) -> El {
    let id = row.node();
    let (at, of) = tree.place(id);
    let shown = shown
        .attr("role", "treeitem")
        .attr("aria-level", &(tree.depth(id) + 1).to_string())
        .attr("aria-posinset", &(at + 1).to_string())
        .attr("aria-setsize", &of.to_string());
    let is_foldable = tree.children(id) > 0;
    let shown = if is_foldable {
        shown.attr("aria-expanded", &(row.part == Part::Open).to_string())
    } else {
        shown
    };
    let shown = if drawn.picks { shown.attr("aria-haspopup", "dialog") } else { shown };
    let status = match drawn.mark {
        Some(MarkedAs::Of(status)) => Some(status),
        Some(MarkedAs::Found) | None => None,
    };
    let mark = status.map(|status| {
        let word = span("ears").text(&drawn.ui.t(status.word()));
        span("gutter-mark").child(span("drawn").svg("mark", 16, 16, status.shape())).child(word)
    });
    let twist = span("twist").text(&" ".repeat(TWIST));
    let twist = if is_foldable { twist.child(icon(Icon::Chevron)) } else { twist };
    let shown = shown.maybe(mark).text(indented).child(twist);
    let shown = match tree.key(id) {
        Some(key) => {
            let (key, whole) = (shown_key(&drawn.text[key.clone()]).0, key.len());
            let end = if key.len() < whole { "…\": " } else { ": " };
            shown.child(span("key").text(key)).text(end)
        }
        None => shown,
    };
    shown.child(value(drawn, tree, row))
}

fn value(drawn: &Drawn, tree: &Tree, row: Row) -> El {
    let id = row.node();
    let text = &drawn.text[row.range()];
    let (class, text) = match (row.part, tree.shape(id)) {
        (Part::Folded, shape) => return folded(drawn, tree, id, shape),
        (_, Shape::Object | Shape::Array) => ("", text),
        (_, Shape::Text) => ("text", text),
        (_, Shape::Plain) if text.starts_with(['t', 'f', 'n']) => ("word", text),
        (_, Shape::Plain) => ("number", text),
    };
    // An empty one may have been written with blanks.
    let text = match (row.part, tree.shape(id)) {
        (Part::Value, Shape::Object) => "{}",
        (Part::Value, Shape::Array) => "[]",
        _ => text,
    };
    span("value").attr("data-kind", class).text(text)
}

/// An array by its length, an object by what fits.
fn folded(drawn: &Drawn, tree: &Tree, id: NodeId, shape: Shape) -> El {
    let (count, locale) = (tree.children(id), drawn.ui.locale());
    let key = tree.key(id).map_or(0, |key| shown_key(&drawn.text[key]).1 + 2);
    let taken = indent(tree.depth(id), drawn.columns) + TWIST + key + 4;
    let words = match shape {
        Shape::Object => preview(tree, drawn.text, id, drawn.columns.saturating_sub(taken))
            .unwrap_or_else(|| format!("{{… {}}}", sentences::keys(count, locale))),
        _ => format!("[… {}]", sentences::items(count, locale)),
    };
    span("value folded").text(&words)
}

fn more(drawn: &Drawn, tree: &Tree, id: NodeId) -> El {
    let size = crate::when::size(tree.range(id).len());
    let words = format!("… {} ({size})", drawn.ui.t(Key::ShowMore));
    span("more-of").attr("data-more", "").text(&words)
}
