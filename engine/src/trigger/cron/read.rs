//! Rules from the fields of an object, and from crontab strings. Reads the expressions of fields
//! elsewhere.

use super::days::{DaySet, Days, Join, bits, months_of_weeks};
use super::expression::{MOST_BYTES, Set, read};
use super::field::{CRONTAB_DAY_OF_WEEK, FIELDS, Field};
use super::times::Times;
use super::words::month_name;
use super::{Cron, Written, Years};
use crate::document::{Object, Place, ProblemKind, Problems};
use crate::locale::Locale;

/// The fields of a crontab string, in its order, as places in [`FIELDS`].
const CRONTAB: [usize; 5] = [MINUTE, HOUR, DAY, MONTH, DAY_OF_WEEK];
const YEAR: usize = 0;
const MONTH: usize = 1;
const DAY: usize = 2;
const DAY_OF_WEEK: usize = 4;
const HOUR: usize = 5;
const MINUTE: usize = 6;
const SECOND: usize = 7;

/// What stands for whole strings. Source: crontab(5), whose `@reboot` makes no sense here.
const NICKNAMES: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// What a field that is not given is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Its least number below the least field given, else all. Source: `APScheduler`.
    Least,
    /// All.
    All,
}

/// A field's text and where it stands.
struct Given<'a> {
    text: &'a str,
    place: Place<'a>,
}

impl Cron {
    /// Reads the fields of a cron object. Those that are not given match all, or their least number
    /// when they are below the least that is: `{"hour": 3}` is once a day, `{}` every second.
    pub(crate) fn from_fields(object: &Object, problems: &mut Problems) -> Option<Self> {
        read_fields(object, Rest::Least, problems)
    }

    /// Reads the fields of a range of time, all of whose seconds match: `{"hour": "0-6"}`. Those that
    /// are not given match all.
    pub(crate) fn range_from_fields(object: &Object, problems: &mut Problems) -> Option<Self> {
        read_fields(object, Rest::All, problems)
    }

    /// Reads a crontab string: minute, hour, day, month and day of the week, or one of `@yearly`,
    /// `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight` and `@hourly`. With `vixie`, either
    /// of day and day of the week is enough where neither begins with `*`. Source: crontab(5).
    ///
    /// Six fields are refused: some readers take the first for seconds, others the last for a year.
    pub(crate) fn from_crontab(
        place: &Place,
        vixie: bool,
        problems: &mut Problems,
    ) -> Option<Self> {
        let expression = place.text(problems)?;
        let texts = crontab_texts(expression.trim(), place, problems)?;
        let mut sets = FIELDS.each_ref().map(Set::every);
        sets[SECOND] = Set::least(&FIELDS[SECOND]);
        let mut given = [const { None }; 8];
        let mut sound = true;
        for (index, text) in CRONTAB.into_iter().zip(texts) {
            let field = if index == DAY_OF_WEEK { &CRONTAB_DAY_OF_WEEK } else { &FIELDS[index] };
            let place = place.part(field.name);
            match read(text, field, &place, problems) {
                Some(set) => sets[index] = set,
                None => sound = false,
            }
            given[index] = Some(Given { text, place });
        }
        let restricted = |index: usize| {
            given[index].as_ref().is_some_and(|given: &Given| !given.text.starts_with('*'))
        };
        let either = vixie && restricted(DAY) && restricted(DAY_OF_WEEK);
        let join = if either { Join::Either } else { Join::Both };
        let written = Written::Crontab { expression: expression.into(), vixie };
        if sound { build(sets, &given, join, written, problems) } else { None }
    }
}

fn read_fields(object: &Object, rest: Rest, problems: &mut Problems) -> Option<Cron> {
    let mut sound = true;
    let given = FIELDS.each_ref().map(|field| {
        let given = given(object, field, problems);
        sound &= given.is_ok();
        given.unwrap_or(None)
    });
    let least = given.iter().rposition(Option::is_some).unwrap_or(given.len());
    let mut sets = FIELDS.each_ref().map(Set::every);
    for (index, field) in FIELDS.iter().enumerate() {
        match &given[index] {
            Some(given) => match read(given.text, field, &given.place, problems) {
                Some(set) => sets[index] = set,
                None => sound = false,
            },
            None if rest == Rest::Least && index > least && has_least(field) => {
                sets[index] = Set::least(field);
            }
            None => {}
        }
    }
    if !sound {
        return None;
    }
    build(sets, &given, Join::Both, written(&given), problems)
}

/// Whether a field that is not given may stand for its least number. Source: `APScheduler`, where
/// weeks and weekdays that are not given always match.
fn has_least(field: &Field) -> bool {
    !matches!(field.name, "year" | "week" | "day_of_week")
}

/// The text of a field; none when it is not given.
fn given<'a>(
    object: &Object<'a>,
    field: &Field,
    problems: &mut Problems,
) -> Result<Option<Given<'a>>, ()> {
    let Some(place) = object.find(field.name) else { return Ok(None) };
    let got = match place.value {
        crate::json::Value::Null => return Ok(None),
        crate::json::Value::Number(number) => {
            return Ok(Some(Given { text: number.as_str(), place }));
        }
        crate::json::Value::String(text) => {
            return Ok(Some(Given { text: text.trim(), place }));
        }
        crate::json::Value::Bool(_) => "true or false",
        crate::json::Value::Array(_) => "a list",
        crate::json::Value::Object(_) => "an object",
    };
    let kind = ProblemKind::WrongType { want: "a text or a whole number".into(), got: got.into() };
    problems.push(&place, kind);
    Err(())
}

fn written(given: &[Option<Given>; 8]) -> Written {
    let (mut bits, mut texts) = (0, String::new());
    for (index, given) in given.iter().enumerate() {
        if let Some(given) = given {
            bits |= 1 << index;
            texts.push_str(given.text);
            texts.push('\0');
        }
    }
    Written::Fields { given: bits, texts: texts.into() }
}

/// The five texts of a crontab string.
fn crontab_texts<'a>(
    text: &'a str,
    place: &Place,
    problems: &mut Problems,
) -> Option<[&'a str; 5]> {
    let kind = match text.len() {
        0 => ProblemKind::Empty,
        1..=MOST_BYTES => return crontab_fields(text, place, problems),
        bytes => ProblemKind::TooLarge { bytes: bytes as u64, limit: MOST_BYTES as u64 },
    };
    problems.push(place, kind);
    None
}

fn crontab_fields<'a>(
    text: &'a str,
    place: &Place,
    problems: &mut Problems,
) -> Option<[&'a str; 5]> {
    let nickname = NICKNAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    if text.starts_with('@') && nickname.is_none() {
        place.unknown_word(problems, text, &NICKNAMES.map(|(name, _)| name));
        return None;
    }
    let five = five(nickname.map_or(text, |(_, meaning)| meaning));
    if let Err(seen) = five {
        problems.push(place, wrong_count(seen));
    }
    five.ok()
}

/// The texts between blanks, or how many there are when they are not five.
fn five(text: &str) -> Result<[&str; 5], usize> {
    let mut texts = [""; 5];
    let mut seen = 0;
    for part in text.split_ascii_whitespace() {
        if let Some(place) = texts.get_mut(seen) {
            *place = part;
        }
        seen += 1;
    }
    if seen == 5 { Ok(texts) } else { Err(seen) }
}

fn wrong_count(seen: usize) -> ProblemKind {
    ProblemKind::Said {
        en: format!(
            "it has {seen} fields, and a crontab string 5: minute hour day month day_of_week; for seconds, years and weeks use type \"cron\""
        ),
        zh: format!(
            "有 {seen} 个字段，而 crontab 应有 5 个：minute hour day month day_of_week；秒、年、周请用类型 \"cron\""
        ),
    }
}

fn build(
    sets: [Set; 8],
    given: &[Option<Given>; 8],
    join: Join,
    written: Written,
    problems: &mut Problems,
) -> Option<Cron> {
    let [year, month, day, week, day_of_week, hour, minute, second] = sets;
    let day = DaySet { dates: low(day.numbers[0]), ..day.days };
    let day_of_week = DaySet { weekdays: low(day_of_week.numbers[0]), ..day_of_week.days };
    let cron = Cron {
        years: Years(year.numbers),
        months: low(month.numbers[0]),
        searched: low::<u16>(month.numbers[0]) & months_of_weeks(week.numbers[0]),
        days: Days::new(day, week.numbers[0], day_of_week, join),
        times: Times::new(hour.numbers[0], minute.numbers[0], second.numbers[0]),
        plain_hours: hour.is_plain,
        plain_minutes: minute.is_plain,
        written,
    };
    if let Some(day) = &given[DAY]
        && !cron.has_dates()
    {
        let year = given[YEAR].as_ref().map(|given| given.text);
        problems.push(&day.place, cron.no_date(day.text, year));
        return None;
    }
    Some(cron)
}

/// The lower bits of a set, which has no others in this field.
fn low<T: TryFrom<u64> + Default>(set: u64) -> T {
    T::try_from(set).unwrap_or_default()
}

impl Cron {
    /// Whether any month of the rule has a day of its field `day`.
    fn has_dates(&self) -> bool {
        let day = &self.days.day;
        self.days.join == Join::Either
            || day.is_every()
            || self.years.iter().any(|year| {
                bits(self.months.into()).any(|month| day.in_month(year, low(month.into())) != 0)
            })
    }

    fn no_date(&self, day: &str, year: Option<&str>) -> ProblemKind {
        let months = |locale, or| {
            let names: Vec<String> =
                bits(self.months.into()).map(|month| month_name(locale, month)).collect();
            names.join(or)
        };
        let (en, zh) = (months(Locale::En, " or "), months(Locale::Zh, "、"));
        let (en_year, zh_year) = match year {
            Some(year) => (format!(" {year}"), format!("{year} 年 ")),
            None => (String::new(), String::new()),
        };
        ProblemKind::Said {
            en: format!("{day} {en}{en_year} never comes; choose a day that the month has"),
            zh: format!("{zh_year}{zh}没有 {day} 日；请选择该月有的日期"),
        }
    }
}
