//! Fills the pages that judge: the diff of two versions, and the rules.

use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Value;

use super::super::super::App;
use super::super::super::extract::Params;
use super::super::super::problem::Problem;
use super::super::judge::{
    CHANGES_A_PAGE, ChangeCard, ChangeGroup, Count, DiffPage, Example, OPERATIONS_A_CARD, OperationReached,
    RuleFamily, RulePage, RuleRow, RulesPage, SecurityFacet, Side, WitnessView, cwe, owasp,
};
use super::super::reference;
use super::super::words::{self, When, count};
use super::super::{Link, Page, Pager, Section};
use super::browse::{compare_form, stage_of};
use super::version::{anchor_of, place_link};
use super::{Frame, number};
use crate::diff::{Change, Diff, Level, Verdict};
use crate::lifecycle::Stage;
use crate::registry::{ApiDetail, VersionView};
use crate::report::explain::{self, RuleInfo, RuleKind, Shown};
use crate::report::message;
use crate::scheme::Label;

#[derive(Deserialize)]
pub(super) struct DiffParams {
    /// The group whose later changes are wanted.
    #[serde(default)]
    group: String,
    /// How many changes of it to pass over.
    #[serde(default)]
    from: usize,
}

/// Longest request or response that is printed as a proof, in characters: long enough to be sent.
const WITNESS_CHARS: usize = 8_000;

/// Longest value that is printed beside a change, in characters.
const VALUE_CHARS: usize = 1_200;

pub(super) async fn diff(
    State(app): State<App>,
    Path((ns, name, range)): Path<(String, String, String)>,
    Params(params): Params<DiffParams>,
) -> Result<Page<DiffPage>, Problem> {
    let (from, to) = range
        .split_once("...")
        .ok_or_else(|| Problem::not_found("a comparison is addressed by two labels: FROM...TO"))?;
    let frame = Frame::of(&app);
    let detail = app.registry.api(&ns, &name).await?;
    let old = app.registry.version(&ns, &name, from).await?;
    let new = app.registry.version(&ns, &name, to).await?;
    let diff = app.registry.compare(&old, &new).await?;
    let position =
        |side: &VersionView| detail.versions.iter().position(|other| other.label == side.label).unwrap_or(0);
    let pair = Pair { detail: &detail, old: &old, new: &new, diff: &diff };
    let href = words::diff_href(&detail.summary.api, &old.label, &new.label);
    let crumbs =
        vec![Link::new("APIs", "/"), Link::new(&detail.summary.title, words::api_href(&detail.summary.api))];
    let mut layout =
        frame.layout(format!("{from} to {to} · {}", detail.summary.title), Section::Catalog, crumbs);
    let json = format!("/api/v1/apis/{}/diff?from={from}&to={to}", detail.summary.api);
    layout.json = Some(json.clone());
    let groups = pair.groups(&href, &params);
    Ok(Page::new(DiffPage {
        layout,
        api: Link::new(&detail.summary.title, words::api_href(&detail.summary.api)),
        from: side(&detail, &old, &frame),
        to: side(&detail, &new, &frame),
        verdict: diff.verdict.to_string(),
        headline: pair.headline(),
        bump: diff.bump.to_string(),
        due: diff.due.clone(),
        is_due_met: pair.is_due_met(),
        counts: groups
            .iter()
            .map(|group| Count {
                level: group.level.clone(),
                number: group.total,
                href: format!("#{}", group.level),
            })
            .collect(),
        groups,
        compare: compare_form(&detail, position(&old), position(&new)),
        links: vec![
            Link::new("the other way around", words::diff_href(&detail.summary.api, &new.label, &old.label)),
            Link::new("as JSON", json),
        ],
        command: format!(
            "sundial diff registry:{api}@{} registry:{api}@{}",
            old.label,
            new.label,
            api = detail.summary.api
        ),
    }))
}

fn side(detail: &ApiDetail, version: &VersionView, frame: &Frame) -> Side {
    let line = detail.summary.lines.iter().find(|line| line.line == version.line);
    Side {
        label: version.label.clone(),
        href: words::version_href(&version.api, &version.label),
        line: version.line.clone(),
        stage: stage_of(version, line).to_string(),
        format: format!("OpenAPI {}, {}", version.format, version.syntax.to_uppercase()),
        published: (version.stage != Stage::Draft).then(|| When::new(version.published_at, frame.now)),
    }
}

struct Pair<'a> {
    detail: &'a ApiDetail,
    old: &'a VersionView,
    new: &'a VersionView,
    diff: &'a Diff,
}

impl Pair<'_> {
    fn headline(&self) -> String {
        let (old, new) = (&self.old.label, &self.new.label);
        match self.diff.verdict {
            Verdict::Breaking => {
                let changes = count(number(self.diff.summary.breaking), "breaking change");
                format!("Callers of {old} break on {new}: {changes}.")
            }
            Verdict::Compatible => format!("Callers of {old} go on working on {new}."),
            Verdict::Identical => format!("{new} says the same as {old}."),
        }
    }

    /// Whether the newer label moves as far as the changes ask; a new line is due where labels cannot
    /// say it.
    fn is_due_met(&self) -> Option<bool> {
        let due = self.diff.due.as_deref()?;
        if due == "new line" {
            return Some(self.old.line != self.new.line);
        }
        let scheme = self.detail.summary.scheme.parse().ok()?;
        let label = |text: &str| Label::parse(scheme, text).ok();
        Some(label(&self.new.label)?.announces(&label(&self.old.label)?, self.diff.bump))
    }

    /// Security on top, then what breaks, warnings and the rest. A change stands once: what touches
    /// security is not repeated below, and the note of its level says how much of it is above.
    fn groups(&self, href: &str, params: &DiffParams) -> Vec<ChangeGroup> {
        let secure = |change: &Change| change.weakens() || change.strengthens();
        let kinds = [
            ("security", "Security", "What weakens or strengthens what is checked.", None),
            ("breaking", "Breaking", "What worked stops working.", Some(Level::Breaking)),
            ("warning", "Warnings", "The message fits, its meaning may not.", Some(Level::Warning)),
            ("info", "Further changes", "Nothing that a caller notices.", Some(Level::Info)),
        ];
        let mut groups = Vec::new();
        for (name, title, note, level) in kinds {
            let belongs = |change: &&Change| match level {
                None => secure(change),
                Some(level) => change.level == level && !secure(change),
            };
            let mut all: Vec<&Change> = self.diff.changes.iter().filter(belongs).collect();
            if level.is_none() {
                // What weakens comes first, the gravest on top.
                all.sort_by_key(|change| {
                    let grave = change.security.as_ref().map(|facet| facet.severity);
                    (!change.weakens(), std::cmp::Reverse(grave))
                });
            }
            let above = self
                .diff
                .changes
                .iter()
                .filter(|change| Some(change.level) == level && secure(change))
                .count();
            let note = match above {
                0 => note.to_owned(),
                above => format!(
                    "{note} {} more of this level touch security and stand above.",
                    words::grouped(number(above))
                ),
            };
            if !all.is_empty() {
                groups.push(self.group(name, title, note, &all, href, params));
            }
        }
        groups
    }

    fn group(
        &self,
        name: &str,
        title: &str,
        note: String,
        all: &[&Change],
        href: &str,
        params: &DiffParams,
    ) -> ChangeGroup {
        let total = all.len();
        let from = if params.group == name { params.from.min(total) } else { 0 };
        let changes: Vec<ChangeCard> =
            all.iter().skip(from).take(CHANGES_A_PAGE).map(|change| self.card(change)).collect();
        let until = from + changes.len();
        let page_at = |from: usize| {
            format!("{}#{name}", words::query_href(href, &[("group", name), ("from", &from.to_string())]))
        };
        ChangeGroup {
            level: name.to_owned(),
            title: title.to_owned(),
            note,
            total: number(total),
            is_folded: name == "info" && params.group != name,
            changes,
            pager: Pager {
                words: if total > CHANGES_A_PAGE {
                    format!("{} to {until} of {total}", from + 1)
                } else {
                    String::new()
                },
                previous: (from > 0).then(|| page_at(from.saturating_sub(CHANGES_A_PAGE))),
                next: (until < total).then(|| page_at(until)),
            },
        }
    }

    fn card(&self, change: &Change) -> ChangeCard {
        let place = |version: &VersionView, place: &Option<crate::spec::Place>| {
            place.as_ref().map(|place| place_link(version, &place.pointer, place.line, Some(&version.label)))
        };
        ChangeCard {
            anchor: anchor_of(&change.fingerprint),
            rule: Link::new(change.rule.as_ref(), words::rule_href(&change.rule)),
            level: change.level.to_string(),
            surface: change.surface.to_string(),
            direction: change.direction.map(|direction| direction.to_string()),
            message: words::visible(&change.message),
            security: change.security.as_ref().map(|facet| SecurityFacet {
                rule: Link::new(facet.rule.as_ref(), words::rule_href(&change.rule)),
                effect: facet.effect.as_str().to_owned(),
                severity: facet.severity.to_string(),
                owasp: owasp(&facet.owasp),
                cwe: cwe(&facet.cwe),
            }),
            operations: change
                .operations
                .iter()
                .take(OPERATIONS_A_CARD)
                .map(|op| self.reached(&op.method, &op.path))
                .collect(),
            operations_more: more(change.operations.len(), OPERATIONS_A_CARD),
            old: place(self.old, &change.old),
            new: place(self.new, &change.new),
            before: printed(&change.before),
            after: printed(&change.after),
            witness: change.witness.as_ref().map(|witness| WitnessView {
                title: message::title(witness),
                words: words::visible(&witness.reason),
                text: cut(&message::whole(witness), WITNESS_CHARS),
            }),
            undecided: change.undecided.as_deref().map(words::visible),
        }
    }

    fn reached(&self, method: &str, path: &str) -> OperationReached {
        // A webhook has no page, and what is gone has one on the older side alone.
        let side = [self.new, self.old].into_iter().find(|side| side.describes(method, path));
        OperationReached {
            method: method.to_owned(),
            path: words::visible(path),
            href: side.map(|side| words::operation_href(&side.api, &side.label, method, path)),
        }
    }
}

/// `and 12 more`, where a list was cut.
fn more(total: usize, shown: usize) -> String {
    match total.saturating_sub(shown) {
        0 => String::new(),
        rest => format!("and {} more", words::grouped(number(rest))),
    }
}

fn printed(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    Some(cut(&text, VALUE_CHARS))
}

/// Text of at most so many characters, with a sign where something is missing.
fn cut(text: &str, chars: usize) -> String {
    let cut: String = text.chars().take(chars).collect();
    let more = if cut.len() < text.len() { "\n…" } else { "" };
    words::visible(&format!("{cut}{more}"))
}

pub(super) async fn rules(State(app): State<App>) -> Page<RulesPage> {
    let rules = explain::all();
    let mut families: Vec<RuleFamily> = Vec::new();
    for rule in &rules {
        let name = family(rule);
        if families.last().is_none_or(|family| family.name != name) {
            families.push(RuleFamily { anchor: reference::anchor("", &name), name, rules: Vec::new() });
        }
        if let Some(family) = families.last_mut() {
            family.rules.push(RuleRow {
                id: rule.id.to_owned(),
                href: words::rule_href(rule.id),
                title: rule.title.to_owned(),
                level: weight(rule),
                surface: rule.surface.map(|surface| surface.to_string()).unwrap_or_default(),
                owasp: rule.owasp.map(str::to_owned),
            });
        }
    }
    let layout = Frame::of(&app).layout("Rules", Section::Rules, Vec::new());
    Page::new(RulesPage { layout, families, found: count(number(rules.len()), "rule") })
}

/// What a rule is about: the first word of its id says it.
fn family(rule: &RuleInfo) -> String {
    let kind = match rule.kind {
        RuleKind::Diff => "Diff",
        RuleKind::Lint => "Lint",
    };
    format!("{kind}: {}", rule.id.split('-').next().unwrap_or(rule.id))
}

/// The level of a rule of the diff, the severity of one of lint.
fn weight(rule: &RuleInfo) -> String {
    let level = rule.level.map(|level| level.to_string());
    level.or_else(|| rule.severity.map(|severity| severity.to_string())).unwrap_or_default()
}

pub(super) async fn rule(State(app): State<App>, Path(id): Path<String>) -> Result<Page<RulePage>, Problem> {
    let rule = explain::find(&id).ok_or_else(|| Problem::not_found(format!("there is no rule `{id}`")))?;
    let example = |shown: &Shown| match &shown.new {
        Some(new) => Example { before: Some(shown.old.clone()), after: new.clone() },
        None => Example { before: None, after: shown.old.clone() },
    };
    Ok(Page::new(RulePage {
        layout: Frame::of(&app).layout(rule.id, Section::Rules, vec![Link::new("Rules", "/rules")]),
        id: rule.id.to_owned(),
        title: rule.title.to_owned(),
        kind: if rule.kind == RuleKind::Diff { "diff" } else { "lint" }.to_owned(),
        level: weight(&rule),
        surface: rule.surface.map(|surface| surface.to_string()).unwrap_or_default(),
        since: rule.since.to_owned(),
        why: words::paragraphs(rule.why),
        remedy: words::paragraphs(rule.remedy),
        fires: rule.fires.iter().map(example).collect(),
        silent: rule.silent.iter().map(example).collect(),
        security: None,
        command: format!("sundial explain {}", rule.id),
    }))
}
