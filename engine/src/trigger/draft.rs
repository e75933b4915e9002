//! A trigger as a form shows and changes it: key by key, in the JSON form. What a form does not show is kept.
//! Nothing is judged here: [`Trigger::parse`](super::Trigger::parse) does.

use super::WEEKDAYS;
use crate::json::layout::on_a_line;
use crate::json::{Map, Value, parse, text};

/// The forms that there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Every so often.
    Every,
    /// At times of the day, on some weekdays: a cron trigger, in few words.
    Times,
    /// By the fields of cron.
    Cron,
    /// By a crontab line.
    Crontab,
    /// Every so many days, weeks, months or years, at a time of the day.
    Calendar,
    /// Once.
    Date,
    /// Made of other triggers, which a form can't show.
    Combined,
}

impl Shape {
    /// All that a form can show.
    pub const FORMS: [Self; 6] =
        [Self::Every, Self::Times, Self::Cron, Self::Crontab, Self::Calendar, Self::Date];

    /// The word at `type`; none for what is combined, which has several.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Every => Some("interval"),
            Self::Times | Self::Cron => Some("cron"),
            Self::Crontab => Some("crontab"),
            Self::Calendar => Some("calendarinterval"),
            Self::Date => Some("date"),
            Self::Combined => None,
        }
    }

    /// The keys that it begins with.
    fn first(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Every => &[("minutes", "15")],
            Self::Times => &[("day_of_week", "mon-fri"), ("hour", "9"), ("minute", "0")],
            Self::Cron => &[("hour", "9"), ("minute", "0")],
            Self::Crontab => &[("expression", "0 9 * * mon-fri")],
            Self::Calendar => &[("months", "1"), ("hour", "9")],
            Self::Date | Self::Combined => &[],
        }
    }
}

/// A trigger under edit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TriggerDraft(Map);

/// Keys whose values may be numbers.
const NUMBERS: [&str; 13] = [
    "weeks", "days", "hours", "minutes", "seconds", "years", "months", "year", "month", "day",
    "hour", "minute", "second",
];
/// Keys that any trigger may have, which another shape keeps.
const KEPT: [&str; 6] = ["timezone", "start_date", "end_date", "jitter", "gap", "fold"];

impl TriggerDraft {
    /// Reads a trigger's JSON text; nothing when it is no object.
    pub fn read(trigger: &str) -> Option<Self> {
        parse(trigger).ok()?.as_object().cloned().map(Self)
    }

    /// A new one.
    pub fn new(shape: Shape) -> Self {
        let mut draft = Self(Map::default());
        draft.turn(shape);
        draft
    }

    /// Its JSON text, on one line.
    pub fn text(&self) -> String {
        on_a_line(&Value::Object(self.0.clone()))
    }

    /// The form that shows all of it.
    pub fn shape(&self) -> Shape {
        match self.value("type").as_str() {
            "interval" => Shape::Every,
            "cron" if self.times().is_some() && self.weekdays().is_some() && self.is_plain() => {
                Shape::Times
            }
            "cron" => Shape::Cron,
            "crontab" => Shape::Crontab,
            "calendarinterval" => Shape::Calendar,
            "date" => Shape::Date,
            _ => Shape::Combined,
        }
    }

    /// The value at a key as one writes it; empty when there is none.
    pub fn value(&self, key: &str) -> String {
        match self.0.get(key) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(value)) => value.clone(),
            Some(other) => text(other),
        }
    }

    /// Puts a value at a key; an empty one takes the key away.
    pub fn set(&mut self, key: &str, value: &str) {
        let value = value.trim();
        let number = |value: &str| parse(value).ok().filter(Value::is_number);
        if value.is_empty() {
            self.0.remove(key);
        } else {
            let as_number = NUMBERS.contains(&key) || key == "jitter";
            let found = number(value).filter(|_| as_number);
            let value = found.unwrap_or_else(|| Value::String(value.to_owned()));
            self.0.insert(key.to_owned(), value);
        }
    }

    /// Makes it one of another shape, which keeps what every trigger may have, and what both have.
    pub fn turn(&mut self, shape: Shape) {
        let Some(word) = shape.word() else { return };
        let same = self.value("type") == word;
        let before = std::mem::take(&mut self.0);
        self.0.insert("type".to_owned(), Value::String(word.to_owned()));
        for (key, value) in before.iter().filter(|(key, _)| key != "type") {
            let carried = KEPT.contains(&key.as_str()) || key.starts_with("x-");
            if carried || same {
                self.0.insert(key.clone(), value.clone());
            }
        }
        if !same || shape == Shape::Times && self.shape() != Shape::Times {
            if same {
                // The fields that these few words can't say go.
                for key in
                    ["year", "month", "day", "week", "day_of_week", "hour", "minute", "second"]
                {
                    self.0.remove(key);
                }
            }
            for (key, value) in shape.first() {
                self.set(key, value);
            }
        }
    }

    /// Whether it has none of cron's other fields.
    fn is_plain(&self) -> bool {
        ["year", "month", "day", "week"].iter().all(|key| self.value(key).is_empty())
            && matches!(self.value("second").as_str(), "" | "0")
    }

    /// The times of the day, `09:30`; nothing when `hour` and `minute` say more than that.
    pub fn times(&self) -> Option<Vec<String>> {
        let minute: u32 = match self.value("minute").as_str() {
            // Left out after an hour, it is 0.
            "" => 0,
            minute => minute.parse().ok()?,
        };
        let hours = self.value("hour");
        let time =
            |hour: &str| Some(format!("{:02}:{minute:02}", hour.trim().parse::<u32>().ok()?));
        hours.split(',').map(time).collect()
    }

    /// Puts the times of the day, written `09:30, 13:30`.
    ///
    /// # Errors
    /// [`TimesError`] when they are none, or have several minutes.
    pub fn set_times(&mut self, times: &str) -> Result<(), TimesError> {
        let mut hours: Vec<u32> = Vec::new();
        let mut minutes: Option<u32> = None;
        for time in
            times.split([',', '，', ' ', '、']).map(str::trim).filter(|time| !time.is_empty())
        {
            let (hour, minute) = time.split_once([':', '：']).ok_or(TimesError::NoTime)?;
            let part = |text: &str, limit: u32| text.parse().ok().filter(|part| *part < limit);
            let hour = part(hour, 24).ok_or(TimesError::NoTime)?;
            let minute = part(minute, 60).ok_or(TimesError::NoTime)?;
            if minutes.replace(minute).is_some_and(|known| known != minute) {
                return Err(TimesError::SeveralMinutes);
            }
            hours.push(hour);
        }
        let minute = minutes.ok_or(TimesError::NoTime)?;
        hours.sort_unstable();
        hours.dedup();
        let hours: Vec<String> = hours.iter().map(u32::to_string).collect();
        self.set("hour", &hours.join(","));
        self.set("minute", &minute.to_string());
        Ok(())
    }

    /// Which weekdays it is for, Monday first; nothing when `day_of_week` says more than that.
    pub fn weekdays(&self) -> Option<[bool; 7]> {
        let days = self.value("day_of_week").to_ascii_lowercase();
        let mut chosen = [false; 7];
        if matches!(days.as_str(), "" | "*") {
            return Some([true; 7]);
        }
        let place = |day: &str| WEEKDAYS.iter().position(|known| *known == day.trim());
        for part in days.split(',') {
            let (first, last) = match part.split_once('-') {
                Some((first, last)) => (place(first)?, place(last)?),
                None => (place(part)?, place(part)?),
            };
            for (at, day) in chosen.iter_mut().enumerate() {
                let around = first > last && (at >= first || at <= last);
                *day |= around || (first..=last).contains(&at);
            }
        }
        Some(chosen)
    }

    /// Puts the weekdays; all of them, or none, is every day.
    pub fn set_weekdays(&mut self, chosen: [bool; 7]) {
        let count = chosen.iter().filter(|day| **day).count();
        let mut parts: Vec<String> = Vec::new();
        let mut at = 0;
        while at < 7 && count < 7 {
            let run = chosen[at..].iter().take_while(|day| **day).count();
            match run {
                0 => {}
                1 | 2 => parts.extend(WEEKDAYS[at..at + run].iter().map(|day| (*day).to_owned())),
                _ => parts.push(format!("{}-{}", WEEKDAYS[at], WEEKDAYS[at + run - 1])),
            }
            at += run.max(1);
        }
        self.set("day_of_week", &parts.join(","));
    }
}

/// Why times of the day are not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimesError {
    /// A part is no time such as `09:30`, or there is none.
    NoTime,
    /// One trigger has one minute for all of its hours.
    SeveralMinutes,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(trigger: &str) -> TriggerDraft {
        TriggerDraft::read(trigger).unwrap()
    }

    #[test]
    fn each_trigger_has_the_form_that_shows_all_of_it() {
        let check = |trigger: &str, shape| assert_eq!(read(trigger).shape(), shape, "{trigger}");
        check(r#"{"type":"interval","seconds":58}"#, Shape::Every);
        check(r#"{"type":"cron","hour":9,"day_of_week":"mon-fri"}"#, Shape::Times);
        check(r#"{"type":"cron","hour":"9,13","minute":30}"#, Shape::Times);
        check(r#"{"type":"cron","hour":"*/2"}"#, Shape::Cron);
        check(r#"{"type":"cron","minute":"*/10"}"#, Shape::Cron);
        check(r#"{"type":"cron","hour":9,"day":"last"}"#, Shape::Cron);
        check(r#"{"type":"cron","hour":9,"day_of_week":"1-5"}"#, Shape::Cron);
        check(r#"{"type":"crontab","expression":"* * * * *"}"#, Shape::Crontab);
        check(r#"{"type":"calendarinterval","months":1}"#, Shape::Calendar);
        check(r#"{"type":"date","run_date":"2026-11-24"}"#, Shape::Date);
        check(r#"{"type":"or","triggers":[]}"#, Shape::Combined);
        check("{}", Shape::Combined);
        assert_eq!(TriggerDraft::read("[]"), None);
        // A new one by cron's fields says nothing yet that fewer words can't say.
        for shape in Shape::FORMS.into_iter().filter(|shape| *shape != Shape::Cron) {
            assert_eq!(TriggerDraft::new(shape).shape(), shape);
        }
    }

    #[test]
    fn a_change_keeps_what_a_form_does_not_show() {
        let mut draft =
            read(r#"{"type":"cron","hour":9,"x-team":"qa","jitter":5,"timezone":"Asia/Shanghai"}"#);
        draft.set("hour", " 10 ");
        draft.set("minute", "*/5");
        draft.set("jitter", "");
        assert_eq!(
            draft.text(),
            r#"{ "type": "cron", "hour": 10, "x-team": "qa", "timezone": "Asia/Shanghai", "minute": "*/5" }"#
        );
        draft.turn(Shape::Every);
        assert_eq!(
            draft.text(),
            r#"{ "type": "interval", "x-team": "qa", "timezone": "Asia/Shanghai", "minutes": 15 }"#
        );
        let mut cron = read(r#"{"type":"cron","day":"last","hour":9}"#);
        cron.turn(Shape::Cron);
        assert_eq!(cron.text(), r#"{ "type": "cron", "day": "last", "hour": 9 }"#);
        cron.turn(Shape::Times);
        assert_eq!(
            cron.text(),
            r#"{ "type": "cron", "day_of_week": "mon-fri", "hour": 9, "minute": 0 }"#
        );
    }

    #[test]
    fn times_share_their_minute() {
        let mut draft = TriggerDraft::new(Shape::Times);
        draft.set_times("13:30，9:30, 9:30").unwrap();
        assert_eq!((draft.value("hour").as_str(), draft.value("minute").as_str()), ("9,13", "30"));
        assert_eq!(draft.times().unwrap(), ["09:30", "13:30"]);
        assert_eq!(draft.set_times("9:30, 10:45"), Err(TimesError::SeveralMinutes));
        for wrong in ["", "9", "24:00", "9:60", "nine:30"] {
            assert_eq!(draft.set_times(wrong), Err(TimesError::NoTime), "{wrong}");
        }
        assert_eq!(draft.times().unwrap(), ["09:30", "13:30"], "what is wrong changes nothing");
    }

    #[test]
    fn weekdays_read_back() {
        let check = |chosen: [u8; 7], want: &str| {
            let mut draft = TriggerDraft::new(Shape::Times);
            let chosen = chosen.map(|day| day == 1);
            draft.set_weekdays(chosen);
            assert_eq!(draft.value("day_of_week"), want);
            assert_eq!(draft.weekdays(), Some(chosen), "{want}");
        };
        check([1, 1, 1, 1, 1, 0, 0], "mon-fri");
        check([1, 0, 1, 0, 0, 1, 1], "mon,wed,sat,sun");
        check([1, 1, 1, 1, 1, 1, 1], "");
        let around = read(r#"{"type":"cron","hour":1,"day_of_week":"fri-mon"}"#);
        assert_eq!(around.weekdays(), Some([true, false, false, false, true, true, true]));
    }
}
