//! Calendar days as labels, `2026-06-20`, with an optional revision, `2026-06-20.1`.

use ::semver::Version;
use jiff::civil::Date;

use super::revision;

/// Days order as the number `20260620`; the revision takes the place of the minor.
pub(super) fn key(text: &str) -> Option<Version> {
    let (day, revision) = revision(text)?;
    let spelled = day.len() == 10
        && day.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !spelled {
        return None;
    }
    // The calendar refuses 2026-02-30.
    day.parse::<Date>().ok()?;
    let number = day.replace('-', "").parse().ok()?;
    Some(Version::new(number, revision, 0))
}

pub(super) fn line(text: &str) -> String {
    text.split('.').next().unwrap_or(text).to_owned()
}
