//! A line of CSV, and what must not be taken for a formula. Source: RFC 4180; OWASP, CSV injection.

/// A line with these cells, and its end. A text that a spreadsheet would run as a formula (it begins with
/// `=`, `+`, `-`, `@`, their full-width forms, a tab or a carriage return) gets an apostrophe before it, which
/// makes it a text there; a number stays as it is.
///
/// ```
/// assert_eq!(baton_engine::csv::line(&["a,b", "=1+1", "-5.5"]), "\"a,b\",'=1+1,-5.5\r\n");
/// ```
pub fn line(cells: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&quoted(cell.as_ref()));
    }
    out.push_str("\r\n");
    out
}

fn quoted(text: &str) -> String {
    let begins = |character| {
        matches!(character, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
    };
    let formula = text.starts_with(begins) && !is_number(text);
    let safe = if formula { ["'", text].concat() } else { text.to_owned() };
    let plain = !safe.contains([',', '"', '\r', '\n', '\t']) && safe.trim() == safe;
    if plain { safe } else { ["\"", &safe.replace('"', "\"\""), "\""].concat() }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_made_texts_and_numbers_stay() {
        let check = |cell: &str, want: &str| assert_eq!(line(&[cell]), [want, "\r\n"].concat());
        check("", "");
        check("-5.5", "-5.5");
        check("+7", "+7");
        check("-", "'-");
        check("-1-1", "'-1-1");
        check("+.5", "'+.5");
        check("=1", "'=1");
        check("@A1", "'@A1");
        check("\t=1", "\"'\t=1\"");
        check("＝1", "'＝1");
        check(" x", "\" x\"");
        check("a\r\nb", "\"a\r\nb\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
    }

    /// Reads a line as RFC 4180 has it.
    fn read(line: &str) -> Vec<String> {
        let mut cells = vec![String::new()];
        let (mut inside, mut rest) = (false, line.strip_suffix("\r\n").unwrap().chars().peekable());
        while let Some(character) = rest.next() {
            match (character, inside) {
                ('"', true) if rest.next_if_eq(&'"').is_some() => {
                    cells.last_mut().unwrap().push('"');
                }
                ('"', _) => inside = !inside,
                (',', false) => cells.push(String::new()),
                _ => cells.last_mut().unwrap().push(character),
            }
        }
        cells
    }

    proptest! {
        #[test]
        fn any_cells_come_back(cells in prop::collection::vec("[a,\"\r\n=+1 \u{ff1d}-]{0,6}", 1..5)) {
            for (got, cell) in read(&line(&cells)).iter().zip(&cells) {
                prop_assert!(got == cell || *got == format!("'{cell}"), "{got:?} {cell:?}");
                prop_assert!(!got.starts_with(['=', '＝']));
            }
        }
    }
}
