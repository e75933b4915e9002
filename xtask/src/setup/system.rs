//! Which system this is, as far as installing a browser is concerned.

use std::fs;

use crate::process::ask;

/// How programs are installed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    DebianAsRoot,
    Debian,
    Ubuntu,
    Fedora,
    MacOs,
    Other,
}

impl System {
    pub(super) fn here() -> Self {
        if cfg!(target_os = "macos") {
            return Self::MacOs;
        }
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let root = ask("id", &["-u"]).is_some_and(|id| id == "0");
        Self::from_release(&release, root)
    }

    fn from_release(release: &str, root: bool) -> Self {
        let value = |key: &str| {
            let line = release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let like = value("ID_LIKE");
        let is_like = |name: &str| like.split(' ').any(|word| word == name);
        match value("ID").as_str() {
            "debian" if root => Self::DebianAsRoot,
            "debian" => Self::Debian,
            "ubuntu" => Self::Ubuntu,
            "fedora" => Self::Fedora,
            _ if is_like("ubuntu") => Self::Ubuntu,
            _ if is_like("debian") && root => Self::DebianAsRoot,
            _ if is_like("debian") => Self::Debian,
            _ if is_like("fedora") => Self::Fedora,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_told_apart_by_their_release_file() {
        for (release, root, expected) in [
            ("NAME=\"Debian GNU/Linux\"\nID=debian\n", true, System::DebianAsRoot),
            ("ID=debian\n", false, System::Debian),
            ("ID=ubuntu\nID_LIKE=debian\n", true, System::Ubuntu),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true, System::Ubuntu),
            ("ID=raspbian\nID_LIKE=debian\n", false, System::Debian),
            ("ID=fedora\n", true, System::Fedora),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", false, System::Fedora),
            ("ID=arch\n", true, System::Other),
            ("", true, System::Other),
        ] {
            assert_eq!(System::from_release(release, root), expected, "{release:?}");
        }
    }
}
