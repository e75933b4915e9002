//! What differs between two texts, line by line.

/// So many pairs of lines are compared; of more, all between what is alike at both ends is another.
const MOST_COMPARED: usize = 1_000_000;
/// So many lines that are alike are kept beside a difference.
const CONTEXT: usize = 2;

/// A line, or several that are folded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line<'a> {
    /// It is in both.
    Same(&'a str),
    /// It is gone.
    Removed(&'a str),
    /// It is new.
    Added(&'a str),
    /// So many that are in both.
    Folded(usize),
}

/// The lines of both texts, in order.
pub fn line_differences<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let alike = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| {
        pairs.take_while(|(old, new)| old == new).count()
    };
    let start = alike(&mut old.iter().zip(&new));
    let (before, after) = (&old[start..], &new[start..]);
    let end = alike(&mut before.iter().rev().zip(after.iter().rev()));
    let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);
    let mut lines: Vec<Line> = old[..start].iter().map(|line| Line::Same(line)).collect();
    if before.len().saturating_mul(after.len()) > MOST_COMPARED {
        lines.extend(before.iter().map(|line| Line::Removed(line)));
        lines.extend(after.iter().map(|line| Line::Added(line)));
    } else {
        compare(before, after, &mut lines);
    }
    lines.extend(old[old.len() - end..].iter().map(|line| Line::Same(line)));
    lines
}

/// By the longest common subsequence: `longest[i][j]` is how many lines of `old[i..]` and `new[j..]` are in both.
fn compare<'a>(old: &[&'a str], new: &[&'a str], lines: &mut Vec<Line<'a>>) {
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        let goes = j == new.len()
            || i < old.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1];
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push(Line::Same(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if goes {
            lines.push(Line::Removed(old[i]));
            i += 1;
        } else {
            lines.push(Line::Added(new[j]));
            j += 1;
        }
    }
}

/// The same with what is alike folded, save beside differences.
pub fn folded<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let is_same = |line: &Line| matches!(line, Line::Same(_));
    let mut out = Vec::new();
    let groups: Vec<&[Line]> = lines.chunk_by(|a, b| is_same(a) == is_same(b)).collect();
    for (at, group) in groups.iter().enumerate() {
        let kept_before = if at == 0 { 0 } else { CONTEXT };
        let kept_after = if at + 1 == groups.len() { 0 } else { CONTEXT };
        let is_long =
            group.first().is_some_and(is_same) && group.len() > kept_before + kept_after + 1;
        if is_long {
            let end = group.len() - kept_after;
            out.extend(&group[..kept_before]);
            out.push(Line::Folded(end - kept_before));
            out.extend(&group[end..]);
        } else {
            out.extend(*group);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn both_texts_are_in_the_difference() {
        let mut state = 7_u64;
        let mut text = || {
            let mut lines = Vec::new();
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                lines.push(["a", "b", "c", "d"][usize::try_from(state >> 62).unwrap()]);
            }
            lines.join("\n")
        };
        for _ in 0..300 {
            let (old, new) = (text(), text());
            let lines = line_differences(&old, &new);
            let side = |keep: fn(&Line) -> bool| {
                let texts = lines.iter().filter(|line| keep(line)).map(|line| match line {
                    Line::Same(text) | Line::Removed(text) | Line::Added(text) => *text,
                    Line::Folded(_) => "",
                });
                texts.collect::<Vec<_>>().join("\n")
            };
            assert_eq!(side(|line| !matches!(line, Line::Added(_))), old);
            assert_eq!(side(|line| !matches!(line, Line::Removed(_))), new);
        }
    }

    #[test]
    fn what_is_alike_is_folded() {
        let old: Vec<String> = (0..30).map(|n| n.to_string()).collect();
        let new = old.join("\n").replace("\n15\n", "\nfifteen\n");
        let old = old.join("\n");
        let lines = folded(&line_differences(&old, &new));
        assert_eq!(
            lines,
            [
                Line::Folded(13),
                Line::Same("13"),
                Line::Same("14"),
                Line::Removed("15"),
                Line::Added("fifteen"),
                Line::Same("16"),
                Line::Same("17"),
                Line::Folded(12),
            ]
        );
        assert_eq!(folded(&line_differences("a\nb", "a\nb")), [Line::Folded(2)]);
        assert_eq!(folded(&line_differences("", "")), []);
    }
}
