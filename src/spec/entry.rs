//! How an API is entered, read from the raw tree: servers, security and its schemes.
//!
//! Source: OpenAPI 3.1.1 "Server Object", "Security Requirement Object", "Security Scheme Object";
//! 2.0 "Security Scheme Object".

use super::model::{
    Alternative, Flow, FlowKind, Location, Requirement, SchemeKind, Security, SecurityScheme, Server,
    ServerVariable,
};
use super::place::{pointer, unescaped};
use super::read::Reader;
use super::tree::{Kind, NodeId};
use super::{Dialect, Hash, seal};

impl<'d> Reader<'d> {
    /// `servers` of the root, a path item or an operation; `None` where it says none.
    pub(super) fn servers(&mut self, node: NodeId) -> Option<Vec<Server>> {
        let tree = self.tree;
        let items = tree.items(tree.get(node, "servers")?);
        let servers: Vec<Server> = items.iter().filter_map(|item| self.server(*item)).collect();
        (!servers.is_empty()).then_some(servers)
    }

    fn server(&mut self, node: NodeId) -> Option<Server> {
        let tree = self.tree;
        let template = tree.text_of(node, "url")?;
        let variables: Vec<ServerVariable> = tree
            .get(node, "variables")
            .map(|map| tree.members(map))
            .into_iter()
            .flatten()
            .map(|(name, value)| ServerVariable {
                name: name.into(),
                default: tree
                    .get(value, "default")
                    .and_then(|text| tree.said(text))
                    .unwrap_or_default()
                    .into(),
                allowed: tree.get(value, "enum").map(|list| self.texts(list)).unwrap_or_default(),
            })
            .collect();
        let mut url = template.to_owned();
        for variable in &variables {
            let braced = format!("{{{}}}", variable.name);
            // A default can be long and named often.
            let grown = url.len() + url.matches(&braced).count() * variable.default.len();
            self.spend(grown, node).then_some(())?;
            url = url.replace(&braced, &variable.default);
        }
        let name = self.text(node, "name").filter(|_| self.dialect == Dialect::V32);
        let description = self.text(node, "description");
        let template = template.into();
        Some(Server { node, hash: Hash::default(), url, template, variables, name, description })
    }

    pub(super) fn security(&mut self, node: Option<NodeId>) -> Security {
        let tree = self.tree;
        let Some(node) = node.filter(|node| tree.kind(*node) == Kind::Array) else {
            return Security::default();
        };
        let mut alternatives = Vec::new();
        for item in tree.items(node) {
            let requirements: Vec<Requirement> = tree
                .members(*item)
                .map(|(scheme, scopes)| Requirement {
                    node: scopes,
                    scheme: self.scheme_name(*item, scheme),
                    scopes: self.texts(scopes),
                })
                .collect();
            let cost = requirements.iter().map(|each| 64 + each.scheme.len()).sum();
            if !self.spend(64_usize.saturating_add(cost), *item) {
                break;
            }
            alternatives.push(Alternative {
                node: *item,
                hash: seal::requirements(&requirements),
                requirements,
            });
        }
        Security { alternatives, declared: true }
    }

    /// The name of the scheme that a requirement asks for. From 3.2 on it may be a URI, where no
    /// component has that name; a scheme that stands elsewhere is then added under the URI.
    fn scheme_name(&mut self, at: NodeId, written: &'d str) -> String {
        let tree = self.tree;
        let components = tree.get(NodeId::ROOT, "components");
        let schemes = components.and_then(|components| tree.get(components, "securitySchemes"));
        let is_component = schemes.is_some_and(|schemes| tree.get(schemes, written).is_some());
        if self.dialect < Dialect::V32 || is_component {
            return written.into();
        }
        let Some(node) = self.resolver.target(at, written).node() else {
            return written.into();
        };
        let place = pointer(tree, node);
        let name = place.strip_prefix("/components/securitySchemes/").filter(|name| !name.contains('/'));
        if let Some(name) = name {
            return unescaped(name).into_owned();
        }
        if !self.foreign.contains_key(written) {
            let scheme = self.scheme(written, node);
            self.foreign.insert(written, scheme);
        }
        written.into()
    }

    pub(super) fn security_schemes(&mut self, map: NodeId) -> Vec<SecurityScheme> {
        let tree = self.tree;
        let named = tree.members(map).filter(|(name, _)| !name.starts_with("x-"));
        named.filter_map(|(name, value)| self.scheme(name, value)).collect()
    }

    fn scheme(&mut self, name: &str, said: NodeId) -> Option<SecurityScheme> {
        let tree = self.tree;
        let node = self.resolver.follow(said)?;
        let kind = self.scheme_kind(node)?;
        self.spend(size_of::<SecurityScheme>() + name.len() + room_of(&kind), node).then_some(())?;
        let is_new = self.dialect == Dialect::V32;
        let metadata = self.text(node, "oauth2MetadataUrl");
        Some(SecurityScheme {
            node,
            hash: Hash::default(),
            name: name.into(),
            description: self.prose(said, node, "description"),
            deprecated: is_new && tree.is_true(node, "deprecated"),
            oauth2_metadata_url: metadata.filter(|_| is_new && matches!(kind, SchemeKind::OAuth2 { .. })),
            kind,
        })
    }

    fn scheme_kind(&mut self, node: NodeId) -> Option<SchemeKind> {
        let tree = self.tree;
        let text = |key: &str| tree.text_of(node, key).map(str::to_owned);
        Some(match tree.text_of(node, "type")? {
            "apiKey" => SchemeKind::ApiKey {
                location: Location::named(tree.text_of(node, "in")?)?,
                name: text("name").unwrap_or_default(),
            },
            "http" => SchemeKind::Http {
                scheme: text("scheme").unwrap_or_default().to_ascii_lowercase(),
                bearer_format: text("bearerFormat"),
            },
            "basic" if self.dialect == Dialect::V20 => {
                SchemeKind::Http { scheme: "basic".into(), bearer_format: None }
            }
            "oauth2" if self.dialect == Dialect::V20 => SchemeKind::OAuth2 {
                flows: self.flow(node, tree.text_of(node, "flow").unwrap_or_default()).into_iter().collect(),
            },
            "oauth2" => {
                let flows = tree.get(node, "flows").map(|flows| tree.members(flows)).into_iter().flatten();
                SchemeKind::OAuth2 { flows: flows.filter_map(|(kind, flow)| self.flow(flow, kind)).collect() }
            }
            "openIdConnect" => {
                SchemeKind::OpenIdConnect { url: text("openIdConnectUrl").unwrap_or_default() }
            }
            "mutualTLS" => SchemeKind::MutualTls,
            other => SchemeKind::Unknown(other.into()),
        })
    }

    fn flow(&self, node: NodeId, kind: &str) -> Option<Flow> {
        let tree = self.tree;
        let text = |key: &str| tree.text_of(node, key).map(str::to_owned);
        let kind = match kind {
            "implicit" => FlowKind::Implicit,
            "password" => FlowKind::Password,
            "clientCredentials" | "application" => FlowKind::ClientCredentials,
            "authorizationCode" | "accessCode" => FlowKind::AuthorizationCode,
            "deviceAuthorization" if self.dialect == Dialect::V32 => FlowKind::DeviceAuthorization,
            _ => return None,
        };
        let scopes = tree.get(node, "scopes").map(|scopes| tree.members(scopes)).into_iter().flatten();
        Some(Flow {
            node,
            kind,
            authorization_url: text("authorizationUrl"),
            token_url: text("tokenUrl"),
            refresh_url: text("refreshUrl"),
            device_authorization_url: text("deviceAuthorizationUrl")
                .filter(|_| kind == FlowKind::DeviceAuthorization),
            scopes: scopes
                .filter(|(name, _)| !name.starts_with("x-"))
                .map(|(name, meaning)| (name.into(), tree.text(meaning).unwrap_or_default().into()))
                .collect(),
        })
    }
}

/// The bytes of what a scheme copies: many names may refer to one that is large.
fn room_of(kind: &SchemeKind) -> usize {
    match kind {
        SchemeKind::ApiKey { name, .. } => name.len(),
        SchemeKind::Http { scheme, bearer_format } => {
            scheme.len() + bearer_format.as_ref().map_or(0, String::len)
        }
        SchemeKind::OAuth2 { flows } => flows.iter().map(room_of_flow).sum(),
        SchemeKind::OpenIdConnect { url } => url.len(),
        SchemeKind::MutualTls => 0,
        SchemeKind::Unknown(kind) => kind.len(),
    }
}

fn room_of_flow(flow: &Flow) -> usize {
    let urls = [&flow.authorization_url, &flow.token_url, &flow.refresh_url, &flow.device_authorization_url];
    let scopes = flow.scopes.iter();
    size_of::<Flow>()
        + urls.into_iter().flatten().map(String::len).sum::<usize>()
        + scopes
            .map(|(name, text)| size_of_val(name) + size_of_val(text) + name.len() + text.len())
            .sum::<usize>()
}

/// A document that names no server is served where it was found.
pub(super) fn default_servers() -> Vec<Server> {
    vec![Server {
        node: NodeId::ROOT,
        hash: Hash::default(),
        url: "/".into(),
        template: "/".into(),
        variables: Vec::new(),
        name: None,
        description: None,
    }]
}
