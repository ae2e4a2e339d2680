//! Sample data of the pages for looking around.

use super::*;

pub(super) fn search(filtered: bool) -> Search {
    let mut stages = choices(&["draft", "active", "deprecated", "retired", "blocked"], "");
    stages.insert(0, Choice { value: String::new(), words: s("any"), chosen: true });
    let mut namespaces = choices(&["payments", "logistics", "identity", "storefront"], "");
    namespaces.insert(0, Choice { value: String::new(), words: s("any"), chosen: true });
    let q = if filtered { "chargs" } else { "" };
    Search { q: s(q), stages, namespaces, is_filtered: filtered }
}

pub(super) fn api_row(title: &str, id: &str, owner: &str, lines: &[(&str, &str)], newest: &str) -> ApiRow {
    let line = |(line, stage): &(&str, &str)| LineBadge {
        line: s(line),
        stage: s(stage),
        href: format!("{}#line-{line}", words::api_href(id)),
    };
    ApiRow {
        title: s(title),
        id: s(id),
        href: words::api_href(id),
        owner: s(owner),
        third_party: false,
        internal: false,
        lines: lines.iter().map(line).collect(),
        lines_more: None,
        newest: Some(Newest {
            label: s(newest),
            href: words::version_href(id, newest),
            published: when("2026-11-02"),
        }),
        sunset: None,
        findings: findings(0, ""),
    }
}

pub(super) fn home() -> Home {
    let mut charges = api_row(
        "Charges",
        "payments/charges",
        "Payments platform",
        &[("v2", "active"), ("v1", "deprecated")],
        "2.1.0",
    );
    charges.sunset = Some(NextSunset { line: s("v1"), at: when("2026-12-18") });
    charges.findings = findings(7, "critical");
    let mut ledger = api_row(
        "Ledger",
        "payments/ledger",
        "Payments platform",
        &[("2026-06-20", "active"), ("2025-11-01", "deprecated"), ("2025-02-14", "retired")],
        "2026-06-20.1",
    );
    ledger.sunset = Some(NextSunset { line: s("2025-11-01"), at: when("2027-03-31") });
    ledger.internal = true;
    let mut tracking = api_row(
        "Shipment tracking and delivery windows for carriers",
        "logistics/tracking",
        "Logistics",
        &[("v3", "active"), ("v2", "blocked"), ("v1", "retired")],
        "v3.2",
    );
    tracking.findings = findings(2, "medium");
    let mut rates =
        api_row("Carrier rates", "logistics/carrier-rates", "Logistics", &[("v0.4", "active")], "0.4.2");
    rates.third_party = true;
    let mut sessions = api_row("Sessions", "identity/sessions", "Identity", &[("v1", "deprecated")], "1.9.0");
    sessions.sunset = Some(NextSunset { line: s("v1"), at: when("2027-06-30") });
    sessions.findings = findings(1, "high");
    let catalog = api_row(
        "Product catalogue",
        "storefront/catalogue",
        "Storefront",
        &[("v5", "draft"), ("v4", "active")],
        "4.12.0",
    );
    let mut old = api_row(
        "Basket",
        "storefront/basket",
        "Storefront",
        &[("v1.47", "active"), ("v1.46", "active"), ("v1.45", "deprecated"), ("v1.44", "retired")],
        "1.47.0",
    );
    old.lines_more = Some(s("and 12 older"));
    let mut draft = api_row("Loyalty", "storefront/loyalty", "", &[("v1", "draft")], "1.0.0");
    draft.newest = None;
    let ends = [
        ("Charges", "payments/charges", "v1", "2026-12-18", Some("v2")),
        ("Ledger", "payments/ledger", "2025-11-01", "2027-03-31", Some("2026-06-20")),
        ("Basket", "storefront/basket", "v1.45", "2027-03-31", Some("v1.47")),
        ("Sessions", "identity/sessions", "v1", "2027-06-30", None),
    ];
    let marks: Vec<_> = ends.iter().map(|one| (format!("{} {}", one.0, one.2), at(one.3))).collect();
    let recent = [
        (
            "logistics/tracking",
            "v3.2",
            "2026-11-23",
            Some(verdict("compatible", "minor", Some("v3.3"), "v3.1", "v3.2")),
        ),
        (
            "payments/charges",
            "2.1.0",
            "2026-11-20",
            Some(verdict("breaking", "major", Some("3.0.0"), "2.0.0", "2.1.0")),
        ),
        (
            "storefront/catalogue",
            "4.12.0",
            "2026-11-12",
            Some(verdict("identical", "none", None, "4.11.0", "4.12.0")),
        ),
        ("logistics/carrier-rates", "0.4.2", "2026-10-30", None),
    ];
    Home {
        layout: layout("APIs", &[]),
        search: search(false),
        namespaces: [("identity", 1), ("logistics", 2), ("payments", 2), ("storefront", 3)]
            .map(|(name, apis)| Namespace {
                name: s(name),
                href: format!("/?namespace={name}"),
                apis,
                chosen: false,
            })
            .to_vec(),
        apis: vec![charges, ledger, tracking, rates, sessions, catalog, old, draft],
        found: s("8 APIs in 4 namespaces"),
        pager: Pager { words: s("1 to 8 of 61"), previous: None, next: Some(s("/?after=x")) },
        dial: Some(Dial::draw(&marks, now())),
        sunsets: ends
            .iter()
            .map(|(title, api, line, day, next)| Sunset {
                api: s(api),
                title: s(title),
                line: s(line),
                href: format!("{}#line-{line}", words::api_href(api)),
                at: when(day),
                successor: next.map(|next| Link::new(next, words::api_href(api))),
            })
            .collect(),
        recent: recent
            .into_iter()
            .map(|(api, label, day, verdict)| Recent {
                api: s(api),
                label: s(label),
                href: words::version_href(api, label),
                published: when(day),
                verdict,
            })
            .collect(),
        publish_command: s("sundial publish payments/charges@1.0.0 openapi.yaml"),
        is_empty: false,
    }
}

pub(super) fn home_empty() -> Home {
    Home {
        apis: vec![],
        sunsets: vec![],
        recent: vec![],
        namespaces: vec![],
        dial: Some(Dial::draw(&[], now())),
        is_empty: true,
        ..home()
    }
}

pub(super) fn home_nothing_found() -> Home {
    Home {
        apis: vec![],
        sunsets: vec![],
        recent: vec![],
        dial: None,
        search: search(true),
        found: s("no API matches `chargs`"),
        ..home()
    }
}

pub(super) fn span(
    line: &str,
    stage: &str,
    published: &[(&str, &str)],
    deprecated: Option<&str>,
    sunset: Option<&str>,
) -> Span {
    Span {
        line: s(line),
        stage: s(stage),
        published: published.iter().map(|(label, day)| (s(label), at(day))).collect(),
        deprecated_at: deprecated.map(at),
        sunset_at: sunset.map(at),
        blocked_at: None,
    }
}

pub(super) fn line(name: &str, stage: &str, current: &str) -> LineRow {
    LineRow {
        line: s(name),
        stage: s(stage),
        reason: None,
        current: Some(Link::new(current, words::version_href("payments/charges", current))),
        versions: s("3 versions"),
        since: Some(when("2025-03-04")),
        deprecated: None,
        sunset: None,
        successor: None,
        links: vec![],
        routes: vec![RouteWords { base: format!("api.solstice.example/{name}"), selector: None }],
    }
}

pub(super) fn api() -> ApiPage {
    let mut blocked = span("v3-beta", "blocked", &[("3.0.0-beta.1", "2026-07-10")], None, None);
    blocked.blocked_at = Some(at("2026-09-02"));
    let spans = [
        span(
            "v0",
            "retired",
            &[("0.8.0", "2024-05-01"), ("0.9.0", "2024-08-20")],
            Some("2025-04-01"),
            Some("2025-10-31"),
        ),
        span(
            "v1",
            "deprecated",
            &[
                ("1.0.0", "2025-03-04"),
                ("1.1.0", "2025-03-20"),
                ("1.2.0", "2025-08-11"),
                ("1.4.0", "2026-01-15"),
            ],
            Some("2026-06-01"),
            Some("2026-12-18"),
        ),
        span("v2", "active", &[("2.0.0", "2026-05-20"), ("2.1.0", "2026-11-20")], None, None),
        blocked,
    ];
    let mut v1 = line("v1", "deprecated", "1.4.0");
    v1.reason = Some(s("Cards are charged without strong customer authentication; v2 asks for it."));
    v1.deprecated = Some(when("2026-06-01"));
    v1.sunset = Some(when("2026-12-18"));
    v1.successor = Some(Link::new("v2", "#line-v2"));
    v1.links = vec![
        Link::new("migration guide", "https://docs.solstice.example/charges/v2"),
        Link::new("policy", "https://docs.solstice.example/policy"),
    ];
    v1.routes.push(RouteWords {
        base: s("legacy-payments-gateway.solstice.example"),
        selector: Some(s("with header api-version: 1")),
    });
    let mut v0 = line("v0", "retired", "0.9.0");
    v0.deprecated = Some(when("2025-04-01"));
    v0.sunset = Some(when("2025-10-31"));
    v0.successor = Some(Link::new("v1", "#line-v1"));
    let mut beta = line("v3-beta", "blocked", "3.0.0-beta.1");
    beta.reason = Some(s("Refund amounts were not checked against the charge (incident 2026-09-02)."));
    beta.routes.clear();
    let version =
        |label: &str, line: &str, stage: &str, day: &str, v: Option<Verdict>, f: Findings, is_current| {
            VersionRow {
                label: s(label),
                href: words::version_href("payments/charges", label),
                line: s(line),
                stage: s(stage),
                is_current,
                published: when(day),
                verdict: v,
                findings: f,
                format: s("OpenAPI 3.0.3, YAML"),
                sha: s("9f86d081884c"),
                document: s("/apis/payments/charges/versions/1/document/view"),
            }
        };
    ApiPage {
        layout: layout("Charges", &[("Catalog", "/"), ("payments", "/?namespace=payments")]),
        id: s("payments/charges"),
        title: s("Charges"),
        description: words::paragraphs(
            "Takes money from cards and accounts, gives it back, and says what became of it. Amounts are in the minor unit of the currency.\n\nEvery call that changes something takes an `Idempotency-Key`.\n\nWebhooks tell of each change.",
        ),
        facts: vec![
            Fact::new("Owner", "Payments platform"),
            Fact::new("Contact", "payments@solstice.example")
                .link(words::outward("mailto:payments@solstice.example")),
            Fact::new("Visibility", "public"),
            Fact::new("Versions", "ordered by semver"),
            Fact::new("Policy", "guarded"),
        ],
        timeline: Timeline::draw(&spans, now()),
        lines: vec![beta, line("v2", "active", "2.1.0"), v1, v0],
        reasons: vec![Reason {
            line: s("v1"),
            stage: s("deprecated"),
            against: s("v2"),
            href: words::diff_href("payments/charges", "1.4.0", "2.1.0"),
            sentences: vec![
                ReasonWords {
                    severity: s("critical"),
                    words: s("v1 lets anyone call POST /refunds; v2 asks for OAuth scope refunds:write."),
                    owasp: Some(s("API2:2023")),
                },
                ReasonWords {
                    severity: s("high"),
                    words: s(
                        "v1 still takes an API key in the query string for 9 operations; v2 takes OAuth alone.",
                    ),
                    owasp: Some(s("API2:2023")),
                },
                ReasonWords {
                    severity: s("medium"),
                    words: s(
                        "v1 returns the full card number in GET /charges/{id}; v2 returns its last four digits.",
                    ),
                    owasp: Some(s("API3:2023")),
                },
            ],
            more: Some(s("6 more reasons")),
        }],
        answers: vec![
            Answers::new(
                "v2",
                "active",
                &[("allow", 1_284_113), ("announce", 0), ("throttle", 0), ("refuse", 0)],
            ),
            Answers::new(
                "v1",
                "deprecated",
                &[("allow", 0), ("announce", 91_402), ("throttle", 2_210), ("refuse", 14_032)],
            ),
            Answers::new("v0", "retired", &[("allow", 0), ("announce", 0), ("throttle", 0), ("refuse", 318)]),
        ],
        answers_since: s("since 1 Nov 2026"),
        versions: vec![
            version(
                "2.1.0",
                "v2",
                "active",
                "2026-11-20",
                Some(verdict("breaking", "major", Some("3.0.0"), "2.0.0", "2.1.0")),
                findings(0, ""),
                true,
            ),
            version(
                "3.0.0-beta.1",
                "v3-beta",
                "blocked",
                "2026-07-10",
                Some(verdict("breaking", "major", Some("3.0.0"), "2.0.0", "3.0.0-beta.1")),
                findings(2, "medium"),
                true,
            ),
            version(
                "2.0.0",
                "v2",
                "active",
                "2026-05-20",
                Some(verdict("breaking", "major", Some("2.0.0"), "1.4.0", "2.0.0")),
                findings(0, ""),
                false,
            ),
            version(
                "1.4.0",
                "v1",
                "deprecated",
                "2026-01-15",
                Some(verdict("compatible", "minor", Some("1.3.0"), "1.2.0", "1.4.0")),
                findings(7, "critical"),
                true,
            ),
            version(
                "1.2.0",
                "v1",
                "deprecated",
                "2025-08-11",
                Some(verdict("identical", "none", None, "1.1.0", "1.2.0")),
                findings(7, "critical"),
                false,
            ),
            version("1.0.0", "v1", "deprecated", "2025-03-04", None, findings(12, "critical"), false),
        ],
        pager: Pager::default(),
        compare: Some(compare()),
        publish_command: s("sundial publish payments/charges@2.2.0 openapi.yaml"),
    }
}

pub(super) fn compare() -> Compare {
    let labels = ["2.1.0", "2.0.0", "1.4.0", "1.2.0", "1.0.0"];
    Compare {
        action: s("/apis/payments/charges/diff"),
        from: choices(&labels, "1.4.0"),
        to: choices(&labels, "2.1.0"),
    }
}

pub(super) fn api_empty() -> ApiPage {
    ApiPage {
        timeline: None,
        lines: vec![],
        reasons: vec![],
        answers: vec![],
        answers_since: String::new(),
        versions: vec![],
        compare: None,
        description: vec![],
        ..api()
    }
}
