//! Puts the table into the README, between its two marks.

use crate::failure::Failure;
use crate::project::{self, Project};

const STEP: &str = "putting the table into the README";
const BEGIN: &str = "<!-- cargo xtask bench --readme -->\n";
const END: &str = "<!-- end of the table -->";

/// # Errors
/// When the README cannot be read or written, or has not its marks.
pub(super) fn rewrite(project: &Project, table: &str) -> Result<(), Failure> {
    let place = project.root.join("README.md");
    let text = project::read(STEP, &place)?;
    let text = with_table(&text, table).ok_or_else(|| {
        Failure::new(STEP, format!("it needs the lines {BEGIN:?} and {END:?}, in this order"))
    })?;
    project::write(STEP, &place, text.as_bytes())?;
    println!("README.md has the table");
    Ok(())
}

fn with_table(readme: &str, table: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let old = format!("# Words\n\n{BEGIN}old\n{END}\n\nmore\n");
        let new = with_table(&old, "| new |\n").unwrap();
        assert_eq!(new, format!("# Words\n\n{BEGIN}| new |\n{END}\n\nmore\n"));
        assert_eq!(with_table("# Words\n", "| new |\n"), None);
    }

    #[test]
    fn the_readme_has_its_marks() {
        assert!(with_table(include_str!("../../../README.md"), "").is_some());
    }
}
