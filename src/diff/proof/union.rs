//! One union against another, an alternative at a time.
//!
//! Two versions of a union have most alternatives in common. What one of these allows, both unions allow, where
//! the others are told apart from it; so only what is new is searched for a value that breaks the receiver's,
//! and what was changed is held against the alternative that it was.

use serde_json::Value;

use super::accept::same;
use super::goal::{Engine, Goal, Lit, Outcome};
use super::object;
use super::state::{Atom, KINDS, Kind, State};
use super::vocabulary::Name;
use super::within::alternatives;

/// What tells an alternative apart from others.
struct Tags {
    lit: Lit,
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

/// What is known of an alternative of the sender.
enum Standing {
    /// The receiver has it too.
    Common,
    /// The one alternative of the receiver that it may be.
    Changed(Lit),
    /// None of the receiver's is like it, or more than one is.
    New,
}

impl Engine<'_> {
    /// A value of the sender's union that is none of the receiver's, where all that stands beside the unions
    /// is kept; `None` where this shows nothing, as the alternatives are not told apart.
    pub(super) fn by_alternative(&mut self, sent: Lit, read: Lit) -> Option<Outcome> {
        let mut standing = self.standing(sent, read)?;
        if standing.iter().all(|(_, each)| matches!(each, Standing::New)) {
            return None;
        }
        // What is new is the most likely to break.
        standing.sort_by_key(|(_, each)| !matches!(each, Standing::New));
        let mut doubt = None;
        for (lit, standing) in standing {
            let is_kept = match standing {
                Standing::Common => true,
                Standing::Changed(other) => self.is_covered(sent, lit, other.denied()),
                Standing::New => false,
            };
            if is_kept {
                continue;
            }
            match self.inhabit(Goal::all([sent, lit, read])) {
                Outcome::Empty => {}
                Outcome::Unknown(why) => doubt = doubt.or(Some(why)),
                found @ Outcome::Value(_) => return Some(found),
            }
        }
        Some(doubt.map_or(Outcome::Empty, Outcome::Unknown))
    }

    /// How each alternative of the sender stands to those of the receiver. Where only one of these may hold, a
    /// value of one must be of no other: `None` where that is not seen.
    fn standing(&mut self, sent: Lit, read: Lit) -> Option<Vec<(Lit, Standing)>> {
        let ((own, is_own_single), (other, is_single)) = (self.union(sent)?, self.union(read)?);
        let is_among = |lit: &Lit, all: &[Lit]| all.iter().any(|each| each.class == lit.class);
        let is_repeated = (1..other.len()).any(|at| is_among(&other[at], &other[..at]));
        if is_single && (!is_own_single || is_repeated) {
            return None;
        }
        // Those that both have: of a value of another one they are not, as only one holds for the sender.
        let fresh = other.iter().filter(|lit| !is_among(lit, &own));
        let fresh: Vec<Tags> = fresh.map(|lit| self.tags(*lit)).collect();
        let mut standing = Vec::with_capacity(own.len());
        for lit in own {
            let is_common = is_among(&lit, &other);
            if is_common && !is_single {
                standing.push((lit, Standing::Common));
                continue;
            }
            let tags = self.tags(lit);
            let mut like = fresh.iter().filter(|other| !tags.are_apart(other));
            let stands = match (is_common, like.next(), like.next()) {
                (true, None, _) => Standing::Common,
                (false, Some(other), None) => Standing::Changed(other.lit),
                (false, None, _) => Standing::New,
                _ if is_single => return None,
                _ => Standing::New,
            };
            standing.push((lit, stands));
        }
        Some(standing)
    }

    /// Whether one alternative of the receiver holds wherever this one of the sender's union does.
    fn is_covered(&mut self, union: Lit, sent: Lit, read: Lit) -> bool {
        self.has_words_of(union, sent, read)
            && matches!(self.inhabit(Goal::all([sent, read])), Outcome::Empty)
    }

    /// The alternatives of a schema, asserted, and whether only one of them may hold.
    fn union(&mut self, of: Lit) -> Option<(Vec<Lit>, bool)> {
        let (_, schema) = self.schema(of);
        let (ids, is_single) = alternatives(schema)?;
        Some((ids.iter().map(|id| self.below(of, *id, true)).collect(), is_single))
    }

    /// What tells an alternative apart from others, by what it and its parts demand.
    fn tags(&mut self, lit: Lit) -> Tags {
        let mut tags = Tags { lit, kinds: Vec::new(), listed: Vec::new() };
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
        let (mut state, mut atoms) = (State::new(kind), vec![Atom::Schema(lit)]);
        while let Some(atom) = atoms.pop().filter(|_| self.step(1)) {
            self.take(&mut state, atom, &mut atoms).ok()?;
        }
        state.sort();
        Some(state)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::referee::Referee;
    use super::super::{BUDGET, Terms, Verdict};
    use super::*;
    use crate::spec::{Limits, bare_schema};

    /// Objects told apart by `kind`, mostly.
    fn alternative() -> impl Strategy<Value = Value> {
        let kind =
            prop_oneof![Just(json!(["a"])), Just(json!(["b"])), Just(json!(["c"])), Just(json!(["a", "d"]))];
        let member =
            prop_oneof![Just(json!({"type": "string"})), Just(json!({"type": ["string", "integer"]}))];
        (kind, proptest::option::of(member), 0_u8..8).prop_map(|(kind, member, form)| {
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

    fn union() -> impl Strategy<Value = Value> {
        let keyword = prop_oneof![1 => Just("anyOf"), 3 => Just("oneOf")];
        (keyword, proptest::collection::vec(alternative(), 2..5))
            .prop_map(|(keyword, all)| json!({keyword: all}))
    }

    /// A union, and another with most of its alternatives.
    fn pair() -> impl Strategy<Value = (Value, Value)> {
        (union(), proptest::option::of(alternative()), proptest::option::of(0_usize..4), any::<bool>())
            .prop_map(|(one, more, less, is_turned)| {
                let mut other = one.clone();
                for all in other.as_object_mut().into_iter().flat_map(|union| union.values_mut()) {
                    let all = all.as_array_mut().expect("alternatives");
                    less.filter(|at| *at < all.len()).map(|at| all.remove(at));
                    all.extend(more.clone());
                }
                if is_turned { (other, one) } else { (one, other) }
            })
    }

    /// Every object of these members, and null.
    fn values() -> Vec<Value> {
        let kinds =
            [None, Some(json!("a")), Some(json!("b")), Some(json!("c")), Some(json!("d")), Some(json!(1))];
        let members = [None, Some(json!("t")), Some(json!(1)), Some(Value::Null)];
        let object = |kind: &Option<Value>, member: &Option<Value>| {
            let named = [("kind", kind), ("x", member)];
            named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect()
        };
        let all = kinds.iter().flat_map(|kind| members.iter().map(move |member| object(kind, member)));
        all.chain([Value::Null]).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn unions_are_judged_as_values_say((a, b) in pair(), vocabulary: bool) {
            let read = |schema: &Value| bare_schema(schema.to_string().as_bytes(), &Limits::default()).expect("a schema");
            let ((sender, one), (receiver, other)) = (read(&a), read(&b));
            let terms = Terms { vocabulary, ..Terms::default() };
            let [sends, takes] = [&sender, &receiver].map(|document| Referee::bare(document).expect("a schema"));
            let is_sendable = |value: &Value| !vocabulary || a.to_string().contains("\"x\"") || value.get("x").is_none();
            let broken = values().into_iter().find(|value| {
                is_sendable(value) && sends.accepts(value) && !takes.accepts(value)
            });
            match Engine::new(&sender, &receiver, terms).ask(one, other, BUDGET) {
                Verdict::Proven => prop_assert_eq!(broken, None),
                Verdict::Refuted(value) => prop_assert!(sends.accepts(&value) && !takes.accepts(&value)),
                Verdict::Unknown(why) => prop_assert!(false, "{}", why),
            }
        }
    }

    fn shown(a: &Value, b: &Value, terms: Terms) -> Option<bool> {
        let read = |schema: &Value| {
            bare_schema(schema.to_string().as_bytes(), &Limits::default()).expect("a schema")
        };
        let ((sender, a), (receiver, b)) = (read(a), read(b));
        let mut engine = Engine::new(&sender, &receiver, terms);
        engine.steps = 1_000;
        let (a, b) = (engine.lit(0, a, true), engine.lit(1, b, false));
        engine.by_alternative(a, b).map(|outcome| matches!(outcome, Outcome::Empty))
    }

    #[test]
    fn alternatives_that_are_told_apart_are_looked_at_one_by_one() {
        let tagged = |kind: &str, member: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}, member: {"type": "string"}}});
        let of = |all: &[Value]| json!({"oneOf": all});
        let (a, b, c) = (tagged("a", "x"), tagged("b", "x"), tagged("c", "x"));
        let more = of(&[a.clone(), b.clone(), c]);
        assert_eq!(shown(&of(&[a.clone(), b.clone()]), &more, Terms::default()), Some(true));
        assert_eq!(shown(&more, &of(&[a.clone(), b.clone()]), Terms::default()), Some(false));
        // Without a tag, another alternative may hold too.
        let loose = json!({"type": "object", "required": ["x"]});
        assert_eq!(shown(&of(&[a.clone(), b.clone()]), &of(&[a, b, loose]), Terms::default()), None);
        // A name that only a sibling declares may be sent with the one that was changed.
        let vocabulary = Terms { vocabulary: true, ..Terms::default() };
        let was = of(&[tagged("a", "x"), tagged("b", "y")]);
        let plain = |kind: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}});
        let is = of(&[
            json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "a"}, "x": {"type": "string"}, "y": {"type": "integer"}}}),
            tagged("b", "y"),
        ]);
        assert_eq!(shown(&was, &is, vocabulary), Some(false));
        let alone = of(&[tagged("a", "x"), plain("b")]);
        let is = of(&[
            json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "a"}, "x": {"type": "string"}, "y": {"type": "integer"}}}),
            plain("b"),
        ]);
        assert_eq!(shown(&alone, &is, vocabulary), Some(true));
        assert_eq!(shown(&alone, &is, Terms::default()), Some(false));
    }
}
