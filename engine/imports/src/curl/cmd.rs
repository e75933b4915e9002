//! Reads command lines as Windows does: first cmd.exe, which takes carets off and ends commands, then the
//! program's own reader of arguments, which knows quotes and backslashes.
//!
//! Chrome has written three styles: `^"…^"` (now), `"…"` with carets inside, and `"…"` with `""` and
//! `"%"` (before 2017). cmd.exe keeps a caret within quotes, which the second style overlooked; it is read
//! as it was meant. It also writes every backslash twice, which Windows takes back before quotes only; that
//! too is read as it was meant. Source: Chromium, devtools-frontend, NetworkLogView.ts, escapeStringWin.

use super::Commands;
use crate::said::Refusal;

/// What the styles never escape with a caret.
fn never_escaped(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character.is_whitespace()
        || "_-:=+~'/.',?;()*`".contains(character)
}

/// A character that has passed cmd.exe, and whether it ends a command.
enum Passed {
    Character(char),
    End,
}

/// What backslashes that stand before no quote mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslashes {
    AsWritten,
    /// Each was written twice.
    Doubled,
}

pub(crate) fn commands(text: &str) -> Result<Commands, Refusal> {
    let text = text.replace("\r\n", "\n");
    let mut found = Commands::default();
    let mut line = String::new();
    let passed = without_carets(&text);
    let backslashes = backslashes(&passed);
    for passed in passed {
        match passed {
            Passed::Character(character) => line.push(character),
            Passed::End => {
                arguments(&line, backslashes, &mut found)?;
                line.clear();
            }
        }
    }
    arguments(&line, backslashes, &mut found)?;
    Ok(found)
}

/// They were doubled if none stands alone.
fn backslashes(passed: &[Passed]) -> Backslashes {
    let characters = passed.iter().map(|passed| match passed {
        Passed::Character(character) => *character,
        Passed::End => '\n',
    });
    let mut run = 0;
    for character in characters.chain(std::iter::once('\n')) {
        match character {
            '\\' => run += 1,
            '"' => run = 0,
            _ if run % 2 == 1 => return Backslashes::AsWritten,
            _ => run = 0,
        }
    }
    Backslashes::Doubled
}

fn without_carets(text: &str) -> Vec<Passed> {
    let mut passed = Vec::new();
    let mut rest = text.chars().peekable();
    let mut quoted = false;
    // In the second style `%^4` follows on an escaped percent sign.
    let mut after_percent = false;
    while let Some(character) = rest.next() {
        let percent = std::mem::replace(&mut after_percent, false);
        match character {
            '^' => match rest.peek().copied() {
                Some('\n') => {
                    rest.next();
                    // The line is continued; what follows is taken as it is, a second end of line too.
                    if let Some(next) = rest.next_if_eq(&'\n') {
                        passed.push(Passed::Character(next));
                    }
                }
                Some(next) if percent && next.is_ascii_alphanumeric() => {}
                Some(next) if quoted && never_escaped(next) => passed.push(Passed::Character('^')),
                Some(next) => {
                    rest.next();
                    after_percent = next == '%';
                    passed.push(Passed::Character(next));
                }
                None => {}
            },
            '"' => {
                quoted = !quoted;
                passed.push(Passed::Character('"'));
            }
            '&' | '|' | '\n' if !quoted => passed.push(Passed::End),
            _ => {
                after_percent = character == '%';
                passed.push(Passed::Character(character));
            }
        }
    }
    passed
}

/// Source: Microsoft, "Parsing C command-line arguments".
fn arguments(line: &str, backslashes: Backslashes, found: &mut Commands) -> Result<(), Refusal> {
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut rest = line.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            ' ' | '\t' if !quoted => {
                word.take().into_iter().for_each(|word| found.push(word));
                continue;
            }
            _ => {}
        }
        let word = word.get_or_insert_default();
        match character {
            '\\' => {
                let mut count = 1;
                while rest.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                let before_quote = rest.peek() == Some(&'"');
                let halved = before_quote || backslashes == Backslashes::Doubled;
                word.extend(std::iter::repeat_n('\\', if halved { count / 2 } else { count }));
                if before_quote && count % 2 == 1 {
                    rest.next();
                    word.push('"');
                }
            }
            '"' if quoted && rest.next_if_eq(&'"').is_some() => word.push('"'),
            '"' => quoted = !quoted,
            _ => word.push(character),
        }
    }
    if quoted {
        return Err(Refusal::QuoteOpen { quote: "\"".into() });
    }
    if let Some(word) = word {
        found.push(word);
    }
    found.end_command();
    Ok(())
}
