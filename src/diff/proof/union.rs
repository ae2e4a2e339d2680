//! One union against another, an alternative at a time.
//!
//! Two versions of a union have most alternatives in common. What one of these allows, both unions allow, where
//! the others are told apart from it; so only the others are searched for a value that breaks the receiver's.

use serde_json::Value;

use super::accept::same;
use super::goal::{Engine, Goal, Lit, Outcome};
use super::object;
use super::state::{Atom, KINDS, Kind, State};
use super::vocabulary::Name;
use super::within::alternatives;

/// What tells an alternative apart from others.
struct Tags {
    /// The types that it may be of.
    kinds: Vec<Kind>,
    /// Members that an object of it must have, with the values that are listed for them.
    listed: Vec<(Name, Vec<Value>)>,
}

impl Tags {
    /// Whether plainly no value is of both.
    fn are_apart(&self, other: &Self) -> bool {
        self.kinds.iter().filter(|kind| other.kinds.contains(kind)).all(|kind| {
            *kind == Kind::Object
                && self.listed.iter().any(|(name, values)| {
                    let mut others = other.listed.iter().filter(|(each, _)| each == name);
                    others
                        .any(|(_, others)| !values.iter().any(|one| others.iter().any(|two| same(one, two))))
                })
        })
    }
}

impl Engine<'_> {
    /// A value of the sender's union that is none of the receiver's, where all that stands beside the unions
    /// is kept; `None` where this shows nothing, as the alternatives are not told apart.
    pub(super) fn by_alternative(&mut self, sent: Lit, read: Lit) -> Option<Outcome> {
        let mut doubt = None;
        for lit in self.others(sent, read)? {
            // The whole stands beside it: what its other parts declare may be sent too.
            match self.inhabit(Goal::all([sent, lit, read])) {
                Outcome::Empty => {}
                Outcome::Unknown(why) => doubt = doubt.or(Some(why)),
                Outcome::Value(value) => {
                    let fits = self.fulfils(&Goal::all([sent, read]), &value) == Ok(true);
                    return fits.then_some(Outcome::Value(value));
                }
            }
        }
        Some(doubt.map_or(Outcome::Empty, Outcome::Unknown))
    }

    /// The alternatives of the sender that the receiver does not have; `None` where a value of one that both have
    /// may not be one of the receiver's union, or where they have none in common.
    fn others(&mut self, sent: Lit, read: Lit) -> Option<Vec<Lit>> {
        let ((own, is_own_single), (other, is_single)) = (self.union(sent)?, self.union(read)?);
        let is_among = |lit: &Lit, all: &[Lit]| all.iter().any(|each| each.class == lit.class);
        let (common, others): (Vec<Lit>, Vec<Lit>) = own.iter().partition(|lit| is_among(lit, &other));
        if is_single {
            // One that stands there twice never holds alone; nor does one beside which others hold for the sender.
            if !is_own_single || (1..other.len()).any(|at| is_among(&other[at], &other[..at])) {
                return None;
            }
            let fresh = other.iter().filter(|lit| !is_among(lit, &own));
            let fresh: Vec<Tags> = fresh.map(|lit| self.tags(*lit)).collect();
            let is_alone = |lit: &Lit| {
                let tags = (!fresh.is_empty()).then(|| self.tags(*lit));
                tags.is_none_or(|tags| fresh.iter().all(|other| tags.are_apart(other)))
            };
            if !common.iter().all(is_alone) {
                return None;
            }
        }
        (!common.is_empty()).then_some(others)
    }

    /// The alternatives of a schema, asserted, and whether only one of them may hold.
    fn union(&mut self, of: Lit) -> Option<(Vec<Lit>, bool)> {
        let (_, schema) = self.schema(of);
        let (ids, is_single) = alternatives(schema)?;
        Some((ids.iter().map(|id| self.below(of, *id, true)).collect(), is_single))
    }

    /// What tells an alternative apart from others, by what it and its parts demand.
    fn tags(&mut self, lit: Lit) -> Tags {
        let mut tags = Tags { kinds: Vec::new(), listed: Vec::new() };
        for kind in KINDS {
            let Some(state) = self.taken(lit, kind) else { continue };
            tags.kinds.push(kind);
            for name in &state.required {
                let goal = object::goal_of(&state, name, &[]);
                let values = goal.all.iter().filter(|lit| lit.holds).find_map(|lit| self.listed(*lit));
                tags.listed.extend(values.map(|values| (name.clone(), values)));
            }
        }
        tags
    }

    /// What is known of a value of this type once a schema is taken in; `None` where it plainly has none.
    fn taken(&mut self, lit: Lit, kind: Kind) -> Option<State> {
        let mut state = State::new(kind);
        self.take_all(&mut state, vec![Atom::Schema(lit)]).ok()?;
        Some(state)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::referee::Referee;
    use super::super::within::Seen;
    use super::super::{BUDGET, Terms};
    use super::*;
    use crate::spec::plain::View;
    use crate::spec::schema::SchemaId;
    use crate::spec::{Document, Limits, bare_schema};

    /// A member of an object: some are sent one way alone, some hold others.
    fn member() -> impl Strategy<Value = Value> {
        let inner = |kind: &str| json!({"type": "object", "properties": {"m": {"type": kind}}});
        prop_oneof![
            Just(json!({"type": "string"})),
            Just(json!({"type": ["string", "integer"]})),
            Just(json!({"type": "integer", "readOnly": true})),
            Just(json!({"type": "string", "readOnly": true})),
            Just(json!({"type": "object"})),
            Just(json!({"type": "object", "properties": {"m": {}}})),
            Just(inner("string")),
            Just(inner("integer")),
        ]
    }

    /// Objects told apart by `kind`, mostly.
    fn alternative() -> impl Strategy<Value = Value> {
        let kind =
            prop_oneof![Just(json!(["a"])), Just(json!(["b"])), Just(json!(["c"])), Just(json!(["a", "d"]))];
        (kind, proptest::option::of(member()), 0_u8..8).prop_map(|(kind, member, form)| {
            let mut properties = json!({"kind": {"enum": kind}});
            if let Some(member) = member {
                properties["x"] = member;
            }
            match form {
                0 => json!({"type": "object", "properties": properties}),
                1 => json!({"type": ["object", "null"], "properties": properties, "required": ["kind", "x"]}),
                2 => json!({"allOf": [{"type": "object", "properties": properties}, {"required": ["kind"]}]}),
                _ => json!({"type": "object", "properties": properties, "required": ["kind"]}),
            }
        })
    }

    /// A union, at times with something beside it.
    fn union() -> impl Strategy<Value = Value> {
        let keyword = prop_oneof![1 => Just("anyOf"), 3 => Just("oneOf")];
        let all = proptest::collection::vec(alternative(), 2..5);
        (keyword, all, proptest::option::of(member()), 0_u8..6).prop_map(|(keyword, all, beside, form)| {
            let mut union = json!({keyword: all});
            match (beside, form) {
                (Some(member), 0) => union["properties"] = json!({"x": member}),
                (Some(member), 1) => {
                    union["allOf"] = json!([{"properties": {"x": member}, "required": ["x"]}]);
                }
                (_, 2) => union["required"] = json!(["x"]),
                (_, 3) => union["type"] = json!("object"),
                _ => {}
            }
            union
        })
    }

    /// A union, and another with most of its alternatives, or one of them changed.
    fn pair() -> impl Strategy<Value = (Value, Value)> {
        let more = proptest::option::of(alternative());
        let changed = proptest::option::of((0_usize..4, member()));
        (union(), more, proptest::option::of(0_usize..4), changed, any::<bool>()).prop_map(
            |(one, more, less, changed, is_turned)| {
                let mut other = one.clone();
                let keyword = if one.get("oneOf").is_some() { "oneOf" } else { "anyOf" };
                let all = other[keyword].as_array_mut().expect("alternatives");
                if let Some((at, member)) = changed
                    && let Some(changed) = all.get_mut(at)
                {
                    let object =
                        if changed.get("allOf").is_some() { &mut changed["allOf"][0] } else { changed };
                    object["properties"]["x"] = member;
                }
                less.filter(|at| *at < all.len()).map(|at| all.remove(at));
                all.extend(more);
                if is_turned { (other, one) } else { (one, other) }
            },
        )
    }

    fn read(schema: &Value) -> (Document, SchemaId) {
        bare_schema(schema.to_string().as_bytes(), &Limits::default()).expect("a schema")
    }

    /// What is found alternative by alternative, if anything; or without looking at them.
    fn found(a: &Value, b: &Value, terms: Terms, is_split: bool) -> Option<Outcome> {
        let ((sender, a), (receiver, b)) = (read(a), read(b));
        let mut engine = Engine::new(&sender, &receiver, terms);
        engine.steps = BUDGET;
        let (a, b) = (engine.lit(0, a, true), engine.lit(1, b, false));
        if !is_split {
            return Some(engine.by_type(&Goal::all([a, b]), &[]));
        }
        match engine.look(&Goal::all([a, b])) {
            Seen::Union(a, b) => engine.by_alternative(a, b),
            Seen::Empty => Some(Outcome::Empty),
            Seen::Unclear => None,
        }
    }

    /// Every object of these members, and null.
    fn values() -> Vec<Value> {
        let kinds =
            [None, Some(json!("a")), Some(json!("b")), Some(json!("c")), Some(json!("d")), Some(json!(1))];
        let members = [
            None,
            Some(json!("t")),
            Some(json!(1)),
            Some(Value::Null),
            Some(json!({})),
            Some(json!({"m": 1})),
        ];
        let object = |kind: &Option<Value>, member: &Option<Value>| {
            let named = [("kind", kind), ("x", member)];
            named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect()
        };
        let all = kinds.iter().flat_map(|kind| members.iter().map(move |member| object(kind, member)));
        all.chain([Value::Null]).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

        #[test]
        fn unions_are_judged_as_values_say((a, b) in pair()) {
            let [sends, takes] = [&a, &b].map(|schema| Referee::bare(&read(schema).0).expect("a schema"));
            let broken = values().into_iter().find(|value| sends.accepts(value) && !takes.accepts(value));
            match found(&a, &b, Terms::default(), true) {
                Some(Outcome::Empty) => prop_assert_eq!(broken, None),
                Some(Outcome::Value(value)) => prop_assert!(sends.accepts(&value) && !takes.accepts(&value)),
                Some(Outcome::Unknown(why)) => prop_assert!(false, "{}", why),
                None => {}
            }
        }

        #[test]
        fn alternatives_hide_nothing_that_the_whole_shows((a, b) in pair(), way in 0_u8..3) {
            let view = [View::Whole, View::Request, View::Response][usize::from(way)];
            let terms = Terms { vocabulary: true, view: Some(view), ..Terms::default() };
            if let (Some(Outcome::Empty), Some(Outcome::Value(value))) =
                (found(&a, &b, terms, true), found(&a, &b, terms, false))
            {
                prop_assert!(false, "{}", value);
            }
        }
    }

    #[test]
    fn alternatives_that_are_told_apart_are_looked_at_one_by_one() {
        let shown = |a: &Value, b: &Value| {
            found(a, b, Terms::default(), true).map(|outcome| matches!(outcome, Outcome::Empty))
        };
        let tagged = |kind: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}});
        let of = |all: &[Value]| json!({"oneOf": all});
        let (a, b, c) = (tagged("a"), tagged("b"), tagged("c"));
        let (less, more) = (of(&[a.clone(), b.clone()]), of(&[a.clone(), b.clone(), c.clone()]));
        assert_eq!(shown(&less, &more), Some(true));
        assert_eq!(shown(&more, &less), Some(false));
        // Without a tag, another alternative may hold too.
        let loose = of(&[a, b, json!({"type": "object", "required": ["x"]})]);
        assert_eq!(shown(&less, &loose), None);
        assert_eq!(shown(&less, &of(&[c.clone(), tagged("d")])), None, "they have none in common");
        assert_eq!(
            shown(&of(&[c.clone(), tagged("a")]), &of(&[c.clone(), c])),
            None,
            "none of them holds alone"
        );
    }

    #[test]
    fn what_stands_beside_a_union_speaks_of_its_alternatives() {
        let requests = Terms { vocabulary: true, view: Some(View::Request), ..Terms::default() };
        let tagged = |kind: &str, name: &str, member: Value| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}, name: member}});
        let b = json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "b"}}});
        let is_empty = |a: &Value, b: &Value| {
            found(a, b, requests, true).is_some_and(|outcome| matches!(outcome, Outcome::Empty))
        };
        // A name is declared beside the union, inside a member.
        let open = |alternative: Value| json!({"type": "object", "properties": {"meta": {"type": "object", "properties": {"note": {}}}}, "oneOf": [alternative, b]});
        let meta =
            |properties: Value| tagged("a", "meta", json!({"type": "object", "properties": properties}));
        assert!(!is_empty(&open(meta(json!({}))), &open(meta(json!({"note": {"type": "string"}})))));
        // A member that would not be sent is demanded beside the union.
        let demanding = |id: Value| json!({"type": "object", "allOf": [{"required": ["id"]}], "oneOf": [tagged("a", "id", id), b]});
        let kept = demanding(json!({"type": "string", "readOnly": true}));
        assert!(!is_empty(&kept, &demanding(json!({"type": "integer"}))));
    }
}
