//! Semantic versions (semver.org 2.0.0), with Cargo's reading of `0.y`: there the minor breaks.

use ::semver::{BuildMetadata, Prerelease, Version};

use super::Bump;

pub(super) fn key(text: &str) -> Option<Version> {
    Version::parse(text).ok()
}

pub(super) fn line(key: &Version) -> String {
    if key.major == 0 { format!("v0.{}", key.minor) } else { format!("v{}", key.major) }
}

/// The lowest release above `key` that announces `bump`.
pub(super) fn next(key: &Version, bump: Bump) -> Version {
    let (breaks, adds) = if key.major == 0 {
        // Below 1.0.0 the minor stands for the major, and the patch for all the rest.
        (bump == Bump::Major, false)
    } else {
        (bump == Bump::Major, bump == Bump::Minor)
    };
    let announced = !key.pre.is_empty();
    let opens_line = key.patch == 0 && (key.minor == 0 || key.major == 0);
    let mut next = Version { pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY, ..key.clone() };
    if breaks {
        if announced && opens_line {
            return next;
        }
        if key.major == 0 {
            next.minor = key.minor.saturating_add(1);
        } else {
            next.major = key.major.saturating_add(1);
            next.minor = 0;
        }
        next.patch = 0;
    } else if adds {
        if announced && key.patch == 0 {
            return next;
        }
        next.minor = key.minor.saturating_add(1);
        next.patch = 0;
    } else if !announced {
        next.patch = key.patch.saturating_add(1);
    }
    next
}
