//! Every kind of page in light and dark, wide and narrow: it fits, and the browser has no complaint.

use std::collections::BTreeSet;

use crate::support::browser::{Browser, Theme, Width};
use crate::support::package;
use crate::support::program::Server;
use crate::support::server::{Caller, RUNTIME};

/// A page of each kind, by the name of its picture.
const PAGES: &[(&str, &str)] = &[
    ("home", "/"),
    ("home-search", "/?q=berth&stage=active"),
    ("home-nothing", "/?q=no-such-thing"),
    ("api", "/apis/guest/accounts"),
    ("api-blocked", "/apis/guest/notices"),
    ("version", "/apis/guest/accounts/versions/1.0.0"),
    ("version-large", "/apis/passage/bookings/versions/2.1.0"),
    ("operation", "/apis/passage/bookings/versions/2.1.0/operations/POST/bookings"),
    ("schema", "/apis/passage/bookings/versions/2.1.0/schemas/Booking"),
    ("findings", "/apis/guest/accounts/versions/1.0.0/findings"),
    ("document", "/apis/harbour/cargo/versions/v2/document/view"),
    ("diff", "/apis/guest/accounts/diff/1.0.0...2.0.0"),
    ("diff-breaking", "/apis/harbour/berths/diff/1.0.0...1.1.0"),
    ("diff-same", "/apis/guest/accounts/diff/2.0.0...2.0.0"),
    ("rules", "/rules"),
    ("rule", "/rules/property-became-required"),
    ("problems", "/problems"),
    ("problem", "/problems/version-retired"),
    ("lost", "/apis/guest/account"),
];

fn demo() -> Server {
    Server::start("sqlite:not-used-by-the-demo.db", &["--demo"])
}

#[test]
fn every_page_fits_and_the_browser_has_no_complaint() {
    let server = demo();
    let pictures = package().join("target/pictures");
    std::fs::create_dir_all(&pictures).expect("a folder for pictures");
    RUNTIME.block_on(async {
        for (width, theme, name) in [
            (Width::Desk, Theme::Light, "1280-light"),
            (Width::Desk, Theme::Dark, "1280-dark"),
            (Width::Phone, Theme::Light, "390-light"),
            (Width::Phone, Theme::Dark, "390-dark"),
        ] {
            let browser = Browser::open(width, theme).await;
            // The catalog needs no script, so it is walked without.
            browser.scripts(false).await;
            for (page, path) in PAGES {
                browser.goto(&format!("{}{path}", server.url)).await;
                browser.assert_fits().await;
                let complaints: Vec<String> = browser.complaints().await;
                // A page that is not there is a 404, and the browser says so.
                let expected = |text: &String| *page == "lost" && text.contains("404");
                let complaints: Vec<&String> = complaints.iter().filter(|text| !expected(text)).collect();
                assert!(complaints.is_empty(), "{page} {name}: {complaints:?}");
                assert!(!browser.text("h1").await.is_empty(), "{page}: a heading");
                browser.screenshot(&pictures.join(format!("{page}-{name}.png"))).await;
            }
            browser.close().await;
        }
    });
}

#[test]
fn a_reader_gets_from_the_list_to_the_line_of_a_change() {
    let server = demo();
    RUNTIME.block_on(async {
        let browser = Browser::open(Width::Desk, Theme::Light).await;
        browser.goto(&server.url).await;
        for link in [
            "a[href='/apis/guest/accounts']",
            "a[href$='/diff/1.0.0...2.0.0']",
            "a[href*='/document/view'][href*='#L']",
        ] {
            let found = browser.driver.find(thirtyfour::By::Css(link)).await;
            let href = found
                .unwrap_or_else(|error| panic!("{link}: {error}"))
                .attr("href")
                .await
                .expect("an attribute");
            browser.goto(&format!("{}{}", server.url, href.expect("an address"))).await;
        }
        let line =
            browser.driver.current_url().await.expect("an address").fragment().expect("a line").to_owned();
        let found = browser.driver.find(thirtyfour::By::Id(line.as_str())).await;
        assert!(found.is_ok(), "the line {line} is on the page that the change leads to");
        browser.close().await;
    });
}

#[test]
fn no_link_of_the_catalog_leads_nowhere() {
    let server = demo();
    let reader = Caller::anon(&server);
    let mut open = vec!["/".to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop() {
        let address = path.split('#').next().expect("a first part").to_owned();
        if !seen.insert(address.clone()) {
            continue;
        }
        assert!(seen.len() < 5_000, "the demo has an end");
        let page = reader.get(&address);
        assert_eq!(page.status, 200, "{address}");
        if page.header("content-type") != Some("text/html; charset=utf-8") {
            continue;
        }
        let text = page.text();
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        open.extend(
            links
                .filter(|link| link.starts_with('/'))
                .map(|link| link.replace("&#38;", "&").replace("&amp;", "&")),
        );
    }
    println!("{} addresses", seen.len());
}

#[test]
fn the_demo_shows_why_the_weak_version_should_go() {
    let server = demo();
    let page = Caller::anon(&server).get("/apis/guest/accounts").text();
    for sentence in ["v1 lets anyone call", "v1"] {
        assert!(page.contains(sentence), "{sentence}: {page}");
    }
    let lines = Caller::anon(&server).get("/api/v1/apis?limit=200").json();
    let stages: BTreeSet<String> = lines["items"]
        .as_array()
        .expect("APIs")
        .iter()
        .flat_map(|api| api["lines"].as_array().expect("lines"))
        .map(|line| line["stage"].as_str().expect("a stage").to_owned())
        .collect();
    let every = ["active", "blocked", "deprecated", "draft", "retired"];
    assert_eq!(stages.iter().map(String::as_str).collect::<Vec<_>>(), every, "every stage is there");
    let diff =
        Caller::anon(&server).get("/api/v1/apis/guest/accounts/diff?from=1.0.0&to=2.0.0&format=json").json();
    let strengthens = diff["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|change| change["security"]["effect"] == "strengthens")
        .count();
    assert!(strengthens >= 5, "{strengthens} changes strengthen");
}

#[test]
fn pages_carry_their_headers_and_are_not_sent_twice() {
    let server = demo();
    let reader = Caller::anon(&server);
    let page = reader.get("/apis/guest/accounts");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(page.header(name), Some(value), "{name}");
    }
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let tag = page.header("etag").expect("a tag").to_owned();
    let again =
        reader.call(reqwest::Method::GET, "/apis/guest/accounts", &[("if-none-match", &tag)], Vec::new());
    assert_eq!((again.status, again.body.len()), (304, 0));
    let text = page.text();
    let sheet = text.split("href=\"").find(|part| part.starts_with("/assets/")).expect("a stylesheet");
    let sheet = reader.get(sheet.split('"').next().expect("an address"));
    assert_eq!(sheet.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(reader.get("/assets/sundial.000000000000.css").status, 404);
    let lost =
        reader.call(reqwest::Method::GET, "/apis/guest/account", &[("accept", "text/html")], Vec::new());
    assert_eq!(lost.status, 404);
    assert!(lost.text().contains("href=\"/apis/guest/accounts\""), "names what is near: {}", lost.text());
    let program = reader.call(
        reqwest::Method::GET,
        "/apis/guest/account",
        &[("accept", "application/json")],
        Vec::new(),
    );
    assert_eq!(program.problem(), "not-found");
}

#[test]
fn what_a_document_says_is_text_and_nothing_else() {
    let server = Server::sqlite();
    let hostile = "\"><script>document.title='owned'</script><img src=x onerror=alert(1)>";
    let e = serde_json::to_string(hostile).expect("JSON");
    let document = format!(
        r##"{{"openapi":"3.1.0","info":{{"title":{e},"version":{e},"description":{e}}},"servers":[{{"url":"https://a.example/","description":{e}}}],
        "tags":[{{"name":{e},"description":{e}}}],
        "paths":{{"/a":{{"get":{{"operationId":{e},"summary":{e},"description":{e},"tags":[{e}],
          "parameters":[{{"name":{e},"in":"query","description":{e},"schema":{{"type":"string","pattern":{e},"enum":[{e}],"default":{e}}}}}],
          "responses":{{"200":{{"description":{e},"content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/A"}},"example":{e}}}}}}}}}}}}}}},
        "components":{{"schemas":{{"A":{{"type":"object","description":{e},"properties":{{{e}:{{"type":"string","description":{e}}}}}}}}},
          "securitySchemes":{{"k":{{"type":"apiKey","in":"header","name":{e},"description":{e}}}}}}},"security":[{{"k":[]}}]}}"##
    );
    let admin = Caller::admin(&server);
    let version = "/apis/x/y/versions/1.0.0";
    let published = admin.put(&format!("/api/v1{version}"), document);
    assert_eq!(published.status, 201, "{}", published.text());
    RUNTIME.block_on(async {
        let browser = Browser::open(Width::Desk, Theme::Light).await;
        for tail in ["", "/operations/GET/a", "/schemas/A", "/findings", "/document/view"] {
            browser.goto(&format!("{}{version}{tail}", server.url)).await;
            let title = browser.driver.title().await.expect("a title");
            assert!(title.contains("Sundial"), "{tail}: no script ran: {title}");
            assert!(browser.complaints().await.is_empty(), "{tail}: nothing was even tried");
        }
        browser.goto(&format!("{}/", server.url)).await;
        assert!(browser.complaints().await.is_empty());
        browser.close().await;
    });
}
