//! What a new stage can begin as: one for each kind of system, each valid as it stands.

use baton_engine::chain::keys::CHAIN;
use baton_engine::json::Value;
use baton_engine::json::edit::{Document, Edit, Path};
use leptos::prelude::Set;

use super::{Chosen, Form};
use crate::el::{El, div, el, span};
use crate::features::editor::history::By;
use crate::text::Key;

/// The variable by which every preset tells the record under test.
const SUBJECT: &str = "event_id";

/// A stage for a kind of system.
struct Preset {
    /// Its name for `data-preset`.
    name: &'static str,
    title: Key,
    hint: Key,
    /// The stage.
    json: &'static str,
}

/// All of them, as data goes.
const PRESETS: [Preset; 9] = [
    Preset {
        name: "collector",
        title: Key::PresetCollector,
        hint: Key::PresetCollectorHint,
        json: r#"{
  "name": "Send",
  "system": "Collector",
  "once": true,
  "request": {
    "method": "POST",
    "url": "https://collector.example.com/events",
    "json": { "event_id": "{{event_id}}", "event": "purchase", "amount": "19.90" }
  },
  "checks": [
    { "source": "status", "op": "one_of", "value": [200, 202, 204] }
  ]
}"#,
    },
    Preset {
        name: "snowplow",
        title: Key::PresetSnowplow,
        hint: Key::PresetSnowplowHint,
        json: r#"{
  "name": "Collector",
  "system": "Snowplow Micro",
  "request": {
    "method": "GET",
    "url": "http://127.0.0.1:9090/micro/good"
  },
  "checks": [
    { "source": { "jsonpath": "$[?@.event.event_id == '{{event_id}}']" }, "filter": ["count"], "op": "equals", "value": 1 }
  ],
  "record": {
    "each": "$[?@.event.event_id == '{{event_id}}'].event",
    "fields": {}
  }
}"#,
    },
    Preset {
        name: "matomo",
        title: Key::PresetMatomo,
        hint: Key::PresetMatomoHint,
        json: r#"{
  "name": "Analytics",
  "system": "Matomo",
  "request": {
    "method": "POST",
    "url": "https://matomo.example.com/index.php",
    "form": {
      "module": "API",
      "method": "Live.getLastVisitsDetails",
      "idSite": "1",
      "period": "day",
      "date": "{{$today}}",
      "format": "JSON",
      "segment": "eventName=={{event_id}}",
      "token_auth": "{{secret.matomo_token}}"
    }
  },
  "stop": [
    { "source": { "jsonpath": "$.result" }, "op": "equals", "value": "error" }
  ],
  "checks": [
    { "source": { "jsonpath": "$[*].actionDetails[*]" }, "filter": ["count"], "op": "at_least", "value": 1 }
  ]
}"#,
    },
    Preset {
        name: "stream",
        title: Key::PresetStream,
        hint: Key::PresetStreamHint,
        json: r#"{
  "name": "Stream",
  "system": "Kafka",
  "request": {
    "method": "GET",
    "url": "https://kafka-rest.example.com/consumers/qa/instances/qa-1/records",
    "headers": { "accept": "application/vnd.kafka.json.v2+json" }
  },
  "checks": [
    { "source": { "jsonpath": "$[?@.value.event_id == '{{event_id}}']" }, "filter": ["count"], "op": "equals", "value": 1 }
  ]
}"#,
    },
    Preset {
        name: "elasticsearch",
        title: Key::PresetElasticsearch,
        hint: Key::PresetElasticsearchHint,
        json: r#"{
  "name": "Cleaned table",
  "system": "Elasticsearch",
  "request": {
    "method": "GET",
    "url": "https://search.example.com/events/_search",
    "query": { "q": "event_id:\"{{event_id}}\"" }
  },
  "checks": [
    { "source": { "jsonpath": "$._shards.failed" }, "op": "equals", "value": 0, "else": "wait" },
    { "source": { "jsonpath": "$.hits.hits[*]" }, "filter": ["count"], "op": "equals", "value": 1 }
  ]
}"#,
    },
    Preset {
        name: "clickhouse",
        title: Key::PresetClickhouse,
        hint: Key::PresetClickhouseHint,
        json: r#"{
  "name": "Table",
  "system": "ClickHouse",
  "request": {
    "method": "GET",
    "url": "https://clickhouse.example.com/",
    "query": { "query": "SELECT * FROM events WHERE event_id = '{{event_id}}' FORMAT JSON" }
  },
  "checks": [
    { "source": { "jsonpath": "$.data[*]" }, "filter": ["count"], "op": "equals", "value": 1 }
  ]
}"#,
    },
    Preset {
        name: "warehouse",
        title: Key::PresetWarehouse,
        hint: Key::PresetWarehouseHint,
        json: r#"{
  "name": "Warehouse",
  "system": "BigQuery",
  "once": true,
  "on_interrupt": "resend",
  "request": {
    "method": "POST",
    "url": "https://bigquery.googleapis.com/bigquery/v2/projects/PROJECT/queries",
    "json": {
      "query": "SELECT COUNT(*) AS n FROM dataset.events WHERE event_id = @event_id",
      "useLegacySql": false,
      "parameterMode": "NAMED",
      "queryParameters": [
        { "name": "event_id", "parameterType": { "type": "STRING" }, "parameterValue": { "value": "{{event_id}}" } }
      ]
    },
    "auth": { "bearer": "{{secret.bigquery_token}}" }
  },
  "checks": [
    { "source": { "jsonpath": "$.jobComplete" }, "op": "equals", "value": true },
    { "source": { "jsonpath": "$.rows[0].f[0].v" }, "filter": ["integer"], "op": "equals", "value": 1 }
  ]
}"#,
    },
    Preset {
        name: "report",
        title: Key::PresetReport,
        hint: Key::PresetReportHint,
        json: r#"{
  "name": "Report",
  "system": "Report",
  "request": {
    "method": "GET",
    "url": "https://reports.example.com/events.csv",
    "query": { "event_id": "{{event_id}}" }
  },
  "checks": [
    { "source": "body", "op": "contains", "value": "{{event_id}}", "else": "wait" }
  ],
  "poll": { "interval": "5m", "timeout": "2h" }
}"#,
    },
    Preset {
        name: "own",
        title: Key::PresetOwn,
        hint: Key::PresetOwnHint,
        json: r#"{
  "name": "Arrives",
  "request": {
    "method": "GET",
    "url": "https://api.example.com/rows",
    "query": { "event_id": "{{event_id}}" }
  },
  "checks": [
    { "source": { "jsonpath": "$.rows[*]" }, "filter": ["count"], "op": "equals", "value": 1 }
  ]
}"#,
    },
];

/// Where a new stage is chosen.
pub(super) fn presets(form: &Form) -> El {
    let ui = form.ui;
    let cards = PRESETS.iter().map(|preset| {
        let form = form.clone();
        el("button")
            .attr("type", "button")
            .class("preset")
            .attr("data-preset", preset.name)
            .child(el("strong").live_text(ui.words(preset.title)))
            .child(span("faint").live_text(ui.words(preset.hint)))
            .on("click", move |_| form.add(preset))
    });
    let title = el("h3").attr("tabindex", "-1").attr("data-part", "add");
    div("")
        .child(title.live_text(ui.words(Key::AddStageTitle)))
        .child(div("presets").children(cards))
}

impl Form {
    /// Puts a stage after the chosen one, and the variable it needs, if that is nowhere; both are one step.
    fn add(&self, preset: &Preset) {
        let (list, at) = self.place_of_new();
        let Some(json) = self.named(preset) else { return };
        let path = list.item(at);
        self.draft.edit(&By::Step, |document| {
            let there = document.value(&list).is_some();
            let edit = if there {
                document.insert(&list, at, &json)
            } else {
                document.set(&path, &json, &[])
            }?;
            let now = edit.apply(document.text());
            if knows(document.tree()) {
                return Some(edit);
            }
            let with_stage = Document::read(&now).ok()?;
            let variable = Path::root().key("variables").key(SUBJECT);
            let also = with_stage.set(&variable, "\"{{$uuid}}\"", &CHAIN)?;
            let both = also.apply(&now);
            Some(Edit::between(document.text(), &both))
        });
        self.choose(Chosen::Step(path.clone()));
        self.wanted.set(Some(path.key("name").to_string()));
    }

    /// The preset's stage under a name that is not taken.
    fn named(&self, preset: &Preset) -> Option<String> {
        let stage = Document::read(preset.json).ok()?;
        let path = Path::root().key("name");
        let name = self.free_name(stage.value(&path)?.as_str()?);
        Some(stage.set(&path, &crate::json::quoted(&name), &[])?.apply(preset.json))
    }
}

/// Whether a chain has a value for what presets tell the record by.
fn knows(chain: &Value) -> bool {
    let has = |value: Option<&Value>| value.is_some_and(|map| map.get(SUBJECT).is_some());
    let environments = chain.get("environments").and_then(Value::as_object);
    has(chain.get("variables"))
        || environments.is_some_and(|all| all.iter().any(|(_, entries)| has(Some(entries))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_engine::chain::Chain;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_preset_is_a_valid_stage() {
        for preset in &PRESETS {
            let chain = format!(
                r#"{{"baton": 1, "name": "C", "variables": {{"event_id": "{{{{$uuid}}}}"}}, "stages": [{}]}}"#,
                preset.json
            );
            let read = Chain::parse(&chain);
            assert!(read.is_ok(), "{}: {:?}", preset.name, read.err());
        }
    }

    #[test]
    fn all_presets_together_are_a_chain_once_their_names_differ() {
        let mut names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PRESETS.len());
        assert!(!knows(&Value::Null));
    }
}
