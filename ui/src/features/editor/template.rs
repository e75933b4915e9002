//! What a new chain begins as: a document that is valid as it stands, and a copy of another.

use baton_engine::locale::Locale;

use crate::json;
use crate::text::sentences;

/// The smallest chain that shows the idea: send once, then ask until it is there.
pub(super) const NEW: &str = r#"{
  "baton": 1,
  "name": "New chain",
  "variables": {
    "event_id": "{{$uuid}}"
  },
  "poll": { "interval": "5s", "timeout": "2m" },
  "stages": [
    {
      "name": "Send",
      "once": true,
      "request": {
        "method": "POST",
        "url": "https://example.com/events",
        "json": { "event_id": "{{event_id}}" }
      },
      "checks": [
        { "source": "status", "op": "one_of", "value": [200, 202] }
      ]
    },
    {
      "name": "Arrives",
      "request": {
        "method": "GET",
        "url": "https://example.com/rows",
        "query": { "event_id": "{{event_id}}" }
      },
      "checks": [
        { "source": { "jsonpath": "$.rows[*]" }, "filter": ["count"], "op": "equals", "value": 1 }
      ]
    }
  ]
}
"#;

/// A document as the beginning of another chain: with another name, and another id if it names one.
pub(super) fn copy_of(document: &str, id: &str, locale: Locale) -> String {
    let mut copy = document.to_owned();
    if let Some(range) = json::top_level_text(&copy, "name") {
        let name = sentences::copy_of(&json::unquoted(&copy[range.clone()]), locale);
        copy.replace_range(range, &json::quoted(&name));
    }
    if let Some(range) = json::top_level_text(&copy, "id") {
        copy.replace_range(range, &json::quoted(id));
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_copy_differs_in_name_and_id_only() {
        let document = r#"{"baton": 1, "id": "a", "name": "Purchase", "stages": [{"name": "S", "amount": 19.90}]}"#;
        let want = r#"{"baton": 1, "id": "b", "name": "Purchase (copy)", "stages": [{"name": "S", "amount": 19.90}]}"#;
        assert_eq!(copy_of(document, "b", Locale::En), want);
    }
}
