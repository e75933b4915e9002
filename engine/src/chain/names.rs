//! The names that templates may use at their place.

use super::template::{Name, Template, ValueTemplate};
use crate::document::{Place, ProblemKind, Problems, nearest};

pub(crate) fn check_name(name: &str, place: &Place, problems: &mut Problems) {
    let allowed = |c: char| crate::id::is_letter_or_digit(c) || matches!(c, '_' | '-');
    if name.is_empty() || !name.chars().all(allowed) {
        let message = format!("\"{name}\" is no name; use letters, digits, `_` and `-`");
        problems.push(place, ProblemKind::Template { message });
    }
}

/// Whether `{{$uuid}}` may stand here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uuid {
    Allowed,
    Refused,
}

/// The names that a template may use at its place.
pub(crate) struct Names<'a> {
    pub(crate) known: &'a [String],
    pub(crate) uuid: Uuid,
}

impl Names<'_> {
    pub(crate) fn template(&mut self, place: &Place, problems: &mut Problems) -> Option<Template> {
        let text = place.text(problems)?;
        match Template::parse(text) {
            Ok(template) => {
                self.check(&template, place, problems);
                Some(template)
            }
            Err(kind) => {
                problems.push(place, kind);
                None
            }
        }
    }

    /// The name of a variable, environment entry or capture by itself.
    pub(crate) fn variable(&self, place: &Place, problems: &mut Problems) -> Option<String> {
        let name = place.name(problems)?;
        match Template::parse(&format!("{{{{{name}}}}}")) {
            Ok(template) => self.check(&template, place, problems),
            Err(kind) => problems.push(place, kind),
        }
        Some(name.to_owned())
    }

    pub(crate) fn value(
        &mut self,
        place: &Place,
        problems: &mut Problems,
    ) -> Option<ValueTemplate> {
        let parsed = ValueTemplate::parse(place.value, &mut |template| {
            self.check(template, place, problems);
        });
        match parsed {
            Ok(value) => Some(value),
            Err(kind) => {
                problems.push(place, kind);
                None
            }
        }
    }

    fn check(&self, template: &Template, place: &Place, problems: &mut Problems) {
        for name in template.names() {
            match name {
                Name::Value(name) if name.starts_with("secret.") => {
                    problems.push(place, ProblemKind::NotCarriedOut { key: name.clone() });
                }
                Name::Value(name) if !self.known.contains(name) => {
                    let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
                    let meant = nearest(name, &known);
                    problems.push(place, ProblemKind::UnknownName { name: name.clone(), meant });
                }
                Name::Uuid if self.uuid == Uuid::Refused => {
                    let kind = ProblemKind::NotTogether {
                        key: "{{$uuid}}".into(),
                        with: "anything but variables, where it is one for the whole run".into(),
                    };
                    problems.push(place, kind);
                }
                Name::Value(_) | Name::Now { .. } | Name::Today | Name::Uuid => {}
            }
        }
    }
}
