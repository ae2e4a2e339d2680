//! A value put where it belongs in a whole: what the schemas on the way demand is built around it.

use serde_json::{Map, Value};

use super::instances::{FRESH, Maker, Spot};

/// One step from a schema to one within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Member(String),
    /// A member that is not declared.
    Other,
    Item,
    Reference,
    /// One of a list of schemas of the same value.
    Branch(&'static str, usize),
}

impl Step {
    fn below<'s>(&self, spot: Spot<'s>) -> Option<Spot<'s>> {
        match self {
            Self::Member(name) => spot.member("properties", name),
            Self::Other => spot.one("additionalProperties"),
            Self::Item => spot.one("items"),
            Self::Reference => spot.reference(),
            Self::Branch(keyword, at) => spot.list(keyword).nth(*at),
        }
    }
}

/// How often a value of the right type is asked for: unions have branches of others.
const TRIES: usize = 8;

/// A value of what `spots` describe together, with `inner` where the steps lead from the last of them; `whole` is kept
/// as far as it goes.
pub fn lifted(
    maker: &mut Maker<'_>,
    spots: &[Spot<'_>],
    steps: &[Step],
    inner: &Value,
    whole: Option<Value>,
) -> Value {
    let Some((step, rest)) = steps.split_first() else { return inner.clone() };
    let below: Vec<Spot<'_>> = spots.last().and_then(|here| step.below(*here)).into_iter().collect();
    match step {
        Step::Reference | Step::Branch(..) => {
            let spots = [spots, &below].concat();
            lifted(maker, &spots, rest, inner, whole)
        }
        Step::Member(_) | Step::Other => {
            let name = if let Step::Member(name) = step { name } else { FRESH[0] };
            let mut members = of_type(maker, spots, whole, |value| match value {
                Value::Object(members) => Some(members),
                _ => None,
            })
            .unwrap_or_else(Map::new);
            let held = members.get(name).cloned();
            members.insert(name.to_owned(), lifted(maker, &below, rest, inner, held));
            Value::Object(members)
        }
        Step::Item => {
            let mut items = of_type(maker, spots, whole, |value| match value {
                Value::Array(items) => Some(items),
                _ => None,
            })
            .unwrap_or_default();
            let held = items.first().cloned();
            let item = lifted(maker, &below, rest, inner, held);
            if items.is_empty() {
                items.push(item);
            } else {
                items[0] = item;
            }
            Value::Array(items)
        }
    }
}

/// The value, or one that is made, as the type that is asked for.
fn of_type<T>(
    maker: &mut Maker<'_>,
    spots: &[Spot<'_>],
    value: Option<Value>,
    take: impl Fn(Value) -> Option<T>,
) -> Option<T> {
    value.and_then(&take).or_else(|| (0..TRIES).find_map(|_| take(maker.together(spots))))
}
