//! Writes XML 1.0. Whatever text is put in comes out of a reader as it was, save the characters that XML can't
//! have, which become U+FFFD, and carriage returns between tags. Source: XML 1.0 (fifth edition), 2.2, 2.4, 2.11.

/// XML that is being written.
#[derive(Default)]
pub(crate) struct Xml(String);

impl Xml {
    /// A document with its declaration.
    pub(crate) fn document() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned())
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }

    /// An element with attributes, and what `inside` writes.
    pub(crate) fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.tag(name, attributes);
        self.0.push('>');
        inside(self);
        self.0.extend(["</", name, ">\n"]);
    }

    /// An element with attributes alone.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.0.push_str("/>\n");
    }

    /// The end of a line, between elements.
    pub(crate) fn line(&mut self) {
        self.0.push('\n');
    }

    /// A text between tags. Its lines end as XML's do; not every reader takes a character by its number here.
    pub(crate) fn text(&mut self, text: &str) {
        for character in text.replace("\r\n", "\n").chars() {
            match character {
                '\r' => self.0.push('\n'),
                '\n' | '\t' | '"' => self.0.push(character),
                _ => self.character(character),
            }
        }
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.0.extend(["<", name]);
        for (name, value) in attributes {
            self.0.extend([" ", name, "=\""]);
            value.chars().for_each(|character| self.character(character));
            self.0.push('"');
        }
    }

    fn character(&mut self, character: char) {
        match character {
            '&' => self.0.push_str("&amp;"),
            '<' => self.0.push_str("&lt;"),
            // Everywhere, so that `]]>` never stands in a text.
            '>' => self.0.push_str("&gt;"),
            '"' => self.0.push_str("&quot;"),
            // Readers would make blanks of them in an attribute, and a line's end of a carriage return.
            '\t' => self.0.push_str("&#9;"),
            '\n' => self.0.push_str("&#10;"),
            '\r' => self.0.push_str("&#13;"),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => self.0.push('\u{fffd}'),
            _ => self.0.push(character),
        }
    }
}
