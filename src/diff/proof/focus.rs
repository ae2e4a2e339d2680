//! Which keyword is to be broken: a question about one cause among several.

/// What a keyword speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Whatever it is: what stands between a schema and its parts.
    Any,
    Type,
    Values,
    Bounds,
    Multiple,
    Length,
    Pattern,
    Format,
    /// Items by their place.
    Items,
    /// How many items, and which.
    ItemCount,
    /// How many properties.
    Count,
    Property,
    Required,
    /// Properties that nobody declares, and names.
    Rest,
    Dependent,
    Combined,
}

/// The cause that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Focus {
    pub(crate) tag: Tag,
    /// The property, where the cause is that of one.
    pub(crate) name: Option<String>,
}

impl Focus {
    /// The keywords that the rule of this id speaks of; `None` where it is not one sort of keyword.
    pub(crate) fn of(rule: &str, name: Option<String>) -> Option<Self> {
        const RULES: [(&str, Tag); 17] = [
            ("schema-length-", Tag::Length),
            ("schema-pattern-", Tag::Pattern),
            ("schema-range-", Tag::Bounds),
            ("schema-multiple-", Tag::Multiple),
            ("schema-enum-", Tag::Values),
            ("schema-const-", Tag::Values),
            ("schema-type-", Tag::Type),
            ("schema-null-", Tag::Type),
            ("schema-format-", Tag::Format),
            ("schema-item-count-", Tag::ItemCount),
            ("schema-property-count-", Tag::Count),
            ("schema-openness-", Tag::Rest),
            ("schema-dependency-", Tag::Dependent),
            ("property-became-", Tag::Required),
            ("property-added-required", Tag::Required),
            ("property-removed-required", Tag::Required),
            ("property-removed", Tag::Rest),
        ];
        let tag = RULES.iter().find(|(prefix, _)| rule.starts_with(prefix)).map(|(_, tag)| *tag)?;
        Some(Self { tag, name: name.filter(|_| tag == Tag::Required) })
    }

    /// Whether a keyword may be broken.
    pub(crate) fn allows(&self, tag: Tag, name: Option<&str>) -> bool {
        tag == Tag::Any
            || tag == self.tag && self.name.as_deref().zip(name).is_none_or(|(wanted, name)| wanted == name)
    }
}
