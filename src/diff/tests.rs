//! What holds for every diff, whatever the rule: silence, stability, direction, thresholds.

use std::collections::BTreeSet;

use super::*;
use crate::lint::Severity;
use crate::scheme::Scheme;
use crate::spec::{Limits, load};

fn options() -> Options {
    Options::at("2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant"))
}

fn read(text: &str) -> Document {
    load(text.as_bytes(), &Limits::default()).expect("a document")
}

fn diff(old: &str, new: &str) -> Diff {
    compare(&read(old), &read(new), &options())
}

fn step(old: &str, new: &str) -> Diff {
    let old = example::load(old).expect("a document");
    let new = example::load(new).expect("a document");
    compare(&old, &new, &options())
}

const OLD: &str = "\
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
        - {name: after, in: query, schema: {type: string}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 40}
        kind: {type: string, enum: [cat, dog]}
        owner: {$ref: '#/components/schemas/Owner'}
    Owner:
      type: object
      properties:
        pet: {$ref: '#/components/schemas/Pet'}
        mail: {type: string, nullable: true}
";

fn new() -> String {
    OLD.replace("maxLength: 40", "maxLength: 20").replace("enum: [cat, dog]", "enum: [cat, dog, hen]")
}

/// OLD with lines moved, parameters and properties in another order, and another parameter name.
fn shuffled(text: &str) -> String {
    let limit = "        - {name: limit, in: query, schema: {type: integer, maximum: 100}}\n";
    let after = "        - {name: after, in: query, schema: {type: string}}\n";
    text.replace("paths:\n", "\n\n# a comment\npaths:\n")
        .replace(&format!("{limit}{after}"), &format!("{after}{limit}"))
        .replace("/pets/{id}", "/pets/{pet}")
        .replace("name: id, in: path", "name: pet, in: path")
}

fn fingerprints(diff: &Diff) -> BTreeSet<String> {
    let kept = diff.changes.iter().filter(|change| change.rule != "path-parameter-renamed");
    kept.map(|change| change.fingerprint.clone()).collect()
}

#[test]
fn one_cause_in_a_shared_schema_is_one_change_for_each_direction() {
    let diff = diff(OLD, &new());
    let found: Vec<(&str, Option<Direction>, Level, usize)> = diff
        .changes
        .iter()
        .map(|change| (change.rule.as_ref(), change.direction, change.level, change.operations.len()))
        .collect();
    let (request, response) = (Some(Direction::Request), Some(Direction::Response));
    assert_eq!(
        found,
        [
            ("schema-length-narrowed", request, Level::Breaking, 1),
            ("schema-enum-widened", response, Level::Breaking, 2),
            ("schema-length-narrowed", response, Level::Info, 2),
            ("schema-enum-widened", request, Level::Info, 1),
        ]
    );
    let place = diff.changes[0].new.as_ref().expect("a place");
    assert_eq!((place.line, place.column), (23, 41));
    assert_eq!(place.pointer, "/components/schemas/Pet/properties/name/maxLength");
}

#[test]
fn fingerprints_outlive_moved_lines_reordering_and_renamed_variables() {
    let plain = diff(OLD, &new());
    let moved = diff(&shuffled(OLD), &shuffled(&new()));
    assert_eq!(fingerprints(&plain), fingerprints(&moved));
    let inline = |maximum: u32| OLD.replace("maximum: 100", &format!("maximum: {maximum}"));
    let here = diff(OLD, &inline(50));
    let there = diff(&shuffled(OLD), &shuffled(OLD).replace("maximum: 100", "maximum: 50"));
    assert_eq!(fingerprints(&here), fingerprints(&there));
    assert_ne!(fingerprints(&here), fingerprints(&diff(OLD, &inline(60))), "another value is another break");
}

#[test]
fn another_spelling_is_no_change() {
    let old = read(OLD);
    let json = old.value(NodeId::ROOT).to_string();
    let newer = OLD
        .replace("openapi: 3.0.3", "openapi: 3.1.0")
        .replace("{type: string, nullable: true}", "{type: [string, 'null']}");
    let order = OLD.replace("info: {title: Pets, version: '1'}", "info: {version: '1', title: Pets}");
    let explicit = OLD.replace(
        "in: query, schema: {type: string}",
        "in: query, style: form, explode: true, schema: {type: string}",
    );
    for twin in [json, newer, order, explicit] {
        assert_eq!(diff(OLD, &twin).changes, [], "{twin}");
        assert_eq!(diff(&twin, OLD).verdict, Verdict::Identical);
    }
}

#[test]
fn a_text_that_changed_in_one_of_many_branches_is_seen() {
    let told = |first: &str, second: &str| {
        let branch = |text: &str| format!("{{type: string, description: {text}}}");
        let schema = format!("{{oneOf: [{}, {}]}}", branch(first), branch(second));
        step(
            "components: {schemas: {S: {oneOf: [{type: string, description: a}, {type: string, description: b}]}}}",
            &format!("components: {{schemas: {{S: {schema}}}}}"),
        )
    };
    assert_ne!(told("a", "c").verdict, Verdict::Identical);
    assert_ne!(told("c", "a").verdict, Verdict::Identical, "whatever the order");
    assert_ne!(told("a", "a").verdict, Verdict::Identical, "however often");
    assert_eq!(told("a", "b").verdict, Verdict::Identical);
    assert_eq!(told("b", "a").changes.len(), 0, "order alone is no change");
}

#[test]
fn cycles_end() {
    let deeper = OLD.replace("mail: {type: string, nullable: true}", "mail: {type: integer}");
    let diff = diff(OLD, &deeper);
    assert!(
        diff.changes.iter().all(|change| change.message.starts_with("`Owner.mail`")),
        "{:?}",
        diff.changes
    );
}

#[test]
fn webhooks_turn_the_direction_round() {
    let hook = |length: u32| {
        format!(
            "webhooks: {{paid: {{post: {{requestBody: {{content: {{application/json: {{schema: {{type: string, maxLength: {length}}}}}}}}}, responses: {{'200': {{description: ok}}}}}}}}}}"
        )
    };
    let longer = step(&hook(5), &hook(9));
    assert_eq!(longer.verdict, Verdict::Breaking);
    assert_eq!(longer.changes[0].direction, Some(Direction::Response));
    assert_eq!(step(&hook(9), &hook(5)).verdict, Verdict::Compatible);
}

#[test]
fn a_tolerant_profile_lets_responses_grow() {
    let (old, new) = ("RES: {type: string, enum: [a]}", "RES: {type: string, enum: [a, b]}");
    assert_eq!(step(old, new).verdict, Verdict::Breaking);
    let (before, after) = (example::load(old).expect("a document"), example::load(new).expect("a document"));
    let tolerant = Options { policy: Policy::read("profile = 'tolerant'").expect("a policy"), ..options() };
    assert_eq!(compare(&before, &after, &tolerant).verdict, Verdict::Compatible);
    let open = "RES: {type: string, x-extensible-enum: true, enum: [a]}";
    assert_eq!(step(open, new).verdict, Verdict::Compatible);
}

#[test]
fn a_value_that_lists_leave_out_is_not_carried_up() {
    let with = |beside: &str, inner: &str| {
        format!(
            "REQ: {{type: object, properties: {{n: {{type: {beside}}}, o: {{type: object, enum: [{{x: 1}}, {{x: s}}], \
             properties: {{x: {{type: {inner}}}}}}}}}}}"
        )
    };
    let diff = step(&with("string", "[integer, string]"), &with("integer", "integer"));
    let levels: Vec<Level> = diff.changes.iter().map(|change| change.level).collect();
    assert_eq!(levels, [Level::Breaking; 2], "one of the listed values is broken");
}

#[test]
fn one_number_in_two_spellings_is_one_change() {
    let divided = |one: &str, other: &str| {
        let new = format!("REQ: {{type: number, allOf: [{{multipleOf: {one}}}, {{multipleOf: {other}}}]}}");
        step("REQ: {type: number}", &new).changes.len()
    };
    assert_eq!([divided("2", "2.0"), divided("2.0", "2e0"), divided("2", "3")], [1, 1, 2]);
}

#[test]
fn bump_and_due_follow_the_worst_change() {
    let due = |old: &str, new: &str| {
        let label = Label::parse(Scheme::Semver, "1.4.0").expect("a label");
        let options = Options { old_label: Some(label), ..options() };
        let (old, new) = (example::load(old).expect("a document"), example::load(new).expect("a document"));
        let diff = compare(&old, &new, &options);
        (diff.bump, diff.due)
    };
    let (none, get, both) = ("paths: {}", "paths: {/a: {get: {}}}", "paths: {/a: {get: {}, post: {}}}");
    assert_eq!(due(both, get), (Bump::Major, Some("2.0.0".to_owned())));
    assert_eq!(due(get, both), (Bump::Minor, Some("1.5.0".to_owned())));
    assert_eq!(due(none, "info: {description: text}").0, Bump::Patch);
    assert_eq!(due(get, get), (Bump::None, None));
}

#[test]
fn a_threshold_looks_at_levels_and_at_what_weakens() {
    let holds =
        |conditions: &str, diff: &Diff| conditions.parse::<FailOn>().expect("conditions").holds_for(diff);
    let opened = step("paths: {/a: {post: {}}}", "paths: {/a: {post: {security: []}}}");
    assert!(!holds("breaking", &opened) && holds("warning", &opened));
    assert!(holds("security=high", &opened) && holds("breaking,security=critical", &opened));
    let closed = step("paths: {/a: {post: {security: []}}}", "paths: {/a: {post: {}}}");
    assert!(holds("breaking", &closed) && !holds("security=info", &closed) && !holds("never", &closed));
}

#[test]
fn a_root_edit_is_one_change_with_every_operation() {
    let paths = "paths: {/a: {get: {}, post: {}}, /b: {delete: {}}}";
    let diff = step(paths, &format!("{{security: [], {paths}}}"));
    assert_eq!(diff.changes.len(), 1, "{:?}", diff.changes);
    let change = &diff.changes[0];
    assert_eq!(change.operations.len(), 3);
    assert_eq!(change.message, "`GET /a` (and 2 more) asks for no credentials any more");
    let facet = change.security.as_ref().expect("a facet");
    assert_eq!((facet.rule.as_ref(), facet.severity), ("auth-requirement-removed", Severity::Critical));
}

#[test]
fn reasons_to_retire_say_what_the_old_version_lacks() {
    let old = "{info: {version: v1}, security: [], servers: [{url: 'http://a.example'}, {url: 'https://a.example'}], \
               paths: {/a: {get: {}, post: {}}}, RES: {type: object, properties: {password: {type: string}}}}";
    let new = "{info: {version: v2}, servers: [{url: 'https://a.example'}], \
               paths: {/a: {get: {}, post: {}}}, RES: {type: object, properties: {}}}";
    let reasons = |old: &str, new: &str| -> Vec<String> {
        let diff = step(old, new);
        let (older, newer) = diff.names();
        retire_reasons(&diff, older, newer).into_iter().map(|reason| reason.words).collect()
    };
    assert_eq!(
        reasons(old, new),
        [
            "v1 lets anyone call `GET /a` and 1 more; v2 asks for o (r)",
            "v1 returns `response.password`, a credential",
            "v1 can be spoken to over http://a.example without TLS",
        ]
    );
    assert_eq!(reasons(new, old), [""; 0]);
}

#[test]
fn a_moved_operation_is_one_change_that_shows_both_places() {
    let diff = step("paths: {/a: {get: {operationId: read}}}", "paths: {/b: {get: {operationId: read}}}");
    assert_eq!(diff.changes.len(), 1);
    let change = &diff.changes[0];
    assert_eq!(change.rule, "operation-removed");
    assert_eq!((change.before.as_str(), change.after.as_str()), (Some("GET /a"), Some("GET /b")));
    assert!(change.old.is_some() && change.new.is_some());
}

#[test]
fn drafts_promise_nothing_and_their_changes_are_worth_knowing_at_most() {
    let operation = |level: &str, bound: u32| {
        format!(
            "paths: {{/a: {{post: {{x-stability-level: {level}, requestBody: {{content: {{application/json: {{schema: {{type: string, maxLength: {bound}}}}}}}}}}}}}}}"
        )
    };
    let worst = |level: &str| {
        let diff = step(&operation(level, 9), &operation(level, 5));
        diff.changes.iter().map(|change| change.level).min()
    };
    for level in ["draft", "alpha"] {
        assert_eq!(worst(level), Some(Level::Info), "{level}");
    }
    for level in ["beta", "stable"] {
        assert_eq!(worst(level), Some(Level::Breaking), "{level}");
    }
}

#[test]
fn a_renamed_schema_is_one_change_with_every_operation_that_holds_it() {
    let named = |name: &str| {
        let list = format!("{{type: array, items: {{$ref: '#/components/schemas/{name}'}}}}");
        format!(
            "{{components: {{schemas: {{{name}: {{type: object, properties: {{n: {{type: integer}}}}}}}}}}, REQ: {list}, RES: {list}}}"
        )
    };
    let diff = step(&named("Pet"), &named("Animal"));
    assert_eq!(diff.changes.len(), 1, "{:?}", diff.changes);
    let change = &diff.changes[0];
    assert_eq!((change.rule.as_ref(), change.level), ("schema-renamed", Level::Info));
    let operations: Vec<String> = change.operations.iter().map(ToString::to_string).collect();
    assert_eq!(operations, ["POST /a", "GET /a"]);
}

#[test]
fn requests_and_responses_see_their_own_members() {
    let schema = |flag: &str, bound: u32| {
        format!("{{type: object, properties: {{n: {{type: string, {flag}: true, maxLength: {bound}}}}}}}")
    };
    let both = |flag: &str, bound: u32| format!("{{REQ: {0}, RES: {0}}}", schema(flag, bound));
    let directions = |flag: &str| {
        let diff = step(&both(flag, 9), &both(flag, 5));
        diff.changes.iter().filter_map(|change| change.direction).collect::<BTreeSet<_>>()
    };
    assert_eq!(directions("readOnly"), BTreeSet::from([Direction::Response]));
    assert_eq!(directions("writeOnly"), BTreeSet::from([Direction::Request]));
}

#[test]
fn a_change_that_is_harmless_one_way_hides_no_break_beside_it() {
    // Only a value of the second branch alone shows the break; that both no longer overlap is told too.
    let branch = |kind: &str, by: &str| {
        format!(
            "{{type: object, required: [kind, by], properties: {{kind: {{enum: [{kind}]}}, by: {{enum: [{by}]}}}}}}"
        )
    };
    let union =
        |kind: &str| format!("REQ: {{oneOf: [{}, {}]}}", branch("card", "me, you"), branch(kind, "me, us"));
    let diff = step(&union("card"), &union("bank"));
    let said: Vec<(&str, Level)> = diff.changes.iter().map(|change| (&*change.rule, change.level)).collect();
    assert_eq!(
        said,
        [("schema-const-changed", Level::Breaking), ("schema-alternatives-overlap", Level::Info)]
    );
}

#[test]
fn texts_of_one_name_are_told_apart() {
    let told = |old: &str, new: &str| {
        let diff = diff(old, new);
        diff.changes.iter().map(|change| change.message.clone()).collect::<Vec<_>>()
    };
    let head = "{openapi: 3.1.0, info: {title: t, version: '1'}, paths: {}";
    let servers = |first: &str, second: &str| {
        format!(
            "{head}, servers: [{{url: /, description: {first}}}, {{url: /, description: {second}}}], x-a: {first}}}"
        )
    };
    assert_eq!(told(&servers("a", "b"), &servers("b", "a")), ["`info`: x-a changed"], "order says nothing");
    assert_eq!(
        told(&servers("a", "b"), &servers("a", "c")),
        ["`info`: description of / changed"],
        "the second is told of"
    );
    let flow = |name: &str, scope: &str| {
        let urls = "authorizationUrl: 'https://a/x', tokenUrl: 'https://a/t'";
        format!("{name}: {{{urls}, scopes: {{read: {scope}}}}}")
    };
    let flows = |first: &str, second: &str| {
        format!(
            "{head}, components: {{securitySchemes: {{o: {{type: oauth2, flows: {{{first}, {second}}}}}}}}}}}"
        )
    };
    let (implicit, password) = (flow("implicit", "one"), flow("password", "two"));
    let before = flows(&implicit, &password);
    assert_eq!(
        told(&before, &flows(&flow("implicit", "else"), &password)),
        ["`info`: description of scope read changed"]
    );
    assert!(told(&before, &flows(&password, &implicit)).is_empty());
}

#[test]
fn what_is_required_and_stays_hides_no_break_beside_it() {
    for (place, keyword) in [("REQ", "readOnly"), ("RES", "writeOnly")] {
        let base = format!("{{type: object, properties: {{id: {{type: integer, {keyword}: true}}}}}}");
        let own = |kind: &str| {
            format!("type: object, required: [name, id], properties: {{name: {{type: {kind}}}}}")
        };
        let beside = |kind: &str| format!("{place}: {{allOf: [{base}], {}}}", own(kind));
        let apart = |kind: &str| format!("{place}: {{allOf: [{base}, {{{}}}]}}", own(kind));
        for written in [&beside as &dyn Fn(&str) -> String, &apart] {
            let diff = step(&written("string"), &written("integer"));
            let said: Vec<(&str, Level)> =
                diff.changes.iter().map(|change| (&*change.rule, change.level)).collect();
            assert_eq!(said, [("schema-type-changed", Level::Breaking)], "{}", written("string"));
        }
    }
}
