//! The members of an object as callers see them: those of requests, and those of responses.
//!
//! A schema is often put together from several by `allOf` and references; here it is asked as one.
//! Alternatives (`anyOf`, `oneOf`, `if`) are not looked into: their members may be missing.
//!
//! Source: OpenAPI 3.0.4 "Fixed Fields" of the Schema Object (`readOnly`, `writeOnly`); JSON Schema
//! 2020-12 validation section 9.4.

use std::collections::{HashMap, HashSet};

use super::schema::{Annotations, Schema, SchemaId, Schemas};

/// Which way a value travels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Way {
    /// To the API: what is `readOnly` does not take part.
    Request,
    /// From the API: what is `writeOnly` does not take part.
    Response,
}

/// One member of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member<'s> {
    /// Its name.
    pub name: &'s str,
    /// The schemas that its value fulfils, all of them, as written; empty where `required` alone
    /// names it.
    pub schemas: Vec<SchemaId>,
    /// Whether it must be there.
    pub required: bool,
}

impl Schemas {
    /// The members of an object that travel this way, those of `allOf` and references included, in
    /// the order in which they are first named. A member that does not take part is not required
    /// either.
    #[must_use]
    pub fn members(&self, id: SchemaId, way: Way) -> Vec<Member<'_>> {
        let parts: Vec<&Schema> = self.parts(id).into_iter().map(|part| self.get(part)).collect();
        let declared = parts.iter().flat_map(|part| part.properties());
        let declared = declared.map(|(name, schema)| (&**name, Some(*schema)));
        let required = parts.iter().flat_map(|part| part.required()).map(|name| (&**name, None));
        let mut members: Vec<Member<'_>> = Vec::new();
        let mut places = HashMap::new();
        for (name, schema) in declared.chain(required) {
            let place = *places.entry(name).or_insert(members.len());
            if place == members.len() {
                members.push(Member { name, schemas: Vec::new(), required: false });
            }
            match schema {
                Some(schema) => members[place].schemas.push(schema),
                None => members[place].required = true,
            }
        }
        members.retain(|member| {
            !member.schemas.iter().any(|schema| match way {
                Way::Request => self.is_read_only(*schema),
                Way::Response => self.is_write_only(*schema),
            })
        });
        members
    }

    /// The schemas that hold together at this one: itself, what it refers to, and each of `allOf`,
    /// through all levels, each once.
    #[must_use]
    pub fn parts(&self, id: SchemaId) -> Vec<SchemaId> {
        let mut parts = Vec::new();
        let mut seen = HashSet::new();
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            parts.push(id);
            let schema = self.get(id);
            todo.extend(schema.all_of().iter().rev());
            todo.extend(schema.reference.as_ref().and_then(|reference| reference.target));
        }
        parts
    }

    /// Whether a value of this schema is no part of requests.
    #[must_use]
    pub fn is_read_only(&self, id: SchemaId) -> bool {
        self.notes(id, |notes| notes.read_only)
    }

    /// Whether a value of this schema is no part of responses.
    #[must_use]
    pub fn is_write_only(&self, id: SchemaId) -> bool {
        self.notes(id, |notes| notes.write_only)
    }

    fn notes(&self, id: SchemaId, says: impl Fn(&Annotations) -> bool) -> bool {
        self.parts(id).into_iter().any(|part| self.get(part).annotations.as_deref().is_some_and(&says))
    }
}
