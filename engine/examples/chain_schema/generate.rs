//! The JSON Schema (2020-12) of chain documents, made of the very tables that the reader goes by. What it
//! takes is all that the reader takes, and more: the reader also knows what each other part says.

use baton_engine::chain::keys;
use baton_engine::trigger::{CALENDAR_KEYS, WEEKDAYS, keys_by_type};
use serde_json::{Map, Value, json};

/// The schema as its file has it.
pub(crate) fn text() -> String {
    format!("{:#}\n", schema())
}

fn schema() -> Value {
    let mut root = object(&keys::CHAIN, &["baton", "name", "stages"], chain);
    let members = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Chain of Baton",
        "description": "A chain: which systems data passes, and how to tell that it got there.",
        "$defs": definitions(),
    });
    merge(&mut root, members);
    root
}

fn definitions() -> Value {
    let mut stage = object(&keys::STAGE, &["name", "request"], stage);
    merge(
        &mut stage,
        json!({"dependentSchemas": {
            "on_interrupt": {"required": ["once"], "properties": {"once": {"const": true}}},
        }}),
    );
    let mut check = object(&keys::CHECK, &["source", "op"], check);
    merge(&mut check, check_conditions());
    let mut request = object(&keys::REQUEST, &["url"], request);
    merge(&mut request, request_conditions());
    json!({
        "step": {"if": {"required": ["group"]}, "then": object(&keys::STEP, &["group"], step), "else": reference("stage")},
        "stage": stage,
        "request": request,
        "auth": one_of(object(&keys::AUTH, &[], auth), &keys::AUTH),
        "poll": object(&keys::POLL, &[], poll),
        "check": check,
        "stop": {"allOf": [reference("check"), {"not": any_of(&["else", "while", "confirm"])}]},
        "tolerance": one_of(object(&keys::TOLERANCE, &[], tolerance), &keys::TOLERANCE),
        "field": object(&keys::FIELD, &["name"], field),
        "record": object(&keys::RECORD, &["fields"], record),
        "trigger": trigger(),
        "cron": object(&cron_fields(), &[], cron),
        "duration": {
            "type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$",
            "description": "A whole number and ms, s, m, h or d, such as \"58s\".",
        },
        "scalar": {"type": ["string", "number", "boolean"]},
        "text": {"type": "string", "minLength": 1},
    })
}

// ------------------------------------------------------------------------------------- a key's value

fn chain(key: &str) -> Value {
    match key {
        "$schema" => said("Where this schema is, for an editor.", json!({"type": "string"})),
        "baton" => said("The version of the format.", json!({"const": 1})),
        "id" => said("Made at its first save; its history follows it.", reference("text")),
        "name" => said("Its name on the board.", reference("text")),
        "description" => said("What it shows, in a sentence or two.", json!({"type": "string"})),
        "variables" => said(
            "Named values, evaluated once at the start, in order; texts may hold {{names}} from above, {{$uuid}} and {{$now}}.",
            json!({"type": "object", "maxProperties": keys::MAX_VARIABLES}),
        ),
        "environments" => said(
            "Sets of variables and base URLs; a run has one of them.",
            json!({"type": "object", "additionalProperties": {"type": "object"}}),
        ),
        "schedule" => {
            said("When it starts by itself, once that is switched on.", reference("trigger"))
        }
        "verify_again" => said(
            "Whether everything that was polled is polled once more at the end.",
            json!({"type": "boolean"}),
        ),
        "poll" => said("How its stages are polled; each may differ, but for `hold`.", {
            json!({"allOf": [reference("poll"), {"not": {"required": ["hold"]}}]})
        }),
        "subject" => said("The record under test.", object(&keys::SUBJECT, &["key"], subject)),
        "fields" => {
            said("What is compared across systems.", list(&reference("field"), keys::MAX_FIELDS))
        }
        "stages" => said(
            "The way of the data, in order.",
            at_least_one(&reference("step"), keys::MAX_STAGES),
        ),
        _ => unsaid(key),
    }
}

fn step(key: &str) -> Value {
    match key {
        "group" => {
            said("Stages that begin together.", object(&keys::GROUP, &["name", "stages"], group))
        }
        _ => unsaid(key),
    }
}

fn group(key: &str) -> Value {
    match key {
        "name" => reference("text"),
        "stages" => at_least_one(&reference("stage"), keys::MAX_STAGES),
        _ => unsaid(key),
    }
}

fn stage(key: &str) -> Value {
    match key {
        "name" => said("Its name, unique in the chain.", reference("text")),
        "system" => said("The system that it asks.", reference("text")),
        "transport" => {
            said("By the browser itself, or by the page's proxy.", words(&keys::TRANSPORTS))
        }
        "once" => {
            said("Whether its request leaves at most once in a run.", json!({"type": "boolean"}))
        }
        "on_interrupt" => said(
            "What becomes of a request that is sent once when its answer is never known.",
            words(&keys::ON_INTERRUPT),
        ),
        "request" => reference("request"),
        "stop" => said(
            "Checks that end the run as failed when one holds.",
            list(&reference("stop"), keys::MAX_CHECKS),
        ),
        "checks" => {
            said("What has to hold of its answer.", list(&reference("check"), keys::MAX_CHECKS))
        }
        "captures" => said(
            "Values of the passing answer, for later stages.",
            json!({
                "type": "object", "maxProperties": keys::MAX_CAPTURES,
                "additionalProperties": object(&keys::CAPTURE, &["jsonpath"], |_| reference("text")),
            }),
        ),
        "record" => said("Where its answer has the chain's fields.", reference("record")),
        "transformed" => said(
            "Fields that its system changes on purpose.",
            list(&reference("text"), keys::MAX_FIELDS),
        ),
        "not_carried" => {
            said("Fields that its system leaves out.", list(&reference("text"), keys::MAX_FIELDS))
        }
        "poll" => reference("poll"),
        _ => unsaid(key),
    }
}

fn request(key: &str) -> Value {
    match key {
        "method" => words(&keys::METHODS),
        "url" => said(
            "http, https or demo; {{names}} are encoded after its path begins.",
            reference("text"),
        ),
        "query" => said("Added to the address, encoded.", map_of(&reference("scalar"))),
        "headers" => map_of(&json!({"type": "string"})),
        "json" => said("The body, as JSON; its texts may hold {{names}}.", json!({})),
        "form" => said("The body, as a form.", map_of(&reference("scalar"))),
        "text" => said("The body, as it is.", json!({"type": "string"})),
        "auth" => said("Who asks.", reference("auth")),
        "credentials" => {
            said("Whether the browser's own for that origin are sent.", words(&keys::CREDENTIALS))
        }
        _ => unsaid(key),
    }
}

fn request_conditions() -> Value {
    let bodies = ["json", "form", "text"];
    let with_body: Vec<&str> =
        keys::METHODS.into_iter().filter(|method| !matches!(*method, "GET" | "HEAD")).collect();
    json!({
        "allOf": pairs(&bodies).map(|pair| json!({"not": {"required": pair}})).collect::<Vec<_>>(),
        "if": any_of(&bodies),
        "then": {"required": ["method"], "properties": {"method": {"enum": with_body}}},
    })
}

fn auth(key: &str) -> Value {
    match key {
        "bearer" => said("A token, such as {{secret.token}}.", json!({"type": "string"})),
        "basic" => object(&keys::BASIC, &keys::BASIC, |_| json!({"type": "string"})),
        "key" => object(&keys::KEY, &keys::KEY, |key| match key {
            "in" => words(&keys::KEY_PLACES),
            "name" => reference("text"),
            "value" => json!({"type": "string"}),
            _ => unsaid(key),
        }),
        _ => unsaid(key),
    }
}

fn poll(key: &str) -> Value {
    let duration = || reference("duration");
    match key {
        "hold" => said(
            "How long passing must last: a duration, or so many polls.",
            json!({"anyOf": [duration(), {"type": "integer", "minimum": 2, "maximum": 10_000}]}),
        ),
        "interval" => said("The time from poll to poll; 58s.", duration()),
        "timeout" => said("How long a stage may take; 15m.", duration()),
        "attempt_timeout" => said("How long one answer may take; 10s.", duration()),
        "initial_delay" => said("How long before the first poll.", duration()),
        "max_attempts" => json!({"type": "integer", "minimum": 1, "maximum": 1_000_000}),
        "late_after" => said("Passing after this is marked late.", duration()),
        "backoff" => said(
            "How polls become rarer.",
            object(&keys::BACKOFF, &["kind"], |key| match key {
                "kind" => words(&keys::GROWTHS),
                "factor" => json!({"type": "number", "minimum": 1, "maximum": 100}),
                "max" => reference("duration"),
                _ => unsaid(key),
            }),
        ),
        _ => unsaid(key),
    }
}

fn check(key: &str) -> Value {
    match key {
        "id" => reference("text"),
        "source" => said(
            "What it reads.",
            json!({"anyOf": [words(&keys::SOURCES), one_of(object(&keys::SOURCE, &[], |_| reference("text")), &keys::SOURCE)]}),
        ),
        "filter" => said(
            "What is made of the reading, from left to right.",
            list(&words(&keys::FILTERS), keys::MAX_FILTERS),
        ),
        "op" => words(&keys::OPS),
        "value" => json!({}),
        "while" => {
            said("Values of work still in progress: not yet.", json!({"type": ["array", "string"]}))
        }
        "match" => said("How many of the nodes have to pass.", words(&keys::MATCHES)),
        "else" => said("What a value means that is there and differs.", words(&keys::ELSES)),
        "confirm" => said(
            "How many wrong readings in a row are wrong.",
            json!({"type": "integer", "minimum": 1, "maximum": 1000}),
        ),
        "tolerance" => reference("tolerance"),
        "zone" => reference("text"),
        _ => unsaid(key),
    }
}

fn check_conditions() -> Value {
    let of = |ops: &[&str]| json!({"required": ["op"], "properties": {"op": {"enum": ops}}});
    json!({"allOf": [
        {"if": of(&["exists", "absent"]), "then": {"not": {"required": ["value"]}}, "else": {"required": ["value"]}},
        {"if": {"required": ["while"]}, "then": of(&["one_of"])},
        {"if": of(&["one_of", "between"]), "then": {"properties": {"value": {"type": ["array", "string"]}}}},
        {"if": of(&["matches", "same_as", "starts_with", "ends_with"]), "then": {"properties": {"value": {"type": "string"}}}},
        {"if": of(&["schema"]), "then": {"properties": {"value": {"type": ["object", "boolean"]}}}},
    ]})
}

fn tolerance(_: &str) -> Value {
    json!({"type": ["number", "string"]})
}

fn field(key: &str) -> Value {
    match key {
        "name" | "zone" | "reference" => reference("text"),
        "kind" => words(&keys::KINDS),
        "aliases" => said(
            "Texts that mean others.",
            json!({"type": "object", "maxProperties": keys::MAX_ALIASES, "additionalProperties": {"type": "string"}}),
        ),
        "ignore" => list(&words(&keys::IGNORES), keys::IGNORES.len()),
        "tolerance" => reference("tolerance"),
        _ => unsaid(key),
    }
}

fn subject(key: &str) -> Value {
    match key {
        "key" => {
            json!({"anyOf": [reference("text"), at_least_one(&reference("text"), keys::MAX_FIELDS)]})
        }
        "expected_count" => json!({"type": "integer", "minimum": 1, "maximum": 1_000_000}),
        _ => unsaid(key),
    }
}

fn record(key: &str) -> Value {
    match key {
        "each" => said("One record for each node that it selects.", reference("text")),
        "fields" => {
            let source = object(&keys::FIELD_SOURCE, &[], |_| reference("text"));
            map_of(&one_of(source, &keys::FIELD_SOURCE))
        }
        _ => unsaid(key),
    }
}

// ------------------------------------------------------------------------------------------ triggers

fn trigger() -> Value {
    let kinds = keys_by_type().into_iter().map(|(word, keys)| {
        let mut kind = object(&keys, &needed(word), |key| part_of_trigger(word, key));
        kind["properties"]["type"] = json!({"const": word});
        kind
    });
    json!({"type": "object", "required": ["type"], "oneOf": kinds.collect::<Vec<_>>()})
}

fn needed(word: &str) -> Vec<&'static str> {
    let own: &[&str] = match word {
        "date" => &["run_date"],
        "crontab" => &["expression"],
        "and" | "or" => &["triggers"],
        "except" => &["trigger", "when"],
        _ => &[],
    };
    ["type"].iter().chain(own).copied().collect()
}

fn part_of_trigger(word: &str, key: &str) -> Value {
    let (number, text) = (json!({"type": ["number", "null"]}), json!({"type": ["string", "null"]}));
    match (word, key) {
        (_, "type") => Value::Null,
        (_, "timezone" | "start_date" | "end_date") => text,
        (_, "jitter") => number,
        (_, "gap") => json!({"enum": ["next", "skip", null]}),
        (_, "fold") => json!({"enum": ["first", "last", "both", null]}),
        ("cron", key) => cron(key),
        ("date", "run_date") | ("crontab", "expression") => json!({"type": "string"}),
        ("crontab", "vixie") => json!({"type": ["boolean", "null"]}),
        ("interval" | "calendarinterval", _) => number,
        ("and" | "or", "triggers") => {
            json!({"type": "array", "minItems": 1, "items": reference("trigger")})
        }
        ("except", "trigger") => reference("trigger"),
        ("except", "when") => {
            let calendar = one_of(object(&CALENDAR_KEYS, &[], calendar), &CALENDAR_KEYS);
            json!({"type": "array", "minItems": 1, "items": calendar})
        }
        _ => unsaid(key),
    }
}

fn cron_fields() -> Vec<&'static str> {
    let of = |word: &str| keys_by_type().into_iter().find(|(known, _)| *known == word);
    let keys = |word| of(word).map(|(_, keys)| keys).unwrap_or_default();
    let common = keys("date");
    keys("cron").into_iter().filter(|key| !common.contains(key)).collect()
}

fn cron(_: &str) -> Value {
    json!({"type": ["string", "integer", "null"]})
}

fn calendar(key: &str) -> Value {
    match key {
        "dates" | "annual" => json!({"type": "array", "items": {"type": "string"}}),
        "weekly" => {
            json!({"type": "array", "items": {"type": "string"}, "maxItems": WEEKDAYS.len()})
        }
        "cron" => reference("cron"),
        _ => unsaid(key),
    }
}

// ------------------------------------------------------------------------------------- forms of schemas

/// An object with the keys of a table and no others, save those that begin with `x-`.
fn object(keys: &[&str], required: &[&str], of: impl Fn(&str) -> Value) -> Value {
    let properties: Map<String, Value> =
        keys.iter().map(|key| ((*key).to_owned(), of(key))).collect();
    json!({
        "type": "object", "properties": properties, "required": required,
        "patternProperties": {"^x-": {}}, "additionalProperties": false,
    })
}

/// With one of these keys, and no other of them.
fn one_of(mut object: Value, keys: &[&str]) -> Value {
    let alone = |key: &&str| json!({"required": [key]});
    merge(&mut object, json!({"oneOf": keys.iter().map(alone).collect::<Vec<_>>()}));
    object
}

fn any_of(keys: &[&str]) -> Value {
    json!({"anyOf": keys.iter().map(|key| json!({"required": [key]})).collect::<Vec<_>>()})
}

fn map_of(value: &Value) -> Value {
    json!({"type": "object", "additionalProperties": value})
}

fn list(items: &Value, most: usize) -> Value {
    json!({"type": "array", "items": items, "maxItems": most})
}

fn at_least_one(items: &Value, most: usize) -> Value {
    json!({"type": "array", "items": items, "minItems": 1, "maxItems": most})
}

fn words(words: &[&str]) -> Value {
    json!({"enum": words})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn said(description: &str, mut schema: Value) -> Value {
    merge(&mut schema, json!({"description": description}));
    schema
}

fn merge(schema: &mut Value, members: Value) {
    if let (Value::Object(schema), Value::Object(members)) = (schema, members) {
        schema.extend(members);
    }
}

fn pairs<'a>(all: &'a [&'a str]) -> impl Iterator<Item = [&'a str; 2]> {
    let after = |at: usize| all.iter().skip(at + 1);
    all.iter().enumerate().flat_map(move |(at, one)| after(at).map(move |other| [*one, *other]))
}

/// A key of the reader's that nothing is said of here.
fn unsaid(key: &str) -> Value {
    panic!("the schema has to say what stands at the key {key:?}")
}
