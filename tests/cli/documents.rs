//! `diff` and `lint` on files, standard input and git revisions, without a registry.

use std::process::Command;

use serde_json::Value;

use crate::support::documents::{charges, charges_without_reading_one};
use crate::support::program::{Run, run};

fn files() -> tempfile::TempDir {
    let folder = crate::support::folder();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("a file");
    write("old.yaml", charges("api.example.com", "/v1", ""));
    write("new.yaml", charges_without_reading_one("api.example.com", "/v1"));
    write("open.yaml", charges("api.example.com", "/v1", "").replace("security: [{key: []}]\n", ""));
    folder
}

#[test]
fn a_diff_prints_its_contract_and_breaking_is_one() {
    let folder = files();
    let run = |args: &[&str]| Run::default().dir(folder.path()).args(args);
    let json = run(&["diff", "old.yaml", "new.yaml", "--format", "json"]);
    assert_eq!(json.code, 1, "{}", json.stderr);
    let diff: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(diff["verdict"], "breaking");
    assert_eq!(diff["bump"], "major");
    let members: Vec<&String> = diff.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["old", "new", "verdict", "bump", "due", "summary", "changes"]);
    let change = diff["changes"][0].as_object().expect("a change");
    let members: Vec<&String> = change.keys().collect();
    let contract = [
        "rule",
        "level",
        "surface",
        "security",
        "message",
        "operations",
        "direction",
        "old",
        "new",
        "before",
        "after",
        "witness",
        "undecided",
        "fingerprint",
    ];
    assert_eq!(members, contract);
    assert!(change["fingerprint"].as_str().is_some_and(|text| text.starts_with("sdf1:") && text.len() == 29));
    let text = run(&["diff", "old.yaml", "new.yaml"]);
    assert_eq!(text.code, 1);
    assert!(text.stdout.contains("old.yaml:"), "{}", text.stdout);
    assert_eq!(run(&["diff", "old.yaml", "new.yaml", "--fail-on", "never"]).code, 0);
    assert_eq!(run(&["diff", "old.yaml", "old.yaml"]).code, 0);
    assert_eq!(run(&["diff", "old.yaml", "open.yaml"]).code, 0, "no break, though it opens the door");
    assert_eq!(run(&["diff", "old.yaml", "open.yaml", "--fail-on", "security=high"]).code, 1);
    assert_eq!(run(&["diff", "old.yaml", "open.yaml", "--fail-on", "bogus"]).code, 2);
    assert_eq!(run(&["diff", "old.yaml", "absent.yaml"]).code, 3);
}

#[test]
fn a_policy_file_sets_levels_and_a_flag_the_profile() {
    let folder = files();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    let run = |args: &[&str]| Run::default().dir(folder.path()).args(args);
    write(
        "policy.toml",
        "profile = 'strict'\n[levels]\npath-removed = 'warning'\noperation-removed = 'warning'\n",
    );
    let lenient = ["diff", "old.yaml", "new.yaml", "--policy", "policy.toml"];
    let diff: Value = run(&[&lenient[..], &["--format", "json"]].concat()).expect(0).json();
    assert_eq!(diff["verdict"], "compatible");
    assert_eq!(diff["summary"]["breaking"], 0);
    write("wrong.toml", "[levels]\nno-such-rule = 'warning'\n");
    let wrong = run(&["diff", "old.yaml", "new.yaml", "--policy", "wrong.toml"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("wrong.toml") && wrong.stderr.contains("no-such-rule"), "{}", wrong.stderr);
    assert_eq!(run(&["diff", "old.yaml", "new.yaml", "--policy", "absent.toml"]).code, 2);
    let response = |values: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{/a: {{get: {{responses: {{'200': {{description: ok, \
             content: {{application/json: {{schema: {{enum: [{values}]}}}}}}}}}}}}}}}}\n"
        )
    };
    write("few.yaml", &response("a"));
    write("more.yaml", &response("a, b"));
    assert_eq!(run(&["diff", "few.yaml", "more.yaml"]).code, 1);
    assert_eq!(run(&["diff", "few.yaml", "more.yaml", "--profile", "tolerant"]).code, 0);
    assert_eq!(run(&["diff", "few.yaml", "more.yaml", "--profile", "lenient"]).code, 2);
}

#[test]
fn standard_input_is_a_document_too() {
    let folder = files();
    let old = std::fs::read(folder.path().join("old.yaml")).expect("the file");
    let piped = Run::default().dir(folder.path()).stdin(&old);
    piped.clone().args(["diff", "-", "new.yaml"]).expect(1);
    piped.clone().args(["lint", "-", "--format", "json"]).expect(0);
    piped.args(["diff", "-", "-"]).expect(2);
}

#[test]
fn a_git_revision_is_a_document_too() {
    let folder = files();
    let git = |args: &[&str]| {
        let settings = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        let done = Command::new("git")
            .args(settings)
            .args(args)
            .current_dir(folder.path())
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "old.yaml"]);
    git(&["commit", "-qm", "old"]);
    let run = |args: &[&str]| Run::default().dir(folder.path()).args(args);
    assert_eq!(run(&["diff", "git:HEAD:old.yaml", "old.yaml"]).code, 0);
    assert_eq!(run(&["diff", "git:HEAD:old.yaml", "new.yaml"]).code, 1);
    assert_eq!(run(&["diff", "git:HEAD:absent.yaml", "new.yaml"]).code, 3);
    assert_eq!(run(&["diff", "git:--output=x:old.yaml", "new.yaml"]).code, 2);
    assert_eq!(run(&["lint", "git:HEAD:old.yaml"]).code, 0);
    assert_eq!(run(&["bundle", "git:HEAD:old.yaml"]).code, 0);
    // Below the top of the repository a path is still that of the repository, but for `./` and `../`.
    std::fs::create_dir(folder.path().join("api")).expect("a folder");
    let below = Run::default().dir(&folder.path().join("api"));
    assert_eq!(below.clone().args(["diff", "git:HEAD:old.yaml", "../old.yaml"]).code, 0);
    assert_eq!(below.clone().args(["diff", "git:HEAD:./../old.yaml", "../new.yaml"]).code, 1);
    std::fs::copy(folder.path().join("old.yaml"), folder.path().join("api/own.yaml")).expect("a copy");
    git(&["add", "api"]);
    git(&["commit", "-qm", "own"]);
    assert_eq!(below.clone().args(["diff", "git:HEAD:./own.yaml", "own.yaml"]).code, 0);
    // Whatever is wrong is said in a sentence, and is no break.
    let said = |from: &Run, argument: &str| from.clone().args(["lint", argument]).expect(3).stderr;
    let here = Run::default().dir(folder.path());
    assert!(said(&here, "git:HEAD:absent.yaml").contains("path 'absent.yaml' does not exist in 'HEAD'"));
    assert!(said(&here, "git:HEAD:api").contains("`api` is no file in `HEAD`"));
    assert!(said(&here, "git:nowhere:old.yaml").contains("invalid object name 'nowhere'"));
    assert!(said(&below, "git:HEAD:own.yaml").contains("begins with `./`: git:HEAD:./own.yaml"));
    assert!(said(&Run::default(), "git:HEAD:old.yaml").contains("not a git repository"));
    let small = ["lint", "git:HEAD:old.yaml", "--max-document-bytes", "100"];
    assert!(here.clone().args(small).expect(3).stderr.contains("larger than the 100 bytes"));
    for wrong in ["git:HEAD", "git::old.yaml", "git:HEAD:"] {
        assert!(here.clone().args(["lint", wrong]).expect(2).stderr.contains("git:REV:PATH"), "{wrong}");
    }
}

#[test]
fn a_diff_is_written_for_pull_requests_and_for_terminals() {
    let folder = files();
    let run = |args: &[&str]| {
        Run::default().dir(folder.path()).args(["diff", "old.yaml", "new.yaml"].iter().chain(args))
    };
    let markdown = run(&["--format", "markdown"]).expect(1).stdout;
    assert!(markdown.starts_with("<!-- sundial -->\n## Breaking: "), "{markdown}");
    assert!(markdown.contains("<details><summary>") && !markdown.contains('\u{1b}'), "{markdown}");
    assert!(!run(&[]).stdout.contains('\u{1b}'), "nobody watches");
    assert!(!run(&["--color", "never"]).stdout.contains('\u{1b}'));
    assert!(run(&["--color", "always"]).stdout.contains("\u{1b}[1;31mBreaking"));
    run(&["--color", "sometimes"]).expect(2);
    let unknown = run(&["--format", "tex"]).expect(2).stderr;
    assert!(unknown.contains("text, json, markdown, github"), "{unknown}");
}

#[test]
fn what_is_due_follows_the_version_in_the_document() {
    let folder = crate::support::folder();
    let document = |version: &str, paths: &str| {
        format!("openapi: 3.0.3\ninfo: {{title: t, version: '{version}'}}\npaths: {{{paths}}}\n")
    };
    let answer = |old: &str, new: &str, is_broken: bool| {
        let operation =
            |name: &str| format!("/{name}: {{get: {{responses: {{'200': {{description: ok}}}}}}}}");
        let (few, more) = (operation("a"), format!("{}, {}", operation("a"), operation("b")));
        let (before, after) = if is_broken { (&more, &few) } else { (&few, &more) };
        std::fs::write(folder.path().join("old.yaml"), document(old, before)).expect("a file");
        std::fs::write(folder.path().join("new.yaml"), document(new, after)).expect("a file");
        let args = ["diff", "old.yaml", "new.yaml", "--format", "json", "--fail-on", "never"];
        let diff = Run::default().dir(folder.path()).args(args).expect(0).json();
        let held = diff["changes"]
            .as_array()
            .expect("changes")
            .iter()
            .all(|change| change["rule"] != "version-not-bumped");
        (diff["bump"].as_str().expect("a bump").to_owned(), diff["due"].clone(), held)
    };
    let cases = [
        ("1.4.0", "2.0.0", true, "major", "2.0.0", true),
        ("1.4.0", "1.5.0", true, "major", "2.0.0", false),
        ("1.4.0", "1.4.0", true, "major", "2.0.0", true),
        ("1.4.0", "1.5.0", false, "minor", "1.5.0", true),
        ("1.4.0", "1.4.1", false, "minor", "1.5.0", false),
        ("0.3.1", "0.4.0", true, "major", "0.4.0", true),
        ("0.3.1", "0.3.2", true, "major", "0.4.0", false),
        ("0.3.1", "0.3.2", false, "minor", "0.3.2", true),
        ("1.4.0", "2.0.0-rc.1", true, "major", "2.0.0", true),
        ("2.0.0-rc.1", "2.0.0-rc.2", true, "major", "2.0.0", true),
        ("2026-06-20", "2026-06-20.1", true, "major", "new line", false),
        ("2026-06-20", "2026-07-01", true, "major", "new line", true),
        ("2026-06-20", "2026-06-20.1", false, "minor", "2026-06-20.1", true),
        ("v3", "v3.1", true, "major", "new line", false),
        ("v3", "v4", true, "major", "new line", true),
        ("3.1", "3.2", false, "minor", "3.2", true),
    ];
    for (old, new, is_broken, bump, due, is_held) in cases {
        let expected = (bump.to_owned(), Value::from(due), is_held);
        assert_eq!(answer(old, new, is_broken), expected, "{old} to {new}");
    }
    assert_eq!(answer("latest", "newest", true).1, Value::Null, "what is no label has nothing due");
}

#[test]
fn a_lint_prints_its_contract_and_errors_are_one() {
    let folder = files();
    let run = |args: &[&str]| Run::default().dir(folder.path()).args(args);
    let faulty = charges("api.example.com", "/v1", "")
        + "  schemas:\n    Lost: {$ref: '#/components/schemas/Absent'}\n";
    std::fs::write(folder.path().join("faulty.yaml"), faulty).expect("a file");
    let json = run(&["lint", "faulty.yaml", "--format", "json"]);
    assert_eq!(json.code, 1, "{}{}", json.stdout, json.stderr);
    let lint: Value = serde_json::from_str(&json.stdout).expect("JSON");
    let members: Vec<&String> = lint.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["document", "summary", "findings"]);
    let findings = lint["findings"].as_array().expect("findings");
    let lost = findings.iter().find(|finding| finding["rule"] == "ref-dangling").expect("the lost reference");
    let contract = ["rule", "severity", "owasp", "cwe", "message", "places", "operations", "fingerprint"];
    assert_eq!(lost.as_object().expect("an object").keys().collect::<Vec<_>>(), contract);
    assert!(lost["places"][0]["line"].is_number());
    assert!(run(&["lint", "faulty.yaml"]).stdout.contains("faulty.yaml:"));
    assert!(
        run(&["lint", "faulty.yaml", "--format", "github"]).stdout.contains("::error file=faulty.yaml,line=")
    );
    std::fs::write(folder.path().join("garbage.json"), "{\"openapi\": ").expect("a file");
    let garbage = run(&["lint", "garbage.json"]);
    assert_eq!(garbage.code, 3);
    assert!(garbage.stderr.contains("garbage.json:1:"), "{}", garbage.stderr);
}

#[test]
fn rules_are_listed_and_explained() {
    let rules = run(["rules"]);
    assert_eq!(rules.code, 0);
    assert!(rules.stdout.contains("property-became-required"));
    let list: Value = run(["rules", "--format", "json"]).expect(0).json();
    for rule in list.as_array().expect("a list") {
        let id = rule["id"].as_str().expect("an id");
        let explained = run(["explain", id]);
        assert_eq!(explained.code, 0, "{id}: {}", explained.stderr);
        assert!(explained.stdout.contains(id));
    }
    // Those who come from oasdiff ask by the ids they know.
    let alias = run(["explain", "new-required-request-property"]);
    assert!(alias.code == 0 && alias.stdout.starts_with("property-added-required:"), "{}", alias.stdout);
    assert_eq!(run(["explain", "no-such-rule"]).code, 2);
}
