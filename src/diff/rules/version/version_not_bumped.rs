//! The new label promises more than the changes keep.

use crate::diff::change::{Level, Surface};
use crate::diff::promise::Step;
use crate::diff::rules::{Check, Levels, Rule};
use crate::scheme::{Bump, Due};

/// The rule.
pub static RULE: Rule = Rule {
    id: "version-not-bumped",
    title: "version moved less than the changes ask for",
    level: Levels::always(Level::Warning),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "Callers, and tools that update for them, take a version for what it promises: a patch that breaks \
          reaches those who never look. A version that stays as it was makes no new promise, and neither do \
          steps between pre-releases of one version.",
    remedy: "Publish under the version that is due, or undo the change that forces it.",
    security: &[],
    fires: &[
        example!("{info: {version: 1.4.0}, paths: {/a: {get: {}, post: {}}}}" => "{info: {version: 1.4.1}, paths: {/a: {get: {}}}}"),
        example!("{info: {version: 1.4.0}, paths: {/a: {get: {}}}}" => "{info: {version: 1.4.1}, paths: {/a: {get: {}, post: {}}}}"),
        example!("{info: {version: 0.3.0}, paths: {/a: {get: {}, post: {}}}}" => "{info: {version: 0.3.1}, paths: {/a: {get: {}}}}"),
        example!("{info: {version: v3}, paths: {/a: {get: {}, post: {}}}}" => "{info: {version: v3.1}, paths: {/a: {get: {}}}}"),
        example!("{info: {version: 1.4.0}, paths: {/a: {get: {}}}}" => "{info: {version: 1.3.9}, paths: {/a: {get: {}, post: {}}}}"),
    ],
    silent: &[
        example!("{info: {version: 1.4.0}, paths: {/a: {get: {}, post: {}}}}" => "{info: {version: 2.0.0-rc.1}, paths: {/a: {get: {}}}}"),
        example!("{info: {version: 1.4.0}, paths: {/a: {get: {}}}}" => "{info: {version: 1.5.0}, paths: {/a: {get: {}, post: {}}}}"),
        example!("{info: {version: 0.3.0}, paths: {/a: {get: {}}}}" => "{info: {version: 0.3.1}, paths: {/a: {get: {}, post: {}}}}"),
        example!("{info: {version: '2026-06-20'}, paths: {/a: {get: {}, post: {}}}}" => "{info: {version: '2026-07-01'}, paths: {/a: {get: {}}}}"),
        example!("{info: {version: 1.4.0}, paths: {/a: {get: {}, post: {}}}}" => "{info: {version: 1.4.0}, paths: {/a: {get: {}}}}"),
        example!("{info: {version: 1.4.0}, paths: {/a: {get: {summary: old}}}}" => "{info: {version: 1.3.0}, paths: {/a: {get: {summary: new}}}}"),
    ],
    check: Check::Version(check),
};

fn check(step: &Step<'_>) -> Option<String> {
    if step.bump < Bump::Minor || step.is_kept() {
        return None;
    }
    let asked = match step.old.due(step.bump) {
        Due::NewLine => "a new line".to_owned(),
        due => format!("`{due}`"),
    };
    let words = if step.new < step.old {
        format!("version `{}` goes back from `{}`", step.new, step.old)
    } else {
        format!("version `{}` moves too little from `{}`", step.new, step.old)
    };
    let forced = step.because.map_or_else(String::new, |rule| format!(", because of `{rule}`"));
    Some(format!("{words}: the changes are of class {}, so {asked} is due{forced}", step.bump))
}
