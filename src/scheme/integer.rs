//! Whole numbers as labels, `3` or `v3`, with an optional revision, `v3.2`.

use ::semver::Version;

use super::{revision, whole};

pub(super) fn key(text: &str) -> Option<Version> {
    let (number, revision) = revision(text.strip_prefix('v').unwrap_or(text))?;
    Some(Version::new(whole(number)?, revision, 0))
}

pub(super) fn line(key: &Version) -> String {
    format!("v{}", key.major)
}
