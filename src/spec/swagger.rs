//! What 2.0 spells otherwise, read as 3.x means it.
//!
//! Host, basePath and schemes are servers; a body parameter or form parameters with `consumes` are
//! a request body; `produces` gives a response its media types; `collectionFormat` is a style.
//!
//! Source: OpenAPI 2.0 ("Swagger") specification.

use super::Hash;
use super::compile::Field;
use super::model::{Body, Encoding, Encodings, Location, MediaType, Parameter, Server, Style};
use super::read::{Effective, Reader, media_type_name};
use super::tree::{NodeId, Tree};

impl Reader<'_> {
    /// Root servers: each of `schemes` with `host` and `basePath`.
    pub(super) fn old_servers(&mut self, node: NodeId) -> Vec<Server> {
        let tree = self.tree;
        let root = NodeId::ROOT;
        let host = tree.get(root, "host");
        let base = tree.get(root, "basePath");
        let path = base.and_then(|base| tree.text(base)).unwrap_or("/");
        let schemes: Vec<NodeId> =
            tree.get(node, "schemes").map(|list| tree.items(list).to_vec()).unwrap_or_default();
        let server = |scheme: Option<NodeId>| {
            let url =
                match (host.and_then(|host| tree.text(host)), scheme.and_then(|scheme| tree.text(scheme))) {
                    (Some(host), Some(scheme)) => format!("{scheme}://{host}{path}"),
                    // 2.0: the scheme with which the document itself was fetched.
                    (Some(host), None) => format!("//{host}{path}"),
                    (None, _) => path.to_owned(),
                };
            let node = scheme.or(host).or(base).unwrap_or(root);
            Server {
                node,
                hash: Hash::default(),
                template: url.clone(),
                url,
                variables: Vec::new(),
                name: None,
                description: None,
            }
        };
        if host.is_none() || schemes.is_empty() {
            return vec![server(None)];
        }
        schemes.into_iter().map(Some).map(server).collect()
    }

    /// `schemes` of an operation override those of the root.
    pub(super) fn old_operation_servers(&mut self, operation: NodeId) -> Option<Vec<Server>> {
        self.tree.get(operation, "schemes")?;
        Some(self.old_servers(operation))
    }

    /// Effective parameters, and the body that body or form parameters make.
    pub(super) fn old_parameters(
        &mut self,
        operation: NodeId,
        lists: [Option<NodeId>; 2],
    ) -> (Vec<Parameter>, Option<Body>) {
        let tree = self.tree;
        let mut effective = Effective::default();
        let mut body = None;
        let mut fields: Vec<Field> = Vec::new();
        for (_, node) in self.parameter_nodes(lists) {
            match tree.text_of(node, "in") {
                Some("body") => body = Some(node),
                Some("formData") => {
                    let Some(name) = tree.text_of(node, "name") else {
                        continue;
                    };
                    if !self.spend(size_of::<Encoding>() + name.len(), node) {
                        break;
                    }
                    fields.push((name.to_owned(), node, tree.is_true(node, "required")));
                }
                _ => {
                    if let Some(parameter) = self.old_parameter(node) {
                        effective.add(parameter);
                    }
                }
            }
        }
        let body = match body {
            Some(node) => self.old_body(operation, node),
            None if fields.is_empty() => None,
            None => self.old_form(operation, &last_of_each(fields)),
        };
        (effective.parameters, body)
    }

    fn old_parameter(&mut self, node: NodeId) -> Option<Parameter> {
        let tree = self.tree;
        let name = tree.text_of(node, "name")?;
        let location = Location::named(tree.text_of(node, "in")?)?;
        self.spend(size_of::<Parameter>() + name.len(), node).then_some(())?;
        let is_simple = matches!(location, Location::Path | Location::Header);
        let default = if is_simple { Style::Simple } else { Style::Form };
        let (style, explode) = collection(tree, node, (default, !is_simple));
        Some(Parameter {
            node,
            hash: Hash::default(),
            name: name.into(),
            location,
            required: location == Location::Path || tree.is_true(node, "required"),
            deprecated: false,
            allow_empty: location == Location::Query && tree.is_true(node, "allowEmptyValue"),
            style,
            explode,
            allow_reserved: false,
            schema: Some(self.wanted.parameter_schema(node)),
            content: Vec::new(),
            description: tree.text_node(node, "description"),
        })
    }

    fn old_body(&mut self, operation: NodeId, node: NodeId) -> Option<Body> {
        let tree = self.tree;
        let consumes = self.media_types(operation, "consumes");
        self.spend(128, node).then_some(())?;
        let schema = tree.get(node, "schema").map(|schema| self.wanted.schema(schema));
        let content =
            consumes.iter().map(|(name, at)| media(name.clone(), at.unwrap_or(node), schema)).collect();
        Some(Body {
            node,
            hash: Hash::default(),
            required: tree.is_true(node, "required"),
            content,
            description: tree.text_node(node, "description"),
        })
    }

    fn old_form(&mut self, operation: NodeId, fields: &[Field]) -> Option<Body> {
        let tree = self.tree;
        let (_, node, _) = *fields.first()?;
        let has_file = fields.iter().any(|(_, node, _)| tree.text_of(*node, "type") == Some("file"));
        let mut forms = self.media_types(operation, "consumes");
        forms.retain(|(name, _)| {
            name.starts_with("multipart/")
                || (!has_file && name.starts_with("application/x-www-form-urlencoded"))
        });
        if forms.is_empty() {
            let name = if has_file { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
            forms.push((name.into(), None));
        }
        let schema = self.wanted.form_schema(node, fields);
        let named: Vec<Encoding> = fields.iter().filter_map(|field| field_encoding(tree, field)).collect();
        let content = forms.into_iter().map(|(name, at)| MediaType {
            encodings: Encodings { named: named.clone(), ..Encodings::default() },
            ..media(name, at.unwrap_or(node), Some(schema))
        });
        let content = content.collect();
        let required = fields.iter().any(|(_, _, required)| *required);
        Some(Body { node, hash: Hash::default(), required, content, description: None })
    }

    /// Content of a response: its schema in each of the media types produced.
    pub(super) fn old_content(
        &mut self,
        response: NodeId,
        produces: &[(String, Option<NodeId>)],
    ) -> Vec<MediaType> {
        let Some(schema) = self.tree.get(response, "schema") else {
            return Vec::new();
        };
        let id = Some(self.wanted.schema(schema));
        let cost = produces.iter().map(|(name, _)| 128 + name.len()).sum();
        if !self.spend(cost, response) {
            return Vec::new();
        }
        produces.iter().map(|(name, node)| media(name.clone(), node.unwrap_or(response), id)).collect()
    }

    /// Media types that an operation consumes or produces, its own or the root's, and where they
    /// are said; `*/*` where nobody says any.
    pub(super) fn media_types(&mut self, operation: NodeId, key: &str) -> Vec<(String, Option<NodeId>)> {
        let tree = self.tree;
        let list = tree.get(operation, key).or_else(|| tree.get(NodeId::ROOT, key));
        let items = list.map_or(&[][..], |list| tree.items(list));
        if !self.spend(items.len() * 64, operation) {
            return Vec::new();
        }
        let named = items.iter().filter_map(|item| Some((media_type_name(tree.text(*item)?), Some(*item))));
        let mut names: Vec<(String, Option<NodeId>)> = named.collect();
        if names.is_empty() {
            names.push(("*/*".into(), None));
        }
        names
    }
}

fn media(name: String, node: NodeId, schema: Option<super::schema::SchemaId>) -> MediaType {
    MediaType {
        node,
        hash: Hash::default(),
        name,
        schema,
        item_schema: None,
        encodings: Encodings::default(),
    }
}

/// How a list is written by `collectionFormat`. What is no list is written as 3.x does by default.
pub(super) fn collection(tree: &Tree, node: NodeId, default: (Style, bool)) -> (Style, bool) {
    if tree.text_of(node, "type") != Some("array") {
        return default;
    }
    match tree.text_of(node, "collectionFormat") {
        // Only queries and forms can name a field twice.
        Some("multi") if default.0 == Style::Form => (Style::Form, true),
        Some("ssv") => (Style::SpaceDelimited, false),
        Some("tsv") => (Style::TabDelimited, false),
        Some("pipes") => (Style::PipeDelimited, false),
        _ => (default.0, false),
    }
}

/// How 3.x would say that a list is written otherwise than field by field.
fn field_encoding(tree: &Tree, (name, node, _): &Field) -> Option<Encoding> {
    let (style, explode) = collection(tree, *node, (Style::Form, true));
    (style != Style::Form || !explode).then(|| Encoding {
        node: *node,
        name: name.clone(),
        content_types: Vec::new(),
        headers: Vec::new(),
        style: Some(style),
        explode,
        allow_reserved: false,
        nested: Encodings::default(),
    })
}

/// Fields of the operation override those of its path.
fn last_of_each(fields: Vec<Field>) -> Vec<Field> {
    let mut places = std::collections::HashMap::new();
    let mut kept: Vec<Field> = Vec::new();
    for field in fields {
        match places.get(&field.0) {
            Some(place) => {
                let place: usize = *place;
                kept[place] = field;
            }
            None => {
                places.insert(field.0.clone(), kept.len());
                kept.push(field);
            }
        }
    }
    kept
}
