//! To which origin an address leads, as far as nobody can read it otherwise than a browser does.

/// The origin of an http address, in lower case and without the port that is its scheme's own. None of what a
/// browser would repair, or read as another host than it seems: a user before the host, a backslash, a blank,
/// an escape, letters beyond ASCII. What is no host or port at all, no browser calls.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    let mut origin = url.to_ascii_lowercase();
    let own_port = match origin.as_bytes() {
        [b'h', b't', b't', b'p', b's', b':', b'/', b'/', ..] => ":443",
        [b'h', b't', b't', b'p', b':', b'/', b'/', ..] => ":80",
        _ => return None,
    };
    let host = if own_port == ":80" { 7 } else { 8 };
    let of_host = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(byte);
    let length = origin.bytes().skip(host).take_while(of_host).count();
    let ends = origin.as_bytes().get(host + length).is_none_or(|end| b"/?#".contains(end));
    if length == 0 || !ends {
        return None;
    }
    origin.truncate(host + length);
    if origin.ends_with(own_port) {
        origin.truncate(origin.len() - own_port.len());
    }
    Some(origin)
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
            ("http://h:80?x", "http://h"),
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
            "http://{{host}}/",
        ] {
            assert_eq!(origin_of(url), None, "{url}");
        }
    }
}
