//! Secrets: values that leave the engine only inside the request that they are meant for, and are in
//! nothing that is written, told or shown. Keeps none itself; `engine/secrets.rs` does.
//!
//! [`Redactor`] takes them out of texts, [`origin_of`] says where a request would carry one.

mod origin;
mod redact;

use std::fmt;

use crate::form::{Decode, Encode, Notes, Text, object};
use crate::json::Value;
use crate::locale::Locale;

pub(crate) use origin::origin_of;
pub(crate) use redact::Redactor;

/// The fewest characters of a secret: shorter ones stand everywhere by chance, and would be taken out
/// there too.
pub const LEAST_CHARACTERS: usize = 4;
/// The most characters of a secret.
pub const MOST_CHARACTERS: usize = 4096;

/// The most characters of a secret's name.
pub(crate) const MOST_NAME_CHARACTERS: usize = 64;
/// How the name of a secret begins in templates.
pub(crate) const PREFIX: &str = "secret.";

/// The value of a secret. Its [`Debug`] hides it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret")
    }
}

impl Encode for SecretText {
    fn encode(&self, to: &mut Text) {
        to.text(&self.0);
    }
}

impl Decode for SecretText {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        self.0.read(from, notes);
    }
}

/// A secret of an environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Secret {
    /// Its name, as templates have it after `secret.`.
    pub name: String,
    /// Its value.
    pub value: SecretText,
    /// Where it may go: `https://api.example`.
    pub origins: Vec<String>,
    /// Whether it was replaced or removed: it is sent no more, and only taken out of what is answered.
    pub former: bool,
}

impl Secret {
    /// What stands in its place wherever it is not sent.
    pub(crate) fn mark(&self) -> String {
        mark(&self.name)
    }
}

/// Whether a text is a name: letters, digits, `_` and `-`.
pub(crate) fn is_name(text: &str) -> bool {
    let allowed = |c: char| crate::id::is_letter_or_digit(c) || matches!(c, '_' | '-');
    !text.is_empty() && text.chars().all(allowed)
}

/// The secret of this name, if it has a value.
pub(crate) fn of_name<'a>(secrets: &'a [Secret], name: &str) -> Option<&'a Secret> {
    secrets.iter().find(|secret| secret.name == name && !secret.former)
}

/// What stands in a secret's place: the template that it came by.
pub(crate) fn mark(name: &str) -> String {
    ["{{", PREFIX, name, "}}"].concat()
}

/// A secret as readers see it: that it is set, and where it may go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretView {
    /// Its environment; empty for chains that have none.
    pub environment: String,
    /// Its name.
    pub name: String,
    /// Where it may go.
    pub origins: Vec<String>,
}

/// A secret that a run needs, and can't be started without.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SecretWant {
    /// Its name.
    pub name: String,
    /// Whether it has a value, and only may not go there.
    pub is_set: bool,
    /// Where a request would carry it, and it may not go yet: none when that is not known before the run, and
    /// empty when it can't be told from an address that browsers may read otherwise.
    pub origin: Option<String>,
}

impl SecretWant {
    /// Whether a user can help by a value, or by allowing it.
    pub fn may_be_granted(&self) -> bool {
        self.origin.as_deref() != Some("")
    }

    /// What is lacking and the mend, without a full stop.
    pub fn sentence(&self, environment: &str, locale: Locale) -> String {
        let Self { name, is_set, origin } = self;
        let within = match (locale, environment) {
            (_, "") => String::new(),
            (Locale::En, _) => format!(" in the environment \"{environment}\""),
            (Locale::Zh, _) => format!("在环境“{environment}”中"),
        };
        match (locale, origin.as_deref()) {
            (Locale::En, Some("")) => format!(
                "the secret \"{name}\" stays here, as browsers may read the address as another host than it seems; write scheme, host and port in plain letters, without a user"
            ),
            (Locale::Zh, Some("")) => format!(
                "机密“{name}”没有发出，因为浏览器可能将该地址解析为另一主机；请只用普通字母书写协议、主机与端口，且不带用户名"
            ),
            (Locale::En, Some(origin)) if *is_set => format!(
                "the secret \"{name}\" may not go to {origin}{within}; allow that, or change the address"
            ),
            (Locale::Zh, Some(origin)) if *is_set => {
                format!("机密“{name}”{within}不得发往 {origin}；请允许，或更改地址")
            }
            (Locale::En, origin) => {
                let whither = origin.map(|origin| format!(" for {origin}")).unwrap_or_default();
                format!("the secret \"{name}\"{whither} has no value{within}; enter it")
            }
            (Locale::Zh, origin) => {
                let whither = origin.map(|origin| format!("发往 {origin} 的")).unwrap_or_default();
                format!("{whither}机密“{name}”{within}没有值；请输入")
            }
        }
    }
}

object!(Secret: name, value, origins, former);
object!(SecretView: environment, name, origins);
object!(SecretWant: name, is_set, origin);
