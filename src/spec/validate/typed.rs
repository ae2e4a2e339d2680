//! The second reader: whether `openapiv3`, which types every part of a 3.0 document, takes it.
//!
//! Its own error names the end of an enclosing object and nothing else. So the parts are offered
//! to it one by one, from the outside in, until the smallest part that it refuses is found.

use openapiv3::{
    Components, Info, MediaType, OpenAPI, Operation, Parameter, PathItem, ReferenceOr, RequestBody, Response,
    Schema, SecurityScheme, Server, Tag,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::tree::{Kind, NodeId, Tree};
use super::super::{Document, Fault, Severity, value};

/// Parts that are named of one document at most.
const MOST: usize = 20;

/// The parts of a document that the typed reader refuses.
pub(super) fn judge(document: &Document, value: &Value) -> Vec<Fault> {
    let Err(error) = <OpenAPI as serde::Deserialize>::deserialize(value) else { return Vec::new() };
    let mut search = Search { tree: document.tree(), found: Vec::new() };
    search.descend(NodeId::ROOT, Part::Document);
    if search.found.is_empty() {
        search.found.push((NodeId::ROOT, error.to_string()));
    }
    search
        .found
        .into_iter()
        .map(|(node, error)| Fault {
            rule: "typed-reader-refuses",
            severity: Severity::Warning,
            message: format!(
                "strictly typed readers refuse this part: {}",
                error.chars().take(160).collect::<String>()
            ),
            node,
            help: "Clients and generators with typed models fail here: bring it to the letter of OpenAPI 3.0.",
        })
        .collect()
}

/// What a part is to the typed reader.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Document,
    Info,
    Server,
    Tag,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Schema,
    SecurityScheme,
}

struct Search<'d> {
    tree: &'d Tree,
    found: Vec<(NodeId, String)>,
}

impl Search<'_> {
    /// Names the smallest refused parts below one that is refused. Recursion is bounded by the
    /// depth of the tree.
    fn descend(&mut self, node: NodeId, part: Part) {
        let before = self.found.len();
        for (child, kind) in self.children(node, part) {
            if self.found.len() >= MOST {
                return;
            }
            if self.refusal(child, kind).is_some() {
                self.descend(child, kind);
            }
        }
        if self.found.len() == before
            && let Some(error) = self.refusal(node, part)
        {
            self.found.push((node, error));
        }
    }

    fn refusal(&self, node: NodeId, part: Part) -> Option<String> {
        let value = value::value(self.tree, node);
        match part {
            Part::Document => refused::<OpenAPI>(value),
            Part::Info => refused::<Info>(value),
            Part::Server => refused::<Server>(value),
            Part::Tag => refused::<Tag>(value),
            Part::Components => refused::<Components>(value),
            Part::PathItem => refused::<ReferenceOr<PathItem>>(value),
            Part::Operation => refused::<Operation>(value),
            Part::Parameter => refused_part::<Parameter>(value),
            Part::RequestBody => refused_part::<RequestBody>(value),
            Part::Response => refused_part::<Response>(value),
            Part::Header => refused_part::<openapiv3::Header>(value),
            Part::MediaType => refused::<MediaType>(value),
            Part::Schema => refused_part::<Schema>(value),
            Part::SecurityScheme => refused_part::<SecurityScheme>(value),
        }
    }

    fn children(&self, node: NodeId, part: Part) -> Vec<(NodeId, Part)> {
        let mut found = Vec::new();
        let mut one =
            |key: &str, part: Part| found.extend(self.tree.get(node, key).map(|child| (child, part)));
        match part {
            Part::Document => {
                one("info", Part::Info);
                one("components", Part::Components);
            }
            Part::Operation => one("requestBody", Part::RequestBody),
            Part::Parameter | Part::Header | Part::MediaType => one("schema", Part::Schema),
            Part::Schema => {
                for key in ["items", "additionalProperties", "not"] {
                    one(key, Part::Schema);
                }
            }
            _ => {}
        }
        let lists_and_maps: &[(&str, Part)] = match part {
            Part::Document => &[("servers", Part::Server), ("tags", Part::Tag), ("paths", Part::PathItem)],
            Part::Components => &[
                ("schemas", Part::Schema),
                ("parameters", Part::Parameter),
                ("responses", Part::Response),
                ("requestBodies", Part::RequestBody),
                ("headers", Part::Header),
                ("securitySchemes", Part::SecurityScheme),
            ],
            Part::PathItem => &[("parameters", Part::Parameter), ("servers", Part::Server)],
            Part::Operation => {
                &[("parameters", Part::Parameter), ("responses", Part::Response), ("servers", Part::Server)]
            }
            Part::Parameter | Part::RequestBody => &[("content", Part::MediaType)],
            Part::Response => &[("content", Part::MediaType), ("headers", Part::Header)],
            Part::Schema => &[
                ("properties", Part::Schema),
                ("allOf", Part::Schema),
                ("anyOf", Part::Schema),
                ("oneOf", Part::Schema),
            ],
            _ => &[],
        };
        for (key, part) in lists_and_maps {
            let Some(container) = self.tree.get(node, key) else { continue };
            found.extend(self.tree.items(container).iter().map(|child| (*child, *part)));
            let members = self.tree.members(container).filter(|(key, _)| !key.starts_with("x-"));
            found.extend(members.map(|(_, child)| (child, *part)));
        }
        if part == Part::PathItem {
            let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
            found.extend(
                methods.iter().filter_map(|method| Some((self.tree.get(node, method)?, Part::Operation))),
            );
        }
        found.retain(|(child, _)| self.tree.kind(*child) == Kind::Object);
        found
    }
}

fn refused<T: DeserializeOwned>(value: Value) -> Option<String> {
    T::deserialize(value).err().map(|error| error.to_string())
}

/// A part that may be a reference is judged without that choice, whose error says nothing.
fn refused_part<T: DeserializeOwned>(value: Value) -> Option<String> {
    if value.get("$ref").is_some_and(Value::is_string) { None } else { refused::<T>(value) }
}
