//! What is taken for a secret: by its name, or by its shape. The values are left out of what is made.
//!
//! | by | taken for a secret |
//! | --- | --- |
//! | last word of the name | token, secret, password, passwd, pwd, passphrase, apikey, authorization, auth, credential(s), signature, sig, jwt, bearer |
//! | last two words | access, api, app, account, auth, client, encryption, functions, license, private, secret, service, shared, signing, subscription, write + key |
//! | whole name, in a query | key |
//! | never | a page, next, continuation, cursor or sync token, which says where a list goes on; sessions and clients, which are tracked data |
//! | shape | JWT; keys that begin as those of Stripe, GitHub, GitLab, Slack, AWS, Google, OpenAI, Anthropic, SendGrid, Postman do; a private key; `Bearer …`, `Basic …` |

use baton_engine::json::{Map, Value};

use crate::text::{Piece, has_reference, map_pieces, percent_encoded, pieces, reference};

const LAST_WORDS: [&str; 15] = [
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "apikey",
    "authorization",
    "auth",
    "credential",
    "credentials",
    "signature",
    "sig",
    "jwt",
    "bearer",
];
const BEFORE_KEY: [&str; 16] = [
    "access",
    "account",
    "api",
    "app",
    "auth",
    "client",
    "encryption",
    "functions",
    "license",
    "private",
    "secret",
    "service",
    "shared",
    "signing",
    "subscription",
    "write",
];
const BEFORE_HARMLESS_TOKEN: [&str; 6] =
    ["page", "next", "continuation", "cursor", "sync", "pagination"];
/// How keys of known makers begin, and how many characters follow at least.
const PREFIXES: [(&str, usize); 24] = [
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("rk_live_", 8),
    ("rk_test_", 8),
    ("whsec_", 8),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxs-", 10),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("sk-ant-", 16),
    ("sk-proj-", 16),
    ("SG.", 40),
    ("PMAK-", 20),
    ("ya29.", 20),
];
/// A value shorter than this is replaced where its name says so only: it may stand elsewhere by chance.
const LEAST_BY_VALUE: usize = 6;
/// So many values are told apart; more, of which nobody could enter the values, are one.
const MAX_KNOWN: usize = 100;

/// The words of a name, in lower case: `X-Api-Key`, `apiKey` and `api_key` have the same.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        let begins = character.is_ascii_uppercase() && after_lower;
        if (begins || !character.is_alphanumeric())
            && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        after_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a value of this name is a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    let mut backwards = words.iter().map(String::as_str).rev();
    match (backwards.next(), backwards.next()) {
        (Some("token"), Some(before)) => !BEFORE_HARMLESS_TOKEN.contains(&before),
        (Some("key"), Some(before)) => BEFORE_KEY.contains(&before),
        (Some(last), _) => LAST_WORDS.contains(&last),
        (None, _) => false,
    }
}

/// Whether a query's value of this name is a secret.
pub(crate) fn is_secret_in_query(name: &str) -> bool {
    name.eq_ignore_ascii_case("key") || is_secret_name(name)
}

/// Whether a text looks like a key or a token, whatever its name.
pub(crate) fn has_secret_shape(text: &str) -> bool {
    let known = |&(prefix, least): &(&str, usize)| {
        text.strip_prefix(prefix).is_some_and(|rest| rest.len() >= least && is_token(rest))
    };
    is_jwt(text) || PREFIXES.iter().any(known)
}

fn is_token(text: &str) -> bool {
    text.bytes().all(is_token_byte)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(&byte)
}

/// Three parts in base64url, the first of which is a JSON object.
fn is_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte);
    matches!(parts.as_slice(), [head, body, _]
        if head.starts_with("eyJ") && head.len() >= 10 && body.len() >= 4
            && parts.iter().all(|part| part.bytes().all(base64)))
}

/// Secrets that were found: their values, and the names which stand for them.
#[derive(Default)]
pub(crate) struct Vault {
    known: Vec<(String, String)>,
    /// Variables that turned out to be secrets.
    variables: Map,
}

impl Vault {
    /// What stands for a value: the name of a secret. Names within it become secrets instead.
    pub(crate) fn hide(&mut self, value: &str, wanted: &str) -> String {
        if has_reference(value) {
            for piece in pieces(value) {
                if let Piece::Name(name) = piece {
                    self.hide_variable(name);
                }
            }
            return value.to_owned();
        }
        if value.is_empty() {
            return String::new();
        }
        let found =
            self.known.iter().find(|(known, _)| known == value).map(|(_, name)| name.clone());
        if found.is_none() && self.known.len() >= MAX_KNOWN {
            return reference("secret.more");
        }
        let name = found.unwrap_or_else(|| {
            let name = self.free(wanted);
            self.known.push((value.to_owned(), name.clone()));
            name
        });
        reference(&format!("secret.{name}"))
    }

    /// A variable that is a secret, and so is none.
    pub(crate) fn hide_variable(&mut self, name: &str) {
        if !name.starts_with("secret.") && !name.starts_with('$') && !self.is_hidden(name) {
            self.variables.insert(name.to_owned(), Value::Null);
        }
    }

    pub(crate) fn is_hidden(&self, variable: &str) -> bool {
        self.variables.get(variable).is_some()
    }

    /// A value that is a secret of this very name.
    pub(crate) fn learn(&mut self, value: &str, name: &str) {
        if !value.is_empty() && !has_reference(value) && self.known.len() < MAX_KNOWN {
            self.known.push((value.to_owned(), name.to_owned()));
        }
    }

    fn free(&self, wanted: &str) -> String {
        let wanted = name_of(wanted);
        let taken = |name: &str| {
            let mut variables = self.variables.iter();
            self.known.iter().any(|(_, known)| known == name)
                || variables.any(|(known, _)| name_of(known) == name)
        };
        let numbered = (2..).map(|number: u32| format!("{wanted}_{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or(wanted)
    }

    /// A text in which whatever looks like a secret is hidden.
    pub(crate) fn hide_shapes(&mut self, text: &str) -> String {
        let separator = |character: char| {
            !u8::try_from(character).is_ok_and(is_token_byte)
                || character == '/'
                || character == '='
        };
        map_pieces(
            text,
            &mut |literal| {
                let mut out = String::new();
                for run in literal.split_inclusive(separator) {
                    // A full stop after a token is a sentence's.
                    let token = run.trim_end_matches(separator).trim_end_matches('.');
                    if has_secret_shape(token) {
                        out.push_str(&self.hide(token, "token"));
                        out.push_str(run.get(token.len()..).unwrap_or_default());
                    } else {
                        out.push_str(run);
                    }
                }
                out
            },
            &mut reference,
        )
    }

    /// A text in which every value that is known is hidden, also as it is written in URLs.
    pub(crate) fn hide_values(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let mut known: Vec<&(String, String)> = self.known.iter().collect();
        // Longest first: one value may be part of another.
        known.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        for (value, name) in known {
            if value.len() < LEAST_BY_VALUE {
                continue;
            }
            let stand_in = reference(&format!("secret.{name}"));
            for written in [value.clone(), percent_encoded(value)] {
                if text.contains(&written) {
                    text = map_pieces(
                        &text,
                        &mut |literal| literal.replace(&written, &stand_in),
                        &mut reference,
                    );
                }
            }
        }
        text
    }
}

/// A name that a template may use.
pub(crate) fn name_of(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' };
    let name: String = text.trim().chars().map(allowed).collect();
    if name.is_empty() { "value".to_owned() } else { name }
}

/// The name for a secret of a header, parameter or field.
pub(crate) fn secret_name(name: &str) -> String {
    let joined = words(name).join("_");
    name_of(joined.strip_prefix("x_").unwrap_or(&joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        for name in [
            "X-Api-Key",
            "apiKey",
            "api_key",
            "APIKEY",
            "access_token",
            "X-Amz-Signature",
            "password",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "session_id",
            "client_id",
            "page_token",
            "nextPageToken",
            "token_type",
            "max_tokens",
            "key",
            "idempotency-key",
            "author",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
        assert!(is_secret_in_query("key"));
    }

    #[test]
    fn tokens_are_known_by_their_shape() {
        assert!(has_secret_shape("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"));
        assert!(has_secret_shape("sk_test_0123456789abcdef"));
        for text in ["eyJ", "a.b.c", "sk_test_", "AKIA", "hello", "19.90"] {
            assert!(!has_secret_shape(text), "{text}");
        }
    }

    #[test]
    fn one_value_has_one_name_and_is_hidden_wherever_it_stands() {
        let mut vault = Vault::default();
        let first = vault.hide("abc+def/1", "token");
        assert_eq!(vault.hide("abc+def/1", "other"), first);
        assert_eq!(vault.hide("another", "token"), reference("secret.token_2"));
        assert_eq!(vault.hide_values("x=abc%2Bdef%2F1"), format!("x={first}"));
    }
}
