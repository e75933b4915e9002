//! How tests write trees and change them: as `serde_json` has it.

use std::ops::{Index, IndexMut};

use serde::{Serialize, Serializer};

use super::{Map, Number, Value};

/// A tree as it would be written.
macro_rules! json {
    ($($tree:tt)+) => { $crate::json::Value::from(serde_json::json!($($tree)+)) };
}

pub(crate) use json;

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(number) => Self::Number(Number::of_checked(number.as_str())),
            serde_json::Value::String(text) => Self::String(text),
            serde_json::Value::Array(items) => {
                Self::Array(items.into_iter().map(Self::from).collect())
            }
            serde_json::Value::Object(map) => {
                let members = map.into_iter().map(|(key, value)| (key, Self::from(value)));
                Self::Object(members.collect())
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tree: serde_json::Value = serde_json::from_str(&super::text(self)).unwrap();
        tree.serialize(serializer)
    }
}

/// A member that is not there is null.
impl Index<&str> for Value {
    type Output = Value;

    fn index(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(&Value::Null)
    }
}

/// A member that is not there yet is added.
impl IndexMut<&str> for Value {
    fn index_mut(&mut self, key: &str) -> &mut Value {
        let map = self.as_object_mut().unwrap();
        if map.get(key).is_none() {
            map.insert(key.to_owned(), Value::Null);
        }
        map.get_mut(key).unwrap()
    }
}

impl Extend<(String, Value)> for Map {
    fn extend<I: IntoIterator<Item = (String, Value)>>(&mut self, members: I) {
        for (key, value) in members {
            self.insert(key, value);
        }
    }
}
