//! Real documents with one schema made narrower, or wider: the diff says so, in both directions.
//!
//! A narrower request breaks and a wider one does not; for responses it is the other way round. Where the referee
//! cannot tell before from after, the change is masked by what stands around it, and only what must not break is held.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use serde_json::Value;
use sundial::diff::{Diff, Direction, Level, compare};
use sundial::spec::Document;
use sundial::spec::tree::NodeId;

use super::completeness::{options, read, unconfirmed};
use crate::support::calls::{Met, places};
use crate::support::corpus;
use crate::support::dice::Dice;
use crate::support::instances::{Maker, Spot, Vocabulary, around, lengths, parts, word};
use crate::support::is_full;
use crate::support::lifting::{Step, lifted};
use crate::support::mutations::{OPERATORS, Operator, is_idle};
use crate::support::packages::on_all_cores;
use crate::support::referee::{Fate, Referee, Subject, Way};

/// A schema that calls reach, and the shortest way to it.
struct Reached {
    pointer: String,
    root: Met,
    steps: Vec<Step>,
    requests: bool,
    responses: bool,
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The schemas right within one, where more for them is more for the whole; then those where it may be less.
fn within(node: &Value, pointer: &str) -> (Vec<(String, Step)>, Vec<String>) {
    let (mut open, mut other) = (Vec::new(), Vec::new());
    if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
        if let Some(target) = reference.strip_prefix('#') {
            open.push((target.to_owned(), Step::Reference));
        }
        return (open, other);
    }
    for (keyword, inner) in node.as_object().into_iter().flatten() {
        let here = format!("{pointer}/{keyword}");
        match (keyword.as_str(), inner) {
            ("properties", Value::Object(members)) => {
                for name in members.keys() {
                    open.push((format!("{here}/{}", escaped(name)), Step::Member(name.clone())));
                }
            }
            ("items", Value::Object(_)) => open.push((here, Step::Item)),
            ("additionalProperties", Value::Object(_)) => open.push((here, Step::Other)),
            ("allOf", Value::Array(all)) => {
                open.extend((0..all.len()).map(|at| (format!("{here}/{at}"), Step::Branch("allOf", at))));
            }
            ("anyOf", Value::Array(all)) => {
                open.extend((0..all.len()).map(|at| (format!("{here}/{at}"), Step::Branch("anyOf", at))));
            }
            ("oneOf" | "prefixItems", Value::Array(all)) => {
                other.extend((0..all.len()).map(|at| format!("{here}/{at}")));
            }
            ("not" | "if" | "then" | "else" | "contains" | "propertyNames", _) => other.push(here),
            ("patternProperties" | "dependentSchemas", Value::Object(members)) => {
                other.extend(members.keys().map(|name| format!("{here}/{}", escaped(name))));
            }
            _ => {}
        }
    }
    (open, other)
}

/// Whether members of a schema do not travel one way, or its alternatives are told by a member: another question.
fn is_special(node: &Value) -> bool {
    ["readOnly", "writeOnly", "discriminator", "x-extensible-enum", "unevaluatedProperties"]
        .iter()
        .any(|each| node.get(*each).is_some())
}

/// The schemas that JSON bodies reach, each where more for it is more for every whole that holds it.
fn reached(document: &Document, value: &Value) -> Vec<Reached> {
    let all = places(document);
    let mut tainted: HashSet<String> = HashSet::new();
    let mut spoilt: VecDeque<String> = VecDeque::new();
    let mut found: HashMap<String, usize> = HashMap::new();
    let mut order: Vec<Reached> = Vec::new();
    for request in [true, false] {
        let mut seen: HashSet<String> = HashSet::new();
        let mut todo: VecDeque<(String, Met, Vec<Step>)> = all
            .iter()
            .filter(|met| met.request == request)
            .map(|met| (met.pointer.clone(), met.clone(), Vec::new()))
            .collect();
        while let Some((pointer, root, steps)) = todo.pop_front() {
            if !seen.insert(pointer.clone()) {
                continue;
            }
            let Some(node) = value.pointer(&pointer) else { continue };
            if !root.json || is_special(node) {
                tainted.insert(pointer.clone());
                spoilt.push_back(pointer.clone());
            }
            let (open, other) = within(node, &pointer);
            spoilt.extend(other);
            for (inner, step) in open {
                let mut steps = steps.clone();
                steps.push(step);
                todo.push_back((inner, root.clone(), steps));
            }
            let index = *found.entry(pointer.clone()).or_insert(order.len());
            if index == order.len() {
                order.push(Reached { pointer, root, steps, requests: false, responses: false });
            }
            let entry = &mut order[index];
            if request { entry.requests = true } else { entry.responses = true }
        }
    }
    // What webhooks, callbacks and headers reach is held elsewhere.
    for place in ["/webhooks", "/x-webhooks", "/components/callbacks", "/components/headers"] {
        if let Some(part) = value.pointer(place) {
            references(part, &mut spoilt);
        }
    }
    for operation in
        value.get("paths").and_then(Value::as_object).into_iter().flat_map(|paths| paths.values())
    {
        inner_callbacks(operation, &mut spoilt);
    }
    while let Some(pointer) = spoilt.pop_front() {
        let Some(node) = value.pointer(&pointer) else { continue };
        if !tainted.insert(pointer.clone()) && !is_special(node) {
            continue;
        }
        let (open, other) = within(node, &pointer);
        for inner in open.into_iter().map(|(inner, _)| inner).chain(other) {
            if !tainted.contains(&inner) {
                spoilt.push_back(inner);
            }
        }
    }
    order.retain(|each| !tainted.contains(&each.pointer) && each.steps.len() <= 8 && each.root.json);
    order
}

fn references(node: &Value, found: &mut VecDeque<String>) {
    match node {
        Value::Object(members) => {
            found.extend(
                members
                    .get("$ref")
                    .and_then(Value::as_str)
                    .and_then(|text| text.strip_prefix('#'))
                    .map(str::to_owned),
            );
            members.values().for_each(|each| references(each, found));
        }
        Value::Array(items) => items.iter().for_each(|each| references(each, found)),
        _ => {}
    }
}

fn inner_callbacks(item: &Value, found: &mut VecDeque<String>) {
    for operation in item.as_object().into_iter().flat_map(|item| item.values()) {
        if let Some(callbacks) = operation.get("callbacks") {
            references(callbacks, found);
        }
    }
}

struct Case {
    operator: &'static str,
    /// The schema takes what it took.
    idle: bool,
    masked: bool,
    undecided: bool,
    wrong: Vec<String>,
}

fn says(diff: &Diff, request: bool) -> (bool, bool) {
    let direction = if request { Direction::Request } else { Direction::Response };
    let here = diff.changes.iter().filter(|change| change.direction.is_none_or(|each| each == direction));
    let breaks = here.clone().any(|change| change.level == Level::Breaking);
    (breaks, here.clone().any(|change| change.undecided.is_some()))
}

/// Whether the referee can tell before from after at the root that leads here, by a value that a sender sends.
fn is_told(
    reached: &Reached,
    sender: &str,
    receiver: &str,
    referee: &mut Referee,
    dice: &mut Dice,
    tried: usize,
) -> bool {
    let way: Way = Some(if reached.root.request { "request" } else { "response" });
    let bundle = |referee: &mut Referee, name: &str, pointer: &str| {
        referee.bundle(name, pointer, way).unwrap_or(Value::Bool(true))
    };
    let (a, b) =
        (bundle(referee, sender, &reached.root.pointer), bundle(referee, receiver, &reached.root.pointer));
    let (small_a, small_b) =
        (bundle(referee, sender, &reached.pointer), bundle(referee, receiver, &reached.pointer));
    let (ours, theirs) = (Spot::whole(&a), Spot::whole(&b));
    assert!(!parts(&[ours]).is_empty());
    let mut around =
        |a, b| -> Vec<Value> { around(a, b, tried / 4, dice).into_iter().map(|made| made.value).collect() };
    let inner = around(Spot::whole(&small_a), Spot::whole(&small_b));
    let mut vocabulary = Vocabulary::new(ours, theirs);
    let mut values = around(ours, theirs);
    values.retain(|value| vocabulary.holds(value));
    let mut fates = |pointer: &str, values: &[Value]| {
        let [sender, receiver] = [sender, receiver].map(|name| Subject::at(name, pointer, way));
        let texts: Vec<String> = values.iter().map(Value::to_string).collect();
        referee.fates(&sender, &receiver, &texts.iter().map(String::as_str).collect::<Vec<&str>>())
    };
    let at_root = fates(&reached.root.pointer, &values);
    if at_root.contains(&Fate::Refused) {
        return true;
    }
    // What tells the schema that was changed is put into wholes, those that the sender is known to take among them.
    let mut telling = of(Fate::Refused, &fates(&reached.pointer, &inner), &inner);
    if telling.is_empty() {
        telling = inner.iter().collect();
    }
    let sent = of(Fate::Sent, &at_root, &values);
    let mut maker = Maker { dice };
    let lifts = telling.iter().cycle().take(tried / 2);
    let mut wholes: Vec<Value> = lifts
        .map(|inner| {
            let whole = if maker.dice.once_in(2) {
                maker.dice.pick(&sent).map(|whole| (*whole).clone())
            } else {
                None
            };
            lifted(&mut maker, &[ours], &reached.steps, inner, whole)
        })
        .collect();
    wholes.retain(|value| vocabulary.holds(value));
    fates(&reached.root.pointer, &wholes).contains(&Fate::Refused)
}

/// The values of one fate.
fn of<'v>(fate: Fate, fates: &[Fate], values: &'v [Value]) -> Vec<&'v Value> {
    values.iter().zip(fates).filter(|(_, each)| **each == fate).map(|(value, _)| value).collect()
}

/// A document as it was published.
struct Original<'d> {
    name: &'d str,
    document: &'d Document,
    value: &'d Value,
}

/// One operator at one schema of one document, where it can be applied there; what changes nothing is passed over
/// where `idle` says so.
fn case(
    original: &Original<'_>,
    reached: &Reached,
    operator: &Operator,
    referee: &mut Referee,
    dice: &mut Dice,
    tried: usize,
    idle: bool,
) -> Option<Case> {
    let Original { name, document: old, value } = *original;
    let original = value.pointer(&reached.pointer)?.as_object()?;
    let mut keywords = original.clone();
    if keywords.contains_key("$ref") || !(operator.apply)(&mut keywords, dice, old.dialect()) {
        return None;
    }
    let is_idle = is_idle(original, &keywords);
    if is_idle && !idle {
        return None;
    }
    let mut changed = value.clone();
    *changed.pointer_mut(&reached.pointer)? = Value::Object(keywords);
    let bytes = changed.to_string().into_bytes();
    referee.open("new", &bytes);
    let diff = compare(old, &read(&bytes), &options());
    let mut case =
        Case { operator: operator.name, idle: is_idle, masked: false, undecided: false, wrong: Vec::new() };
    let place = format!("{name}{} ({} by {})", reached.pointer, operator.name, reached.root.place);
    for (request, is_reached) in [(true, reached.requests), (false, reached.responses)] {
        let (breaks, undecided) = says(&diff, request);
        let must_hold = is_idle || request != operator.narrows || !is_reached;
        if must_hold {
            if breaks {
                let said: Vec<String> = diff
                    .changes
                    .iter()
                    .map(|each| format!("{} {:?} {}", each.rule, each.direction, each.message))
                    .collect();
                case.wrong.push(format!(
                    "{place}: nothing can break in a {}, but: {said:?}",
                    if request { "request" } else { "response" }
                ));
            }
        } else if reached.root.request == request {
            let (sender, receiver) = if request { ("old", "new") } else { ("new", "old") };
            if is_told(reached, sender, receiver, referee, dice, tried) {
                case.undecided |= undecided && !breaks;
                if !breaks && !undecided {
                    let said: Vec<String> = diff
                        .changes
                        .iter()
                        .map(|each| {
                            format!("{} {:?} {:?} {}", each.rule, each.level, each.direction, each.message)
                        })
                        .collect();
                    case.wrong.push(format!("{place}: it breaks, and that is not said: {said:?}"));
                }
            } else {
                case.masked = true;
            }
        }
    }
    let breaking: Vec<_> = diff.changes.iter().filter(|change| change.level == Level::Breaking).collect();
    case.wrong.extend(unconfirmed(&breaking, referee).into_iter().map(|wrong| format!("{place}: {wrong}")));
    Some(case)
}

/// A bound beside a pattern is taken for idle by these lengths, so none may be too narrow.
#[test]
fn texts_of_a_pattern_have_the_lengths_that_are_said_of_it() {
    for (pattern, said) in [
        ("^AC[0-9a-fA-F]{32}$", (34, Some(34))),
        ("^(?:ab|c)?[^x]{2,5}$", (2, Some(7))),
        ("^a|b$", (1, None)),
        ("^(a|bc)+$", (1, None)),
        ("^a{2,}$", (2, None)),
        ("a{3}", (3, None)),
        (r"^a\$", (2, None)),
        (r"^(a+)\1$", (0, None)),
        (r"^\u{1F600}$", (0, None)),
        (r"^\uD83D\uDE00$", (0, None)),
        (r"^(?<n>[a-z]{5})$", (5, Some(5))),
        (r"^(?i:a{2})$", (0, None)),
        (r"^(?!x)\d\p{L}$", (2, Some(2))),
    ] {
        assert_eq!(lengths(pattern), said, "{pattern}");
        let mut dice = Dice::new(3);
        for _ in 0..50 {
            let text = word(pattern, &mut dice);
            let length = text.chars().count();
            assert!(length >= said.0 && said.1.is_none_or(|most| length <= most), "{pattern}: {text}");
        }
    }
}

#[test]
fn one_change_of_a_real_schema_is_judged_by_its_effect() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real schema was changed") };
    // Each document takes its turn with a part of the operators, unless everything is asked for.
    let (each, tried, most, turns) = if is_full() { (4, 1_000, 1_000_000, 1) } else { (1, 240, 460_000, 10) };
    let files: Vec<(String, Vec<u8>)> = corpus::entries(&root)
        .into_iter()
        .map(|entry| (entry.file.clone(), corpus::document(&root, &entry.file)))
        .filter(|(_, bytes)| bytes.len() <= most)
        .collect();
    assert!(
        files.len() > 10 && OPERATORS.len() >= 40,
        "{} documents, {} operators",
        files.len(),
        OPERATORS.len()
    );
    let numbered: Vec<(usize, &(String, Vec<u8>))> = files.iter().enumerate().collect();
    let cases = on_all_cores(
        &numbered,
        |(_, (_, bytes))| bytes.len(),
        |(turn, (name, bytes))| {
            let old = read(bytes);
            let value = old.value(NodeId::ROOT);
            let mut reached = reached(&old, &value);
            let original = Original { name, document: &old, value: &value };
            let mut referee = Referee::start();
            referee.open("old", value.to_string().as_bytes());
            let mut dice = Dice::new(bytes.len() as u64);
            let mut cases = Vec::new();
            for (_, operator) in OPERATORS.iter().enumerate().filter(|(at, _)| (at + turn) % turns == 0) {
                dice.shuffle(&mut reached);
                let (mut telling, mut idle) = (0, 0);
                for one in &reached {
                    if telling < each
                        && let Some(case) =
                            case(&original, one, operator, &mut referee, &mut dice, tried, idle < each)
                    {
                        idle += usize::from(case.idle);
                        telling += usize::from(!case.idle);
                        cases.push(case);
                    }
                }
            }
            cases
        },
    );
    // Those that tell, those that are masked and not decided among them, and those that change nothing.
    let mut tally: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut wrong: Vec<&str> = Vec::new();
    for case in cases.iter().flatten() {
        let counts = tally.entry(case.operator).or_default();
        counts[0] += usize::from(!case.idle);
        counts[1] += usize::from(case.masked);
        counts[2] += usize::from(case.undecided);
        counts[3] += usize::from(case.idle);
        wrong.extend(case.wrong.iter().map(String::as_str));
    }
    for operator in OPERATORS {
        let [all, masked, undecided, idle] = tally.get(operator.name).copied().unwrap_or_default();
        println!("{}: {all} cases, {masked} masked, {undecided} undecided; {idle} idle", operator.name);
    }
    let first: Vec<&str> = wrong.iter().take(25).copied().collect();
    assert!(first.is_empty(), "{} wrong, first:\n{}", wrong.len(), first.join("\n"));
    let never: Vec<&str> = OPERATORS
        .iter()
        .map(|each| each.name)
        .filter(|name| tally.get(name).is_none_or(|counts| counts[0] == 0))
        .collect();
    let most = if is_full() { 3 } else { OPERATORS.len() / 3 };
    assert!(never.len() <= most, "never applied: {never:?}");
    for (operator, [all, masked, ..]) in &tally {
        assert!(*all < 10 || masked * 5 <= *all, "{operator}: {masked} of {all} masked");
    }
}
