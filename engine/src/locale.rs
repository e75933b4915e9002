//! The two languages that sentences are made in.

/// A language of the reader.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Locale {
    /// The language that serves a BCP 47 tag such as `zh-Hans-CN`; English for every other.
    pub fn from_tag(tag: &str) -> Self {
        if tag.split(['-', '_']).next().is_some_and(|lang| lang.eq_ignore_ascii_case("zh")) {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// The BCP 47 tag for `lang` attributes and `Intl`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_choose_a_language() {
        for (tag, locale) in [
            ("zh-Hans-CN", Locale::Zh),
            ("ZH", Locale::Zh),
            ("en-GB", Locale::En),
            ("zha", Locale::En),
        ] {
            assert_eq!(Locale::from_tag(tag), locale, "{tag}");
        }
    }
}
