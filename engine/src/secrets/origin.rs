//! To which origin an address leads, as far as nobody can read it otherwise than a browser does.

/// The origin of an http address: scheme, host in lower case, and a port that is not the scheme's own.
/// None of anything that a browser would repair, or read in another way than it seems: a user before the
/// host, a backslash, a blank, letters beyond ASCII.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = split_scheme(url)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, port) = split_port(rest.get(..end)?)?;
    let own = if scheme == "http" { "80" } else { "443" };
    let mut origin = [scheme, "://", &host.to_ascii_lowercase()].concat();
    if !port.is_empty() && port != own {
        origin.extend([":", port]);
    }
    Some(origin)
}

fn split_scheme(url: &str) -> Option<(&'static str, &str)> {
    ["http", "https"].into_iter().find_map(|scheme| {
        let (begins, rest) = url.split_at_checked(scheme.len())?;
        let rest = rest.strip_prefix("://")?;
        begins.eq_ignore_ascii_case(scheme).then_some((scheme, rest))
    })
}

/// Host and port; the port is empty when there is none.
fn split_port(authority: &str) -> Option<(&str, &str)> {
    let (host, port) = match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => authority.split_at(at),
        Some(_) | None => (authority, ""),
    };
    let port = port.trim_start_matches(':').trim_start_matches('0');
    let in_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let is_host = match in_brackets {
        Some(address) => address.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')),
        None => !host.is_empty() && host.chars().all(plain),
    };
    let is_port = port.len() <= 5 && port.bytes().all(|digit| digit.is_ascii_digit());
    (is_host && is_port).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_those_of_browsers() {
        for (url, want) in [
            ("http://h", "http://h"),
            ("https://API.example:443/a?b#c", "https://api.example"),
            ("HTTP://h:8788/x", "http://h:8788"),
            ("http://h:080?x", "http://h"),
            ("http://h:/x", "http://h"),
            ("https://h:80/", "https://h:80"),
            ("http://[::1]:8788/", "http://[::1]:8788"),
            ("http://[::1]/", "http://[::1]"),
            ("http://127.0.0.1#x", "http://127.0.0.1"),
        ] {
            assert_eq!(origin_of(url).as_deref(), Some(want), "{url}");
        }
    }

    #[test]
    fn what_may_be_read_otherwise_has_none() {
        for url in [
            "",
            "h/x",
            "http:h",
            "http:/h",
            "http:///h",
            "ftp://h",
            "demo:///x",
            " http://h",
            "http://user@h/",
            "http://good.example@evil.example/",
            "http://evil.example\\@good.example/",
            "http://evil.example\\.good.example/",
            "http://go\tod.example/",
            "http://g\u{ff4f}od.example/",
            "http://h%2eexample/",
            "http://h:8x/",
            "http://h:123456/",
            "http://[::1/",
            "http://{{host}}/",
        ] {
            assert_eq!(origin_of(url), None, "{url}");
        }
    }
}
