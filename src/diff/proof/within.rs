//! What plainly holds: the receiver's schema says nothing that the sender's does not say too.
//!
//! Most schemas of two versions differ somewhere below, and nothing on the way there leaves a choice. Then no
//! way of breaking the receiver's schema need be written out: what is left to ask is asked of the schemas
//! below, one pair at a time, or of one union and another. Where a keyword asks for more than a look, the search
//! has the word.

use std::sync::Arc;

use super::goal::{Engine, Goal, Lit, Outcome};
use super::state::{Kind, State};
use crate::spec::schema::{Number, Schema, SchemaId, TypeSet};

/// A schema of the sender and one of the receiver at the same place below, the latter denied.
type Below = (Lit, Lit);

/// What a look at a goal shows.
pub(super) enum Seen {
    /// No value fulfils it.
    Empty,
    /// It comes down to whether the union of the one is within that of the other, denied.
    Union(Lit, Lit),
    /// More than a look is needed.
    Unclear,
}

/// What is left to ask where most of a pair plainly holds.
struct Left {
    below: Vec<Below>,
    union: bool,
}

impl Engine<'_> {
    /// Whether a goal is one schema of the sender, and one of the receiver that plainly holds wherever it
    /// does.
    pub(super) fn look(&mut self, goal: &Goal) -> Seen {
        let [one, other] = goal.all[..] else { return Seen::Unclear };
        let (sent, read) = if one.holds { (one, other) } else { (other, one) };
        if !goal.any.is_empty() || !sent.holds || read.holds || (sent.side, read.side) != (0, 1) {
            return Seen::Unclear;
        }
        let Some(Left { below, union }) = self.left(sent, read) else { return Seen::Unclear };
        let is_plain = below.into_iter().all(|(sent, read)| {
            let goal = Goal::all([sent, read]);
            matches!(self.inhabit(goal), Outcome::Empty)
        });
        match (is_plain, union) {
            (false, _) => Seen::Unclear,
            (true, false) => Seen::Empty,
            (true, true) => Seen::Union(sent, read),
        }
    }

    /// What has to hold for the whole to; `None` where more than a look is needed.
    fn left(&mut self, sent: Lit, read: Lit) -> Option<Left> {
        let ((home, says), (there, asks)) = (self.schema(sent), self.schema(read));
        if says.bool_schema.is_some() || asks.bool_schema.is_some() {
            return None;
        }
        let is_said = asks.enum_values.is_none()
            && asks.const_value.is_none()
            && asks.not_decided().next().is_none()
            && asks.types.is_none_or(|all| says.types.is_some_and(|types| is_among(types, all)))
            && (!self.terms.formats || is_kept(asks.format(), says.format()))
            && are_bounds_kept(asks, says)
            && self.are_parts_kept((sent, says), (read, asks));
        if !is_said {
            return None;
        }
        let union = !self.is_union_kept((sent, says), (read, asks));
        if union && (alternatives(says).is_none() || alternatives(asks).is_none()) {
            return None;
        }
        let mut look = Look { engine: self, sent, read, below: Vec::new() };
        let is_plain = look.items(says, asks) && look.members((home, says), (there, asks));
        let below = look.below;
        // Beside parts that hold for the same value, what stands below is not all that is said of it there.
        (is_plain && (below.is_empty() || !has_parts(says))).then_some(Left { below, union })
    }

    /// The classes of schemas below, in order.
    fn classes(&mut self, lit: Lit, ids: &[SchemaId]) -> Vec<u32> {
        let mut all: Vec<u32> = ids.iter().map(|id| self.below(lit, *id, true).class).collect();
        all.sort_unstable();
        all
    }

    /// Whether all that the receiver combines with its schema, but for a choice, is combined with the sender's too.
    fn are_parts_kept(&mut self, (sent, says): (Lit, &Schema), (read, asks): (Lit, &Schema)) -> bool {
        let (own, held) = (conjuncts(asks), conjuncts(says));
        let Some(own) = own else { return false };
        let held = self.classes(sent, &held.unwrap_or_default());
        if !self.classes(read, &own).iter().all(|class| held.binary_search(class).is_ok()) {
            return false;
        }
        let single =
            |schema: &Schema| [schema.not(), schema.if_schema(), schema.then_schema(), schema.else_schema()];
        single(asks).into_iter().zip(single(says)).all(|(own, held)| match (own, held) {
            (None, _) => true,
            (Some(own), Some(held)) => self.classes(read, &[own]) == self.classes(sent, &[held]),
            (Some(_), None) => false,
        })
    }

    /// Whether the receiver leaves every choice that the sender does.
    fn is_union_kept(&mut self, (sent, says): (Lit, &Schema), (read, asks): (Lit, &Schema)) -> bool {
        // One of several is one of more all the same.
        let is_among = asks.any_of().is_none_or(|own| {
            let own = self.classes(read, own);
            says.any_of().is_some_and(|held| {
                self.classes(sent, held).iter().all(|class| own.binary_search(class).is_ok())
            })
        });
        is_among
            && asks.one_of().is_none_or(|own| {
                says.one_of().is_some_and(|held| self.classes(read, own) == self.classes(sent, held))
            })
    }

    /// What both schemas declare.
    fn declared_by(&mut self, sent: Lit, read: Lit) -> State {
        let mut state = State::new(Kind::Object);
        self.declare(&mut state, sent);
        self.declare(&mut state, read);
        state
    }
}

/// A look at what stands below a pair.
struct Look<'e, 'd> {
    engine: &'e mut Engine<'d>,
    sent: Lit,
    read: Lit,
    below: Vec<Below>,
}

impl Look<'_, '_> {
    /// Notes a pair, unless both demand the same.
    fn note(&mut self, sent: SchemaId, read: SchemaId) {
        let (sent, read) =
            (self.engine.below(self.sent, sent, true), self.engine.below(self.read, read, false));
        if sent.class != read.class {
            self.below.push((sent, read));
        }
    }

    /// Whether two schemas demand the same, written alike.
    fn is_same(&self, home: u8, sent: SchemaId, there: u8, read: SchemaId) -> bool {
        let hash = |side: u8, id: SchemaId| self.engine.document(side).api().schemas.resolved(id).hash;
        hash(home, sent) == hash(there, read)
    }

    /// Items; `false` where more than a look is needed.
    fn items(&mut self, says: &Schema, asks: &Schema) -> bool {
        let is_plain = asks.prefix_items().is_empty()
            && asks.contains().is_none()
            && asks.unevaluated_items().is_none()
            && (says.unique() || !asks.unique());
        match (says.items(), asks.items()) {
            (_, None) => is_plain,
            (Some(sent), Some(read)) if is_plain && says.prefix_items().is_empty() => {
                self.note(sent, read);
                true
            }
            _ => false,
        }
    }

    /// Members; `false` where more than a look is needed.
    fn members(&mut self, (home, says): (u8, &Schema), (there, asks): (u8, &Schema)) -> bool {
        let is_open = asks.pattern_properties().is_empty()
            && asks.property_names().is_none()
            && asks.dependent_required().is_empty()
            && asks.dependent_schemas().is_empty()
            && asks.unevaluated_properties().is_none();
        if !is_open {
            return false;
        }
        let (mut sent, mut read) = (self.engine.demanded(home, says), self.engine.demanded(there, asks));
        let (mut named, all) = (says.required().iter().cycle(), says.required().len());
        let is_sent = |name: &Arc<str>| {
            !read.has(name) || named.by_ref().take(all).any(|each| each == name) && sent.has(name)
        };
        if !asks.required().iter().all(is_sent) {
            return false;
        }
        let (mut held, mut declared) = (says.lookup(), None);
        for (name, read) in asks.properties() {
            let said = held.get(name);
            // Most are the same on both sides, whether they are sent or not.
            if said.is_some_and(|sent| self.is_same(home, sent, there, *read))
                || self.engine.is_hidden(there, *read)
            {
                continue;
            }
            match (said, says.additional()) {
                (Some(sent), _) if self.engine.is_hidden(home, sent) => {}
                (Some(sent), _) => self.note(sent, *read),
                (None, Some(sent)) if says.pattern_properties().is_empty() => self.note(sent, *read),
                (None, Some(_)) => return false,
                (None, None) if self.engine.terms.vocabulary => {
                    let state = match &declared {
                        Some(state) => state,
                        None => declared.insert(self.engine.declared_by(self.sent, self.read)),
                    };
                    let name = self.engine.name(name);
                    if !self.engine.is_unsent(state, &name) {
                        return false;
                    }
                }
                (None, None) => return false,
            }
        }
        self.others((home, says), asks)
    }

    /// Members that the receiver does not declare.
    fn others(&mut self, (home, says): (u8, &Schema), asks: &Schema) -> bool {
        let Some(read) = asks.additional() else { return true };
        let Some(sent) = says.additional().filter(|_| says.pattern_properties().is_empty()) else {
            return false;
        };
        self.note(sent, read);
        let mut declared = asks.lookup();
        for (name, sent) in says.properties() {
            if declared.get(name).is_none() && !self.engine.is_hidden(home, *sent) {
                self.note(*sent, read);
            }
        }
        true
    }
}

/// Whether every value of the one types is of the others.
fn is_among(types: TypeSet, all: TypeSet) -> bool {
    types.iter().all(|each| all.accepts(each))
}

/// Whether a keyword asks for nothing that is not said just so.
fn is_kept<T: PartialEq + Copy>(asked: Option<T>, said: Option<T>) -> bool {
    asked.is_none() || asked == said
}

fn are_bounds_kept(asks: &Schema, says: &Schema) -> bool {
    let numbers: [fn(&Schema) -> Option<&Number>; 5] = [
        |schema| schema.minimum(),
        |schema| schema.maximum(),
        |schema| schema.exclusive_minimum(),
        |schema| schema.exclusive_maximum(),
        |schema| schema.multiple_of(),
    ];
    let counts: [fn(&Schema) -> Option<u64>; 6] = [
        |schema| schema.min_length(),
        |schema| schema.max_length(),
        |schema| schema.min_items(),
        |schema| schema.max_items(),
        |schema| schema.min_properties(),
        |schema| schema.max_properties(),
    ];
    numbers.iter().all(|of| {
        let [asked, said] = [of(asks), of(says)].map(|number| number.map(|number| &*number.text));
        is_kept(asked, said)
    }) && counts.iter().all(|of| is_kept(of(asks), of(says)))
        && is_kept(asks.pattern(), says.pattern())
}

/// The alternatives of a schema that leaves one choice, and whether only one of them may hold.
pub(super) fn alternatives(schema: &Schema) -> Option<(&[SchemaId], bool)> {
    match (schema.any_of(), schema.one_of()) {
        (Some(any), None) => Some((any, false)),
        (None, Some(one)) => Some((one, true)),
        _ => None,
    }
}

/// What must hold beside a schema for the same value; `None` where a reference leads nowhere.
fn conjuncts(schema: &Schema) -> Option<Vec<SchemaId>> {
    let referred = match &schema.reference {
        Some(reference) => Some(reference.target?),
        None => None,
    };
    Some(schema.all_of().iter().copied().chain(referred).collect())
}

/// Whether other schemas say something of the same value, or of its members and items.
fn has_parts(schema: &Schema) -> bool {
    schema.reference.is_some()
        || schema.any_of().or(schema.one_of()).is_some()
        || schema.in_place().next().is_some()
        || schema.contains().or(schema.unevaluated_items()).is_some()
        || schema.unevaluated_properties().is_some()
        || !schema.pattern_properties().is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Terms;
    use super::*;
    use crate::spec::plain::View;
    use crate::spec::{Limits, bare_schema};

    /// Whether a look is enough to see that the first is within the second.
    fn is_seen(a: &Value, b: &Value, terms: Terms) -> bool {
        let read = |schema: &Value| bare_schema(schema.to_string().as_bytes(), &Limits::default());
        let ((sender, a), (receiver, b)) = (read(a).expect("a schema"), read(b).expect("a schema"));
        let mut engine = Engine::new(&sender, &receiver, terms);
        engine.steps = 1_000;
        let (a, b) = (engine.lit(0, a, true), engine.lit(1, b, false));
        matches!(engine.look(&Goal::all([a, b])), Seen::Empty)
    }

    fn object(properties: &Value) -> Value {
        json!({"type": "object", "properties": properties})
    }

    #[test]
    fn what_asks_for_no_more_is_seen_to_hold() {
        let strict = json!({
            "type": "object", "required": ["a", "b"], "minProperties": 1, "additionalProperties": {"type": "integer"},
            "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": {"type": "integer"}, "maxItems": 3}},
        });
        let loose = json!({
            "type": ["object", "null"], "required": ["b"], "additionalProperties": {"type": "number"},
            "properties": {"b": {"type": "array", "items": {"type": "number"}}, "a": {"type": "number"}, "c": {"type": "number"}},
        });
        assert!(is_seen(&strict, &loose, Terms::default()));
        assert!(!is_seen(&loose, &strict, Terms::default()));
        let (is, was) =
            (object(&json!({"a": {"type": "string"}})), object(&json!({"b": {"type": "string"}})));
        assert!(is_seen(&is, &was, Terms { vocabulary: true, ..Terms::default() }), "nobody sends `b`");
        assert!(!is_seen(&is, &was, Terms::default()));
        let some = json!({"anyOf": [{"minLength": 2}, {"format": "date"}]});
        let more = json!({"anyOf": [{"pattern": "a"}, {"format": "date"}, {"minLength": 2}]});
        assert!(is_seen(&some, &more, Terms::default()));
        assert!(!is_seen(&more, &some, Terms::default()));
        let both =
            json!({"type": "string", "oneOf": [{"minLength": 2}, {"pattern": "a"}], "not": {"const": "b"}});
        let turned = json!({"oneOf": [{"pattern": "a"}, {"minLength": 2}]});
        assert!(is_seen(&both, &turned, Terms::default()));
        assert!(!is_seen(&turned, &both, Terms::default()));
    }

    #[test]
    fn what_one_direction_does_not_send_is_not_looked_at() {
        let terms = Terms { view: Some(View::Request), ..Terms::default() };
        let kept = |kind: &str| json!({"type": kind, "readOnly": true});
        let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
        let demanding = |property: &Value| {
            let mut schema = object(&json!({"a": property}));
            schema["required"] = json!(["a"]);
            schema
        };
        let of = |property: &Value| object(&json!({"a": property}));
        assert!(is_seen(&of(&kept("string")), &of(&number), terms), "it is not sent");
        assert!(is_seen(&of(&text), &of(&kept("integer")), terms), "it is not read");
        assert!(!is_seen(&of(&text), &of(&number), terms));
        assert!(is_seen(&of(&text), &demanding(&kept("string")), terms), "it is not demanded");
        assert!(is_seen(&demanding(&text), &demanding(&text), terms));
        assert!(!is_seen(&demanding(&kept("string")), &demanding(&text), terms), "it is never there");
        let mut open = of(&kept("string"));
        open["additionalProperties"] = number.clone();
        assert!(is_seen(&open, &json!({"type": "object", "additionalProperties": number}), terms));
        assert!(!is_seen(
            &open,
            &json!({"type": "object", "additionalProperties": number}),
            Terms::default()
        ));
    }

    #[test]
    fn formats_circles_and_parts_are_seen_as_they_are_meant() {
        let day = json!({"type": "string", "format": "date"});
        let formats = Terms { formats: true, ..Terms::default() };
        assert!(is_seen(&json!({"type": "string"}), &day, Terms::default()));
        assert!(!is_seen(&json!({"type": "string"}), &day, formats));
        let longer = json!({"type": "string", "format": "date", "minLength": 2});
        assert!(is_seen(&longer, &day, formats));
        let list = |kind: &str| object(&json!({"next": {"$ref": "#"}, "value": {"type": kind}}));
        assert!(is_seen(&list("integer"), &list("number"), Terms::default()));
        assert!(!is_seen(&list("number"), &list("integer"), Terms::default()));
        // A part declares the name too, so it may be sent.
        let vocabulary = Terms { vocabulary: true, ..Terms::default() };
        let part = json!({"type": "object", "allOf": [object(&json!({"b": {"type": "string"}}))]});
        let read = object(&json!({"b": {"type": "integer"}}));
        assert!(!is_seen(&part, &read, vocabulary));
        assert!(is_seen(&json!({"type": "object", "allOf": [{"required": ["a"]}]}), &read, vocabulary));
    }

    #[test]
    fn more_than_a_look_is_left_to_the_search() {
        let integers = object(&json!({"a": {"type": "integer"}}));
        let numbers = object(&json!({"a": {"type": "number"}}));
        let beside = |schema: &Value, keyword: &str, value: Value| {
            let mut schema = schema.clone();
            schema[keyword] = value;
            schema
        };
        let named = json!({"a": {"type": "string"}});
        for (keyword, value) in [
            ("required", json!(["a"])),
            ("minProperties", json!(1)),
            ("maxProperties", json!(1)),
            ("propertyNames", json!({"minLength": 2})),
            ("additionalProperties", json!(false)),
            ("patternProperties", named.clone()),
            ("dependentSchemas", named),
            ("dependentRequired", json!({"a": ["b"]})),
            ("unevaluatedProperties", json!(false)),
            ("enum", json!([{}])),
            ("const", json!({})),
            ("not", json!({"required": ["z"]})),
            ("allOf", json!([{"required": ["z"]}])),
            ("anyOf", json!([{"required": ["z"]}, {"required": ["y"]}])),
            ("oneOf", json!([{"required": ["z"]}, {"required": ["y"]}])),
            ("$ref", json!("#/nowhere")),
        ] {
            let asking = beside(&numbers, keyword, value);
            assert!(!is_seen(&integers, &asking, Terms::default()), "{asking}");
        }
        assert!(is_seen(&integers, &numbers, Terms::default()));
        // What holds beside a property says something of it too, whether it is sent or not.
        for (keyword, value) in [
            ("allOf", json!([object(&json!({"b": {}}))])),
            ("patternProperties", json!({"^b": {}})),
            ("dependentSchemas", json!({"b": {}})),
        ] {
            let said = beside(&integers, keyword, value);
            assert!(!is_seen(&said, &numbers, Terms::default()), "{said}");
        }
        let (prefix, items) = (
            json!({"prefixItems": [{}], "items": {"type": "integer"}}),
            json!({"items": {"type": "number"}}),
        );
        assert!(!is_seen(&prefix, &items, Terms::default()));
        let patterned = json!({"patternProperties": {"^c": {"type": "string"}}, "additionalProperties": {"type": "integer"}});
        assert!(!is_seen(&patterned, &object(&json!({"c": {"type": "integer"}})), Terms::default()));
        assert!(!is_seen(
            &patterned,
            &json!({"additionalProperties": {"type": "integer"}}),
            Terms::default()
        ));
    }
}
