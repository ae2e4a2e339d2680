//! Sample data of the pages of one version.

use super::*;

pub(super) fn head(stage: &str, tab: usize) -> Head {
    let banner = match stage {
        "deprecated" => Some(Banner {
            stage: s(stage),
            headline: s("Deprecated: this line ends on"),
            date: Some(when("2026-12-18")),
            reason: Some(s("Cards are charged without strong customer authentication; v2 asks for it.")),
            successor: Some(Link::new("Go to v2", "/apis/payments/charges/versions/2.1.0")),
            links: vec![
                Link::new("migration guide", "https://docs.solstice.example/charges/v2"),
                Link::new("policy", "https://docs.solstice.example/policy"),
            ],
        }),
        "blocked" => Some(Banner {
            stage: s(stage),
            headline: s("Blocked since"),
            date: Some(when("2026-09-02")),
            reason: Some(s("Refund amounts were not checked against the charge (incident 2026-09-02).")),
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
    let tabs = [("Reference", "", "14"), ("Findings", "/findings", "7"), ("Document", "/document/view", "")];
    Head {
        api: Link::new("payments/charges", "/apis/payments/charges"),
        title: s("Charges"),
        label: s("1.4.0"),
        line: Link::new("v1", "/apis/payments/charges#line-v1"),
        stage: s(stage),
        newest: (stage != "active")
            .then(|| Link::new("See this page for 2.1.0", "/apis/payments/charges/versions/2.1.0")),
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

pub(super) fn operation(method: &str, path: &str, summary: &str) -> OperationRow {
    OperationRow {
        method: s(method),
        path: s(path),
        href: words::operation_href("payments/charges", "1.4.0", method, path),
        summary: s(summary),
        is_deprecated: false,
        is_open: false,
    }
}

pub(super) fn version(stage: &str) -> VersionPage {
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
            &[("Catalog", "/"), ("payments", "/?namespace=payments"), ("Charges", "/apis/payments/charges")],
        ),
        head: head(stage, 0),
        description: api().description,
        facts: vec![
            Fact::new("Format", "OpenAPI 3.0.3, YAML"),
            Fact::new("Published", "15 Jan 2026"),
            Fact::new("Operations", "14"),
            Fact::new("Size", words::size(61_449)),
            Fact::new("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08").code(),
        ],
        servers: vec![s("https://api.solstice.example/v1"), s("https://sandbox.solstice.example/v1")],
        verdict: Some(verdict("compatible", "minor", Some("1.3.0"), "1.2.0", "1.4.0")),
        security: Security {
            summary: s("12 of 14 operations ask for credentials; 2 are open."),
            has_open: true,
            sentences: vec![
                s("9 operations ask for an API key in the query string, or OAuth scope charges:write."),
                s("3 operations ask for OAuth scope payouts:read and payouts:write."),
            ],
            open: vec![Link::new("POST /refunds", "/x"), Link::new("GET /status", "/y")],
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
                    operation("POST", "/charges/{charge_id}/capture", "Capture what was authorised before"),
                ],
            ),
            group(
                "Refunds",
                "",
                vec![
                    refunds,
                    operation("GET", "/refunds/{refund_id}", "Read one refund"),
                    operation("DELETE", "/refunds/{refund_id}", "Take back a refund that was not sent yet"),
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
                    operation("PATCH", "/payouts/{payout_id}", "Change the note of a payout"),
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
        .map(|name| SchemaLink { name: s(name), href: words::schema_href("payments/charges", "1.4.0", name) })
        .to_vec(),
        downloads: vec![
            Link::new("Exact bytes (YAML)", "/api/v1/apis/payments/charges/versions/1.4.0/document"),
            Link::new("as JSON", "/x?format=json"),
            Link::new("By lines", "/y"),
        ],
    }
}

pub(super) fn version_empty() -> VersionPage {
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

pub(super) fn property(depth: u8, name: &str, kind: &str) -> PropertyRow {
    PropertyRow { depth, name: s(name), kind: s(kind), ..PropertyRow::default() }
}

pub(super) fn rows() -> Vec<PropertyRow> {
    let mut amount = property(0, "amount", "integer, int64");
    amount.is_required = true;
    amount.constraints = vec![s("1 to 99,999,999")];
    amount.description = vec![s("In the minor unit of the currency.")];
    let mut currency = property(0, "currency", "string");
    currency.is_required = true;
    currency.values = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON"]
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
    vec![amount, currency, source, card, number, old, iban, items, parent, other]
}

pub(super) fn schema_view() -> SchemaView {
    SchemaView {
        kind: s("Charge"),
        href: Some(s("/apis/payments/charges/versions/1.4.0/schemas/Charge")),
        constraints: vec![s("at most 50 properties")],
        rows: rows(),
        more: Some(Link::new("All of Charge", "/x")),
    }
}

pub(super) fn place(line: u32) -> Place {
    Place {
        words: format!("line {line}"),
        href: words::line_href("payments/charges", "1.4.0", line),
        pointer: s("/paths/~1charges/post"),
    }
}

pub(super) fn operation_page() -> OperationPage {
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
    let mut created = response("201", "success", "The charge, as it stands", vec![media.clone()]);
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
        tags: vec![Link::new("Charges", "/apis/payments/charges/versions/1.4.0#tag-charges")],
        deprecated: Some(s("This operation is deprecated; the document names 1 Mar 2027 as its end.")),
        credentials: vec![
            Credentials { words: s("OAuth 2.0 (oauth)"), scopes: vec![s("charges:write")] },
            Credentials { words: s("API key in query parameter api_key (key)"), scopes: vec![] },
        ],
        parameters: vec![
            ParameterGroup { location: s("Path"), rows: vec![id] },
            ParameterGroup { location: s("Query"), rows: vec![limit] },
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

pub(super) fn operation_open() -> OperationPage {
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

pub(super) fn schema_page() -> SchemaPage {
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
        schema: SchemaView { kind: s("object"), href: None, more: None, ..schema_view() },
        example: Some(s("{\n  \"amount\": 4200\n}")),
        used_by: vec![Link::new("POST /charges", "/x"), Link::new("ChargeList", "/y")],
        place: place(2_412),
    }
}

pub(super) fn finding(rule: &str, severity: &str, message: &str) -> FindingRow {
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

pub(super) fn findings_page() -> FindingsPage {
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
            finding("string-unbounded", "medium", "A string of a request has no upper bound."),
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
        pager: Pager { words: s("1 to 6 of 7"), previous: None, next: Some(s("?page=2")) },
        lint_command: s("sundial lint registry:payments/charges@1.4.0"),
    }
}

pub(super) fn document_page() -> DocumentPage {
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
        pager: Pager { words: s("lines 1 to 2,000 of 4,812"), previous: None, next: Some(s("?from=2001")) },
        pages: vec![
            Link::new("1", "?from=1"),
            Link::new("2,001", "?from=2001"),
            Link::new("4,001", "?from=4001"),
        ],
        downloads: vec![Link::new("exact bytes (YAML)", "/x"), Link::new("as JSON", "/x?format=json")],
        facts: vec![
            Fact::new("Syntax", "YAML"),
            Fact::new("Size", "61.4 kB"),
            Fact::new("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08").code(),
        ],
    }
}
