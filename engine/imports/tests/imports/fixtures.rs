//! Texts as browsers, Postman and people write them, each with its answer beside it.

use crate::ask::{accept, expected, fixtures, questions};
use baton_engine::json::{self, Value};

#[test]
fn every_fixture_gives_what_stands_beside_it() {
    for (name, text) in fixtures() {
        for (name, answer) in questions(&name, &text) {
            assert_eq!(answer, expected(&name), "{name}");
        }
    }
}

#[test]
fn every_stage_of_every_fixture_is_one_that_the_engine_reads() {
    for (name, text) in fixtures() {
        for (_, answer) in questions(&name, &text) {
            if answer.get("stages").is_some() {
                accept(&answer);
            }
        }
    }
}

/// Secrets of the fixtures say that they are fake, the token's signature too.
#[test]
fn no_value_of_a_secret_is_in_any_answer() {
    for (name, text) in fixtures() {
        for (_, answer) in questions(&name, &text) {
            let answer = json::text(&answer);
            for secret in ["fake-", "ZmFrZS", "made-up"] {
                assert!(!answer.contains(secret), "{name} {secret}: {answer}");
            }
        }
    }
}

#[test]
fn every_note_has_a_sentence_in_both_languages_and_no_hole() {
    for (name, text) in fixtures() {
        for (_, answer) in questions(&name, &text) {
            for note in answer.get("notes").and_then(Value::as_array).expect("notes") {
                let said = |key: &str| note.get(key).and_then(Value::as_str).expect("a sentence");
                assert!(
                    !said("en").is_empty() && said("zh").chars().any(|c| c > '\u{4e00}'),
                    "{name}: {note}"
                );
            }
        }
    }
}

/// A text that breaks off anywhere is refused or read, and what is read the engine reads too.
#[test]
fn every_beginning_of_every_fixture_is_answered() {
    for (name, text) in fixtures() {
        let step = (text.len() / 200).max(1);
        for end in (0..text.len()).step_by(step).filter(|&end| text.is_char_boundary(end)) {
            for (_, answer) in questions(&name, &text[..end]) {
                if answer.get("stages").is_some() {
                    accept(&answer);
                } else {
                    assert!(
                        answer.get("error").is_some() || answer.get("entries").is_some(),
                        "{name} {end}: {answer}"
                    );
                }
            }
        }
    }
}
