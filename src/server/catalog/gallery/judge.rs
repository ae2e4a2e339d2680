//! Sample data of the pages that judge, and of errors.

use super::browse::compare;
use super::*;

pub(super) fn change(n: u32, rule: &str, level: &str, message: &str) -> ChangeCard {
    ChangeCard {
        anchor: format!("c-{n}"),
        rule: Link::new(rule, words::rule_href(rule)),
        level: s(level),
        surface: s("wire"),
        direction: Some(s("request")),
        message: s(message),
        security: None,
        operations: vec![OperationReached { method: s("POST"), path: s("/charges"), href: Some(s("/x")) }],
        operations_more: s("4 more operations"),
        old: Some(Place { words: s("1.4.0, line 212"), ..place(212) }),
        new: Some(Place { words: s("2.1.0, line 240"), ..place(240) }),
        before: Some(s("[\"amount\"]")),
        after: Some(s("[\"amount\", \"currency\"]")),
        witness: None,
        undecided: None,
    }
}

pub(super) fn facet(rule: &str, effect: &str, severity: &str) -> Option<SecurityFacet> {
    Some(SecurityFacet {
        rule: Link::new(rule, words::rule_href(rule)),
        effect: s(effect),
        severity: s(severity),
        owasp: owasp("API2:2023"),
        cwe: cwe("CWE-306"),
    })
}

pub(super) fn group(
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

pub(super) fn side(label: &str, line: &str, stage: &str, day: &str) -> Side {
    Side {
        label: s(label),
        href: words::version_href("payments/charges", label),
        line: s(line),
        stage: s(stage),
        format: s("OpenAPI 3.0.3, YAML"),
        published: Some(when(day)),
    }
}

pub(super) fn diff() -> DiffPage {
    let mut removed =
        change(1, "auth-requirement-removed", "warning", "GET /status asks for no credentials any more.");
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
        title: "The request that breaks",
        words: s("1.4.0 accepts this body, 2.1.0 rejects it."),
        text: s(
            "POST /charges HTTP/1.1\nhost: api.example.com\ncontent-type: application/json\n\n{\n  \"amount\": 1\n}",
        ),
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
    let mut unknown = change(5, "constraint-tightened", "warning", "The pattern of `reference` changed.");
    unknown.undecided = Some(s("look-ahead in a pattern has no automaton"));
    let info = (6..12)
        .map(|n| change(n, "description-changed", "info", "The description of an operation changed."))
        .collect();
    DiffPage {
        layout: layout(
            "1.4.0 to 2.1.0 · Charges",
            &[("Catalog", "/"), ("payments", "/?namespace=payments"), ("Charges", "/apis/payments/charges")],
        ),
        api: Link::new("payments/charges", "/apis/payments/charges"),
        from: side("1.4.0", "v1", "deprecated", "2026-01-15"),
        to: side("2.1.0", "v2", "active", "2026-11-20"),
        verdict: s("breaking"),
        headline: s("Callers of 1.4.0 break: 3 breaking changes."),
        bump: s("major"),
        due: Some(s("2.0.0")),
        is_due_met: Some(true),
        counts: [("security", 2), ("breaking", 2), ("warning", 1), ("info", 6)]
            .map(|(level, number)| Count { level: s(level), number, href: format!("#{level}") })
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
            Link::new("other way around", "/apis/payments/charges/diff/2.1.0...1.4.0"),
            Link::new("as JSON", "/api/v1/x"),
        ],
        command: s("sundial diff registry:payments/charges@1.4.0 registry:payments/charges@2.1.0"),
    }
}

pub(super) fn diff_identical() -> DiffPage {
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

pub(super) fn rules() -> RulesPage {
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
                    rule("auth-requirement-removed", "warning", "security", Some("API2:2023")),
                    rule("server-plaintext-added", "warning", "security", Some("API8:2023")),
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

pub(super) fn rule() -> RulePage {
    RulePage {
        layout: Layout::new("property-became-required", Section::Rules, TODAY)
            .under(vec![Link::new("Rules", "/rules")]),
        id: s("property-became-required"),
        title: s("property became required"),
        kind: s("diff"),
        level: s("breaking"),
        surface: s("wire"),
        since: s("0.1.0"),
        why: vec![s("Clients that leave it out were accepted and are now rejected.")],
        remedy: vec![s("Give the property a default on the server, or open a new line.")],
        fires: vec![Example {
            before: Some(s("type: object\nproperties:\n  iban: { type: string }\nrequired: []")),
            after: s("type: object\nproperties:\n  iban: { type: string }\nrequired: [iban]"),
        }],
        silent: vec![
            Example { before: Some(s("required: [iban]")), after: s("required: [iban]") },
            Example { before: None, after: s("openapi: 3.0.3") },
        ],
        security: facet("auth-requirement-removed", "weakens", "high"),
        command: s("sundial explain property-became-required"),
    }
}

pub(super) fn error(status: u16) -> ErrorPage {
    let (title, detail) = match status {
        404 => ("No such API", "There is no API `payments/chrages` here."),
        401 => ("Not signed in", "This page is for members. Send a token, or ask the owner for access."),
        _ => ("Something failed on our side", "The registry failed in a way it did not foresee."),
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
