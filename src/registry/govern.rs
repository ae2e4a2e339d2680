//! Governance: dates, blocks, routes and the policy of a namespace.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::audit::append;
use super::publish::is_name;
use super::routing::{self, line_name, preset_of};
use super::{Caller, LineView, Refusal, Registry};
use crate::access::{Action, Target, allow};
use crate::clock::Timestamp;
use crate::enforcement::Route;
use crate::lifecycle::policy::{self, Preset};
use crate::lifecycle::{Block, Schedule};
use crate::store::{ApiRow, LineRow, RouteKey, RouteRow, Session, VersionRow};

/// What a schedule is set on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A line, by name.
    Line(String),
    /// A single version, by label.
    Version(String),
}

/// The schedule that replaces the present one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleChange {
    /// From when on it is deprecated.
    #[serde(default)]
    pub deprecated_at: Option<Timestamp>,
    /// From when on it is retired.
    #[serde(default)]
    pub sunset_at: Option<Timestamp>,
    /// The line to use instead.
    #[serde(default)]
    pub successor: Option<String>,
    /// Pages by link relation.
    #[serde(default)]
    pub links: BTreeMap<String, String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// Accept past dates and short notice; the audit trail shows it.
    #[serde(default)]
    pub force: bool,
}

/// Longest reason, in characters: it travels in problem bodies that must stay below 1 kB.
const REASON_CHARS: usize = 400;

impl Registry {
    /// Replaces the schedule of a line or a version. A block stays as it is.
    ///
    /// # Errors
    /// When the schedule contradicts itself, the policy says no, or `if_match` is not the present
    /// revision.
    pub async fn schedule(
        &self,
        namespace: &str,
        api: &str,
        subject: &Subject,
        change: &ScheduleChange,
        if_match: Option<i64>,
        caller: &Caller,
    ) -> Result<LineView, Refusal> {
        allow(&caller.actor, Action::Schedule, Target::Api { namespace, api })?;
        let now = self.clock.now();
        let mut session = self.store.write().await?;
        let row = self.load(&mut session, namespace, api).await?;
        session.lock_api(row.id).await?;
        let lines = session.lines(row.id).await?;
        let versions = session.versions(row.id).await?;
        let (line, version) = find(subject, &lines, &versions)?;
        let (present, revision) =
            version.map_or((&line.schedule, line.revision), |version| (&version.schedule, version.revision));
        if if_match.is_some_and(|expected| expected != revision) {
            return Err(Refusal::Stale);
        }
        let schedule = Schedule {
            deprecated_at: change.deprecated_at,
            sunset_at: change.sunset_at,
            successor: change.successor.clone(),
            links: change.links.clone(),
            reason: change.reason.clone(),
            blocked: present.blocked.clone(),
        };
        schedule.check()?;
        check_reason(change.reason.as_deref())?;
        if let Some(successor) = &schedule.successor {
            check_successor(successor, &line.name, version.is_some(), &lines)?;
        }
        let preset = preset_of(namespace, &row.preset)?;
        let demands = policy::schedule_demands(preset, present, &schedule, now, change.force);
        if demands.iter().any(|demand| !demand.holds) {
            return Err(Refusal::Demands(demands));
        }
        match version {
            Some(version) => session.set_version_schedule(version.id, &schedule).await?,
            None => session.set_schedule(line.id, &schedule).await?,
        }
        let name = version.map_or_else(
            || format!("{namespace}/{api} {}", line.name),
            |version| format!("{namespace}/{api}@{}", version.label),
        );
        let details = json!({
            "deprecated_at": schedule.deprecated_at, "sunset_at": schedule.sunset_at,
            "successor": schedule.successor, "links": schedule.links, "reason": schedule.reason,
            "force": change.force,
        });
        append(&mut session, caller, now, "lifecycle.set", &name, details).await?;
        let line = line.name.clone();
        self.finish(session).await?;
        self.line(namespace, api, &line).await
    }

    /// Blocks a line at once, or lifts the block. Both need a reason.
    ///
    /// # Errors
    /// When there is no such line, or no reason.
    pub async fn block(
        &self,
        namespace: &str,
        api: &str,
        line: &str,
        reason: &str,
        blocked: bool,
        caller: &Caller,
    ) -> Result<LineView, Refusal> {
        allow(&caller.actor, Action::Block, Target::Api { namespace, api })?;
        if reason.trim().is_empty() {
            return Err(Refusal::Invalid(
                "a block and its end need a reason; callers will read it".to_owned(),
            ));
        }
        check_reason(Some(reason))?;
        let now = self.clock.now();
        let mut session = self.store.write().await?;
        let row = self.load(&mut session, namespace, api).await?;
        session.lock_api(row.id).await?;
        let lines = session.lines(row.id).await?;
        let (found, _) = find(&Subject::Line(line.to_owned()), &lines, &[])?;
        let mut schedule = found.schedule.clone();
        schedule.blocked = blocked.then(|| Block { at: now, reason: reason.trim().to_owned() });
        session.set_schedule(found.id, &schedule).await?;
        let action = if blocked { "line.block" } else { "line.unblock" };
        append(
            &mut session,
            caller,
            now,
            action,
            &format!("{namespace}/{api} {line}"),
            json!({ "reason": reason }),
        )
        .await?;
        self.finish(session).await?;
        self.line(namespace, api, line).await
    }

    /// Says where the calls of a line arrive, in place of what its documents say.
    ///
    /// # Errors
    /// When another API, or another line of this one by its owner's word, holds one of the routes.
    pub async fn set_routes(
        &self,
        namespace: &str,
        api: &str,
        line: &str,
        routes: &[Route],
        caller: &Caller,
    ) -> Result<LineView, Refusal> {
        allow(&caller.actor, Action::Route, Target::Api { namespace, api })?;
        let now = self.clock.now();
        let mut session = self.store.write().await?;
        let row = self.load(&mut session, namespace, api).await?;
        session.lock_api(row.id).await?;
        let scheme = routing::scheme_of(&row)?;
        let lines = session.lines(row.id).await?;
        let (found, _) = find(&Subject::Line(line.to_owned()), &lines, &[])?;
        let held = session.routes(row.id).await?;
        let keys: Vec<RouteKey> = routes.iter().map(key).collect::<Result<_, _>>()?;
        let named = |id: i64| lines.iter().any(|line| line.id == id && line.routed);
        for route in &held {
            let own = route.line == found.id;
            // What another line of the API holds only by its documents gives way to the owner's word.
            if own || (keys.contains(&route.key) && !named(route.line)) {
                session.release_route(route).await?;
            }
        }
        for key in &keys {
            let route = RouteRow { line: found.id, key: key.clone() };
            if let Some(holder) = session.claim_route(&route).await? {
                let holder = held
                    .iter()
                    .find(|other| other.key == *key)
                    .and_then(|other| lines.iter().find(|line| line.id == other.line))
                    .map_or(holder.clone(), |line| format!("{holder} {}", line.name));
                return Err(Refusal::RouteTaken { route: routing::words(key), holder });
            }
        }
        session.set_routed(found.id, !keys.is_empty()).await?;
        let versions = session.versions(row.id).await?;
        let lines = session.lines(row.id).await?;
        let held = session.routes(row.id).await?;
        let claims = routing::claims(scheme, &versions, &lines, &held);
        for route in &claims.release {
            session.release_route(route).await?;
        }
        for route in &claims.claim {
            session.claim_route(route).await?;
        }
        let details = json!({ "routes": keys.iter().map(routing::words).collect::<Vec<_>>() });
        append(&mut session, caller, now, "route.set", &format!("{namespace}/{api} {line}"), details).await?;
        self.finish(session).await?;
        self.line(namespace, api, line).await
    }

    /// Chooses the policy preset of a namespace, which is made if it is not there.
    ///
    /// # Errors
    /// When the name is none.
    pub async fn set_policy(&self, namespace: &str, preset: Preset, caller: &Caller) -> Result<(), Refusal> {
        allow(&caller.actor, Action::Policy, Target::Namespace(namespace))?;
        if !is_name(namespace) {
            return Err(Refusal::BadName(namespace.to_owned()));
        }
        let now = self.clock.now();
        let mut session = self.store.write().await?;
        session.ensure_namespace(namespace, &preset.to_string(), now).await?;
        session.set_preset(namespace, &preset.to_string()).await?;
        let details = json!({ "preset": preset.to_string() });
        append(&mut session, caller, now, "policy.set", namespace, details).await?;
        session.commit().await?;
        Ok(())
    }

    /// An API, or the names that come near.
    pub(super) async fn load(
        &self,
        session: &mut Session,
        namespace: &str,
        api: &str,
    ) -> Result<ApiRow, Refusal> {
        match session.api(namespace, api).await? {
            Some(row) => Ok(row),
            None => Err(self.no_api(session, namespace, api).await?),
        }
    }

    /// Commits a change that gateways see, and swaps the snapshot.
    async fn finish(&self, mut session: Session) -> Result<(), Refusal> {
        session.next_snapshot().await?;
        session.commit().await?;
        self.refresh().await
    }
}

fn find<'a>(
    subject: &Subject,
    lines: &'a [LineRow],
    versions: &'a [VersionRow],
) -> Result<(&'a LineRow, Option<&'a VersionRow>), Refusal> {
    let by_name = |name: &str| lines.iter().find(|line| line.name == name);
    match subject {
        Subject::Line(name) => {
            line_name(name)?;
            let line = by_name(name).ok_or_else(|| Refusal::NotFound {
                what: "line",
                name: name.clone(),
                near: lines.iter().map(|line| line.name.clone()).take(5).collect(),
            })?;
            Ok((line, None))
        }
        Subject::Version(label) => {
            let version = versions.iter().find(|version| version.label == *label);
            let found = version.and_then(|version| Some((by_name(&version.line)?, Some(version))));
            found.ok_or_else(|| Refusal::NotFound {
                what: "version",
                name: label.clone(),
                near: versions.iter().rev().map(|version| version.label.clone()).take(5).collect(),
            })
        }
    }
}

fn check_reason(reason: Option<&str>) -> Result<(), Refusal> {
    match reason {
        Some(reason) if reason.chars().count() > REASON_CHARS => Err(Refusal::Invalid(format!(
            "a reason has at most {REASON_CHARS} characters; link to a page for more"
        ))),
        Some(reason) if reason.chars().any(char::is_control) => {
            Err(Refusal::Invalid("a reason is one line of text without control characters".to_owned()))
        }
        _ => Ok(()),
    }
}

fn check_successor(successor: &str, line: &str, of_version: bool, lines: &[LineRow]) -> Result<(), Refusal> {
    if successor == line && !of_version {
        return Err(Refusal::Invalid(format!("line `{line}` cannot be its own successor")));
    }
    if lines.iter().any(|other| other.name == successor) {
        return Ok(());
    }
    Err(Refusal::NotFound {
        what: "line",
        name: successor.to_owned(),
        near: lines.iter().map(|line| line.name.clone()).filter(|name| name != line).take(5).collect(),
    })
}

/// A route in the one spelling that the store keeps.
fn key(route: &Route) -> Result<RouteKey, Refusal> {
    let route = route.tidy().map_err(|fault| Refusal::Invalid(fault.to_string()))?;
    Ok(routing::key_of(route))
}
