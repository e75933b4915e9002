use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;

use super::tables::{LOWER, Run, UPPER, UPPER_TO_SEVERAL};
use super::{lower, upper, way_back};

/// The one character that `case` gives, if it is one and another.
fn other(c: char, case: impl Iterator<Item = char>) -> Option<char> {
    let all: Vec<char> = case.collect();
    (all.len() == 1 && all[0] != c).then(|| all[0])
}

/// The one upper case of a character, if it is another than the way back from lower case.
fn exception(c: char) -> Option<char> {
    let all: Vec<char> = c.to_uppercase().collect();
    (all.len() == 1 && all[0] != way_back(c).unwrap_or(c)).then(|| all[0])
}

/// The table that the standard library's mapping comes to.
fn runs(map: fn(char) -> Option<char>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for c in '\u{80}'..=char::MAX {
        let Some(to) = map(c) else { continue };
        let away = i32::try_from(u32::from(to)).unwrap() - i32::try_from(u32::from(c)).unwrap();
        match runs.last_mut() {
            Some((first, last, step, same))
                if *same == away && {
                    let gap = u32::from(c) - u32::from(*last);
                    if first == last { gap <= 2 } else { gap == *step }
                } =>
            {
                *step = u32::from(c) - u32::from(*last);
                *last = c;
            }
            _ => runs.push((c, c, 1, away)),
        }
    }
    runs
}

#[test]
fn the_tables_are_those_of_the_standard_library() {
    assert_eq!(LOWER.to_vec(), runs(|c| other(c, c.to_lowercase())));
    assert_eq!(UPPER.to_vec(), runs(exception));
    let several: Vec<(char, String)> = ('\u{80}'..=char::MAX)
        .map(|c| (c, c.to_uppercase().collect::<String>()))
        .filter(|(_, upper)| upper.chars().count() > 1)
        .collect();
    let own: Vec<_> = UPPER_TO_SEVERAL.iter().map(|(c, upper)| (*c, (*upper).to_owned())).collect();
    assert_eq!(own, several);
}

#[test]
fn every_character_is_as_in_the_standard_library() {
    for c in '\0'..=char::MAX {
        let text = c.to_string();
        assert_eq!(lower(&text), text.to_lowercase(), "{c:?}");
        assert_eq!(upper(&text), text.to_uppercase(), "{c:?}");
    }
}

#[test]
fn a_sigma_at_the_end_of_a_word_is_final() {
    for text in
        ["ΟΔΟΣ", "Σ", "ΣΑΣ ΣΣ", "ΟΔΟΣ.", "ΟΔΟ'Σ'", "ΟΣ'Α", "A\u{301}Σ\u{301}", "购Σ", "1Σ", "ßΣ"]
    {
        assert_eq!(lower(text), text.to_lowercase(), "{text}");
    }
}

proptest! {
    #[test]
    fn texts_are_as_in_the_standard_library(text in vec(
        prop_oneof![
            select("ΣΣσςΑΩάAZzß.',:;-_ 1购İıǅЖя\u{301}\u{308}\u{ad}’".chars().collect::<Vec<_>>()),
            any::<char>().prop_filter("whose part in a word we do not know", |c| c.is_ascii() || *c > '\u{10000}' && !c.is_alphanumeric()),
        ],
        0..12,
    )) {
        let text: String = text.into_iter().collect();
        prop_assert_eq!(lower(&text), text.to_lowercase());
        prop_assert_eq!(upper(&text), text.to_uppercase());
    }
}
