//! What callers and gateways are told: headers, statuses and problems, made when a snapshot is.
//!
//! Sizes are bounded, since a gateway that cannot buffer an answer treats it as a broken check:
//! nginx has 4 kB by default. So the problem stays below 1 kB and all headers below 3 kB.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, HeaderName, HeaderValue, LINK,
};
use serde::Serialize;

use super::Verdict;
use crate::clock::Timestamp;
use crate::lifecycle::headers::{self, Links};
use crate::lifecycle::{Schedule, Stage};

pub(super) const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
pub(super) const SUNSET: HeaderName = HeaderName::from_static("sunset");
pub(super) const DECISION: HeaderName = HeaderName::from_static("x-sundial-decision");
const API: HeaderName = HeaderName::from_static("x-sundial-api");
const LINE: HeaderName = HeaderName::from_static("x-sundial-line");
const STAGE: HeaderName = HeaderName::from_static("x-sundial-stage");
const SNAPSHOT: HeaderName = HeaderName::from_static("x-sundial-snapshot");

/// The longest value of `Link`: together with a problem of [`PROBLEM_LIMIT_BYTES`] in
/// `X-Sundial-Problem` and the longest names, an answer is still below 3 kB.
const LINK_LIMIT_BYTES: usize = 1250;

/// The longest problem.
const PROBLEM_LIMIT_BYTES: usize = 900;

/// One complete answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub verdict: Verdict,
    pub status: u16,
    pub stage: Option<Stage>,
    pub reason: String,
    /// For the gateway alone: `X-Sundial-*`.
    pub told: Vec<(HeaderName, HeaderValue)>,
    /// For the caller.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub problem: Option<Problem>,
}

/// A problem (RFC 9457) as a body and as a header value.
#[derive(Debug)]
pub(super) struct Problem {
    pub json: Bytes,
    pub header: HeaderValue,
}

/// What the answers of one line in one version have in common.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub snapshot: u64,
    pub public_url: &'a str,
    pub api: &'a str,
    pub line: &'a str,
    /// The line's and its version's schedule together.
    pub schedule: &'a Schedule,
    pub successor_route: Option<&'a str>,
}

/// The members of a problem, in the order in which they are written.
#[derive(Debug, Serialize)]
struct Members<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sunset_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<&'a str>,
}

impl Answer {
    /// The answer for a line in `stage`.
    pub fn of_line(subject: &Subject<'_>, stage: Stage) -> Self {
        let (verdict, status) = match stage {
            Stage::Draft | Stage::Active => (Verdict::Allow, 200),
            Stage::Deprecated => (Verdict::Announce, 200),
            Stage::Retired | Stage::Blocked => (Verdict::Refuse, 410),
        };
        let reason = subject.reason(stage);
        Self {
            verdict,
            status,
            stage: Some(stage),
            told: told(verdict, subject.snapshot, Some((subject.api, subject.line, stage))),
            headers: subject.headers(stage),
            problem: subject.problem(stage, &reason),
            reason,
        }
    }

    /// The answer for what no line is registered for.
    pub fn unknown(snapshot: u64, public_url: &str, refused: bool) -> Self {
        let reason = "no line is registered for this host and path";
        let status = if refused { 403 } else { 200 };
        let members = Members {
            r#type: format!("{public_url}/problems/version-unknown"),
            title: "API version unknown",
            status,
            detail: reason,
            api: None,
            line: None,
            sunset_at: None,
            successor: None,
        };
        Self::without_line(Verdict::Unknown, snapshot, reason, refused.then_some(members))
    }

    /// The answer for a path that no server should have to read.
    pub fn malformed(snapshot: u64, public_url: &str) -> Self {
        let reason = "the path holds a control character, a broken escape or overlong UTF-8";
        let members = Members {
            r#type: format!("{public_url}/problems/path-malformed"),
            title: "Path malformed",
            status: 400,
            detail: reason,
            api: None,
            line: None,
            sunset_at: None,
            successor: None,
        };
        Self::without_line(Verdict::Refuse, snapshot, reason, Some(members))
    }

    fn without_line(verdict: Verdict, snapshot: u64, reason: &str, members: Option<Members<'_>>) -> Self {
        Self {
            verdict,
            status: members.as_ref().map_or(200, |members| members.status),
            stage: None,
            reason: reason.to_owned(),
            told: told(verdict, snapshot, None),
            headers: if members.is_some() { refusal_headers() } else { Vec::new() },
            problem: members.and_then(|members| problem(&members)),
        }
    }
}

impl Subject<'_> {
    fn reason(&self, stage: Stage) -> String {
        let Self { api, line, .. } = self;
        let schedule = self.schedule;
        let mut text = match stage {
            Stage::Draft | Stage::Active => return format!("{api} {line} is active"),
            Stage::Deprecated => match (schedule.deprecated_at, schedule.sunset_at) {
                (Some(since), Some(until)) => format!(
                    "{api} {line} is deprecated since {} and will be retired on {}.",
                    since.date(),
                    until.date()
                ),
                (Some(since), None) => {
                    format!("{api} {line} is deprecated since {}.", since.date())
                }
                (None, Some(until)) => {
                    format!("{api} {line} is deprecated and will be retired on {}.", until.date())
                }
                (None, None) => format!("{api} {line} is deprecated."),
            },
            Stage::Retired => match schedule.sunset_at {
                Some(at) => format!("{api} {line} was retired on {}.", at.date()),
                None => format!("{api} {line} is retired."),
            },
            Stage::Blocked => {
                let reason = schedule.blocked.as_ref().map_or("", |block| &block.reason);
                format!("{api} {line} is blocked: {reason}")
            }
        };
        if let Some(successor) = &schedule.successor {
            if !text.ends_with(['.', '!', '?']) {
                text.push('.');
            }
            text.push_str(" Use ");
            text.push_str(successor);
            text.push('.');
        }
        if stage != Stage::Blocked
            && let Some(reason) = &schedule.reason
        {
            text.push(' ');
            text.push_str(reason);
        }
        text
    }

    /// The caller's headers: nothing before the deprecation, and neither dates nor links for a
    /// block, which has none.
    fn headers(&self, stage: Stage) -> Vec<(HeaderName, HeaderValue)> {
        let mut all = Vec::new();
        if matches!(stage, Stage::Deprecated | Stage::Retired) {
            // Who is past a sunset that stood alone was deprecated at the latest then.
            let since = match stage {
                Stage::Retired => self.schedule.deprecated_at.or(self.schedule.sunset_at),
                _ => self.schedule.deprecated_at,
            };
            if let Some(since) = since {
                all.push((DEPRECATION, value(&headers::deprecation(since))));
            }
            if let Some(until) = self.schedule.sunset_at {
                all.push((SUNSET, value(&headers::sunset(until))));
            }
            if let Some(links) = self.links() {
                all.push((LINK, value(&links)));
            }
        }
        match stage {
            Stage::Draft | Stage::Active => {}
            Stage::Deprecated => all.push(exposed()),
            Stage::Retired | Stage::Blocked => all.extend(refusal_headers()),
        }
        all
    }

    /// Where to read more and where to go, the most useful first.
    fn links(&self) -> Option<String> {
        let page = format!("{}/apis/{}", self.public_url, self.api);
        let owner = |rel: &str| self.schedule.links.get(rel).map(String::as_str);
        let html = Some("text/html");
        let mut links =
            Links::within(LINK_LIMIT_BYTES).with("deprecation", owner("deprecation").unwrap_or(&page), html);
        if self.schedule.sunset_at.is_some() {
            links = links.with("sunset", owner("sunset").unwrap_or(&page), html);
        }
        let known = self.successor_route.or_else(|| owner("successor-version"));
        if let Some(target) = known.or(self.schedule.successor.as_ref().map(|_| page.as_str())) {
            links = links.with("successor-version", target, None);
        }
        for (rel, target) in &self.schedule.links {
            if !["deprecation", "sunset", "successor-version"].contains(&rel.as_str()) {
                links = links.with(rel, target, None);
            }
        }
        links.finish()
    }

    fn problem(&self, stage: Stage, reason: &str) -> Option<Problem> {
        let (name, title, sunset_at) = match stage {
            Stage::Draft | Stage::Active | Stage::Deprecated => return None,
            Stage::Retired => ("version-retired", "API version retired", self.schedule.sunset_at),
            Stage::Blocked => ("version-blocked", "API version blocked", None),
        };
        problem(&Members {
            r#type: format!("{}/problems/{name}", self.public_url),
            title,
            status: 410,
            detail: reason,
            api: Some(self.api),
            line: Some(self.line),
            sunset_at,
            successor: self.schedule.successor.as_deref(),
        })
    }
}

/// `X-Sundial-*`, always all five: a gateway that appends what it is told, and leaves what it is
/// not told, would let a caller's own copy stand.
fn told(
    verdict: Verdict,
    snapshot: u64,
    line: Option<(&str, &str, Stage)>,
) -> Vec<(HeaderName, HeaderValue)> {
    let (api, line, stage) = match line {
        Some((api, line, stage)) => (api, line, stage.as_str()),
        None => ("", "", ""),
    };
    vec![
        (DECISION, HeaderValue::from_static(verdict.as_str())),
        (API, value(api)),
        (LINE, value(line)),
        (STAGE, HeaderValue::from_static(stage)),
        (SNAPSHOT, HeaderValue::from(snapshot)),
    ]
}

/// What every refusal has. 410 may be kept by caches (RFC 9110 section 15.5.11), which would
/// outlive a date that is moved back.
fn refusal_headers() -> Vec<(HeaderName, HeaderValue)> {
    vec![
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Else a script sees a network error in place of the refusal.
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        exposed(),
    ]
}

/// Lets scripts of other origins read the headers that tell them to leave.
fn exposed() -> (HeaderName, HeaderValue) {
    (ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Deprecation, Sunset, Link"))
}

/// A header value out of the visible ASCII and the blanks of `text`.
fn value(text: &str) -> HeaderValue {
    let plain: String = text.chars().filter(|character| (' '..='~').contains(character)).collect();
    HeaderValue::from_str(plain.trim()).unwrap_or(HeaderValue::from_static(""))
}

/// Writes a problem within its limit; the detail is what gives way.
fn problem(members: &Members<'_>) -> Option<Problem> {
    let bare = ascii(&Members { r#type: members.r#type.clone(), detail: "", ..*members })?;
    let detail = shortened(members.detail, PROBLEM_LIMIT_BYTES.saturating_sub(bare.len()));
    let json = ascii(&Members { r#type: members.r#type.clone(), detail: &detail, ..*members })?;
    Some(Problem { header: value(&json), json: Bytes::from(json) })
}

/// As much of `text` as fits into `limit` bytes once it is escaped.
fn shortened(text: &str, limit: usize) -> String {
    let cost = |character: char| match character {
        '"' | '\\' => 2,
        ' '..='~' => 1,
        // One or two escapes of UTF-16.
        other => 6 * other.len_utf16(),
    };
    if text.chars().map(cost).sum::<usize>() <= limit {
        return text.to_owned();
    }
    let mut spent = 3;
    let mut kept: String = text
        .chars()
        .take_while(|character| {
            spent += cost(*character);
            spent <= limit
        })
        .collect();
    kept.push_str("...");
    kept
}

/// JSON on one line in ASCII, so that it can travel in a header.
fn ascii(members: &Members<'_>) -> Option<String> {
    let json = serde_json::to_string(members).ok()?;
    let mut plain = String::with_capacity(json.len());
    for character in json.chars() {
        if (' '..='~').contains(&character) {
            plain.push(character);
        } else {
            // Outside of strings, JSON has nothing but ASCII.
            for unit in character.encode_utf16(&mut [0; 2]) {
                plain.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Block;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn subject(schedule: &Schedule) -> Subject<'_> {
        Subject {
            snapshot: 41,
            public_url: "https://sundial.example.com",
            api: "payments/charges",
            line: "v1",
            schedule,
            successor_route: None,
        }
    }

    fn dates() -> Schedule {
        Schedule {
            deprecated_at: Some("2026-01-01T00:00:00Z".parse().expect("an instant")),
            sunset_at: Some("2026-06-30".parse().expect("a date")),
            successor: Some("v2".into()),
            ..Schedule::default()
        }
    }

    fn told_to_callers(answer: &Answer) -> Vec<String> {
        answer
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("ASCII")))
            .collect()
    }

    #[test]
    fn an_active_line_says_nothing() {
        let schedule = dates();
        let answer = Answer::of_line(&subject(&schedule), Stage::Active);
        assert_eq!((answer.verdict, answer.status), (Verdict::Allow, 200));
        assert!(answer.headers.is_empty() && answer.problem.is_none());
    }

    #[test]
    fn a_deprecated_line_announces_to_the_letter() {
        let mut schedule = dates();
        schedule.links = BTreeMap::from([
            ("sunset".to_owned(), "https://docs.e.com/v1-ends".to_owned()),
            ("policy".to_owned(), "https://docs.e.com/policy".to_owned()),
        ]);
        let mut subject = subject(&schedule);
        subject.successor_route = Some("https://api.e.com/v2/charges");
        let answer = Answer::of_line(&subject, Stage::Deprecated);
        assert_eq!((answer.verdict, answer.status), (Verdict::Announce, 200));
        assert_eq!(
            told_to_callers(&answer),
            [
                "deprecation: @1767225600",
                "sunset: Tue, 30 Jun 2026 23:59:59 GMT",
                "link: <https://sundial.example.com/apis/payments/charges>; rel=\"deprecation\"; type=\"text/html\", \
                 <https://docs.e.com/v1-ends>; rel=\"sunset\"; type=\"text/html\", \
                 <https://api.e.com/v2/charges>; rel=\"successor-version\", \
                 <https://docs.e.com/policy>; rel=\"policy\"",
                "access-control-expose-headers: Deprecation, Sunset, Link",
            ]
        );
        assert!(answer.problem.is_none());
    }

    #[test]
    fn a_retired_line_says_why_and_where_to_go() {
        let schedule = dates();
        let answer = Answer::of_line(&subject(&schedule), Stage::Retired);
        assert_eq!((answer.verdict, answer.status), (Verdict::Refuse, 410));
        let problem = answer.problem.as_ref().expect("a problem");
        assert_eq!(
            std::str::from_utf8(&problem.json).expect("ASCII"),
            "{\"type\":\"https://sundial.example.com/problems/version-retired\",\
             \"title\":\"API version retired\",\"status\":410,\
             \"detail\":\"payments/charges v1 was retired on 2026-06-30. Use v2.\",\
             \"api\":\"payments/charges\",\"line\":\"v1\",\
             \"sunset_at\":\"2026-06-30T23:59:59Z\",\"successor\":\"v2\"}"
        );
        assert_eq!(problem.header.as_bytes(), problem.json);
        let told = told_to_callers(&answer);
        assert!(told.contains(&"cache-control: no-store".to_owned()));
        assert!(told.contains(&"access-control-allow-origin: *".to_owned()));
        assert!(told.contains(&"deprecation: @1767225600".to_owned()));
    }

    #[test]
    fn a_sunset_alone_has_a_deprecation_no_later_than_itself() {
        let mut schedule = dates();
        schedule.deprecated_at = None;
        let answer = Answer::of_line(&subject(&schedule), Stage::Retired);
        assert!(told_to_callers(&answer).contains(&"deprecation: @1782863999".to_owned()));
    }

    #[test]
    fn a_block_has_its_reason_and_no_sunset() {
        let mut schedule = dates();
        schedule.blocked = Some(Block {
            at: "2026-02-01T00:00:00Z".parse().expect("an instant"),
            reason: "keys leaked: \"see\" advisory\u{1f512}".into(),
        });
        let answer = Answer::of_line(&subject(&schedule), Stage::Blocked);
        assert_eq!(answer.status, 410);
        let problem = answer.problem.as_ref().expect("a problem");
        let text = std::str::from_utf8(&problem.json).expect("ASCII");
        assert!(text.contains("/problems/version-blocked\""));
        assert!(text.contains("keys leaked: \\\"see\\\" advisory\\ud83d\\udd12. Use v2."));
        assert!(!text.contains("sunset_at"));
        let names: Vec<_> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["cache-control", "access-control-allow-origin", "access-control-expose-headers"]);
    }

    #[test]
    fn the_gateway_is_always_told_all_five() {
        let schedule = dates();
        let names = |answer: &Answer| -> Vec<String> {
            let name = |(name, _): &(HeaderName, HeaderValue)| name.to_string();
            answer.told.iter().map(name).collect()
        };
        let line = Answer::of_line(&subject(&schedule), Stage::Retired);
        let unknown = Answer::unknown(41, "https://e.com", false);
        assert_eq!(names(&line), names(&unknown));
        assert_eq!(names(&line).len(), 5);
    }

    #[test]
    fn unknown_and_malformed_are_problems_of_their_own() {
        let refused = Answer::unknown(1, "https://e.com", true);
        assert_eq!((refused.verdict, refused.status), (Verdict::Unknown, 403));
        let malformed = Answer::malformed(1, "https://e.com");
        assert_eq!((malformed.verdict, malformed.status), (Verdict::Refuse, 400));
        for (answer, name) in [(refused, "version-unknown"), (malformed, "path-malformed")] {
            let problem = answer.problem.expect("a problem");
            let text = std::str::from_utf8(&problem.json).expect("ASCII");
            assert!(text.contains(&format!("\"https://e.com/problems/{name}\"")));
        }
        let allowed = Answer::unknown(1, "https://e.com", false);
        assert_eq!((allowed.status, allowed.problem.is_none()), (200, true));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn answers_stay_small_and_plain_whatever_owners_write(
            reason in "\\PC{0,1100}|[\"\\\\\u{1f512}]{0,400}", line in "[a-z0-9]{1,63}", api in "[a-z]{63}/[a-z]{63}",
            links in proptest::collection::btree_map("[a-z]{1,12}|sunset|deprecation", "https://e.com/[!-~ä]{0,490}", 0..16),
        ) {
            let schedule = Schedule {
                successor: Some("s".repeat(63)),
                reason: Some(reason.clone()),
                links,
                blocked: Some(Block { at: Timestamp::from_micros(0), reason }),
                ..dates()
            };
            let url = format!("https://{}.example.com", "u".repeat(180));
            let route = format!("https://{}/{}", "h".repeat(60), "r".repeat(400));
            let subject = Subject {
                snapshot: u64::MAX,
                public_url: &url,
                api: &api,
                line: &line,
                schedule: &schedule,
                successor_route: Some(&route),
            };
            for stage in Stage::ALL {
                let answer = Answer::of_line(&subject, stage);
                let mut total = 0;
                for (name, value) in answer.told.iter().chain(&answer.headers) {
                    total += name.as_str().len() + value.len() + 4;
                    prop_assert!(value.as_bytes().iter().all(|byte| (b' '..=b'~').contains(byte)));
                }
                if let Some(problem) = &answer.problem {
                    prop_assert!(problem.json.len() < 1000, "{}", problem.json.len());
                    prop_assert_eq!(problem.header.as_bytes(), &problem.json);
                    let json: serde_json::Value = serde_json::from_slice(&problem.json).expect("JSON");
                    prop_assert_eq!(&json["status"], answer.status);
                    total += "x-sundial-problem".len() + problem.header.len() + 4;
                }
                // What the server adds: Content-Type, Content-Length, Date, X-Sundial-Status and
                // an id of the request.
                prop_assert!(total + 200 < 3072, "{total}");
            }
        }
    }
}
