//! Which line owns which route, what version is current in a line, and the snapshot that gateways
//! are answered from.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Refusal, Registry};
use crate::clock::Timestamp;
use crate::enforcement::{CurrentVersion, LineEntry, Route, Selector, Snapshot};
use crate::lifecycle::policy::Preset;
use crate::lifecycle::{self, Schedule, Stage};
use crate::scheme::{self, Label, LineName, Scheme};
use crate::spec::Document;
use crate::store::{ApiFilter, ApiRow, LineRow, RouteKey, RouteRow, StoreError, VersionRow};

/// What the registry needs of a document without reading it again; kept with the version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Contract {
    /// Method and path template of each operation.
    pub operations: Vec<(String, String)>,
    /// Host and base path of each absolute server URL.
    pub routes: Vec<(String, String)>,
    /// Named schemas.
    pub schemas: usize,
}

/// The contract of a document.
pub(super) fn contract(document: &Document) -> Contract {
    let api = document.api();
    let operations = api.operations.iter().map(|op| (op.method.to_string(), op.path.clone())).collect();
    let servers = api.servers.iter().chain(api.operations.iter().flat_map(|op| op.servers.iter()));
    let routes: BTreeSet<(String, String)> = servers
        .filter_map(|server| Route::of_server(&server.url))
        .map(|route| (route.host, route.path))
        .collect();
    Contract { operations, routes: routes.into_iter().collect(), schemas: api.components.len() }
}

/// The stored contract of a version.
pub(super) fn contract_of(version: &VersionRow) -> Contract {
    serde_json::from_value(version.contract.clone()).unwrap_or_default()
}

/// The scheme of a stored API.
pub(super) fn scheme_of(api: &ApiRow) -> Result<Scheme, Refusal> {
    Scheme::from_str(&api.scheme).map_err(|_| {
        Refusal::Store(StoreError::Corrupt { table: "api", column: "scheme", key: api.full_name() })
    })
}

/// The preset of a stored namespace.
pub(super) fn preset_of(namespace: &str, name: &str) -> Result<Preset, Refusal> {
    Preset::from_str(name).map_err(|_| {
        Refusal::Store(StoreError::Corrupt {
            table: "namespace",
            column: "preset",
            key: namespace.to_owned(),
        })
    })
}

/// The releases of a line, highest first.
pub(super) fn releases<'a>(
    scheme: Scheme,
    versions: &'a [VersionRow],
    line: &str,
) -> Vec<(Label, &'a VersionRow)> {
    let mut releases: Vec<(Label, &VersionRow)> = versions
        .iter()
        .filter(|version| !version.draft && version.line == line)
        .filter_map(|version| Some((Label::parse(scheme, &version.label).ok()?, version)))
        .collect();
    releases.sort_by(|a, b| b.0.cmp(&a.0));
    releases
}

/// The version that callers of a line get: its highest release that is no pre-release and neither
/// retired nor blocked, else its highest.
pub(super) fn current<'a>(releases: &[(Label, &'a VersionRow)], now: Timestamp) -> Option<&'a VersionRow> {
    let standing =
        releases.iter().map(|(label, version)| (label, lifecycle::stage(&version.schedule, now).is_gone()));
    let chosen = scheme::current(standing)?;
    releases.iter().find(|(label, _)| label == chosen).map(|(_, version)| *version)
}

/// The stage of a line as gateways see it: the stricter of its own and its current version's. A line
/// that holds nothing but drafts is one itself.
pub(super) fn line_stage(schedule: &Schedule, current: Option<&VersionRow>, now: Timestamp) -> Stage {
    let own = lifecycle::stage(schedule, now);
    current.map_or(Stage::Draft.max(own.min(Stage::Draft)), |version| {
        own.max(lifecycle::stage(&version.schedule, now))
    })
}

/// Routes that an API gives up and takes.
pub(super) struct Claims {
    /// Held, and no longer due to the line.
    pub release: Vec<RouteRow>,
    /// Due to the line, and not held by it yet.
    pub claim: Vec<RouteRow>,
}

/// Who should own what: a line whose owner named its routes keeps those; of the others, which share
/// host and path without a selector, the newest released one owns the route, whatever its stage.
pub(super) fn claims(
    scheme: Scheme,
    versions: &[VersionRow],
    lines: &[LineRow],
    held: &[RouteRow],
) -> Claims {
    let named: BTreeSet<i64> = lines.iter().filter(|line| line.routed).map(|line| line.id).collect();
    let mut due: BTreeMap<RouteKey, (Label, i64)> = BTreeMap::new();
    for line in lines.iter().filter(|line| !line.routed) {
        let releases = releases(scheme, versions, &line.name);
        let Some((highest, _)) = releases.first() else { continue };
        for (host, path) in releases.iter().flat_map(|(_, version)| contract_of(version).routes) {
            let key = key_of(Route { host, path, header: None, query: None });
            let newer = due.get(&key).is_none_or(|(label, _)| label < highest);
            if newer {
                due.insert(key, (highest.clone(), line.id));
            }
        }
    }
    for route in held.iter().filter(|route| named.contains(&route.line)) {
        due.remove(&route.key);
    }
    let derived = held.iter().filter(|route| !named.contains(&route.line));
    let release = derived
        .filter(|route| due.get(&route.key).is_none_or(|(_, line)| *line != route.line))
        .cloned()
        .collect();
    let claim = due
        .into_iter()
        .map(|(key, (_, line))| RouteRow { line, key })
        .filter(|route| !held.iter().any(|other| other.line == route.line && other.key == route.key))
        .collect();
    Claims { release, claim }
}

/// A route as the store keeps it.
pub(super) fn key_of(route: Route) -> RouteKey {
    let canonical = route.canonical();
    let word = |selector: Option<Selector>| selector.map(|each| each.to_string()).unwrap_or_default();
    RouteKey {
        canonical,
        host: route.host,
        path: route.path,
        header: word(route.header),
        query: word(route.query),
    }
}

/// A route in words.
pub(super) fn words(key: &RouteKey) -> String {
    let mut words = format!("the route {}{}", key.host, key.path);
    for (selector, what) in [(&key.header, "header"), (&key.query, "query")] {
        if !selector.is_empty() {
            words.push_str(&format!(" with {what} {selector}"));
        }
    }
    words
}

/// A stored route as gateways and the API name it.
pub(super) fn route(key: &RouteKey) -> Route {
    Route {
        host: key.host.clone(),
        path: key.path.clone(),
        header: Selector::from_str(&key.header).ok(),
        query: Selector::from_str(&key.query).ok(),
    }
}

/// How many APIs are read at a time while a snapshot is built.
const BATCH: i64 = 500;

impl Registry {
    /// Builds the snapshot from the store and swaps it in.
    ///
    /// # Errors
    /// When the store cannot be read; then the present snapshot stays.
    pub async fn refresh(&self) -> Result<(), Refusal> {
        // One at a time, so that a slower look at an older state cannot undo a newer one.
        let _turn = self.refreshing.lock().await;
        let mut session = self.store.read().await?;
        let number = session.snapshot_number().await?;
        let now = self.clock.now();
        let mut entries = Vec::new();
        let mut filter = ApiFilter { limit: BATCH, ..ApiFilter::default() };
        loop {
            let apis = session.apis(&filter).await?;
            for api in &apis {
                let versions = session.versions(api.id).await?;
                let lines = session.lines(api.id).await?;
                let routes = session.routes(api.id).await?;
                entries.extend(line_entries(api, &versions, &lines, &routes, now)?);
            }
            let Some(last) = apis.last().filter(|_| apis.len() == BATCH as usize) else { break };
            filter.after = Some((last.namespace.clone(), last.name.clone()));
        }
        let number = u64::try_from(number).unwrap_or_default();
        let snapshot = Snapshot::build(number, &self.settings.public_url, entries)
            .with_unknown_calls(self.settings.unknown)
            .following(&self.snapshot.load());
        self.snapshot.store(Arc::new(snapshot));
        Ok(())
    }

    /// Builds the snapshot anew if another server changed the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn follow(&self) -> Result<(), Refusal> {
        let number = self.store.read().await?.snapshot_number().await?;
        if u64::try_from(number).unwrap_or_default() != self.snapshot.load().number() {
            self.refresh().await?;
        }
        Ok(())
    }
}

fn line_entries(
    api: &ApiRow,
    versions: &[VersionRow],
    lines: &[LineRow],
    routes: &[RouteRow],
    now: Timestamp,
) -> Result<Vec<LineEntry>, Refusal> {
    let scheme = scheme_of(api)?;
    let mut entries = Vec::with_capacity(lines.len());
    for line in lines {
        let releases = releases(scheme, versions, &line.name);
        let held = routes.iter().filter(|route| route.line == line.id);
        let successor = line.schedule.successor.as_deref().and_then(|name| {
            let successor = lines.iter().find(|other| other.name == name)?;
            routes.iter().find(|route| route.line == successor.id)
        });
        let now_current = current(&releases, now);
        let standing = |version: &VersionRow| CurrentVersion {
            label: version.label.clone(),
            schedule: version.schedule.clone(),
        };
        let others = releases.iter().filter(|(label, version)| {
            !label.is_prerelease() && now_current.is_some_and(|one| one.id != version.id)
        });
        entries.push(LineEntry {
            api: api.full_name(),
            line: line.name.clone(),
            current: now_current.map(standing),
            others: others.map(|(_, version)| standing(version)).collect(),
            schedule: line.schedule.clone(),
            routes: held.map(|held| route(&held.key)).collect(),
            successor_route: successor.map(|held| route(&held.key).url()),
            operations: now_current.map(|version| contract_of(version).operations).unwrap_or_default(),
        });
    }
    Ok(entries)
}

/// Checks the name of a line that a request names.
pub(super) fn line_name(text: &str) -> Result<LineName, Refusal> {
    Ok(LineName::from_str(text)?)
}
