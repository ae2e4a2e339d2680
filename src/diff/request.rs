//! The request that a witness is shown as: an operation with values, written the way it is sent.
//!
//! Values come in and a request goes out; whether one side refuses it was decided before. What the
//! caller gives is used, what else the operation demands is asked of `plausible`, and nothing more
//! is sent. Credentials are placeholders, never secrets.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::change::WitnessRequest;
use super::written;
use crate::spec::model::{
    Alternative, Api, Location, MediaType, Operation, Parameter, SchemeKind, Server, Status,
};
use crate::spec::schema::SchemaId;

/// What a request is about; all else follows from the operation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// A parameter and its value, whether the operation knows it or not.
    pub parameter: Option<(&'a Parameter, &'a Value)>,
    /// A representation and the body in it.
    pub body: Option<(&'a MediaType, &'a Arc<Value>)>,
    /// The credentials, where they are not the first that the operation takes; an alternative
    /// without requirements sends none.
    pub credentials: Option<&'a Alternative>,
    /// The server, where it is not the first that the operation names.
    pub server: Option<&'a Server>,
    /// The media type that the caller asks for.
    pub accept: Option<&'a str>,
}

/// The value that stands where neither a schema nor `plausible` has one.
const PLACEHOLDER: &str = "x";

/// The request of `operation`, a part of `api`.
///
/// `plausible` gives a value that a schema of `api` accepts; it is asked for required parameters, and
/// for a required body, that are not given.
#[must_use]
pub fn show(
    api: &Api,
    operation: &Operation,
    given: &Given<'_>,
    plausible: &dyn Fn(SchemaId) -> Option<Value>,
) -> WitnessRequest {
    let mut message = Message::default();
    let (host, base) = given
        .server
        .or(operation.servers.first())
        .map_or((None, String::new()), |server| address(&server.url));
    // The path of a webhook is its name, that of a callback an expression: the receiver has both.
    let template = if operation.path.starts_with('/') { operation.path.as_str() } else { "/" };
    message.template = format!("{base}{template}");
    if let Some(host) = host.filter(|_| operation.path.starts_with('/')) {
        message.header("host", &host);
    }
    let is_given = |parameter: &Parameter| {
        given.parameter.is_some_and(|(other, _)| {
            other.location == parameter.location && parameter.location.same_name(&other.name, &parameter.name)
        })
    };
    for parameter in operation.parameters.iter().filter(|each| each.required && !is_given(each)) {
        let schema = parameter.schema.or(parameter.content.first().and_then(|media| media.schema));
        // An empty segment would be another path.
        let is_path = parameter.location == Location::Path;
        let is_sent = |value: &Value| !is_path || !written::in_path(parameter, value).is_empty();
        let value = schema.and_then(plausible).filter(is_sent);
        message.parameter(parameter, &value.unwrap_or_else(|| Value::from(PLACEHOLDER)));
    }
    if let Some((parameter, value)) = given.parameter {
        message.parameter(parameter, value);
    }
    if let Some(accept) = given.accept {
        message.header("accept", accept);
    }
    message.credentials(api, operation, given.credentials);
    message.body(api, operation, given.body, plausible);
    message.finish(&operation.method)
}

/// The instance of a witness that is a response and no schema's value: `{"status", "headers",
/// "body"}`, with `headers` and `body` only where they are given.
#[must_use]
pub fn response(status: Status, headers: &[(&str, &str)], body: Option<&Value>) -> Value {
    let mut out = Map::new();
    let code = match status {
        Status::Code(code) => code,
        Status::Range(class) => u16::from(class) * 100,
        Status::Default => 500,
    };
    out.insert("status".to_owned(), json!(code));
    if !headers.is_empty() {
        let fields =
            headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), json!(written::field(value))));
        out.insert("headers".to_owned(), Value::Object(fields.collect()));
    }
    if let Some(body) = body {
        out.insert("body".to_owned(), body.clone());
    }
    Value::Object(out)
}

/// Host and base path of a server: `https://api.example.com/v1/` has `api.example.com` and `/v1`.
fn address(url: &str) -> (Option<String>, String) {
    let rest = url.split_once("://").map(|(_, rest)| rest).or_else(|| url.strip_prefix("//"));
    let (host, path) = match rest {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", url),
    };
    // Neither has a place in a server's URL, and both would end the path.
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    // What stands before `@` are credentials.
    let host = host.rsplit('@').next().unwrap_or_default();
    ((!host.is_empty()).then(|| host.to_owned()), format!("{slash}{path}"))
}

/// A request in the making.
#[derive(Default)]
struct Message {
    /// Base path and template.
    template: String,
    /// Variables of the template, and what takes their place.
    segments: Vec<(String, String)>,
    query: Vec<String>,
    headers: Map<String, Value>,
    cookies: Vec<String>,
    body: Arc<Value>,
}

impl Message {
    fn header(&mut self, name: &str, value: &str) {
        self.headers.insert(name.to_ascii_lowercase(), Value::from(written::field(value)));
    }

    fn parameter(&mut self, parameter: &Parameter, value: &Value) {
        match parameter.location {
            Location::Path => {
                self.segments.push((parameter.name.clone(), written::in_path(parameter, value)));
            }
            Location::Query => self.query.extend(written::in_query(parameter, value)),
            Location::QueryString => self.query.push(written::as_query_string(parameter, value)),
            Location::Header => self.header(&parameter.name, &written::in_header(parameter, value)),
            Location::Cookie => self.cookies.extend(written::in_cookie(parameter, value)),
        }
    }

    fn credentials(&mut self, api: &Api, operation: &Operation, given: Option<&Alternative>) {
        let usual = operation.security.alternatives.first().filter(|_| !operation.security.is_open());
        let Some(alternative) = given.or(usual) else { return };
        for requirement in &alternative.requirements {
            match api.security_scheme(&requirement.scheme).map(|scheme| &scheme.kind) {
                Some(SchemeKind::ApiKey { location, name }) => {
                    let written = format!("{}=KEY", written::escaped(name));
                    match location {
                        Location::Query => self.query.push(written),
                        Location::Cookie => self.cookies.push(written),
                        _ => self.header(name, "KEY"),
                    }
                }
                Some(SchemeKind::Http { scheme, .. }) => {
                    let word = match scheme.as_str() {
                        "basic" => "Basic CREDENTIALS".to_owned(),
                        "bearer" => "Bearer TOKEN".to_owned(),
                        other => format!("{other} CREDENTIALS"),
                    };
                    self.header("authorization", &word);
                }
                Some(SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. }) => {
                    // Scopes are what a token was made for; the words are not sent, but they are what
                    // a reader must know of it.
                    let scopes = match requirement.scopes.as_slice() {
                        [] => String::new(),
                        scopes => format!("-FOR-{}", scopes.join("+")),
                    };
                    self.header("authorization", &format!("Bearer TOKEN{scopes}"));
                }
                // A client certificate stands in no message; of an unknown kind nothing is known.
                Some(SchemeKind::MutualTls | SchemeKind::Unknown(_)) | None => {}
            }
        }
    }

    fn body(
        &mut self,
        api: &Api,
        operation: &Operation,
        given: Option<(&MediaType, &Arc<Value>)>,
        plausible: &dyn Fn(SchemaId) -> Option<Value>,
    ) {
        let (kind, body) = if let Some((media, value)) = given {
            written::body(media, value, &api.schemas)
        } else {
            let required = operation.body.as_ref().filter(|body| body.required);
            let Some(media) = required.and_then(|body| body.content.first()) else { return };
            let one = |schema: Option<SchemaId>| schema.and_then(plausible);
            let value = one(media.schema).or_else(|| Some(Value::Array(vec![one(media.item_schema)?])));
            written::body(media, &value.unwrap_or_else(|| json!({})).into(), &api.schemas)
        };
        self.header("content-type", &kind);
        self.body = body;
    }

    fn finish(mut self, method: &str) -> WitnessRequest {
        let mut target = String::new();
        let mut rest = self.template.as_str();
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            target.push_str(&path(before));
            let segment = self.segments.iter().find(|(variable, _)| variable == name);
            // A variable that no parameter declares can stand for anything.
            target.push_str(segment.map_or(PLACEHOLDER, |(_, value)| value));
            rest = after;
        }
        target.push_str(&path(rest));
        if !self.query.is_empty() {
            target.push('?');
            target.push_str(&self.query.join("&"));
        }
        if !self.cookies.is_empty() {
            let cookies = self.cookies.join("; ");
            self.header("cookie", &cookies);
        }
        WitnessRequest { method: method.to_owned(), target, headers: self.headers, body: self.body }
    }
}

/// The fixed part of a template: only what a request line cannot hold is escaped.
fn path(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '!'..='~' if !"\"<>\\^`{|}?#".contains(letter) => letter.to_string(),
            other => written::escaped(&other.to_string()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Document, Limits, load};

    fn read(text: &str) -> Document {
        load(text.as_bytes(), &Limits::default()).expect("a document")
    }

    /// A document with these members of the operation `POST /things/{id}`.
    fn document(operation: &str) -> Document {
        read(&format!(
            "openapi: 3.2.0\ninfo: {{title: t, version: '1'}}\nservers: [{{url: 'https://api.example.com/v1/'}}]\n\
             paths:\n  /things/{{id}}:\n    post:\n      responses: {{'204': {{description: done}}}}\n{operation}"
        ))
    }

    fn request(document: &Document, given: &Given<'_>) -> WitnessRequest {
        let plausible = |schema: SchemaId| {
            let types = document.api().schemas.resolved(schema).types?;
            types.contains(crate::spec::schema::Type::Integer).then(|| json!(7))
        };
        show(document.api(), &document.api().operations[0], given, &plausible)
    }

    /// The target of a request with a parameter that is declared so.
    fn target(parameter: &str, value: &Value) -> String {
        let document = document(&format!(
            "      parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}, {{{parameter}}}]\n"
        ));
        let parameter = document.api().operations[0].parameters.last().expect("a parameter");
        request(&document, &Given { parameter: Some((parameter, value)), ..Given::default() }).target
    }

    #[test]
    fn no_segment_of_a_path_is_empty() {
        let document = document(
            "      parameters: [{name: id, in: path, required: true, schema: {type: string}}, \
             {name: q, in: query, required: true, schema: {type: string}}]\n",
        );
        let shown =
            show(document.api(), &document.api().operations[0], &Given::default(), &|_| Some(json!("")));
        assert_eq!(shown.target, "/v1/things/x?q=");
    }

    #[test]
    fn query_parameters_are_written_by_their_style() {
        let colours = json!(["blue", "black & white"]);
        let rgb = json!({"R": 100, "G": "a=b"});
        let cases = [
            ("name: c, in: query", &colours, "c=blue&c=black%20%26%20white"),
            ("name: c, in: query, explode: false", &colours, "c=blue,black%20%26%20white"),
            ("name: c, in: query, style: spaceDelimited", &colours, "c=blue%20black%20%26%20white"),
            ("name: c, in: query, style: pipeDelimited", &colours, "c=blue%7Cblack%20%26%20white"),
            ("name: c, in: query", &rgb, "R=100&G=a%3Db"),
            ("name: c, in: query, explode: false", &rgb, "c=R,100,G,a%3Db"),
            ("name: c, in: query, style: deepObject, explode: true", &rgb, "c%5BR%5D=100&c%5BG%5D=a%3Db"),
            ("name: 'c[]', in: query", &json!("a/b:c"), "c%5B%5D=a%2Fb%3Ac"),
            ("name: c, in: query, allowReserved: true", &json!("a/b:c&d#e f"), "c=a/b:c%26d%23e%20f"),
            ("name: c, in: query", &json!(1.50), "c=1.5"),
            ("name: c, in: query", &json!(""), "c="),
            ("name: c, in: query", &json!("é"), "c=%C3%A9"),
        ];
        for (parameter, value, query) in cases {
            let shown = target(&format!("{parameter}, schema: {{}}"), value);
            assert_eq!(shown, format!("/v1/things/7?{query}"), "{parameter}");
        }
        assert_eq!(
            target("name: c, in: query, schema: {}", &json!([])),
            "/v1/things/7",
            "no item, no parameter"
        );
        assert_eq!(
            target("name: c, in: query, content: {application/json: {schema: {}}}", &json!({"a": [1]})),
            "/v1/things/7?c=%7B%22a%22%3A%5B1%5D%7D"
        );
        let form = "name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {}}}";
        assert_eq!(target(form, &json!({"a b": "c&d", "e": [1, 2]})), "/v1/things/7?a+b=c%26d&e=1&e=2");
    }

    #[test]
    fn path_parameters_are_written_by_their_style() {
        let cases = [
            ("", json!("a/b?c"), "a%2Fb%3Fc"),
            ("", json!(["a", "b"]), "a,b"),
            (", explode: true", json!({"R": 1, "G": 2}), "R=1,G=2"),
            ("", json!({"R": 1, "G": 2}), "R,1,G,2"),
            (", style: label", json!("x"), ".x"),
            (", style: label, explode: true", json!(["a", "b"]), ".a.b"),
            (", style: label", json!(["a", "b"]), ".a,b"),
            (", style: matrix", json!(["a", "b"]), ";id=a,b"),
            (", style: matrix, explode: true", json!(["a", "b"]), ";id=a;id=b"),
            (", style: matrix, explode: true", json!({"R": 1}), ";R=1"),
            (", style: matrix", json!(""), ";id"),
        ];
        for (style, value, segment) in cases {
            let declared =
                format!("      parameters: [{{name: id, in: path, required: true{style}, schema: {{}}}}]\n");
            let document = document(&declared);
            let parameter = &document.api().operations[0].parameters[0];
            let given = Given { parameter: Some((parameter, &value)), ..Given::default() };
            assert_eq!(request(&document, &given).target, format!("/v1/things/{segment}"), "{style} {value}");
        }
    }

    #[test]
    fn headers_and_cookies_carry_values_and_no_line_ends() {
        let document = document(
            "      parameters:\n      - {name: X-Tags, in: header, schema: {}}\n      - {name: s, in: cookie, schema: {}}\n",
        );
        let parameters = &document.api().operations[0].parameters;
        let header = |at: usize, value: &Value, name: &str| {
            let given = Given { parameter: Some((&parameters[at], value)), ..Given::default() };
            let shown = request(&document, &given);
            assert_eq!(shown.target, "/v1/things/x", "a variable that nobody declares");
            shown.headers[name].as_str().expect("text").to_owned()
        };
        assert_eq!(header(0, &json!(["a b", "c"]), "x-tags"), "a b,c");
        assert_eq!(header(0, &json!("a\r\nx-evil: 1"), "x-tags"), "a%0D%0Ax-evil: 1");
        assert_eq!(header(1, &json!("a;b"), "cookie"), "s=a%3Bb");
    }

    #[test]
    fn only_what_is_demanded_or_given_is_sent() {
        let text = "      parameters:\n      - {name: id, in: path, required: true, schema: {type: integer}}\n      \
                    - {name: must, in: query, required: true, schema: {type: integer}}\n      \
                    - {name: may, in: query, schema: {type: integer}}\n      \
                    requestBody: {required: true, content: {application/json: {schema: {type: integer}}}}\n";
        let document = document(text);
        let shown = request(&document, &Given::default());
        assert_eq!((shown.method.as_str(), shown.target.as_str()), ("POST", "/v1/things/7?must=7"));
        assert_eq!(
            json!(shown.headers),
            json!({"host": "api.example.com", "content-type": "application/json"})
        );
        assert_eq!(*shown.body, json!(7));
        let optional = document.api().operations[0].parameters.last().expect("a parameter");
        let shown = request(&document, &Given { parameter: Some((optional, &json!(8))), ..Given::default() });
        assert_eq!(shown.target, "/v1/things/7?must=7&may=8");
    }

    fn body(content: &str, value: &Value) -> (String, Value) {
        let document = document(&format!("      requestBody: {{content: {{{content}}}}}\n"));
        let media = &document.api().operations[0].body.as_ref().expect("a body").content[0];
        let shown =
            request(&document, &Given { body: Some((media, &value.clone().into())), ..Given::default() });
        (shown.headers["content-type"].as_str().expect("text").to_owned(), Arc::unwrap_or_clone(shown.body))
    }

    #[test]
    fn bodies_are_written_by_their_media_type() {
        let value = json!({"a": 1, "b": ["x y", "z"], "c": {"d": null}});
        assert_eq!(
            body("application/merge-patch+json: {}", &value),
            ("application/merge-patch+json".into(), value.clone())
        );
        assert_eq!(body("'*/*': {}", &json!("text")), ("application/json".into(), json!("text")));
        let form = "application/x-www-form-urlencoded";
        assert_eq!(
            body(&format!("{form}: {{}}"), &value),
            (form.into(), json!("a=1&b=x+y&b=z&c=%7B%22d%22%3Anull%7D"))
        );
        let joined = format!(
            "{form}: {{schema: {{}}, encoding: {{b: {{style: form, explode: false}}, c: {{style: deepObject}}}}}}"
        );
        assert_eq!(body(&joined, &value).1, json!("a=1&b=x+y,z&c%5Bd%5D=null"));
        assert_eq!(
            body("application/jsonl: {itemSchema: {}}", &json!([{"a": 1}, 2])).1,
            json!("{\"a\":1}\n2\n")
        );
        assert_eq!(body("text/plain: {}", &json!("a b")), ("text/plain".into(), json!("a b")));
    }

    #[test]
    fn multipart_bodies_have_parts_and_a_boundary_that_none_of_them_holds() {
        let content = "multipart/form-data: {schema: {type: object, properties: {photo: {type: string, contentMediaType: image/png}}}, \
                       encoding: {photo: {contentType: 'image/*'}}}";
        let (kind, text) =
            body(content, &json!({"note": "a part\"", "photo": "PNG", "tags": ["x", {"y": 1}]}));
        assert_eq!(kind, "multipart/form-data;boundary=part-part");
        let expected = "--part-part\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na part\"\r\n\
            --part-part\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"file\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n\
            --part-part\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nx\r\n\
            --part-part\r\nContent-Disposition: form-data; name=\"tags\"\r\nContent-Type: application/json\r\n\r\n{\"y\":1}\r\n\
            --part-part--\r\n";
        assert_eq!(text, json!(expected));
    }

    #[test]
    fn credentials_are_placeholders_where_they_travel() {
        let schemes = "components:\n  securitySchemes:\n    key: {type: apiKey, in: header, name: X-Key}\n    \
                       seen: {type: apiKey, in: query, name: k}\n    jar: {type: apiKey, in: cookie, name: sid}\n    \
                       basic: {type: http, scheme: basic}\n    o: {type: oauth2, flows: {}}\n    tls: {type: mutualTLS}\n";
        let sent = |security: &str| {
            let document = document(&format!("      security: {security}\n{schemes}"));
            let shown = request(&document, &Given::default());
            (shown.target, json!(shown.headers))
        };
        let plain = json!({"host": "api.example.com"});
        let with = |name: &str, value: &str| json!({"host": "api.example.com", name: value});
        let path = || "/v1/things/x".to_owned();
        assert_eq!(sent("[{key: []}]"), (path(), with("x-key", "KEY")));
        assert_eq!(sent("[{seen: []}]"), ("/v1/things/x?k=KEY".to_owned(), plain.clone()));
        assert_eq!(sent("[{jar: []}]"), (path(), with("cookie", "sid=KEY")));
        assert_eq!(sent("[{basic: []}]"), (path(), with("authorization", "Basic CREDENTIALS")));
        assert_eq!(sent("[{o: [r, w]}]"), (path(), with("authorization", "Bearer TOKEN-FOR-r+w")));
        assert_eq!(sent("[{tls: []}]"), (path(), plain.clone()));
        assert_eq!(sent("[{key: []}, {}]"), (path(), plain.clone()), "optional credentials are not sent");
        assert_eq!(sent("[]"), (path(), plain));
        let document = document(&format!("      security: [{{key: []}}, {{basic: []}}]\n{schemes}"));
        let other = &document.api().operations[0].security.alternatives[1];
        let shown = request(&document, &Given { credentials: Some(other), ..Given::default() });
        assert_eq!(shown.headers["authorization"], json!("Basic CREDENTIALS"));
        assert!(!shown.headers.contains_key("x-key"));
    }

    #[test]
    fn servers_give_host_and_base_path() {
        let cases = [
            ("https://api.example.com", Some("api.example.com"), ""),
            ("https://api.example.com/", Some("api.example.com"), ""),
            ("https://u:p@api.example.com:8443/a/b/?x#y", Some("api.example.com:8443"), "/a/b"),
            ("//api.example.com/v1", Some("api.example.com"), "/v1"),
            ("/v1", None, "/v1"),
            ("v1/", None, "/v1"),
            ("/", None, ""),
            ("", None, ""),
        ];
        for (url, host, base) in cases {
            assert_eq!(address(url), (host.map(str::to_owned), base.to_owned()), "{url}");
        }
    }

    #[test]
    fn the_target_holds_nothing_that_ends_a_request_line() {
        assert_eq!(path("/a b/ü?x#y"), "/a%20b/%C3%BC%3Fx%23y");
        let hook = read(
            "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nwebhooks: {paid: {post: {requestBody: {required: true, \
             content: {application/json: {schema: {type: integer}}}}, responses: {'200': {description: ok}}}}}\n",
        );
        let shown = show(hook.api(), &hook.api().webhooks[0], &Given::default(), &|_| Some(json!(7)));
        assert_eq!((shown.target.as_str(), &*shown.body), ("/", &json!(7)));
        assert!(!shown.headers.contains_key("host"));
    }

    #[test]
    fn a_response_names_status_headers_and_body() {
        assert_eq!(response(Status::Code(202), &[], None), json!({"status": 202}));
        assert_eq!(
            response(Status::Range(4), &[("Content-Type", "text/html\n")], Some(&json!("no"))),
            json!({"status": 400, "headers": {"content-type": "text/html%0A"}, "body": "no"})
        );
    }
}
