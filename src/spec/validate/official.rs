//! The official JSON Schemas of OpenAPI, and how their errors become findings that name a cause.
//!
//! An error of `oneOf [Schema, Reference]` says nothing; the branch that the author means says it
//! all, so that one is followed down. The schemas are those of `assets/openapi`.

use std::collections::HashSet;
use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Registry, Resource, ValidationError, Validator};
use serde_json::Value;

use super::super::place::short;
use super::super::tree::NodeId;
use super::super::{Dialect, Document, Fault, Severity};
use super::MOST;

/// A schema file of `assets/openapi`.
macro_rules! asset {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/openapi/", $name))
    };
}

static V20: LazyLock<Validator> = LazyLock::new(|| compile(asset!("2.0-schema-2017-08-27.json"), &[]));
static V30: LazyLock<Validator> = LazyLock::new(|| compile(asset!("3.0-schema-2024-10-18.json"), &[]));
static V31: LazyLock<Validator> = LazyLock::new(|| {
    compile(
        asset!("3.1-schema-base-2025-09-15.json"),
        &[
            asset!("3.1-schema-2025-09-15.json"),
            asset!("3.1-dialect-2024-11-10.json"),
            asset!("3.1-meta-2024-11-10.json"),
        ],
    )
});
static V32: LazyLock<Validator> = LazyLock::new(|| {
    compile(
        asset!("3.2-schema-base-2025-09-17.json"),
        &[
            asset!("3.2-schema-2025-09-17.json"),
            asset!("3.2-dialect-2025-09-17.json"),
            asset!("3.2-meta-2025-09-17.json"),
        ],
    )
});
/// The same as values, to ask what fields an object may have at all.
static V31_FIELDS: LazyLock<Value> = LazyLock::new(|| parse(asset!("3.1-schema-2025-09-15.json")));
static V32_FIELDS: LazyLock<Value> = LazyLock::new(|| parse(asset!("3.2-schema-2025-09-17.json")));
/// For documents that declare a dialect of their own: all but the Schema Objects.
static V31_WITHOUT_SCHEMAS: LazyLock<Validator> =
    LazyLock::new(|| compile(asset!("3.1-schema-2025-09-15.json"), &[]));
static V32_WITHOUT_SCHEMAS: LazyLock<Validator> =
    LazyLock::new(|| compile(asset!("3.2-schema-2025-09-17.json"), &[]));

const HELP: &str = "See the OpenAPI Specification for what may stand here.";

/// What the official schema of the document's version finds.
pub(super) fn judge(document: &Document, value: &Value) -> Vec<Fault> {
    let own_dialect = value.get("jsonSchemaDialect").is_some_and(|dialect| {
        !dialect.as_str().is_some_and(|uri| uri.starts_with("https://spec.openapis.org/oas/3."))
    });
    let validator: &Validator = match (document.dialect(), own_dialect) {
        (Dialect::V20, _) => &V20,
        (Dialect::V30, _) => &V30,
        (Dialect::V31, false) => &V31,
        (Dialect::V32, false) => &V32,
        (Dialect::V31, true) => &V31_WITHOUT_SCHEMAS,
        (Dialect::V32, true) => &V32_WITHOUT_SCHEMAS,
    };
    let mut findings = Findings { document, value, found: HashSet::new(), order: Vec::new() };
    for error in validator.iter_errors(value).take(MOST) {
        findings.take(&error);
    }
    findings.faults()
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("the embedded schemas are JSON")
}

fn compile(schema: &str, others: &[&str]) -> Validator {
    let resources = others.iter().map(|text| {
        let contents = parse(text);
        let id = contents["$id"].as_str().unwrap_or_default().to_owned();
        (id, Resource::from_contents(contents))
    });
    let registry = Registry::new()
        .extend(resources)
        .and_then(jsonschema::RegistryBuilder::prepare)
        .expect("the embedded schemas fit together");
    jsonschema::options()
        .offline()
        .with_registry(&registry)
        .build(&parse(schema))
        .expect("the embedded schemas compile")
}

/// One finding before it has a node.
struct Finding {
    rule: &'static str,
    message: String,
    help: &'static str,
    /// Said only because something below is wrong too, perhaps.
    is_doubtful: bool,
    pointer: String,
}

struct Findings<'a> {
    document: &'a Document,
    value: &'a Value,
    found: HashSet<(String, &'static str, String)>,
    order: Vec<Finding>,
}

impl Findings<'_> {
    fn faults(self) -> Vec<Fault> {
        let document = self.document;
        // What fails below an object makes its schema fail, and the words it would have allowed
        // look unknown then: `unevaluatedProperties` is heard only where nothing else is wrong.
        let mut certain: Vec<&str> =
            self.order.iter().filter(|each| !each.is_doubtful).map(|each| each.pointer.as_str()).collect();
        certain.sort_unstable();
        let is_shadowed = |finding: &Finding| {
            let parent = finding.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            let from = certain.partition_point(|each| *each < parent);
            certain[from..].iter().take_while(|each| each.starts_with(parent)).any(|each| {
                let rest = &each[parent.len()..];
                rest.is_empty() || rest.starts_with('/')
            })
        };
        // A value of the wrong type is none of those allowed either: one cause.
        let of_wrong_type: HashSet<&str> = self
            .order
            .iter()
            .filter(|each| each.rule == "wrong-type")
            .map(|each| each.pointer.as_str())
            .collect();
        self.order
            .iter()
            .filter(|finding| {
                finding.rule != "value-not-allowed" || !of_wrong_type.contains(finding.pointer.as_str())
            })
            .filter(|finding| !(finding.is_doubtful && is_shadowed(finding)))
            .map(|finding| Fault {
                rule: finding.rule,
                severity: Severity::Error,
                message: finding.message.clone(),
                node: document.locate(&finding.pointer).unwrap_or(NodeId::ROOT),
                help: finding.help,
            })
            .collect()
    }

    fn add(
        &mut self,
        rule: &'static str,
        pointer: &str,
        message: String,
        help: &'static str,
        is_doubtful: bool,
    ) {
        let key = (pointer.to_owned(), rule, message.clone());
        if self.order.len() < MOST && self.found.insert(key) {
            self.order.push(Finding { rule, message, help, is_doubtful, pointer: pointer.to_owned() });
        }
    }

    /// One error and what lies behind it. Recursion is bounded by the depth of the document.
    fn take(&mut self, error: &ValidationError<'_>) {
        let path = error.instance_path().as_str();
        match error.kind() {
            ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
                self.branches(path, context);
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                self.add("missing-field", path, format!("`{}` is missing", short(name)), "Add it.", false);
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                self.unknown(path, unexpected, false);
            }
            ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let at = error.schema_path().as_str();
                let (known, unknown): (Vec<String>, Vec<String>) =
                    unexpected.iter().cloned().partition(|name| self.is_field(at, name));
                self.unknown(path, &unknown, false);
                self.unknown(path, &known, true);
            }
            ValidationErrorKind::UniqueItems => self.repeated(path),
            ValidationErrorKind::Format { format } => {
                // Patterns are judged apart, by engines that take more than the letter allows.
                if format != "regex" {
                    let message = format!("{} is no {format}", shown(error.instance()));
                    self.add("value-not-allowed", path, message, HELP, false);
                }
            }
            ValidationErrorKind::MinItems { limit } => {
                self.add("value-not-allowed", path, format!("must hold {limit} or more items"), HELP, false);
            }
            ValidationErrorKind::MaxItems { limit } => {
                self.add("value-not-allowed", path, format!("must hold {limit} items or fewer"), HELP, false);
            }
            ValidationErrorKind::MinProperties { limit } => {
                self.add(
                    "value-not-allowed",
                    path,
                    format!("must have {limit} or more members"),
                    HELP,
                    false,
                );
            }
            ValidationErrorKind::MaxProperties { limit } => {
                self.add(
                    "value-not-allowed",
                    path,
                    format!("must have {limit} members or fewer"),
                    HELP,
                    false,
                );
            }
            ValidationErrorKind::MinLength { limit } => {
                let message = format!("must have {limit} or more characters");
                self.add("value-not-allowed", path, message, HELP, false);
            }
            ValidationErrorKind::Minimum { limit } => {
                let message = format!("{} is less than {limit}", shown(error.instance()));
                self.add("value-not-allowed", path, message, HELP, false);
            }
            ValidationErrorKind::ExclusiveMinimum { limit } => {
                let message = format!("must be more than {limit}, and is {}", shown(error.instance()));
                self.add("value-not-allowed", path, message, HELP, false);
            }
            ValidationErrorKind::Type { kind } => {
                let wanted = match kind {
                    TypeKind::Single(kind) => kind.to_string(),
                    TypeKind::Multiple(kinds) => {
                        kinds.iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(" or ")
                    }
                };
                let message = format!("must be of type {wanted}, and is {}", kind_of(error.instance()));
                self.add("wrong-type", path, message, HELP, false);
            }
            ValidationErrorKind::Enum { options } => {
                let options: Vec<String> =
                    options.as_array().into_iter().flatten().take(12).map(ToString::to_string).collect();
                let message = format!("{} is none of {}", shown(error.instance()), options.join(", "));
                self.add("value-not-allowed", path, message, HELP, false);
            }
            ValidationErrorKind::Constant { expected_value } => {
                let message =
                    format!("must be {}, and is {}", shown(expected_value), shown(error.instance()));
                self.add("value-not-allowed", path, message, HELP, false);
            }
            ValidationErrorKind::Pattern { pattern } => {
                let message = format!("{} does not match `{}`", shown(error.instance()), short(pattern));
                self.add("value-not-allowed", path, message, HELP, false);
            }
            ValidationErrorKind::FalseSchema => {
                self.add("unknown-field", path, "may not stand here".into(), HELP, false);
            }
            ValidationErrorKind::Not { schema } => {
                let names = schema.get("required").and_then(Value::as_array).into_iter().flatten();
                let names: Vec<String> =
                    names.filter_map(Value::as_str).map(|name| format!("`{name}`")).collect();
                let message = match &names[..] {
                    [] => "is what the specification rules out here".to_owned(),
                    [name] => format!("{name} may not stand here"),
                    _ => format!("{} may not stand side by side", names.join(" and ")),
                };
                self.add("openapi-invalid", path, message, HELP, false);
            }
            ValidationErrorKind::OneOfMultipleValid { .. } => {
                let message = "fits several alternatives of which only one may fit".into();
                self.add("openapi-invalid", path, message, HELP, false);
            }
            ValidationErrorKind::PropertyNames { error } => {
                let mut pointer = path.to_owned();
                super::super::place::push_token(&mut pointer, error.instance().as_str().unwrap_or_default());
                let message = format!("a key may not be {}", shown(error.instance()));
                self.add("unknown-field", &pointer, message, HELP, false);
            }
            _ => {
                let message = error.masked().to_string();
                let message = message.chars().take(200).collect();
                self.add("openapi-invalid", path, message, HELP, false);
            }
        }
    }

    /// Whether the object that `unevaluatedProperties` speaks of may have a field of this name at
    /// all: then it only looks unknown, because something below it is wrong.
    fn is_field(&self, schema_path: &str, name: &str) -> bool {
        let schema: &Value = match self.document.dialect() {
            Dialect::V31 => &V31_FIELDS,
            Dialect::V32 => &V32_FIELDS,
            Dialect::V20 | Dialect::V30 => return false,
        };
        let object = schema_path.rsplit_once('/').and_then(|(object, _)| schema.pointer(object));
        object.is_none_or(|object| names_field(schema, object, name, 8))
    }

    /// A list that must not repeat an item, and does.
    fn repeated(&mut self, path: &str) {
        let document = self.document;
        let Some(list) = document.locate(path) else { return };
        for item in super::repeats::repetitions(document, list) {
            let fault = super::repeats::repeated(document, item, Severity::Error);
            self.add(fault.rule, &document.pointer(item), fault.message, fault.help, false);
        }
    }

    fn unknown(&mut self, path: &str, names: &[String], is_doubtful: bool) {
        for name in names {
            let mut pointer = path.to_owned();
            super::super::place::push_token(&mut pointer, name);
            let message = format!("`{}` is no field that may stand here", short(name));
            let help = "Remove it, mind its spelling, or prefix it with `x-`.";
            self.add("unknown-field", &pointer, message, help, is_doubtful);
        }
    }

    /// The errors of the alternative that the author means.
    fn branches(&mut self, path: &str, context: &[Vec<ValidationError<'static>>]) {
        if let Some(names) = alternatives_required(path, context) {
            let message = format!("one of {} must be there", names.join(", "));
            self.add("missing-field", path, message, "Add one of them.", false);
            return;
        }
        let here = self.value.pointer(path);
        let is_reference = here.is_some_and(|value| value.get("$ref").is_some());
        let depth = |error: &ValidationError<'_>| error.instance_path().as_str().matches('/').count();
        let own = path.matches('/').count();
        let chosen = context.iter().filter(|errors| !errors.is_empty()).min_by_key(|errors| {
            // A branch for references is meant by those that have `$ref`, and by nobody else.
            let wants_reference = errors.iter().any(|error| is_missing_reference(error, path));
            // A branch that already fails at its `in` or `type` is meant for others.
            let is_for_others = errors.iter().any(|error| {
                let constant = matches!(
                    error.kind(),
                    ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. }
                );
                constant && depth(error) == own + 1 && is_discriminator(error.instance_path().as_str())
            });
            let wrong_type = errors.iter().any(|error| {
                matches!(error.kind(), ValidationErrorKind::Type { .. })
                    && error.instance_path().as_str() == path
            });
            let deepest = errors.iter().map(depth).max().unwrap_or(0);
            (
                wants_reference && !is_reference,
                is_for_others,
                wrong_type,
                std::cmp::Reverse(deepest),
                errors.len(),
            )
        });
        match chosen {
            Some(errors) => {
                for error in errors.iter().take(20) {
                    self.take(error);
                }
            }
            None => {
                self.add(
                    "openapi-invalid",
                    path,
                    "fits none of the forms that may stand here".into(),
                    HELP,
                    false,
                );
            }
        }
    }
}

/// Whether a schema, or one that applies beside it, names this field. References nest but a few
/// levels in the official schemas.
fn names_field(root: &Value, schema: &Value, name: &str, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    let is_named = schema["properties"].get(name).is_some();
    let by_pattern = schema["patternProperties"].as_object().into_iter().flatten();
    let mut patterns = super::patterns::Patterns::default();
    let is_matched = by_pattern.into_iter().any(|(pattern, _)| patterns.matches(pattern, name) == Some(true));
    let lists = ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| schema[*key].as_array()).flatten();
    let single = ["if", "then", "else"].iter().filter_map(|key| schema.get(*key));
    let dependent = schema["dependentSchemas"].as_object().into_iter().flatten().map(|(_, each)| each);
    let target = schema["$ref"].as_str().and_then(|text| root.pointer(text.strip_prefix('#')?));
    is_named
        || is_matched
        || lists
            .chain(single)
            .chain(dependent)
            .chain(target)
            .any(|each| names_field(root, each, name, depth - 1))
}

/// The names of fields, where each alternative only misses one.
fn alternatives_required(path: &str, context: &[Vec<ValidationError<'static>>]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for errors in context {
        let [error] = &errors[..] else { return None };
        let ValidationErrorKind::Required { property } = error.kind() else {
            return None;
        };
        if error.instance_path().as_str() != path || property == "$ref" {
            return None;
        }
        names.push(format!("`{}`", property.as_str()?));
    }
    (names.len() > 1).then_some(names)
}

fn is_missing_reference(error: &ValidationError<'_>, path: &str) -> bool {
    matches!(error.kind(), ValidationErrorKind::Required { property } if property == "$ref")
        && error.instance_path().as_str() == path
}

fn is_discriminator(pointer: &str) -> bool {
    matches!(pointer.rsplit('/').next(), Some("in" | "type" | "flow" | "scheme"))
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value in a message: scalars as they are, containers by their kind.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => kind_of(value).into(),
        Value::String(text) => format!("`{}`", short(text)),
        scalar => format!("`{}`", short(&scalar.to_string())),
    }
}
