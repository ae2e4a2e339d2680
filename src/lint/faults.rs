//! The faults of reading and structure as rules that people can look up.
//!
//! They are found by `spec`, which knows nothing of rules; here stands why each matters, what to do,
//! and where it shows. Examples are fragments, as those of the rules; faults of YAML's own spelling
//! cannot be shown in one.

use super::Severity;

/// One kind of fault.
#[derive(Debug)]
pub struct Explained {
    /// Its id.
    pub id: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// How much it usually weighs.
    pub severity: Severity,
    /// Why it matters.
    pub why: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// Fragments that show it.
    pub fires: &'static [&'static str],
    /// Fragments that do not.
    pub silent: &'static [&'static str],
}

/// Every kind of fault that `spec` reports.
pub static ALL: &[Explained] = &[
    Explained {
        id: "ref-dangling",
        title: "reference to nothing",
        severity: Severity::High,
        why: "What stands behind the reference is unknown: readers leave it out, and a diff cannot tell whether it changed.",
        remedy: "Define the target, or correct the pointer.",
        fires: &["RES: {$ref: '#/components/schemas/Absent'}"],
        silent: &["{RES: {$ref: '#/components/schemas/A'}, components: {schemas: {A: {type: string}}}}"],
    },
    Explained {
        id: "ref-external",
        title: "reference out of the document",
        severity: Severity::High,
        why: "A registry keeps one document and fetches nothing, so what stands in another file or at a URL is unknown to it.",
        remedy: "Keep the parts in files below the root document: `sundial bundle` and `sundial publish` join them into one.",
        fires: &["RES: {$ref: 'other.yaml#/A'}", "RES: {$ref: 'https://example.com/a.yaml'}"],
        silent: &["RES: {type: string}"],
    },
    Explained {
        id: "operation-id-duplicate",
        title: "one operationId for two operations",
        severity: Severity::High,
        why: "Generated clients name methods by it, and links mean an operation by it: one of the two is lost.",
        remedy: "Give each operation an id of its own.",
        fires: &["paths: {/a: {get: {operationId: x}, post: {operationId: x}}}"],
        silent: &["paths: {/a: {get: {operationId: x}, post: {operationId: y}}}"],
    },
    Explained {
        id: "path-equivalent",
        title: "two paths that are the same",
        severity: Severity::High,
        why: "Templates that differ in names alone match the same calls; which one answers is left to chance.",
        remedy: "Merge the two paths.",
        fires: &[
            "paths: {'/a/{x}': {get: {parameters: [{name: x, in: path, required: true, schema: {type: string}}]}}, '/a/{y}': {get: {parameters: [{name: y, in: path, required: true, schema: {type: string}}]}}}",
        ],
        silent: &["paths: {/a: {get: {}}, /b: {get: {}}}"],
    },
    Explained {
        id: "path-template-malformed",
        title: "path template that cannot be read",
        severity: Severity::High,
        why: "A brace that does not close leaves open which part of the path is a parameter.",
        remedy: "Close each brace, and let no braces stand within braces.",
        fires: &["paths: {'/a/{x': {get: {}}}"],
        silent: &["paths: {/a: {get: {}}}"],
    },
    Explained {
        id: "path-parameter-undeclared",
        title: "path parameter that nobody declares",
        severity: Severity::High,
        why: "The template asks for a value, and nothing says what it may be.",
        remedy: "Declare it with `in: path` and `required: true`.",
        fires: &["paths: {'/a/{x}': {get: {}}}"],
        silent: &[
            "paths: {'/a/{x}': {get: {parameters: [{name: x, in: path, required: true, schema: {type: string}}]}}}",
        ],
    },
    Explained {
        id: "path-parameter-unused",
        title: "path parameter that the path lacks",
        severity: Severity::High,
        why: "Clients are asked for a value that has no place in the path.",
        remedy: "Put it into the template, or remove it.",
        fires: &[
            "paths: {/a: {get: {parameters: [{name: x, in: path, required: true, schema: {type: string}}]}}}",
        ],
        silent: &["paths: {/a: {get: {parameters: [{name: x, in: query, schema: {type: string}}]}}}"],
    },
    Explained {
        id: "security-scheme-undefined",
        title: "security scheme that nobody defines",
        severity: Severity::High,
        why: "The requirement cannot be met or checked; generators drop it and leave the operation open.",
        remedy: "Define the scheme, or correct its name.",
        fires: &["paths: {/a: {get: {security: [{typo: []}]}}}"],
        silent: &["paths: {/a: {get: {security: [{o: [r]}]}}}"],
    },
    Explained {
        id: "missing-field",
        title: "field that the specification demands",
        severity: Severity::High,
        why: "Tools that read by the letter refuse the document or guess.",
        remedy: "Add the field.",
        fires: &["info: {version: null}"],
        silent: &["info: {version: '2'}"],
    },
    Explained {
        id: "unknown-field",
        title: "field that the specification does not know",
        severity: Severity::High,
        why: "It has no effect, though its author believes that it has one; most often it is misspelled.",
        remedy: "Correct its name, or begin it with `x-` if it is an extension.",
        fires: &["paths: {/a: {get: {sumary: words}}}"],
        silent: &["paths: {/a: {get: {x-sumary: words}}}"],
    },
    Explained {
        id: "wrong-type",
        title: "value of another type than the field takes",
        severity: Severity::High,
        why: "Readers differ in what they make of it: some refuse the document, some drop the value.",
        remedy: "Give a value of the type that the finding names.",
        fires: &["paths: {/a: {get: {tags: one}}}"],
        silent: &["paths: {/a: {get: {tags: [one]}}}"],
    },
    Explained {
        id: "value-not-allowed",
        title: "value that the field does not take",
        severity: Severity::High,
        why: "The specification lists what may stand here; readers differ in what they make of anything else.",
        remedy: "Give one of the values that the finding names.",
        fires: &["paths: {/a: {get: {parameters: [{name: x, in: body, schema: {type: string}}]}}}"],
        silent: &["paths: {/a: {get: {parameters: [{name: x, in: query, schema: {type: string}}]}}}"],
    },
    Explained {
        id: "openapi-invalid",
        title: "against the official schema in another way",
        severity: Severity::High,
        why: "The part does not fit what the specification says of it, so readers differ in what they make of it.",
        remedy: "Compare the part with the specification of its version; the finding says what stands against it.",
        fires: &[],
        silent: &["paths: {/a: {get: {}}}"],
    },
    Explained {
        id: "typed-reader-refuses",
        title: "a strictly typed reader refuses the part",
        severity: Severity::Low,
        why: "Clients and generators that read OpenAPI into fixed types stop at it, though a lenient reader goes on.",
        remedy: "Spell the part as the specification of its version has it.",
        fires: &[],
        silent: &["paths: {/a: {get: {}}}"],
    },
    Explained {
        id: "yaml-merge-key",
        title: "merge key `<<`",
        severity: Severity::Low,
        why: "It is no part of YAML 1.2: some readers merge, others see a member called `<<`.",
        remedy: "Write the members out, or refer to them with `$ref`.",
        fires: &[],
        silent: &[],
    },
    Explained {
        id: "yaml-unknown-tag",
        title: "YAML tag without meaning",
        severity: Severity::Low,
        why: "The value is kept and the tag dropped, as JSON has no tags; readers that know the tag see something else.",
        remedy: "Remove the tag.",
        fires: &[],
        silent: &[],
    },
    Explained {
        id: "model-too-large",
        title: "parts repeated beyond bounds",
        severity: Severity::High,
        why: "References repeat so much that the whole cannot be held; what lies beyond was left out and is not compared.",
        remedy: "Refer to named schemas instead of whole path items and responses that hold others.",
        fires: &[],
        silent: &[],
    },
    Explained {
        id: "too-heavy-to-judge",
        title: "too large and too deep for the official schemas",
        severity: Severity::Low,
        why: "Validity is not known, as judging it would take too long; all other findings stand.",
        remedy: "Flatten or split the document.",
        fires: &[],
        silent: &[],
    },
    Explained {
        id: "judge-failed",
        title: "the official schemas could not be applied",
        severity: Severity::Low,
        why: "Validity is not known; all other findings stand.",
        remedy: "Tell the authors of Sundial which document it was.",
        fires: &[],
        silent: &[],
    },
];

/// The kind of fault of this id.
#[must_use]
pub fn fault(id: &str) -> Option<&'static Explained> {
    ALL.iter().find(|fault| fault.id == id)
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::diff::example;
    use crate::lint::lint;

    #[test]
    fn each_fault_shows_in_its_own_examples_alone() {
        for fault in ALL {
            let found = |fragment: &str| {
                let document =
                    example::load(fragment).unwrap_or_else(|error| panic!("{}: {error}", fault.id));
                lint(&document).findings.iter().any(|finding| finding.rule == fault.id)
            };
            for fragment in fault.fires {
                assert!(found(fragment), "{} does not fire on {fragment}", fault.id);
                let document = example::load(fragment).expect("it loaded above");
                let mut seen = std::collections::HashSet::new();
                for finding in lint(&document).findings {
                    assert!(seen.insert(finding.fingerprint), "{}: said twice", finding.message);
                }
            }
            for fragment in fault.silent {
                assert!(!found(fragment), "{} fires on {fragment}", fault.id);
            }
        }
    }
}
