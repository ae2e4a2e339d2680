//! What the other tests stand on: services start privately, and nothing outlives a test.

use crate::support::browser::{Browser, Theme, Width};
use crate::support::leash::{Launch, Leash};
use crate::support::nginx::Nginx;
use crate::support::postgres::{Database, Postgres};
use crate::support::program::{Run, of_folder};
use crate::support::{READY, folder, free_port, http, program, shell_lines, wait_until};
use sqlx::{Connection, PgConnection};
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names the file that [`an_aborted_test_leaves_nothing_behind`] has its second self write to.
const ABORT: &str = "SUNDIAL_TEST_ABORT";

/// One test of this module in a process of its own, with nothing to read.
fn again(test: &str) -> Command {
    let (_, module) = module_path!().split_once("::").unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("{module}::{test}")]).stdin(Stdio::null());
    command
}

async fn one(url: &str) -> i32 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let one = sqlx::query_scalar("SELECT 1").fetch_one(&mut connection).await;
    connection.close().await.unwrap();
    one.unwrap()
}

#[tokio::test]
async fn postgres_answers_privately() {
    let database = Database::new();
    assert_eq!(one(&database.url).await, 1);
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let addresses: String =
        sqlx::query_scalar("SHOW listen_addresses").fetch_one(&mut connection).await.unwrap();
    assert_eq!(addresses, "", "it listens on a socket file alone");
    let other = Database::new();
    assert_ne!(database.url, other.url, "each test has a database of its own");
}

#[tokio::test]
async fn a_killed_postgres_comes_back_with_its_data() {
    let mut server = Postgres::start(&[]);
    let url = server.url(&server.create());
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::query("CREATE TABLE kept AS SELECT 1 AS one").execute(&mut connection).await.unwrap();
    server.kill();
    assert!(sqlx::query("SELECT 1").execute(&mut connection).await.is_err());
    server.resume();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let one: i32 = sqlx::query_scalar("SELECT one FROM kept").fetch_one(&mut connection).await.unwrap();
    assert_eq!(one, 1);
}

/// A folder with an nginx.conf that answers `body` on a port, and that port.
fn site(at: &Path, head: &str, body: &str) -> u16 {
    let port = free_port();
    let conf = format!(
        "events {{}}\nhttp {{\n    server {{\n        listen 127.0.0.1:{port};\n        default_type text/html;\n        \
         {head}\n        location / {{ return 200 '{body}'; }}\n        location /none {{ return 404; }}\n    }}\n}}\n"
    );
    fs::write(at.join("nginx.conf"), conf).unwrap();
    port
}

#[tokio::test]
async fn nginx_runs_a_configuration_and_ends_with_the_test() {
    let files = folder();
    let port = site(files.path(), "", "PLACE");
    let nginx = Nginx::start(files.path().to_str().unwrap(), "nginx.conf", &[("PLACE", "here")]);
    let url = format!("http://127.0.0.1:{port}/");
    let answer = http().get(&url).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "here");
    let home = nginx.folder().to_owned();
    drop(nginx);
    assert!(!home.exists());
    assert!(http().get(&url).send().await.is_err(), "nobody listens any more");
}

#[test]
#[should_panic(expected = "occurs nowhere")]
fn a_replacement_that_hits_nothing_fails_the_test() {
    let files = folder();
    site(files.path(), "", "here");
    Nginx::start(files.path().to_str().unwrap(), "nginx.conf", &[("127.0.0.1:9", "x")]);
}

#[tokio::test]
async fn the_browser_sees_what_a_reader_sees() {
    let files = folder();
    let page = "<!doctype html><link rel=icon href=data:,><meta name=viewport content=width=device-width><title>t</title>\
        <body><p>text</p><script>document.title = 1</script>";
    let csp = "add_header Content-Security-Policy \"default-src self; img-src data:\";";
    let port = site(files.path(), csp, page);
    let _nginx = Nginx::start(files.path().to_str().unwrap(), "nginx.conf", &[]);
    let url = format!("http://127.0.0.1:{port}/");
    for (width, theme, pixels) in [(Width::Desk, Theme::Light, 1280), (Width::Phone, Theme::Dark, 390)] {
        let browser = Browser::open(width, theme).await;
        browser.goto(&url).await;
        browser.assert_fits().await;
        assert_eq!(browser.layout().await.inner_width, pixels);
        assert_eq!(browser.text("p").await, "text");
        let script = "return matchMedia('(prefers-color-scheme: dark)').matches;";
        let dark: bool = browser.driver.execute(script, Vec::new()).await.unwrap().convert().unwrap();
        assert_eq!(dark, theme == Theme::Dark);
        let complaints = browser.complaints().await;
        let [inline] = &complaints[..] else {
            panic!("one complaint expected, about the inline script: {complaints:?}");
        };
        assert!(inline.starts_with("security: ") && inline.contains("Content Security Policy"), "{inline}");
        browser.goto(&format!("{url}none")).await;
        let complaints = browser.complaints().await;
        assert!(complaints.iter().any(|complaint| complaint.contains("404")), "{complaints:?}");
        let picture = files.path().join("pictures/page.png");
        browser.screenshot(&picture).await;
        assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
        browser.close().await;
    }
}

#[tokio::test]
async fn an_aborted_test_leaves_nothing_behind() {
    let Some(note) = std::env::var_os(ABORT) else {
        return abort_in_another_process();
    };
    // The second self: start one of each, say where they are, and end without any cleaning.
    let files = folder();
    let database = Database::new();
    assert_eq!(one(&database.url).await, 1);
    let port = site(files.path(), "", "here");
    let nginx = Nginx::start(files.path().to_str().unwrap(), "nginx.conf", &[]);
    let browser = Browser::open(Width::Desk, Theme::Light).await;
    browser.goto(&format!("http://127.0.0.1:{port}/")).await;
    let folders = [files.path(), &Postgres::shared().folder(), nginx.folder(), &browser.profile];
    let mut note = fs::File::create(note).unwrap();
    for folder in folders {
        writeln!(note, "{}", folder.display()).unwrap();
    }
    std::process::abort();
}

fn abort_in_another_process() {
    let files = folder();
    let note = files.path().join("note");
    // A pipe for its output, read to the end: it closes only when no child holds it any more.
    let output = again("an_aborted_test_leaves_nothing_behind")
        .env(ABORT, &note)
        .current_dir(files.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let folders = fs::read_to_string(&note).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert!(output.status.code().is_none(), "a signal ended it");
    assert_eq!(folders.lines().count(), 4);
    for folder in folders.lines().map(Path::new) {
        // A leash's folder lies in /tmp itself; a test's files and a profile are further down.
        let top: PathBuf = folder.components().take(3).collect();
        wait_until(READY, "processes end and their folder goes", || {
            of_folder(&top).is_empty() && !top.exists()
        });
    }
}

#[test]
fn a_leash_takes_the_children_of_its_server_too() {
    let mut leash = Leash::new("family", None);
    let mark = leash.folder().join("mark");
    let script =
        "sh -c 'trap \"\" TERM; cd \"$1\"; touch mark; while :; do sleep 1; done' child \"$1\" & wait";
    leash.start(&Launch::new("sh").args(["-c", script, "parent"]).arg(leash.folder()));
    leash.wait_until_ready("the child", || mark.exists());
    let home = leash.folder().to_owned();
    assert!(!of_folder(&home).is_empty());
    drop(leash);
    assert_eq!(of_folder(&home), Vec::<u32>::new());
    assert!(!home.exists());
}

#[test]
#[should_panic(expected = "did not start:\nno luck")]
fn a_server_that_ends_at_once_shows_what_it_said() {
    let mut leash = Leash::new("failing", None);
    leash.start(&Launch::new("sh").args(["-c", "echo no luck >&2; exit 1"]));
    leash.wait_until_ready("it", || false);
}

#[test]
#[should_panic(expected = "`no-such-service` is not installed: run tests/setup")]
fn a_missing_service_fails_with_the_way_out() {
    program("no-such-service", &["/usr/lib/postgresql/*/bin", "/usr/sbin"]);
}

/// Names the file to which [`a_skipped_test_is_seen_and_counted`] has its second self write.
const SKIP: &str = "SUNDIAL_TEST_SKIP";

#[test]
fn a_skipped_test_is_seen_and_counted() {
    if std::env::var_os(SKIP).is_some() {
        skip!("{} is absent", "it");
    }
    let files = folder();
    let count = files.path().join("count");
    let output = again("a_skipped_test_is_seen_and_counted")
        .env(SKIP, "yes")
        .env("SUNDIAL_SKIPPED", &count)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let seen = said.contains("skipped 1: ") && said.contains(": it is absent\n");
    assert!(seen, "the test harness kept it: {said}");
    assert_eq!(fs::read_to_string(&count).unwrap(), "it is absent\n");
}

#[test]
fn free_ports_are_free_and_never_the_same() {
    let ports: std::collections::HashSet<u16> = (0..50).map(|_| free_port()).collect();
    assert_eq!(ports.len(), 50);
    for port in ports {
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        TcpListener::bind(("127.0.0.1", port)).unwrap();
    }
}

#[test]
fn a_run_has_its_own_environment_and_ends_with_its_code() {
    let line = "printf %s \"$SUNDIAL_URL\"; cat; pwd >&2; exit 5";
    let output = Run::default().env("SUNDIAL_URL", "http://here").stdin(b" and more").shell(line).expect(5);
    assert_eq!(output.stdout, "http://here and more");
    assert_eq!(output.stderr, "/\n");
}

#[test]
fn the_jobs_for_ci_run_the_program_and_nothing_else() {
    for file in ["deploy/ci/github-actions.yml", "deploy/ci/gitlab-ci.yml"] {
        let lines = shell_lines(file);
        assert!(lines[0].starts_with("sundial check "), "{file}: {lines:?}");
        assert!(lines[1].starts_with("sundial publish "), "{file}: {lines:?}");
        assert_eq!(lines.len(), 2, "{file}: {lines:?}");
    }
}
