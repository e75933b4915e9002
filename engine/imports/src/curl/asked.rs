//! What one curl command asks for, option by option, and the requests that it makes.

use super::options::Meaning;
use crate::draft::{Auth, Body, Draft, FORM, JSON};
use crate::import::{Import, MAX_STAGES};
use crate::said::{Notes, Refusal, Refused, Said};
use crate::text::{percent_encoded, reference};

/// A stage waits for an answer at least and at most so long.
const ATTEMPT_MS: std::ops::RangeInclusive<u64> = 100..=3_600_000;

/// What one curl command, or a part of it up to `--next`, says.
#[derive(Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of curl's, and they are independent"
)]
pub(super) struct Asked {
    pub(super) urls: Vec<String>,
    method: Option<String>,
    head: bool,
    get: bool,
    headers: Vec<(String, String)>,
    removed: Vec<String>,
    data: Option<String>,
    json: bool,
    query: Vec<String>,
    auth: Option<Auth>,
    scheme: Option<String>,
    attempt_timeout_ms: Option<u64>,
    globoff: bool,
}

impl Asked {
    pub(super) fn take(
        &mut self,
        meaning: Meaning,
        option: &str,
        value: String,
        notes: &mut Notes,
        place: &str,
    ) -> Result<(), Refusal> {
        let named = || option.to_owned();
        match meaning {
            Meaning::Request => self.method = Some(value),
            Meaning::Header => self.header(&value)?,
            Meaning::Cookie if value.contains('=') => self.headers.push(("Cookie".into(), value)),
            Meaning::Cookie => notes.say(Said::OptionIgnored { option: named() }, place),
            Meaning::Data if value.starts_with('@') => {
                return Err(Refusal::File { option: format!("{option} @") });
            }
            Meaning::Data | Meaning::DataRaw => self.data(&value),
            Meaning::DataUrlencode => self.data(&url_encoded(&value)?),
            Meaning::Json if value.starts_with('@') => {
                return Err(Refusal::File { option: "--json @".into() });
            }
            Meaning::Json => {
                self.json = true;
                self.data.get_or_insert_default().push_str(&value);
            }
            Meaning::Get => self.get = true,
            Meaning::User => self.auth = Some(user(&value)),
            Meaning::Bearer => self.auth = Some(Auth::Bearer(value)),
            Meaning::UserAgent => self.headers.push(("User-Agent".into(), value)),
            Meaning::Referer => self.headers.push(("Referer".into(), value)),
            Meaning::Head => self.head = true,
            Meaning::MaxTime => match seconds(&value) {
                Some(ms) => self.attempt_timeout_ms = Some(ms),
                None => notes.say(Said::OptionIgnored { option: named() }, place),
            },
            Meaning::Url => self.urls.push(value),
            Meaning::UrlQuery => self.query.push(match value.strip_prefix('+') {
                Some(raw) => raw.to_owned(),
                None => url_encoded(&value)?,
            }),
            Meaning::GlobOff => self.globoff = true,
            Meaning::Form => return Err(Refusal::FormData { option: named() }),
            Meaning::File => return Err(Refusal::File { option: named() }),
            Meaning::Scheme => self.scheme = Some(named()),
            Meaning::Ignored => notes.say(Said::OptionIgnored { option: named() }, place),
            Meaning::Quiet | Meaning::Next => {}
        }
        Ok(())
    }

    /// `Name: value`; `Name;` is an empty one; `Name:` takes away one that curl would set.
    fn header(&mut self, text: &str) -> Result<(), Refusal> {
        if text.starts_with('@') {
            return Err(Refusal::File { option: "-H @".into() });
        }
        match text.split_once(':') {
            Some((name, value)) if value.trim().is_empty() => {
                self.removed.push(name.trim().to_ascii_lowercase());
            }
            Some((name, value)) => {
                self.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            None => {
                if let Some(name) = text.trim_end().strip_suffix(';') {
                    self.headers.push((name.to_owned(), String::new()));
                }
            }
        }
        Ok(())
    }

    fn data(&mut self, text: &str) {
        match &mut self.data {
            Some(data) => {
                data.push('&');
                data.push_str(text);
            }
            None => self.data = Some(text.to_owned()),
        }
    }

    pub(super) fn finish(mut self, place: &str, import: &mut Import) -> Result<(), Refused> {
        if self.urls.is_empty() {
            return Err(Refusal::NoUrl.at(place));
        }
        if let Some(scheme) = self.scheme.take() {
            self.auth = None;
            import.notes.say(Said::AuthUnsupported { scheme }, place);
        }
        if self.get {
            self.query.extend(self.data.take());
        }
        let method = match (self.method.take(), self.head, &self.data) {
            (Some(method), _, _) => method,
            (None, true, _) => "HEAD".to_owned(),
            (None, false, Some(_)) => "POST".to_owned(),
            (None, false, None) => "GET".to_owned(),
        };
        self.default_headers(place, &mut import.notes);
        for url in std::mem::take(&mut self.urls) {
            if import.len() == MAX_STAGES {
                return Err(Refusal::TooMany { what: "URL".into(), limit: MAX_STAGES }.at(place));
            }
            if !self.globoff && has_glob(&url) {
                import.notes.say(Said::GlobbingIgnored, place);
            }
            let draft = Draft {
                method: method.clone(),
                url: with_query(&url, &self.query),
                headers: self.headers.clone(),
                body: self.data.clone().map_or(Body::None, Body::Text),
                auth: self.auth.clone(),
                attempt_timeout_ms: self.attempt_timeout_ms,
                place: place.to_owned(),
                ..Draft::default()
            };
            import.add(draft).map_err(|why| why.at(place))?;
        }
        Ok(())
    }

    /// The headers that curl sets by itself with a body.
    fn default_headers(&mut self, place: &str, notes: &mut Notes) {
        if self.data.is_none() {
            return;
        }
        let has = |headers: &[(String, String)], name: &str| {
            headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        if self.removed.iter().any(|name| name == "content-type") {
            notes.say(Said::ContentTypeRemoved, place);
        } else if !has(&self.headers, "content-type") {
            let kind = if self.json { JSON } else { FORM };
            self.headers.push(("Content-Type".into(), kind.into()));
        }
        if self.json
            && !has(&self.headers, "accept")
            && !self.removed.iter().any(|name| name == "accept")
        {
            self.headers.push(("Accept".into(), JSON.into()));
        }
    }
}

fn with_query(url: &str, query: &[String]) -> String {
    if query.is_empty() {
        return url.to_owned();
    }
    let (url, fragment) = url.split_once('#').map_or((url, ""), |(url, fragment)| (url, fragment));
    let between = match url.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    let hash = if fragment.is_empty() { "" } else { "#" };
    format!("{url}{between}{}{hash}{fragment}", query.join("&"))
}

fn user(text: &str) -> Auth {
    match text.split_once(':') {
        Some((user, password)) => {
            Auth::Basic { user: user.to_owned(), password: password.to_owned() }
        }
        // curl would ask for the password.
        None => Auth::Basic { user: text.to_owned(), password: reference("secret.password") },
    }
}

/// `content`, `=content` or `name=content`, of which the content is encoded.
fn url_encoded(text: &str) -> Result<String, Refusal> {
    match text.find(['=', '@']).map(|at| text.split_at(at)) {
        Some((name, content)) if content.starts_with('=') => {
            let content = percent_encoded(content.get(1..).unwrap_or_default());
            Ok(if name.is_empty() { content } else { format!("{name}={content}") })
        }
        Some(_) => Err(Refusal::File { option: "--data-urlencode @".into() }),
        None => Ok(percent_encoded(text)),
    }
}

fn seconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let ms = whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    // Zero is "no limit" to curl.
    (ms > 0).then(|| ms.clamp(*ATTEMPT_MS.start(), *ATTEMPT_MS.end()))
}

/// Whether curl would make several requests of a URL: `[1-3]`, `{a,b}`.
fn has_glob(url: &str) -> bool {
    let within = |open: char, close: char, mark: char| {
        url.split(open)
            .skip(1)
            .any(|part| part.split_once(close).is_some_and(|(inner, _)| inner.contains(mark)))
    };
    within('[', ']', '-') || within('{', '}', ',')
}
