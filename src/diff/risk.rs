//! The catalogue of security changes: what weakens, what strengthens, and why the old version
//! should go.
//!
//! Rows are data; which change belongs to which row is decided by the rules. A row holds both
//! directions: the same condition with the sides exchanged, at the same severity.
//! Source: OWASP API Security Top 10 (2023), CWE.

use std::borrow::Cow;

use super::change::{Change, Diff, Effect, SecurityFacet};
use crate::lint::Severity;

/// One pair of security changes.
#[derive(Debug)]
pub struct Risk {
    /// The id of the direction that weakens.
    pub weakening: &'static str,
    /// The id of the direction that strengthens; equal to `weakening` where neither does.
    pub strengthening: &'static str,
    /// How much it weighs unless the rule knows better.
    pub severity: Severity,
    /// OWASP API Security Top 10 (2023).
    pub owasp: &'static str,
    /// Common Weakness Enumeration.
    pub cwe: &'static str,
    /// Whether the strengthening direction breaks callers: then it takes a migration, else the
    /// older version can be mended in place.
    pub strengthening_breaks: bool,
    /// Why the older version should go, when the change strengthens. `{old}`, `{new}` are the
    /// versions, `{op}` the operations, `{before}`, `{after}` the values, `{name}` what the
    /// message names first. Empty where it is no reason.
    pub sentence: &'static str,
}

/// The row as it applies to one change.
#[derive(Clone, Copy, Debug)]
pub struct Facet {
    risk: &'static Risk,
    effect: Effect,
    severity: Severity,
}

impl Facet {
    /// The facet of the catalogue's id, at the severity of its row. Ids outside the catalogue give
    /// none; a test holds that no rule uses one.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        let risk = risk(id)?;
        let effect = if risk.weakening == risk.strengthening {
            Effect::Neutral
        } else if risk.weakening == id {
            Effect::Weakens
        } else {
            Effect::Strengthens
        };
        Some(Self { risk, effect, severity: risk.severity })
    }

    /// The facet of the row whose weakening id is `weakening`, on the side that happened.
    #[must_use]
    pub fn either(weakening: &str, weakens: bool) -> Option<Self> {
        let facet = Self::of(weakening)?;
        let effect = if weakens { Effect::Weakens } else { Effect::Strengthens };
        Some(Self { effect, ..facet })
    }

    /// The same facet at another severity.
    #[must_use]
    pub const fn at(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// How much it weighs.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// The id of the side that happened.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self.effect {
            Effect::Strengthens => self.risk.strengthening,
            Effect::Weakens | Effect::Neutral => self.risk.weakening,
        }
    }
}

impl From<Facet> for SecurityFacet {
    fn from(facet: Facet) -> Self {
        Self {
            rule: facet.id().into(),
            effect: facet.effect,
            severity: facet.severity,
            owasp: facet.risk.owasp.into(),
            cwe: facet.risk.cwe.into(),
        }
    }
}

/// The row that knows `id`, whichever direction it names.
#[must_use]
pub fn risk(id: &str) -> Option<&'static Risk> {
    RISKS.iter().find(|risk| risk.weakening == id || risk.strengthening == id)
}

/// A reason why an older version should go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How much it weighs.
    pub severity: Severity,
    /// OWASP API Security Top 10 (2023): `API2:2023`.
    pub owasp: Cow<'static, str>,
    /// One sentence.
    pub words: String,
}

/// Why the older version should go: one sentence for each change that strengthens security, the
/// heaviest first. `old` and `new` are what the sentences call the two.
#[must_use]
pub fn retire_reasons(diff: &Diff, old: &str, new: &str) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for change in &diff.changes {
        let Some(facet) = change.security.as_ref().filter(|_| change.strengthens()) else {
            continue;
        };
        let sentence = risk(&facet.rule).map_or("", |risk| risk.sentence);
        if sentence.is_empty() {
            continue;
        }
        let words = fill(sentence, change, old, new);
        if !reasons.iter().any(|reason| reason.words == words) {
            reasons.push(Reason { severity: facet.severity, owasp: facet.owasp.clone(), words });
        }
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.severity));
    reasons
}

fn fill(sentence: &str, change: &Change, old: &str, new: &str) -> String {
    let operations = match change.operations.as_slice() {
        [] => "the API".to_owned(),
        [one] => format!("`{one}`"),
        [first, rest @ ..] => format!("`{first}` and {} more", rest.len()),
    };
    let name = change.message.split('`').nth(1).unwrap_or("a value");
    let plain = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(" or "),
        serde_json::Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    };
    let plain = |value: &serde_json::Value| shortened(plain(value));
    // One pass, so that a value which itself holds `{op}` is left alone.
    let mut out = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((head, tail)) = rest.split_once('{') {
        out.push_str(head);
        let (key, tail) = tail.split_once('}').unwrap_or((tail, ""));
        out.push_str(&match key {
            "old" => old.to_owned(),
            "new" => new.to_owned(),
            "op" => operations.clone(),
            "name" => format!("`{name}`"),
            "before" => plain(&change.before),
            "after" => plain(&change.after),
            other => format!("{{{other}}}"),
        });
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// A value for a sentence: long ones are cut at a word.
fn shortened(text: String) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text;
    }
    let cut: String = text.chars().take(LONGEST).collect();
    format!("{} …", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head))
}

use Severity::{Critical, High, Info, Low, Medium};

const fn row(
    ids: (&'static str, &'static str),
    severity: Severity,
    (owasp, cwe): (&'static str, &'static str),
    strengthening_breaks: bool,
    sentence: &'static str,
) -> Risk {
    let (weakening, strengthening) = ids;
    Risk { weakening, strengthening, severity, owasp, cwe, strengthening_breaks, sentence }
}

const OBJECTS: &str = "API1:2023";
const AUTHENTICATION: &str = "API2:2023";
const PROPERTIES: &str = "API3:2023";
const CONSUMPTION: &str = "API4:2023";
const FUNCTIONS: &str = "API5:2023";
const FORGERY: &str = "API7:2023";
const CONFIGURATION: &str = "API8:2023";
const INVENTORY: &str = "API9:2023";
const UPSTREAM: &str = "API10:2023";

/// Every pair, by area.
#[rustfmt::skip]
pub static RISKS: &[Risk] = &[
    row(("auth-requirement-removed", "auth-requirement-added"), Critical, (AUTHENTICATION, "CWE-306"), true,
        "{old} lets anyone call {op}; {new} asks for {after}"),
    row(("auth-requirement-became-optional", "auth-requirement-became-mandatory"), Critical, (AUTHENTICATION, "CWE-306"), true,
        "{old} answers {op} without credentials; {new} always asks for {after}"),
    row(("auth-alternative-weaker-added", "auth-alternative-weaker-removed"), High, (AUTHENTICATION, "CWE-1390"), true,
        "{old} still accepts {before} for {op}, weaker than all that {new} accepts"),
    row(("auth-alternative-added", "auth-alternative-added"), Info, (AUTHENTICATION, "CWE-1390"), false, ""),
    row(("auth-conjunct-removed", "auth-conjunct-added"), High, (AUTHENTICATION, "CWE-308"), true,
        "{old} is content with {before} for {op}, where {new} needs {after}"),
    row(("auth-scheme-downgraded", "auth-scheme-upgraded"), High, (AUTHENTICATION, "CWE-1390"), true,
        "{old} authenticates with {before}, {new} with {after}"),
    row(("auth-apikey-moved-to-query", "auth-apikey-moved-from-query"), High, (AUTHENTICATION, "CWE-598"), true,
        "{old} carries the key {name} in URLs, which reach logs and caches"),
    row(("auth-apikey-moved-to-cookie", "auth-apikey-moved-from-cookie"), Medium, (CONFIGURATION, "CWE-352"), true,
        "{old} carries the key {name} in a cookie, which other sites can make a browser send"),
    row(("auth-http-scheme-weakened", "auth-http-scheme-strengthened"), High, (AUTHENTICATION, "CWE-522"), true,
        "{old} sends reusable credentials ({before}), {new} uses {after}"),
    row(("auth-bearer-format-dropped", "auth-bearer-format-stated"), Info, (AUTHENTICATION, "CWE-1059"), false, ""),
    row(("auth-scheme-name-repointed", "auth-scheme-name-repointed"), Medium, (AUTHENTICATION, "CWE-287"), true, ""),
    row(("auth-credential-parameter-added", "auth-credential-parameter-removed"), High, (AUTHENTICATION, "CWE-598"), true,
        "{old} takes the credential {name} in the URL"),
    row(("auth-write-open-added", "auth-write-open-removed"), High, (AUTHENTICATION, "CWE-306"), true,
        "{old} offers {op} to anyone; it is gone in {new}"),
    row(("oauth-scope-dropped", "oauth-scope-demanded"), High, (FUNCTIONS, "CWE-862"), true,
        "{old} lets tokens without {after} call {op}"),
    row(("oauth-flow-weak-added", "oauth-flow-weak-removed"), High, (AUTHENTICATION, "CWE-522"), true,
        "{old} still offers the flow {before}, which RFC 9700 bans"),
    row(("oauth-flow-code-removed", "oauth-flow-code-added"), Medium, (AUTHENTICATION, "CWE-522"), false,
        "{old} has no flow that can use PKCE"),
    row(("oauth-url-downgraded", "oauth-url-upgraded"), Critical, (CONFIGURATION, "CWE-319"), false,
        "{old} sends secrets to {before} unencrypted"),
    row(("oauth-host-changed", "oauth-host-changed"), High, (AUTHENTICATION, "CWE-346"), true, ""),
    row(("transport-server-downgraded", "transport-server-upgraded"), Critical, (CONFIGURATION, "CWE-319"), true,
        "{old} can be spoken to over {before} without TLS"),
    row(("exposure-credential-added", "exposure-credential-removed"), Critical, (PROPERTIES, "CWE-522"), true,
        "{old} returns {name}, a credential"),
    row(("exposure-personal-added", "exposure-personal-removed"), High, (PROPERTIES, "CWE-359"), true,
        "{old} returns {name}, which tells of a person"),
    row(("exposure-writeonly-dropped", "exposure-writeonly-added"), High, (PROPERTIES, "CWE-522"), false,
        "{old} echoes {name}"),
    row(("exposure-response-opened", "exposure-response-closed"), Medium, (PROPERTIES, "CWE-213"), false,
        "{old} may return any field on {op}"),
    row(("exposure-password-format-dropped", "exposure-password-format-added"), Low, (PROPERTIES, "CWE-257"), false, ""),
    row(("input-object-opened", "input-object-closed"), High, (PROPERTIES, "CWE-915"), true,
        "{old} accepts undeclared fields on {op} (mass assignment)"),
    row(("input-privileged-added", "input-privileged-removed"), High, (PROPERTIES, "CWE-915"), true,
        "{old} lets callers set {name}"),
    row(("input-readonly-dropped", "input-readonly-added"), Medium, (PROPERTIES, "CWE-915"), true,
        "{old} lets callers set {name}"),
    row(("input-bound-removed", "input-bound-added"), Medium, (CONSUMPTION, "CWE-770"), true,
        "{old} has no limit on {name}"),
    row(("input-bound-raised", "input-bound-lowered"), Low, (CONSUMPTION, "CWE-770"), true,
        "{old} allows {before} for {name}, {new} {after}"),
    row(("input-pattern-loosened", "input-pattern-tightened"), Medium, (CONFIGURATION, "CWE-20"), true,
        "{old} accepts more text in {name}"),
    row(("input-enum-removed", "input-enum-added"), Medium, (CONFIGURATION, "CWE-20"), true,
        "{old} takes free text in {name}"),
    row(("input-type-generalized", "input-type-narrowed"), Medium, (CONFIGURATION, "CWE-20"), true,
        "{old} does not hold {name} to one type"),
    row(("input-schema-removed", "input-schema-added"), High, (CONFIGURATION, "CWE-20"), true,
        "{old} does not describe the body of {op}"),
    row(("input-media-xml-added", "input-media-xml-removed"), Medium, (CONFIGURATION, "CWE-611"), true,
        "{old} reads XML on {op} (XXE)"),
    row(("input-upload-added", "input-upload-removed"), Medium, (CONSUMPTION, "CWE-434"), true,
        "{old} takes files on {op}"),
    row(("rate-response-removed", "rate-response-added"), Medium, (CONSUMPTION, "CWE-770"), false,
        "{old} promises no limit on {op}"),
    row(("rate-headers-removed", "rate-headers-added"), Low, (CONSUMPTION, "CWE-799"), false,
        "{old} cannot tell callers to slow down"),
    row(("transport-hsts-dropped", "transport-hsts-added"), Low, (CONFIGURATION, "CWE-319"), false, ""),
    row(("function-admin-added-open", "function-admin-closed"), Critical, (FUNCTIONS, "CWE-285"), true,
        "{old} offers the administration {op} to ordinary callers"),
    row(("inventory-sunset-dropped", "inventory-sunset-set"), Low, (INVENTORY, "CWE-1059"), false, ""),
    row(("transport-server-host-added", "transport-server-host-removed"), Medium, (INVENTORY, "CWE-346"), false,
        "{old} also lives at {before}"),
    row(("auth-mtls-dropped", "auth-mtls-added"), High, (AUTHENTICATION, "CWE-295"), true,
        "{old} asks for no client certificate on {op}"),
    row(("oauth-scope-broadened", "oauth-scope-narrowed"), Medium, (FUNCTIONS, "CWE-250"), true,
        "{old} needs the wide {before} for {op}, {new} the narrow {after}"),
    row(("oauth-scope-redescribed", "oauth-scope-redescribed"), Low, (FUNCTIONS, "CWE-863"), false, ""),
    row(("transport-server-variable-opened", "transport-server-variable-closed"), High, (CONFIGURATION, "CWE-601"), false,
        "{old} lets callers choose any host in {before}"),
    row(("object-id-became-enumerable", "object-id-became-opaque"), High, (OBJECTS, "CWE-639"), true,
        "{old} uses ids in {name} that can be counted through"),
    row(("object-scope-widened", "object-scope-narrowed"), Medium, (OBJECTS, "CWE-639"), true,
        "{old} addresses objects without their owner ({before})"),
    row(("object-denial-dropped", "object-denial-declared"), Low, (OBJECTS, "CWE-285"), false, ""),
    row(("function-admin-merged", "function-admin-separated"), High, (FUNCTIONS, "CWE-285"), true,
        "{old} does not keep {op} to administrators"),
    row(("function-debug-added", "function-debug-removed"), Medium, (CONFIGURATION, "CWE-489"), false,
        "{old} still serves {op}"),
    row(("exposure-personal-url-added", "exposure-personal-url-removed"), Medium, (PROPERTIES, "CWE-598"), true,
        "{old} puts {name} into URLs"),
    row(("input-pattern-backtracking-added", "input-pattern-backtracking-removed"), Medium, (CONSUMPTION, "CWE-1333"), false,
        "{old} can hang validators that backtrack, in {name}"),
    row(("input-query-language-added", "input-query-language-removed"), Medium, (CONFIGURATION, "CWE-943"), true,
        "{old} takes raw {name}"),
    row(("ssrf-url-input-added", "ssrf-url-input-removed"), Medium, (FORGERY, "CWE-918"), true,
        "{old} fetches URLs that callers choose in {name}"),
    row(("ssrf-callback-added", "ssrf-callback-removed"), Medium, (FORGERY, "CWE-918"), true,
        "{old} posts to URLs that callers choose ({name})"),
    row(("ssrf-redirect-added", "ssrf-redirect-removed"), Medium, (CONFIGURATION, "CWE-601"), true,
        "{old} redirects to wherever {name} says"),
    row(("error-detail-added", "error-detail-removed"), Medium, (CONFIGURATION, "CWE-209"), false,
        "{old} shows internals in errors ({name})"),
    row(("cors-origin-widened", "cors-origin-narrowed"), High, (CONFIGURATION, "CWE-942"), false,
        "{old} may be read by any web site"),
    row(("consume-webhook-unsigned-added", "consume-webhook-signed"), Medium, (UPSTREAM, "CWE-345"), false,
        "{old} sends events that nobody can verify"),
    row(("inventory-audience-widened", "inventory-audience-narrowed"), Medium, (INVENTORY, "CWE-1059"), false,
        "{old} shows {op} to everybody"),
    row(("extension-security-changed", "extension-security-changed"), Info, (CONFIGURATION, "CWE-16"), false, ""),
    row(("doc-ref-external-added", "doc-ref-external-removed"), Medium, (UPSTREAM, "CWE-829"), false, ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_facets_know_their_side() {
        let mut ids: Vec<&str> = RISKS.iter().flat_map(|risk| [risk.weakening, risk.strengthening]).collect();
        ids.sort_unstable();
        let neutral = RISKS.iter().filter(|risk| risk.weakening == risk.strengthening).count();
        let all = ids.len();
        ids.dedup();
        assert_eq!(all - ids.len(), neutral);
        for risk in RISKS {
            for id in [risk.weakening, risk.strengthening] {
                assert_eq!(Facet::of(id).expect("listed").id(), id);
            }
            if risk.weakening != risk.strengthening {
                let other = Facet::either(risk.weakening, false).expect("listed");
                assert_eq!(other.id(), risk.strengthening);
                assert_eq!(SecurityFacet::from(other).effect, Effect::Strengthens);
            }
        }
    }
}
