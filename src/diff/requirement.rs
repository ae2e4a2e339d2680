//! Who may call: `security` as a set of alternatives, each a set of schemes with scopes.
//!
//! An old alternative still works when some new one asks for no more. A new alternative is a way
//! round when no old one asked for less. Schemes are the same by name, else by content.
//! Source: `OpenAPI` "Security Requirement Object", OWASP API2:2023 and API5:2023.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::Level;
use super::edit::{Edit, Edits};
use super::pair::{OperationView, Pair, RequirementView};
use super::risk::Facet;
use crate::lint::{Severity, is_administrative, strength};
use crate::spec::model::{Alternative, Api, Location, Operation, SchemeKind, Security};
use crate::spec::tree::NodeId;

type RequirementPair<'a> = Pair<'a, RequirementView<'a>>;

/// One alternative, comparable across both documents.
struct Need {
    node: NodeId,
    schemes: BTreeMap<String, BTreeSet<String>>,
    class: u8,
    /// Whether a client certificate is among them.
    has_certificate: bool,
    words: String,
}

impl Need {
    /// Whether credentials for `self` are enough for `other`.
    fn satisfies(&self, other: &Self) -> bool {
        other
            .schemes
            .iter()
            .all(|(name, scopes)| self.schemes.get(name).is_some_and(|own| scopes.is_subset(own)))
    }

    fn has_same_schemes(&self, other: &Self) -> bool {
        self.schemes.keys().eq(other.schemes.keys())
    }

    fn has_all_schemes_of(&self, other: &Self) -> bool {
        other.schemes.keys().all(|name| self.schemes.contains_key(name))
    }

    fn scopes(&self) -> String {
        let scopes: BTreeSet<&str> = self.schemes.values().flatten().map(String::as_str).collect();
        scopes.into_iter().collect::<Vec<_>>().join(" ")
    }
}

/// What became of the alternatives when credentials are asked for on both sides.
struct Compared {
    old: Vec<Need>,
    new: Vec<Need>,
}

impl Compared {
    fn of(at: &RequirementPair<'_>) -> Option<Self> {
        let (old, new) = at.both()?;
        if old.security.is_open() || new.security.is_open() {
            return None;
        }
        let renamed = |name: &str| at.scene.schemes.get(name).cloned().unwrap_or_else(|| name.to_owned());
        Some(Self {
            old: needs(at.scene.old.api(), &old.security.alternatives, str::to_owned),
            new: needs(at.scene.new.api(), &new.security.alternatives, renamed),
        })
    }

    /// Old alternatives that are not enough any more.
    fn lost(&self) -> impl Iterator<Item = &Need> {
        self.old.iter().filter(|old| !self.new.iter().any(|new| old.satisfies(new)))
    }

    /// New alternatives that were not enough before.
    fn fresh(&self) -> impl Iterator<Item = &Need> {
        self.new.iter().filter(|new| !self.old.iter().any(|old| new.satisfies(old)))
    }

    /// What it means that every alternative asked for a client certificate, or does now.
    fn certificates(&self, dropped: bool) -> Option<Facet> {
        let all = |needs: &[Need]| needs.iter().all(|need| need.has_certificate);
        let (was, is) = (all(&self.old), all(&self.new));
        let happened = if dropped { was && !is } else { !was && is };
        happened.then(|| Facet::either("auth-mtls-dropped", dropped)).flatten()
    }

    fn weakest_old(&self) -> u8 {
        self.old.iter().map(|need| need.class).min().unwrap_or(0)
    }

    fn weakest_new(&self) -> u8 {
        self.new.iter().map(|need| need.class).min().unwrap_or(0)
    }

    /// A lost alternative with schemes that no new one shares, and a new one in its place.
    fn exchange(&self) -> Option<(&Need, &Need)> {
        let foreign = |need: &Need, others: &[Need]| {
            !others.iter().any(|other| other.has_all_schemes_of(need) || need.has_all_schemes_of(other))
        };
        let mut lost = self.lost().filter(|need| foreign(need, &self.new));
        let mut fresh = self.fresh().filter(|need| foreign(need, &self.old));
        match (lost.next(), lost.next(), fresh.next(), fresh.next()) {
            (Some(lost), None, Some(fresh), None) => Some((lost, fresh)),
            _ => None,
        }
    }
}

fn needs(api: &Api, alternatives: &[Alternative], rename: impl Fn(&str) -> String) -> Vec<Need> {
    let need = |alternative: &Alternative| {
        let mut schemes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for requirement in &alternative.requirements {
            let scopes = schemes.entry(rename(&requirement.scheme)).or_default();
            scopes.extend(requirement.scopes.iter().cloned());
        }
        Need {
            node: alternative.node,
            schemes,
            class: strength::of_alternative(api, alternative),
            has_certificate: alternative.requirements.iter().any(|requirement| {
                let scheme = api.security_scheme(&requirement.scheme);
                scheme.is_some_and(|scheme| scheme.kind == SchemeKind::MutualTls)
            }),
            words: words(alternative),
        }
    };
    alternatives.iter().map(need).collect()
}

/// An alternative for a sentence: `oauth (read write) and signature`.
fn words(alternative: &Alternative) -> String {
    let parts = alternative.requirements.iter().map(|requirement| {
        if requirement.scopes.is_empty() {
            requirement.scheme.clone()
        } else {
            format!("{} ({})", requirement.scheme, requirement.scopes.join(" "))
        }
    });
    parts.collect::<Vec<_>>().join(" and ")
}

fn asked(view: &RequirementView<'_>) -> Value {
    let asked = view.security.alternatives.iter().filter(|alternative| !alternative.requirements.is_empty());
    let asked: Vec<String> = asked.map(words).collect();
    if asked.is_empty() { Value::Null } else { Value::from(asked) }
}

fn is_entirely_open(view: &RequirementView<'_>) -> bool {
    view.security.alternatives.iter().all(|alternative| alternative.requirements.is_empty())
}

/// Pushes the edit of an operation that asks for credentials now.
pub fn required(at: &RequirementPair<'_>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.security.is_open() || new.security.is_open() {
        return;
    }
    let id =
        if is_entirely_open(&old) { "auth-requirement-removed" } else { "auth-requirement-became-optional" };
    edits.push(
        Edit::new(format!("`{}` asks for credentials now", at.name))
            .places(old.node, new.node)
            .values(asked(&old), asked(&new))
            .facet(Facet::either(id, false).map(|facet| facet.at(new.severity()))),
    );
}

/// Pushes the edits of an operation that asks for less.
pub fn loosened(at: &RequirementPair<'_>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.security.is_open() && new.security.is_open() {
        let (id, words) = if is_entirely_open(&new) {
            ("auth-requirement-removed", "asks for no credentials any more")
        } else {
            ("auth-requirement-became-optional", "answers without credentials too")
        };
        edits.push(
            Edit::new(format!("`{}` {words}", at.name))
                .places(old.node, new.node)
                .values(asked(&old), asked(&new))
                .facet(Facet::of(id).map(|facet| facet.at(new.severity()))),
        );
    }
    let Some(compared) = Compared::of(at) else {
        return;
    };
    if compared.exchange().is_some() {
        return;
    }
    for fresh in compared.fresh() {
        if compared.old.iter().any(|old| old.has_same_schemes(fresh)) {
            continue;
        }
        let fuller = compared.old.iter().find(|old| old.has_all_schemes_of(fresh));
        let edit = match fuller {
            Some(old) => Edit::new(format!(
                "`{}` is content with {}, it asked for {}",
                at.name, fresh.words, old.words
            ))
            .values(old.words.as_str(), fresh.words.as_str())
            .facet(compared.certificates(true).or_else(|| Facet::of("auth-conjunct-removed"))),
            None => {
                let weaker = fresh.class < compared.weakest_old();
                let edit = Edit::new(format!("`{}` can be called with {} too", at.name, fresh.words))
                    .values(Value::Null, fresh.words.as_str());
                let extra = compared.old.iter().any(|old| fresh.has_all_schemes_of(old));
                if weaker {
                    edit.facet(Facet::of("auth-alternative-weaker-added"))
                } else if extra {
                    continue;
                } else {
                    edit.facet(Facet::of("auth-alternative-added")).level(Level::Info)
                }
            }
        };
        edits.push(edit.places(old.node, fresh.node));
    }
}

/// Pushes the edits of alternatives that are not enough any more, scopes apart.
pub fn alternative_removed(at: &RequirementPair<'_>, edits: &mut Edits) {
    let Some((_, new)) = at.both() else { return };
    let Some(compared) = Compared::of(at) else {
        return;
    };
    if let Some((lost, fresh)) = compared.exchange() {
        let facet = match fresh.class.cmp(&lost.class) {
            std::cmp::Ordering::Equal => None,
            order => Facet::either("auth-scheme-downgraded", order.is_lt()),
        };
        edits.push(
            Edit::new(format!("`{}` asks for {} instead of {}", at.name, fresh.words, lost.words))
                .places(lost.node, fresh.node)
                .values(lost.words.as_str(), fresh.words.as_str())
                .facet(facet),
        );
        return;
    }
    for lost in compared.lost() {
        if compared.new.iter().any(|new| new.has_same_schemes(lost)) {
            continue;
        }
        let fuller = compared.new.iter().find(|new| new.has_all_schemes_of(lost));
        edits.push(match fuller {
            Some(new) => {
                Edit::new(format!("`{}` asks for {} where {} was enough", at.name, new.words, lost.words))
                    .places(lost.node, new.node)
                    .values(lost.words.as_str(), new.words.as_str())
                    .facet(compared.certificates(false).or_else(|| Facet::of("auth-conjunct-added")))
            }
            None => {
                let weaker = lost.class < compared.weakest_new();
                Edit::new(format!("`{}` can no longer be called with {}", at.name, lost.words))
                    .places(lost.node, new.node)
                    .values(lost.words.as_str(), Value::Null)
                    .facet(Facet::of("auth-alternative-weaker-removed").filter(|_| weaker))
            }
        });
    }
}

/// Pushes the edits of alternatives that want other scopes.
pub fn scope_required(at: &RequirementPair<'_>, edits: &mut Edits) {
    let Some(compared) = Compared::of(at) else {
        return;
    };
    for lost in compared.lost() {
        let Some(new) = compared.new.iter().find(|new| new.has_same_schemes(lost)) else {
            continue;
        };
        let demands_more = new.satisfies(lost);
        edits.push(
            Edit::new(format!(
                "`{}` asks for the scopes `{}`, `{}` was enough",
                at.name,
                new.scopes(),
                lost.scopes()
            ))
            .places(lost.node, new.node)
            .values(lost.scopes(), new.scopes())
            .facet(if demands_more {
                administration(at).or_else(|| Facet::of("oauth-scope-demanded"))
            } else {
                administration(at).or_else(|| breadth(lost, new))
            }),
        );
    }
}

/// Pushes the edits of alternatives that want fewer scopes.
pub fn scope_loosened(at: &RequirementPair<'_>, edits: &mut Edits) {
    let Some(compared) = Compared::of(at) else {
        return;
    };
    for fresh in compared.fresh() {
        let fuller = compared.old.iter().find(|old| old.has_same_schemes(fresh) && old.satisfies(fresh));
        let Some(old) = fuller else { continue };
        edits.push(
            Edit::new(format!(
                "`{}` is content with the scopes `{}`, it asked for `{}`",
                at.name,
                fresh.scopes(),
                old.scopes()
            ))
            .places(old.node, fresh.node)
            .values(old.scopes(), fresh.scopes())
            .facet(administration(at).or_else(|| Facet::of("oauth-scope-dropped"))),
        );
    }
}

/// What it means that one scope took the place of another that reaches less far, or farther.
fn breadth(old: &Need, new: &Need) -> Option<Facet> {
    let scopes = |need: &Need| need.schemes.values().flatten().cloned().collect::<BTreeSet<String>>();
    let (before, after) = (scopes(old), scopes(new));
    let gone: Vec<&String> = before.difference(&after).collect();
    let won: Vec<&String> = after.difference(&before).collect();
    let ([from], [to]) = (gone.as_slice(), won.as_slice()) else {
        return None;
    };
    let order = if is_above(to, from) {
        std::cmp::Ordering::Greater
    } else if is_above(from, to) {
        std::cmp::Ordering::Less
    } else {
        let ((kind, wide), (other, narrow)) = (reach(to)?, reach(from)?);
        if kind == other { wide.cmp(&narrow) } else { std::cmp::Ordering::Equal }
    };
    match order {
        std::cmp::Ordering::Equal => None,
        order => Facet::either("oauth-scope-broadened", order.is_gt()),
    }
}

/// Whether the second scope is a part of the first: `orders` holds `orders.items`.
fn is_above(wide: &str, narrow: &str) -> bool {
    narrow.strip_prefix(wide).is_some_and(|rest| rest.starts_with(['.', ':', '/']))
}

/// What a scope opens, and how far by the order of usual words.
fn reach(scope: &str) -> Option<(&str, usize)> {
    const WORDS: [&[&str]; 4] = [
        &["read", "readonly", "view", "list", "get"],
        &["write", "readwrite", "edit", "update", "create", "delete"],
        &["admin", "manage", "all", "full"],
        &["*"],
    ];
    let (kind, word) = scope.rsplit_once([':', '.', '/', '_', '-']).unwrap_or(("", scope));
    let word = word.to_ascii_lowercase();
    WORDS.iter().position(|words| words.contains(&word.as_str())).map(|rank| (kind, rank))
}

/// What it means that credentials of ordinary operations open an administrative one, or no longer.
fn administration(at: &RequirementPair<'_>) -> Option<Facet> {
    let (old, new) = at.both()?;
    let path = at.name.split_once(' ').map_or("", |(_, path)| path);
    if !is_administrative(path) {
        return None;
    }
    let was = is_met_by_all(at.scene.old.api(), old.security);
    let is = is_met_by_all(at.scene.new.api(), new.security);
    (was != is).then(|| Facet::either("function-admin-merged", is)).flatten()
}

/// What it means that the operation came: open to all while its neighbours are closed, for
/// administrators and open to others, or for looking inside.
#[must_use]
pub fn open_added(at: &Pair<'_, OperationView<'_>>) -> Option<Facet> {
    at.new.and_then(|view| open(at.scene.new.api(), view, true))
}

/// What it means that the operation is gone.
#[must_use]
pub fn open_removed(at: &Pair<'_, OperationView<'_>>) -> Option<Facet> {
    at.old.and_then(|view| open(at.scene.old.api(), view, false))
}

/// What it means that an operation came or went.
#[must_use]
pub fn open(api: &Api, view: OperationView<'_>, added: bool) -> Option<Facet> {
    let operation = view.operation;
    if view.is_webhook || crate::lint::is_public_by_design(operation) {
        return None;
    }
    if is_debug(operation) {
        return Facet::either("function-debug-added", added);
    }
    if is_administrative(&operation.path) {
        let facet = Facet::either("function-admin-added-open", added);
        if view.open {
            return facet;
        }
        return facet
            .map(|facet| facet.at(Severity::High))
            .filter(|_| is_met_by_all(api, &operation.security));
    }
    let severity = if crate::lint::is_write(operation) { Severity::Critical } else { Severity::Medium };
    let facet = Facet::either("auth-write-open-added", added).map(|facet| facet.at(severity));
    facet.filter(|_| view.open && view.house_is_closed)
}

/// Whether credentials that some ordinary operation asks for meet the requirement.
fn is_met_by_all(api: &Api, security: &Security) -> bool {
    let own = needs(api, &security.alternatives, str::to_owned);
    let others = api.operations.iter().filter(|other| !is_administrative(&other.path));
    others
        .flat_map(|other| needs(api, &other.security.alternatives, str::to_owned))
        .any(|need| !need.schemes.is_empty() && own.iter().any(|wanted| need.satisfies(wanted)))
}

/// Whether the operation shows how the service works inside: diagnostic routes and TRACE.
fn is_debug(operation: &Operation) -> bool {
    const WORDS: [&str; 10] = [
        "debug",
        "actuator",
        "pprof",
        "console",
        "phpinfo",
        "trace",
        "heapdump",
        "env",
        "swagger-ui",
        "playground",
    ];
    operation.method == "TRACE" || operation.path.split('/').any(|segment| WORDS.contains(&segment))
}

/// Whether the receivers of an event can tell a forged one: by credentials or by a header that signs it.
#[must_use]
pub fn is_signed(operation: &Operation) -> bool {
    let signs = |name: &str| {
        let words = crate::lint::words::words(name);
        words.iter().any(|word| matches!(word.as_str(), "signature" | "hmac"))
    };
    let mut headers = operation.parameters.iter().filter(|each| each.location == Location::Header);
    !operation.security.is_open() || headers.any(|header| signs(&header.name))
}
