//! Datasette: a table of events, and a table of days.
//!
//! Source: the JSON API of docs.datasette.io.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::copies;
use crate::amount::{self, Amount};
use crate::event::Row;
use crate::http::{Answer, Request};
use crate::limits::MAX_ROWS;
use crate::time::is_day;

/// One line of the daily report.
struct Total<'r> {
    day: String,
    event: &'r str,
    /// Amounts of two currencies do not add up, so they are two lines.
    currency: Option<&'r str>,
    n: usize,
    /// `None` when the sum has more digits than a decimal holds.
    revenue: Option<Decimal>,
}

/// The day that is asked for, if one is.
pub(super) fn daily_filter(request: &Request) -> Result<Option<String>, Answer> {
    match request.param("day") {
        Some(day) if !is_day(&day) => Err(Answer::json(
            400,
            &json!({"ok": false, "error": "day must be a date such as 2026-11-23", "status": 400, "title": null}),
        )),
        day => Ok(day),
    }
}

pub(super) fn events(rows: &[Row<'_>]) -> Answer {
    table(copies(rows).map(|row| {
        json!({
            "event_id": row.event_id,
            "event": row.name,
            "day": row.occurred_at.to_day(),
            "amount": row.amount.as_ref().map(Amount::as_number),
            "currency": row.currency(),
            "user_id": row.user_id(),
        })
    }))
}

pub(super) fn daily(day: Option<&str>, rows: &[Row<'_>]) -> Answer {
    let mut totals: Vec<Total<'_>> = Vec::new();
    for row in copies(rows) {
        let of_row = row.occurred_at.to_day();
        if day.is_none_or(|day| day == of_row) {
            add(&mut totals, of_row, row);
        }
    }
    totals.sort_by(|a, b| (&a.day, a.event, a.currency).cmp(&(&b.day, b.event, b.currency)));
    table(totals.iter().map(|total| {
        json!({
            "day": total.day,
            "event": total.event,
            "currency": total.currency,
            "n": total.n,
            "revenue": total.revenue.map(amount::number),
        })
    }))
}

fn add<'r>(totals: &mut Vec<Total<'r>>, day: String, row: &'r Row<'_>) {
    let amount = row.amount.as_ref().map_or(Decimal::ZERO, Amount::decimal);
    let (event, currency) = (row.name.as_str(), row.currency());
    match totals
        .iter_mut()
        .find(|total| total.day == day && total.event == event && total.currency == currency)
    {
        Some(total) => {
            total.n += 1;
            total.revenue = total.revenue.and_then(|revenue| revenue.checked_add(amount));
        }
        None => totals.push(Total { day, event, currency, n: 1, revenue: Some(amount) }),
    }
}

fn table(rows: impl Iterator<Item = Value>) -> Answer {
    let mut rows: Vec<Value> = rows.take(MAX_ROWS + 1).collect();
    let truncated = rows.len() > MAX_ROWS;
    rows.truncate(MAX_ROWS);
    Answer::json(200, &json!({"ok": true, "rows": rows, "truncated": truncated}))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PURCHASE, REFUND, get};
    use super::*;

    #[test]
    fn an_event_in_datasettes_shape() {
        assert_eq!(
            get(&[PURCHASE, REFUND], "/report/events.json?event_id=4f1c").text(),
            r#"{"ok":true,"rows":[{"event_id":"4f1c","event":"purchase","day":"2026-11-23","amount":19.90,"currency":"EUR","user_id":"u-7"}],"truncated":false}"#
        );
        assert_eq!(
            get(&[PURCHASE], "/report/events.json?event_id=none").text(),
            r#"{"ok":true,"rows":[],"truncated":false}"#
        );
    }

    #[test]
    fn days_sum_exactly_and_currencies_stay_apart() {
        let dollars = PURCHASE.replace("EUR", "USD");
        let free = r#"{"event_id":"f","event":"purchase","currency":"EUR","occurred_at":"2026-11-23T00:00:00Z"}"#;
        let sent = [PURCHASE, PURCHASE, PURCHASE, REFUND, &dollars, free];
        assert_eq!(
            get(&sent, "/report/daily.json?day=2026-11-23").text(),
            r#"{"ok":true,"rows":[{"day":"2026-11-23","event":"purchase","currency":"EUR","n":4,"revenue":59.70},{"day":"2026-11-23","event":"purchase","currency":"USD","n":1,"revenue":19.90}],"truncated":false}"#
        );
        assert_eq!(
            get(&[PURCHASE, REFUND], "/report/daily.json").text(),
            r#"{"ok":true,"rows":[{"day":"2026-11-22","event":"refund","currency":"EUR","n":1,"revenue":-5.5},{"day":"2026-11-23","event":"purchase","currency":"EUR","n":1,"revenue":19.90}],"truncated":false}"#
        );
    }

    #[test]
    fn a_day_that_is_none_is_400() {
        for day in ["today", "2026-11-31", "2026-1-1", ""] {
            let answer = get(&[], &format!("/report/daily.json?day={day}"));
            assert_eq!(answer.status, 400, "{day}");
            assert!(answer.text().contains(r#""ok":false"#));
        }
    }

    #[test]
    fn more_rows_than_a_table_answers_are_truncated() {
        let sent = vec![PURCHASE; MAX_ROWS + 1];
        let answer: Value =
            serde_json::from_str(&get(&sent, "/report/events.json").text()).unwrap();
        assert_eq!(
            (answer["rows"].as_array().unwrap().len(), &answer["truncated"]),
            (MAX_ROWS, &json!(true))
        );
    }
}
