//! How one security scheme compares with its older self, judged by who must use it.
//!
//! Source: `OpenAPI` "Security Scheme Object", RFC 9700, OWASP API2:2023 and API8:2023.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Level, Surface};
use super::edit::{Edit, Edits};
use super::pair::{Pair, SchemeView};
use super::risk::Facet;
use crate::lint::strength;
use crate::spec::model::{Flow, FlowKind, Location, SchemeKind};

type SchemePair<'a> = Pair<'a, SchemeView<'a>>;

/// Pushes the edits of a scheme that operations ask for.
pub fn changed(at: &SchemePair<'_>, edits: &mut Edits) {
    let Some((old, new)) = at.both().filter(|(old, new)| old.used || new.used) else {
        return;
    };
    let edit = |message: String| Edit::new(message).places(old.scheme.node, new.scheme.node);
    let (before, after) = (words(&old.scheme.kind), words(&new.scheme.kind));
    match (&old.scheme.kind, &new.scheme.kind) {
        (SchemeKind::OAuth2 { flows: from }, SchemeKind::OAuth2 { flows: to }) => {
            flows(at, from, to, edits);
        }
        (SchemeKind::OpenIdConnect { url: from }, SchemeKind::OpenIdConnect { url: to }) if from != to => {
            let message = format!("`{}`: {from} became {to}", at.name);
            edits.push(url(edit(message), from, to));
        }
        (from, to) if before != after => {
            edits.push(
                edit(format!("`{}`: {before} became {after}", at.name))
                    .values(before, after)
                    .facet(facet(from, to)),
            );
        }
        _ => {}
    }
}

/// Pushes the edits of schemes and scopes that no operation asks for.
pub fn catalogue(at: &SchemePair<'_>, edits: &mut Edits) {
    let unused = |side: Option<SchemeView<'_>>| side.is_none_or(|side| !side.used);
    let node = |side: Option<SchemeView<'_>>| side.map(|side| side.scheme.node);
    let value =
        |side: Option<SchemeView<'_>>| side.map_or(Value::Null, |side| words(&side.scheme.kind).into());
    let edit = |message: String| Edit::new(message).places(node(at.old), node(at.new));
    let Some((old, new)) = at.both() else {
        if unused(at.old) && unused(at.new) {
            let verb = if at.new.is_some() { "is declared" } else { "is no longer declared" };
            edits.push(edit(format!("`{}` {verb}", at.name)).values(value(at.old), value(at.new)));
        }
        return;
    };
    if let (SchemeKind::Http { bearer_format: from, .. }, SchemeKind::Http { bearer_format: to, .. }) =
        (&old.scheme.kind, &new.scheme.kind)
        && from != to
    {
        let json = |format: &Option<String>| format.clone().map_or(Value::Null, Value::from);
        let facet = (from.is_none() || to.is_none())
            .then(|| Facet::either("auth-bearer-format-dropped", to.is_none()))
            .flatten();
        edits.push(
            edit(format!("`{}`: the hint about the form of its tokens changed", at.name))
                .values(json(from), json(to))
                .facet(facet),
        );
    }
    let (from, to) = (scopes(&old.scheme.kind), scopes(&new.scheme.kind));
    if from != to {
        edits.push(edit(format!("`{}`: the list of scopes changed", at.name)).values(from, to));
        return;
    }
    for (scope, before, after) in redescribed(&old.scheme.kind, &new.scheme.kind) {
        edits.push(
            edit(format!("`{}`: the scope {scope} is said to reach otherwise", at.name))
                .values(before, after)
                .facet(Facet::of("oauth-scope-redescribed")),
        );
    }
    if unused(at.old) && unused(at.new) && old.scheme.hash != new.scheme.hash {
        edits.push(
            edit(format!("`{}` changed, and nothing asks for it", at.name))
                .values(value(at.old), value(at.new)),
        );
    }
}

fn facet(from: &SchemeKind, to: &SchemeKind) -> Option<Facet> {
    if let (SchemeKind::ApiKey { location: before, .. }, SchemeKind::ApiKey { location: after, .. }) =
        (from, to)
        && before != after
    {
        let is = |place: &Location, wanted: Location| *place == wanted;
        if is(before, Location::Query) || is(after, Location::Query) {
            return Facet::either("auth-apikey-moved-to-query", is(after, Location::Query));
        }
        return Facet::either("auth-apikey-moved-to-cookie", is(after, Location::Cookie));
    }
    let order = strength::of_scheme(to).cmp(&strength::of_scheme(from));
    if order.is_eq() {
        return Facet::of("auth-scheme-name-repointed");
    }
    let both_http = matches!((from, to), (SchemeKind::Http { .. }, SchemeKind::Http { .. }));
    let id = if both_http { "auth-http-scheme-weakened" } else { "auth-scheme-downgraded" };
    Facet::either(id, order.is_lt())
}

fn flows(at: &SchemePair<'_>, from: &[Flow], to: &[Flow], edits: &mut Edits) {
    let find = |flows: &[Flow], kind: FlowKind| flows.iter().find(|flow| flow.kind == kind).cloned();
    let is_weak = |kind: FlowKind| matches!(kind, FlowKind::Implicit | FlowKind::Password);
    for flow in from {
        let Some(other) = find(to, flow.kind) else {
            edits.push(
                Edit::new(format!("`{}`: the flow {} is gone", at.name, flow.kind))
                    .places(flow.node, at.new.map(|side| side.scheme.node))
                    .values(flow.kind.name(), Value::Null)
                    .facet(if is_weak(flow.kind) {
                        Facet::of("oauth-flow-weak-removed")
                    } else {
                        code(from, to).filter(|code| code.id() == "oauth-flow-code-removed")
                    }),
            );
            continue;
        };
        let urls = [
            (&flow.authorization_url, &other.authorization_url),
            (&flow.token_url, &other.token_url),
            (&flow.refresh_url, &other.refresh_url),
        ];
        for (before, after) in urls {
            if let (Some(before), Some(after)) = (before, after)
                && before != after
            {
                let edit = Edit::new(format!("`{}`: {before} became {after}", at.name))
                    .places(flow.node, other.node);
                edits.push(url(edit, before, after));
            }
        }
    }
    for flow in to.iter().filter(|flow| find(from, flow.kind).is_none()) {
        edits.push(
            Edit::new(format!("`{}`: the flow {} is new", at.name, flow.kind))
                .places(at.old.map(|side| side.scheme.node), flow.node)
                .values(Value::Null, flow.kind.name())
                .level(Level::Info)
                .facet(if is_weak(flow.kind) {
                    Facet::of("oauth-flow-weak-added")
                } else {
                    code(from, to).filter(|code| code.id() == "oauth-flow-code-added")
                }),
        );
    }
}

/// What it means that the last flow which can use PKCE went while a weak one stays, or came.
fn code(from: &[Flow], to: &[Flow]) -> Option<Facet> {
    let has = |flows: &[Flow]| {
        flows
            .iter()
            .any(|flow| matches!(flow.kind, FlowKind::AuthorizationCode | FlowKind::DeviceAuthorization))
    };
    let is_weak = |flows: &[Flow]| {
        flows.iter().any(|flow| matches!(flow.kind, FlowKind::Implicit | FlowKind::Password))
    };
    let (was, is) = (has(from), has(to));
    (was != is && is_weak(from) && is_weak(to))
        .then(|| Facet::either("oauth-flow-code-removed", was))
        .flatten()
}

/// Where tokens come from changed: no request breaks, but an owner must look.
fn url(edit: Edit, before: &str, after: &str) -> Edit {
    let is_plain = |url: &str| url.to_ascii_lowercase().starts_with("http://");
    let host = |url: &str| url.split("://").nth(1).and_then(|rest| rest.split('/').next()).map(str::to_owned);
    let facet = if is_plain(before) != is_plain(after) {
        Facet::either("oauth-url-downgraded", is_plain(after))
    } else {
        Facet::of("oauth-host-changed").filter(|_| host(before) != host(after))
    };
    edit.values(before, after).level(Level::Warning).surface(Surface::Behaviour).facet(facet)
}

fn scopes(kind: &SchemeKind) -> Vec<String> {
    let SchemeKind::OAuth2 { flows } = kind else {
        return Vec::new();
    };
    let mut scopes: Vec<String> =
        flows.iter().flat_map(|flow| &flow.scopes).map(|(name, _)| name.clone()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// Scopes whose description gained or lost a word that tells of reach.
fn redescribed(old: &SchemeKind, new: &SchemeKind) -> Vec<(String, String, String)> {
    const REACH: [&str; 7] = ["all", "any", "every", "delete", "admin", "full", "manage"];
    let reaches = |text: &str| {
        let words = crate::lint::words::words(text);
        words.into_iter().filter(|word| REACH.contains(&word.as_str())).collect::<BTreeSet<_>>()
    };
    let all = |kind: &SchemeKind| match kind {
        SchemeKind::OAuth2 { flows } => {
            flows.iter().flat_map(|flow| flow.scopes.clone()).collect::<BTreeMap<_, _>>()
        }
        _ => BTreeMap::new(),
    };
    let (before, after) = (all(old), all(new));
    let changed = before.into_iter().filter_map(|(scope, text)| {
        let later = after.get(&scope)?;
        (reaches(later) != reaches(&text)).then(|| (scope, text, later.clone()))
    });
    changed.collect()
}

/// A scheme in a few words; equal words carry credentials in the same way.
fn words(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey { location, name } => format!("a key in {location} {name}"),
        SchemeKind::Http { scheme, .. } => format!("HTTP {scheme}"),
        SchemeKind::OAuth2 { .. } => "OAuth 2".to_owned(),
        SchemeKind::OpenIdConnect { .. } => "OpenID Connect".to_owned(),
        SchemeKind::MutualTls => "a client certificate".to_owned(),
        SchemeKind::Unknown(kind) => kind.clone(),
    }
}
