//! Rules in words.

use crate::json::{Value, json};

use super::{crontab, fields, read_crontab};
use crate::locale::Locale;

#[test]
fn crontab_strings_read_well() {
    let check = |text: &str, en: &str, zh: &str| {
        let cron = crontab(text).unwrap();
        assert_eq!(cron.describe(Locale::En), en, "{text}");
        assert_eq!(cron.describe(Locale::Zh), zh, "{text}");
    };
    check("0 9 * * *", "every day at 09:00", "每天 09:00");
    check("0 9 * * mon-fri", "weekdays at 09:00", "工作日 09:00");
    check("0 9 * * 6,0", "weekends at 09:00", "周末 09:00");
    check("30 9,17 * * 1,5", "Mondays and Fridays at 09:30 and 17:30", "每周一、周五 09:30、17:30");
    check("0 9 * * 1-4", "Mondays to Thursdays at 09:00", "每周一至周四 09:00");
    check("0 9 * * 5-7", "Fridays to Sundays at 09:00", "每周五至周日 09:00");
    check("* * * * *", "every minute", "每分钟");
    check("*/5 * * * *", "every 5 minutes", "每 5 分钟");
    check(
        "*/5 9-17 * * mon-fri",
        "every 5 minutes from 09:00 to 17:59 on weekdays",
        "工作日 09:00 至 17:59 每 5 分钟",
    );
    check("* 9 * * *", "every minute from 09:00 to 09:59", "09:00 至 09:59 每分钟");
    check(
        "*/10 9,12,15 * * *",
        "every 10 minutes in hours 9, 12 and 15",
        "9、12、15 点内每 10 分钟",
    );
    check("30-45 9 * * *", "every minute from 09:30 to 09:45", "09:30 至 09:45 每分钟");
    check("@hourly", "every hour", "每小时");
    check("15 * * * *", "every hour at minute 15", "每小时第 15 分");
    check("0 */2 * * *", "every 2 hours", "每 2 小时");
    check("15 1/2 * * *", "every 2 hours from 01:15", "01:15 起每 2 小时");
    check("0 9-17 * * *", "every hour from 09:00 to 17:00", "09:00 至 17:00 每小时");
    check("30 8-18/2 * * *", "every 2 hours from 08:30 to 18:30", "08:30 至 18:30 每 2 小时");
    check("5,50 * * * *", "at minutes 5 and 50 of every hour", "每小时第 5、50 分");
    check(
        "*/25 9-17 * * *",
        "at minutes 0, 25 and 50 of every hour from 09:00 to 17:59",
        "09:00 至 17:59 每小时第 0、25、50 分",
    );
    check("1-3,7 8,12 * * *", "at minutes 1-3 and 7 of hours 8 and 12", "8、12 点第 1-3、7 分");
    check(
        "0 22-2 * * *",
        "every day at 00:00, 01:00, 02:00, 22:00 and 23:00",
        "每天 00:00、01:00、02:00、22:00、23:00",
    );
    check("@yearly", "at 00:00 on 1 January", "每年 1 月 1 日 00:00");
    check("@monthly", "at 00:00 on the 1st of each month", "每月 1 日 00:00");
    check(
        "0 9 1,15,L * *",
        "at 09:00 on the 1st, 15th and last day of each month",
        "每月 1 日、15 日、最后一天 09:00",
    );
    check(
        "0 9 1-7 1,7 *",
        "at 09:00 on the 1st to 7th of January and July",
        "每年 1 月、7 月的 1-7 日 09:00",
    );
    check("0 9 1 1-6 *", "at 09:00 on the 1st of January to June", "每年 1-6 月的 1 日 09:00");
    check(
        "0 9 */2 * *",
        "at 09:00 on every 2nd day from the 1st of each month",
        "每月 1 日起每 2 天 09:00",
    );
    check("0 9 L-3 * *", "at 09:00 on the 4th-to-last day of each month", "每月倒数第 4 天 09:00");
    check(
        "0 9 15W,LW * *",
        "at 09:00 on the last weekday and weekday nearest the 15th of each month",
        "每月最后一个工作日、离 15 日最近的工作日 09:00",
    );
    check("30 2 * * friL", "at 02:30 on the last Friday of each month", "每月最后一个周五 02:30");
    check("30 2 * 3 1#2", "at 02:30 on the 2nd Monday of March", "每年 3 月第 2 个周一 02:30");
    check("0 9 * 1 *", "every day at 09:00 in January", "1 月每天 09:00");
    check("0 9 * 1 1-5", "weekdays at 09:00 in January", "1 月的工作日 09:00");
    check(
        "0 9 13 * 5",
        "at 09:00 on the 13th of each month when that is a Friday",
        "每月 13 日（须为周五）09:00",
    );
    check("*/5 * * 1 *", "every 5 minutes in January", "1 月每 5 分钟");
    check(
        "0 9 * * mon,fri#1",
        "at 09:00 on each day that is a Monday or the 1st Friday of the month",
        "凡周一或每月第 1 个周五 09:00",
    );
}

#[test]
fn either_of_two_days_is_said_so() {
    let check = |text: &str, en: &str, zh: &str| {
        let cron = read_crontab(text, true).unwrap();
        assert_eq!(cron.describe(Locale::En), en, "{text}");
        assert_eq!(cron.describe(Locale::Zh), zh, "{text}");
    };
    check(
        "0 9 13 * 5",
        "at 09:00 on each day that is the 13th of the month or a Friday",
        "凡每月 13 日或周五 09:00",
    );
    check(
        "0 9 1,15 6 1-5",
        "at 09:00 on each day that is the 1st or 15th of the month or a weekday in June",
        "6 月内凡每月 1 日或每月 15 日或工作日 09:00",
    );
    check("0 9 * * 5", "Fridays at 09:00", "每周五 09:00");
}

#[test]
fn fields_read_well() {
    let check = |value: Value, en: &str, zh: &str| {
        let cron = fields(&value).unwrap();
        assert_eq!(cron.describe(Locale::En), en, "{value}");
        assert_eq!(cron.describe(Locale::Zh), zh, "{value}");
    };
    check(json!({}), "every second", "每秒");
    check(json!({"second": "*/10"}), "every 10 seconds", "每 10 秒");
    check(json!({"second": 30}), "at second 30 of every minute", "每分钟第 30 秒");
    check(
        json!({"hour": "9-17", "second": "*/10"}),
        "every 10 seconds from 09:00:00 to 17:59:59",
        "09:00:00 至 17:59:59 每 10 秒",
    );
    check(
        json!({"hour": "9-17", "minute": "*", "second": "5,10"}),
        "at seconds 5 and 10 of every minute from 09:00:00 to 17:59:59",
        "09:00:00 至 17:59:59 每分钟第 5、10 秒",
    );
    check(
        json!({"minute": 5, "second": "*"}),
        "every second of minute 5 of every hour",
        "每小时第 5 分每秒",
    );
    check(json!({"hour": 9, "second": 30, "minute": 0}), "every day at 09:00:30", "每天 09:00:30");
    check(
        json!({"hour": 9, "minute": 0, "second": "0,30"}),
        "every day at 09:00:00 and 09:00:30",
        "每天 09:00:00、09:00:30",
    );
    check(
        json!({"minute": 15, "second": 30}),
        "every hour at minute 15 and second 30",
        "每小时第 15 分第 30 秒",
    );
    check(json!({"week": "1-5"}), "every day at 00:00 in ISO weeks 1-5", "ISO 第 1-5 周每天 00:00");
    check(
        json!({"year": 2026, "week": 5, "day_of_week": "mon"}),
        "Mondays at 00:00 in ISO week 5 in 2026",
        "2026 年 ISO 第 5 周每周一 00:00",
    );
    check(
        json!({"year": 2026, "month": 12, "day": 25}),
        "at 00:00 on 25 December 2026",
        "2026 年 12 月 25 日 00:00",
    );
    check(
        json!({"year": "2026-2028", "day": "last"}),
        "at 00:00 on the last day of each month of 2026-2028",
        "2026-2028 年每月最后一天 00:00",
    );
    check(
        json!({"year": "*/2", "month": 1, "day": 1}),
        "at 00:00 on 1 January of every 2nd year from 1970",
        "1970 年起每 2 年 1 月 1 日 00:00",
    );
    check(
        json!({"year": "2000-2040/10", "hour": 0}),
        "every day at 00:00 in every 10th year from 2000 to 2040",
        "2000 年起至 2040 年每 10 年每天 00:00",
    );
    check(
        json!({"day": "13", "day_of_week": "tue-thu"}),
        "at 00:00 on the 13th of each month when that is a Tuesday, a Wednesday or a Thursday",
        "每月 13 日（须为周二或周三或周四）00:00",
    );
}
