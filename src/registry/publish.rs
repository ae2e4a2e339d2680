//! Publishing a version, and its dry run: one code path that judges, and a last step that writes.
//!
//! Judging reads the document, compares it and asks the policy; it takes as long as it takes and
//! holds no lock. Writing happens in one transaction that first sees whether the API is still what
//! the judgement was made on; if somebody was quicker, it is judged again.

use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::routing::{self, Claims};
use super::{Caller, Refusal, Registry};
use crate::access::{Action, Target, allow};
use crate::clock::Timestamp;
use crate::diff::{self, Diff};
use crate::lifecycle::policy::{self, Demand, Preset, PublishFacts, Weakening};
use crate::lifecycle::{self, Stage};
use crate::lint::{self, Counts, Lint, Severity};
use crate::report::Compared;
use crate::scheme::{Bump, Label, LineName, Scheme};
use crate::spec::{self, Document, Syntax};
use crate::store::{ApiRow, AuditEvent, LineRow, NewVersion, Session, VersionRow};

/// How often a publish is judged again because another one of the same API came first.
const ATTEMPTS: usize = 8;

/// A version to publish.
#[derive(Clone, Debug)]
pub struct PublishRequest {
    /// Namespace of the API.
    pub namespace: String,
    /// Name of the API.
    pub api: String,
    /// Label of the version.
    pub label: String,
    /// The exact bytes of the document.
    pub bytes: Bytes,
    /// Line to put it into, where it is not the one that the label names.
    pub line: Option<String>,
    /// Whether it may still be replaced.
    pub draft: bool,
    /// Whether findings of level error refuse it.
    pub strict: bool,
    /// The instant to publish at, where it is not now: for imports and the demo.
    pub at: Option<Timestamp>,
}

/// What became of a publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A version that was not there before, or a draft released.
    Created,
    /// The same bytes again.
    Same,
    /// A draft took other bytes.
    Replaced,
}

/// The part of a diff that is kept with the version and shown in lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiffSummary {
    /// `breaking`, `compatible` or `identical`.
    pub verdict: String,
    /// Class of the change.
    pub bump: Bump,
    /// What that means in the API's scheme.
    pub due: Option<String>,
    /// Counts by level.
    pub summary: Value,
    /// Where the whole diff is.
    pub href: String,
}

/// The answer to a publish (DESIGN: `PUT …/versions/{label}`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublishAnswer {
    /// `namespace/name`.
    pub api: String,
    /// Label of the version.
    pub label: String,
    /// Line it belongs to.
    pub line: String,
    /// Stage it is in.
    pub stage: Stage,
    /// SHA-256 of the exact bytes, in hex.
    pub sha256: String,
    /// Where the exact bytes are.
    pub document: String,
    /// Label that it was compared with.
    pub predecessor: Option<String>,
    /// That comparison.
    pub diff: Option<DiffSummary>,
    /// Counts of findings by severity.
    pub findings: Counts,
    /// What the policy demands and whether it holds.
    pub policy: Vec<Demand>,
    /// What the registry itself has to say, such as a route that another API holds.
    pub notices: Vec<Notice>,
    /// What became of it.
    pub outcome: Outcome,
}

/// Something that the registry has to say of a publish that succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable id.
    pub rule: String,
    /// The sentence.
    pub message: String,
}

/// All that was found out about a version.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The answer in short.
    pub answer: PublishAnswer,
    /// Findings in the document.
    pub lint: Lint,
    /// Against which versions it was compared, and how it differs; the predecessor first.
    pub diffs: Vec<Compared>,
}

/// An API as it was when a publish was judged.
struct Basis {
    api: Option<ApiRow>,
    preset: Preset,
    versions: Vec<VersionRow>,
    lines: Vec<LineRow>,
}

/// A judgement with what is needed to write it down.
struct Case {
    judgement: Judgement,
    basis: Basis,
    document: Arc<Document>,
    sha256: [u8; 32],
    scheme: Scheme,
    line: LineName,
    at: Timestamp,
}

/// Whether a text may name a namespace or an API.
pub(super) fn is_name(text: &str) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

/// Bytes as hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Registry {
    /// Says what a publish would do, and stores nothing.
    ///
    /// # Errors
    /// When the document cannot be read or the names make no sense. A policy that says no is part of
    /// the judgement, not an error.
    pub async fn check(&self, request: &PublishRequest, caller: &Caller) -> Result<Judgement, Refusal> {
        allow(&caller.actor, Action::Check, target(request))?;
        Ok(self.judge(request).await?.judgement)
    }

    /// Publishes a version for good, or says why not; nothing is stored then.
    ///
    /// # Errors
    /// Each [`Refusal`] that a publish can meet.
    pub async fn publish(
        &self,
        request: &PublishRequest,
        dry_run: bool,
        caller: &Caller,
    ) -> Result<Judgement, Refusal> {
        allow(&caller.actor, Action::Publish, target(request))?;
        for _ in 0..ATTEMPTS {
            let case = self.judge(request).await?;
            let outcome = case.judgement.answer.outcome;
            if outcome != Outcome::Same {
                if case.judgement.answer.policy.iter().any(|demand| !demand.holds) {
                    return Err(Refusal::Policy(Box::new(case.judgement)));
                }
                if request.strict && case.judgement.lint.has_errors() {
                    return Err(Refusal::Strict(Box::new(case.judgement)));
                }
            }
            if dry_run || outcome == Outcome::Same {
                return Ok(case.judgement);
            }
            if let Some(judgement) = self.write(request, case, caller).await? {
                self.refresh().await?;
                return Ok(judgement);
            }
        }
        Err(Refusal::Stale)
    }

    async fn judge(&self, request: &PublishRequest) -> Result<Case, Refusal> {
        let basis = self.basis(request).await?;
        let sha256: [u8; 32] = Sha256::digest(&request.bytes).into();
        let named = Named::of(request, &basis, &sha256)?;
        let document = self.read(&request.bytes, &sha256).await?;
        let at = request.at.unwrap_or_else(|| self.clock.now());
        let diffs = self.compare_all(&basis, &named, &document, sha256, at).await?;
        let judged = document.clone();
        let lint = tokio::task::spawn_blocking(move || lint::lint(&judged)).await?;
        let policy = if request.draft {
            Vec::new()
        } else {
            policy::publish_demands(basis.preset, &facts(&named, &diffs))
        };
        let api = format!("{}/{}", request.namespace, request.api);
        let base = format!("/api/v1/apis/{api}");
        let predecessor = diffs.iter().find(|compared| compared.predecessor);
        let answer = PublishAnswer {
            label: request.label.clone(),
            line: named.line.to_string(),
            stage: stage_of(&basis, &named, request.draft, at),
            sha256: hex(&sha256),
            document: format!("{base}/versions/{}/document", request.label),
            predecessor: predecessor.map(|compared| compared.label.clone()),
            diff: predecessor
                .map(|compared| summarise(&compared.diff, &base, &compared.label, &request.label)),
            findings: lint.summary,
            policy,
            notices: Vec::new(),
            outcome: named.outcome,
            api,
        };
        let judgement = Judgement { answer, lint, diffs };
        let Named { scheme, line, .. } = named;
        Ok(Case { judgement, document, sha256, scheme, line, at, basis })
    }

    /// Reads the bytes of a publish, unless the same were read lately.
    async fn read(&self, bytes: &Bytes, sha256: &Sha256Bytes) -> Result<Arc<Document>, Refusal> {
        if let Some(document) = self.documents.get(sha256) {
            return Ok(document);
        }
        let (bytes, limits) = (bytes.clone(), self.settings.limits.clone());
        Ok(Arc::new(tokio::task::spawn_blocking(move || spec::load(&bytes, &limits)).await??))
    }

    async fn compare_all(
        &self,
        basis: &Basis,
        named: &Named<'_>,
        document: &Arc<Document>,
        sha256: Sha256Bytes,
        at: Timestamp,
    ) -> Result<Vec<Compared>, Refusal> {
        let rivals = rivals(basis, named, at);
        let mut diffs = Vec::with_capacity(rivals.len());
        for Rival { version, predecessor } in rivals {
            let diff = self.difference(version, named.scheme, document, sha256, at).await?;
            let (line, label) = (version.line.clone(), version.label.clone());
            diffs.push(Compared { line, label, predecessor, diff });
        }
        Ok(diffs)
    }

    async fn basis(&self, request: &PublishRequest) -> Result<Basis, Refusal> {
        let mut session = self.store.read().await?;
        let api = session.api(&request.namespace, &request.api).await?;
        let preset = match session.preset(&request.namespace).await? {
            Some(name) => routing::preset_of(&request.namespace, &name)?,
            None => self.settings.preset,
        };
        let (versions, lines) = match &api {
            Some(api) => (session.versions(api.id).await?, session.lines(api.id).await?),
            None => (Vec::new(), Vec::new()),
        };
        Ok(Basis { api, preset, versions, lines })
    }

    /// How `document` differs from a version in the store.
    async fn difference(
        &self,
        older: &VersionRow,
        scheme: Scheme,
        document: &Arc<Document>,
        sha256: [u8; 32],
        at: Timestamp,
    ) -> Result<Diff, Refusal> {
        if older.sha256 == sha256 {
            let same = document.clone();
            let label = Label::parse(scheme, &older.label)?;
            return Ok(
                tokio::task::spawn_blocking(move || diff::compare(&same, &same, &options(at, label))).await?
            );
        }
        let old = self.read_document(&older.sha256).await?;
        let new = document.clone();
        let label = Label::parse(scheme, &older.label)?;
        Ok(tokio::task::spawn_blocking(move || diff::compare(&old, &new, &options(at, label))).await?)
    }

    /// Writes a judged publish; `None` if the API has changed since.
    async fn write(
        &self,
        request: &PublishRequest,
        case: Case,
        caller: &Caller,
    ) -> Result<Option<Judgement>, Refusal> {
        let Case { mut judgement, basis, document, sha256, scheme, line, at } = case;
        let title = document.title();
        let mut session = self.store.write().await?;
        session.ensure_namespace(&request.namespace, &basis.preset.to_string(), at).await?;
        session.ensure_api(&request.namespace, &request.api, &scheme.to_string(), title, at).await?;
        let Some(api) = session.api(&request.namespace, &request.api).await? else { return Ok(None) };
        let judged_on = basis.api.as_ref().map_or(0, |api| api.revision);
        if session.lock_api(api.id).await? != judged_on {
            return Ok(None);
        }
        session.keep_document(&sha256, syntax_name(document.syntax()), &request.bytes).await?;
        let row = session.ensure_line(api.id, line.as_str()).await?;
        let contract = routing::contract(&document);
        let version = NewVersion {
            api: api.id,
            line: row.id,
            label: &request.label,
            draft: request.draft,
            sha256,
            title,
            format: &document.format().to_string(),
            published_at: at,
            predecessor: judgement.answer.predecessor.as_deref(),
            verdict: judgement.answer.diff.as_ref().map(|diff| json!(diff)),
            findings: json!(judgement.answer.findings),
            contract: json!(contract),
        };
        let existing = basis.versions.iter().any(|version| version.label == request.label);
        let stored = if existing {
            session.replace_draft(&version).await?
        } else {
            session.add_version(&version).await?
        };
        if !stored {
            return Ok(None);
        }
        if let Some(comparison) = judgement.diffs.iter().find(|comparison| comparison.predecessor)
            && let Some(older) = basis.versions.iter().find(|version| version.label == comparison.label)
        {
            let body =
                serde_json::to_vec(&comparison.diff).map_err(|error| Refusal::System(error.to_string()))?;
            session.keep_diff(&older.sha256, &sha256, &body).await?;
        }
        if !request.draft {
            session.set_title(api.id, title).await?;
            judgement.answer.notices = self.claim_routes(&mut session, &api, scheme).await?;
            session.next_snapshot().await?;
        }
        let action = match (request.draft, judgement.answer.outcome) {
            (true, Outcome::Replaced) => "version.draft.replace",
            (true, _) => "version.draft",
            (false, _) if existing => "version.release",
            (false, _) => "version.publish",
        };
        let target = format!("{}@{}", judgement.answer.api, request.label);
        let details = json!({
            "line": judgement.answer.line,
            "sha256": judgement.answer.sha256,
            "predecessor": judgement.answer.predecessor,
            "verdict": judgement.answer.diff.as_ref().map(|diff| diff.verdict.clone()),
        });
        append(&mut session, caller, at, action, &target, details).await?;
        session.commit().await?;
        self.documents.put(sha256, document.bytes().len(), document);
        Ok(Some(judgement))
    }

    /// Gives each of an API's routes to the line that owns it now; what another API holds stays there
    /// and is said.
    async fn claim_routes(
        &self,
        session: &mut Session,
        api: &ApiRow,
        scheme: Scheme,
    ) -> Result<Vec<Notice>, Refusal> {
        let versions = session.versions(api.id).await?;
        let lines = session.lines(api.id).await?;
        let held = session.routes(api.id).await?;
        let Claims { release, claim } = routing::claims(scheme, &versions, &lines, &held);
        for route in &release {
            session.release_route(route).await?;
        }
        let mut notices = Vec::new();
        for route in &claim {
            if let Some(holder) = session.claim_route(route).await? {
                notices.push(Notice {
                    rule: "route-taken".to_owned(),
                    message: format!(
                        "{} is held by `{holder}`, so calls there are not those of this API; \
                         `sundial route set` names another",
                        routing::words(&route.key)
                    ),
                });
            }
        }
        Ok(notices)
    }
}

fn target(request: &PublishRequest) -> Target<'_> {
    Target::Api { namespace: &request.namespace, api: &request.api }
}

fn options(at: Timestamp, old_label: Label) -> diff::Options {
    diff::Options { old_label: Some(old_label), ..diff::Options::at(at) }
}

/// SHA-256 of the exact bytes.
type Sha256Bytes = [u8; 32];

/// What a publish names, held against what is there.
struct Named<'a> {
    scheme: Scheme,
    label: Label,
    line: LineName,
    /// The version of this label, if there is one.
    existing: Option<&'a VersionRow>,
    outcome: Outcome,
}

impl<'a> Named<'a> {
    fn of(request: &PublishRequest, basis: &'a Basis, sha256: &Sha256Bytes) -> Result<Self, Refusal> {
        for name in [&request.namespace, &request.api] {
            if !is_name(name) {
                return Err(Refusal::BadName(name.clone()));
            }
        }
        let scheme = match &basis.api {
            Some(api) => routing::scheme_of(api)?,
            None => Scheme::infer(&request.label).ok_or_else(|| Refusal::NoScheme(request.label.clone()))?,
        };
        let label = Label::parse(scheme, &request.label)?;
        let is_same =
            |version: &&VersionRow| Label::parse(scheme, &version.label).is_ok_and(|other| other == label);
        let existing = basis.versions.iter().find(is_same);
        let outcome = match existing {
            None => Outcome::Created,
            Some(version) if version.label != request.label => {
                let published = version.label.clone();
                return Err(Refusal::Spelling { label: request.label.clone(), published });
            }
            Some(version) if !version.draft && version.sha256 != *sha256 => {
                let published = hex(&version.sha256);
                return Err(Refusal::Conflict { label: request.label.clone(), published });
            }
            Some(version) if !version.draft => Outcome::Same,
            Some(_) if !request.draft => Outcome::Created,
            Some(version) if version.sha256 == *sha256 => Outcome::Same,
            Some(_) => Outcome::Replaced,
        };
        let line = match (&request.line, existing) {
            (Some(line), _) => LineName::from_str(line)?,
            (None, Some(version)) => LineName::from_str(&version.line)?,
            (None, None) => label.line(),
        };
        Ok(Self { scheme, label, line, existing, outcome })
    }
}

/// What the policy is asked about. Within a line only what stands below the new label counts: a late
/// patch of an older release takes nothing from the newer ones.
fn facts(named: &Named<'_>, diffs: &[Compared]) -> PublishFacts {
    let below = |compared: &&Compared| {
        compared.line == named.line.as_str()
            && Label::parse(named.scheme, &compared.label).is_ok_and(|other| other < named.label)
    };
    let predecessor = diffs.iter().find(|compared| compared.predecessor);
    PublishFacts {
        line: named.line.to_string(),
        breaking_within_line: diffs
            .iter()
            .filter(below)
            .map(|compared| compared.diff.summary.breaking)
            .max()
            .unwrap_or(0),
        weakening: predecessor.map(|compared| weakening(&compared.diff)).unwrap_or_default(),
    }
}

/// A version to compare with.
struct Rival<'a> {
    version: &'a VersionRow,
    predecessor: bool,
}

/// The predecessor, the release before it in its own line, and the current version of each line that
/// is alive: comparing with the predecessor alone hides what two steps lose together.
fn rivals<'a>(basis: &'a Basis, named: &Named<'_>, at: Timestamp) -> Vec<Rival<'a>> {
    let Named { scheme, label, line, .. } = named;
    let others: Vec<(Label, &VersionRow)> = basis
        .versions
        .iter()
        .filter(|version| !version.draft && version.label != label.as_str())
        .filter_map(|version| Some((Label::parse(*scheme, &version.label).ok()?, version)))
        .collect();
    let before = |belongs: &dyn Fn(&VersionRow) -> bool| {
        let labels = others.iter().filter(|(_, version)| belongs(version)).map(|(label, _)| label);
        let chosen = label.predecessor(labels)?;
        others.iter().find(|(other, _)| other == chosen).map(|(_, version)| *version)
    };
    let mut chosen: Vec<Rival<'a>> = Vec::new();
    let mut add = |version: Option<&'a VersionRow>, predecessor| {
        if let Some(version) = version
            && !chosen.iter().any(|rival| rival.version.id == version.id)
        {
            chosen.push(Rival { version, predecessor });
        }
    };
    add(before(&|_| true), true);
    add(before(&|version| version.line == line.as_str()), false);
    for row in &basis.lines {
        let releases = routing::releases(*scheme, &basis.versions, &row.name);
        let current = routing::current(&releases, at);
        let stage = routing::line_stage(&row.schedule, current, at);
        let is_above = |version: &&VersionRow| {
            version.line == line.as_str()
                && others.iter().any(|(other, row)| row.id == version.id && other > label)
        };
        if matches!(stage, Stage::Active | Stage::Deprecated) {
            add(current.filter(|version| version.label != label.as_str() && !is_above(version)), false);
        }
    }
    chosen
}

fn stage_of(basis: &Basis, named: &Named<'_>, draft: bool, at: Timestamp) -> Stage {
    if draft {
        return Stage::Draft;
    }
    let own = named.existing.map_or(Stage::Active, |version| lifecycle::stage(&version.schedule, at));
    let row = basis.lines.iter().find(|row| row.name == named.line.as_str());
    row.map_or(Stage::Active, |row| lifecycle::stage(&row.schedule, at)).max(own)
}

/// How the store names a syntax.
const fn syntax_name(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Json => "json",
        Syntax::Yaml => "yaml",
    }
}

/// How many changes weaken security, by severity.
fn weakening(diff: &Diff) -> Weakening {
    let mut counts = Weakening::default();
    let facets =
        diff.changes.iter().filter(|change| change.weakens()).filter_map(|change| change.security.as_ref());
    for facet in facets {
        match facet.severity {
            Severity::Critical => counts.critical += 1,
            Severity::High => counts.high += 1,
            Severity::Medium => counts.medium += 1,
            Severity::Low | Severity::Info => counts.low += 1,
        }
    }
    counts
}

fn summarise(diff: &Diff, base: &str, from: &str, to: &str) -> DiffSummary {
    DiffSummary {
        verdict: diff.verdict.to_string(),
        bump: diff.bump,
        due: diff.due.clone(),
        summary: json!(diff.summary),
        href: format!("{base}/diff?from={from}&to={to}"),
    }
}

/// Appends an audit event for a change that is done, under who asked for it.
pub(super) async fn append(
    session: &mut Session,
    caller: &Caller,
    at: Timestamp,
    action: &str,
    target: &str,
    details: Value,
) -> Result<(), Refusal> {
    let personal = match &caller.address {
        Some(address) => {
            let mut salt = vec![0; 16];
            getrandom::fill(&mut salt)?;
            Some((json!({ "address": address }), salt))
        }
        None => None,
    };
    let event = AuditEvent {
        at,
        actor: caller.actor.pseudonym(),
        action,
        target,
        request_id: &caller.request_id,
        result: "done",
        details,
        personal,
    };
    session.append_audit(&event).await?;
    Ok(())
}
