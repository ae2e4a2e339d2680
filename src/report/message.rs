//! A witness as people know it: the HTTP message that one side takes and the other refuses.
//!
//! Nothing is built here that the witness does not hold; a response takes its status and its media
//! type from the place of its schema. Text from documents cannot break out of its line.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Map, Value};

use crate::diff::{Witness, WitnessKind, WitnessRequest};
use crate::spec::unescaped;

/// What the witness is: `The request that breaks`.
#[must_use]
pub fn title(witness: &Witness) -> &'static str {
    match (&witness.request, Answered::of(witness)) {
        (_, Some(_)) => "The response that breaks",
        (Some(_), None) => "The request that breaks",
        (None, None) => "The value that breaks",
    }
}

/// The message in full: start line, header fields, an empty line, the body. Without a line end behind
/// it.
#[must_use]
pub fn whole(witness: &Witness) -> String {
    let request = witness.request.as_ref().map(|request| {
        let start = format!("{} {} HTTP/1.1", line(&request.method), line(&request.target));
        laid_out(&start, &request.headers, body_of(request).as_deref())
    });
    let answer = Answered::of(witness).map(|answer| {
        let start = answer.status.map_or_else(String::new, |status| format!("HTTP/1.1 {}", words(status)));
        laid_out(&start, &answer.headers, answer.body.as_deref())
    });
    match (request, answer) {
        (Some(request), Some(answer)) => format!("{request}\n\n{answer}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => pretty(&witness.instance),
    }
}

/// The message in one line: `POST /pets {"name":""}`, `200 {"name":null}`, `etag: W/"1"`.
#[must_use]
pub fn brief(witness: &Witness) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(request) = &witness.request {
        parts.push(format!("{} {}", request.method, request.target));
        parts.extend(body_of(request).map(|_| compact(&request.body)));
    }
    if let Some(answer) = Answered::of(witness) {
        if !parts.is_empty() {
            parts.push("->".to_owned());
        }
        parts.extend(answer.status.map(|status| status.to_string()));
        parts.extend(answer.headers.iter().filter(|(name, _)| *name != "content-type").map(field));
        parts.extend(answer.short);
    }
    if parts.is_empty() { compact(&witness.instance) } else { line(&parts.join(" ")) }
}

/// A response as a witness holds it.
struct Answered {
    status: Option<u16>,
    headers: Map<String, Value>,
    body: Option<String>,
    short: Option<String>,
}

impl Answered {
    fn of(witness: &Witness) -> Option<Self> {
        let schema = witness.new_schema.as_ref().or(witness.old_schema.as_ref());
        let place = schema.map_or_else(Place::default, |pointer| Place::of(pointer));
        let status = place.status.as_deref().map(code);
        match witness.kind {
            WitnessKind::Header => {
                let name = place.header?;
                let value = Value::from(bare(&witness.instance));
                Some(Self { status, headers: Map::from_iter([(name, value)]), body: None, short: None })
            }
            WitnessKind::Response if schema.is_some() => {
                let media = place.media.unwrap_or_else(|| "application/json".to_owned());
                let body = is_json(&media).then(|| pretty(&witness.instance));
                let body = Some(body.unwrap_or_else(|| bare(&witness.instance)));
                let headers = Map::from_iter([("content-type".to_owned(), Value::from(media))]);
                Some(Self { status, headers, body, short: Some(compact(&witness.instance)) })
            }
            // Not a value of a schema: the response itself.
            WitnessKind::Response => {
                let part = |name: &str| witness.instance.get(name);
                let status = part("status")?.as_u64().and_then(|status| u16::try_from(status).ok());
                let headers = part("headers").and_then(Value::as_object).cloned().unwrap_or_default();
                let body = part("body");
                Some(Self { status, headers, body: body.map(pretty), short: body.map(compact) })
            }
            _ => None,
        }
    }
}

/// What the pointer of a schema says about the message that it stands in.
#[derive(Default)]
struct Place {
    status: Option<String>,
    media: Option<String>,
    header: Option<String>,
}

impl Place {
    fn of(pointer: &str) -> Self {
        let segments: Vec<Cow<'_, str>> = pointer.split('/').skip(1).map(unescaped).collect();
        let mut place = Self::default();
        for pair in segments.windows(2) {
            let [chapter, name] = pair else { continue };
            match chapter.as_ref() {
                "responses" => place.status = Some(name.to_string()),
                "content" => place.media = Some(name.to_string()),
                "headers" => place.header = Some(name.to_ascii_lowercase()),
                _ => {}
            }
        }
        // A component is named by a word, and only a status is a number or a range.
        place.status = place.status.filter(|status| status.starts_with(|c: char| c.is_ascii_digit()));
        place
    }
}

/// `404` as it is, `4XX` by its first code.
fn code(status: &str) -> u16 {
    status.to_ascii_uppercase().replace('X', "0").parse().unwrap_or(200)
}

fn words(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.map_or_else(|| status.to_string(), |reason| format!("{status} {reason}"))
}

fn laid_out(start: &str, headers: &Map<String, Value>, body: Option<&str>) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend((!start.is_empty()).then(|| start.to_owned()));
    lines.extend(headers.iter().map(field));
    if let Some(body) = body {
        lines.push(String::new());
        // Line ends of a body are its own, and a terminal wants them without a carriage return.
        lines.push(body.replace("\r\n", "\n").trim_end().to_owned());
    }
    lines.join("\n")
}

fn field((name, value): (&String, &Value)) -> String {
    line(&format!("{name}: {}", bare(value)))
}

/// The body of a request, where it has one: a content type says so.
fn body_of(request: &WitnessRequest) -> Option<String> {
    let kind = request.headers.get("content-type").and_then(Value::as_str);
    match (kind, &*request.body) {
        (None, Value::Null) => None,
        (Some(kind), Value::String(text)) if !is_json(kind) => Some(text.clone()),
        (_, body) => Some(pretty(body)),
    }
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json") || essence.contains('*')
}

fn pretty(value: &Value) -> String {
    // Keys are strings, so a value can always be written.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn compact(value: &Value) -> String {
    line(&value.to_string())
}

fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Text that stays in its line.
fn line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn witness(kind: WitnessKind, instance: Value) -> Witness {
        Witness {
            kind,
            instance: instance.into(),
            old_schema: None,
            new_schema: None,
            request: None,
            reason: String::new(),
        }
    }

    fn request(headers: &Value, body: Value) -> Witness {
        let request = json!({"method": "POST", "target": "/v1/pets?a=b", "headers": headers, "body": body});
        let request: WitnessRequest = serde_json::from_value(request).expect("a request");
        Witness { request: Some(request), ..witness(WitnessKind::Body, body) }
    }

    #[test]
    fn a_request_is_shown_as_it_is_sent() {
        let json =
            request(&json!({"host": "a.example", "content-type": "application/json"}), json!({"n": ""}));
        assert_eq!(
            whole(&json),
            "POST /v1/pets?a=b HTTP/1.1\nhost: a.example\ncontent-type: application/json\n\n{\n  \"n\": \"\"\n}"
        );
        assert_eq!(brief(&json), "POST /v1/pets?a=b {\"n\":\"\"}");
        let form = request(&json!({"content-type": "application/x-www-form-urlencoded"}), json!("a=1&b=2"));
        assert!(whole(&form).ends_with("\n\na=1&b=2"), "{}", whole(&form));
        let text = request(&json!({"content-type": "application/json"}), json!("word"));
        assert!(whole(&text).ends_with("\n\n\"word\""), "a JSON text keeps its quotes");
        let null = request(&json!({"content-type": "application/json"}), Value::Null);
        assert!(whole(&null).ends_with("\n\nnull"));
        let none = request(&json!({"x-a": "b\r\nx-evil: c"}), Value::Null);
        assert_eq!(whole(&none), "POST /v1/pets?a=b HTTP/1.1\nx-a: b  x-evil: c");
        assert_eq!(brief(&none), "POST /v1/pets?a=b");
    }

    #[test]
    fn a_response_takes_status_and_type_from_the_place_of_its_schema() {
        let at = |pointer: &str, kind: WitnessKind, instance: Value| Witness {
            new_schema: Some(pointer.to_owned()),
            ..witness(kind, instance)
        };
        let body = at(
            "/paths/~1pets/get/responses/4XX/content/application~1json/schema",
            WitnessKind::Response,
            json!([1]),
        );
        assert_eq!(whole(&body), "HTTP/1.1 400 Bad Request\ncontent-type: application/json\n\n[\n  1\n]");
        assert_eq!(brief(&body), "400 [1]");
        let shared =
            at("/components/responses/Ok/content/text~1plain/schema", WitnessKind::Response, json!("a b"));
        assert_eq!(whole(&shared), "content-type: text/plain\n\na b");
        let header =
            at("/paths/~1pets/get/responses/200/headers/X-Left/schema", WitnessKind::Header, json!(5));
        assert_eq!(whole(&header), "HTTP/1.1 200 OK\nx-left: 5");
        assert_eq!(brief(&header), "200 x-left: 5");
        let bare = witness(WitnessKind::Response, json!({"status": 202, "headers": {"etag": "1"}}));
        assert_eq!(whole(&bare), "HTTP/1.1 202 Accepted\netag: 1");
    }

    #[test]
    fn a_request_whose_answer_changed_is_shown_as_the_request() {
        let asked = Witness {
            kind: WitnessKind::Response,
            instance: Value::Null.into(),
            ..request(&json!({"accept": "text/csv"}), Value::Null)
        };
        assert_eq!(title(&asked), "The request that breaks");
        assert_eq!(whole(&asked), "POST /v1/pets?a=b HTTP/1.1\naccept: text/csv");
        let answered = Witness { instance: json!({"status": 201}).into(), ..asked };
        assert_eq!(title(&answered), "The response that breaks");
        assert!(whole(&answered).ends_with("text/csv\n\nHTTP/1.1 201 Created"), "{}", whole(&answered));
        assert_eq!(brief(&answered), "POST /v1/pets?a=b -> 201");
    }

    #[test]
    fn what_is_no_message_is_shown_as_its_value() {
        let value = witness(WitnessKind::Parameter, json!({"a": [1]}));
        assert_eq!(
            (whole(&value).as_str(), brief(&value).as_str()),
            ("{\n  \"a\": [\n    1\n  ]\n}", "{\"a\":[1]}")
        );
    }
}
