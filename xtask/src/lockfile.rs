//! Reads versions from `Cargo.lock`, so that a tool is of the version that the crates are built with.

/// The locked version of `package`; `None` when it is not locked.
pub(crate) fn version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let mut named = false;
    for line in lock.lines() {
        if line == "[[package]]" {
            named = false;
        } else if let Some(name) = value(line, "name") {
            named = name == package;
        } else if let (true, Some(version)) = (named, value(line, "version")) {
            return Some(version);
        }
    }
    None
}

fn value<'line>(line: &'line str, key: &str) -> Option<&'line str> {
    line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\ndependencies = [\n \"cfg-if\",\n]\n";

    #[test]
    fn finds_the_version_of_the_very_package() {
        assert_eq!(version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version(LOCK, "wasm-bindgen-macro"), Some("0.2.1"));
    }

    #[test]
    fn an_unlocked_package_has_no_version() {
        assert_eq!(version(LOCK, "wasm"), None);
        assert_eq!(version("", "wasm-bindgen"), None);
    }

    #[test]
    fn the_linked_bindgen_is_of_the_version_the_crates_use() {
        let lock = include_str!("../../Cargo.lock");
        assert!(version(lock, "wasm-bindgen").is_some());
        assert_eq!(version(lock, "wasm-bindgen"), version(lock, "wasm-bindgen-cli-support"));
    }
}
