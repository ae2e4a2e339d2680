//! Fills the page of one operation.

use axum::extract::{Path, State};

use super::super::super::App;
use super::super::super::problem::Problem;
use super::super::reference::{
    self, BodyView, Credentials, MediaView, OperationPage, ParameterGroup, PropertyRow, ResponseView,
    SchemaView,
};
use super::super::words::{self, When};
use super::super::{Link, Page, Section};
use super::schema::Printer;
use super::version::{Opened, scheme_words};
use crate::clock::Timestamp;
use crate::lifecycle::Stage;
use crate::spec::model::{Body, Header, Location, MediaType, Operation, Parameter, Response, Status};
use crate::spec::schema::SchemaId;
use crate::spec::tree::NodeId;

type OperationPath = Path<(String, String, String, String, String)>;

pub(super) async fn operation(
    State(app): State<App>,
    Path((ns, name, label, method, path)): OperationPath,
) -> Result<Page<OperationPage>, Problem> {
    page(&app, &ns, &name, &label, &method, &format!("/{path}")).await
}

/// The operation on `/`, whose path leaves nothing for the wildcard.
pub(super) async fn root_operation(
    State(app): State<App>,
    Path((ns, name, label, method)): Path<(String, String, String, String)>,
) -> Result<Page<OperationPage>, Problem> {
    page(&app, &ns, &name, &label, &method, "/").await
}

async fn page(
    app: &App,
    ns: &str,
    name: &str,
    label: &str,
    method: &str,
    path: &str,
) -> Result<Page<OperationPage>, Problem> {
    let opened = Opened::open(app, ns, name, label).await?;
    let found = opened.api().operations.iter().find(|op| op.method == method && op.path == path);
    let operation = found
        .ok_or_else(|| Problem::not_found(format!("version `{label}` has no operation `{method} {path}`")))?;
    let elsewhere = elsewhere(app, &opened, operation).await?;
    let printer = Printer::new(&opened);
    let version = &opened.version;
    let address = words::operation_href(&version.api, &version.label, method, path);
    let is_there = opened.newest().is_some_and(|newest| newest.describes(method, path));
    let tail = address.strip_prefix(&opened.href()).filter(|_| is_there).unwrap_or_default();
    let title = format!("{method} {} · {label} · {}", words::visible(path), opened.detail.summary.title);
    let tag_link = |tag: &String| {
        Link::new(
            words::visible(tag),
            format!(
                "{}#{}",
                words::query_href(&opened.href(), &[("tag", tag)]),
                reference::anchor("tag-", tag)
            ),
        )
    };
    Ok(Page::new(OperationPage {
        layout: opened.frame.layout(title, Section::Catalog, opened.crumbs()),
        head: opened.head("Reference", tail),
        method: operation.method.clone(),
        path: words::visible(&operation.path),
        id: operation.id.as_deref().map(words::visible),
        summary: words::visible(opened.text(operation.summary)),
        description: printer.text(operation.description),
        tags: operation.tags.iter().map(tag_link).collect(),
        deprecated: operation.deprecated.then(|| deprecation(operation, &opened)),
        credentials: credentials(&opened, operation),
        parameters: parameters(&printer, operation),
        body: operation.body.as_ref().map(|body| body_view(&printer, body)),
        responses: operation.responses.iter().map(|response| response_view(&printer, response)).collect(),
        curl: curl(operation),
        place: opened.place(operation.node),
        elsewhere,
    }))
}

/// The same operation in the current versions of other lines.
async fn elsewhere(app: &App, opened: &Opened, operation: &Operation) -> Result<Vec<Link>, Problem> {
    let mut links = Vec::new();
    let summary = &opened.detail.summary;
    let others =
        summary.lines.iter().filter(|line| line.line != opened.version.line && line.stage < Stage::Retired);
    for line in others.take(6) {
        let current =
            opened.detail.versions.iter().find(|version| line.current.as_ref() == Some(&version.label));
        let Some(version) = current else { continue };
        let document = app.registry.reading(version).await?;
        let same = |other: &&Operation| {
            other.method == operation.method && other.key == operation.key
                || (other.id.is_some() && other.id == operation.id)
        };
        if let Some(other) = document.api().operations.iter().find(same) {
            links.push(Link::new(
                &line.line,
                words::operation_href(&version.api, &version.label, &other.method, &other.path),
            ));
        }
    }
    Ok(links)
}

fn deprecation(operation: &Operation, opened: &Opened) -> String {
    match operation.sunset.as_deref().map(str::parse::<Timestamp>) {
        Some(Ok(at)) => {
            let when = When::new(at, opened.frame.now);
            format!("Deprecated; it goes on {} ({}).", when.words, when.relative)
        }
        _ => "Deprecated.".to_owned(),
    }
}

fn credentials(opened: &Opened, operation: &Operation) -> Vec<Credentials> {
    let alternatives = operation.security.alternatives.iter().map(|way| {
        let needs: Vec<String> = way
            .requirements
            .iter()
            .map(|need| {
                let scheme = opened.api().security_scheme(&need.scheme);
                let words = scheme
                    .map_or_else(|| "an undefined scheme".to_owned(), |scheme| scheme_words(&scheme.kind));
                format!("{words} ({})", words::visible(&need.scheme))
            })
            .collect();
        let scopes = way.requirements.iter().flat_map(|need| need.scopes.iter());
        Credentials {
            words: if needs.is_empty() { "nothing at all".to_owned() } else { needs.join(" and ") },
            scopes: scopes.map(|scope| words::visible(scope)).collect(),
        }
    });
    alternatives.collect()
}

fn parameters(printer: &Printer<'_>, operation: &Operation) -> Vec<ParameterGroup> {
    let groups = [
        (Location::Path, "Path"),
        (Location::Query, "Query"),
        (Location::QueryString, "Query string"),
        (Location::Header, "Header"),
        (Location::Cookie, "Cookie"),
    ];
    groups
        .into_iter()
        .filter_map(|(location, name)| {
            let rows: Vec<PropertyRow> = operation
                .parameters
                .iter()
                .filter(|parameter| parameter.location == location)
                .map(|parameter| parameter_row(printer, parameter))
                .collect();
            (!rows.is_empty()).then(|| ParameterGroup { location: name.to_owned(), rows })
        })
        .collect()
}

/// A parameter or header as a row: its own words where it has some, else those of its schema.
fn named_row(
    printer: &Printer<'_>,
    name: &str,
    schema: Option<SchemaId>,
    description: Option<NodeId>,
) -> PropertyRow {
    let mut row = match schema {
        Some(id) => printer.row(id, 0, name, ""),
        None => {
            PropertyRow { name: words::visible(name), kind: "anything".to_owned(), ..PropertyRow::default() }
        }
    };
    if description.is_some() {
        row.description = printer.text(description);
    }
    row
}

fn parameter_row(printer: &Printer<'_>, parameter: &Parameter) -> PropertyRow {
    let schema = parameter.schema.or_else(|| parameter.content.first()?.schema);
    let mut row = named_row(printer, &parameter.name, schema, parameter.description);
    row.is_required = parameter.required;
    row.is_deprecated |= parameter.deprecated;
    row
}

fn header_row(printer: &Printer<'_>, header: &Header) -> PropertyRow {
    let schema = header.schema.or_else(|| header.content.first()?.schema);
    let mut row = named_row(printer, &header.name, schema, header.description);
    row.is_required = header.required;
    row.is_deprecated |= header.deprecated;
    row
}

fn body_view(printer: &Printer<'_>, body: &Body) -> BodyView {
    BodyView {
        is_required: body.required,
        description: printer.text(body.description),
        media: media(printer, &body.content),
    }
}

fn media(printer: &Printer<'_>, content: &[MediaType]) -> Vec<MediaView> {
    content
        .iter()
        .map(|media| MediaView {
            name: words::visible(&media.name),
            schema: media.schema.map_or_else(
                || SchemaView { kind: "anything".to_owned(), ..SchemaView::default() },
                |id| printer.view(id),
            ),
            example: printer.example(media),
        })
        .collect()
}

fn response_view(printer: &Printer<'_>, response: &Response) -> ResponseView {
    let class = match response.status {
        Status::Code(200..=299) | Status::Range(2) => "success",
        Status::Code(300..=399) | Status::Range(3) => "redirect",
        Status::Code(400..=499) | Status::Range(4) => "client",
        Status::Code(500..=599) | Status::Range(5) => "server",
        _ => "default",
    };
    ResponseView {
        status: response.status.to_string(),
        class: class.to_owned(),
        description: words::visible(printer.opened.text(response.description)),
        headers: response.headers.iter().map(|header| header_row(printer, header)).collect(),
        media: media(printer, &response.content),
    }
}

/// A call with placeholders in capitals, ready to paste: every text of the document is quoted for a
/// shell.
fn curl(operation: &Operation) -> String {
    let base = operation.servers.first().map_or("", |server| server.url.as_str()).trim_end_matches('/');
    let required = |location: Location| {
        operation
            .parameters
            .iter()
            .filter(move |parameter| parameter.location == location && parameter.required)
    };
    let query: Vec<String> = required(Location::Query)
        .map(|parameter| format!("{}={}", parameter.name, placeholder(&parameter.name)))
        .collect();
    let tail = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let mut call =
        format!("curl -X {} {}", operation.method, quoted(&format!("{base}{}{tail}", operation.path)));
    for header in required(Location::Header) {
        call.push_str(&format!(
            " \\\n  -H {}",
            quoted(&format!("{}: {}", header.name, placeholder(&header.name)))
        ));
    }
    if !operation.security.is_open() {
        call.push_str(" \\\n  -H 'Authorization: CREDENTIALS'");
    }
    if let Some(media) = operation.body.as_ref().and_then(|body| body.content.first()) {
        call.push_str(&format!(
            " \\\n  -H {} \\\n  --data @body",
            quoted(&format!("Content-Type: {}", media.name))
        ));
    }
    words::visible(&call)
}

fn placeholder(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_document_cannot_put_a_command_into_the_call() {
        assert_eq!(quoted("a'; rm -rf / '"), "'a'\\''; rm -rf / '\\'''");
    }
}
