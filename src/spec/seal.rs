//! Hashes of the model, once those of its schemas are known: equal hashes mean equal parts, prose
//! apart (summaries, descriptions, examples), wherever and in whatever version they are written.

use super::Hash;
use super::hash::Hasher;
use super::model::{
    Api, Body, Header, MediaType, Operation, Parameter, Requirement, Response, SchemeKind, Security,
    SecurityScheme, Server,
};
use super::schema::{SchemaId, Schemas};
use super::tree::Tree;

/// Fills in every hash of the model.
pub(super) fn seal(api: &mut Api, tree: &Tree) {
    let sealer = Sealer { schemas: &api.schemas, tree };
    for operation in api.operations.iter_mut().chain(&mut api.webhooks) {
        sealer.operation(operation);
    }
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
    hasher.set(api.tags.iter().map(|tag| Hasher::new(&tag.name).finish()));
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
    tree: &'a Tree,
}

impl Sealer<'_> {
    fn schema(&self, id: Option<SchemaId>) -> Hash {
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
        hasher.text(&format!("{} {}", operation.deprecated, operation.internal));
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
        let mut hasher = Hasher::new("parameter");
        hasher.text(parameter.location.name());
        match parameter.location {
            super::model::Location::Header => hasher.text(&parameter.name.to_ascii_lowercase()),
            _ => hasher.text(&parameter.name),
        };
        let flags =
            (parameter.required, parameter.deprecated, parameter.allow_empty, parameter.allow_reserved);
        hasher.text(&format!("{flags:?} {} {}", parameter.style, parameter.explode));
        hasher.hash(self.schema(parameter.schema)).set(parameter.content.iter().map(|each| each.hash));
        parameter.hash = hasher.finish();
    }

    fn body(&self, body: &mut Body) {
        self.content(&mut body.content);
        let mut hasher = Hasher::new("body");
        hasher.text(&body.required.to_string()).set(body.content.iter().map(|each| each.hash));
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
        let mut hasher = Hasher::new("header");
        hasher
            .text(&header.name.to_ascii_lowercase())
            .text(&format!("{} {}", header.required, header.deprecated));
        hasher.hash(self.schema(header.schema)).set(header.content.iter().map(|each| each.hash));
        header.hash = hasher.finish();
    }

    fn content(&self, content: &mut [MediaType]) {
        for media in content {
            let mut hasher = Hasher::new("media type");
            hasher.text(&media.name).hash(self.schema(media.schema)).hash(self.schema(media.item_schema));
            hasher.hashes(media.encoding.map(|node| self.tree.hash(node)));
            media.hash = hasher.finish();
        }
    }
}

fn security_hash(security: &Security) -> Hash {
    let mut hasher = Hasher::new("security");
    // Saying nothing and saying `[]` both leave the door open.
    hasher.set(security.alternatives.iter().map(|each| each.hash));
    hasher.finish()
}

fn server_hash(server: &Server) -> Hash {
    let mut hasher = Hasher::new("server");
    hasher.text(&server.template);
    for variable in &server.variables {
        hasher.text(&variable.name).text(&variable.default).text(&variable.allowed.len().to_string());
        for value in &variable.allowed {
            hasher.text(value);
        }
    }
    hasher.finish()
}

fn scheme_hash(scheme: &SecurityScheme) -> Hash {
    let mut hasher = Hasher::new("scheme");
    hasher.text(&scheme.name).text(&scheme.deprecated.to_string());
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
                for url in [&flow.authorization_url, &flow.token_url, &flow.refresh_url] {
                    hasher.text(url.as_deref().unwrap_or_default());
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
