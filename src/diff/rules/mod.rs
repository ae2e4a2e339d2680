//! The rules that name changes: one file and one line each.
//!
//! A rule is data plus a function that looks at one pair and pushes edits; it never walks a
//! document. Pairing, direction, grouping, places and fingerprints are the engine's. The
//! catalogue behind the ids is that of the design; ids are never reused.

use std::sync::LazyLock;

use super::change::{Direction, Level, Surface};
use super::edit::{Edit, Edits};
use super::pair::{
    ComponentView, OperationView, OutcomesView, Pair, PathView, PropertyView, ProseView, RequirementView,
    SchemeView, ServersView,
};
use super::promise::Step;
use super::view::View;
use crate::spec::model::{Body, Callback, Header, MediaType, Operation, Parameter};

/// One way in which two documents can differ.
#[derive(Debug)]
pub struct Rule {
    /// Subject and change in kebab case; the file has the same name in snake case.
    pub id: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// How bad it usually is, by direction.
    pub level: Levels,
    /// Whom it hits.
    pub surface: Surface,
    /// The release that brought the rule.
    pub since: &'static str,
    /// Why it matters to those who call the API.
    pub why: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// The ids of the security catalogue that the rule can put beside its own.
    pub security: &'static [&'static str],
    /// Steps at which the rule fires.
    pub fires: &'static [Example],
    /// Steps at which it stays silent.
    pub silent: &'static [Example],
    /// Looks at one pair.
    pub check: Check,
}

/// How bad a change is: in requests, in responses, and where there is no direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Where the caller sends.
    pub request: Level,
    /// Where the API sends.
    pub response: Level,
    /// Where nothing is sent.
    pub neither: Level,
}

impl Levels {
    /// Fewer values: breaks those who send them.
    pub const NARROWS: Self =
        Self { request: Level::Breaking, response: Level::Info, neither: Level::Warning };
    /// More values: breaks those who must read them.
    pub const WIDENS: Self =
        Self { request: Level::Info, response: Level::Breaking, neither: Level::Warning };

    /// The same level everywhere.
    #[must_use]
    pub const fn always(level: Level) -> Self {
        Self { request: level, response: level, neither: level }
    }

    /// The level for a direction.
    #[must_use]
    pub const fn at(self, direction: Option<Direction>) -> Level {
        match direction {
            Some(Direction::Request) => self.request,
            Some(Direction::Response) => self.response,
            None => self.neither,
        }
    }

    /// The worst of the three.
    #[must_use]
    pub fn worst(self) -> Level {
        self.request.min(self.response).min(self.neither)
    }
}

/// A step between two documents, as YAML fragments over a small clean document
/// (RFC 7396 merge patch; [`super::example`] knows the short keys).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Patch of the older document.
    pub old: &'static str,
    /// Patch of the newer document.
    pub new: &'static str,
}

/// `example!("old fragment" => "new fragment")`.
macro_rules! example {
    ($old:literal => $new:literal) => {
        $crate::diff::rules::Example { old: $old, new: $new }
    };
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// A path of which nothing is left.
    Path(fn(&Pair<'_, PathView<'_>>, &mut Edits)),
    /// An operation.
    Operation(fn(&Pair<'_, OperationView<'_>>, &mut Edits)),
    /// The servers of operations.
    Servers(fn(&Pair<'_, ServersView<'_>>, &mut Edits)),
    /// A parameter.
    Parameter(fn(&Pair<'_, &Parameter>, &mut Edits)),
    /// A request body.
    Body(fn(&Pair<'_, &Body>, &mut Edits)),
    /// A representation of a body.
    Media(fn(&Pair<'_, &MediaType>, &mut Edits)),
    /// All responses of an operation.
    Outcomes(fn(&Pair<'_, OutcomesView<'_>>, &mut Edits)),
    /// A response header.
    Header(fn(&Pair<'_, &Header>, &mut Edits)),
    /// A property of an object.
    Property(fn(&Pair<'_, PropertyView<'_>>, &mut Edits)),
    /// The types of a schema; when no type is left, nothing else is asked.
    Types(fn(&Pair<'_, &View<'_>>, &mut Edits)),
    /// The keywords of a schema.
    Schema(fn(&Pair<'_, &View<'_>>, &mut Edits)),
    /// The alternatives of a schema.
    Union(fn(&Pair<'_, &View<'_>>, &mut Edits)),
    /// A schema that changed without any other rule seeing how.
    Rest(fn(&Pair<'_, &View<'_>>, &mut Edits)),
    /// Who may call an operation.
    Requirement(fn(&Pair<'_, RequirementView<'_>>, &mut Edits)),
    /// A security scheme.
    Scheme(fn(&Pair<'_, SchemeView<'_>>, &mut Edits)),
    /// A named schema.
    Component(fn(&Pair<'_, ComponentView<'_>>, &mut Edits)),
    /// An event that the API sends.
    Webhook(fn(&Pair<'_, &Operation>, &mut Edits)),
    /// A call that the API makes back.
    Callback(fn(&Pair<'_, &Callback>, &mut Edits)),
    /// Text for people.
    Prose(fn(&Pair<'_, ProseView<'_>>, &mut Edits)),
    /// What the newer version promises by its name; asked once all other changes are known.
    Version(fn(&Step<'_>) -> Option<String>),
    /// Several of these.
    Several(&'static [Self]),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Check")
    }
}

/// Declares the list of checks by subject: one field for each variant of [`Check`].
macro_rules! checks {
    ($($field:ident: $variant:ident => $side:ty,)*) => {
        /// The rules by what they look at.
        pub(super) struct Checks {
            $(pub(super) $field: Vec<(&'static Rule, fn(&Pair<'_, $side>, &mut Edits))>,)*
            pub(super) versions: Vec<(&'static Rule, fn(&Step<'_>) -> Option<String>)>,
        }

        impl Checks {
            fn new() -> Self {
                let mut checks = Self { $($field: Vec::new(),)* versions: Vec::new() };
                for rule in ALL {
                    checks.add(rule, &rule.check);
                }
                checks
            }

            fn add(&mut self, rule: &'static Rule, check: &Check) {
                match check {
                    $(Check::$variant(check) => self.$field.push((rule, *check)),)*
                    Check::Version(check) => self.versions.push((rule, *check)),
                    // A rule nests nothing deeper than what its file spells out.
                    Check::Several(all) => all.iter().for_each(|check| self.add(rule, check)),
                }
            }
        }
    };
}

checks! {
    paths: Path => PathView<'_>,
    operations: Operation => OperationView<'_>,
    servers: Servers => ServersView<'_>,
    parameters: Parameter => &Parameter,
    bodies: Body => &Body,
    media: Media => &MediaType,
    outcomes: Outcomes => OutcomesView<'_>,
    headers: Header => &Header,
    properties: Property => PropertyView<'_>,
    types: Types => &View<'_>,
    schemas: Schema => &View<'_>,
    unions: Union => &View<'_>,
    rest: Rest => &View<'_>,
    requirements: Requirement => RequirementView<'_>,
    schemes: Scheme => SchemeView<'_>,
    components: Component => ComponentView<'_>,
    webhooks: Webhook => &Operation,
    callbacks: Callback => &Callback,
    prose: Prose => ProseView<'_>,
}

/// The rules by what they look at, sorted once.
pub(super) static CHECKS: LazyLock<Checks> = LazyLock::new(Checks::new);

/// What one rule saw.
pub(super) type Seen = (&'static Rule, Edit);

/// A rule, and how it looks at a pair.
type Checked<T> = (&'static Rule, fn(&Pair<'_, T>, &mut Edits));

/// What the rules of one subject see in a pair.
pub(super) fn seen<T>(checks: &[Checked<T>], pair: &Pair<'_, T>) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut edits = Edits::default();
    for (rule, check) in checks {
        check(pair, &mut edits);
        if !edits.0.is_empty() {
            seen.extend(edits.0.drain(..).map(|edit| (*rule, edit)));
        }
    }
    seen
}

/// The rule of this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// Declares the modules of the rules, the list of all, and one test for each.
macro_rules! rules {
    ($($subject:ident { $($rule:ident,)* })*) => {
        $(
            #[expect(missing_docs, reason = "a folder of rules; each says what it is")]
            pub mod $subject { $(pub mod $rule;)* }
        )*

        /// Every rule, by subject.
        pub static ALL: &[&Rule] = &[$($(&$subject::$rule::RULE,)*)*];

        #[cfg(test)]
        mod examples {
            $(mod $subject {
                $(
                    #[test]
                    fn $rule() {
                        super::super::tests::prove(
                            &crate::diff::rules::$subject::$rule::RULE,
                            concat!(stringify!($subject), "/", stringify!($rule)),
                        );
                    }
                )*
            })*
        }
    };
}

rules! {
    operation { path_removed, operation_removed, operation_removed_after_sunset, operation_removed_before_sunset, operation_added, path_parameter_renamed, operation_deprecated, operation_undeprecated, sunset_removed, sunset_too_early, operation_id_changed, path_template_overlap, stability_lowered, stability_raised, }
    server { server_removed, server_url_changed, server_plaintext_added, server_added, }
    parameter { parameter_added_required, parameter_added_optional, parameter_removed, parameter_became_required, parameter_became_optional, parameter_serialization_changed, parameter_deprecated, parameter_moved, parameter_renamed, }
    body { request_body_added_required, request_body_added_optional, request_body_removed, request_body_became_required, request_body_became_optional, }
    media { request_media_type_removed, request_media_type_added, response_media_type_removed, response_media_type_added, media_type_schema_added, media_type_schema_removed, encoding_changed, }
    response { response_success_removed, response_success_added, response_success_replaced, response_error_changed, }
    header { header_removed, header_added, header_became_optional, header_became_required, }
    object { property_added_required, property_added_optional, property_removed, property_removed_required, property_became_required, property_became_optional, property_access_changed, sensitive_property_exposed, property_renamed, property_deprecated, }
    schema { schema_length_narrowed, schema_length_widened, schema_range_narrowed, schema_range_widened, schema_item_count_narrowed, schema_item_count_widened, schema_property_count_narrowed, schema_property_count_widened, schema_multiple_narrowed, schema_multiple_widened, schema_enum_narrowed, schema_enum_widened, schema_const_changed, schema_type_narrowed, schema_type_widened, schema_type_changed, schema_null_narrowed, schema_null_widened, schema_pattern_narrowed, schema_pattern_widened, schema_pattern_changed, schema_format_changed, schema_openness_narrowed, schema_openness_widened, schema_items_changed, schema_alternatives_narrowed, schema_alternatives_widened, schema_alternatives_overlap, schema_dependency_narrowed, schema_dependency_widened, schema_conjunct_added, schema_conjunct_removed, default_changed, discriminator_changed, undecided, }
    security { constraint_loosened, security_required, security_loosened, security_alternative_removed, security_scope_required, security_scope_loosened, security_scheme_changed, security_scheme_catalogue, }
    docs { metadata_changed, tag_changed, link_changed, schema_renamed, component_changed, schema_refactored, }
    webhook { webhook_removed, webhook_added, callback_changed, }
    version { version_not_bumped, }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::clock::Timestamp;
    use crate::diff::{Diff, Options, Verdict, compare, example};

    fn diff(old: &str, new: &str) -> Diff {
        let old = example::load(old).expect("the older example is a document");
        let new = example::load(new).expect("the newer example is a document");
        let noon = "2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant");
        let options = Options::at(noon);
        for document in [&old, &new] {
            assert_eq!(compare(document, document, &options).verdict, Verdict::Identical);
        }
        compare(&old, &new, &options)
    }

    fn fired(diff: &Diff) -> BTreeSet<&str> {
        diff.changes.iter().map(|change| change.rule.as_ref()).collect()
    }

    /// The rule fires on its own examples and stays silent on the others.
    pub(super) fn prove(rule: &Rule, file: &str) {
        assert!(
            file.ends_with(&format!("/{}", rule.id.replace('-', "_"))),
            "the file has the name of the rule"
        );
        assert!(!rule.fires.is_empty() && !rule.silent.is_empty(), "a rule shows both sides");
        for example in rule.fires {
            let diff = diff(example.old, example.new);
            assert!(fired(&diff).contains(rule.id), "silent on {example:?}: {:#?}", diff.changes);
        }
        for example in rule.silent {
            let diff = diff(example.old, example.new);
            assert!(!fired(&diff).contains(rule.id), "fires on {example:?}: {:#?}", diff.changes);
        }
    }

    #[test]
    fn ids_are_unique_and_every_security_id_is_in_the_catalogue() {
        let mut ids = BTreeSet::new();
        for rule in ALL {
            assert!(ids.insert(rule.id), "{} twice", rule.id);
            for id in rule.security {
                assert!(crate::diff::risk::risk(id).is_some(), "{id} of {}", rule.id);
            }
        }
    }

    #[test]
    fn every_file_of_the_folders_is_listed() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diff/rules");
        let folders = std::fs::read_dir(root).expect("the folder of the rules").flatten();
        for folder in folders.filter(|folder| folder.file_name() != "snapshots") {
            let Ok(files) = std::fs::read_dir(folder.path()) else {
                continue;
            };
            for file in files.flatten() {
                let name = file.file_name().to_string_lossy().replace('_', "-");
                let id = name.trim_end_matches(".rs");
                assert!(rule(id).is_some(), "{id} is not in the list");
            }
        }
    }

    /// Texts are read beside the proofs, so what rules see in them is never asked to be proven.
    #[test]
    fn changed_texts_break_nobody() {
        let of_texts = ALL.iter().filter(|rule| matches!(rule.check, Check::Prose(_)));
        let told: Vec<&str> = of_texts
            .map(|rule| {
                assert_ne!(rule.level.at(None), Level::Breaking, "{}", rule.id);
                rule.id
            })
            .collect();
        assert!(told.contains(&"metadata-changed"), "{told:?}");
    }

    #[test]
    fn what_a_facet_names_is_promised_by_its_rule() {
        for rule in ALL {
            for example in rule.fires.iter().chain(rule.silent) {
                for change in diff(example.old, example.new).changes {
                    let owner = super::rule(&change.rule).expect("a rule of the list");
                    if let Some(facet) = &change.security {
                        assert!(
                            owner.security.contains(&facet.rule.as_ref()),
                            "{} of {}",
                            facet.rule,
                            owner.id
                        );
                    }
                }
            }
        }
    }

    /// All that fires on the examples of all rules, so that a rule which starts to speak on its
    /// neighbour's examples is seen in review.
    #[test]
    fn what_fires_beside_each_rule() {
        let mut out = String::new();
        for rule in ALL {
            for (kind, list) in [("fires", rule.fires), ("silent", rule.silent)] {
                for (i, example) in list.iter().enumerate() {
                    let diff = diff(example.old, example.new);
                    let words: Vec<String> = diff
                        .changes
                        .iter()
                        .map(|change| {
                            let facet = change.security.as_ref().map_or_else(String::new, |facet| {
                                format!(" [{} {}]", facet.rule, facet.severity)
                            });
                            format!("{} {}{facet}: {}", change.level, change.rule, change.message)
                        })
                        .collect();
                    let words = if words.is_empty() { "nothing".to_owned() } else { words.join("\n    ") };
                    out.push_str(&format!("{} {kind} {}\n    {words}\n", rule.id, i + 1));
                }
            }
        }
        insta::assert_snapshot!(out);
    }
}
