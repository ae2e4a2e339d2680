//! Help pages of problem types: what a refusal means and what to do about it.
//!
//! The `type` of every problem (RFC 9457) is the address of one of these pages, so an id stays
//! for ever once it was sent.

use askama::Template;

use super::{Layout, Section};

/// What is to be said about a problem type.
#[derive(Debug)]
pub struct Help {
    /// The last segment of the problem's `type`.
    pub id: &'static str,
    /// The problem's `title`.
    pub title: &'static str,
    /// The statuses it comes with.
    pub status: &'static str,
    /// Who answers so: `gateway` or `registry`.
    pub from: &'static str,
    /// What happened.
    pub meaning: &'static str,
    /// What the caller does about it.
    pub remedy: &'static str,
}

const fn help(
    id: &'static str,
    title: &'static str,
    status: &'static str,
    from: &'static str,
    meaning: &'static str,
    remedy: &'static str,
) -> Help {
    Help { id, title, status, from, meaning, remedy }
}

/// Every problem type, those of the gateway first.
pub static PROBLEMS: &[Help] = &[
    help(
        "version-retired",
        "Version retired",
        "410",
        "gateway",
        "The line that was called has passed its sunset date. It is not coming back.",
        "Move to the line that `successor` names. The migration guide is linked with rel=\"sunset\" or rel=\"deprecation\" in the answer, and on the API's page in this catalog.",
    ),
    help(
        "version-brownout",
        "Version in a planned brownout",
        "410, or 503 and 429 where the operator chose so",
        "gateway",
        "The line still lives, but is refused for a short while, so that callers who missed its deprecation notice it before the sunset.",
        "The call works again after `Retry-After`. Move to the line that `successor` names before `sunset_at`.",
    ),
    help(
        "version-blocked",
        "Version blocked",
        "410",
        "gateway",
        "The owner has stopped this line in an emergency, for the reason given in `detail`.",
        "Retrying does not help. Use another line of the API, or ask the owner named on its page.",
    ),
    help(
        "version-throttled",
        "Version throttled",
        "429",
        "gateway",
        "The line is deprecated, and takes only a limited number of requests per second from each consumer.",
        "Wait for `Retry-After`, and move to the line that `successor` names.",
    ),
    help(
        "version-unknown",
        "No such version",
        "403",
        "gateway",
        "No API registered here has a route for this host, path and selector, and the operator refuses what is not known.",
        "Check host, base path and version selector of the call. Owners: publish the document with its servers, or set the route by hand.",
    ),
    help(
        "path-malformed",
        "Path cannot be read",
        "400",
        "gateway",
        "The path holds control bytes, a NUL, an escape that is none, or overlong UTF-8. Servers disagree about what such a path means, so it reaches none of them.",
        "Send the path in plain percent-encoding (RFC 3986).",
    ),
    help(
        "document-unreadable",
        "Document cannot be read",
        "400",
        "registry",
        "The bytes are no JSON or YAML that can be read within the limits, or no OpenAPI description of a known version. `errors` has line, column and pointer.",
        "Mend the place that is named. `sundial lint FILE` says the same without a registry.",
    ),
    help(
        "document-too-large",
        "Document too large",
        "413",
        "registry",
        "The document is larger, deeper, or has more nodes than this registry takes.",
        "Split the description, or ask the operator to raise the limit.",
    ),
    help(
        "version-conflict",
        "Version already published",
        "409",
        "registry",
        "This label was published before, with other bytes. A published version never changes.",
        "Publish under a new label; `sundial check` names the one that is due.",
    ),
    help(
        "findings-of-level-error",
        "Document has errors",
        "422",
        "registry",
        "The publish asked to be strict, and lint found errors. `errors` lists them with their places.",
        "Mend them, or publish without `strict`: the findings are then kept with the version.",
    ),
    help(
        "method-not-allowed",
        "Method not allowed",
        "405",
        "registry",
        "The address exists, but does not take this method.",
        "`Allow` lists the methods that it takes.",
    ),
    help(
        "route-taken",
        "Route belongs to another API",
        "409",
        "registry",
        "Host, base path and selector already lead to a line of another API, which `detail` names.",
        "Choose another base path, or settle it with the owner of that API.",
    ),
    help(
        "policy-unmet",
        "Policy not met",
        "422",
        "registry",
        "The namespace's policy demands something that does not hold. `policy` lists each demand with the value that was measured and the way out.",
        "Do what the way out says: another label, a later date, a waiver. Nothing was stored.",
    ),
    help(
        "label-invalid",
        "Label fits no scheme",
        "422",
        "registry",
        "The label is no version in the scheme of this API (semver, date or integer).",
        "Use a label of the API's scheme: `1.4.0`, `2026-06-20`, `v3`.",
    ),
    help(
        "schedule-invalid",
        "Schedule cannot hold",
        "422",
        "registry",
        "The dates contradict each other, lie in the past without force, or the successor or a link is not usable.",
        "Put deprecation before sunset, name a line that exists, and give absolute http or https links.",
    ),
    help(
        "request-invalid",
        "Request makes no sense",
        "400, 422",
        "registry",
        "A parameter, header or body of the request is not what this address takes.",
        "`detail` names the part. The API's own description is published in this catalog.",
    ),
    help(
        "unauthenticated",
        "Not signed in",
        "401",
        "registry",
        "The request carries no token, or one that this registry does not know.",
        "Send `Authorization: Bearer sdl_…`. The admin token stands in the file that the server named at its first start.",
    ),
    help(
        "forbidden",
        "Not allowed",
        "403",
        "registry",
        "The token is known, but may not do this here.",
        "Ask an owner of the namespace for a role that may.",
    ),
    help(
        "not-found",
        "Not found",
        "404",
        "registry",
        "There is nothing under this address, or nothing that you may see.",
        "Check the spelling; the page of the error lists near names.",
    ),
    help(
        "precondition-failed",
        "Changed in the meantime",
        "412",
        "registry",
        "The thing is no longer in the state that `If-Match` names.",
        "Read it again, decide again, and send its new `ETag`.",
    ),
    help(
        "rate-limited",
        "Too many requests",
        "429",
        "registry",
        "The budget of this token or address is used up.",
        "Wait for `Retry-After`.",
    ),
    help(
        "unavailable",
        "Not available right now",
        "503",
        "registry",
        "The registry is starting, stopping, or cannot reach its database. Gateways go on with the last snapshot.",
        "Try again after `Retry-After`.",
    ),
    help(
        "internal",
        "Something failed on our side",
        "500",
        "registry",
        "The registry failed in a way it did not foresee. Nothing was half done: changes are stored whole or not at all.",
        "Try again; if it stays, tell the operator the `x-request-id` of the answer.",
    ),
];

/// The help for a type, by the last segment of its address.
#[must_use]
pub fn find(id: &str) -> Option<&'static Help> {
    PROBLEMS.iter().find(|help| help.id == id)
}

/// `/problems`: all types.
#[derive(Clone, Debug, Template)]
#[template(path = "judge/problems.html")]
pub struct ProblemsPage {
    /// The frame.
    pub layout: Layout,
    /// What is listed.
    pub problems: &'static [Help],
}

impl ProblemsPage {
    /// The list of [`PROBLEMS`].
    #[must_use]
    pub fn new(today: &str) -> Self {
        Self { layout: Layout::new("Problem types", Section::Problems, today), problems: PROBLEMS }
    }
}

/// `/problems/{type}`: one type.
#[derive(Clone, Debug, Template)]
#[template(path = "judge/problem.html")]
pub struct ProblemPage {
    /// The frame.
    pub layout: Layout,
    /// What is said.
    pub help: &'static Help,
}

impl ProblemPage {
    /// The page of one type.
    #[must_use]
    pub fn new(help: &'static Help, today: &str) -> Self {
        let crumbs = vec![super::Link::new("Problem types", "/problems")];
        Self { layout: Layout::new(help.title, Section::Problems, today).under(crumbs), help }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_fit_an_address() {
        for (index, help) in PROBLEMS.iter().enumerate() {
            assert!(help.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", help.id);
            assert!(PROBLEMS[..index].iter().all(|other| other.id != help.id), "{}", help.id);
            assert!(find(help.id).is_some());
        }
    }
}
