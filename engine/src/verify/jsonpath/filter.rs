//! Reads what a filter asks (RFC 9535, 2.3.5), and checks that each part is of the type that its place
//! needs (2.4.3).

use crate::json::Value;

use super::ast::{Operand, Operator, Query, Start, Test};
use super::parse::Parser;

/// The longer of two that begin alike comes first.
const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Parser<'_> {
    /// Tests joined by `||`.
    pub(super) fn test(&mut self) -> Result<Test, String> {
        let mut any = vec![self.all()?];
        while self.takes_joint("||") {
            any.push(self.all()?);
        }
        Ok(Test::Any(any))
    }

    /// Tests joined by `&&`.
    fn all(&mut self) -> Result<Test, String> {
        let mut all = vec![self.basic()?];
        while self.takes_joint("&&") {
            all.push(self.basic()?);
        }
        Ok(Test::All(all))
    }

    fn takes_joint(&mut self, joint: &str) -> bool {
        self.skip_blanks();
        let taken = self.takes(joint);
        self.skip_blanks();
        taken
    }

    fn basic(&mut self) -> Result<Test, String> {
        if self.takes("!") {
            self.skip_blanks();
            let test = match self.peek() {
                Some('(') => self.parenthesised()?,
                Some('@' | '$') => Test::Exists(self.any_query()?),
                _ => return Err(self.refuse("expected `(`, `@` or `$` after `!`")),
            };
            return Ok(Test::Not(Box::new(test)));
        }
        match self.peek() {
            Some('(') => self.parenthesised(),
            Some('@' | '$') => self.existence_or_comparison(),
            _ => {
                let left = self.operand()?;
                let Some(operator) = self.operator()? else {
                    return Err(self.refuse("a value is no test; compare it with another"));
                };
                self.comparison(left, operator)
            }
        }
    }

    fn parenthesised(&mut self) -> Result<Test, String> {
        self.go_deeper()?;
        self.next();
        self.skip_blanks();
        let test = self.test()?;
        self.close()?;
        Ok(test)
    }

    fn existence_or_comparison(&mut self) -> Result<Test, String> {
        let start = self.place();
        let query = self.any_query()?;
        match self.operator()? {
            None => Ok(Test::Exists(query)),
            Some(operator) => {
                let left = self.singular(start, query)?;
                self.comparison(left, operator)
            }
        }
    }

    fn comparison(&mut self, left: Operand, operator: Operator) -> Result<Test, String> {
        self.skip_blanks();
        Ok(Test::Compare(left, operator, self.operand()?))
    }

    /// The operator that follows, if one does.
    fn operator(&mut self) -> Result<Option<Operator>, String> {
        self.skip_blanks();
        for (word, operator) in OPERATORS {
            if self.takes(word) {
                return Ok(Some(operator));
            }
        }
        if self.rest().starts_with('=') {
            return Err(self.refuse("`=` is no operator; use `==`"));
        }
        Ok(None)
    }

    /// A literal, a singular query or a function.
    fn operand(&mut self) -> Result<Operand, String> {
        let start = self.place();
        match self.peek() {
            Some('@' | '$') => {
                let query = self.any_query()?;
                self.singular(start, query)
            }
            Some('\'' | '"') => Ok(Operand::Literal(self.string()?.into())),
            Some('-' | '0'..='9') => Ok(Operand::Literal(self.number()?)),
            _ => self.word(),
        }
    }

    fn any_query(&mut self) -> Result<Query, String> {
        if self.takes("$") {
            self.query(Start::Root)
        } else if self.takes("@") {
            self.query(Start::Current)
        } else {
            Err(self.refuse("expected a path that begins with `@` or `$`"))
        }
    }

    fn singular(&self, start: usize, query: Query) -> Result<Operand, String> {
        if query.is_singular() {
            return Ok(Operand::Query(query));
        }
        Err(self.refuse_at(
            start,
            "it may select several values, so it can't be compared; use names and indexes only",
        ))
    }

    /// A literal that is a word, or a function.
    fn word(&mut self) -> Result<Operand, String> {
        let start = self.place();
        let word = self.take_while(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
        if !word.is_empty() && self.takes("(") {
            return self.function(start, word);
        }
        match word {
            "true" => Ok(Operand::Literal(Value::Bool(true))),
            "false" => Ok(Operand::Literal(Value::Bool(false))),
            "null" => Ok(Operand::Literal(Value::Null)),
            _ => Err(self.refuse_at(
                start,
                "expected `@`, `$`, a quoted text, a number, true, false, null or a function",
            )),
        }
    }

    /// A function's argument, and its end.
    fn function(&mut self, start: usize, name: &str) -> Result<Operand, String> {
        self.go_deeper()?;
        self.skip_blanks();
        let call = match name {
            "length" => Operand::Length(Box::new(self.operand()?)),
            "count" => Operand::Count(self.any_query()?),
            "value" => Operand::Value(self.any_query()?),
            "match" | "search" => {
                let message = format!("{name}() is not taken here; use the op `matches`");
                return Err(self.refuse_at(start, &message));
            }
            _ => {
                let message = "no such function; there are length(), count() and value()";
                return Err(self.refuse_at(start, message));
            }
        };
        self.close()?;
        Ok(call)
    }
}
