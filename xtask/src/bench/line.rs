//! Reads what subjects print: a JSON line a row, one flat object of texts and numbers.
//!
//! `{"subject":"croner 11.0.1","on":"node 20.20.2","row":"next_dense_utc","unit":"ns","value":74764.2,"checksum":"1854"}`

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

/// Where a subject ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    Native,
    Node,
    Chromium,
    Python,
}

/// What a subject said.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// With its version, if it has one.
    pub(super) subject: String,
    pub(super) host: Host,
    /// The host with its version.
    pub(super) on: String,
    pub(super) said: Said,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    Measured(Measured),
    /// It cannot be measured here, and why.
    Missing(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    pub(super) row: String,
    pub(super) unit: String,
    pub(super) value: f64,
    /// What it computed, where others compute the same.
    pub(super) checksum: Option<String>,
    pub(super) note: Option<String>,
}

impl Line {
    /// The line, if it is one of ours: programs may print anything beside.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut object = object(text)?;
        let on = object.remove("on")?;
        let host = match on.split(' ').next()? {
            "native" => Host::Native,
            "node" => Host::Node,
            "chromium" => Host::Chromium,
            "python" => Host::Python,
            _ => return None,
        };
        let subject = object.remove("subject")?;
        let said = match object.remove("missing") {
            Some(why) => Said::Missing(why),
            None => Said::Measured(measured(object)?),
        };
        Some(Self { subject, host, on, said })
    }
}

fn measured(mut object: BTreeMap<String, String>) -> Option<Measured> {
    Some(Measured {
        row: object.remove("row")?,
        unit: object.remove("unit")?,
        value: object.remove("value")?.parse().ok().filter(|value: &f64| value.is_finite())?,
        checksum: object.remove("checksum"),
        note: object.remove("note"),
    })
}

/// The members of a flat object; numbers stay text.
fn object(text: &str) -> Option<BTreeMap<String, String>> {
    let mut rest = text.trim().strip_prefix('{')?.chars().peekable();
    let mut members = BTreeMap::new();
    loop {
        let key = string(&mut rest)?;
        expect(&mut rest, ':')?;
        let value = if peek(&mut rest)? == '"' { string(&mut rest)? } else { number(&mut rest)? };
        members.insert(key, value);
        match peek(&mut rest)? {
            ',' => rest.next(),
            _ => break,
        };
    }
    expect(&mut rest, '}')?;
    Some(members)
}

fn peek(rest: &mut Peekable<Chars<'_>>) -> Option<char> {
    while rest.next_if(|letter| letter.is_whitespace()).is_some() {}
    rest.peek().copied()
}

fn expect(rest: &mut Peekable<Chars<'_>>, wanted: char) -> Option<()> {
    peek(rest).filter(|&letter| letter == wanted)?;
    rest.next().map(drop)
}

fn string(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    expect(rest, '"')?;
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            // No subject has more to escape than these.
            '\\' => text.push(rest.next().filter(|escaped| "\"\\/".contains(*escaped))?),
            letter => text.push(letter),
        }
    }
}

fn number(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut text = String::new();
    while let Some(letter) =
        rest.next_if(|letter| letter.is_ascii_digit() || "+-.eE".contains(*letter))
    {
        text.push(letter);
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_with_and_without_blanks() {
        let measured = Measured {
            row: "next_dense_utc".to_owned(),
            unit: "ns".to_owned(),
            value: 74764.25,
            checksum: Some("1854".to_owned()),
            note: Some("say \"so\"".to_owned()),
        };
        let line = Line {
            subject: "croner 11.0.1".to_owned(),
            host: Host::Node,
            on: "node 20.20.2".to_owned(),
            said: Said::Measured(measured),
        };
        for text in [
            r#"{"subject":"croner 11.0.1","on":"node 20.20.2","row":"next_dense_utc","unit":"ns","value":74764.25,"checksum":"1854","note":"say \"so\""}"#,
            r#"{"subject": "croner 11.0.1", "on": "node 20.20.2", "row": "next_dense_utc", "unit": "ns", "value": 7.476425e4, "checksum": "1854", "note": "say \"so\""}"#,
        ] {
            assert_eq!(Line::read(text), Some(line.clone()), "{text}");
        }
    }

    #[test]
    fn what_is_missing_says_why() {
        let line =
            Line::read(r#"{"subject":"a","on":"chromium 156","missing":"not yet"}"#).unwrap();
        assert_eq!((line.host, line.said), (Host::Chromium, Said::Missing("not yet".to_owned())));
    }

    #[test]
    fn other_output_is_passed_over() {
        for text in
            ["", "a warning", "{}", "{\"subject\":\"a\"}", "{\"on\":\"moon\",\"subject\":\"a\"}"]
        {
            assert_eq!(Line::read(text), None, "{text}");
        }
    }
}
