//! The little SQL that the warehouse reads. Parses; `warehouse` answers.
//!
//! `SELECT * | column [AS name], ... | count() FROM table [WHERE column = 'text' [AND ...]] [ORDER BY column [DESC]]
//! [LIMIT n] [FORMAT JSON | TabSeparated]`. Any table's name is taken: there is one table.

use std::iter::Peekable;
use std::str::Chars;

use thiserror::Error;

use crate::limits::MAX_QUERY_TOKENS;

/// A query that is understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Select {
    pub(super) items: Vec<Item>,
    /// All of them must hold.
    pub(super) conditions: Vec<(Column, String)>,
    pub(super) order: Option<(Column, Direction)>,
    pub(super) limit: Option<usize>,
    pub(super) format: Format,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) what: What,
    /// The name of the column in the answer.
    pub(super) name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Column(Column),
    Count,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    EventId,
    Event,
    Amount,
    Currency,
    UserId,
    Ts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    Json,
    /// What ClickHouse answers in when the query does not say.
    #[default]
    TabSeparated,
}

/// Why a query is not understood.
#[derive(Debug, PartialEq, Eq, Error)]
pub(super) enum SqlError {
    #[error(
        "Syntax error: failed at position {position} (`{found}`): expected {expected}. (SYNTAX_ERROR)"
    )]
    Syntax { position: usize, found: String, expected: &'static str },
    #[error("Syntax error: a text is not closed. (SYNTAX_ERROR)")]
    Unclosed,
    #[error("Query has more than {MAX_QUERY_TOKENS} tokens. (SYNTAX_ERROR)")]
    TooLong,
    #[error("Unknown expression identifier `{0}`; there are {names}. (UNKNOWN_IDENTIFIER)", names = Column::ALL.map(Column::name).join(", "))]
    UnknownColumn(String),
    #[error("Unknown format {0}; JSON and TabSeparated are understood here. (UNKNOWN_FORMAT)")]
    UnknownFormat(String),
    #[error(
        "count() does not go with a column, as GROUP BY is not understood here. (NOT_AN_AGGREGATE)"
    )]
    MixedCount,
}

impl SqlError {
    /// ClickHouse's number of this error.
    pub(super) const fn code(&self) -> u32 {
        match self {
            Self::Syntax { .. } | Self::Unclosed | Self::TooLong => 62,
            Self::UnknownColumn(_) => 47,
            Self::UnknownFormat(_) => 73,
            Self::MixedCount => 215,
        }
    }
}

impl Column {
    pub(super) const ALL: [Self; 6] =
        [Self::EventId, Self::Event, Self::Amount, Self::Currency, Self::UserId, Self::Ts];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::EventId => "event_id",
            Self::Event => "event",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::UserId => "user_id",
            Self::Ts => "ts",
        }
    }

    fn from_name(name: &str) -> Result<Self, SqlError> {
        Self::ALL
            .into_iter()
            .find(|column| column.name() == name)
            .ok_or_else(|| SqlError::UnknownColumn(name.to_owned()))
    }
}

impl Format {
    pub(super) fn from_name(name: &str) -> Result<Self, SqlError> {
        match name {
            "JSON" => Ok(Self::Json),
            "TabSeparated" | "TSV" => Ok(Self::TabSeparated),
            _ => Err(SqlError::UnknownFormat(name.to_owned())),
        }
    }
}

impl Select {
    /// Reads a query; `format` is what it is answered in when it does not say.
    pub(super) fn parse(query: &str, format: Format) -> Result<Self, SqlError> {
        let mut parser = Parser { tokens: tokens(query)?, next: 0 };
        let mut select = parser.select_from(format)?;
        if parser.keyword("WHERE") {
            select.conditions.push(parser.condition()?);
            while parser.keyword("AND") {
                select.conditions.push(parser.condition()?);
            }
        }
        if parser.keyword("ORDER") {
            parser.expect_keyword("BY")?;
            select.order = Some(parser.order()?);
        }
        if parser.keyword("LIMIT") {
            let limit = parser.word("a number of rows")?;
            select.limit =
                Some(limit.parse().map_err(|_| parser.error_before("a number of rows"))?);
        }
        if parser.keyword("FORMAT") {
            select.format = Format::from_name(&parser.word("the name of a format")?)?;
        }
        parser.symbol(';');
        parser.end(select)
    }

    /// The id that a condition asks for.
    pub(super) fn event_id(&self) -> Option<&str> {
        self.conditions
            .iter()
            .find(|(column, _)| *column == Column::EventId)
            .map(|(_, id)| id.as_str())
    }

    /// Whether the query counts rows instead of listing them.
    pub(super) fn counts(&self) -> bool {
        self.items.iter().any(|item| item.what == What::Count)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A name, a keyword or a number.
    Word(String),
    Text(String),
    Symbol(char),
}

fn tokens(query: &str) -> Result<Vec<Token>, SqlError> {
    let mut tokens = Vec::new();
    let mut rest = query.chars().peekable();
    while let Some(first) = rest.next() {
        let token = match first {
            blank if blank.is_whitespace() => continue,
            '\'' => Token::Text(quoted(&mut rest, '\'')?),
            '`' => Token::Word(quoted(&mut rest, '`')?),
            '"' => Token::Word(quoted(&mut rest, '"')?),
            letter if is_word(letter) => {
                let mut word = String::from(letter);
                while let Some(letter) = rest.next_if(|letter| is_word(*letter)) {
                    word.push(letter);
                }
                Token::Word(word)
            }
            symbol => Token::Symbol(symbol),
        };
        if tokens.len() == MAX_QUERY_TOKENS {
            return Err(SqlError::TooLong);
        }
        tokens.push(token);
    }
    Ok(tokens)
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// The rest of a quoted text: a quote inside is doubled, or comes after a backslash.
fn quoted(rest: &mut Peekable<Chars<'_>>, quote: char) -> Result<String, SqlError> {
    let mut text = String::new();
    loop {
        match rest.next().ok_or(SqlError::Unclosed)? {
            '\\' => text.push(rest.next().ok_or(SqlError::Unclosed)?),
            end if end == quote => {
                if rest.next_if_eq(&quote).is_none() {
                    return Ok(text);
                }
                text.push(quote);
            }
            letter => text.push(letter),
        }
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
}

impl Parser {
    fn select_from(&mut self, format: Format) -> Result<Select, SqlError> {
        self.expect_keyword("SELECT")?;
        let mut items = self.items()?;
        while self.symbol(',') {
            items.extend(self.items()?);
        }
        if items.len() > 1 && items.iter().any(|item| item.what == What::Count) {
            return Err(SqlError::MixedCount);
        }
        self.expect_keyword("FROM")?;
        self.word("the name of a table")?;
        if self.symbol('.') {
            self.word("the name of a table")?;
        }
        Ok(Select { items, conditions: Vec::new(), order: None, limit: None, format })
    }

    fn items(&mut self) -> Result<Vec<Item>, SqlError> {
        if self.symbol('*') {
            let all = Column::ALL
                .map(|column| Item { what: What::Column(column), name: column.name().to_owned() });
            return Ok(all.into());
        }
        let word = self.word("a column, count() or *")?;
        let (what, name) = if self.symbol('(') {
            self.symbol('*');
            if !word.eq_ignore_ascii_case("count") || !self.symbol(')') {
                return Err(self.error_before("count()"));
            }
            (What::Count, "count()".to_owned())
        } else {
            (What::Column(Column::from_name(&word)?), word)
        };
        let name = if self.keyword("AS") { self.word("a name")? } else { name };
        Ok(vec![Item { what, name }])
    }

    fn condition(&mut self) -> Result<(Column, String), SqlError> {
        let column = Column::from_name(&self.word("a column")?)?;
        if !self.symbol('=') {
            return Err(self.error("="));
        }
        match self.tokens.get(self.next).cloned() {
            Some(Token::Text(text)) => {
                self.next += 1;
                Ok((column, text))
            }
            Some(Token::Word(_) | Token::Symbol(_)) | None => {
                Err(self.error("a text in single quotes"))
            }
        }
    }

    fn order(&mut self) -> Result<(Column, Direction), SqlError> {
        let column = Column::from_name(&self.word("a column")?)?;
        if self.keyword("DESC") {
            return Ok((column, Direction::Descending));
        }
        self.keyword("ASC");
        Ok((column, Direction::Ascending))
    }

    fn end(&self, select: Select) -> Result<Select, SqlError> {
        if self.next == self.tokens.len() {
            Ok(select)
        } else {
            Err(self.error("the end of the query"))
        }
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.next += usize::from(found);
        found
    }

    fn expect_keyword(&mut self, keyword: &'static str) -> Result<(), SqlError> {
        if self.keyword(keyword) { Ok(()) } else { Err(self.error(keyword)) }
    }

    fn symbol(&mut self, symbol: char) -> bool {
        let found = self.tokens.get(self.next) == Some(&Token::Symbol(symbol));
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, expected: &'static str) -> Result<String, SqlError> {
        match self.tokens.get(self.next).cloned() {
            Some(Token::Word(word)) => {
                self.next += 1;
                Ok(word)
            }
            Some(Token::Text(_) | Token::Symbol(_)) | None => Err(self.error(expected)),
        }
    }

    fn error_before(&self, expected: &'static str) -> SqlError {
        Self { tokens: self.tokens.clone(), next: self.next.saturating_sub(1) }.error(expected)
    }

    fn error(&self, expected: &'static str) -> SqlError {
        let found = match self.tokens.get(self.next) {
            None => "end of query".to_owned(),
            Some(Token::Word(text) | Token::Text(text)) => text.chars().take(40).collect(),
            Some(Token::Symbol(symbol)) => symbol.to_string(),
        };
        SqlError::Syntax { position: self.next + 1, found, expected }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn queries() {
        let select = Select::parse(
            "select event_id, `amount` AS total from db.events where event_id = 'it''s' AND event='a\\'b' order by ts desc limit 5 format JSON;",
            Format::TabSeparated,
        );
        let item = |column, name: &str| Item { what: What::Column(column), name: name.to_owned() };
        assert_eq!(
            select,
            Ok(Select {
                items: vec![item(Column::EventId, "event_id"), item(Column::Amount, "total")],
                conditions: vec![
                    (Column::EventId, "it's".to_owned()),
                    (Column::Event, "a'b".to_owned())
                ],
                order: Some((Column::Ts, Direction::Descending)),
                limit: Some(5),
                format: Format::Json,
            })
        );
        assert!(Select::parse("SELECT count(*) AS n FROM events", Format::Json).unwrap().counts());
        assert_eq!(Select::parse("SELECT * FROM events", Format::Json).unwrap().items.len(), 6);
    }

    #[test]
    fn what_is_not_understood() {
        let check = |query: &str, code: u32, want: &str| {
            let error = Select::parse(query, Format::Json).unwrap_err();
            assert_eq!(error.code(), code, "{query}: {error}");
            assert!(error.to_string().contains(want), "{query}: {error}");
        };
        check("", 62, "failed at position 1 (`end of query`): expected SELECT");
        check("DROP TABLE events", 62, "(`DROP`): expected SELECT");
        check("SELECT FROM events", 47, "`FROM`");
        check("SELECT * events", 62, "expected FROM");
        check("SELECT * FROM 'events'", 62, "the name of a table");
        check("SELECT sum(amount) FROM events", 62, "expected count()");
        check("SELECT colour FROM events", 47, "`colour`; there are event_id, event");
        check("SELECT event, count() FROM events", 215, "count() does not go with a column");
        check("SELECT * FROM events WHERE event_id > 'a'", 62, "expected =");
        check("SELECT * FROM events WHERE event_id = 4", 62, "a text in single quotes");
        check("SELECT * FROM events WHERE event_id = 'a", 62, "not closed");
        check("SELECT * FROM events LIMIT many", 62, "(`many`): expected a number");
        check("SELECT * FROM events FORMAT Arrow", 73, "Unknown format Arrow");
        check("SELECT * FROM events; SELECT 1", 62, "the end of the query");
        check(&"a ".repeat(201), 62, "more than 200 tokens");
    }

    proptest! {
        #[test]
        fn no_query_panics(query in "(SELECT|\\*| |FROM|x|WHERE|event_id|=|'|`|\\\\|LIMIT|[0-9]|;|\\PC){0,30}") {
            let _ = Select::parse(&query, Format::Json);
        }
    }
}
