//! The matrix as text that others take: Markdown for people, CSV for tables.

use super::view::MatrixView;
use crate::csv;
use crate::locale::Locale;

impl MatrixView {
    /// A table of fields by systems, one line a field and record, below what is to be said of all.
    pub fn markdown(&self, locale: Locale) -> String {
        let mut out = String::new();
        let said = self.blame.as_ref().map(|blame| blame.sentence(locale));
        for line in said.iter().chain(self.several().then(|| self.summary(locale)).as_ref()) {
            out.extend([&inline(line), "\n\n"]);
        }
        let [key, field] = heads(locale);
        let titles = self.columns.iter().map(|column| inline(column.title()));
        let heads = self.several().then(|| key.to_owned()).into_iter().chain([field.to_owned()]);
        let heads: Vec<String> = heads.chain(titles).collect();
        line(&mut out, &heads);
        line(&mut out, &vec!["---".to_owned(); heads.len()]);
        for record in &self.records {
            for (field, cells) in self.fields.iter().zip(&record.fields) {
                let key = self.several().then(|| inline(&record.key));
                let values = cells.iter().map(|cell| {
                    let shown = cell.raw.as_deref().map(|raw| field.shown(raw));
                    let words = shown.unwrap_or_else(|| cell.state.word(locale).to_owned());
                    format!("{} {}", inline(&words), cell.state.mark())
                });
                let cells = key.into_iter().chain([inline(&field.name)]).chain(values);
                line(&mut out, &cells.collect::<Vec<_>>());
            }
        }
        out
    }

    /// One line a cell, with both its values and the rule: what a spreadsheet filters best.
    pub fn csv(&self, locale: Locale) -> String {
        let heads =
            ["key", "field", "kind", "stage", "system", "state", "value", "normalised", "rule"];
        let mut out = csv::line(&heads);
        for record in &self.records {
            for (field, cells) in self.fields.iter().zip(&record.fields) {
                for (column, cell) in self.columns.iter().zip(cells) {
                    let shown = |text: &Option<String>| {
                        text.as_deref().map(|text| field.shown(text)).unwrap_or_default()
                    };
                    let rule = cell.rule.as_ref().map(|rule| rule.sentence(locale));
                    let line = [
                        if self.several() { record.key.clone() } else { String::new() },
                        field.name.clone(),
                        field.kind.word().to_owned(),
                        column.name.clone(),
                        column.system.clone().unwrap_or_default(),
                        cell.state.slug().to_owned(),
                        shown(&cell.raw),
                        shown(&cell.normalised),
                        rule.unwrap_or_default(),
                    ];
                    out.push_str(&csv::line(&line));
                }
            }
        }
        out
    }

    /// Whether there are several records, of which each is said.
    pub fn several(&self) -> bool {
        self.seen > 1
    }
}

fn heads(locale: Locale) -> [&'static str; 2] {
    match locale {
        Locale::En => ["record", "field"],
        Locale::Zh => ["记录", "字段"],
    }
}

fn line(out: &mut String, cells: &[String]) {
    for cell in cells {
        out.extend(["| ", cell, " "]);
    }
    out.push_str("|\n");
}

/// A text within a line of Markdown, which means nothing else there.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\r' => {}
            '\n' | '\t' => out.push(' '),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '#' | '!' => {
                out.extend(['\\', character]);
            }
            _ => out.push(character),
        }
    }
    out
}
