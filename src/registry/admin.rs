//! What the operator of a registry needs: first start, the demo estate, usage on its way to the
//! store, and the check of the audit trail.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::audit::append;
use super::{Caller, PublishRequest, Refusal, Registry, ScheduleChange, Subject};
use crate::access::{Actor, Token, TokenKind, random_hex};
use crate::clock::Timestamp;
use crate::enforcement::{Route, Selector};
use crate::lifecycle::policy::Preset;
use crate::lifecycle::{Block, Schedule};
use crate::store::{AuditVerdict, Store, TokenRow, UsageSample};

/// What first start did about the admin token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bootstrap {
    /// There was one in force; none was made.
    Kept,
    /// The given token is in force now.
    Adopted,
    /// A new token, which the caller has kept where its owner reads it.
    Made,
}

/// A company with its APIs, as `estate.toml` describes it. Times are days from the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estate {
    /// Who it is.
    pub company: String,
    #[serde(default)]
    namespace: Vec<EstateNamespace>,
    #[serde(default)]
    api: Vec<EstateApi>,
    #[serde(default)]
    version: Vec<EstateVersion>,
    #[serde(default)]
    lifecycle: Vec<EstateSchedule>,
    #[serde(default)]
    block: Vec<EstateBlock>,
    #[serde(default)]
    route: Vec<EstateRoute>,
    #[serde(default)]
    usage: Vec<EstateUsage>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EstateNamespace {
    name: String,
    policy: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EstateApi {
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EstateVersion {
    api: String,
    label: String,
    file: String,
    published: i64,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    line: Option<String>,
    /// What changed and why, for readers of the file.
    #[serde(rename = "story")]
    _story: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EstateSchedule {
    api: String,
    line: String,
    #[serde(default)]
    deprecated: Option<i64>,
    #[serde(default)]
    sunset: Option<i64>,
    #[serde(default)]
    successor: Option<String>,
    #[serde(default)]
    links: BTreeMap<String, String>,
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EstateBlock {
    api: String,
    line: String,
    at: i64,
    reason: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EstateRoute {
    api: String,
    line: String,
    host: String,
    path: String,
    #[serde(default)]
    header: Option<String>,
    #[serde(default)]
    query: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EstateUsage {
    api: String,
    line: String,
    #[serde(default)]
    allow: i64,
    #[serde(default)]
    announce: i64,
    #[serde(default)]
    refuse: i64,
}

/// Name under which the id of the key file is kept.
const KEY_ID: &str = "key_id";
/// Days over which the estate's calls are spread.
const USAGE_DAYS: i64 = 14;

impl Registry {
    /// Sees that there is an admin token: adopts the given one, or makes one where none is in force.
    /// `keep` writes a new token where its owner reads it, before it is in force: a crash between the
    /// two leaves a token that the next start adopts, never one that nobody knows.
    ///
    /// # Errors
    /// When `keep` fails, or the store was set up with another key file, so that no token in it could
    /// be verified.
    pub async fn bootstrap(
        &self,
        given: Option<Token>,
        keep: impl FnOnce(&Token) -> std::io::Result<()>,
    ) -> Result<Bootstrap, Refusal> {
        let mut session = self.store.write().await?;
        let mine = self.pepper.key_id();
        let theirs = session.ensure_setting(KEY_ID, &mine).await?;
        if theirs != mine {
            return Err(Refusal::System(format!(
                "this database belongs to the key file with id {theirs}, not to the one with id {mine}; \
                 start with the right one (--key-file)"
            )));
        }
        let (token, adopted) = match given {
            Some(token) => (token, true),
            None if session.has_token(TokenKind::Bootstrap.letter()).await? => return Ok(Bootstrap::Kept),
            None => {
                let token = Token::generate(TokenKind::Bootstrap)?;
                keep(&token).map_err(|error| Refusal::System(format!("keeping the admin token: {error}")))?;
                (token, false)
            }
        };
        let row = TokenRow {
            id: token.id().to_owned(),
            kind: token.kind().letter().to_owned(),
            name: "admin".to_owned(),
            pseudonym: format!("p-{}", random_hex(6)?),
            secret_hash: self.pepper.hash(&token),
            revoked: false,
        };
        let now = self.clock.now();
        if !session.add_token(&row, now).await? {
            let known = session.token(&row.id).await?;
            let same =
                known.is_some_and(|known| self.pepper.matches(&token, &known.secret_hash) && !known.revoked);
            return if same {
                session.commit().await?;
                Ok(Bootstrap::Kept)
            } else {
                Err(Refusal::System(
                    "the token in the admin token file was revoked or is another one's".to_owned(),
                ))
            };
        }
        append(&mut session, &Caller::system(), now, "token.create", &row.id, json!({ "kind": row.kind }))
            .await?;
        session.commit().await?;
        Ok(if adopted { Bootstrap::Adopted } else { Bootstrap::Made })
    }

    /// Writes the counters of answered calls to the store. What a crash loses is what was counted
    /// since the last call.
    ///
    /// # Errors
    /// When the store fails; the counts are then put back and written by the next call.
    pub async fn flush_usage(&self) -> Result<(), Refusal> {
        let snapshot = self.snapshot.load_full();
        let counts = snapshot.drain();
        if counts.is_empty() {
            return Ok(());
        }
        let day = self.clock.now().unix_seconds().div_euclid(86_400);
        let written = async {
            let mut session = self.store.write().await?;
            for count in &counts {
                let calls = i64::try_from(count.count).unwrap_or(i64::MAX);
                let answer = count.answer.as_str();
                match (count.api.as_deref().and_then(|api| api.split_once('/')), count.line.as_deref()) {
                    (Some((namespace, api)), Some(line)) => {
                        session.add_usage(&UsageSample { namespace, api, line, day, answer, calls }).await?;
                    }
                    _ => session.add_shadow(day, answer, calls).await?,
                }
            }
            session.commit().await
        };
        if let Err(error) = written.await {
            snapshot.give_back(&counts);
            return Err(error.into());
        }
        Ok(())
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self) -> Result<(), Refusal> {
        self.store.read().await?.snapshot_number().await?;
        Ok(())
    }

    /// Closes the store, after the last counters are written.
    pub async fn close(&self) {
        if let Err(error) = self.flush_usage().await {
            tracing::error!(%error, "the last usage counters were not written");
        }
        self.store.close().await;
    }

    /// Fills an empty registry with an estate; `document` reads a file of it, `progress` hears of
    /// each step.
    ///
    /// # Errors
    /// When the estate contradicts itself or the rules of the registry.
    pub async fn settle(
        &self,
        estate: &Estate,
        document: impl Fn(&str) -> Option<Bytes>,
        progress: impl Fn(usize, usize, &str),
    ) -> Result<(), Refusal> {
        let start = self.clock.now();
        let system = Caller { actor: Actor::System, request_id: String::new(), address: None };
        for namespace in &estate.namespace {
            let preset = Preset::from_str(&namespace.policy)
                .map_err(|_| Refusal::Invalid(format!("`{}` is no preset", namespace.policy)))?;
            self.set_policy(&namespace.name, preset, &system).await?;
        }
        let total = estate.version.len();
        for (at, version) in estate.version.iter().enumerate() {
            progress(at + 1, total, &format!("{}@{}", version.api, version.label));
            if !estate.api.iter().any(|api| api.name == version.api) {
                return Err(Refusal::Invalid(format!("the estate does not declare `{}`", version.api)));
            }
            let (namespace, api) = split(&version.api)?;
            let bytes = document(&version.file)
                .ok_or_else(|| Refusal::Invalid(format!("the estate has no file `{}`", version.file)))?;
            let request = PublishRequest {
                namespace: namespace.to_owned(),
                api: api.to_owned(),
                label: version.label.clone(),
                bytes,
                line: version.line.clone(),
                draft: version.draft,
                strict: true,
                at: Some(start.plus_days(version.published)),
            };
            self.publish(&request, false, &system).await?;
        }
        for route in &estate.route {
            let (namespace, api) = split(&route.api)?;
            let selector = |text: &Option<String>| -> Result<Option<Selector>, Refusal> {
                text.as_deref()
                    .map(Selector::from_str)
                    .transpose()
                    .map_err(|error| Refusal::Invalid(error.to_string()))
            };
            let routes = [Route {
                host: route.host.clone(),
                path: route.path.clone(),
                header: selector(&route.header)?,
                query: selector(&route.query)?,
            }];
            self.set_routes(namespace, api, &route.line, &routes, &system).await?;
        }
        for schedule in &estate.lifecycle {
            let (namespace, api) = split(&schedule.api)?;
            let change = ScheduleChange {
                deprecated_at: schedule.deprecated.map(|days| start.plus_days(days)),
                sunset_at: schedule.sunset.map(|days| start.plus_days(days)),
                successor: schedule.successor.clone(),
                links: schedule.links.clone(),
                reason: schedule.reason.clone(),
                // The dates lie where a life of years would have put them.
                force: true,
            };
            self.schedule(namespace, api, &Subject::Line(schedule.line.clone()), &change, None, &system)
                .await?;
        }
        for block in &estate.block {
            self.settle_block(block, start).await?;
        }
        self.settle_usage(&estate.usage, start).await?;
        self.refresh().await
    }

    async fn settle_block(&self, block: &EstateBlock, start: Timestamp) -> Result<(), Refusal> {
        let (namespace, api) = split(&block.api)?;
        let mut session = self.store.write().await?;
        let row = self.load(&mut session, namespace, api).await?;
        let lines = session.lines(row.id).await?;
        let Some(line) = lines.iter().find(|line| line.name == block.line) else {
            return Err(Refusal::Invalid(format!("the estate blocks `{}`, which is not there", block.line)));
        };
        let at = start.plus_days(block.at);
        let blocked = Some(Block { at, reason: block.reason.clone() });
        session.set_schedule(line.id, &Schedule { blocked, ..line.schedule.clone() }).await?;
        let target = format!("{} {}", block.api, block.line);
        append(&mut session, &Caller::system(), at, "line.block", &target, json!({ "reason": block.reason }))
            .await?;
        session.next_snapshot().await?;
        session.commit().await?;
        Ok(())
    }

    async fn settle_usage(&self, usage: &[EstateUsage], start: Timestamp) -> Result<(), Refusal> {
        let today = start.unix_seconds().div_euclid(86_400);
        let mut session = self.store.write().await?;
        for row in usage {
            let (namespace, api) = split(&row.api)?;
            for (answer, calls) in [("allow", row.allow), ("announce", row.announce), ("refuse", row.refuse)]
            {
                for back in 0..USAGE_DAYS {
                    let calls = calls / USAGE_DAYS + i64::from(back < calls % USAGE_DAYS);
                    if calls > 0 {
                        let day = today - back;
                        let sample = UsageSample { namespace, api, line: &row.line, day, answer, calls };
                        session.add_usage(&sample).await?;
                    }
                }
            }
        }
        session.commit().await?;
        Ok(())
    }
}

/// Walks the audit trail of a store, beside a running server or without one.
///
/// # Errors
/// When the store fails.
pub async fn verify_audit(store: &Store) -> Result<AuditVerdict, Refusal> {
    Ok(store.read().await?.verify_audit().await?)
}

/// Reads an estate.
///
/// # Errors
/// When the text is no estate; the sentence says where.
pub fn read_estate(text: &str) -> Result<Estate, Refusal> {
    toml::from_str(text).map_err(|error| Refusal::Invalid(error.to_string()))
}

/// Reads a token file: the token in it, or nothing where there is no file.
///
/// # Errors
/// When it cannot be read or holds no token.
pub fn token_file(file: &Path) -> Result<Option<Token>, Refusal> {
    match std::fs::read_to_string(file) {
        Ok(text) => match Token::parse(&text) {
            Ok(token) if token.kind() == TokenKind::Bootstrap => Ok(Some(token)),
            Ok(_) => Err(Refusal::Invalid(format!("`{}` holds a token that is no admin's", file.display()))),
            Err(error) => Err(Refusal::Invalid(format!("`{}`: {error}", file.display()))),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Refusal::System(format!("`{}`: {error}", file.display()))),
    }
}

fn split(name: &str) -> Result<(&str, &str), Refusal> {
    name.split_once('/').ok_or_else(|| Refusal::Invalid(format!("`{name}` is not namespace/name")))
}
