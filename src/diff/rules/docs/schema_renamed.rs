//! A named schema has another name.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{ComponentView, Pair};
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-renamed",
    title: "schema renamed",
    level: Levels::always(Level::Info),
    surface: Surface::Source,
    since: "0.2.0",
    why: "Messages stay the same; generated types have another name.",
    remedy: "Keep the name, where clients are generated.",
    security: &[],
    fires: &[
        example!("{components: {schemas: {Pet: {type: object, properties: {n: {type: integer}}}}}, REQ: {$ref: '#/components/schemas/Pet'}}" => "{components: {schemas: {Animal: {type: object, properties: {n: {type: integer}}}}}, REQ: {$ref: '#/components/schemas/Animal'}}"),
        example!("{components: {schemas: {Pet: {type: object, properties: {n: {type: integer}}}}}, REQ: {$ref: '#/components/schemas/Pet'}}" => "{components: {schemas: {Animal: {type: object, properties: {n: {type: string}}}}}, REQ: {$ref: '#/components/schemas/Animal'}}"),
    ],
    silent: &[
        example!("{components: {schemas: {Pet: {type: object, properties: {n: {type: integer}}}}}, REQ: {$ref: '#/components/schemas/Pet'}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
        example!("components: {schemas: {Pet: {type: object, properties: {n: {type: integer}}}}}" => "components: {schemas: {Animal: {type: object, properties: {n: {type: integer}}}}}"),
    ],
    check: Check::Component(check),
};

fn check(at: &Pair<'_, ComponentView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.name != new.name && (old.reached || new.reached) {
        edits.push(
            Edit::new(format!("`{}` is called `{}` now", old.name, new.name))
                .places(old.node, new.node)
                .values(old.name, new.name),
        );
    }
}
