//! Hashes of the model, once those of its schemas are known: equal hashes mean equal parts, prose
//! apart (summaries, descriptions, examples), wherever and in whatever version they are written.

use super::Hash;
use super::hash::Hasher;
use super::model::{
    Api, Body, Encoding, Encodings, Flow, FlowKind, Header, MediaType, Operation, Parameter, Requirement,
    Response, SchemeKind, Security, SecurityScheme, Server, Style,
};
use super::schema::{Schema, SchemaId, Schemas, Type, TypeSet};
use super::uri;
use crate::threads;

/// More operations than this are sealed by two threads.
const MANY: usize = 200;

/// Fills in every hash of the model; `ids` are those of its schemas by the number that they were
/// asked for with.
pub(super) fn seal(api: &mut Api, ids: &[SchemaId]) {
    let sealer = Sealer { schemas: &api.schemas, ids };
    let all = |operations: &mut [Operation]| operations.iter_mut().for_each(|each| sealer.operation(each));
    let half = if api.operations.len() > MANY { api.operations.len() / 2 } else { 0 };
    let (one, other) = api.operations.split_at_mut(half);
    if one.is_empty() {
        all(other);
    } else {
        threads::both(|| all(one), || all(other));
    }
    all(&mut api.webhooks);
    for (_, id) in &mut api.components {
        *id = ids[id.index()];
    }
    // They are fewer than the nodes of a document, which are counted in 32 bits.
    api.by_name = (0..).take(api.components.len()).collect();
    api.by_name.sort_by_key(|at| &api.components[*at as usize].0);
    for server in &mut api.servers {
        server.hash = server_hash(server);
    }
    for scheme in &mut api.security_schemes {
        scheme.hash = scheme_hash(scheme);
    }
    let mut hasher = Hasher::new("api");
    hasher.set(api.operations.iter().map(|each| each.hash));
    hasher.set(api.webhooks.iter().map(|each| each.hash));
    hasher.hashes(api.servers.iter().map(|each| each.hash));
    hasher.set(api.security_schemes.iter().map(|each| each.hash));
    hasher.hash(security_hash(&api.security));
    hasher.set(api.components.iter().map(|(name, id)| {
        let mut hasher = Hasher::new("component");
        hasher.text(name).hash(api.schemas.get(*id).hash);
        hasher.finish()
    }));
    hasher.set(api.tags.iter().map(|tag| {
        let mut hasher = Hasher::new(&tag.name);
        hasher.text(tag.parent.as_deref().unwrap_or_default());
        hasher.text(tag.kind.as_deref().unwrap_or_default());
        hasher.finish()
    }));
    api.hash = hasher.finish();
}

/// Hash of the requirements of one alternative.
pub(super) fn requirements(requirements: &[Requirement]) -> Hash {
    let mut hasher = Hasher::new("alternative");
    hasher.set(requirements.iter().map(|requirement| {
        let mut hasher = Hasher::new("requirement");
        let mut scopes: Vec<&str> = requirement.scopes.iter().map(String::as_str).collect();
        scopes.sort_unstable();
        scopes.dedup();
        hasher.text(&requirement.scheme);
        scopes.iter().for_each(|scope| {
            hasher.text(scope);
        });
        hasher.finish()
    }));
    hasher.finish()
}

struct Sealer<'a> {
    schemas: &'a Schemas,
    ids: &'a [SchemaId],
}

impl Sealer<'_> {
    /// The hash of a schema, which gets its final number.
    fn schema(&self, id: &mut Option<SchemaId>) -> Hash {
        *id = id.map(|id| self.ids[id.index()]);
        id.map(|id| self.schemas.get(id).hash).unwrap_or_default()
    }

    fn operation(&self, operation: &mut Operation) {
        operation.parameters.iter_mut().for_each(|each| self.parameter(each));
        operation.body.iter_mut().for_each(|each| self.body(each));
        operation.responses.iter_mut().for_each(|each| self.response(each));
        operation.servers.iter_mut().for_each(|each| each.hash = server_hash(each));
        for callback in &mut operation.callbacks {
            callback.operations.iter_mut().for_each(|each| self.operation(each));
        }
        let mut hasher = Hasher::new("operation");
        hasher.text(&operation.method).text(&operation.path);
        hasher.text(operation.id.as_deref().unwrap_or_default());
        hasher.text(operation.sunset.as_deref().unwrap_or_default());
        hasher.text(operation.stability.as_deref().unwrap_or_default());
        hasher.flags([operation.deprecated, operation.internal]);
        hasher.set(operation.tags.iter().map(|tag| Hasher::new(tag).finish()));
        hasher.set(operation.parameters.iter().map(|each| each.hash));
        hasher.hashes(operation.body.iter().map(|each| each.hash));
        hasher.set(operation.responses.iter().map(|each| each.hash));
        hasher.hashes(operation.servers.iter().map(|each| each.hash));
        hasher.hash(security_hash(&operation.security));
        hasher.set(operation.callbacks.iter().flat_map(|callback| {
            callback.operations.iter().map(|each| {
                let mut hasher = Hasher::new(&callback.name);
                hasher.hash(each.hash);
                hasher.finish()
            })
        }));
        operation.hash = hasher.finish();
    }

    fn parameter(&self, parameter: &mut Parameter) {
        self.content(&mut parameter.content);
        let schema = self.schema(&mut parameter.schema);
        let mut hasher = Hasher::new("parameter");
        hasher.text(parameter.location.name());
        match parameter.location {
            super::model::Location::Header => hasher.text(&parameter.name.to_ascii_lowercase()),
            _ => hasher.text(&parameter.name),
        };
        hasher.flags([parameter.required, parameter.deprecated, parameter.allow_empty]);
        // A media type says how the value is written, and then nothing else does.
        if parameter.content.is_empty() {
            let explode = self.explode(parameter.schema, &parameter.style, parameter.explode);
            hasher.text(parameter.style.name()).flags([explode, parameter.allow_reserved]);
        }
        hasher.hash(schema).set(parameter.content.iter().map(|each| each.hash));
        parameter.hash = hasher.finish();
    }

    fn body(&self, body: &mut Body) {
        self.content(&mut body.content);
        let mut hasher = Hasher::new("body");
        hasher.flags([body.required]).set(body.content.iter().map(|each| each.hash));
        body.hash = hasher.finish();
    }

    fn response(&self, response: &mut Response) {
        self.content(&mut response.content);
        response.headers.iter_mut().for_each(|each| self.header(each));
        let mut hasher = Hasher::new("response");
        hasher.text(&response.status.to_string());
        hasher.set(response.headers.iter().map(|each| each.hash));
        hasher.set(response.content.iter().map(|each| each.hash));
        response.hash = hasher.finish();
    }

    fn header(&self, header: &mut Header) {
        self.content(&mut header.content);
        let schema = self.schema(&mut header.schema);
        let mut hasher = Hasher::new("header");
        hasher.text(&header.name.to_ascii_lowercase()).flags([header.required, header.deprecated]);
        let explode = self.explode(header.schema, &header.style, header.explode);
        hasher.text(header.style.name()).flags([explode]);
        hasher.hash(schema).set(header.content.iter().map(|each| each.hash));
        header.hash = hasher.finish();
    }

    fn content(&self, content: &mut [MediaType]) {
        for media in content {
            let mut hasher = Hasher::new("media type");
            hasher.text(&media.name);
            hasher.hash(self.schema(&mut media.schema)).hash(self.schema(&mut media.item_schema));
            let schema = media.schema.map(|id| self.schemas.resolved(id));
            hasher.hash(self.encodings(&mut media.encodings, schema));
            media.hash = hasher.finish();
        }
    }

    /// Whether it matters how lists and objects are spread: not for plain values, and for lists
    /// not in a style that writes them the same in both ways.
    fn explode(&self, schema: Option<SchemaId>, style: &Style, explode: bool) -> bool {
        let types = schema.and_then(|id| self.schemas.resolved(id).types);
        let may_be = |kind| types.is_none_or(|types| types.contains(kind));
        explode && (may_be(Type::Object) || (may_be(Type::Array) && *style != Style::Simple))
    }

    /// Hash of encodings beside what the schema of the whole makes of its parts anyway.
    fn encodings(&self, encodings: &mut Encodings, whole: Option<&Schema>) -> Hash {
        let mut hasher = Hasher::new("encodings");
        let named = encodings.named.iter_mut().filter_map(|encoding| {
            let part = whole.and_then(|whole| whole.property(&encoding.name));
            self.encoding(encoding, part)
        });
        hasher.set(named.collect::<Vec<_>>());
        let prefix: Vec<_> =
            encodings.prefix.iter_mut().map(|each| self.encoding(each, None).unwrap_or_default()).collect();
        hasher.hashes(prefix);
        hasher.hashes(encodings.item.iter_mut().filter_map(|each| self.encoding(each, None)));
        hasher.finish()
    }

    /// Hash of an encoding; `None` where it says what holds without it.
    fn encoding(&self, encoding: &mut Encoding, part: Option<SchemaId>) -> Option<Hash> {
        encoding.headers.iter_mut().for_each(|each| self.header(each));
        let part = part.map(|id| self.schemas.resolved(id));
        let nested = (!encoding.nested.is_empty()).then(|| self.encodings(&mut encoding.nested, part));
        let items = part.and_then(|part| part.items()).map(|id| self.schemas.resolved(id));
        let is_usual_style = match &encoding.style {
            None => true,
            // A field of a form, or several of one name, is what plain values and lists of them are.
            Some(Style::Form) => {
                let array = part.is_some_and(|part| part.types == Some(TypeSet::NONE.with(Type::Array)));
                let value = if array { items } else { part };
                let is_spread = encoding.explode || !array;
                is_spread && !encoding.allow_reserved && value.is_some_and(is_plain)
            }
            Some(_) => false,
        };
        let usual = part.and_then(usual_content_type);
        let is_usual_type = match &encoding.content_types[..] {
            [] => true,
            [only] => usual == Some(only.as_str()),
            _ => false,
        };
        if is_usual_style && is_usual_type && encoding.headers.is_empty() && nested.is_none() {
            return None;
        }
        let mut hasher = Hasher::new("encoding");
        hasher.text(&encoding.name);
        if !is_usual_style {
            let style = encoding.style.as_ref().unwrap_or(&Style::Form);
            hasher.text(&format!("{style} {} {}", encoding.explode, encoding.allow_reserved));
        }
        if !is_usual_type {
            encoding.content_types.iter().for_each(|each| {
                hasher.text(each);
            });
        }
        hasher.set(encoding.headers.iter().map(|each| each.hash)).hashes(nested);
        Some(hasher.finish())
    }
}

/// Whether values are neither lists nor objects.
fn is_plain(schema: &Schema) -> bool {
    schema.types.is_some_and(|types| !types.contains(Type::Array) && !types.contains(Type::Object))
}

/// The media type of a part where no encoding says another, as far as every version agrees.
fn usual_content_type(part: &Schema) -> Option<&'static str> {
    if part.types == Some(TypeSet::NONE.with(Type::Object)) {
        return Some("application/json");
    }
    match (part.format(), part.content_encoding()) {
        (Some("binary"), None) => Some("application/octet-stream"),
        (Some("byte"), _) | (_, Some(_)) => None,
        _ => is_plain(part).then_some("text/plain"),
    }
}

fn security_hash(security: &Security) -> Hash {
    let mut hasher = Hasher::new("security");
    // Saying nothing, `[]` and `[{}]` all ask for no credentials.
    let asks = security.alternatives.iter().any(|each| !each.requirements.is_empty());
    hasher.set(security.alternatives.iter().filter(|_| asks).map(|each| each.hash));
    hasher.finish()
}

fn server_hash(server: &Server) -> Hash {
    let mut hasher = Hasher::new("server");
    hasher.text(&uri::normal(&server.template));
    hasher.set(
        server.variables.iter().filter(|each| server.template.contains(&format!("{{{}}}", each.name))).map(
            |variable| {
                let mut hasher = Hasher::new("variable");
                hasher.text(&variable.name).text(&variable.default);
                hasher.set(variable.allowed.iter().map(|value| Hasher::new(value).finish()));
                hasher.finish()
            },
        ),
    );
    hasher.finish()
}

fn scheme_hash(scheme: &SecurityScheme) -> Hash {
    let mut hasher = Hasher::new("scheme");
    hasher.text(&scheme.name).flags([scheme.deprecated]);
    hasher.text(scheme.oauth2_metadata_url.as_deref().unwrap_or_default());
    match &scheme.kind {
        SchemeKind::ApiKey { location, name } => {
            hasher.text("apiKey").text(location.name()).text(name);
        }
        SchemeKind::Http { scheme, bearer_format } => {
            hasher.text("http").text(scheme).text(bearer_format.as_deref().unwrap_or_default());
        }
        SchemeKind::OAuth2 { flows } => {
            hasher.text("oauth2").set(flows.iter().map(|flow| {
                let mut hasher = Hasher::new(flow.kind.name());
                for url in urls(flow) {
                    hasher.text(url.unwrap_or_default());
                }
                hasher.set(flow.scopes.iter().map(|(name, _)| Hasher::new(name).finish()));
                hasher.finish()
            }));
        }
        SchemeKind::OpenIdConnect { url } => {
            hasher.text("openIdConnect").text(url);
        }
        SchemeKind::MutualTls => {
            hasher.text("mutualTLS");
        }
        SchemeKind::Unknown(kind) => {
            hasher.text("unknown").text(kind);
        }
    }
    hasher.finish()
}

/// The URLs that mean something in a flow.
fn urls(flow: &Flow) -> [Option<&str>; 4] {
    let asks_people = matches!(flow.kind, FlowKind::Implicit | FlowKind::AuthorizationCode);
    let authorization = flow.authorization_url.as_deref().filter(|_| asks_people);
    let token = flow.token_url.as_deref().filter(|_| flow.kind != FlowKind::Implicit);
    [authorization, token, flow.refresh_url.as_deref(), flow.device_authorization_url.as_deref()]
}
