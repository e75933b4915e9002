//! Snowplow's tracker protocol: `GET /i`, and `POST /com.snowplowanalytics.snowplow/tp2`, which may carry many events.
//!
//! As the real collector does, this answers 200 whatever came; what cannot be read is in `/micro/bad`.
//! Source: the tracker protocol of docs.snowplow.io.

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurposeConfig;
use base64::engine::{DecodePaddingMode, GeneralPurpose};
use serde_json::{Map, Value, json};

use super::{BadEvent, EventError, Fields, Received, checked};
use crate::event::{Api, EventKind, Payload, SentEvent};
use crate::http::{Answer, Request};
use crate::limits::MAX_EVENTS_PER_REQUEST;
use crate::time::Timestamp;

const PIXEL_API: Api = Api { vendor: "com.snowplowanalytics.snowplow", version: "i" };
const PAYLOAD_API: Api = Api { vendor: "com.snowplowanalytics.snowplow", version: "tp2" };
/// A transparent image of one pixel, which is what an image tag that tracks gets.
const GIF: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\
\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
/// Trackers leave the padding out, other senders do not.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

type Parameters = Map<String, Value>;

pub(super) fn receive_pixel(request: &Request) -> Received {
    let parameters: Parameters = request
        .params()
        .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
        .collect();
    let answer = Answer::new(200, "image/gif", GIF);
    match event(PIXEL_API, request, parameters) {
        Ok(event) => Received { good: vec![event], bad: Vec::new(), answer },
        Err(error) => {
            let bad = BadEvent::new(PIXEL_API, request, request.query.as_bytes(), &error);
            Received { good: Vec::new(), bad: vec![bad], answer }
        }
    }
}

pub(super) fn receive_payload(request: &Request) -> Received {
    let mut received = Received {
        good: Vec::new(),
        bad: Vec::new(),
        answer: Answer::new(200, "text/plain; charset=utf-8", "ok"),
    };
    match events(request) {
        Ok(events) => {
            for parameters in events {
                let text = Value::Object(parameters.clone()).to_string();
                match event(PAYLOAD_API, request, parameters) {
                    Ok(event) => received.good.push(event),
                    Err(error) => {
                        received.bad.push(BadEvent::new(
                            PAYLOAD_API,
                            request,
                            text.as_bytes(),
                            &error,
                        ));
                    }
                }
            }
        }
        Err(error) => {
            received.bad.push(BadEvent::new(PAYLOAD_API, request, request.body_bytes(), &error));
        }
    }
    received
}

fn events(request: &Request) -> Result<Vec<Parameters>, EventError> {
    let document = request.json().ok_or(EventError::Empty)?.map_err(EventError::NotJson)?;
    let Some(Value::Array(events)) = document.get("data") else {
        return Err(EventError::Shape("data", "the list of events of a payload_data document"));
    };
    if events.is_empty() || events.len() > MAX_EVENTS_PER_REQUEST {
        return Err(EventError::Shape("data", "a list of 1 to 500 events"));
    }
    events
        .iter()
        .map(|event| {
            event.as_object().cloned().ok_or(EventError::Shape("data", "a list of objects"))
        })
        .collect()
}

fn event(api: Api, request: &Request, parameters: Parameters) -> Result<SentEvent, EventError> {
    let kind = kind(&parameters)?;
    let id = checked(text(&parameters, "eid").ok_or(EventError::NoId("eid"))?, "eid")?;
    let (schema, mut data) = match kind {
        EventKind::Unstruct => self_describing(&parameters)?,
        _ => (schema_of(kind).to_owned(), flat_fields(kind, &parameters)),
    };
    let mut fields = Fields::take(&mut data)?;
    if let Some(amount) = amount_parameter(kind).and_then(|key| parameters.get(key)) {
        fields.amount = super::amount(Some(amount))?;
    }
    let optional =
        |key: &'static str| text(&parameters, key).map(|text| checked(text, key)).transpose();
    Ok(SentEvent {
        name: name(kind, &schema, &data, &parameters)?,
        amount: fields.amount,
        currency: fields.currency.or(optional("tr_cu")?).or(optional("ti_cu")?),
        user_id: fields.user_id.or(optional("uid")?),
        occurred_at: fields.occurred_at.or(device_instant(&parameters)?),
        payload: Payload {
            kind,
            schema,
            data,
            contexts: contexts(&parameters)?,
            parameters,
            api,
            content_type: request.header("content-type").map(str::to_owned),
        },
        id,
        faults: fields.faults,
        delays: fields.delays,
    })
}

fn kind(parameters: &Parameters) -> Result<EventKind, EventError> {
    match text(parameters, "e").unwrap_or("") {
        "ue" => Ok(EventKind::Unstruct),
        "se" => Ok(EventKind::Struct),
        "pv" => Ok(EventKind::PageView),
        "pp" => Ok(EventKind::PagePing),
        "tr" => Ok(EventKind::Transaction),
        "ti" => Ok(EventKind::TransactionItem),
        unknown => Err(EventError::UnknownKind(super::cut(unknown, 40).to_owned())),
    }
}

const fn schema_of(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Unstruct => {
            "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0"
        }
        EventKind::Struct => "iglu:com.google.analytics/event/jsonschema/1-0-0",
        EventKind::PageView => "iglu:com.snowplowanalytics.snowplow/page_view/jsonschema/1-0-0",
        EventKind::PagePing => "iglu:com.snowplowanalytics.snowplow/page_ping/jsonschema/1-0-0",
        EventKind::Transaction => {
            "iglu:com.snowplowanalytics.snowplow/transaction/jsonschema/1-0-0"
        }
        EventKind::TransactionItem => {
            "iglu:com.snowplowanalytics.snowplow/transaction_item/jsonschema/1-0-0"
        }
    }
}

const fn amount_parameter(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::Unstruct | EventKind::PageView | EventKind::PagePing => None,
        EventKind::Struct => Some("se_va"),
        EventKind::Transaction => Some("tr_tt"),
        EventKind::TransactionItem => Some("ti_pr"),
    }
}

/// The event's own parameters under the names that Micro shows.
fn flat_fields(kind: EventKind, parameters: &Parameters) -> Parameters {
    let names: &[(&str, &str)] = match kind {
        EventKind::Unstruct => &[],
        EventKind::Struct => &[
            ("se_ca", "se_category"),
            ("se_ac", "se_action"),
            ("se_la", "se_label"),
            ("se_pr", "se_property"),
            ("se_va", "se_value"),
        ],
        EventKind::PageView => {
            &[("url", "page_url"), ("page", "page_title"), ("refr", "page_referrer")]
        }
        EventKind::PagePing => &[
            ("url", "page_url"),
            ("page", "page_title"),
            ("pp_miy", "pp_yoffset_min"),
            ("pp_may", "pp_yoffset_max"),
        ],
        EventKind::Transaction => {
            &[("tr_id", "tr_orderid"), ("tr_tt", "tr_total"), ("tr_cu", "tr_currency")]
        }
        EventKind::TransactionItem => &[
            ("ti_id", "ti_orderid"),
            ("ti_sk", "ti_sku"),
            ("ti_pr", "ti_price"),
            ("ti_cu", "ti_currency"),
        ],
    };
    names
        .iter()
        .filter_map(|(key, name)| Some(((*name).to_owned(), parameters.get(*key)?.clone())))
        .collect()
}

fn name(
    kind: EventKind,
    schema: &str,
    data: &Parameters,
    parameters: &Parameters,
) -> Result<String, EventError> {
    let name = match kind {
        // A self-describing event is named by its data, or else by its schema: iglu:vendor/NAME/format/version.
        EventKind::Unstruct => {
            text(data, "event").or_else(|| schema.split('/').nth(1)).unwrap_or(kind.name())
        }
        EventKind::Struct => text(parameters, "se_ac").unwrap_or(kind.name()),
        EventKind::PageView
        | EventKind::PagePing
        | EventKind::Transaction
        | EventKind::TransactionItem => kind.name(),
    };
    checked(name, "the event's name")
}

/// The schema and the data inside `ue_pr` or `ue_px`.
fn self_describing(parameters: &Parameters) -> Result<(String, Parameters), EventError> {
    let outer = encoded(parameters, "ue_pr", "ue_px")?
        .ok_or(EventError::Shape("ue_pr", "there, or ue_px, in an event of type ue"))?;
    let inner = outer.get("data").unwrap_or(&Value::Null);
    let schema = inner.get("schema").and_then(Value::as_str);
    let data = inner.get("data").and_then(Value::as_object);
    match (schema, data) {
        (Some(schema), Some(data)) => Ok((schema.to_owned(), data.clone())),
        _ => Err(EventError::Shape("ue_pr", "{\"schema\", \"data\": {\"schema\", \"data\": {}}}")),
    }
}

/// The self-describing contexts inside `co` or `cx`.
fn contexts(parameters: &Parameters) -> Result<Vec<Value>, EventError> {
    match encoded(parameters, "co", "cx")?.as_ref().map(|document| document.get("data")) {
        None => Ok(Vec::new()),
        Some(Some(Value::Array(contexts))) => Ok(contexts.clone()),
        Some(_) => Err(EventError::Shape("co", "{\"schema\", \"data\": []}")),
    }
}

fn encoded(
    parameters: &Parameters,
    plain: &'static str,
    base64: &'static str,
) -> Result<Option<Value>, EventError> {
    if let Some(text) = text(parameters, plain) {
        return serde_json::from_str(text).map(Some).map_err(|_| EventError::Encoded(plain));
    }
    let Some(text) = text(parameters, base64) else { return Ok(None) };
    let bytes = BASE64URL.decode(text).map_err(|_| EventError::Encoded(base64))?;
    serde_json::from_slice(&bytes).map(Some).map_err(|_| EventError::Encoded(base64))
}

/// The true timestamp, or else the device's.
fn device_instant(parameters: &Parameters) -> Result<Option<Timestamp>, EventError> {
    let text = text(parameters, "ttm").or_else(|| text(parameters, "dtm"));
    text.map(|text| {
        text.parse()
            .map(Timestamp::from_ms)
            .map_err(|_| EventError::Shape("dtm", "milliseconds since 1970"))
    })
    .transpose()
}

fn text<'a>(map: &'a Parameters, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Value::as_str)
}

/// The unstruct event as Micro shows it, around this data.
pub(crate) fn unstruct_document(schema: &str, data: &Parameters) -> Value {
    json!({"schema": schema_of(EventKind::Unstruct), "data": {"schema": schema, "data": data}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    const UE: &str = r#"{"schema":"iglu:x/unstruct_event/jsonschema/1-0-0","data":{"schema":"iglu:com.acme/order/jsonschema/1-0-0","data":{"event":"purchase","amount":19.90}}}"#;

    fn pixel(pairs: &[(&str, &str)]) -> Received {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        receive_pixel(&Request::new(Method::Get, &format!("/i?{query}")))
    }

    fn payload(document: &Value) -> Received {
        receive_payload(&Request::new(Method::Post, "/").with_body(document.to_string()))
    }

    #[test]
    fn each_type_of_event() {
        let check = |pairs: &[(&str, &str)], want: (&str, &str, Option<&str>)| {
            let mut all =
                vec![("eid", "4f1c"), ("p", "web"), ("uid", "u-7"), ("dtm", "1795435200000")];
            all.extend(pairs);
            let got = pixel(&all);
            let event =
                got.good.first().unwrap_or_else(|| panic!("{pairs:?}: {}", got.bad[0].error));
            let amount = event.amount.as_ref().map(crate::amount::Amount::text);
            assert_eq!((event.payload.kind.name(), event.name.as_str(), amount), want);
            assert_eq!(event.user_id.as_deref(), Some("u-7"));
            assert_eq!(event.occurred_at, Some(Timestamp::from_ms(1_795_435_200_000)));
            assert_eq!(got.answer.header("content-type"), Some("image/gif"));
        };
        check(&[("e", "ue"), ("ue_pr", UE)], ("unstruct", "purchase", Some("19.90")));
        let without_name = UE.replace("\"event\":\"purchase\",", "");
        check(&[("e", "ue"), ("ue_pr", &without_name)], ("unstruct", "order", Some("19.90")));
        let base64 = BASE64URL.encode(UE);
        check(&[("e", "ue"), ("ue_px", &base64)], ("unstruct", "purchase", Some("19.90")));
        check(
            &[("e", "ue"), ("ue_px", base64.trim_end_matches('='))],
            ("unstruct", "purchase", Some("19.90")),
        );
        check(
            &[("e", "se"), ("se_ca", "shop"), ("se_ac", "buy"), ("se_va", "19.90")],
            ("struct", "buy", Some("19.90")),
        );
        check(&[("e", "pv"), ("url", "https://example.com/")], ("page_view", "page_view", None));
        check(&[("e", "pp")], ("page_ping", "page_ping", None));
        check(
            &[("e", "tr"), ("tr_id", "9"), ("tr_tt", "5")],
            ("transaction", "transaction", Some("5")),
        );
        check(
            &[("e", "ti"), ("ti_pr", "2.50")],
            ("transaction_item", "transaction_item", Some("2.50")),
        );
    }

    #[test]
    fn a_payload_carries_good_and_bad_events() {
        let contexts = json!({"schema": "c", "data": [{"schema": "iglu:com.acme/user/jsonschema/1-0-0", "data": {}}]});
        let got = payload(&json!({"schema": "iglu:p", "data": [
            {"e": "ue", "eid": "1", "ue_pr": UE, "co": contexts.to_string()},
            {"e": "ue", "eid": "2"},
            {"e": "zz", "eid": "3"},
            {"e": "pv"},
        ]}));
        assert_eq!((got.good.len(), got.bad.len(), got.answer.status), (1, 3, 200));
        assert_eq!(got.good[0].payload.contexts.len(), 1);
        for (bad, want) in
            got.bad.iter().zip(["ue_pr must be there", "no event type `zz`", "eid is missing"])
        {
            assert!(bad.error.contains(want), "{}", bad.error);
        }
    }

    #[test]
    fn a_payload_that_cannot_be_read_is_bad_and_still_answered_200() {
        let many = vec![json!({"e": "pv"}); MAX_EVENTS_PER_REQUEST + 1];
        for document in
            [json!({}), json!({"data": []}), json!({"data": [1]}), json!({"data": many}), json!(1)]
        {
            let got = payload(&document);
            assert_eq!((got.good.len(), got.bad.len(), got.answer.status), (0, 1, 200));
        }
        for bad in ["ue_pr=%7B", "ue_px=!!", "ue_px=e30", "ue_pr={}", "ue_px=e30=&co={}"] {
            let got = receive_pixel(&Request::new(Method::Get, &format!("/i?e=ue&eid=1&{bad}")));
            assert_eq!((got.good.len(), got.bad.len(), got.answer.status), (0, 1, 200), "{bad}");
        }
    }
}
