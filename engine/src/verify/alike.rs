//! Which texts of a field are one: whatever their case or the space around them, and by other names.

use super::case::lower;

/// What is passed over when texts are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ignore {
    Case,
    Space,
}

impl Ignore {
    pub(crate) const ALL: [Self; 2] = [Self::Case, Self::Space];
    pub(crate) const WORDS: [&'static str; 2] = ["case", "space"];
}

/// How a field's texts come into one form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Alike {
    ignore: Vec<Ignore>,
    /// What is written, and what it means; both in one form.
    aliases: Vec<(String, String)>,
}

impl Alike {
    pub(crate) fn new(ignore: Vec<Ignore>, aliases: &[(&str, &str)]) -> Self {
        let mut alike = Self { ignore, aliases: Vec::new() };
        let both = aliases.iter().map(|(said, meant)| (alike.plain(said), alike.plain(meant)));
        alike.aliases = both.collect();
        alike
    }

    /// The text in one form. What an alias means is no alias itself.
    pub(crate) fn one(&self, text: &str) -> String {
        let plain = self.plain(text);
        let meant = self.aliases.iter().find(|(said, _)| *said == plain);
        meant.map_or(plain, |(_, meant)| meant.clone())
    }

    fn plain(&self, text: &str) -> String {
        let text = if self.ignore.contains(&Ignore::Space) { text.trim() } else { text };
        if self.ignore.contains(&Ignore::Case) { lower(text) } else { text.to_owned() }
    }
}
