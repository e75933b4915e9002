//! ClickHouse over HTTP: a `SELECT` in the query or in the body, answered in its `JSON` format.
//!
//! Source: the HTTP interface and the formats of the ClickHouse reference. Every error is answered 400 here.

use serde_json::{Map, Value, json};

use super::copies;
use super::sql::{Column, Direction, Format, Select, SqlError, What};
use crate::amount::Amount;
use crate::event::Row;
use crate::http::{Answer, Request};

/// Reads the query; one that is split over the URL and the body is joined, as ClickHouse does.
pub(super) fn read(request: &Request) -> Result<Select, Answer> {
    let mut query = request.param("query").unwrap_or_default();
    query.push('\n');
    query.push_str(&String::from_utf8_lossy(request.body_bytes()));
    let default_format = request
        .param("default_format")
        .map_or(Ok(Format::default()), |name| Format::from_name(&name));
    default_format
        .and_then(|format| Select::parse(&query, format))
        .map_err(|error| exception(&error))
}

/// The answer in the format that the query asks for.
pub(super) fn answer(select: &Select, rows: &[Row<'_>]) -> Answer {
    let found = found(select, rows);
    let lines: Vec<Vec<Value>> = if select.counts() {
        vec![vec![json!(found.len())]]
    } else {
        found.iter().take(select.limit.unwrap_or(usize::MAX)).map(|row| line(select, row)).collect()
    };
    match select.format {
        Format::Json => json_answer(select, &lines, found.len()),
        Format::TabSeparated => {
            let text: String = lines.iter().map(|line| tab_separated(line)).collect();
            Answer::new(200, "text/tab-separated-values; charset=UTF-8", text)
        }
    }
}

fn found<'r, 'e>(select: &Select, rows: &'r [Row<'e>]) -> Vec<&'r Row<'e>> {
    let holds = |row: &Row<'_>, column: Column, text: &str| match column {
        Column::EventId => row.is_called(text),
        Column::Event | Column::Amount | Column::Currency | Column::UserId | Column::Ts => {
            cell(column, row).as_deref() == Some(text)
        }
    };
    let mut found: Vec<_> = copies(rows)
        .filter(|row| select.conditions.iter().all(|(column, text)| holds(row, *column, text)))
        .collect();
    match select.order {
        None => {}
        Some((column, direction)) => found.sort_by(|a, b| {
            let order = match column {
                Column::Amount => a
                    .amount
                    .as_ref()
                    .map(Amount::decimal)
                    .cmp(&b.amount.as_ref().map(Amount::decimal)),
                _ => cell(column, a).cmp(&cell(column, b)),
            };
            match direction {
                Direction::Ascending => order,
                Direction::Descending => order.reverse(),
            }
        }),
    }
    found
}

fn line(select: &Select, row: &Row<'_>) -> Vec<Value> {
    let columns = select.items.iter().filter_map(|item| match item.what {
        What::Column(column) => Some(column),
        What::Count => None,
    });
    columns.map(|column| cell(column, row).map_or(Value::Null, Value::String)).collect()
}

fn cell(column: Column, row: &Row<'_>) -> Option<String> {
    match column {
        Column::EventId => Some(row.event_id.clone()),
        Column::Event => Some(row.name.clone()),
        Column::Amount => row.amount.as_ref().map(|amount| amount.text().to_owned()),
        Column::Currency => row.currency().map(str::to_owned),
        Column::UserId => row.user_id().map(str::to_owned),
        Column::Ts => Some(row.occurred_at.to_table_text()),
    }
}

const fn type_of(what: What) -> &'static str {
    match what {
        What::Count => "UInt64",
        What::Column(Column::EventId | Column::Event) => "String",
        What::Column(Column::Amount | Column::Currency | Column::UserId) => "Nullable(String)",
        What::Column(Column::Ts) => "DateTime",
    }
}

fn json_answer(select: &Select, lines: &[Vec<Value>], found: usize) -> Answer {
    let meta: Vec<Value> = select
        .items
        .iter()
        .map(|item| json!({"name": item.name, "type": type_of(item.what)}))
        .collect();
    let data: Vec<Value> = lines
        .iter()
        .map(|line| {
            let names = select.items.iter().map(|item| item.name.clone());
            Value::Object(names.zip(line.iter().cloned()).collect::<Map<_, _>>())
        })
        .collect();
    let mut answer = json!({"meta": meta, "data": data, "rows": lines.len()});
    if let Some(fields) = answer.as_object_mut() {
        if select.limit.is_some() {
            fields.insert("rows_before_limit_at_least".to_owned(), json!(found));
        }
        let statistics = json!({"elapsed": 0.002, "rows_read": found, "bytes_read": found * 64});
        fields.insert("statistics".to_owned(), statistics);
    }
    Answer::json(200, &answer)
}

fn tab_separated(line: &[Value]) -> String {
    let cells = line.iter().map(|value| match value {
        Value::Null => "\\N".to_owned(),
        Value::String(text) => text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n"),
        other => other.to_string(),
    });
    cells.collect::<Vec<_>>().join("\t") + "\n"
}

fn exception(error: &SqlError) -> Answer {
    let text = format!("Code: {}. DB::Exception: {error}\n", error.code());
    Answer::new(400, "text/plain; charset=UTF-8", text)
        .with_header("x-clickhouse-exception-code", error.code().to_string())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PURCHASE, REFUND, ask, get};
    use super::*;
    use crate::http::Method;

    fn target(query: &str) -> String {
        let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        format!("/clickhouse?query={query}")
    }

    #[test]
    fn a_row_in_clickhouses_shape() {
        let query =
            "SELECT event_id, event, amount, ts FROM events WHERE event_id = '4f1c' FORMAT JSON";
        let want = r#"{"meta":[{"name":"event_id","type":"String"},{"name":"event","type":"String"},{"name":"amount","type":"Nullable(String)"},{"name":"ts","type":"DateTime"}],"data":[{"event_id":"4f1c","event":"purchase","amount":"19.90","ts":"2026-11-23 12:00:00"}],"rows":1,"statistics":{"elapsed":0.002,"rows_read":1,"bytes_read":64}}"#;
        assert_eq!(get(&[PURCHASE, REFUND], &target(query)).text(), want);
        let post = Request::new(Method::Post, "/clickhouse").with_body(query);
        assert_eq!(ask(&[PURCHASE, REFUND], &post).text(), want);
    }

    #[test]
    fn answers_as_tabs() {
        let check = |query: &str, want: &str| {
            assert_eq!(get(&[PURCHASE, REFUND, REFUND], &target(query)).text(), want, "{query}");
        };
        check("SELECT count() FROM events", "3\n");
        check("SELECT count() FROM events WHERE event_id = '9a0b' LIMIT 1", "2\n");
        check(
            "SELECT event, user_id FROM events ORDER BY event LIMIT 2",
            "purchase\tu-7\nrefund\t\\N\n",
        );
        check("SELECT amount FROM events ORDER BY amount DESC LIMIT 1", "19.90\n");
        check(
            "SELECT ts FROM events WHERE event = 'purchase' AND currency = 'EUR'",
            "2026-11-23 12:00:00\n",
        );
        check("SELECT ts FROM events WHERE event = 'purchase' AND currency = 'USD'", "");
    }

    #[test]
    fn counts_as_json() {
        let answer = get(
            &[PURCHASE],
            &format!("{}&default_format=JSON", target("SELECT count() AS n FROM events")),
        );
        let want = r#"{"meta":[{"name":"n","type":"UInt64"}],"data":[{"n":1}],"rows":1,"statistics":{"elapsed":0.002,"rows_read":1,"bytes_read":64}}"#;
        assert_eq!(answer.text(), want);
    }

    #[test]
    fn an_error_in_clickhouses_shape() {
        let answer = get(&[], &target("SELECT 'x"));
        assert_eq!(answer.status, 400);
        assert!(
            answer.text().starts_with("Code: 62. DB::Exception: Syntax error"),
            "{}",
            answer.text()
        );
        assert_eq!(answer.header("x-clickhouse-exception-code"), Some("62"));
        assert_eq!(get(&[], "/clickhouse").status, 400);
        assert_eq!(get(&[], &format!("{}&default_format=Arrow", target("SELECT 1"))).status, 400);
    }
}
