//! The expression of one field, such as `1-5/2, 20` or `3rd fri`, as a set. Knows no other field.

use super::days::{DaySet, LAST};
use super::field::{Field, Kind};
use crate::document::{Place, ProblemKind, Problems, nearest};

/// How long a text may be, in bytes, and how many parts its list may have: more than a list of all
/// years needs.
pub(super) const MOST_BYTES: usize = 1024;
const MOST_PARTS: usize = 150;

const ORDINALS: [&str; 6] = ["1st", "2nd", "3rd", "4th", "5th", "last"];

/// `L-30` is the 1st of a long month.
const MOST_BEFORE_LAST: u32 = 30;

/// What an expression means.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    /// Bit n: n more than the field's base.
    pub(super) numbers: [u64; 3],
    /// What is not numbers, of days only.
    pub(super) days: DaySet,
    /// Whether it is a list of plain numbers.
    pub(super) is_plain: bool,
}

/// One part of a list.
enum Part {
    Numbers {
        first: u32,
        span: u32,
        step: u32,
    },
    BeforeLast(u32),
    /// The weekday nearest to a day; for 0 the last one.
    Nearest(u32),
    Nth {
        place: u32,
        weekday: u32,
    },
}

/// Reads the expression of a field.
pub(super) fn read(
    text: &str,
    field: &Field,
    place: &Place,
    problems: &mut Problems,
) -> Option<Set> {
    let parts = text.split(',').count();
    let kind = match (text.len(), parts) {
        (bytes @ MOST_BYTES.., _) => {
            Some(ProblemKind::TooLarge { bytes: bytes as u64, limit: MOST_BYTES as u64 })
        }
        (_, seen @ MOST_PARTS..) => {
            Some(ProblemKind::TooMany { seen: seen as u64, limit: MOST_PARTS as u64 })
        }
        (_, _) if text.trim().is_empty() => Some(ProblemKind::Empty),
        (_, _) => None,
    };
    if let Some(kind) = kind {
        problems.push(place, kind);
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let mut set = Set { is_plain: true, ..Set::default() };
    let mut sound = true;
    for part in lower.split(',').map(str::trim) {
        let mut reader = Reader { field, part, place, problems };
        match reader.part() {
            Some(part) => set.add(&part, field),
            None => sound = false,
        }
    }
    sound.then_some(set)
}

impl Set {
    /// Every number of a field.
    pub(super) fn every(field: &Field) -> Self {
        let mut set = Self::default();
        set.add(
            &Part::Numbers { first: field.least, span: field.most - field.least, step: 1 },
            field,
        );
        set
    }

    /// The least number of a field, and no other.
    pub(super) fn least(field: &Field) -> Self {
        let mut set = Self { is_plain: true, ..Self::default() };
        set.add(&Part::Numbers { first: field.least, span: 0, step: 0 }, field);
        set
    }

    fn add(&mut self, part: &Part, field: &Field) {
        // A plain number has no step.
        self.is_plain &= matches!(part, Part::Numbers { step: 0, .. });
        match *part {
            Part::Numbers { first, span, step } => self.add_numbers(first, span, step, field),
            Part::BeforeLast(days) => self.days.last |= 1 << days,
            Part::Nearest(day) => self.days.nearest |= 1 << day,
            Part::Nth { place, weekday } => self.days.nth |= 1 << (7 * place + weekday),
        }
    }

    fn add_numbers(&mut self, first: u32, span: u32, step: u32, field: &Field) {
        let size = field.most - field.least + 1;
        for add in (0..=span).step_by(step.max(1) as usize) {
            // After the last number the first comes again.
            let place = (first - field.least + add + field.to_monday) % size;
            let number = place + field.least - field.base();
            self.numbers[number as usize / 64] |= 1 << (number % 64);
        }
    }
}

struct Reader<'a> {
    field: &'a Field,
    /// In lower case, without blanks around it.
    part: &'a str,
    place: &'a Place<'a>,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn part(&mut self) -> Option<Part> {
        match self.field.kind {
            Kind::Day => self.day(),
            Kind::DayOfWeek => self.weekday_of_month(),
            Kind::Cyclic | Kind::Year => self.numbers(),
        }
    }

    fn day(&mut self) -> Option<Part> {
        let part = self.part;
        if let "last" | "l" = part {
            return Some(Part::BeforeLast(0));
        }
        if part == "lw" {
            return Some(Part::Nearest(0));
        }
        if let Some(days) = part.strip_prefix("l-") {
            return Some(Part::BeforeLast(self.number(days, 0, MOST_BEFORE_LAST)?));
        }
        if let Some(day) = part.strip_suffix('w') {
            return Some(Part::Nearest(self.number(day, self.field.least, self.field.most)?));
        }
        self.weekday_of_month()
    }

    /// `3rd fri`, `fri#3`, `last fri`, `friL`.
    fn weekday_of_month(&mut self) -> Option<Part> {
        let part = self.part;
        let (weekday, place) = if let Some((place, weekday)) = part.split_once(' ') {
            (weekday.trim_start(), self.ordinal(place)?)
        } else if let Some((weekday, place)) = part.split_once('#') {
            (weekday, self.number(place, 1, 5)? - 1)
        } else if let Some(weekday) = part.strip_suffix('l') {
            (weekday, LAST)
        } else {
            return self.numbers();
        };
        let weekday = match self.field.kind {
            // A number would be a date there.
            Kind::Day => self.name(weekday, 0)?,
            Kind::DayOfWeek | Kind::Cyclic | Kind::Year => self.value(weekday)?,
        };
        Some(Part::Nth { place, weekday: (weekday + self.field.to_monday) % 7 })
    }

    fn ordinal(&mut self, text: &str) -> Option<u32> {
        let found = (0..).zip(ORDINALS).find(|(_, ordinal)| *ordinal == text);
        if found.is_none() {
            self.unknown(text, &ORDINALS, None);
        }
        found.map(|(place, _)| place)
    }

    /// `*`, `5`, `1-5`, each perhaps with a step.
    fn numbers(&mut self) -> Option<Part> {
        let (range, step) = match self.part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (self.part, None),
        };
        let (mut first, mut last, single) = match range.split_once('-') {
            _ if range == "*" => (self.field.least, self.field.most, false),
            Some((first, last)) => (self.value(first)?, self.value(last)?, false),
            None => {
                let first = self.value(range)?;
                (first, if step.is_some() { self.field.most } else { first }, true)
            }
        };
        if first > self.field.most {
            // 7 is Sunday, as 0 is.
            (first, last) = (self.field.least, if last > self.field.most { 0 } else { last });
        }
        let span = self.span(first, last)?;
        let step = match step {
            None if single => 0,
            None => 1,
            Some(step) => self.step(step, span)?,
        };
        Some(Part::Numbers { first, span, step })
    }

    /// How far it is from a range's first number to its last, perhaps around the end.
    fn span(&mut self, first: u32, last: u32) -> Option<u32> {
        if first <= last {
            return Some(last - first);
        }
        if self.field.kind == Kind::Year {
            let en = format!("{first}-{last} goes backwards; write {last}-{first}");
            return self.said(en, format!("{first}-{last} 是倒序；请写 {last}-{first}"));
        }
        Some(self.field.most - self.field.least + 1 - (first - last))
    }

    fn step(&mut self, text: &str, span: u32) -> Option<u32> {
        let step = digits(text).unwrap_or(u32::MAX);
        if (1..=span).contains(&step) {
            return Some(step);
        }
        let part = self.part;
        if span == 0 {
            let en = format!("\"{part}\" steps through one number only; remove the step");
            return self.said(en, format!("“{part}” 只有一个数可选；请删除步长"));
        }
        let en = format!("the step {text} of \"{part}\" is outside 1-{span}; choose one within");
        self.said(en, format!("“{part}” 的步长 {text} 不在 1-{span} 之内；请改用其中之一"))
    }

    /// A number or a name.
    fn value(&mut self, text: &str) -> Option<u32> {
        if text.starts_with(|c: char| c.is_ascii_digit()) || self.field.kind == Kind::Day {
            self.number(text, self.field.least, self.field.most_written())
        } else {
            self.name(text, self.field.least)
        }
    }

    fn number(&mut self, text: &str, least: u32, most: u32) -> Option<u32> {
        let Some(number) = digits(text) else { return self.unreadable() };
        if (least..=most).contains(&number) {
            return Some(number);
        }
        let (least, most) = (least.to_string(), most.to_string());
        let kind = ProblemKind::OutOfRange { got: text.to_owned(), least, most };
        self.problems.push(self.place, kind);
        None
    }

    fn name(&mut self, text: &str, least: u32) -> Option<u32> {
        let names = self.field.names;
        if let Some(number) = (least..).zip(names).find(|(_, name)| **name == text) {
            return Some(number.0);
        }
        if names.is_empty() || text.is_empty() || !text.bytes().all(|b| b.is_ascii_lowercase()) {
            return self.unreadable();
        }
        let short = text.get(..3).filter(|short| names.contains(short)).map(str::to_owned);
        self.unknown(text, names, short.or_else(|| nearest(text, names)));
        None
    }

    fn unknown(&mut self, word: &str, known: &[&str], meant: Option<String>) {
        let known = known.iter().map(|&word| word.to_owned()).collect();
        let kind = ProblemKind::UnknownWord { word: word.to_owned(), meant, known };
        self.problems.push(self.place, kind);
    }

    fn unreadable<T>(&mut self) -> Option<T> {
        let (part, examples) = (self.part, self.field.examples);
        let en = format!("\"{part}\" is not understood; write such as {examples}");
        self.said(en, format!("无法理解 “{part}”；写法例如 {examples}"))
    }

    fn said<T>(&mut self, en: String, zh: String) -> Option<T> {
        self.problems.push(self.place, ProblemKind::Said { en, zh });
        None
    }
}

/// A number of digits alone. One that is too large is larger than any that is taken.
fn digits(text: &str) -> Option<u32> {
    let all = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all.then(|| text.parse().unwrap_or(u32::MAX))
}
