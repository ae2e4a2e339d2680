//! Fills the pages for looking around: the list of APIs, and one API.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::super::super::App;
use super::super::super::extract::Params;
use super::super::super::problem::Problem;
use super::super::browse::{
    Answers, ApiPage, ApiRow, Compare, Fact, Home, LineBadge, LineRow, Namespace, Newest, NextSunset, Reason,
    ReasonWords, Recent, RouteWords, Search, Sunset, VersionRow,
};
use super::super::timeline::{Dial, Span, Timeline};
use super::super::words::{self, When, count};
use super::super::{Choice, Findings, Link, Page, Pager, Section};
use super::{Frame, description, number, see, verdict};
use crate::diff;
use crate::enforcement::Route;
use crate::lifecycle::Stage;
use crate::lint::Severity;
use crate::registry::{ApiDetail, ApiQuery, ApiSummary, LineView, UsageSummary, VersionView};

/// APIs on one page of the list.
const APIS_A_PAGE: usize = 50;
/// Versions on one page of an API.
const VERSIONS_A_PAGE: usize = 50;
/// Lines shown beside an API in the list.
const LINES: usize = 5;
/// Coming sunsets and latest publishes beside the list.
const BESIDE: usize = 6;
/// Reasons shown for one line.
const REASONS: usize = 5;
/// Lines that are measured against the newest one.
const REASONED: usize = 4;

#[derive(Deserialize)]
pub(super) struct HomeParams {
    #[serde(default)]
    q: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn home(
    State(app): State<App>,
    Params(params): Params<HomeParams>,
) -> Result<Page<Home>, Problem> {
    let frame = Frame::of(&app);
    let stage = params.stage.parse::<Stage>().ok();
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let query = ApiQuery {
        text: params.q.clone(),
        namespace: filled(&params.namespace),
        stage,
        after: filled(&params.after),
        limit: APIS_A_PAGE,
    };
    let page = app.registry.apis(&query).await?;
    let home = app.registry.home(BESIDE as i64).await?;
    let is_filtered = !params.q.is_empty() || stage.is_some() || query.namespace.is_some();
    let is_first = query.after.is_none();
    let total: i64 = home.namespaces.iter().map(|namespace| namespace.apis).sum();
    let found = if is_filtered || page.next.is_some() || !is_first {
        let more = if page.next.is_some() { ", and more" } else { "" };
        format!("{}{more}", count(number(page.items.len()), "API"))
    } else {
        let namespaces = count(number(home.namespaces.len()), "namespace");
        format!("{} in {namespaces}", count(u64::try_from(total).unwrap_or(0), "API"))
    };
    let kept = [("q", params.q.as_str()), ("stage", &params.stage), ("namespace", &params.namespace)];
    let next = page
        .next
        .as_ref()
        .map(|after| words::query_href("/", &[kept[0], kept[1], kept[2], ("after", after)]));
    let previous = (!is_first).then(|| words::query_href("/", &kept));
    let drawn: Vec<_> = home
        .sunsets
        .iter()
        .map(|notice| (format!("{} {}", notice.api, notice.line.line), notice.sunset_at))
        .collect();
    let beside = is_first && !is_filtered;
    let mut layout = frame.layout("APIs", Section::Catalog, Vec::new());
    layout.json = Some(words::query_href("/api/v1/apis", &kept));
    layout.description = "Every version of every API, and how long it lasts.".to_owned();
    Ok(Page::new(Home {
        layout,
        search: Search {
            q: params.q.clone(),
            stages: choices(
                "any",
                ["active", "deprecated", "retired", "blocked", "draft"].map(str::to_owned),
                &params.stage,
            ),
            namespaces: choices("any", home.namespaces.iter().map(|one| one.name.clone()), &params.namespace),
            is_filtered,
        },
        namespaces: home
            .namespaces
            .iter()
            .map(|one| Namespace {
                name: one.name.clone(),
                href: words::query_href("/", &[("namespace", &one.name)]),
                apis: u64::try_from(one.apis).unwrap_or(0),
                chosen: one.name == params.namespace,
            })
            .collect(),
        apis: page.items.iter().map(|summary| api_row(summary, &frame)).collect(),
        found,
        pager: Pager { words: String::new(), previous, next },
        dial: (beside && total > 0).then(|| Dial::draw(&drawn, frame.now)),
        sunsets: home
            .sunsets
            .iter()
            .filter(|_| beside)
            .take(BESIDE)
            .map(|notice| Sunset {
                title: notice.api.clone(),
                line: notice.line.line.clone(),
                href: line_href(&notice.api, &notice.line.line),
                at: When::new(notice.sunset_at, frame.now),
                successor: notice
                    .line
                    .successor
                    .as_ref()
                    .map(|next| Link::new(next, line_href(&notice.api, next))),
                api: notice.api.clone(),
            })
            .collect(),
        recent: home
            .recent
            .iter()
            .filter(|_| beside)
            .map(|version| Recent {
                api: version.api.clone(),
                label: version.label.clone(),
                href: words::version_href(&version.api, &version.label),
                published: When::new(version.published_at, frame.now),
                verdict: verdict(version),
            })
            .collect(),
        publish_command: "sundial publish payments/charges@1.0.0 openapi.yaml".to_owned(),
        is_empty: total == 0,
    }))
}

fn choices(any: &str, values: impl IntoIterator<Item = String>, chosen: &str) -> Vec<Choice> {
    let first = Choice { value: String::new(), words: any.to_owned(), chosen: chosen.is_empty() };
    let rest =
        values.into_iter().map(|value| Choice { chosen: value == chosen, words: value.clone(), value });
    std::iter::once(first).chain(rest).collect()
}

fn line_href(api: &str, line: &str) -> String {
    format!("{}#line-{line}", words::api_href(api))
}

fn api_row(summary: &ApiSummary, frame: &Frame) -> ApiRow {
    let badge = |line: &LineView| LineBadge {
        line: line.line.clone(),
        stage: line.stage.to_string(),
        href: line_href(&summary.api, &line.line),
    };
    let more = summary.lines.len().saturating_sub(LINES);
    let sunset = summary
        .lines
        .iter()
        .filter_map(|line| Some((line, line.sunset_at.filter(|at| *at > frame.now)?)))
        .min_by_key(|(_, at)| *at);
    ApiRow {
        title: summary.title.clone(),
        id: summary.api.clone(),
        href: words::api_href(&summary.api),
        owner: summary.namespace.clone(),
        third_party: summary.origin != "own",
        internal: summary.visibility == "internal",
        lines: summary.lines.iter().take(LINES).map(badge).collect(),
        lines_more: (more > 0).then(|| format!("and {more} older")),
        newest: summary.newest.as_ref().map(|newest| Newest {
            label: newest.label.clone(),
            href: words::version_href(&summary.api, &newest.label),
            published: When::new(newest.published_at, frame.now),
        }),
        sunset: sunset.map(|(line, at)| NextSunset { line: line.line.clone(), at: When::new(at, frame.now) }),
        findings: summary
            .newest
            .as_ref()
            .map(|newest| findings(&newest.findings, &summary.api, &newest.label))
            .unwrap_or_default(),
    }
}

/// Severities from the gravest on.
pub(super) const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "info"];

/// Findings of one document for a table: those that somebody should mend.
pub(super) fn findings(counts: &Value, api: &str, label: &str) -> Findings {
    let of = |severity: &&str| counts[*severity].as_u64().unwrap_or(0);
    let grave = &SEVERITIES[..4];
    Findings {
        total: grave.iter().map(of).sum(),
        worst: grave
            .iter()
            .find(|severity| of(severity) > 0)
            .map(|severity| (*severity).to_owned())
            .unwrap_or_default(),
        href: format!("{}/findings", words::version_href(api, label)),
    }
}

#[derive(Deserialize)]
pub(super) struct ApiParams {
    #[serde(default)]
    from: usize,
}

pub(super) async fn api(
    State(app): State<App>,
    Path((ns, name)): Path<(String, String)>,
    Params(params): Params<ApiParams>,
) -> Result<Page<ApiPage>, Problem> {
    let frame = Frame::of(&app);
    let detail = app.registry.api(&ns, &name).await?;
    let answers = app.registry.answers(&ns, &name).await?;
    let reasons = reasons(&app, &detail).await?;
    let id = detail.summary.api.clone();
    let href = words::api_href(&id);
    let newest =
        detail.versions.iter().find(|version| version.stage != Stage::Draft).or(detail.versions.first());
    let description = match newest {
        Some(version) => version_description(&app, version).await?,
        None => Vec::new(),
    };
    let mut layout = frame.layout(&detail.summary.title, Section::Catalog, vec![Link::new("APIs", "/")]);
    layout.json = Some(format!("/api/v1/apis/{id}"));
    let shown: Vec<VersionRow> = detail
        .versions
        .iter()
        .skip(params.from)
        .take(VERSIONS_A_PAGE)
        .map(|version| version_row(&detail, version, &frame))
        .collect();
    let until = params.from + shown.len();
    let page_at =
        |from: usize| format!("{}#versions", words::query_href(&href, &[("from", &from.to_string())]));
    let pager = Pager {
        words: format!("{} to {until} of {}", params.from + 1, detail.versions.len()),
        previous: (params.from > 0).then(|| page_at(params.from.saturating_sub(VERSIONS_A_PAGE))),
        next: (until < detail.versions.len()).then(|| page_at(until)),
    };
    let called = answers.iter().any(|usage| usage.answers.values().any(|calls| *calls > 0));
    Ok(Page::new(ApiPage {
        layout,
        title: detail.summary.title.clone(),
        description,
        facts: vec![
            Fact::new("Owner", &ns).link(Some(words::query_href("/", &[("namespace", &ns)]))),
            Fact::new("Policy", &detail.summary.policy),
            Fact::new(
                "Versions",
                format!("{}, by {}", count(number(detail.versions.len()), "version"), detail.summary.scheme),
            ),
            Fact::new("Visibility", &detail.summary.visibility),
            Fact::new("Origin", &detail.summary.origin),
        ],
        timeline: timeline(&detail, &frame),
        lines: detail.summary.lines.iter().map(|line| line_row(&detail, line, &frame)).collect(),
        reasons,
        answers: detail
            .summary
            .lines
            .iter()
            .filter_map(|line| answers_of(line, answers.iter().find(|usage| usage.line == line.line)?))
            .collect(),
        answers_since: if called { "over the last 30 days".to_owned() } else { String::new() },
        versions: shown,
        pager,
        compare: compare_form(&detail),
        publish_command: publish_command(&detail),
        id,
    }))
}

/// What the newest document says of the API; a document that no longer fits the bounds says nothing.
async fn version_description(app: &App, version: &VersionView) -> Result<Vec<String>, Problem> {
    let document = app.registry.reading(version).await?;
    Ok(description(&document).into_iter().take(2).collect())
}

fn publish_command(detail: &ApiDetail) -> String {
    let label = match detail.summary.scheme.as_str() {
        "date" => "2027-01-15",
        "integer" => "v9",
        _ => "1.4.0",
    };
    format!("sundial publish {}@{label} openapi.yaml", detail.summary.api)
}

fn timeline(detail: &ApiDetail, frame: &Frame) -> Option<Timeline> {
    let spans: Vec<Span> = detail
        .summary
        .lines
        .iter()
        .rev()
        .map(|line| Span {
            line: line.line.clone(),
            stage: line.stage.to_string(),
            published: detail
                .versions
                .iter()
                .filter(|version| version.line == line.line)
                .map(|version| (version.label.clone(), version.published_at))
                .collect(),
            deprecated_at: line.deprecated_at,
            sunset_at: line.sunset_at,
            blocked_at: line.blocked_at,
        })
        .collect();
    Timeline::draw(&spans, frame.now)
}

fn line_row(detail: &ApiDetail, line: &LineView, frame: &Frame) -> LineRow {
    let id = &detail.summary.api;
    let versions: Vec<&VersionView> =
        detail.versions.iter().filter(|version| version.line == line.line).collect();
    let when = |at| When::new(at, frame.now);
    let since = versions
        .iter()
        .filter(|version| version.stage != Stage::Draft)
        .map(|version| version.published_at)
        .min();
    LineRow {
        line: line.line.clone(),
        stage: line.stage.to_string(),
        reason: line.reason.clone(),
        current: line.current.as_ref().map(|label| Link::new(label, words::version_href(id, label))),
        versions: count(number(versions.len()), "version"),
        since: since.map(when),
        deprecated: line.deprecated_at.map(when),
        sunset: line.sunset_at.map(when),
        successor: line.successor.as_ref().map(|next| Link::new(next, line_href(id, next))),
        links: links(&line.links),
        routes: line.routes.iter().map(route_words).collect(),
    }
}

/// The owner's links, those that a page may lead to.
pub(super) fn links(links: &BTreeMap<String, String>) -> Vec<Link> {
    links.iter().filter_map(|(rel, url)| Some(Link::new(rel, words::outward(url)?))).collect()
}

fn route_words(route: &Route) -> RouteWords {
    let header = route.header.as_ref().map(|selector| format!("with header {selector}"));
    let query = route.query.as_ref().map(|selector| format!("with query {selector}"));
    RouteWords { base: format!("{}{}", route.host, route.path), selector: header.or(query) }
}

fn answers_of(line: &LineView, usage: &UsageSummary) -> Option<Answers> {
    let counts: Vec<(&str, u64)> = ["allow", "announce", "throttle", "refuse"]
        .into_iter()
        .map(|answer| {
            (answer, usage.answers.get(answer).map_or(0, |calls| u64::try_from(*calls).unwrap_or(0)))
        })
        .collect();
    counts
        .iter()
        .any(|(_, calls)| *calls > 0)
        .then(|| Answers::new(&line.line, &line.stage.to_string(), &counts))
}

fn version_row(detail: &ApiDetail, version: &VersionView, frame: &Frame) -> VersionRow {
    let line = detail.summary.lines.iter().find(|line| line.line == version.line);
    VersionRow {
        label: version.label.clone(),
        href: words::version_href(&version.api, &version.label),
        line: version.line.clone(),
        stage: stage_of(version, line).to_string(),
        is_current: line.is_some_and(|line| line.current.as_ref() == Some(&version.label)),
        published: When::new(version.published_at, frame.now),
        verdict: verdict(version),
        findings: findings(&version.findings, &version.api, &version.label),
        format: format!("OpenAPI {}, {}", version.format, version.syntax.to_uppercase()),
        sha: version.sha256.chars().take(12).collect(),
        document: format!("{}/document/view", words::version_href(&version.api, &version.label)),
    }
}

/// The stage of a version as its readers should see it: the stricter of its own and its line's.
pub(super) fn stage_of(version: &VersionView, line: Option<&LineView>) -> Stage {
    match (version.stage, line) {
        (Stage::Draft, _) | (_, None) => version.stage,
        (own, Some(line)) => own.max(line.own_stage),
    }
}

/// The form for two versions, on the newest pair at first.
pub(super) fn compare_form(detail: &ApiDetail) -> Option<Compare> {
    if detail.versions.len() < 2 {
        return None;
    }
    let side = |chosen: usize| {
        let choice = |(at, version): (usize, &VersionView)| Choice {
            value: version.label.clone(),
            words: version.label.clone(),
            chosen: at == chosen,
        };
        detail.versions.iter().enumerate().map(choice).collect()
    };
    Some(Compare {
        action: format!("{}/compare", words::api_href(&detail.summary.api)),
        from: side(1),
        to: side(0),
    })
}

/// Why older lines should go: what the newest line does better, the line with the gravest first.
async fn reasons(app: &App, detail: &ApiDetail) -> Result<Vec<Reason>, Problem> {
    let id = &detail.summary.api;
    let current = |line: &LineView| {
        let label = line.current.as_ref()?;
        detail.versions.iter().find(|version| version.label == *label && version.stage != Stage::Draft)
    };
    let lives = |line: &&LineView| line.stage < Stage::Retired && current(line).is_some();
    let mut alive = detail.summary.lines.iter().filter(lives);
    let Some(newest) = alive.next() else { return Ok(Vec::new()) };
    let mut reasons: Vec<(Severity, Reason)> = Vec::new();
    for line in alive.take(REASONED) {
        let (Some(old), Some(new)) = (current(line), current(newest)) else { continue };
        let compared = app.registry.compare(old, new).await?;
        let why = diff::retire_reasons(&compared, &line.line, &newest.line);
        let Some(gravest) = why.first() else { continue };
        let more = why.len().saturating_sub(REASONS);
        let sentences = why.iter().take(REASONS).map(|reason| ReasonWords {
            severity: reason.severity.to_string(),
            words: reason.words.clone(),
            owasp: Some(reason.owasp.to_string()),
        });
        let reason = Reason {
            line: line.line.clone(),
            stage: line.stage.to_string(),
            against: newest.line.clone(),
            href: words::diff_href(id, &old.label, &new.label),
            sentences: sentences.collect(),
            more: (more > 0).then(|| format!("and {more} more")),
        };
        reasons.push((gravest.severity, reason));
    }
    reasons.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    Ok(reasons.into_iter().map(|(_, reason)| reason).collect())
}

#[derive(Deserialize)]
pub(super) struct CompareParams {
    from: String,
    to: String,
}

/// Where the form for two versions leads.
pub(super) async fn compare(
    State(app): State<App>,
    Path((ns, name)): Path<(String, String)>,
    Params(params): Params<CompareParams>,
) -> Result<Response, Problem> {
    let from = app.registry.version(&ns, &name, &params.from).await?;
    let to = app.registry.version(&ns, &name, &params.to).await?;
    Ok(see(&words::diff_href(&to.api, &from.label, &to.label)).into_response())
}
