//! Request media type removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::media;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::MediaType;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "request-media-type-removed",
    title: "request media type removed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Bodies in that representation were read and are refused now (415).",
    remedy: "Keep reading it until nobody sends it.",
    security: &["input-media-xml-removed", "input-upload-removed"],
    fires: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}, application/xml: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {post: {requestBody: {content: {application/*: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/*: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}, application/xml: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {Application/JSON; charset=utf-8: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}, application/xml: {schema: {type: object}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}"),
    ],
    check: Check::Media(check),
};

fn check(at: &Pair<'_, &MediaType>, edits: &mut Edits) {
    let Some(old) = at.removed().filter(|_| at.is_request()) else {
        return;
    };
    edits.push(
        Edit::new(format!("`{}` is no longer read by `{}`", old.name, at.name))
            .places(old.node, None)
            .values(old.name.as_str(), Value::Null)
            .facet(media::facet(old, false)),
    );
}
