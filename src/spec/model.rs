//! `Api`: what a document offers, in one form for OpenAPI 2.0, 3.0, 3.1 and 3.2.
//!
//! Effective parameters, servers and security are worked out here, so that nobody else has to know
//! how a path item, an operation and the root override each other. Each struct keeps the node it
//! was read from (its place) and a structural hash that leaves prose apart. It is not the document:
//! what is asked rarely (examples, extensions) is read from the tree by the node.
//!
//! Source: OpenAPI 2.0, 3.0.4, 3.1.1, 3.2.0.

use std::fmt;

use super::Hash;
use super::schema::{SchemaId, Schemas};
use super::tree::NodeId;

/// One API as its document describes it.
#[derive(Debug, Default)]
pub struct Api {
    /// `info.title`, empty where it is missing.
    pub title: String,
    /// `info.version` as written (`1.10` stays `1.10`), empty where it is missing.
    pub version: String,
    /// Root servers; one with the URL `/` where none is said. 2.0: schemes, host and basePath.
    pub servers: Vec<Server>,
    /// All operations below `paths`, in document order.
    pub operations: Vec<Operation>,
    /// Operations of `webhooks` (3.1; 3.0 by its widespread extension `x-webhooks`): the API calls,
    /// so directions turn round.
    pub webhooks: Vec<Operation>,
    /// `components.securitySchemes`, 2.0 `securityDefinitions`; 3.2: and those that a requirement
    /// names by URI.
    pub security_schemes: Vec<SecurityScheme>,
    /// Root security.
    pub security: Security,
    /// Every schema of the document.
    pub schemas: Schemas,
    /// Named schemas (`components.schemas`, 2.0 `definitions`), in document order.
    pub components: Vec<(String, SchemaId)>,
    /// The positions of the named schemas, in the order of their names.
    pub(super) by_name: Vec<u32>,
    /// Declared tags.
    pub tags: Vec<Tag>,
    /// Hash of the whole API, prose apart.
    pub hash: Hash,
}

impl Api {
    /// The operation of this method and path key (see [`Operation::key`]).
    #[must_use]
    pub fn operation(&self, method: &str, key: &str) -> Option<&Operation> {
        self.operations.iter().find(|each| each.method == method && each.key == key)
    }

    /// Every operation: those of `paths`, then webhooks, each followed by those of its callbacks.
    pub fn all_operations(&self) -> impl Iterator<Item = &Operation> {
        let mut todo: Vec<&Operation> = self.webhooks.iter().rev().collect();
        todo.extend(self.operations.iter().rev());
        std::iter::from_fn(move || {
            let next = todo.pop()?;
            let inner = next.callbacks.iter().flat_map(|callback| &callback.operations);
            let below: Vec<&Operation> = inner.collect();
            todo.extend(below.into_iter().rev());
            Some(next)
        })
    }

    /// The declared tag of this name.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<&Tag> {
        self.tags.iter().find(|each| each.name == name)
    }

    /// The tags below a tag (3.2 `parent`), in document order; those of the top level below `None`.
    pub fn tags_below(&self, parent: Option<&str>) -> impl Iterator<Item = &Tag> {
        self.tags.iter().filter(move |each| each.parent.as_deref() == parent)
    }

    /// The declared security scheme of this name.
    #[must_use]
    pub fn security_scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.security_schemes.iter().find(|each| each.name == name)
    }

    /// The named schema.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<SchemaId> {
        let named = |at: &u32| &self.components[*at as usize];
        let at = self.by_name.partition_point(|at| named(at).0.as_str() < name);
        self.by_name.get(at).map(named).filter(|(each, _)| each == name).map(|(_, id)| *id)
    }
}

/// Where the API is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Where it is said; the document's root for the default server.
    pub node: NodeId,
    /// Structural hash, prose apart.
    pub hash: Hash,
    /// URL with variables replaced by their defaults; may be relative. A 2.0 host without
    /// `schemes` gives a URL without scheme: `//api.example.com/v1`.
    pub url: String,
    /// URL as written, with its variables in braces.
    pub template: String,
    /// Variables of the template, in document order.
    pub variables: Vec<ServerVariable>,
    /// `name` (3.2)
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// A variable of a server URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVariable {
    /// Name, without braces.
    pub name: String,
    /// Value that is used where none is chosen.
    pub default: String,
    /// Values that may be chosen; empty means any.
    pub allowed: Vec<String>,
}

/// One operation: a method on a path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Where the operation object stands.
    pub node: NodeId,
    /// Structural hash, prose apart.
    pub hash: Hash,
    /// Upper-case method: `GET`, `QUERY`; those of `additionalOperations` (3.2) as written.
    pub method: String,
    /// Path template as written; the name of the webhook, the expression of a callback.
    pub path: String,
    /// The template with names erased, which is what makes two paths the same: `/pets/{}`.
    pub key: String,
    /// Where the path item stands at its use (not where a `$ref` of it leads).
    pub path_node: NodeId,
    /// `operationId`
    pub id: Option<String>,
    /// Node of `summary`, a string.
    pub summary: Option<NodeId>,
    /// Node of `description`, a string.
    pub description: Option<NodeId>,
    /// `tags`, in document order.
    pub tags: Vec<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// `x-sunset` as written: the date after which the operation may go.
    pub sunset: Option<String>,
    /// `x-stability-level` as written: draft, alpha, beta, stable.
    pub stability: Option<String>,
    /// `x-internal: true`, on the operation or its path item.
    pub internal: bool,
    /// Parameters of path item and operation, the latter overriding; without those header
    /// parameters (`Accept`, `Content-Type`, `Authorization`) that 3.x tells readers to ignore.
    pub parameters: Vec<Parameter>,
    /// Request body; 2.0: the body parameter or the form parameters.
    pub body: Option<Body>,
    /// Responses, in document order.
    pub responses: Vec<Response>,
    /// Servers in effect: of the operation, else the path item, else the root.
    pub servers: Vec<Server>,
    /// Security in effect: of the operation, else the root.
    pub security: Security,
    /// Where the security in effect is said: the operation's or the root's `security`; the
    /// operation itself where nobody says anything.
    pub security_node: NodeId,
    /// Callbacks; they are called by the API, so directions turn round.
    pub callbacks: Vec<Callback>,
}

impl Operation {
    /// The effective parameter of this place and name; header names compare without case.
    #[must_use]
    pub fn parameter(&self, location: Location, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|each| each.location == location && location.same_name(&each.name, name))
    }

    /// The response of exactly this status key.
    #[must_use]
    pub fn response(&self, status: Status) -> Option<&Response> {
        self.responses.iter().find(|each| each.status == status)
    }
}

/// `GET /pets/{id}`
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// Calls that the API makes back.
#[derive(Debug, Clone)]
pub struct Callback {
    /// Where it stands.
    pub node: NodeId,
    /// Its name in `callbacks`.
    pub name: String,
    /// Its operations; `path` is the runtime expression.
    pub operations: Vec<Operation>,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// In the query string.
    Query,
    /// In the path.
    Path,
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
    /// The whole query string (3.2).
    QueryString,
}

impl Location {
    /// The location that `in` names.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "query" => Self::Query,
            "path" => Self::Path,
            "header" => Self::Header,
            "cookie" => Self::Cookie,
            "querystring" => Self::QueryString,
            _ => return None,
        })
    }

    /// As `in` spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Path => "path",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::QueryString => "querystring",
        }
    }

    /// Whether two names mean the same parameter here: header names have no case (RFC 9110 5.1).
    #[must_use]
    pub fn same_name(self, a: &str, b: &str) -> bool {
        a == b || (self == Self::Header && a.eq_ignore_ascii_case(b))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a parameter or header is written on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Style {
    /// `matrix`: `;color=blue`
    Matrix,
    /// `label`: `.blue`
    Label,
    /// `simple`: `blue,black`
    Simple,
    /// `form`: `color=blue`
    Form,
    /// `spaceDelimited`; 2.0 `ssv`.
    SpaceDelimited,
    /// `pipeDelimited`; 2.0 `pipes`.
    PipeDelimited,
    /// `deepObject`: `color[R]=100`
    DeepObject,
    /// `cookie` (3.2).
    Cookie,
    /// 2.0 `tsv`, which no later version can say.
    TabDelimited,
    /// A word that no version knows, as written.
    Other(String),
}

impl Style {
    /// As `style` spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Matrix => "matrix",
            Self::Label => "label",
            Self::Simple => "simple",
            Self::Form => "form",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
            Self::Cookie => "cookie",
            Self::TabDelimited => "tabDelimited",
            Self::Other(text) => text,
        }
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Where the parameter object stands, at the end of references.
    pub node: NodeId,
    /// Structural hash, prose apart.
    pub hash: Hash,
    /// Name as written.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether it must be sent; always for path parameters.
    pub required: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// `allowEmptyValue`
    pub allow_empty: bool,
    /// How it is written; defaults filled in by location.
    pub style: Style,
    /// Whether lists and objects are spread; defaults filled in by style.
    pub explode: bool,
    /// `allowReserved`
    pub allow_reserved: bool,
    /// `schema`; 2.0: the keywords of the parameter itself.
    pub schema: Option<SchemaId>,
    /// `content`, where the parameter is serialised by media type.
    pub content: Vec<MediaType>,
    /// Node of `description`, a string.
    pub description: Option<NodeId>,
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Where it stands, at the end of references. 2.0 forms: the first form parameter.
    pub node: NodeId,
    /// Structural hash, prose apart.
    pub hash: Hash,
    /// Whether it must be sent.
    pub required: bool,
    /// By media type, in document order. 2.0: each of `consumes` (`*/*` where none is said).
    pub content: Vec<MediaType>,
    /// Node of `description`, a string.
    pub description: Option<NodeId>,
}

/// One representation of a body, response, parameter or header.
#[derive(Debug, Clone)]
pub struct MediaType {
    /// Where it stands.
    pub node: NodeId,
    /// Structural hash, prose apart.
    pub hash: Hash,
    /// Normalised: lower-case `type/subtype`, then `;name=value`, without blanks.
    pub name: String,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// `itemSchema` (3.2): the schema of each item of a stream. What a stream of them demands as a
    /// whole is not decided.
    pub item_schema: Option<SchemaId>,
    /// How the parts of a form or multipart body are written.
    pub encodings: Encodings,
}

impl MediaType {
    /// Whether this is a form: each property of the schema is one of its fields.
    #[must_use]
    pub fn is_form(&self) -> bool {
        self.essence() == "application/x-www-form-urlencoded"
    }

    /// Whether the body has parts, each with headers of its own.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        self.name.starts_with("multipart/")
    }

    /// The name without its parameters.
    #[must_use]
    pub fn essence(&self) -> &str {
        self.name.split(';').next().unwrap_or_default()
    }
}

/// How the parts of a body are written, where that is said.
#[derive(Debug, Clone, Default)]
pub struct Encodings {
    /// `encoding`: by property, in document order. 2.0: form fields with a `collectionFormat` that
    /// is not `multi`.
    pub named: Vec<Encoding>,
    /// `prefixEncoding` (3.2): by position.
    pub prefix: Vec<Encoding>,
    /// `itemEncoding` (3.2): of all further positions.
    pub item: Option<Box<Encoding>>,
}

impl Encodings {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && self.prefix.is_empty() && self.item.is_none()
    }
}

/// How one part of a body is written.
#[derive(Debug, Clone)]
pub struct Encoding {
    /// Where it stands.
    pub node: NodeId,
    /// The property; empty where parts are told by position.
    pub name: String,
    /// `contentType`, each normalised as [`MediaType::name`]; empty where the schema decides.
    pub content_types: Vec<String>,
    /// `headers` of the part, without `Content-Type`.
    pub headers: Vec<Header>,
    /// `style`, `form` where `explode` or `allowReserved` alone are said; `None` where none of the
    /// three is.
    pub style: Option<Style>,
    /// `explode`; default by style.
    pub explode: bool,
    /// `allowReserved`
    pub allow_reserved: bool,
    /// Encodings of a part that has parts itself (3.2).
    pub nested: Encodings,
}

/// The key of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `200`
    Code(u16),
    /// `2XX`, as its first digit.
    Range(u8),
    /// `default`
    Default,
}

impl Status {
    /// Reads a key of `responses`: three digits, a digit with `XX`, or `default`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        match bytes {
            b"default" => Some(Self::Default),
            [first @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => Some(Self::Range(first - b'0')),
            [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => text.parse().ok().map(Self::Code),
            _ => None,
        }
    }

    /// Whether a response with `code` is described by this key, more special keys aside.
    #[must_use]
    pub const fn covers(self, code: u16) -> bool {
        match self {
            Self::Code(own) => own == code,
            Self::Range(first) => code / 100 == first as u16,
            Self::Default => true,
        }
    }
}

/// `200`, `2XX`, `default`
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(first) => write!(f, "{first}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One response of an operation.
#[derive(Debug, Clone)]
pub struct Response {
    /// Where it stands, at the end of references.
    pub node: NodeId,
    /// Structural hash, prose apart.
    pub hash: Hash,
    /// Its key in `responses`.
    pub status: Status,
    /// Node of `summary` (3.2), a string.
    pub summary: Option<NodeId>,
    /// Node of `description`, a string.
    pub description: Option<NodeId>,
    /// Response headers, in document order, without `Content-Type`, which 3.x tells readers to ignore.
    pub headers: Vec<Header>,
    /// By media type, in document order. 2.0: each of `produces` (`*/*` where none is said).
    pub content: Vec<MediaType>,
}

/// One response header.
#[derive(Debug, Clone)]
pub struct Header {
    /// Where it stands, at the end of references.
    pub node: NodeId,
    /// Structural hash, prose apart.
    pub hash: Hash,
    /// Name as written; compare without case.
    pub name: String,
    /// Whether it is always sent.
    pub required: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// How lists and objects are written; `simple` but for a `collectionFormat` of 2.0.
    pub style: Style,
    /// Whether objects are spread into `name=value`.
    pub explode: bool,
    /// `schema`; 2.0: the keywords of the header itself.
    pub schema: Option<SchemaId>,
    /// `content`, where the header is serialised by media type.
    pub content: Vec<MediaType>,
    /// Node of `description`, a string.
    pub description: Option<NodeId>,
}

/// Who may call: any one of the alternatives suffices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Security {
    /// The alternatives; none means open to everybody.
    pub alternatives: Vec<Alternative>,
    /// Whether the document says so (`[]` included), rather than saying nothing.
    pub declared: bool,
}

impl Security {
    /// Whether a call without credentials passes: no alternative, or an empty one.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.alternatives.iter().any(|each| each.requirements.is_empty()) || self.alternatives.is_empty()
    }
}

/// All requirements of one alternative must be met; none at all (`{}`) makes credentials optional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// Where it stands.
    pub node: NodeId,
    /// Structural hash: order of requirements and scopes apart.
    pub hash: Hash,
    /// What must be presented together, in document order.
    pub requirements: Vec<Requirement>,
}

/// Credentials of one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Where its scopes stand.
    pub node: NodeId,
    /// Name of the security scheme; 3.2: of the one that a URI leads to.
    pub scheme: String,
    /// Scopes or roles that are needed, in document order.
    pub scopes: Vec<String>,
}

/// A declared way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Where it stands, at the end of references.
    pub node: NodeId,
    /// Structural hash, prose apart.
    pub hash: Hash,
    /// Name under which requirements ask for it.
    pub name: String,
    /// What it is.
    pub kind: SchemeKind,
    /// Node of `description`, a string.
    pub description: Option<NodeId>,
    /// `deprecated` (3.2)
    pub deprecated: bool,
    /// `oauth2MetadataUrl` (3.2): where the authorization server describes itself (RFC 8414).
    pub oauth2_metadata_url: Option<String>,
}

/// What a security scheme is. 2.0's `basic` is `Http` with scheme `basic`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key in a header, query parameter or cookie.
    ApiKey {
        /// Where the key travels.
        location: Location,
        /// Name of the header, parameter or cookie.
        name: String,
    },
    /// HTTP authentication (RFC 9110 section 11).
    Http {
        /// Lower-case scheme: `basic`, `bearer`.
        scheme: String,
        /// `bearerFormat`, a hint.
        bearer_format: Option<String>,
    },
    /// OAuth 2.
    OAuth2 {
        /// The flows, in document order.
        flows: Vec<Flow>,
    },
    /// `OpenID` Connect discovery.
    OpenIdConnect {
        /// The discovery document.
        url: String,
    },
    /// A client certificate.
    MutualTls,
    /// A `type` that no version knows, as written.
    Unknown(String),
}

/// One OAuth 2 flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Where it stands.
    pub node: NodeId,
    /// Which flow.
    pub kind: FlowKind,
    /// `authorizationUrl`
    pub authorization_url: Option<String>,
    /// `tokenUrl`
    pub token_url: Option<String>,
    /// `refreshUrl`
    pub refresh_url: Option<String>,
    /// `deviceAuthorizationUrl` (3.2)
    pub device_authorization_url: Option<String>,
    /// Scope and what it allows, in document order.
    pub scopes: Vec<(String, String)>,
}

/// Which OAuth 2 flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlowKind {
    /// `implicit`
    Implicit,
    /// `password`
    Password,
    /// `clientCredentials`; 2.0 `application`.
    ClientCredentials,
    /// `authorizationCode`; 2.0 `accessCode`.
    AuthorizationCode,
    /// `deviceAuthorization` (3.2)
    DeviceAuthorization,
}

impl FlowKind {
    /// As 3.x spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Password => "password",
            Self::ClientCredentials => "clientCredentials",
            Self::AuthorizationCode => "authorizationCode",
            Self::DeviceAuthorization => "deviceAuthorization",
        }
    }
}

impl fmt::Display for FlowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A declared tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Where it stands.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// `summary` (3.2): a title for people.
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `parent` (3.2): the name of the tag above it.
    pub parent: Option<String>,
    /// `kind` (3.2): what it is for, `nav`, `badge` or `audience` among others.
    pub kind: Option<String>,
}
