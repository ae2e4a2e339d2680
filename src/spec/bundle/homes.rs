//! Where a part stands in the joined document, and by what name.

use std::sync::Arc;

use super::kind::Home;
use super::lead::Lead;
use super::{At, Joiner, Made, Refusal, Shape};
use crate::spec::refs::reference_of;
use crate::spec::tree::{Kind, NodeId, Tree};
use crate::spec::{Dialect, place};

impl Joiner<'_> {
    /// Names that stand in a home already, in the root or in files of names that it refers to. An
    /// entry that is nothing but a reference to a part is where that part belongs.
    pub(super) fn adopt(&mut self, home: Home) -> Result<(), Box<Refusal>> {
        let mut layers = vec![(0, NodeId::ROOT)];
        for token in home.path(self.dialect) {
            let next = layers.iter().find_map(|at| Some((at.0, self.files[at.0].tree.get(at.1, token)?)));
            let Some(next) = next else {
                return Ok(());
            };
            layers = self.layers(next)?;
        }
        let mut aliases = Vec::new();
        for at in layers {
            let tree = Arc::clone(&self.files[at.0].tree);
            for (name, value) in tree.members(at.1) {
                // What stands further up hides what it refers to.
                if !self.taken.entry(home).or_default().insert(name.to_owned()) {
                    continue;
                }
                let Some(text) = reference_of(&tree, value).filter(|_| self.is_alias(&tree, value, home))
                else {
                    let entry = (at.0, value);
                    // What the root says itself is referred to as it is.
                    if at.0 != 0 && self.fits(entry, home) {
                        self.claim(entry, home, name);
                    }
                    continue;
                };
                let by = (at.0, tree.get(value, "$ref").unwrap_or(value));
                if let Lead::Part(first) = self.lead(by, text)?
                    && let Lead::Part(target) = self.settle(first, Some(home))?
                    && self.fits(target, home)
                {
                    if first == target {
                        self.claim(target, home, name);
                    } else {
                        aliases.push((target, name.to_owned()));
                    }
                }
            }
        }
        // A name that leads there by way of another yields to that.
        for (target, name) in aliases {
            self.claim(target, home, &name);
        }
        Ok(())
    }

    pub(super) fn claim(&mut self, target: At, home: Home, name: &str) {
        self.names.entry((target, home)).or_insert_with(|| name.to_owned());
        self.homes.entry(target).or_insert(home);
    }

    /// Whether what stands beside a reference there has no effect.
    pub(super) fn is_alias(&self, tree: &Tree, node: NodeId, home: Home) -> bool {
        tree.entries(node).len() == 1 || (self.dialect < Dialect::V31 && home != Home::PathItem)
    }

    /// Whether the home takes such a value.
    pub(super) fn fits(&self, (file, node): At, home: Home) -> bool {
        match self.files[file].tree.kind(node) {
            Kind::Object => true,
            Kind::True | Kind::False => home == Home::Schema && self.dialect >= Dialect::V31,
            _ => false,
        }
    }

    /// Where a target stands in the document that is being made, as tokens of a pointer.
    pub(super) fn housed(&mut self, target: At, home: Home) -> Vec<String> {
        let start = |dialect: Dialect| home.path(dialect).iter().map(|token| (*token).to_owned());
        if let Some(name) = self.names.get(&(target, home)) {
            return start(self.dialect).chain([name.clone()]).collect();
        }
        if let Some(pointer) = self.below_a_home(target) {
            return pointer;
        }
        let name = self.unique(target, home);
        self.names.insert((target, home), name.clone());
        self.homes.entry(target).or_insert(home);
        self.todo.push_back((target, home, name.clone()));
        start(self.dialect).chain([name]).collect()
    }

    /// The way to a target that lies within something that has been given a home.
    pub(super) fn below_a_home(&self, (file, node): At) -> Option<Vec<String>> {
        let tree = &self.files[file].tree;
        let pointer = place::pointer(tree, node);
        let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
        let mut at = NodeId::ROOT;
        for (index, token) in tokens.iter().enumerate() {
            if let Some(home) = self.homes.get(&(file, at)) {
                let name = self.names.get(&((file, at), *home))?;
                let start = home.path(self.dialect).iter().map(|token| (*token).to_owned());
                let rest = tokens[index..].iter().map(|token| place::unescaped(token).into_owned());
                return Some(start.chain([name.clone()]).chain(rest).collect());
            }
            at = place::step(tree, at, token)?;
        }
        None
    }

    /// A readable name that nothing else in the home has: the last token of the pointer, or the
    /// file's name without its ending.
    pub(super) fn unique(&mut self, (file, node): At, home: Home) -> String {
        let pointer = place::pointer(&self.files[file].tree, node);
        let token = pointer.rsplit('/').next().filter(|token| !token.is_empty());
        let token = token.map(place::unescaped);
        let mut folders: Vec<&str> = self.files[file].path.split('/').collect();
        let name = folders.pop().unwrap_or_default();
        let mut stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        // `pet/index.yaml` is about pets.
        if matches!(stem, "index" | "_index") {
            stem = folders.pop().unwrap_or(stem);
        }
        let folder = folders.pop();
        let mut wishes = vec![token.as_deref().unwrap_or(stem).to_owned()];
        wishes.extend(
            token.map(|token| format!("{stem}_{token}")).or_else(|| Some(format!("{}_{stem}", folder?))),
        );
        let taken = self.taken.entry(home).or_default();
        let wishes: Vec<String> = wishes.iter().map(|wish| plain(wish)).collect();
        let mut names = wishes.iter().cloned().chain((2..).map(|number| format!("{}_{number}", wishes[0])));
        // Names without end, of which finitely many are taken.
        let name = names.find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(name.clone());
        name
    }

    /// Adds what was taken in to its home in the root, which is made where there is none.
    pub(super) fn house(&mut self, root: usize, home: Home, members: Vec<(Box<str>, usize)>) {
        let mut at = root;
        for token in home.path(self.dialect) {
            let Shape::Object(entries) = &self.made[at].shape else {
                return;
            };
            let known = entries.iter().position(|(key, _)| &**key == *token);
            let child = known.map(|index| entries[index].1);
            at = match child {
                Some(child) if matches!(self.made[child].shape, Shape::Object(_)) => child,
                _ => {
                    let from = self.made[at].from;
                    self.made.push(Made { from, shape: Shape::Object(Vec::new()) });
                    let new = self.made.len() - 1;
                    if let Shape::Object(entries) = &mut self.made[at].shape {
                        match known {
                            Some(index) => entries[index].1 = new,
                            None => entries.push(((*token).into(), new)),
                        }
                    }
                    new
                }
            };
        }
        if let Shape::Object(entries) = &mut self.made[at].shape {
            entries.extend(members);
        }
    }
}

/// Only what a component may be named.
fn plain(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let name: String = name.trim_matches('/').chars().map(letter).collect();
    if name.is_empty() { "part".to_owned() } else { name }
}
