//! `/api/v1`: what changes something, and the check that tells what a change would say.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::App;
use super::super::extract::{Caller, DocumentBody, JsonBody, Params, if_match};
use super::super::problem::Problem;
use super::{PartPath, answer_line};
use crate::enforcement::Route;
use crate::lifecycle::policy::Preset;
use crate::registry::{Judgement, Outcome, PublishRequest, ScheduleChange, Subject};
use crate::report::CheckReport;

#[derive(Deserialize)]
pub(super) struct PublishParams {
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    strict: bool,
    line: Option<String>,
}

fn request(
    path: (String, String, String),
    params: &PublishParams,
    bytes: axum::body::Bytes,
) -> PublishRequest {
    let (namespace, api, label) = path;
    PublishRequest {
        namespace,
        api,
        label,
        bytes,
        line: params.line.clone(),
        draft: params.draft,
        strict: params.strict,
        at: None,
    }
}

pub(super) async fn publish(
    State(app): State<App>,
    Path(path): PartPath,
    Params(params): Params<PublishParams>,
    Caller(by): Caller,
    DocumentBody(bytes): DocumentBody,
) -> Result<Response, Problem> {
    let judgement = app.registry.publish(&request(path, &params, bytes), params.dry_run, &by).await?;
    let answer = judgement.answer;
    let created = answer.outcome == Outcome::Created && !params.dry_run;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    let location = HeaderValue::from_str(answer.document.trim_end_matches("/document"));
    let mut response = (status, Json(answer)).into_response();
    if let (true, Ok(location)) = (created, location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

pub(super) async fn check(
    State(app): State<App>,
    Path(path): PartPath,
    Params(params): Params<PublishParams>,
    Caller(by): Caller,
    DocumentBody(bytes): DocumentBody,
) -> Result<Json<CheckReport>, Problem> {
    let judgement = app.registry.check(&request(path, &params, bytes), &by).await?;
    Ok(Json(check_report(judgement)))
}

/// A judgement as a report prints it.
fn check_report(judgement: Judgement) -> CheckReport {
    let Judgement { answer, lint, diffs } = judgement;
    let predecessor = diffs.iter().find(|comparison| comparison.predecessor);
    CheckReport {
        accepted: answer.policy.iter().all(|demand| demand.holds),
        bump: predecessor.map(|comparison| comparison.diff.bump).unwrap_or_default(),
        due: predecessor.and_then(|comparison| comparison.diff.due.clone()),
        api: answer.api,
        label: answer.label,
        line: answer.line,
        lint,
        diffs,
        policy: answer.policy,
    }
}

pub(super) async fn schedule_line(
    State(app): State<App>,
    Path((ns, api, line)): PartPath,
    headers: HeaderMap,
    Caller(by): Caller,
    JsonBody(change): JsonBody<ScheduleChange>,
) -> Result<Response, Problem> {
    let expected = if_match(&headers);
    let view = app.registry.schedule(&ns, &api, &Subject::Line(line), &change, expected, &by).await?;
    Ok(answer_line(&HeaderMap::new(), view))
}

pub(super) async fn schedule_version(
    State(app): State<App>,
    Path((ns, api, label)): PartPath,
    headers: HeaderMap,
    Caller(by): Caller,
    JsonBody(change): JsonBody<ScheduleChange>,
) -> Result<Response, Problem> {
    let expected = if_match(&headers);
    app.registry.schedule(&ns, &api, &Subject::Version(label.clone()), &change, expected, &by).await?;
    Ok(Json(app.registry.version(&ns, &api, &label).await?).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    reason: String,
}

pub(super) async fn block(
    state: State<App>,
    path: PartPath,
    by: Caller,
    reason: JsonBody<Reason>,
) -> Result<Response, Problem> {
    set_block(state, path, by, reason, true).await
}

pub(super) async fn unblock(
    state: State<App>,
    path: PartPath,
    by: Caller,
    reason: JsonBody<Reason>,
) -> Result<Response, Problem> {
    set_block(state, path, by, reason, false).await
}

async fn set_block(
    State(app): State<App>,
    Path((ns, api, line)): PartPath,
    Caller(by): Caller,
    JsonBody(reason): JsonBody<Reason>,
    blocked: bool,
) -> Result<Response, Problem> {
    let view = app.registry.block(&ns, &api, &line, &reason.reason, blocked, &by).await?;
    Ok(answer_line(&HeaderMap::new(), view))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Routes {
    items: Vec<Route>,
}

pub(super) async fn routes(
    State(app): State<App>,
    Path((ns, api, line)): PartPath,
    Caller(by): Caller,
    JsonBody(routes): JsonBody<Routes>,
) -> Result<Response, Problem> {
    let view = app.registry.set_routes(&ns, &api, &line, &routes.items, &by).await?;
    Ok(answer_line(&HeaderMap::new(), view))
}

#[derive(Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    preset: Preset,
}

pub(super) async fn policy(
    State(app): State<App>,
    Path(ns): Path<String>,
    Caller(by): Caller,
    JsonBody(policy): JsonBody<Policy>,
) -> Result<Json<Policy>, Problem> {
    app.registry.set_policy(&ns, policy.preset, &by).await?;
    Ok(Json(policy))
}
