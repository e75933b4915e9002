//! Which reports there are, what each is called, and how one is made.

use baton_engine::json;
use baton_engine::locale::Locale;
use baton_engine::protocol::Recording;

use crate::{Report, attempts, document, junit, words};

/// A name's part that comes from the chain is no longer than this: some file systems take 255 bytes in all.
const LONGEST_NAME: usize = 48;

/// A kind of report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// A test suite, a stage a test case.
    Junit,
    /// One documented object with all there is.
    Json,
    /// A line of CSV an attempt.
    Attempts,
    /// A line of CSV a field and system.
    Matrix,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Junit, Self::Json, Self::Attempts, Self::Matrix];

    /// Its name in questions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Junit => "junit",
            Self::Json => "json",
            Self::Attempts => "csv",
            Self::Matrix => "matrix",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Junit => "junit.xml",
            Self::Json => "json",
            Self::Attempts => "attempts.csv",
            Self::Matrix => "matrix.csv",
        }
    }

    fn mime(self) -> &'static str {
        match self {
            Self::Junit => "application/xml",
            Self::Json => "application/json",
            Self::Attempts | Self::Matrix => "text/csv",
        }
    }
}

pub(crate) fn report(format: &str, recording: &str, locale: Locale) -> Result<Report, String> {
    let known = Format::ALL.into_iter().find(|known| known.word() == format);
    let format = known.ok_or_else(|| words::no_such_format(format, locale))?;
    let text = recording;
    let recording =
        Recording::read(text).map_err(|error| words::unreadable(&error.to_string(), locale))?;
    let text = match format {
        Format::Junit => junit::junit(&recording, locale),
        Format::Json => document::document(&recording, &json::parse(text).unwrap_or_default()),
        Format::Attempts => attempts::csv(&recording, locale),
        Format::Matrix => recording
            .matrix
            .as_ref()
            .filter(|matrix| !matrix.fields.is_empty())
            .map(|matrix| matrix.csv(locale))
            .ok_or_else(|| words::no_matrix(locale))?,
    };
    Ok(Report { name: name(&recording, format), mime: format.mime(), text })
}

fn name(recording: &Recording, format: Format) -> String {
    let run = &recording.run;
    format!("{}-run-{}.{}", slug(&run.name), run.number, format.ending())
}

/// A text as part of a file's name: its letters and digits, in any script, with dashes between them.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for word in text.split(|character: char| !character.is_alphanumeric()) {
        let word = word.to_lowercase();
        let dash = usize::from(!slug.is_empty());
        if word.is_empty() || slug.len() + dash + word.len() > LONGEST_NAME {
            continue;
        }
        if dash > 0 {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    if slug.is_empty() { "chain".to_owned() } else { slug }
}
