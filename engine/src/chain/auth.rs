//! How a request says who asks: a header or a part of the query, made of templates.

use super::header::header_problem;
use super::keys;
use super::names::Names;
use super::scope::{Scope, Setting, Unresolved};
use super::template::{Template, ValueTemplate};
use crate::document::{Place, ProblemKind, Problems};
use crate::json::Value;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Auth {
    Bearer(Template),
    Basic {
        user: Template,
        password: Template,
    },
    /// A key in a header of this name.
    Header(String, Template),
    /// A key in the query.
    Query(String, ValueTemplate),
}

impl Auth {
    /// The header that it sets.
    pub(crate) fn header(&self) -> Option<&str> {
        match self {
            Self::Bearer(_) | Self::Basic { .. } => Some("authorization"),
            Self::Header(name, _) => Some(name),
            Self::Query(..) => None,
        }
    }

    /// Its header with its value.
    ///
    /// # Errors
    /// The first name without a value.
    pub(crate) fn fill(&self, scope: &dyn Scope) -> Result<Option<(String, String)>, Unresolved> {
        let value = match self {
            Self::Bearer(token) => ["Bearer ", &token.fill(scope, Setting::Plain)?].concat(),
            Self::Basic { user, password } => {
                let user = user.fill(scope, Setting::Plain)?;
                let password = password.fill(scope, Setting::Plain)?;
                ["Basic ", &base64([&user, ":", &password].concat().as_bytes())].concat()
            }
            Self::Header(_, value) => value.fill(scope, Setting::Plain)?,
            Self::Query(..) => return Ok(None),
        };
        Ok(self.header().map(|name| (name.to_owned(), value)))
    }
}

/// Reads `{"bearer": token}`, `{"basic": {user, password}}` or `{"key": {in, name, value}}`.
pub(crate) fn parse_auth(
    place: &Place,
    names: &mut Names,
    problems: &mut Problems,
) -> Option<Auth> {
    let object = place.object(problems, &keys::AUTH, &[])?;
    match (object.find("bearer"), object.find("basic"), object.find("key")) {
        (Some(token), None, None) => names.template(&token, problems).map(Auth::Bearer),
        (None, Some(basic), None) => {
            let basic = basic.object(problems, &keys::BASIC, &[])?;
            let user = basic.need(problems, "user");
            let password = basic.need(problems, "password");
            let user = user.and_then(|place| names.template(&place, problems));
            let password = password.and_then(|place| names.template(&place, problems));
            Some(Auth::Basic { user: user?, password: password? })
        }
        (None, None, Some(key)) => parse_key(&key, names, problems),
        (None, None, None) => {
            let key = "one of \"bearer\", \"basic\", \"key\"".into();
            problems.push(place, ProblemKind::Needs { key: "auth".into(), needs: key });
            None
        }
        _ => {
            let kind = ProblemKind::NotTogether {
                key: "bearer, basic, key".into(),
                with: "each other: a request has one auth".into(),
            };
            problems.push(place, kind);
            None
        }
    }
}

fn parse_key(place: &Place, names: &mut Names, problems: &mut Problems) -> Option<Auth> {
    let object = place.object(problems, &keys::KEY, &[])?;
    let within = object
        .need(problems, "in")
        .and_then(|place| place.word(problems, &keys::KEY_PLACES, &[true, false]));
    let name = object.need(problems, "name").and_then(|place| place.name(problems));
    let value = object.need(problems, "value");
    if within? {
        let value = value.and_then(|place| names.template(&place, problems));
        if let Some(kind) = header_problem(name?) {
            problems.push(&place.part("name"), kind);
            return None;
        }
        return Some(Auth::Header(name?.to_owned(), value?));
    }
    let value = value?;
    if !matches!(value.value, Value::String(_)) {
        value.wrong(problems, "a text");
        return None;
    }
    names
        .value(&value, problems)
        .map(|value| Auth::Query(name.unwrap_or_default().to_owned(), value))
}

/// Base64, padded. Source: RFC 4648, 4; of a text's UTF-8: RFC 7617, 2.1.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, want) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
            ("test:123\u{a3}", "dGVzdDoxMjPCow=="),
        ] {
            assert_eq!(base64(text.as_bytes()), want, "{text}");
        }
    }
}
