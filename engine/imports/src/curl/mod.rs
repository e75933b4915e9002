//! Reads what "copy as cURL" gives, and what people write by hand: one stage a URL.
//!
//! Where to start: [`import`].

mod asked;
mod cmd;
mod options;
mod shell;

use self::asked::Asked;
use self::options::{Meaning, Takes, does_nothing};
use crate::import::Import;
use crate::said::{Notes, Refusal, Refused, Said};

/// The longest text that is read.
pub(crate) const MAX_BYTES: usize = 2 << 20;

/// Whose command line it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shell {
    Bash,
    Cmd,
}

/// Command lines, as words.
#[derive(Default)]
pub(crate) struct Commands {
    complete: Vec<Vec<String>>,
    open: Vec<String>,
    notes: Vec<Said>,
}

impl Commands {
    fn push(&mut self, word: String) {
        self.open.push(word);
    }

    fn end_command(&mut self) {
        if !self.open.is_empty() {
            self.complete.push(std::mem::take(&mut self.open));
        }
    }
}

/// # Errors
/// When there is no curl command in it, or one that no stage can say.
pub(crate) fn import(text: &str, shell: Option<Shell>) -> Result<Import, Refused> {
    if text.len() > MAX_BYTES {
        return Err(Refusal::TooLarge { bytes: text.len(), limit: MAX_BYTES }.at(""));
    }
    let commands = match shell.unwrap_or_else(|| likely_shell(text)) {
        Shell::Bash => shell::commands(text),
        Shell::Cmd => cmd::commands(text),
    };
    let commands = commands.map_err(|why| why.at(""))?;
    let mut import = Import::default();
    for said in commands.notes {
        import.notes.say(said, "");
    }
    let mut found = 0;
    for words in commands.complete {
        let Some(words) = after_curl(words, &mut import.notes) else {
            continue;
        };
        found += 1;
        take_command(words, found, &mut import)?;
    }
    if found == 0 {
        return Err(Refusal::NoCurl.at(""));
    }
    Ok(import)
}

/// cmd.exe's escape is the caret; bash's quotes are single mostly.
fn likely_shell(text: &str) -> Shell {
    let first_quote = text.find(['\'', '"']);
    let caret_first =
        first_quote.is_some_and(|at| text.get(..at).is_some_and(|before| before.ends_with('^')));
    let double_first =
        first_quote.is_some_and(|at| text.get(at..).is_some_and(|rest| rest.starts_with('"')));
    let continued = text.lines().any(|line| line.trim_end().ends_with('^'));
    let carets = ["\\^\"", "^&", "^%^"].iter().any(|mark| text.contains(mark));
    let carets = carets || text.as_bytes().windows(4).any(is_doubled_quote);
    let by_backslash = text.lines().any(|line| line.trim_end().ends_with('\\'));
    if caret_first
        || (!by_backslash && double_first && (continued || carets))
        || (first_quote.is_none() && continued)
    {
        Shell::Cmd
    } else {
        Shell::Bash
    }
}

/// `""` within a word: an empty word stands between blanks.
fn is_doubled_quote(window: &[u8]) -> bool {
    matches!(window, [before, b'"', b'"', after]
        if !before.is_ascii_whitespace() && !after.is_ascii_whitespace())
}

/// The words after `curl`, past a prompt and settings of the environment.
fn after_curl(words: Vec<String>, notes: &mut Notes) -> Option<Vec<String>> {
    let is_setting = |word: &str| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    };
    let mut words = words.into_iter().skip_while(|word| {
        matches!(word.as_str(), "$" | "#" | "%" | ">" | "sudo" | "time" | "env" | "command")
            || is_setting(word)
    });
    let first = words.next()?;
    let program = first.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    if program == "curl" || program == "curl.exe" {
        return Some(words.collect());
    }
    notes.say(Said::CommandIgnored { command: first }, "");
    None
}

fn take_command(words: Vec<String>, number: usize, import: &mut Import) -> Result<(), Refused> {
    let mut asked = Asked::default();
    let mut words = words.into_iter();
    let at = |option: &str| {
        if number == 1 { option.to_owned() } else { format!("curl {number}: {option}") }
    };
    let mut only_urls = false;
    while let Some(word) = words.next() {
        if only_urls || word == "-" || !word.starts_with('-') {
            asked.urls.push(word);
        } else if word == "--" {
            only_urls = true;
        } else {
            for (option, meaning, value) in
                options_of(&word, &mut words).map_err(|why| why.at(&at("")))?
            {
                let place = at(&option);
                if meaning == Meaning::Next {
                    std::mem::take(&mut asked).finish(&at("curl"), import)?;
                } else {
                    asked
                        .take(meaning, &option, value, &mut import.notes, &place)
                        .map_err(|why| why.at(&place))?;
                }
            }
        }
    }
    asked.finish(&at("curl"), import)
}

type Taken = (String, Meaning, String);

/// The options that a word has, with their values: `-sSXPOST` has three.
fn options_of(word: &str, rest: &mut dyn Iterator<Item = String>) -> Result<Vec<Taken>, Refusal> {
    let mut value_of =
        |option: &str| rest.next().ok_or(Refusal::ValueMissing { option: option.to_owned() });
    if let Some(name) = word.strip_prefix("--") {
        let Some((meaning, takes)) = options::long(name) else {
            let (option, equals) =
                word.split_once('=').map_or((word, false), |(option, _)| (option, true));
            let known = options::long(option.trim_start_matches('-')).is_some();
            let option = option.to_owned();
            return Err(if equals && known {
                Refusal::OptionWithEquals { option }
            } else {
                Refusal::UnknownOption { option }
            });
        };
        let value = match takes {
            Takes::Value => value_of(word)?,
            Takes::Nothing => String::new(),
        };
        return Ok(vec![(word.to_owned(), meaning, value)]);
    }
    let mut taken = Vec::new();
    let mut letters = word.chars();
    letters.next();
    while let Some(letter) = letters.next() {
        let option = format!("-{letter}");
        match options::short(letter) {
            Some((meaning, Takes::Nothing)) => taken.push((option, meaning, String::new())),
            Some((meaning, Takes::Value)) => {
                let attached = letters.as_str();
                let value =
                    if attached.is_empty() { value_of(&option)? } else { attached.to_owned() };
                taken.push((option, meaning, value));
                break;
            }
            None if does_nothing(letter) => {}
            None => return Err(Refusal::UnknownOption { option }),
        }
    }
    Ok(taken)
}
