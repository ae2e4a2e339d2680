//! What `unevaluatedProperties` and `unevaluatedItems` leave over, for each way a schema may hold.
//!
//! Which members count as evaluated depends on which of the schemas that apply in place hold. A world
//! settles that: it says which hold and which do not, and what is evaluated then.
//!
//! Source: JSON Schema 2020-12 core, section 11.

use std::sync::Arc;

use super::expand::alone;
use super::goal::{Engine, Lit};
use super::language::Language;
use super::state::Atom;
use super::vocabulary::Name;
use crate::spec::schema::SchemaId;

/// Worlds of one schema; more are not looked at.
const MOST: usize = 128;

/// One way for a schema to hold.
#[derive(Clone, Default)]
pub(super) struct World {
    /// What must be given for it.
    pub(super) given: Vec<Atom>,
    /// Names and languages of evaluated properties.
    pub(super) names: Vec<Name>,
    pub(super) languages: Vec<Arc<Language>>,
    /// Whether everything is evaluated.
    pub(super) all: bool,
    /// How many leading items are evaluated.
    pub(super) items: usize,
    /// Items that hold one of these are evaluated too.
    pub(super) containing: Vec<Lit>,
}

impl World {
    fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.given.extend(other.given.iter().cloned());
        both.names.extend(other.names.iter().cloned());
        both.languages.extend(other.languages.iter().cloned());
        both.all |= other.all;
        both.items = both.items.max(other.items);
        both.containing.extend(&other.containing);
        both
    }

    fn given(atoms: impl IntoIterator<Item = Atom>) -> Self {
        Self { given: atoms.into_iter().collect(), ..Self::default() }
    }
}

/// The worlds in which the applicators of the schema hold; what it says by `unevaluated…` itself is
/// the question, and not counted.
pub(super) fn of(engine: &mut Engine<'_>, lit: Lit, is_array: bool) -> Result<Vec<World>, String> {
    Reader { engine, is_array, open: Vec::new() }.worlds(lit, true)
}

struct Reader<'e, 'd> {
    engine: &'e mut Engine<'d>,
    is_array: bool,
    /// The classes that are being read.
    open: Vec<u32>,
}

impl Reader<'_, '_> {
    /// The worlds of a schema; at the root its own `unevaluated…` is the question.
    fn worlds(&mut self, lit: Lit, is_root: bool) -> Result<Vec<World>, String> {
        if self.open.contains(&lit.class) {
            return Err("`unevaluated…` through a schema that applies to itself".into());
        }
        self.open.push(lit.class);
        let found = self.within(lit, is_root);
        self.open.pop();
        found
    }

    fn within(&mut self, lit: Lit, is_root: bool) -> Result<Vec<World>, String> {
        let (_, schema) = self.engine.schema(lit);
        let mut own = World::default();
        if self.is_array {
            own.items = schema.prefix_items().len();
            own.all = schema.items().is_some() || (!is_root && schema.unevaluated_items().is_some());
            own.containing.extend(schema.contains().map(|id| self.engine.below(lit, id, true)));
        } else {
            own.names = schema.properties().iter().map(|(name, _)| self.engine.name(name)).collect();
            for (pattern, _) in schema.pattern_properties() {
                own.languages.push(self.engine.names(pattern)?);
            }
            own.all =
                schema.additional().is_some() || (!is_root && schema.unevaluated_properties().is_some());
        }
        let mut all = vec![own];
        let mut conjuncts: Vec<SchemaId> = schema.all_of().to_vec();
        if let Some(reference) = &schema.reference {
            conjuncts.push(reference.target.ok_or("a reference leads nowhere")?);
        }
        for id in conjuncts {
            let part = self.engine.below(lit, id, true);
            all = product(&all, &self.worlds(part, false)?)?;
        }
        if let Some(any) = schema.any_of() {
            for id in any {
                let part = self.engine.below(lit, *id, true);
                all = product(&all, &self.either(part)?)?;
            }
        }
        if let Some(one) = schema.one_of() {
            let lits: Vec<Lit> = one.iter().map(|id| self.engine.below(lit, *id, true)).collect();
            let mut ways = Vec::new();
            for (index, part) in lits.iter().enumerate() {
                let given = alone(&lits, index);
                let inner = self.worlds(*part, false)?;
                ways.extend(product(&[World::given(given)], &inner)?);
            }
            all = product(&all, &ways)?;
        }
        if let Some(condition) = schema.if_schema() {
            let condition = self.engine.below(lit, condition, true);
            let mut holds =
                product(&[World::given([Atom::Schema(condition)])], &self.worlds(condition, false)?)?;
            let mut fails = vec![World::given([Atom::Schema(condition.denied())])];
            for (branch, ways) in [(schema.then_schema(), &mut holds), (schema.else_schema(), &mut fails)] {
                if let Some(id) = branch {
                    let part = self.engine.below(lit, id, true);
                    *ways = product(ways, &self.worlds(part, false)?)?;
                }
            }
            holds.append(&mut fails);
            all = product(&all, &holds)?;
        }
        if !self.is_array {
            for (name, id) in schema.dependent_schemas() {
                let part = self.engine.below(lit, *id, true);
                let name = self.engine.name(name);
                let mut ways = product(
                    &[World::given([Atom::Required(name.clone()), Atom::Schema(part)])],
                    &self.worlds(part, false)?,
                )?;
                ways.push(World::given([Atom::Absent(name)]));
                all = product(&all, &ways)?;
            }
        }
        Ok(all)
    }

    /// The worlds of a schema that may hold or not.
    fn either(&mut self, part: Lit) -> Result<Vec<World>, String> {
        let inner = self.worlds(part, false)?;
        let mut ways = product(&[World::given([Atom::Schema(part)])], &inner)?;
        ways.push(World::given([Atom::Schema(part.denied())]));
        Ok(ways)
    }
}

fn product(left: &[World], right: &[World]) -> Result<Vec<World>, String> {
    if left.len() * right.len() > MOST {
        return Err("`unevaluated…` beside too many alternatives".into());
    }
    Ok(left.iter().flat_map(|one| right.iter().map(move |other| one.and(other))).collect())
}
