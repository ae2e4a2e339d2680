//! What is wrong in one document: its faults and its security, as findings with places.
//!
//! Two documents are compared elsewhere (`diff`). The mechanism is that of the diff: a rule is one
//! file and one line in [`rules`]. Source: OWASP API Security Top 10 (2023), CWE.

pub mod faults;
pub mod rules;
pub mod severity;
pub mod strength;
pub mod words;

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::diff::{OperationName, digest};
use crate::spec::model::Operation;
use crate::spec::tree::NodeId;
use crate::spec::{Document, Place, validate};

pub use severity::{BadSeverity, Severity};
pub use words::{Tier, is_administrative, is_privileged, is_server_managed, tier};

/// All that was found in one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lint {
    /// The document.
    pub document: crate::diff::Side,
    /// How many findings there are of each severity.
    pub summary: Counts,
    /// The findings, the heaviest first.
    pub findings: Vec<Finding>,
}

impl Lint {
    /// Findings of level error: the document is against the specification or leads nowhere. How
    /// secure it is is another question, asked by severity.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        let is_of_structure =
            |finding: &Finding| finding.owasp.is_none() || faults::is_told_as(&finding.rule);
        self.findings
            .iter()
            .filter(move |finding| is_of_structure(finding) && finding.severity >= Severity::High)
    }

    /// Whether there are any such findings.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Severity critical.
    pub critical: usize,
    /// Severity high.
    pub high: usize,
    /// Severity medium.
    pub medium: usize,
    /// Severity low.
    pub low: usize,
    /// Severity info.
    pub info: usize,
}

impl Counts {
    /// The number of findings of one severity.
    #[must_use]
    pub const fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Info => self.info,
        }
    }
}

/// One thing that is wrong, with every place that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The id of the rule, or of the fault of reading.
    pub rule: Cow<'static, str>,
    /// How much it weighs.
    pub severity: Severity,
    /// OWASP API Security Top 10 (2023), where it is a question of security.
    pub owasp: Option<Cow<'static, str>>,
    /// Common Weakness Enumeration, where it is a question of security.
    pub cwe: Option<Cow<'static, str>>,
    /// One sentence.
    pub message: String,
    /// Where it stands.
    pub places: Vec<Place>,
    /// The operations it concerns.
    pub operations: Vec<OperationName>,
    /// Stays the same when lines move.
    pub fingerprint: String,
}

/// What a rule says of one place; the engine adds the rest.
#[derive(Clone, Debug)]
pub struct Mark {
    /// One sentence.
    pub message: String,
    /// Where it stands.
    pub node: NodeId,
    /// The operation it concerns.
    pub operation: Option<OperationName>,
    /// Another severity than the rule's usual one.
    pub severity: Option<Severity>,
}

/// Findings of reading, of structure and of security.
#[must_use]
pub fn lint(document: &Document) -> Lint {
    let mut findings = Vec::new();
    // The faults of reading are among them.
    for fault in validate::validate(document) {
        if faults::fault(fault.rule).is_some_and(|fault| fault.told_as.is_some()) {
            continue;
        }
        let severity = match fault.severity {
            crate::spec::Severity::Error => Severity::High,
            crate::spec::Severity::Warning => Severity::Low,
            crate::spec::Severity::Note => Severity::Info,
        };
        let place = document.place(fault.node);
        let pointer = crate::diff::model_pointer(document, fault.node);
        findings.push(Finding {
            rule: fault.rule.into(),
            severity,
            owasp: None,
            cwe: None,
            fingerprint: digest(&["lint", fault.rule, &pointer, &fault.message]),
            message: fault.message,
            places: vec![place],
            operations: Vec::new(),
        });
    }
    for rule in rules::ALL {
        let mut marks = Vec::new();
        (rule.check)(document, &mut marks);
        findings.extend(gathered(document, rule, marks));
    }
    findings.sort_by(|a, b| {
        let place = |finding: &Finding| {
            let place = finding.places.first();
            place.map(|place| (place.file.clone(), place.line, place.column))
        };
        b.severity.cmp(&a.severity).then_with(|| place(a).cmp(&place(b)))
    });
    let mut summary = Counts::default();
    for finding in &findings {
        *match finding.severity {
            Severity::Critical => &mut summary.critical,
            Severity::High => &mut summary.high,
            Severity::Medium => &mut summary.medium,
            Severity::Low => &mut summary.low,
            Severity::Info => &mut summary.info,
        } += 1;
    }
    let side = crate::diff::Side {
        title: document.title().to_owned(),
        version: document.version().to_owned(),
        format: document.format().to_string(),
    };
    Lint { document: side, summary, findings }
}

/// One place, one finding: marks at the same place are one defect with all operations it concerns.
fn gathered(document: &Document, rule: &rules::Rule, marks: Vec<Mark>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut known: HashMap<NodeId, usize> = HashMap::new();
    for mark in marks {
        let severity = mark.severity.unwrap_or(rule.severity);
        if let Some(&at) = known.get(&mark.node) {
            findings[at].operations.extend(mark.operation);
            findings[at].severity = findings[at].severity.max(severity);
            continue;
        }
        known.insert(mark.node, findings.len());
        let pointer = crate::diff::model_pointer(document, mark.node);
        findings.push(Finding {
            rule: rule.id.into(),
            severity,
            owasp: Some(rule.owasp.into()),
            cwe: Some(rule.cwe.into()),
            fingerprint: digest(&["lint", rule.id, &pointer]),
            message: mark.message,
            places: vec![document.place(mark.node)],
            operations: mark.operation.into_iter().collect(),
        });
    }
    for finding in &mut findings {
        finding.message = crate::diff::spoken(&finding.message, &finding.operations);
    }
    findings
}

/// Whether the method can change state.
#[must_use]
pub fn is_write(operation: &Operation) -> bool {
    !matches!(operation.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY")
}

/// Whether the operation is meant for everybody: health, discovery, and the way to log in.
#[must_use]
pub fn is_public_by_design(operation: &Operation) -> bool {
    let segments: Vec<&str> = operation.path.split('/').filter(|segment| !segment.is_empty()).collect();
    let last = segments.last().copied().unwrap_or_default().to_ascii_lowercase();
    let is_probe = matches!(
        last.as_str(),
        "health"
            | "healthz"
            | "livez"
            | "readyz"
            | "ping"
            | "version"
            | "jwks"
            | "jwks.json"
            | "openapi"
            | "openapi.json"
            | "openapi.yaml"
            | "robots.txt"
    );
    let is_entrance = operation.method == "POST"
        && matches!(last.as_str(), "login" | "token" | "signup" | "reset" | "register");
    is_probe || is_entrance || segments.contains(&".well-known")
}

/// How much it weighs when this operation is open to everybody.
#[must_use]
pub fn opening_severity(operation: &Operation) -> Severity {
    if is_public_by_design(operation) {
        Severity::Info
    } else if is_write(operation) || is_administrative(&operation.path) {
        Severity::Critical
    } else {
        Severity::High
    }
}
