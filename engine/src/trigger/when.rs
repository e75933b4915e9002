//! Reads the calendars of what `except` leaves out.

use super::cron::Cron;
use super::date::{Written, read_month_day};
use super::except::Excluded;
use crate::document::{Object, Place, ProblemKind, Problems};
use crate::sorted::insert_sorted;

/// How many calendars one trigger may have.
const MOST_CALENDARS: usize = 64;
/// How many days one calendar may list.
const MOST_DAYS: usize = 2000;

/// The kinds of calendars that `except` leaves out.
pub const KEYS: [&str; 4] = ["dates", "weekly", "annual", "cron"];
/// The days of the week, in its order.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The list at `when`.
pub(super) fn read(list: &Place, problems: &mut Problems) -> Option<Vec<Excluded>> {
    let places = list.items(problems, MOST_CALENDARS)?;
    if places.is_empty() {
        problems.push(list, ProblemKind::Empty);
        return None;
    }
    let mut all = Vec::new();
    for place in &places {
        all.extend(calendar(place, problems));
    }
    (all.len() == places.len()).then_some(all)
}

fn calendar(place: &Place, problems: &mut Problems) -> Option<Excluded> {
    let object = place.object(problems, &KEYS, &[])?;
    let mut found = KEYS.iter().filter(|key| object.find(key).is_some());
    let Some(&key) = found.next() else {
        let kind = ProblemKind::Said {
            en: format!("names no days; use one of {}", KEYS.join(", ")),
            zh: format!("没有写明哪些日子；可用：{}", KEYS.join("、")),
        };
        problems.push(place, kind);
        return None;
    };
    for other in found {
        object.refuse(problems, other, key);
    }
    one_of(&object, key, problems)
}

fn one_of(object: &Object, key: &str, problems: &mut Problems) -> Option<Excluded> {
    let place = object.need(problems, key)?;
    match key {
        "cron" => {
            let fields = place.object(problems, &Cron::FIELDS, &[])?;
            let cron = Cron::range_from_fields(&fields, problems)?;
            Some(Excluded::Cron(Box::new(cron)))
        }
        "weekly" => weekly(&place, problems),
        "dates" => days(&place, problems, Written::read_day).map(Excluded::Dates),
        _annual => days(&place, problems, read_month_day).map(Excluded::Annual),
    }
}

/// A list of days, sorted.
fn days<T: Ord>(
    place: &Place,
    problems: &mut Problems,
    read: fn(&Place, &mut Problems) -> Option<T>,
) -> Option<Vec<T>> {
    let places = place.items(problems, MOST_DAYS)?;
    let (mut days, mut all_read) = (Vec::new(), true);
    for place in &places {
        match read(place, problems) {
            Some(day) => insert_sorted(&mut days, day),
            None => all_read = false,
        }
    }
    all_read.then_some(days)
}

fn weekly(place: &Place, problems: &mut Problems) -> Option<Excluded> {
    let mut weekdays = [false; 7];
    for place in place.items(problems, WEEKDAYS.len())? {
        let name = place.text(problems)?;
        match WEEKDAYS.iter().position(|known| known.eq_ignore_ascii_case(name)) {
            Some(index) => weekdays[index] = true,
            None => place.unknown_word(problems, name, &WEEKDAYS),
        }
    }
    if weekdays == [true; 7] {
        let kind = ProblemKind::Said {
            en: "leaves out every day of the week, so that nothing is left; remove one".into(),
            zh: "排除了一周的每一天，什么也不剩；请删除其一".into(),
        };
        problems.push(place, kind);
        return None;
    }
    Some(Excluded::Weekly(weekdays))
}
