//! Every form of the command line that scripts may rely on, run once against the real program.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::support::documents::{charges, charges_without_reading_one};
use crate::support::program::{Output, Run, Server};
use crate::support::server::Caller;

/// A registry as a program, and a folder with documents in it.
struct Desk {
    server: Server,
    folder: tempfile::TempDir,
}

impl Desk {
    fn open() -> Self {
        let folder = crate::support::folder();
        let server = Server::sqlite();
        let write =
            |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("a file");
        write("v1.yaml", charges("api.example.com", "/v1", ""));
        write("v1-broken.yaml", charges_without_reading_one("api.example.com", "/v1"));
        write("v2.yaml", charges("api.example.com", "/v2", ""));
        write("garbage.yaml", "openapi: 3.0.3\ninfo: [\n".to_owned());
        Self { server, folder }
    }

    fn run(&self, args: &[&str]) -> Output {
        self.server.client().dir(self.folder.path()).args(args)
    }

    fn database(&self) -> String {
        format!("sqlite:{}", self.server.folder().join("sundial.db").display())
    }

    /// Runs, expects success, and returns what stands on stdout.
    fn ok(&self, args: &[&str]) -> String {
        self.run(args).expect(0).stdout
    }

    fn json(&self, args: &[&str]) -> Value {
        self.run(args).expect(0).json()
    }

    fn code(&self, args: &[&str], code: i32) -> Output {
        self.run(args).expect(code)
    }
}

#[test]
fn publishing_and_its_refusals() {
    let desk = Desk::open();
    let answer = desk.json(&["publish", "payments/charges@1.0.0", "v1.yaml", "--format", "json"]);
    assert_eq!((answer["line"].clone(), answer["stage"].clone()), (json!("v1"), json!("active")));
    assert!(desk.ok(&["publish", "payments/charges@1.0.0", "v1.yaml"]).contains("was there already"));
    assert!(
        desk.ok(&["publish", "payments/charges@1.1.0", "v1-broken.yaml", "--dry-run"]).contains("breaking")
    );
    desk.code(&["version", "show", "payments/charges@1.1.0"], 2);
    let draft = desk.json(&["publish", "payments/charges@3.0.0", "v2.yaml", "--draft", "--format", "json"]);
    assert_eq!(draft["stage"], "draft");
    let own =
        desk.json(&["publish", "payments/charges@1.47.0", "v1.yaml", "--line", "v1.47", "--format", "json"]);
    assert_eq!(own["line"], "v1.47");
    desk.code(&["publish", "payments/charges@1.0.0", "v2.yaml"], 5);
    desk.code(&["publish", "payments/charges@latest", "v1.yaml"], 2);
    desk.code(&["publish", "payments", "v1.yaml"], 2);
    desk.code(&["publish", "payments/charges@1.2.0", "absent.yaml"], 3);
    let unreadable = desk.code(&["publish", "payments/charges@1.2.0", "garbage.yaml"], 3);
    assert!(unreadable.stderr.contains("garbage.yaml:"), "{}", unreadable.stderr);
    assert_eq!(unreadable.stdout, "", "stdout is for answers");
    let publish = ["publish", "a/b@1.0.0", "v1.yaml"];
    Run::default().env("SUNDIAL_URL", &desk.server.url).dir(desk.folder.path()).args(publish).expect(4);
    let nowhere = format!("http://127.0.0.1:{}", crate::support::free_port());
    Run::default().env("SUNDIAL_URL", &nowhere).dir(desk.folder.path()).args(publish).expect(7);
}

#[test]
fn policy_and_check() {
    let desk = Desk::open();
    desk.ok(&["publish", "payments/charges@1.0.0", "v1.yaml"]);
    assert!(desk.ok(&["policy", "set", "payments", "guarded"]).contains("guarded"));
    desk.code(&["policy", "set", "payments", "lax"], 2);
    let refused = desk.code(&["publish", "payments/charges@1.1.0", "v1-broken.yaml"], 1);
    assert!(
        refused.stderr.contains("operation-removed") || refused.stderr.contains("path-removed"),
        "{}",
        refused.stderr
    );
    desk.code(&["version", "show", "payments/charges@1.1.0"], 2);
    desk.ok(&["check", "payments/charges@1.1.0", "v1.yaml"]);
    let text = desk.code(&["check", "payments/charges@1.1.0", "v1-broken.yaml"], 1).stdout;
    assert!(text.contains("2.0.0"), "the due label is named: {text}");
    let json =
        desk.code(&["check", "payments/charges@1.1.0", "v1-broken.yaml", "--format", "json"], 1).stdout;
    let report: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(report["bump"], "major");
    assert!(
        report["policy"]
            .as_array()
            .is_some_and(|demands| demands.iter().any(|demand| demand["holds"] == false))
    );
    let github =
        desk.code(&["check", "payments/charges@1.1.0", "v1-broken.yaml", "--format", "github"], 1).stdout;
    assert!(github.contains("::error file=v1-broken.yaml,title=path-removed::"), "{github}");
    desk.code(&["check", "payments/charges@1.1.0", "v1-broken.yaml", "--fail-on", "never"], 1);
    desk.ok(&["policy", "set", "payments", "observe"]);
    desk.ok(&["check", "payments/charges@1.1.0", "v1-broken.yaml", "--fail-on", "never"]);
    desk.code(&["check", "payments/charges@1.1.0", "garbage.yaml"], 3);
}

#[test]
fn a_version_of_the_registry_is_a_document_everywhere() {
    let desk = Desk::open();
    desk.ok(&["publish", "payments/charges@1.0.0", "v1.yaml"]);
    let held = "registry:payments/charges@1.0.0";
    desk.ok(&["diff", held, "v1.yaml"]);
    desk.code(&["diff", held, "v1-broken.yaml"], 1);
    assert!(desk.ok(&["lint", held, "--format", "json"]).contains("findings"));
    assert!(desk.ok(&["bundle", held]).contains("openapi"));
    assert!(desk.ok(&["check", "payments/charges@1.0.1", held]).contains("Identical"));
    assert!(desk.ok(&["publish", "payments/copies@1.0.0", held]).contains("is published"));
    assert!(desk.code(&["lint", "registry:payments/charges@9.9.9"], 2).stderr.contains("9.9.9"));
    assert!(desk.code(&["lint", "registry:payments"], 2).stderr.contains("namespace/name@label"));
    let nowhere = format!("http://127.0.0.1:{}", crate::support::free_port());
    Run::default().env("SUNDIAL_URL", &nowhere).args(["lint", held]).expect(7);
}

#[test]
fn a_check_shows_every_version_that_callers_still_use() {
    let desk = Desk::open();
    let step = |label: &str, name: &str, members: &str| {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '{label}'}}\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: \
             {{schema: {{type: object, properties: {{{members}}}}}}}}}}}, responses: {{'200': {{description: ok}}}}}}}}}}\n"
        );
        std::fs::write(desk.folder.path().join(name), text).expect("a file");
    };
    // What two steps lose together neither of them shows: a text goes, and comes back as a number.
    step("1.0.0", "one.yaml", "n: {type: string}");
    step("2.0.0", "two.yaml", "");
    step("3.0.0", "three.yaml", "n: {type: integer}");
    desk.ok(&["publish", "shop/orders@1.0.0", "one.yaml"]);
    desk.ok(&["publish", "shop/orders@2.0.0", "two.yaml"]);
    let check = |more: &[&str]| {
        let args = [&["check", "shop/orders@3.0.0", "three.yaml"], more].concat();
        desk.ok(&args)
    };
    let report: Value = serde_json::from_str(&check(&["--format", "json"])).expect("JSON");
    let told: Vec<(&str, bool, &str)> = report["diffs"]
        .as_array()
        .expect("comparisons")
        .iter()
        .map(|each| {
            let verdict = each["diff"]["verdict"].as_str().expect("a verdict");
            (each["label"].as_str().expect("a label"), each["predecessor"] == true, verdict)
        })
        .collect();
    assert_eq!(told, [("2.0.0", true, "compatible"), ("1.0.0", false, "breaking")]);
    for format in ["text", "markdown"] {
        let text = check(&["--format", format]);
        assert!(
            text.contains("2.0.0") && text.contains("1.0.0") && text.contains("schema-type-changed"),
            "{text}"
        );
    }
    // Nobody calls a retired line, so nothing is compared with it.
    desk.ok(&[
        "lifecycle",
        "set",
        "shop/orders",
        "v1",
        "--deprecated-at",
        "2000-01-01",
        "--sunset-at",
        "2001-01-01",
        "--force",
    ]);
    let report: Value = serde_json::from_str(&check(&["--format", "json"])).expect("JSON");
    assert_eq!(report["diffs"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_label_that_moves_too_little_is_told_by_check_and_catalog() {
    let desk = Desk::open();
    desk.ok(&["publish", "payments/charges@1.0.0", "v1.yaml"]);
    let rules = |label: &str| -> Vec<String> {
        let args = ["check", label, "v1-broken.yaml", "--format", "json", "--fail-on", "never"];
        let report = desk.json(&args);
        let changes = report["diffs"][0]["diff"]["changes"].as_array().expect("changes").clone();
        changes.iter().filter_map(|change| change["rule"].as_str().map(str::to_owned)).collect()
    };
    let finding = "version-not-bumped".to_owned();
    assert!(rules("payments/charges@1.0.1").contains(&finding));
    assert!(!rules("payments/charges@2.0.0").contains(&finding));
    // The same bytes under two labels: each is held to its own.
    desk.ok(&["publish", "payments/charges@1.0.1", "v1-broken.yaml"]);
    desk.ok(&["publish", "payments/charges@2.0.0", "v1-broken.yaml"]);
    let diff = |to: &str| {
        desk.ok(&[
            "diff",
            "registry:payments/charges@1.0.0",
            &format!("registry:payments/charges@{to}"),
            "--fail-on",
            "never",
        ])
    };
    assert_eq!(diff("1.0.1"), diff("2.0.0"), "documents alone know no labels");
    let page = |to: &str| {
        let path = format!("/api/v1/apis/payments/charges/diff?from=1.0.0&to={to}&format=text");
        Caller::admin(&desk.server).get(&path).text()
    };
    assert!(page("1.0.1").contains(&finding), "{}", page("1.0.1"));
    assert!(!page("2.0.0").contains(&finding), "{}", page("2.0.0"));
}

#[test]
fn the_schema_of_a_diff_is_where_a_diff_says() {
    let desk = Desk::open();
    desk.ok(&["publish", "payments/charges@1.0.0", "v1.yaml"]);
    desk.ok(&["publish", "payments/charges@2.0.0", "v2.yaml"]);
    let anyone = Caller::anon(&desk.server);
    let diff = anyone.get("/api/v1/apis/payments/charges/diff?from=1.0.0&to=2.0.0");
    assert_eq!(diff.header("link"), Some("</schemas/diff.schema.json>; rel=\"describedby\""));
    let schema = anyone.get("/schemas/diff.schema.json");
    assert_eq!(schema.header("content-type"), Some("application/schema+json"));
    let file = crate::support::package().join("specs/diff.schema.json");
    assert_eq!(schema.text(), std::fs::read_to_string(file).expect("the file"));
    let schema = jsonschema::draft202012::new(&schema.json()).expect("a schema");
    assert!(schema.is_valid(&diff.json()), "{}", diff.text());
    assert!(!schema.is_valid(&json!({})));
}

#[test]
fn lifecycle_and_routes() {
    let desk = Desk::open();
    desk.ok(&["publish", "payments/charges@1.0.0", "v1.yaml"]);
    desk.ok(&["publish", "payments/charges@2.0.0", "v2.yaml"]);
    let set = |more: &[&str]| {
        let mut args = vec!["lifecycle", "set", "payments/charges", "v1", "--format", "json"];
        args.extend(more);
        desk.run(&args)
    };
    let first = set(&["--deprecated-at", "2999-01-01", "--sunset-at", "2999-12-31", "--successor", "v2"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let more = set(&["--link", "deprecation=https://docs.example.com/v1", "--reason", "v2 is better"]);
    let line: Value = serde_json::from_str(&more.stdout).expect("JSON");
    assert_eq!(line["deprecated_at"], "2999-01-01T23:59:59Z", "what is not named stays");
    assert_eq!(line["successor"], "v2");
    assert_eq!(line["links"]["deprecation"], "https://docs.example.com/v1");
    assert_eq!(set(&["--sunset-at", "2001-01-01", "--deprecated-at", "2000-01-01"]).code, 1);
    assert_eq!(set(&["--sunset-at", "soon"]).code, 2);
    let forced = set(&["--sunset-at", "2001-01-01", "--deprecated-at", "2000-01-01", "--force"]);
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    let shown = desk.json(&["lifecycle", "show", "payments/charges", "--format", "json"]);
    assert_eq!(shown["items"][1]["stage"], "retired");
    assert!(desk.ok(&["lifecycle", "show", "payments/charges"]).contains("retired"));
    let version = ["lifecycle", "set", "payments/charges", "@2.0.0", "--deprecated-at", "2999-01-01"];
    assert!(desk.ok(&version).contains("@2.0.0"));
    desk.code(&["lifecycle", "block", "payments/charges", "v2"], 2);
    let block = ["lifecycle", "block", "payments/charges", "v2", "--reason", "leaks"];
    assert!(desk.ok(&block).contains("blocked"));
    let unblock = ["lifecycle", "unblock", "payments/charges", "v2", "--reason", "mended"];
    assert!(desk.ok(&unblock).contains("active"));
    desk.code(&["lifecycle", "show", "payments/nothing"], 2);
    let route = [
        "route",
        "set",
        "payments/charges",
        "v1",
        "--host",
        "old.example.com",
        "--path",
        "/charges",
        "--header",
        "Api-Version=1",
        "--format",
        "json",
    ];
    assert_eq!(desk.json(&route)["routes"][0]["host"], "old.example.com");
    let query = [
        "route",
        "set",
        "payments/charges",
        "v2",
        "--host",
        "old.example.com",
        "--path",
        "/charges",
        "--query",
        "v=2",
    ];
    desk.ok(&query);
    desk.ok(&["publish", "shop/orders@1.0.0", "v1-broken.yaml"]);
    let taken = [
        "route",
        "set",
        "shop/orders",
        "v1",
        "--host",
        "old.example.com",
        "--path",
        "/charges",
        "--query",
        "v=2",
    ];
    assert!(desk.code(&taken, 5).stderr.contains("payments/charges"));
}

#[test]
fn reading_and_the_rest() {
    let desk = Desk::open();
    desk.ok(&["publish", "payments/charges@1.0.0", "v1.yaml"]);
    assert!(desk.ok(&["api", "list"]).contains("payments/charges"));
    assert!(desk.ok(&["api", "show", "payments/charges"]).contains("v1"));
    assert!(desk.ok(&["version", "list", "payments/charges"]).contains("1.0.0"));
    let document = desk.ok(&["version", "document", "payments/charges@1.0.0"]);
    assert_eq!(document, charges("api.example.com", "/v1", ""));
    let remote = desk.json(&["diff", "registry:payments/charges@1.0.0", "v1.yaml", "--format", "json"]);
    assert_eq!(remote["verdict"], "identical");
    let database = desk.database();
    assert!(desk.ok(&["admin", "verify-audit", "--database", &database]).contains("holds"));
    desk.code(&["admin", "verify-audit", "--database", "mysql://nowhere"], 7);
    assert!(desk.ok(&["completions", "bash"]).contains("sundial"));
    assert!(desk.ok(&["--help"]).contains("Exit codes"));
    assert!(desk.ok(&["--version"]).starts_with("sundial "));
    desk.code(&[], 2);
    desk.code(&["frobnicate"], 2);
}

#[test]
fn a_second_server_keeps_its_hands_off_the_database() {
    let desk = Desk::open();
    let database = desk.database();
    let second = desk.run(&["serve", "--listen", "127.0.0.1:0", "--database", &database]);
    assert_eq!(second.code, 7, "{}", second.stderr);
    assert!(second.stderr.contains("in use"), "{}", second.stderr);
}

#[test]
fn the_admin_token_is_made_once_kept_private_and_adopted() {
    let mut server = Server::sqlite();
    let token = server.token.clone();
    let file = server.folder().join("token");
    server.stop();
    server.resume();
    assert_eq!(server.token, token, "a second start makes none");
    let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let policy = "/api/v1/namespaces/payments/policy";
    let wrong = Caller { url: server.url.clone(), token: Some("sdl_b_secretsauce".to_owned()) };
    assert_eq!(wrong.put(policy, r#"{"preset":"guarded"}"#).status, 401);

    // A new registry adopts the token of an existing file.
    let folder = crate::support::folder();
    let database = format!("sqlite:{}", folder.path().join("other.db").display());
    let given = file.display().to_string();
    let other = Server::start(&database, &["--admin-token-file", &given]);
    let admin = Caller { url: other.url.clone(), token: Some(token.clone()) };
    let put = admin.put(policy, r#"{"preset":"guarded"}"#);
    assert_eq!(put.status, 200, "{}", put.text());
    for secret in [token.as_str(), "secretsauce"] {
        assert!(!server.log().contains(secret), "no trace of a token in the log");
        assert!(!other.log().contains(secret), "no trace of a token in the log");
    }
    drop(other);

    // Tokens hashed under one key file cannot be judged by a server with another.
    std::fs::write(folder.path().join("key"), "00".repeat(32)).expect("another key");
    let args = ["serve", "--listen", "127.0.0.1:0", "--database", &database, "--key-file", "key"];
    let refused = Run::default().dir(folder.path()).args(args).expect(2);
    assert!(refused.stderr.contains("key file"), "{refused}");
}
