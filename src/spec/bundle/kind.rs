//! What stands where in an OpenAPI document, as far as a reference's place says what it leads to.
//!
//! It says nothing about what is data; that is for `refs.rs`.
//!
//! Source: OpenAPI 3.2.0 section 4, and 2.0 "Schema".

use crate::spec::Dialect;
use crate::spec::refs::Place;

/// What has a home of its own in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Home {
    Schema,
    Response,
    Parameter,
    Example,
    Body,
    Header,
    Scheme,
    Link,
    Callback,
    PathItem,
}

impl Home {
    /// The homes that a version has, in the order of the specification.
    pub(super) fn of(dialect: Dialect) -> &'static [Self] {
        const ALL: [Home; 10] = [
            Home::Schema,
            Home::Response,
            Home::Parameter,
            Home::Example,
            Home::Body,
            Home::Header,
            Home::Scheme,
            Home::Link,
            Home::Callback,
            Home::PathItem,
        ];
        match dialect {
            Dialect::V20 => &ALL[..3],
            Dialect::V30 => &ALL[..9],
            Dialect::V31 | Dialect::V32 => &ALL,
        }
    }

    /// The keys that lead to it from the root.
    pub(super) fn path(self, dialect: Dialect) -> &'static [&'static str] {
        match (self, dialect) {
            (Self::Schema, Dialect::V20) => &["definitions"],
            (Self::Response, Dialect::V20) => &["responses"],
            (Self::Parameter, Dialect::V20) => &["parameters"],
            (Self::Schema, _) => &["components", "schemas"],
            (Self::Response, _) => &["components", "responses"],
            (Self::Parameter, _) => &["components", "parameters"],
            (Self::Example, _) => &["components", "examples"],
            (Self::Body, _) => &["components", "requestBodies"],
            (Self::Header, _) => &["components", "headers"],
            (Self::Scheme, _) => &["components", "securitySchemes"],
            (Self::Link, _) => &["components", "links"],
            (Self::Callback, _) => &["components", "callbacks"],
            (Self::PathItem, _) => &["components", "pathItems"],
        }
    }
}

/// What a value is by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// The document.
    Root,
    /// The Components Object.
    Components,
    /// One of these, or a list of them.
    One(Home),
    /// These by name.
    Map(Home),
    /// Examples by name.
    Examples,
    Operation,
    Operations,
    Media,
    MediaTypes,
    Encoding,
    Encodings,
    Discriminator,
    /// A discriminator's mapping.
    Mapping,
    /// A value of it.
    Mapped,
    /// What stands in an extension.
    Extension,
    /// Whatever has neither a home nor anything below it that has.
    Other,
}

impl Spot {
    /// What a member is of an object whose keys are words of the specification.
    pub(super) fn below(self, key: &str, dialect: Dialect) -> Self {
        use Home::{Body, Callback, Header, Link, Parameter, PathItem, Response, Schema, Scheme};
        match self {
            Self::Root => match key {
                "paths" | "webhooks" => Self::Map(PathItem),
                "components" => Self::Components,
                "definitions" => Self::Map(Schema),
                "parameters" => Self::Map(Parameter),
                "responses" => Self::Map(Response),
                _ => Self::Other,
            },
            Self::Components => match key {
                "schemas" => Self::Map(Schema),
                "responses" => Self::Map(Response),
                "parameters" => Self::Map(Parameter),
                "examples" => Self::Examples,
                "requestBodies" => Self::Map(Body),
                "headers" => Self::Map(Header),
                "securitySchemes" => Self::Map(Scheme),
                "links" => Self::Map(Link),
                "callbacks" => Self::Map(Callback),
                "pathItems" => Self::Map(PathItem),
                "mediaTypes" => Self::MediaTypes,
                _ => Self::Other,
            },
            Self::One(PathItem) => match key {
                "parameters" => Self::One(Parameter),
                "additionalOperations" => Self::Operations,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query" => {
                    Self::Operation
                }
                _ => Self::Other,
            },
            Self::Operation => match key {
                "parameters" => Self::One(Parameter),
                "requestBody" => Self::One(Body),
                "responses" => Self::Map(Response),
                "callbacks" => Self::Map(Callback),
                _ => Self::Other,
            },
            Self::One(Parameter | Header | Body | Response) | Self::Media => match key {
                "schema" | "itemSchema" => Self::One(Schema),
                "content" => Self::MediaTypes,
                "headers" => Self::Map(Header),
                "links" => Self::Map(Link),
                "examples" => Self::Examples,
                "encoding" => Self::Encodings,
                "itemEncoding" | "prefixEncoding" => Self::Encoding,
                _ => Self::Other,
            },
            Self::Encoding => match key {
                "headers" => Self::Map(Header),
                "encoding" => Self::Encodings,
                "itemEncoding" | "prefixEncoding" => Self::Encoding,
                _ => Self::Other,
            },
            Self::One(Schema) => match key {
                "properties" | "patternProperties" | "definitions" | "$defs" | "dependentSchemas" => {
                    Self::Map(Schema)
                }
                "items"
                | "prefixItems"
                | "additionalItems"
                | "unevaluatedItems"
                | "contains"
                | "additionalProperties"
                | "unevaluatedProperties"
                | "propertyNames"
                | "allOf"
                | "anyOf"
                | "oneOf"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contentSchema" => Self::One(Schema),
                "discriminator" if dialect > Dialect::V20 => Self::Discriminator,
                _ => Self::Other,
            },
            Self::Discriminator if key == "mapping" => Self::Mapping,
            // Its keys are expressions.
            Self::One(Callback) if !key.starts_with("x-") => Self::One(PathItem),
            _ => Self::Other,
        }
    }

    /// What a member is of an object whose keys are names.
    pub(super) const fn member(self) -> Self {
        match self {
            Self::Map(home) => Self::One(home),
            Self::Operations => Self::Operation,
            Self::MediaTypes => Self::Media,
            Self::Encodings => Self::Encoding,
            Self::Mapping => Self::Mapped,
            _ => Self::Other,
        }
    }

    /// Where a target of a reference belongs that stands here.
    pub(super) fn home(self, dialect: Dialect) -> Option<Home> {
        match self {
            Self::One(home) => Home::of(dialect).contains(&home).then_some(home),
            _ => None,
        }
    }

    /// Whether what stands beside `$ref` has effect beside what it leads to.
    pub(super) const fn keeps_siblings(self) -> bool {
        matches!(self, Self::One(Home::PathItem) | Self::Components | Self::Examples)
    }

    /// Whether `$ref` is a reference here: among names it is one where the names are those of parts.
    pub(super) fn may_refer(self, place: Place) -> bool {
        match place {
            Place::Object => self != Self::Root,
            Place::Names => !matches!(self, Self::Mapping | Self::Other),
            Place::Examples => true,
        }
    }
}
