//! Every page from sample data, full and empty, written below `target/pages/` to be looked at,
//! and held to what is true of all pages: one heading, unique ids, nothing inline, escaped text.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use askama::Template;

use crate::clock::Timestamp;

use super::browse::*;
use super::help::{self, ProblemPage, ProblemsPage};
use super::judge::*;
use super::reference::*;
use super::timeline::{Dial, Span, Timeline};
use super::words::{self, When};
use super::*;

const TODAY: &str = "24 Nov 2026";
/// What an attacker writes into every field of a document.
const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' \u{202E}txt";

fn now() -> Timestamp {
    at("2026-11-24T10:00:00Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn when(text: &str) -> When {
    When::new(at(text), now())
}

fn s(text: &str) -> String {
    words::visible(text)
}

fn layout(title: &str, crumbs: &[(&str, &str)]) -> Layout {
    let crumbs = crumbs
        .iter()
        .map(|(text, href)| Link::new(*text, *href))
        .collect();
    let mut layout = Layout::new(title, Section::Catalog, TODAY).under(crumbs);
    layout.json = Some("/api/v1/apis".to_owned());
    layout
}

fn findings(total: u64, worst: &str) -> Findings {
    Findings {
        total,
        worst: s(worst),
        href: s("/apis/payments/charges/versions/2.1.0/findings"),
    }
}

fn verdict(verdict: &str, bump: &str, due: Option<&str>, from: &str, to: &str) -> Verdict {
    Verdict {
        verdict: s(verdict),
        bump: s(bump),
        due: due.map(s),
        from: s(from),
        href: words::diff_href("payments/charges", from, to),
    }
}

fn choices(all: &[&str], chosen: &str) -> Vec<Choice> {
    let one = |value: &&str| Choice {
        value: s(value),
        words: s(value),
        chosen: *value == chosen,
    };
    all.iter().map(one).collect()
}

fn search(filtered: bool) -> Search {
    let mut stages = choices(&["draft", "active", "deprecated", "retired", "blocked"], "");
    stages.insert(
        0,
        Choice {
            value: String::new(),
            words: s("any"),
            chosen: true,
        },
    );
    let mut namespaces = choices(&["payments", "logistics", "identity", "storefront"], "");
    namespaces.insert(
        0,
        Choice {
            value: String::new(),
            words: s("any"),
            chosen: true,
        },
    );
    let q = if filtered { "chargs" } else { "" };
    Search {
        q: s(q),
        stages,
        namespaces,
        is_filtered: filtered,
    }
}

fn api_row(title: &str, id: &str, owner: &str, lines: &[(&str, &str)], newest: &str) -> ApiRow {
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

fn home() -> Home {
    let mut charges = api_row(
        "Charges",
        "payments/charges",
        "Payments platform",
        &[("v2", "active"), ("v1", "deprecated")],
        "2.1.0",
    );
    charges.sunset = Some(NextSunset {
        line: s("v1"),
        at: when("2026-12-18"),
    });
    charges.findings = findings(7, "critical");
    let mut ledger = api_row(
        "Ledger",
        "payments/ledger",
        "Payments platform",
        &[
            ("2026-06-20", "active"),
            ("2025-11-01", "deprecated"),
            ("2025-02-14", "retired"),
        ],
        "2026-06-20.1",
    );
    ledger.sunset = Some(NextSunset {
        line: s("2025-11-01"),
        at: when("2027-03-31"),
    });
    ledger.internal = true;
    let mut tracking = api_row(
        "Shipment tracking and delivery windows for carriers",
        "logistics/tracking",
        "Logistics",
        &[("v3", "active"), ("v2", "blocked"), ("v1", "retired")],
        "v3.2",
    );
    tracking.findings = findings(2, "medium");
    let mut rates = api_row(
        "Carrier rates",
        "logistics/carrier-rates",
        "Logistics",
        &[("v0.4", "active")],
        "0.4.2",
    );
    rates.third_party = true;
    let mut sessions = api_row(
        "Sessions",
        "identity/sessions",
        "Identity",
        &[("v1", "deprecated")],
        "1.9.0",
    );
    sessions.sunset = Some(NextSunset {
        line: s("v1"),
        at: when("2027-06-30"),
    });
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
        &[
            ("v1.47", "active"),
            ("v1.46", "active"),
            ("v1.45", "deprecated"),
            ("v1.44", "retired"),
        ],
        "1.47.0",
    );
    old.lines_more = Some(s("and 12 older"));
    let mut draft = api_row(
        "Loyalty",
        "storefront/loyalty",
        "",
        &[("v1", "draft")],
        "1.0.0",
    );
    draft.newest = None;
    let ends = [
        (
            "Charges",
            "payments/charges",
            "v1",
            "2026-12-18",
            Some("v2"),
        ),
        (
            "Ledger",
            "payments/ledger",
            "2025-11-01",
            "2027-03-31",
            Some("2026-06-20"),
        ),
        (
            "Basket",
            "storefront/basket",
            "v1.45",
            "2027-03-31",
            Some("v1.47"),
        ),
        ("Sessions", "identity/sessions", "v1", "2027-06-30", None),
    ];
    let marks: Vec<_> = ends
        .iter()
        .map(|one| (format!("{} {}", one.0, one.2), at(one.3)))
        .collect();
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
            Some(verdict(
                "breaking",
                "major",
                Some("3.0.0"),
                "2.0.0",
                "2.1.0",
            )),
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
        namespaces: [
            ("identity", 1),
            ("logistics", 2),
            ("payments", 2),
            ("storefront", 3),
        ]
        .map(|(name, apis)| Namespace {
            name: s(name),
            href: format!("/?namespace={name}"),
            apis,
            chosen: false,
        })
        .to_vec(),
        apis: vec![
            charges, ledger, tracking, rates, sessions, catalog, old, draft,
        ],
        found: s("8 APIs in 4 namespaces"),
        pager: Pager {
            words: s("1 to 8 of 61"),
            previous: None,
            next: Some(s("/?after=x")),
        },
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

fn home_empty() -> Home {
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

fn home_nothing_found() -> Home {
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

fn span(
    line: &str,
    stage: &str,
    published: &[(&str, &str)],
    deprecated: Option<&str>,
    sunset: Option<&str>,
) -> Span {
    Span {
        line: s(line),
        stage: s(stage),
        published: published
            .iter()
            .map(|(label, day)| (s(label), at(day)))
            .collect(),
        deprecated_at: deprecated.map(at),
        sunset_at: sunset.map(at),
        blocked_at: None,
    }
}

fn line(name: &str, stage: &str, current: &str) -> LineRow {
    LineRow {
        line: s(name),
        stage: s(stage),
        reason: None,
        current: Some(Link::new(
            current,
            words::version_href("payments/charges", current),
        )),
        versions: s("3 versions"),
        since: Some(when("2025-03-04")),
        deprecated: None,
        sunset: None,
        successor: None,
        links: vec![],
        routes: vec![RouteWords {
            base: format!("api.solstice.example/{name}"),
            selector: None,
        }],
    }
}

fn api() -> ApiPage {
    let mut blocked = span(
        "v3-beta",
        "blocked",
        &[("3.0.0-beta.1", "2026-07-10")],
        None,
        None,
    );
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
        span(
            "v2",
            "active",
            &[("2.0.0", "2026-05-20"), ("2.1.0", "2026-11-20")],
            None,
            None,
        ),
        blocked,
    ];
    let mut v1 = line("v1", "deprecated", "1.4.0");
    v1.reason = Some(s(
        "Cards are charged without strong customer authentication; v2 asks for it.",
    ));
    v1.deprecated = Some(when("2026-06-01"));
    v1.sunset = Some(when("2026-12-18"));
    v1.successor = Some(Link::new("v2", "#line-v2"));
    v1.links = vec![
        Link::new(
            "migration guide",
            "https://docs.solstice.example/charges/v2",
        ),
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
    beta.reason = Some(s(
        "Refund amounts were not checked against the charge (incident 2026-09-02).",
    ));
    beta.routes.clear();
    let version = |label: &str,
                   line: &str,
                   stage: &str,
                   day: &str,
                   v: Option<Verdict>,
                   f: Findings,
                   is_current| VersionRow {
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
    };
    ApiPage {
        layout: layout(
            "Charges",
            &[("Catalog", "/"), ("payments", "/?namespace=payments")],
        ),
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
                    words: s(
                        "v1 lets anyone call POST /refunds; v2 asks for OAuth scope refunds:write.",
                    ),
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
                &[
                    ("allow", 1_284_113),
                    ("announce", 0),
                    ("throttle", 0),
                    ("refuse", 0),
                ],
            ),
            Answers::new(
                "v1",
                "deprecated",
                &[
                    ("allow", 0),
                    ("announce", 91_402),
                    ("throttle", 2_210),
                    ("refuse", 14_032),
                ],
            ),
            Answers::new(
                "v0",
                "retired",
                &[
                    ("allow", 0),
                    ("announce", 0),
                    ("throttle", 0),
                    ("refuse", 318),
                ],
            ),
        ],
        answers_since: s("since 1 Nov 2026"),
        versions: vec![
            version(
                "2.1.0",
                "v2",
                "active",
                "2026-11-20",
                Some(verdict(
                    "breaking",
                    "major",
                    Some("3.0.0"),
                    "2.0.0",
                    "2.1.0",
                )),
                findings(0, ""),
                true,
            ),
            version(
                "3.0.0-beta.1",
                "v3-beta",
                "blocked",
                "2026-07-10",
                Some(verdict(
                    "breaking",
                    "major",
                    Some("3.0.0"),
                    "2.0.0",
                    "3.0.0-beta.1",
                )),
                findings(2, "medium"),
                true,
            ),
            version(
                "2.0.0",
                "v2",
                "active",
                "2026-05-20",
                Some(verdict(
                    "breaking",
                    "major",
                    Some("2.0.0"),
                    "1.4.0",
                    "2.0.0",
                )),
                findings(0, ""),
                false,
            ),
            version(
                "1.4.0",
                "v1",
                "deprecated",
                "2026-01-15",
                Some(verdict(
                    "compatible",
                    "minor",
                    Some("1.3.0"),
                    "1.2.0",
                    "1.4.0",
                )),
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
            version(
                "1.0.0",
                "v1",
                "deprecated",
                "2025-03-04",
                None,
                findings(12, "critical"),
                false,
            ),
        ],
        pager: Pager::default(),
        compare: Some(compare()),
        publish_command: s("sundial publish payments/charges@2.2.0 openapi.yaml"),
    }
}

fn compare() -> Compare {
    let labels = ["2.1.0", "2.0.0", "1.4.0", "1.2.0", "1.0.0"];
    Compare {
        action: s("/apis/payments/charges/diff"),
        from: choices(&labels, "1.4.0"),
        to: choices(&labels, "2.1.0"),
    }
}

fn api_empty() -> ApiPage {
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

fn head(stage: &str, tab: usize) -> Head {
    let banner = match stage {
        "deprecated" => Some(Banner {
            stage: s(stage),
            headline: s("Deprecated: this line ends on"),
            date: Some(when("2026-12-18")),
            reason: Some(s(
                "Cards are charged without strong customer authentication; v2 asks for it.",
            )),
            successor: Some(Link::new(
                "Go to v2",
                "/apis/payments/charges/versions/2.1.0",
            )),
            links: vec![
                Link::new(
                    "migration guide",
                    "https://docs.solstice.example/charges/v2",
                ),
                Link::new("policy", "https://docs.solstice.example/policy"),
            ],
        }),
        "blocked" => Some(Banner {
            stage: s(stage),
            headline: s("Blocked since"),
            date: Some(when("2026-09-02")),
            reason: Some(s(
                "Refund amounts were not checked against the charge (incident 2026-09-02).",
            )),
            successor: None,
            links: vec![],
        }),
        "retired" => Some(Banner {
            stage: s(stage),
            headline: s("Retired: calls are refused since"),
            date: Some(when("2025-10-31")),
            reason: None,
            successor: Some(Link::new("Go to v1", "/x")),
            links: vec![],
        }),
        "draft" => Some(Banner {
            stage: s(stage),
            headline: s("A draft: it may still change, and no gateway knows it."),
            date: None,
            reason: None,
            successor: None,
            links: vec![],
        }),
        _ => None,
    };
    let base = words::version_href("payments/charges", "1.4.0");
    let tabs = [
        ("Reference", "", "14"),
        ("Findings", "/findings", "7"),
        ("Document", "/document/view", ""),
    ];
    Head {
        api: Link::new("payments/charges", "/apis/payments/charges"),
        title: s("Charges"),
        label: s("1.4.0"),
        line: Link::new("v1", "/apis/payments/charges#line-v1"),
        stage: s(stage),
        newest: (stage != "active").then(|| {
            Link::new(
                "See this page for 2.1.0",
                "/apis/payments/charges/versions/2.1.0",
            )
        }),
        banner,
        tabs: (0..)
            .zip(tabs)
            .map(|(i, (text, path, count))| Tab {
                text: s(text),
                href: format!("{base}{path}"),
                count: s(count),
                is_current: i == tab,
            })
            .collect(),
    }
}

fn operation(method: &str, path: &str, summary: &str) -> OperationRow {
    OperationRow {
        method: s(method),
        path: s(path),
        href: words::operation_href("payments/charges", "1.4.0", method, path),
        summary: s(summary),
        is_deprecated: false,
        is_open: false,
    }
}

fn version(stage: &str) -> VersionPage {
    let mut refunds = operation("POST", "/refunds", "Give money back");
    refunds.is_open = true;
    let mut old = operation("GET", "/charges/search", "Find charges by free text");
    old.is_deprecated = true;
    let group = |name: &str, description: &str, operations: Vec<OperationRow>| Group {
        name: s(name),
        anchor: anchor("tag-", name),
        description: s(description),
        count: words::count(operations.len() as u64, "operation"),
        operations,
        href: None,
    };
    VersionPage {
        layout: layout(
            "1.4.0 · Charges",
            &[
                ("Catalog", "/"),
                ("payments", "/?namespace=payments"),
                ("Charges", "/apis/payments/charges"),
            ],
        ),
        head: head(stage, 0),
        description: api().description,
        facts: vec![
            Fact::new("Format", "OpenAPI 3.0.3, YAML"),
            Fact::new("Published", "15 Jan 2026"),
            Fact::new("Operations", "14"),
            Fact::new("Size", words::size(61_449)),
            Fact::new(
                "SHA-256",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            )
            .code(),
        ],
        servers: vec![
            s("https://api.solstice.example/v1"),
            s("https://sandbox.solstice.example/v1"),
        ],
        verdict: Some(verdict(
            "compatible",
            "minor",
            Some("1.3.0"),
            "1.2.0",
            "1.4.0",
        )),
        security: Security {
            summary: s("12 of 14 operations ask for credentials; 2 are open."),
            has_open: true,
            sentences: vec![
                s(
                    "9 operations ask for an API key in the query string, or OAuth scope charges:write.",
                ),
                s("3 operations ask for OAuth scope payouts:read and payouts:write."),
            ],
            open: vec![
                Link::new("POST /refunds", "/x"),
                Link::new("GET /status", "/y"),
            ],
            open_more: None,
            schemes: vec![
                Scheme {
                    name: s("oauth"),
                    words: s("OAuth 2.0, client credentials"),
                    caution: None,
                    scopes: vec![
                        (s("charges:write"), s("take money")),
                        (s("payouts:read"), s("see payouts")),
                    ],
                },
                Scheme {
                    name: s("key"),
                    words: s("API key in query parameter api_key"),
                    caution: Some(s("travels in the URL, and so into logs")),
                    scopes: vec![],
                },
            ],
        },
        groups: vec![
            group(
                "Charges",
                "Money that comes in.",
                vec![
                    operation("GET", "/charges", "List charges, newest first"),
                    operation("POST", "/charges", "Take money"),
                    old,
                    operation("GET", "/charges/{charge_id}", "Read one charge"),
                    operation(
                        "POST",
                        "/charges/{charge_id}/capture",
                        "Capture what was authorised before",
                    ),
                ],
            ),
            group(
                "Refunds",
                "",
                vec![
                    refunds,
                    operation("GET", "/refunds/{refund_id}", "Read one refund"),
                    operation(
                        "DELETE",
                        "/refunds/{refund_id}",
                        "Take back a refund that was not sent yet",
                    ),
                ],
            ),
            group(
                "Payouts",
                "Money that goes out.",
                vec![
                    operation(
                        "PUT",
                        "/accounts/{account_id}/payout-schedules/{schedule_id}/destinations/{destination_id}",
                        "Replace the destination of a schedule",
                    ),
                    operation(
                        "PATCH",
                        "/payouts/{payout_id}",
                        "Change the note of a payout",
                    ),
                    operation("OPTIONS", "/payouts", "What may be done"),
                ],
            ),
            Group {
                name: s("Reports"),
                anchor: s("tag-reports"),
                description: String::new(),
                count: s("512 operations"),
                operations: vec![],
                href: Some(s("/apis/payments/charges/versions/1.4.0?tag=Reports")),
            },
        ],
        schemas: [
            "Account",
            "Charge",
            "ChargeList",
            "Currency",
            "Error",
            "Payout",
            "PayoutDestination",
            "Refund",
        ]
        .map(|name| SchemaLink {
            name: s(name),
            href: words::schema_href("payments/charges", "1.4.0", name),
        })
        .to_vec(),
        downloads: vec![
            Link::new(
                "Exact bytes (YAML)",
                "/api/v1/apis/payments/charges/versions/1.4.0/document",
            ),
            Link::new("as JSON", "/x?format=json"),
            Link::new("By lines", "/y"),
        ],
    }
}

fn version_empty() -> VersionPage {
    VersionPage {
        description: vec![],
        servers: vec![],
        verdict: None,
        security: Security::default(),
        groups: vec![],
        schemas: vec![],
        ..version("draft")
    }
}

fn property(depth: u8, name: &str, kind: &str) -> PropertyRow {
    PropertyRow {
        depth,
        name: s(name),
        kind: s(kind),
        ..PropertyRow::default()
    }
}

fn rows() -> Vec<PropertyRow> {
    let mut amount = property(0, "amount", "integer, int64");
    amount.is_required = true;
    amount.constraints = vec![s("1 to 99,999,999")];
    amount.description = vec![s("In the minor unit of the currency.")];
    let mut currency = property(0, "currency", "string");
    currency.is_required = true;
    currency.values = [
        "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON",
    ]
    .map(|one| format!("\"{one}\""))
    .to_vec();
    let mut source = property(0, "source", "Source");
    source.href = Some(s("/apis/payments/charges/versions/1.4.0/schemas/Source"));
    source.is_required = true;
    let mut card = property(1, "", "object");
    card.role = s("one of");
    let mut number = property(2, "number", "string");
    number.is_required = true;
    number.notes = vec![s("write only")];
    number.constraints = vec![s("12 to 19 characters"), s("pattern ^[0-9]+$")];
    let mut old = property(2, "holder_name", "string or null");
    old.is_deprecated = true;
    let mut iban = property(1, "", "BankAccount");
    iban.role = s("or");
    iban.href = Some(s("/x"));
    let mut items = property(0, "lines", "array of Line");
    items.href = Some(s("/x"));
    items.constraints = vec![s("at most 100 items"), s("no two alike")];
    let mut parent = property(1, "parent", "Charge");
    parent.href = Some(s("/x"));
    parent.notes = vec![s("contains itself")];
    let mut other = property(0, "", "string");
    other.role = s("any other name");
    vec![
        amount, currency, source, card, number, old, iban, items, parent, other,
    ]
}

fn schema_view() -> SchemaView {
    SchemaView {
        kind: s("Charge"),
        href: Some(s("/apis/payments/charges/versions/1.4.0/schemas/Charge")),
        constraints: vec![s("at most 50 properties")],
        rows: rows(),
        more: Some(Link::new("All of Charge", "/x")),
    }
}

fn place(line: u32) -> Place {
    Place {
        words: format!("line {line}"),
        href: words::line_href("payments/charges", "1.4.0", line),
        pointer: s("/paths/~1charges/post"),
    }
}

fn operation_page() -> OperationPage {
    let mut limit = property(0, "limit", "integer");
    limit.constraints = vec![s("1 to 100"), s("default 20")];
    limit.description = vec![s("How many charges a page holds.")];
    let mut id = property(0, "charge_id", "string, uuid");
    id.is_required = true;
    let media = MediaView {
        name: s("application/json"),
        schema: schema_view(),
        example: Some(s("{\n  \"amount\": 4200,\n  \"currency\": \"EUR\"\n}")),
    };
    let response = |status: &str, class: &str, description: &str, media| ResponseView {
        status: s(status),
        class: s(class),
        description: s(description),
        headers: vec![],
        media,
    };
    let mut created = response(
        "201",
        "success",
        "The charge, as it stands",
        vec![media.clone()],
    );
    created.headers = vec![property(0, "Location", "string, uri")];
    OperationPage {
        layout: layout(
            "POST /charges · 1.4.0 · Charges",
            &[
                ("Catalog", "/"),
                ("payments", "/?namespace=payments"),
                ("Charges", "/apis/payments/charges"),
                ("1.4.0", "/apis/payments/charges/versions/1.4.0"),
            ],
        ),
        head: head("deprecated", 0),
        method: s("POST"),
        path: s("/accounts/{account_id}/charges/{charge_id}"),
        id: Some(s("createCharge")),
        summary: s("Take money"),
        description: words::paragraphs(
            "Takes money from a card or an account.\n\nThe answer comes at once; the money may take days.",
        ),
        tags: vec![Link::new(
            "Charges",
            "/apis/payments/charges/versions/1.4.0#tag-charges",
        )],
        deprecated: Some(s(
            "This operation is deprecated; the document names 1 Mar 2027 as its end.",
        )),
        credentials: vec![
            Credentials {
                words: s("OAuth 2.0 (oauth)"),
                scopes: vec![s("charges:write")],
            },
            Credentials {
                words: s("API key in query parameter api_key (key)"),
                scopes: vec![],
            },
        ],
        parameters: vec![
            ParameterGroup {
                location: s("Path"),
                rows: vec![id],
            },
            ParameterGroup {
                location: s("Query"),
                rows: vec![limit],
            },
        ],
        body: Some(BodyView {
            is_required: true,
            description: vec![s("What to charge, and whom.")],
            media: vec![media],
        }),
        responses: vec![
            created,
            response("4XX", "client", "What is wrong with the request", vec![]),
            response("default", "default", "Anything else", vec![]),
        ],
        curl: s(
            "curl -X POST 'https://api.solstice.example/v1/accounts/ACCOUNT_ID/charges/CHARGE_ID' \\\n  -H 'Authorization: Bearer TOKEN' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"amount\": 4200, \"currency\": \"EUR\"}'",
        ),
        place: place(212),
        elsewhere: vec![Link::new("v2", "/x")],
    }
}

fn operation_open() -> OperationPage {
    OperationPage {
        credentials: vec![],
        parameters: vec![],
        body: None,
        responses: vec![],
        deprecated: None,
        head: head("active", 0),
        elsewhere: vec![],
        ..operation_page()
    }
}

fn schema_page() -> SchemaPage {
    SchemaPage {
        layout: layout(
            "Charge · 1.4.0 · Charges",
            &[
                ("Catalog", "/"),
                ("Charges", "/apis/payments/charges"),
                ("1.4.0", "/apis/payments/charges/versions/1.4.0"),
            ],
        ),
        head: head("active", 0),
        name: s("Charge"),
        description: vec![s("Money that was taken, or will be.")],
        schema: SchemaView {
            kind: s("object"),
            href: None,
            more: None,
            ..schema_view()
        },
        example: Some(s("{\n  \"amount\": 4200\n}")),
        used_by: vec![
            Link::new("POST /charges", "/x"),
            Link::new("ChargeList", "/y"),
        ],
        place: place(2_412),
    }
}

fn finding(rule: &str, severity: &str, message: &str) -> FindingRow {
    FindingRow {
        anchor: format!("f-{rule}"),
        rule: Link::new(rule, words::rule_href(rule)),
        severity: s(severity),
        message: s(message),
        owasp: (severity != "note").then(|| s("API2:2023")),
        cwe: (severity != "note").then(|| s("CWE-306")),
        places: vec![place(212), place(2_412)],
        places_more: Some(s("and 12 more places")),
        operations: vec![Link::new("POST /refunds", "/x")],
    }
}

fn findings_page() -> FindingsPage {
    FindingsPage {
        layout: layout(
            "Findings · 1.4.0 · Charges",
            &[
                ("Catalog", "/"),
                ("Charges", "/apis/payments/charges"),
                ("1.4.0", "/apis/payments/charges/versions/1.4.0"),
            ],
        ),
        head: head("deprecated", 1),
        counts: vec![
            (s("critical"), 1),
            (s("high"), 1),
            (s("medium"), 1),
            (s("low"), 1),
            (s("error"), 1),
            (s("note"), 1),
        ],
        findings: vec![
            finding(
                "operation-open",
                "critical",
                "POST /refunds changes something and asks for no credentials.",
            ),
            finding(
                "api-key-in-query",
                "high",
                "The API key `key` travels in the query string, and so into logs and referrers.",
            ),
            finding(
                "string-unbounded",
                "medium",
                "A string of a request has no upper bound.",
            ),
            finding("pattern-unanchored", "low", "A pattern is not anchored."),
            finding(
                "reference-dangling",
                "error",
                "`#/components/schemas/Sorce` leads nowhere; `Source` is near.",
            ),
            finding(
                "typed-reader-refuses",
                "note",
                "Typed clients refuse this document: missing field `responses`.",
            ),
        ],
        pager: Pager {
            words: s("1 to 6 of 7"),
            previous: None,
            next: Some(s("?page=2")),
        },
        lint_command: s("sundial lint registry:payments/charges@1.4.0"),
    }
}

fn document_page() -> DocumentPage {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo:\n  title: Charges\n  version: 1.4.0\n  description: Takes money from cards and accounts, gives it back, and says what became of it. Amounts are in the minor unit of the currency.\npaths:\n",
    );
    for n in 0..40 {
        text.push_str(&format!("  /charges/{n}:\n    get:\n      operationId: read{n}\n      responses:\n        '200': {{ description: fine }}\n"));
    }
    text.push_str(&"x".repeat(700));
    DocumentPage {
        layout: layout(
            "Document · 1.4.0 · Charges",
            &[
                ("Catalog", "/"),
                ("Charges", "/apis/payments/charges"),
                ("1.4.0", "/apis/payments/charges/versions/1.4.0"),
            ],
        ),
        head: head("active", 2),
        lines: document_lines(&text, 1),
        pager: Pager {
            words: s("lines 1 to 2,000 of 4,812"),
            previous: None,
            next: Some(s("?from=2001")),
        },
        pages: vec![
            Link::new("1", "?from=1"),
            Link::new("2,001", "?from=2001"),
            Link::new("4,001", "?from=4001"),
        ],
        downloads: vec![
            Link::new("exact bytes (YAML)", "/x"),
            Link::new("as JSON", "/x?format=json"),
        ],
        facts: vec![
            Fact::new("Syntax", "YAML"),
            Fact::new("Size", "61.4 kB"),
            Fact::new(
                "SHA-256",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            )
            .code(),
        ],
    }
}

fn change(n: u32, rule: &str, level: &str, message: &str) -> ChangeCard {
    ChangeCard {
        anchor: format!("c-{n}"),
        rule: Link::new(rule, words::rule_href(rule)),
        level: s(level),
        surface: s("wire"),
        direction: Some(s("request")),
        message: s(message),
        security: None,
        operations: vec![OperationReached {
            method: s("POST"),
            path: s("/charges"),
            href: Some(s("/x")),
        }],
        old: Some(Place {
            words: s("1.4.0, line 212"),
            ..place(212)
        }),
        new: Some(Place {
            words: s("2.1.0, line 240"),
            ..place(240)
        }),
        before: Some(s("[\"amount\"]")),
        after: Some(s("[\"amount\", \"currency\"]")),
        witness: None,
        undecided: None,
    }
}

fn facet(rule: &str, effect: &str, severity: &str) -> Option<SecurityFacet> {
    Some(SecurityFacet {
        rule: Link::new(rule, words::rule_href(rule)),
        effect: s(effect),
        severity: s(severity),
        owasp: owasp("API2:2023"),
        cwe: cwe("CWE-306"),
    })
}

fn group(
    level: &str,
    title: &str,
    note: &str,
    is_folded: bool,
    changes: Vec<ChangeCard>,
) -> ChangeGroup {
    ChangeGroup {
        level: s(level),
        title: s(title),
        note: s(note),
        total: changes.len() as u64,
        is_folded,
        changes,
        pager: Pager::default(),
    }
}

fn side(label: &str, line: &str, stage: &str, day: &str) -> Side {
    Side {
        label: s(label),
        href: words::version_href("payments/charges", label),
        line: s(line),
        stage: s(stage),
        format: s("OpenAPI 3.0.3, YAML"),
        published: Some(when(day)),
    }
}

fn diff() -> DiffPage {
    let mut removed = change(
        1,
        "auth-requirement-removed",
        "warning",
        "GET /status asks for no credentials any more.",
    );
    removed.surface = s("security");
    removed.security = facet("auth-requirement-removed", "weakens", "high");
    removed.before = Some(s("[\n  { \"oauth\": [\"status:read\"] }\n]"));
    removed.after = Some(s("[]"));
    let mut added = change(
        2,
        "security-tightened",
        "breaking",
        "POST /refunds asks for OAuth scope refunds:write now; it was open to anyone.",
    );
    added.security = facet("auth-requirement-added", "strengthens", "critical");
    added.old = None;
    added.before = None;
    let mut required = change(
        3,
        "property-became-required",
        "breaking",
        "`currency` must be sent now in the body of POST /charges.",
    );
    required.witness = Some(WitnessView {
        words: s("1.4.0 accepts this body, 2.1.0 rejects it."),
        text: s("POST /charges\ncontent-type: application/json\n\n{\"amount\": 1}"),
    });
    required.operations = (0..7)
        .map(|n| OperationReached {
            method: s("POST"),
            path: format!("/charges/{{charge_id}}/lines/{n}"),
            href: Some(s("/x")),
        })
        .collect();
    let mut gone = change(
        4,
        "operation-removed",
        "breaking",
        "DELETE /refunds/{refund_id} is gone though it was never deprecated.",
    );
    gone.new = None;
    gone.after = None;
    gone.before = Some(s(
        "{\n  \"operationId\": \"cancelRefund\",\n  \"summary\": \"Take back a refund that was not sent yet\",\n  \"responses\": { \"204\": { \"description\": \"taken back\" } }\n}",
    ));
    let mut unknown = change(
        5,
        "constraint-tightened",
        "warning",
        "The pattern of `reference` changed.",
    );
    unknown.undecided = Some(s("look-ahead in a pattern has no automaton"));
    let info = (6..12)
        .map(|n| {
            change(
                n,
                "description-changed",
                "info",
                "The description of an operation changed.",
            )
        })
        .collect();
    DiffPage {
        layout: layout(
            "1.4.0 to 2.1.0 · Charges",
            &[
                ("Catalog", "/"),
                ("payments", "/?namespace=payments"),
                ("Charges", "/apis/payments/charges"),
            ],
        ),
        api: Link::new("payments/charges", "/apis/payments/charges"),
        from: side("1.4.0", "v1", "deprecated", "2026-01-15"),
        to: side("2.1.0", "v2", "active", "2026-11-20"),
        verdict: s("breaking"),
        headline: s("Callers of 1.4.0 break: 3 breaking changes."),
        bump: s("major"),
        due: Some(s("2.0.0")),
        is_due_met: Some(true),
        counts: [
            ("security", 2),
            ("breaking", 2),
            ("warning", 1),
            ("info", 6),
        ]
        .map(|(level, number)| Count {
            level: s(level),
            number,
            href: format!("#{level}"),
        })
        .to_vec(),
        groups: vec![
            group(
                "security",
                "Security",
                "What weakens comes first; what strengthens is a reason to retire the older version.",
                false,
                vec![removed, added],
            ),
            group(
                "breaking",
                "Breaking",
                "One more breaking change stands under Security.",
                false,
                vec![required, gone],
            ),
            group("warning", "Warning", "", false, vec![unknown]),
            group("info", "Info", "", true, info),
        ],
        compare: Some(compare()),
        links: vec![
            Link::new(
                "other way around",
                "/apis/payments/charges/diff/2.1.0...1.4.0",
            ),
            Link::new("as JSON", "/api/v1/x"),
        ],
        command: s("sundial diff registry:payments/charges@1.4.0 registry:payments/charges@2.1.0"),
    }
}

fn diff_identical() -> DiffPage {
    DiffPage {
        verdict: s("identical"),
        headline: s("Nothing changed."),
        bump: s("none"),
        due: None,
        is_due_met: None,
        counts: vec![],
        groups: vec![],
        ..diff()
    }
}

fn rules() -> RulesPage {
    let rule = |id: &str, level: &str, surface: &str, owasp: Option<&str>| RuleRow {
        id: s(id),
        href: words::rule_href(id),
        title: id.replace('-', " "),
        level: s(level),
        surface: s(surface),
        owasp: owasp.map(s),
    };
    RulesPage {
        layout: Layout::new("Rules", Section::Rules, TODAY),
        found: s("84 rules"),
        families: vec![
            RuleFamily {
                name: s("Diff: operations"),
                anchor: s("diff-operations"),
                rules: vec![
                    rule("operation-removed", "breaking", "wire", None),
                    rule("operation-added", "info", "wire", None),
                    rule("operation-deprecated", "info", "documentation", None),
                ],
            },
            RuleFamily {
                name: s("Diff: security"),
                anchor: s("diff-security"),
                rules: vec![
                    rule(
                        "auth-requirement-removed",
                        "warning",
                        "security",
                        Some("API2:2023"),
                    ),
                    rule(
                        "server-plaintext-added",
                        "warning",
                        "security",
                        Some("API8:2023"),
                    ),
                ],
            },
            RuleFamily {
                name: s("Lint: structure"),
                anchor: s("lint-structure"),
                rules: vec![rule("reference-dangling", "error", "", None)],
            },
        ],
    }
}

fn rule() -> RulePage {
    RulePage {
        layout: Layout::new("property-became-required", Section::Rules, TODAY)
            .under(vec![Link::new("Rules", "/rules")]),
        id: s("property-became-required"),
        title: s("property became required"),
        kind: s("diff"),
        level: s("breaking"),
        surface: s("wire"),
        since: s("0.1.0"),
        why: vec![s(
            "Clients that leave it out were accepted and are now rejected.",
        )],
        remedy: vec![s(
            "Give the property a default on the server, or open a new line.",
        )],
        fires: vec![Example {
            before: Some(s(
                "type: object\nproperties:\n  iban: { type: string }\nrequired: []",
            )),
            after: s("type: object\nproperties:\n  iban: { type: string }\nrequired: [iban]"),
        }],
        silent: vec![
            Example {
                before: Some(s("required: [iban]")),
                after: s("required: [iban]"),
            },
            Example {
                before: None,
                after: s("openapi: 3.0.3"),
            },
        ],
        security: facet("auth-requirement-removed", "weakens", "high"),
        command: s("sundial explain property-became-required"),
    }
}

fn error(status: u16) -> ErrorPage {
    let (title, detail) = match status {
        404 => ("No such API", "There is no API `payments/chrages` here."),
        401 => (
            "Not signed in",
            "This page is for members. Send a token, or ask the owner for access.",
        ),
        _ => (
            "Something failed on our side",
            "The registry failed in a way it did not foresee.",
        ),
    };
    ErrorPage {
        layout: Layout::new(title, Section::Elsewhere, TODAY),
        status,
        title: s(title),
        detail: s(detail),
        errors: vec![],
        near: if status == 404 {
            vec![
                Link::new("payments/charges", "/apis/payments/charges"),
                Link::new("payments/chargebacks", "/apis/payments/chargebacks"),
            ]
        } else {
            vec![]
        },
        help: Some(s("/problems/not-found")),
        request_id: (status == 500).then(|| s("01JD-7K2M")),
        since: None,
    }
}

/// A document in which everything is an attack.
fn hostile() -> (VersionPage, OperationPage, DiffPage) {
    let mut page = version("deprecated");
    page.head.title = s(HOSTILE);
    page.description = words::paragraphs(HOSTILE);
    page.servers = vec![s(HOSTILE)];
    page.groups = vec![Group {
        name: s(HOSTILE),
        anchor: anchor("tag-", HOSTILE),
        description: s(HOSTILE),
        count: s("1"),
        operations: vec![operation("GET", HOSTILE, HOSTILE)],
        href: None,
    }];
    page.schemas = vec![SchemaLink {
        name: s(HOSTILE),
        href: words::schema_href("a/b", "1", HOSTILE),
    }];
    let mut op = operation_page();
    op.path = s(HOSTILE);
    op.summary = s(HOSTILE);
    op.description = words::paragraphs(HOSTILE);
    op.parameters = vec![ParameterGroup {
        location: s("Query"),
        rows: vec![PropertyRow {
            name: s(HOSTILE),
            kind: s(HOSTILE),
            values: vec![s(HOSTILE)],
            constraints: vec![s(HOSTILE)],
            ..PropertyRow::default()
        }],
    }];
    op.curl = s(HOSTILE);
    let mut judged = diff();
    judged.groups[0].changes[0].message = s(HOSTILE);
    judged.groups[0].changes[0].before = Some(s(HOSTILE));
    (page, op, judged)
}

fn write(name: &str, page: &impl Template) -> String {
    let html = page.render().expect("renders");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    fs::create_dir_all(&root).expect("a folder");
    fs::write(root.join(name).with_extension("html"), &html).expect("a page");
    html
}

fn pages() -> Vec<(&'static str, String)> {
    let (hostile_version, hostile_operation, hostile_diff) = hostile();
    vec![
        ("home", write("home", &home())),
        ("home-empty", write("home-empty", &home_empty())),
        (
            "home-nothing-found",
            write("home-nothing-found", &home_nothing_found()),
        ),
        ("api", write("api", &api())),
        ("api-empty", write("api-empty", &api_empty())),
        ("version", write("version", &version("deprecated"))),
        (
            "version-blocked",
            write("version-blocked", &version("blocked")),
        ),
        (
            "version-retired",
            write("version-retired", &version("retired")),
        ),
        ("version-empty", write("version-empty", &version_empty())),
        ("operation", write("operation", &operation_page())),
        ("operation-open", write("operation-open", &operation_open())),
        ("schema", write("schema", &schema_page())),
        ("findings", write("findings", &findings_page())),
        (
            "findings-empty",
            write(
                "findings-empty",
                &FindingsPage {
                    findings: vec![],
                    ..findings_page()
                },
            ),
        ),
        ("document", write("document", &document_page())),
        ("diff", write("diff", &diff())),
        ("diff-identical", write("diff-identical", &diff_identical())),
        ("rules", write("rules", &rules())),
        ("rule", write("rule", &rule())),
        ("problems", write("problems", &ProblemsPage::new(TODAY))),
        (
            "problem",
            write("problem", &ProblemPage::new(&help::PROBLEMS[0], TODAY)),
        ),
        ("error-404", write("error-404", &error(404))),
        ("error-401", write("error-401", &error(401))),
        ("error-500", write("error-500", &error(500))),
        (
            "hostile-version",
            write("hostile-version", &hostile_version),
        ),
        (
            "hostile-operation",
            write("hostile-operation", &hostile_operation),
        ),
        ("hostile-diff", write("hostile-diff", &hostile_diff)),
    ]
}

/// Every value of an attribute, in the order of the text.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn every_page_keeps_the_rules_of_the_house() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages/assets");
    fs::create_dir_all(&root).expect("a folder");
    for (asset, body) in [
        (
            &assets::STYLESHEET,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sundial.css")),
        ),
        (
            &assets::FAVICON,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/favicon.svg")),
        ),
    ] {
        fs::write(root.join(asset.href.trim_start_matches("/assets/")), body).expect("an asset");
    }
    for (name, html) in pages() {
        assert!(html.starts_with("<!doctype html>"), "{name}");
        assert_eq!(
            html.matches("<h1").count(),
            1,
            "{name}: one heading of the page"
        );
        for inline in [
            " style=",
            "<style",
            "<script",
            " onclick",
            "javascript:",
            "<img",
            "\u{202E}",
        ] {
            assert!(!html.contains(inline), "{name}: {inline}");
        }
        let ids = values(&html, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: an id twice in {ids:?}");
        for id in values(&html, "aria-labelledby") {
            assert!(unique.contains(&id), "{name}: nothing has the id {id}");
        }
        for href in values(&html, "href") {
            let fine = ["/", "#", "?", "https://", "mailto:"]
                .iter()
                .any(|start| href.starts_with(start));
            assert!(fine, "{name}: {href}");
        }
        assert!(
            html.matches('<').count() / 2 < 5_000,
            "{name}: too many elements"
        );
    }
}

#[tokio::test]
async fn a_page_known_already_is_304_without_a_body() {
    use axum::Router;
    use axum::routing::get;

    let routes = Router::new()
        .route("/", get(async || Page::new(home_empty())))
        .layer(axum::middleware::from_fn(revalidate))
        .merge(assets::routes());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move { axum::serve(listener, routes).await });
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let first = client.get(&base).send().await.expect("answers");
    assert_eq!(first.status(), 200);
    let tag = first.headers()["etag"].clone();
    let again = client
        .get(&base)
        .header("if-none-match", tag)
        .send()
        .await
        .expect("answers");
    assert_eq!(again.status(), 304);
    assert_eq!(again.bytes().await.expect("a body").len(), 0);
    let css = client
        .get(format!("{base}{}", assets::STYLESHEET.href))
        .send()
        .await
        .expect("answers");
    assert_eq!(
        css.headers()["cache-control"],
        "public, max-age=31536000, immutable"
    );
    let stale = client
        .get(format!("{base}/assets/sundial.000000000000.css"))
        .send()
        .await
        .expect("answers");
    assert_eq!(stale.status(), 404);
    server.abort();
}
