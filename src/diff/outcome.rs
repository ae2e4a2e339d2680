//! How sets of responses compare: exact codes before ranges before `default`.

use super::risk::Facet;
use crate::spec::model::{Header, Response, Status};

/// Whether the status tells of success: 2xx and 3xx.
#[must_use]
pub fn is_success(response: &Response) -> bool {
    match response.status {
        Status::Code(code) => (200..400).contains(&code),
        Status::Range(class) => class == 2 || class == 3,
        Status::Default => false,
    }
}

/// The responses of success.
#[must_use]
pub fn successes(list: &[Response]) -> Vec<&Response> {
    list.iter().filter(|response| is_success(response)).collect()
}

/// Whether the only success became another one.
#[must_use]
pub fn is_replaced(old: &[Response], new: &[Response]) -> bool {
    let (before, after) = (successes(old), successes(new));
    before.len() == 1 && !after.is_empty() && before.iter().all(|gone| !is_spoken_for(gone, new))
}

/// The responses of one list that no entry of the other speaks for. `default` speaks for errors;
/// a range is kept when one of its codes is.
#[must_use]
pub fn uncovered<'r>(from: &'r [Response], other: &[Response]) -> Vec<&'r Response> {
    from.iter().filter(|response| !is_spoken_for(response, other)).collect()
}

/// Whether an entry of the other list speaks for the response. `default` speaks for errors, and for
/// success where no other entry does.
fn is_spoken_for(response: &Response, other: &[Response]) -> bool {
    let found = covering(other, response.status);
    let speaks = |found: &Response| {
        found.status != Status::Default || !is_success(response) || !other.iter().any(is_success)
    };
    found.is_some_and(speaks) || is_narrowed(response, other)
}

/// Pairs responses of both sides: each with the entry that speaks for it on the other.
#[must_use]
pub fn pairs<'r>(old: &'r [Response], new: &'r [Response]) -> Vec<(&'r Response, &'r Response)> {
    let found = |response: &'r Response| covering(old, response.status).map(|known| (known, response));
    let mut pairs: Vec<(&Response, &Response)> = new.iter().filter_map(found).collect();
    for response in old {
        if pairs.iter().any(|(known, _)| std::ptr::eq(*known, response)) {
            continue;
        }
        let codes = new.iter().filter(|other| is_within(other, response));
        pairs.extend(covering(new, response.status).into_iter().chain(codes).map(|other| (response, other)));
    }
    pairs
}

/// The entry that speaks for the status: itself, else its range, else `default`.
#[must_use]
pub fn covering(list: &[Response], status: Status) -> Option<&Response> {
    let exact = list.iter().find(|response| response.status == status);
    exact
        .or_else(|| match status {
            Status::Code(code) => {
                list.iter().find(|response| response.status == Status::Range((code / 100) as u8))
            }
            _ => None,
        })
        .or_else(|| list.iter().find(|response| response.status == Status::Default))
}

fn is_narrowed(range: &Response, other: &[Response]) -> bool {
    other.iter().any(|response| is_within(response, range))
}

/// Whether the first is a code within the range of the second.
fn is_within(response: &Response, range: &Response) -> bool {
    match (response.status, range.status) {
        (Status::Code(code), Status::Range(class)) => code / 100 == u16::from(class),
        _ => false,
    }
}

/// What it means that an operation which asks for credentials says no longer, or says now, how it
/// refuses.
#[must_use]
pub fn denial_facet(response: &Response, secured: bool, removed: bool) -> Option<Facet> {
    let is_denial = matches!(response.status, Status::Code(401 | 403 | 404));
    (is_denial && secured).then(|| Facet::either("object-denial-dropped", removed)).flatten()
}

/// What it means that 429 came or went, when no other entry speaks of it.
#[must_use]
pub fn rate_facet(response: &Response, other: &[Response], removed: bool) -> Option<Facet> {
    let is_limit = response.status == Status::Code(429) && covering(other, response.status).is_none();
    is_limit.then(|| Facet::either("rate-response-removed", removed)).flatten()
}

/// What it means that a header came or went.
#[must_use]
pub fn header_facet(header: &Header, removed: bool) -> Option<Facet> {
    let name = header.name.to_ascii_lowercase();
    if name == "strict-transport-security" {
        return Facet::either("transport-hsts-dropped", removed);
    }
    let is_rate = name.starts_with("ratelimit") || name.starts_with("x-ratelimit") || name == "retry-after";
    is_rate.then(|| Facet::either("rate-headers-removed", removed)).flatten()
}
