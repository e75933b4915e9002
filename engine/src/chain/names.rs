//! The names that templates may use at their place.

use super::template::{Name, Template, ValueTemplate};
use crate::document::{Place, ProblemKind, Problems, nearest};
use crate::secrets::{is_name, mark};

pub(crate) fn check_name(name: &str, place: &Place, problems: &mut Problems) {
    if !is_name(name) {
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

/// Whether a secret may stand here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrets {
    Allowed,
    Refused,
}

/// The names that a template may use at its place.
pub(crate) struct Names<'a> {
    pub(crate) known: &'a [String],
    pub(crate) uuid: Uuid,
    pub(crate) secrets: Secrets,
}

impl<'a> Names<'a> {
    /// Those of a stage, before anything in it is read.
    pub(crate) fn of_stage(known: &'a [String]) -> Self {
        Self { known, uuid: Uuid::Refused, secrets: Secrets::Refused }
    }

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
                Name::Secret(name) if self.secrets == Secrets::Refused => {
                    problems.push(place, seen(&mark(name)));
                }
                Name::Value(_) | Name::Secret(_) | Name::Now { .. } | Name::Today | Name::Uuid => {}
            }
        }
    }
}

/// A secret at a place that is written or shown.
fn seen(mark: &str) -> ProblemKind {
    ProblemKind::Said {
        en: format!(
            "`{mark}` would be seen here; a secret stands in a request's headers, query, body or auth only"
        ),
        zh: format!("`{mark}` 在此处会被看到；机密只能放在请求的 headers、query、正文或 auth 中"),
    }
}
