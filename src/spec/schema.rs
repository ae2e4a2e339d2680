//! One Schema Object in JSON Schema 2020-12 terms, whatever version of OpenAPI it was written in.
//!
//! It is not a validator: it says what is demanded, not whether a value fulfils it. Older
//! spellings (`nullable`, boolean exclusive bounds, `type: file`, siblings of `$ref`) are already
//! translated; what has no effect in the document's own version is not here.
//!
//! Source: JSON Schema 2020-12 core and validation; OpenAPI 2.0, 3.0.4, 3.1.1 "Schema Object".

use std::fmt;
use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Hash;
use super::tree::NodeId;

/// A schema of one document; meaningless in another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SchemaId(NonZeroU32);

impl SchemaId {
    pub(crate) fn from_index(index: usize) -> Self {
        // Schemas are fewer than the nodes of the tree, and those are counted in 32 bits.
        let number = u32::try_from(index).unwrap_or(u32::MAX - 1);
        Self(NonZeroU32::MIN.saturating_add(number))
    }

    pub(crate) const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A JSON type, as `type` names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Type {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`: a number without a fraction, `1.0` among them.
    Integer,
    /// `number`, which includes the integers.
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Type {
    /// All types, in the order of a [`TypeSet`].
    pub const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The type that `name` names in JSON Schema.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }

    /// The name of this type in JSON Schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of JSON types: what `type` demands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TypeSet(u8);

impl TypeSet {
    /// No type: nothing passes.
    pub const NONE: Self = Self(0);

    /// Whether `kind` itself is named. `integer` is not contained in `{number}`: see [`Self::accepts`].
    #[must_use]
    pub const fn contains(self, kind: Type) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Whether every value of `kind` passes; `{number}` accepts integers.
    #[must_use]
    pub const fn accepts(self, kind: Type) -> bool {
        self.contains(kind) || (matches!(kind, Type::Integer) && self.contains(Type::Number))
    }

    /// This set and `kind`.
    #[must_use]
    pub const fn with(self, kind: Type) -> Self {
        Self(self.0 | (1 << kind as u8))
    }

    /// This set without `kind`.
    #[must_use]
    pub const fn without(self, kind: Type) -> Self {
        Self(self.0 & !(1 << kind as u8))
    }

    /// The set as a number, for hashing.
    pub(crate) const fn bits(self) -> u64 {
        self.0 as u64
    }

    /// Whether no type is named.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many types are named.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The types named, in the order of [`Type::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Type> {
        Type::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }

    /// The set in which `{integer, number}` is spelt `{number}`, so that equal demands are equal.
    #[must_use]
    pub const fn normal(self) -> Self {
        if self.contains(Type::Number) { self.without(Type::Integer) } else { self }
    }
}

impl FromIterator<Type> for TypeSet {
    fn from_iter<I: IntoIterator<Item = Type>>(types: I) -> Self {
        types.into_iter().fold(Self::NONE, Self::with)
    }
}

/// `string`, or `string, null`.
impl fmt::Display for TypeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, kind) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            f.write_str(kind.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for TypeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// A number of the document, exact: the text is kept as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Number {
    /// Where it stands.
    pub node: NodeId,
    /// As written in the document, in JSON's grammar: `18446744073709551616`, `1.50`, `1e3`.
    pub text: Box<str>,
}

/// `$ref` of a schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The schema it leads to; `None` where it leads nowhere or out of the document.
    pub target: Option<SchemaId>,
    /// As written: `#/components/schemas/Pet`.
    pub text: Box<str>,
    /// Where the `$ref` value stands.
    pub node: NodeId,
}

/// `discriminator`: which alternative a value means to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Discriminator {
    /// Where it stands.
    pub node: NodeId,
    /// The property that names the alternative.
    pub property: Box<str>,
    /// Value of the property, and the alternative it means, in document order. Beside these the
    /// name of each component means its schema.
    pub mapping: Box<[(Arc<str>, Choice)]>,
    /// `defaultMapping` (3.2): the alternative of values that are missing or mean none.
    pub default: Option<Choice>,
}

impl Discriminator {
    /// The mapping without what the names of components say anyway.
    pub fn told(&self) -> impl Iterator<Item = (&str, &Choice)> {
        let told = self.mapping.iter().filter(|(value, choice)| choice.name.as_deref() != Some(value));
        told.map(|(value, choice)| (&**value, choice))
    }
}

/// One alternative of a discriminator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The name or reference as written.
    pub text: Box<str>,
    /// The schema; `None` where the text leads nowhere or out of the document.
    pub schema: Option<SchemaId>,
    /// The name of the component that it is.
    pub name: Option<Box<str>>,
}

impl Choice {
    /// What is meant, however it is written: the component's name, else the text.
    #[must_use]
    pub fn meaning(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.text)
    }
}

/// `xml`: how values are written where the media type is XML.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Xml {
    /// Where it stands.
    pub node: NodeId,
    /// `name` of the element or attribute.
    pub name: Option<Box<str>>,
    /// `namespace`
    pub namespace: Option<Box<str>>,
    /// `prefix`
    pub prefix: Option<Box<str>>,
    /// `nodeType` (3.2), `attribute` and `wrapped`, where it is not what the type makes usual: no
    /// node of its own for lists, else an element.
    pub kind: Option<XmlNode>,
}

impl Xml {
    /// Whether it says nothing that is not usual.
    pub(crate) const fn is_usual(&self) -> bool {
        self.name.is_none() && self.namespace.is_none() && self.prefix.is_none() && self.kind.is_none()
    }
}

/// What a value becomes in XML.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum XmlNode {
    /// `element`; `wrapped` of a list.
    Element,
    /// `attribute`
    Attribute,
    /// `text`
    Text,
    /// `cdata`
    Cdata,
    /// `none`: what is inside stands in the parent.
    Nothing,
}

impl XmlNode {
    /// The kind that `nodeType` names.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Element, Self::Attribute, Self::Text, Self::Cdata, Self::Nothing];
        all.into_iter().find(|each| each.name() == name)
    }

    /// As `nodeType` spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Element => "element",
            Self::Attribute => "attribute",
            Self::Text => "text",
            Self::Cdata => "cdata",
            Self::Nothing => "none",
        }
    }
}

/// Keywords that speak of numbers.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Numbers {
    pub(crate) minimum: Option<Number>,
    pub(crate) maximum: Option<Number>,
    pub(crate) exclusive_minimum: Option<Number>,
    pub(crate) exclusive_maximum: Option<Number>,
    pub(crate) multiple_of: Option<Number>,
}

/// Keywords that speak of strings; `format` speaks of numbers too.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Strings {
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) pattern: Option<Box<str>>,
    pub(crate) format: Option<Box<str>>,
    pub(crate) content_encoding: Option<Box<str>>,
    pub(crate) content_media_type: Option<Box<str>>,
}

/// Keywords that speak of arrays.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Arrays {
    pub(crate) items: Option<SchemaId>,
    pub(crate) prefix_items: Box<[SchemaId]>,
    pub(crate) contains: Option<SchemaId>,
    pub(crate) min_contains: Option<u64>,
    pub(crate) max_contains: Option<u64>,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) unique: bool,
    pub(crate) unevaluated: Option<SchemaId>,
}

/// A property, and those that must be there when it is.
pub type Dependents = (Arc<str>, Box<[Arc<str>]>);

/// Keywords that speak of objects.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Objects {
    pub(crate) properties: Box<[(Arc<str>, SchemaId)]>,
    pub(crate) required: Box<[Arc<str>]>,
    pub(crate) additional: Option<SchemaId>,
    pub(crate) pattern_properties: Box<[(Arc<str>, SchemaId)]>,
    pub(crate) property_names: Option<SchemaId>,
    pub(crate) min_properties: Option<u64>,
    pub(crate) max_properties: Option<u64>,
    pub(crate) dependent_required: Box<[Dependents]>,
    pub(crate) dependent_schemas: Box<[(Arc<str>, SchemaId)]>,
    pub(crate) unevaluated: Option<SchemaId>,
}

/// Keywords that combine other schemas.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Combined {
    pub(crate) all_of: Box<[SchemaId]>,
    pub(crate) any_of: Option<Box<[SchemaId]>>,
    pub(crate) one_of: Option<Box<[SchemaId]>>,
    pub(crate) not: Option<SchemaId>,
    pub(crate) if_schema: Option<SchemaId>,
    pub(crate) then_schema: Option<SchemaId>,
    pub(crate) else_schema: Option<SchemaId>,
    pub(crate) discriminator: Option<Discriminator>,
}

/// Keywords that demand nothing of a value.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Annotations {
    pub(crate) title: Option<NodeId>,
    pub(crate) description: Option<NodeId>,
    pub(crate) default: Option<NodeId>,
    pub(crate) examples: Box<[NodeId]>,
    pub(crate) extensible_enum: Option<NodeId>,
    pub(crate) xml: Option<Box<Xml>>,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) deprecated: bool,
}

/// One schema: a place in the document, and the [`Keywords`] that stand there.
#[derive(Clone, PartialEq, Debug)]
pub struct Schema {
    /// Where it stands.
    pub node: NodeId,
    /// Structural hash, prose apart: equal hashes mean equal demands, through references and
    /// cycles, across documents and versions of OpenAPI.
    pub hash: Hash,
    /// What walks over many schemas ask of each, told without a look at its keywords.
    pub(crate) marks: Marks,
    /// Shared by schemas that are written alike: five of six are another one's double, such as
    /// `{"type": "string"}`.
    pub(crate) keywords: Arc<Keywords>,
}

/// What keywords come to in short.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Marks(u8);

impl Marks {
    /// `readOnly`
    pub(crate) const READ_ONLY: u8 = 1;
    /// `writeOnly`
    pub(crate) const WRITE_ONLY: u8 = 2;
    /// `$ref` or `allOf`: what they lead to is said of the same value.
    pub(crate) const JOINED: u8 = 4;
    /// Other schemas may stand below, or be referred to.
    pub(crate) const HOLDING: u8 = 8;

    pub(crate) fn of(keywords: &Keywords) -> Self {
        let is_joined = keywords.reference.is_some() || !keywords.all_of().is_empty();
        let marks = [
            (Self::READ_ONLY, keywords.read_only()),
            (Self::WRITE_ONLY, keywords.write_only()),
            (Self::JOINED, is_joined),
            (Self::HOLDING, !keywords.is_leaf()),
        ];
        Self(marks.into_iter().filter(|(_, is)| *is).map(|(mark, _)| mark).sum())
    }

    pub(crate) const fn has(self, mark: u8) -> bool {
        self.0 & mark != 0
    }
}

impl Deref for Schema {
    type Target = Keywords;

    fn deref(&self) -> &Keywords {
        &self.keywords
    }
}

/// What a schema says. A keyword that is absent, or has no effect in the document's version,
/// answers `None`, an empty slice or `false`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Keywords {
    /// `Some` for the schemas `true` (all passes) and `false` (nothing passes).
    pub bool_schema: Option<bool>,
    /// `$ref`. In 2.0 and 3.0 nothing stands beside it; from 3.1 on other keywords may.
    pub reference: Option<Box<Reference>>,
    /// `type`, `null` among it where the schema is nullable; `None` lets all types pass.
    pub types: Option<TypeSet>,
    /// `enum`: the values, as nodes of the document.
    pub enum_values: Option<Box<[NodeId]>>,
    /// `const`
    pub const_value: Option<NodeId>,
    pub(crate) numbers: Option<Box<Numbers>>,
    pub(crate) strings: Option<Box<Strings>>,
    pub(crate) arrays: Option<Box<Arrays>>,
    pub(crate) objects: Option<Box<Objects>>,
    pub(crate) combined: Option<Box<Combined>>,
    pub(crate) annotations: Option<Box<Annotations>>,
    /// Keywords that this model does not decide (`$dynamicRef`, `contentSchema`, unknown words),
    /// with their values; `x-` extensions and prose are not among them.
    pub other: Box<[(Arc<str>, NodeId)]>,
}

macro_rules! keywords {
    ($($group:ident { $($(#[$doc:meta])* $name:ident -> $kind:ty = $field:ident $how:tt;)* })*) => {
        impl Keywords { $($(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> $kind { keywords!(@ $how self.$group, $field) }
        )*)* }
    };
    (@ copy $self:ident.$group:ident, $field:ident) => { $self.$group.as_ref().and_then(|group| group.$field) };
    (@ borrow $self:ident.$group:ident, $field:ident) => { $self.$group.as_ref().and_then(|group| group.$field.as_ref()) };
    (@ deref $self:ident.$group:ident, $field:ident) => { $self.$group.as_ref().and_then(|group| group.$field.as_deref()) };
    (@ slice $self:ident.$group:ident, $field:ident) => { $self.$group.as_ref().map_or(&[], |group| &group.$field) };
    (@ flag $self:ident.$group:ident, $field:ident) => { $self.$group.as_ref().is_some_and(|group| group.$field) };
}

keywords! {
    numbers {
        /// `minimum`, inclusive.
        minimum -> Option<&Number> = minimum borrow;
        /// `maximum`, inclusive.
        maximum -> Option<&Number> = maximum borrow;
        /// `exclusiveMinimum` as a number (3.0's boolean form is translated).
        exclusive_minimum -> Option<&Number> = exclusive_minimum borrow;
        /// `exclusiveMaximum` as a number (3.0's boolean form is translated).
        exclusive_maximum -> Option<&Number> = exclusive_maximum borrow;
        /// `multipleOf`
        multiple_of -> Option<&Number> = multiple_of borrow;
    }
    strings {
        /// `minLength`, in code points.
        min_length -> Option<u64> = min_length copy;
        /// `maxLength`, in code points.
        max_length -> Option<u64> = max_length copy;
        /// `pattern`: an ECMA-262 regular expression, not anchored.
        pattern -> Option<&str> = pattern deref;
        /// `format`; `type: file` of 2.0 is a string of format `binary`.
        format -> Option<&str> = format deref;
        /// `contentEncoding`
        content_encoding -> Option<&str> = content_encoding deref;
        /// `contentMediaType`
        content_media_type -> Option<&str> = content_media_type deref;
    }
    arrays {
        /// `items`: the schema of the items after `prefixItems`.
        items -> Option<SchemaId> = items copy;
        /// `prefixItems`
        prefix_items -> &[SchemaId] = prefix_items slice;
        /// `contains`
        contains -> Option<SchemaId> = contains copy;
        /// `minContains`
        min_contains -> Option<u64> = min_contains copy;
        /// `maxContains`
        max_contains -> Option<u64> = max_contains copy;
        /// `minItems`
        min_items -> Option<u64> = min_items copy;
        /// `maxItems`
        max_items -> Option<u64> = max_items copy;
        /// `uniqueItems`
        unique -> bool = unique flag;
        /// `unevaluatedItems`
        unevaluated_items -> Option<SchemaId> = unevaluated copy;
    }
    objects {
        /// `properties`, in document order.
        properties -> &[(Arc<str>, SchemaId)] = properties slice;
        /// `required`, in document order, each name once.
        required -> &[Arc<str>] = required slice;
        /// `additionalProperties`; absent is the same as `true`.
        additional -> Option<SchemaId> = additional copy;
        /// `patternProperties`, in document order.
        pattern_properties -> &[(Arc<str>, SchemaId)] = pattern_properties slice;
        /// `propertyNames`
        property_names -> Option<SchemaId> = property_names copy;
        /// `minProperties`
        min_properties -> Option<u64> = min_properties copy;
        /// `maxProperties`
        max_properties -> Option<u64> = max_properties copy;
        /// `dependentRequired`
        dependent_required -> &[Dependents] = dependent_required slice;
        /// `dependentSchemas`
        dependent_schemas -> &[(Arc<str>, SchemaId)] = dependent_schemas slice;
        /// `unevaluatedProperties`
        unevaluated_properties -> Option<SchemaId> = unevaluated copy;
    }
    combined {
        /// `allOf`
        all_of -> &[SchemaId] = all_of slice;
        /// `anyOf`; `Some` of an empty slice lets nothing pass.
        any_of -> Option<&[SchemaId]> = any_of deref;
        /// `oneOf`; `Some` of an empty slice lets nothing pass.
        one_of -> Option<&[SchemaId]> = one_of deref;
        /// `not`
        not -> Option<SchemaId> = not copy;
        /// `if`
        if_schema -> Option<SchemaId> = if_schema copy;
        /// `then`
        then_schema -> Option<SchemaId> = then_schema copy;
        /// `else`
        else_schema -> Option<SchemaId> = else_schema copy;
        /// `discriminator`
        discriminator -> Option<&Discriminator> = discriminator borrow;
    }
    annotations {
        /// Node of `title`.
        title -> Option<NodeId> = title copy;
        /// Node of `description`.
        description -> Option<NodeId> = description copy;
        /// Node of `default`.
        default -> Option<NodeId> = default copy;
        /// Nodes of `example` and of each of `examples`.
        examples -> &[NodeId] = examples slice;
        /// Node of `x-extensible-enum`: values that may be joined by others later.
        extensible_enum -> Option<NodeId> = extensible_enum copy;
        /// `xml`
        xml -> Option<&Xml> = xml deref;
        /// `readOnly`: no part of requests.
        read_only -> bool = read_only flag;
        /// `writeOnly`: no part of responses.
        write_only -> bool = write_only flag;
        /// `deprecated`
        deprecated -> bool = deprecated flag;
    }
}

/// Looks properties of one schema up, one after the other; no name is declared twice.
#[derive(Clone, Debug)]
pub struct Lookup<'s> {
    all: &'s [(Arc<str>, SchemaId)],
    /// The one that was found last: the next stands mostly near it, as many are asked for in the order in which they
    /// are declared, or the other way round. At first it is none: the greatest number, which the first place follows.
    last: usize,
    /// How far names were looked for in all, those beside the last apart.
    passed: usize,
    /// By name, once looking through them has cost as much as this does.
    by_name: Option<FxHashMap<&'s str, usize>>,
}

/// Looking through all properties so often costs as much as putting them in a table.
const OFTEN: usize = 8;

impl Lookup<'_> {
    /// The schema of property `name`.
    pub fn get(&mut self, name: &str) -> Option<SchemaId> {
        let at = match &self.by_name {
            None => self.find(name)?,
            Some(known) => *known.get(name)?,
        };
        self.last = at;
        Some(self.all[at].1)
    }

    /// Looks through the properties, from the one that was found last to both ends.
    fn find(&mut self, name: &str) -> Option<usize> {
        let (all, last) = (self.all, self.last);
        let is_it = |at: &usize| all.get(*at).is_some_and(|(each, _)| &**each == name);
        let near = [last.wrapping_add(1), last.wrapping_sub(1)].into_iter().find(is_it);
        if near.is_some() {
            return near;
        }
        let mut both = (0..=all.len()).map(|far| [last.wrapping_add(far), last.wrapping_sub(far)]);
        let mut passed = 0;
        let found = both.find_map(|two| {
            passed += 1;
            two.into_iter().find(is_it)
        });
        self.passed += passed;
        if self.passed > all.len() * OFTEN {
            self.by_name = Some(all.iter().enumerate().map(|(at, (each, _))| (&**each, at)).collect());
        }
        found
    }
}

impl Keywords {
    /// The schema of property `name`.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<SchemaId> {
        self.properties().iter().find(|(each, _)| &**each == name).map(|(_, id)| *id)
    }

    /// For looking up several properties.
    #[must_use]
    pub fn lookup(&self) -> Lookup<'_> {
        Lookup { all: self.properties(), last: usize::MAX, passed: 0, by_name: None }
    }

    /// Whether `required` names `name`.
    #[must_use]
    pub fn requires(&self, name: &str) -> bool {
        self.required().iter().any(|each| &**each == name)
    }

    /// Keywords of 2020-12 that assert something which this model does not decide. Unknown words assert
    /// nothing (JSON Schema core, section 6.5).
    pub fn not_decided(&self) -> impl Iterator<Item = &str> {
        self.other.iter().map(|(keyword, _)| &**keyword).filter(|keyword| *keyword == "$dynamicRef")
    }

    /// Whether this is a reference and nothing else that demands something.
    #[must_use]
    pub fn is_pure_reference(&self) -> bool {
        self.reference.is_some() && self.combined.is_none() && self.is_silent()
    }

    /// The one schema that this is another spelling of: the target of a pure reference, or the
    /// only one of `allOf`, `anyOf` or `oneOf` where nothing else is demanded.
    pub(crate) fn only_part(&self) -> Option<SchemaId> {
        if self.is_pure_reference() {
            return self.reference.as_ref()?.target;
        }
        let combined = self.combined.as_ref().filter(|_| self.reference.is_none() && self.is_silent())?;
        let unions = [combined.any_of.as_deref(), combined.one_of.as_deref()];
        let part = match (&*combined.all_of, unions) {
            ([part], [None, None]) | ([], [Some([part]), None] | [None, Some([part])]) => *part,
            _ => return None,
        };
        let single = [combined.not, combined.if_schema, combined.then_schema, combined.else_schema];
        (combined.discriminator.is_none() && single.iter().all(Option::is_none)).then_some(part)
    }

    /// Whether nothing is demanded but by reference or combination.
    fn is_silent(&self) -> bool {
        self.bool_schema.is_none()
            && self.types.is_none()
            && self.enum_values.is_none()
            && self.const_value.is_none()
            && self.numbers.is_none()
            && self.strings.is_none()
            && self.arrays.is_none()
            && self.objects.is_none()
            && self.other.is_empty()
            && self.annotations.as_ref().is_none_or(|notes| {
                let flags = notes.read_only || notes.write_only || notes.deprecated;
                !flags && notes.default.is_none() && notes.xml.is_none() && notes.extensible_enum.is_none()
            })
    }

    /// Whether no other schema stands in it.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        self.arrays.is_none() && self.objects.is_none() && self.combined.is_none() && self.reference.is_none()
    }

    /// The schemas that are asked about the same value as this one, whatever becomes of the answer.
    pub fn in_place(&self) -> impl Iterator<Item = SchemaId> {
        let unions = [self.any_of(), self.one_of()].into_iter().flatten().flatten();
        let single = [self.not(), self.if_schema(), self.then_schema(), self.else_schema()];
        let referred = self.reference.as_ref().and_then(|reference| reference.target);
        let dependent = self.dependent_schemas().iter().map(|(_, id)| *id);
        let all = self.all_of().iter().chain(unions).copied();
        all.chain(single.into_iter().flatten()).chain(dependent).chain(referred)
    }

    /// Every schema directly below this one, in no promised order, the target of `$ref` last.
    pub fn children(&self, mut visit: impl FnMut(SchemaId)) {
        if let Some(arrays) = &self.arrays {
            arrays.items.into_iter().for_each(&mut visit);
            arrays.prefix_items.iter().copied().for_each(&mut visit);
            arrays.contains.into_iter().for_each(&mut visit);
            arrays.unevaluated.into_iter().for_each(&mut visit);
        }
        if let Some(objects) = &self.objects {
            let named = [&objects.properties, &objects.pattern_properties, &objects.dependent_schemas];
            named.into_iter().flat_map(|list| list.iter()).for_each(|(_, id)| visit(*id));
            objects.additional.into_iter().for_each(&mut visit);
            objects.property_names.into_iter().for_each(&mut visit);
            objects.unevaluated.into_iter().for_each(&mut visit);
        }
        if let Some(combined) = &self.combined {
            combined.all_of.iter().copied().for_each(&mut visit);
            combined.any_of.iter().flatten().copied().for_each(&mut visit);
            combined.one_of.iter().flatten().copied().for_each(&mut visit);
            let single = [combined.not, combined.if_schema, combined.then_schema, combined.else_schema];
            single.into_iter().flatten().for_each(&mut visit);
        }
        if let Some(reference) = &self.reference {
            reference.target.into_iter().for_each(&mut visit);
        }
    }
}

/// All schemas of a document: named ones and those written in place.
#[derive(Debug, Default)]
pub struct Schemas {
    pub(crate) all: Vec<Schema>,
    /// Where each schema leads when pure references are followed.
    pub(crate) resolved: Vec<SchemaId>,
}

impl Schemas {
    /// The schema of this id.
    ///
    /// # Panics
    /// When the id comes from another document with more schemas.
    #[must_use]
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.all[id.index()]
    }

    /// Follows pure references to the schema that says something. A reference that leads nowhere,
    /// out of the document, or only to itself, stays what it is.
    #[must_use]
    pub fn resolve(&self, id: SchemaId) -> SchemaId {
        self.resolved[id.index()]
    }

    /// The schema that says what this one does, past references and wrappers of one part.
    pub(crate) fn innermost(&self, id: SchemaId) -> SchemaId {
        let mut at = self.resolve(id);
        // A circle of wrappers has no end; chains of a handful are long.
        for _ in 0..64 {
            match self.get(at).only_part() {
                Some(part) => at = self.resolve(part),
                None => break,
            }
        }
        at
    }

    /// The schema at the end of pure references.
    #[must_use]
    pub fn resolved(&self, id: SchemaId) -> &Schema {
        self.get(self.resolve(id))
    }

    /// How many schemas there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Every schema with its id.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        self.all.iter().enumerate().map(|(index, schema)| (SchemaId::from_index(index), schema))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// In whatever order properties are asked for, and however often.
        #[test]
        fn a_lookup_finds_what_is_declared(
            declared in proptest::collection::btree_set("[a-e]{1,2}", 0..20),
            turn in any::<usize>(),
            asked in proptest::collection::vec("[a-f]{1,2}", 0..200),
        ) {
            let mut properties: Vec<(Arc<str>, SchemaId)> =
                declared.iter().enumerate().map(|(at, name)| (name.as_str().into(), SchemaId::from_index(at))).collect();
            properties.rotate_left(turn % declared.len().max(1));
            let properties = properties.into_boxed_slice();
            let keywords = Keywords {
                objects: Some(Box::new(Objects { properties, ..Objects::default() })),
                ..Default::default()
            };
            let mut lookup = keywords.lookup();
            for name in declared.iter().chain(&asked).chain(declared.iter().rev()) {
                prop_assert_eq!(lookup.get(name), keywords.property(name));
            }
        }
    }
}
