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
    /// The rule that tells the same slip in a lint, with more to it: one slip is one finding.
    pub told_as: Option<&'static str>,
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
        told_as: None,
    },
    Explained {
        id: "ref-external",
        title: "reference out of the document",
        severity: Severity::High,
        why: "A registry keeps one document and fetches nothing, so what stands in another file or at a URL is unknown to it.",
        remedy: "Keep the parts in files below the root document: `sundial bundle` and `sundial publish` join them into one.",
        fires: &["RES: {$ref: 'other.yaml#/A'}", "RES: {$ref: 'https://example.com/a.yaml'}"],
        silent: &["RES: {type: string}"],
        told_as: None,
    },
    Explained {
        id: "operation-id-duplicate",
        title: "one operationId for two operations",
        severity: Severity::High,
        why: "Generated clients name methods by it, and links mean an operation by it: one of the two is lost.",
        remedy: "Give each operation an id of its own.",
        fires: &["paths: {/a: {get: {operationId: x}, post: {operationId: x}}}"],
        silent: &["paths: {/a: {get: {operationId: x}, post: {operationId: y}}}"],
        told_as: None,
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
        told_as: None,
    },
    Explained {
        id: "path-template-malformed",
        title: "path template that cannot be read",
        severity: Severity::High,
        why: "A brace that does not close leaves open which part of the path is a parameter.",
        remedy: "Close each brace, and let no braces stand within braces.",
        fires: &["paths: {'/a/{x': {get: {}}}"],
        silent: &["paths: {/a: {get: {}}}"],
        told_as: None,
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
        told_as: None,
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
        told_as: None,
    },
    Explained {
        id: "security-scheme-undefined",
        title: "security scheme that nobody defines",
        severity: Severity::High,
        why: "The requirement cannot be met or checked; generators drop it and leave the operation open. `sundial lint` tells it as `auth-scheme-undefined`, with the operations that it concerns.",
        remedy: "Define the scheme, or correct its name.",
        fires: &["paths: {/a: {get: {security: [{typo: []}]}}}"],
        silent: &["paths: {/a: {get: {security: [{o: [r]}]}}}"],
        told_as: Some("auth-scheme-undefined"),
    },
    Explained {
        id: "missing-field",
        title: "field that the specification demands",
        severity: Severity::High,
        why: "Tools that read by the letter refuse the document or guess.",
        remedy: "Add the field.",
        fires: &["info: {version: null}"],
        silent: &["info: {version: '2'}"],
        told_as: None,
    },
    Explained {
        id: "unknown-field",
        title: "field that the specification does not know",
        severity: Severity::High,
        why: "It has no effect, though its author believes that it has one; most often it is misspelled.",
        remedy: "Correct its name, or begin it with `x-` if it is an extension.",
        fires: &["paths: {/a: {get: {sumary: words}}}"],
        silent: &["paths: {/a: {get: {x-sumary: words}}}"],
        told_as: None,
    },
    Explained {
        id: "wrong-type",
        title: "value of another type than the field takes",
        severity: Severity::High,
        why: "Readers differ in what they make of it: some refuse the document, some drop the value.",
        remedy: "Give a value of the type that the finding names.",
        fires: &["paths: {/a: {get: {tags: one}}}"],
        silent: &["paths: {/a: {get: {tags: [one]}}}"],
        told_as: None,
    },
    Explained {
        id: "value-not-allowed",
        title: "value that the field does not take",
        severity: Severity::High,
        why: "The specification lists what may stand here; readers differ in what they make of anything else.",
        remedy: "Give one of the values that the finding names.",
        fires: &["paths: {/a: {get: {parameters: [{name: x, in: body, schema: {type: string}}]}}}"],
        silent: &["paths: {/a: {get: {parameters: [{name: x, in: query, schema: {type: string}}]}}}"],
        told_as: None,
    },
    Explained {
        id: "openapi-invalid",
        title: "against the official schema in another way",
        severity: Severity::High,
        why: "The part does not fit what the specification says of it, so readers differ in what they make of it.",
        remedy: "Compare the part with the specification of its version; the finding says what stands against it.",
        fires: &[
            "PARAM: {name: x, in: query, schema: {type: string}, example: a, examples: {b: {value: c}}}",
        ],
        silent: &["paths: {/a: {get: {}}}"],
        told_as: None,
    },
    Explained {
        id: "example-invalid",
        title: "example that does not fit its schema",
        severity: Severity::Low,
        why: "Readers copy examples, mock servers answer with them and tests are made from them: they learn what the schema forbids.",
        remedy: "Mend the example, or the schema if the example is right. Formats are not judged, members that the direction spares may be missing, and bodies that are not JSON are left alone.",
        fires: &[
            "RES: {type: integer, example: words}",
            "RES: {type: object, required: [a], properties: {a: {type: string}}, examples: [{b: 1}]}",
            "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: array, items: {type: integer}}, examples: {one: {value: [1, two]}}}}}}}}",
            "PARAM: {name: x, in: query, schema: {type: integer, maximum: 9}, example: 10}",
        ],
        silent: &[
            "RES: {type: integer, example: 7}",
            "RES: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}, example: {}}",
            "paths: {/a: {post: {requestBody: {content: {application/xml: {schema: {type: object}, example: <a/>}}}}}}",
            "PARAM: {name: x, in: query, schema: {type: array, items: {type: integer}}, example: '1,2'}",
        ],
        told_as: None,
    },
    Explained {
        id: "default-invalid",
        title: "default that does not fit its schema",
        severity: Severity::Low,
        why: "A server that fills it in makes a value that its own check refuses, and generated code does not compile.",
        remedy: "Give a default that the schema allows, or widen the schema.",
        fires: &["RES: {type: boolean, default: 'true'}", "RES: {type: string, enum: [a, b], default: c}"],
        silent: &["RES: {type: boolean, default: true}", "RES: {type: string, enum: [a, b], default: b}"],
        told_as: None,
    },
    Explained {
        id: "enum-value-invalid",
        title: "listed value of a type that the schema rules out",
        severity: Severity::Low,
        why: "Nobody can send the value: the type beside the list refuses it. Generators make constants that never occur.",
        remedy: "Write the value in the type of the schema, or add its type.",
        fires: &["RES: {type: string, enum: [1, 2]}"],
        silent: &[
            "RES: {type: string, enum: ['1', '2']}",
            "{openapi: 3.0.3, RES: {type: integer, nullable: true, enum: [1, 2]}}",
        ],
        told_as: None,
    },
    Explained {
        id: "pattern-invalid",
        title: "pattern that is no regular expression",
        severity: Severity::Low,
        why: "JSON Schema wants ECMA-262 in its Unicode mode, and engines of it do not take the pattern: they fail or skip the check, so what it was to keep out comes in.",
        remedy: "Mend it: `pattern` is a regular expression by ECMA-262, without slashes around it.",
        fires: &["RES: {type: string, pattern: '('}", "RES: {type: string, pattern: '[z-a]'}"],
        silent: &[
            "RES: {type: string, pattern: '^[[A-Z0-9]{1,18}$'}",
            "RES: {type: string, pattern: '^(?!x)a{2}$'}",
        ],
        told_as: None,
    },
    Explained {
        id: "component-unused",
        title: "component that nothing uses",
        severity: Severity::Info,
        why: "Readers take it for a part of the API, and changes of it are reviewed for nothing; often a reference to it was meant.",
        remedy: "Remove it, or refer to it where it was meant.",
        fires: &[
            "{paths: {/a: {get: {}}}, components: {schemas: {A: {type: string}}}}",
            "{paths: {/a: {get: {}}}, components: {schemas: {A: {properties: {b: {$ref: '#/components/schemas/B'}}}, B: {properties: {a: {$ref: '#/components/schemas/A'}}}}}}",
            "{paths: {/a: {get: {}}}, components: {securitySchemes: {s: {type: http, scheme: basic}}}}",
        ],
        silent: &[
            "{RES: {$ref: '#/components/schemas/A'}, components: {schemas: {A: {type: string}}}}",
            "{RES: {$ref: '#/components/schemas/A'}, components: {schemas: {A: {type: object, required: [k], properties: {k: {type: string}}, discriminator: {propertyName: k}}, B: {allOf: [{$ref: '#/components/schemas/A'}]}}}}",
            "components: {schemas: {A: {type: string}}}",
        ],
        told_as: None,
    },
    Explained {
        id: "item-repeated",
        title: "item that stands in a list twice",
        severity: Severity::Low,
        why: "The repetition says nothing, and where the specification wants each item once, strict readers refuse the list.",
        remedy: "Remove the repetition.",
        fires: &[
            "RES: {type: string, enum: [a, b, a]}",
            "RES: {type: object, required: [a, a]}",
            "paths: {/a: {get: {tags: [x, x]}}}",
        ],
        silent: &["RES: {type: string, enum: [a, b]}"],
        told_as: None,
    },
    Explained {
        id: "tag-duplicate",
        title: "tag declared twice",
        severity: Severity::High,
        why: "The specification wants each name once; readers show one of the two descriptions.",
        remedy: "Declare each tag once.",
        fires: &["tags: [{name: a}, {name: a}]"],
        silent: &["tags: [{name: a}, {name: b}]"],
        told_as: None,
    },
    Explained {
        id: "parameter-duplicate",
        title: "parameter declared twice in one list",
        severity: Severity::High,
        why: "Name and place make a parameter what it is; which of the two declarations holds is left to chance.",
        remedy: "Declare each parameter of a list once.",
        fires: &[
            "paths: {/a: {get: {parameters: [{name: x, in: query, schema: {type: string}}, {name: x, in: query, schema: {type: integer}}]}}}",
        ],
        silent: &[
            "paths: {/a: {get: {parameters: [{name: x, in: query, schema: {type: string}}, {name: x, in: header, schema: {type: string}}]}}}",
            "paths: {/a: {parameters: [{name: x, in: query, schema: {type: string}}], get: {parameters: [{name: x, in: query, schema: {type: integer}}]}}}",
        ],
        told_as: None,
    },
    Explained {
        id: "body-conflict",
        title: "more than one body in OpenAPI 2.0",
        severity: Severity::High,
        why: "A call has one body: a second body parameter, or form parameters beside one, cannot be sent.",
        remedy: "Keep one body parameter, or form parameters alone.",
        fires: &[
            "{openapi: null, swagger: '2.0', servers: null, security: null, components: null, paths: {/a: {post: {parameters: [{name: x, in: body, schema: {type: object}}, {name: y, in: formData, type: string}], responses: {'200': {description: ok}}}}}}",
            "{openapi: null, swagger: '2.0', servers: null, security: null, components: null, paths: {/a: {post: {parameters: [{name: x, in: body, schema: {type: object}}, {name: y, in: body, schema: {type: object}}], responses: {'200': {description: ok}}}}}}",
        ],
        silent: &[
            "{openapi: null, swagger: '2.0', servers: null, security: null, components: null, paths: {/a: {post: {parameters: [{name: x, in: formData, type: string}, {name: y, in: formData, type: string}], responses: {'200': {description: ok}}}}}}",
        ],
        told_as: None,
    },
    Explained {
        id: "server-url-malformed",
        title: "server URL that cannot be read",
        severity: Severity::High,
        why: "A brace that does not close leaves open which part of the URL is a variable.",
        remedy: "Write each variable as `{name}`.",
        fires: &["servers: [{url: 'https://{region.example.com'}]"],
        silent: &["servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu}}}]"],
        told_as: None,
    },
    Explained {
        id: "server-variable-undefined",
        title: "variable of a server URL that nobody defines",
        severity: Severity::High,
        why: "Clients cannot tell what to put in its place, and call a host with braces in its name.",
        remedy: "Declare it among `variables`, with a default.",
        fires: &["servers: [{url: 'https://{region}.example.com'}]"],
        silent: &["servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu}}}]"],
        told_as: None,
    },
    Explained {
        id: "server-variable-default",
        title: "default of a server variable outside its own list",
        severity: Severity::High,
        why: "The specification wants the default among the values: the URL that clients use first is none of those offered.",
        remedy: "Add it to `enum`, or choose one that is there.",
        fires: &[
            "servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu, enum: [us, ap]}}}]",
        ],
        silent: &[
            "servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu, enum: [us, eu]}}}]",
        ],
        told_as: None,
    },
    Explained {
        id: "link-operation-unknown",
        title: "link to an operation that does not exist",
        severity: Severity::High,
        why: "Who follows the link finds nothing to call.",
        remedy: "Name an operation of this document.",
        fires: &[
            "paths: {/a: {get: {responses: {'200': {description: ok, links: {next: {operationId: absent}}}}}}}",
            "paths: {/a: {get: {responses: {'200': {description: ok, links: {next: {operationRef: '#/paths/~1b/get'}}}}}}}",
        ],
        silent: &[
            "paths: {/a: {get: {operationId: one, responses: {'200': {description: ok, links: {next: {operationId: one}}}}}}}",
        ],
        told_as: None,
    },
    Explained {
        id: "discriminator-target-unknown",
        title: "discriminator that names no schema",
        severity: Severity::High,
        why: "A value of that kind cannot be read: nothing says what it holds.",
        remedy: "Give the name of a schema, or a reference to one.",
        fires: &[
            "{RES: {oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: k, mapping: {a: B}}}, components: {schemas: {A: {type: object, required: [k], properties: {k: {type: string}}}}}}",
        ],
        silent: &[
            "{RES: {oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: k, mapping: {a: A, b: '#/components/schemas/A'}}}, components: {schemas: {A: {type: object, required: [k], properties: {k: {type: string}}}}}}",
        ],
        told_as: None,
    },
    Explained {
        id: "tag-parent-unknown",
        title: "tag below one that does not exist",
        severity: Severity::High,
        why: "The specification wants the parent declared and no circles; readers cannot place the tag.",
        remedy: "Declare the parent, or mend the name.",
        fires: &[
            "{openapi: 3.2.0, tags: [{name: a, parent: b}]}",
            "{openapi: 3.2.0, tags: [{name: a, parent: b}, {name: b, parent: b}]}",
        ],
        silent: &["{openapi: 3.2.0, tags: [{name: a, parent: b}, {name: b}]}"],
        told_as: None,
    },
    Explained {
        id: "word-without-effect",
        title: "word that has no effect",
        severity: Severity::Info,
        why: "The author means something by it, and readers by the letter do not see it: a diff sees no change in it either.",
        remedy: "Say it where it has an effect: the finding names the place.",
        fires: &[
            "{openapi: 3.0.3, RES: {$ref: '#/components/schemas/A', nullable: true}, components: {schemas: {A: {type: string}}}}",
            "{openapi: 3.0.3, RES: {nullable: true, enum: [a]}}",
            "RES: {type: string, nullable: true}",
            "PARAM: {name: Accept, in: header, schema: {type: string}}",
        ],
        silent: &[
            "{openapi: 3.0.3, RES: {$ref: '#/components/schemas/A', description: words}, components: {schemas: {A: {type: string}}}}",
            "{RES: {$ref: '#/components/schemas/A', readOnly: true}, components: {schemas: {A: {type: string}}}}",
            "{openapi: 3.0.3, RES: {type: string, nullable: true}}",
            "PARAM: {name: X-Trace, in: header, schema: {type: string}}",
        ],
        told_as: None,
    },
    Explained {
        id: "typed-reader-refuses",
        title: "a strictly typed reader refuses the part",
        severity: Severity::Low,
        why: "Clients and generators that read OpenAPI into fixed types stop at it, though a lenient reader goes on.",
        remedy: "Spell the part as the specification of its version has it.",
        fires: &["{openapi: 3.0.3, RES: {type: [string, 'null']}}"],
        silent: &["paths: {/a: {get: {}}}"],
        told_as: None,
    },
    Explained {
        id: "yaml-merge-key",
        title: "merge key `<<`",
        severity: Severity::Low,
        why: "It is no part of YAML 1.2: some readers merge, others see a member called `<<`.",
        remedy: "Write the members out, or refer to them with `$ref`.",
        fires: &[],
        silent: &[],
        told_as: None,
    },
    Explained {
        id: "yaml-unknown-tag",
        title: "YAML tag without meaning",
        severity: Severity::Low,
        why: "The value is kept and the tag dropped, as JSON has no tags; readers that know the tag see something else.",
        remedy: "Remove the tag.",
        fires: &[],
        silent: &[],
        told_as: None,
    },
    Explained {
        id: "model-too-large",
        title: "parts repeated beyond bounds",
        severity: Severity::High,
        why: "References repeat so much that the whole cannot be held; what lies beyond was left out and is not compared.",
        remedy: "Refer to named schemas instead of whole path items and responses that hold others.",
        fires: &[],
        silent: &[],
        told_as: None,
    },
    Explained {
        id: "too-heavy-to-judge",
        title: "too large and too deep for the official schemas",
        severity: Severity::Low,
        why: "Validity is not known, as judging it would take too long; all other findings stand.",
        remedy: "Flatten or split the document.",
        fires: &[],
        silent: &[],
        told_as: None,
    },
    Explained {
        id: "judge-failed",
        title: "the official schemas could not be applied",
        severity: Severity::Low,
        why: "Validity is not known; all other findings stand.",
        remedy: "Tell the authors of Sundial which document it was.",
        fires: &[],
        silent: &[],
        told_as: None,
    },
    Explained {
        id: "too-many-references",
        title: "references followed beyond bounds",
        severity: Severity::High,
        why: "So many links lead through the document that following them all would take too long; what lies beyond was left out and is not compared.",
        remedy: "Write shared parts once and refer to them directly; a server may also raise its limit on references.",
        fires: &[],
        silent: &[],
        told_as: None,
    },
    Explained {
        id: "schema-dialect-unknown",
        title: "dialect of JSON Schema that is not known",
        severity: Severity::Low,
        why: "Keywords of another dialect may mean something else; the schemas are read as JSON Schema 2020-12, which is what tools for OpenAPI know.",
        remedy: "Leave the dialect out, or name the one of OpenAPI.",
        fires: &[
            "jsonSchemaDialect: 'http://json-schema.org/draft-07/schema#'",
            "RES: {$schema: 'https://example.com/dialect', type: string}",
        ],
        silent: &[
            "jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base'",
            "RES: {$schema: 'https://json-schema.org/draft/2020-12/schema', type: string}",
        ],
        told_as: None,
    },
];

/// Whether this rule tells a fault of structure, which is an error of the document beside what it
/// says of its security.
#[must_use]
pub fn is_told_as(rule: &str) -> bool {
    ALL.iter().any(|fault| fault.told_as == Some(rule))
}

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
                let told = fault.told_as.unwrap_or(fault.id);
                lint(&document).findings.iter().any(|finding| finding.rule == told)
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
