//! Publishing a version, and its dry run: one code path that judges, and a last step that writes.
//!
//! Judging reads the document, compares it and asks the policy; it takes as long as it takes and
//! holds no lock. Writing happens in one transaction that first sees whether the API is still what
//! the judgement was made on; if somebody was quicker, it is judged again.

use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::audit::append;
use super::judgement::{DiffSummary, Judgement, Notice, Outcome, PublishAnswer, PublishRequest};
use super::rivals::{Rival, facts, rivals};
use super::routing::{self, Claims};
use super::{Caller, Refusal, Registry};
use crate::access::{Action, Target, allow};
use crate::clock::Timestamp;
use crate::diff::{self, Diff};
use crate::lifecycle::policy::{self, Preset};
use crate::lifecycle::{self, Stage};
use crate::lint;
use crate::report::Compared;
use crate::scheme::{Label, LineName, Scheme};
use crate::spec::{self, Document, Syntax};
use crate::store::{ApiRow, LineRow, NewVersion, Session, VersionRow};

/// How often a publish is judged again because another one of the same API came first.
const ATTEMPTS: usize = 8;

/// An API as it was when a publish was judged.
pub(super) struct Basis {
    api: Option<ApiRow>,
    preset: Preset,
    pub(super) versions: Vec<VersionRow>,
    pub(super) lines: Vec<LineRow>,
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
            sha256: hex::encode(sha256),
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
        Ok(Arc::new(tokio::task::spawn_blocking(move || spec::load(&bytes[..], &limits)).await??))
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
            let mut diff = self.difference(version, named.scheme, document, sha256, at).await?;
            let older = Label::parse(named.scheme, &version.label)?;
            diff.hold_to(&older, &named.label, version.line != named.line.as_str());
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
pub(super) struct Named<'a> {
    pub(super) scheme: Scheme,
    pub(super) label: Label,
    pub(super) line: LineName,
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
                let published = hex::encode(version.sha256);
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

fn summarise(diff: &Diff, base: &str, from: &str, to: &str) -> DiffSummary {
    DiffSummary {
        verdict: diff.verdict.to_string(),
        bump: diff.bump,
        due: diff.due.clone(),
        summary: json!(diff.summary),
        href: format!("{base}/diff?from={from}&to={to}"),
    }
}
