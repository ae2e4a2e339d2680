//! Published questions: each schema of the JSON Schema Test Suite asked as containment.
//!
//! The suite says which values a schema takes; so it says of many pairs of schemas whether one holds the other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::proof::{Verdict, contains, is_refused};
use crate::support::referee::{Question, Referee, suite};

/// One schema of the suite, whole wherever it is put.
struct Asked {
    file: String,
    title: String,
    schema: Value,
    tests: Vec<(Value, bool)>,
}

/// Says `$id`, so that references stay within the schema when it becomes a part of another.
fn whole(schema: &Value, number: usize) -> Value {
    let mut schema = schema.clone();
    if let Some(keywords) = schema.as_object_mut() {
        keywords.entry("$id").or_insert_with(|| json!(format!("https://{number}.example/schema")));
    }
    schema
}

fn identifiers(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(keywords) => {
            found.extend(keywords.get("$id").and_then(Value::as_str).map(str::to_owned));
            keywords.values().for_each(|each| identifiers(each, found));
        }
        Value::Array(items) => items.iter().for_each(|each| identifiers(each, found)),
        _ => {}
    }
}

/// Whether the question stands by itself: nothing has to be fetched, and no own dialect is spoken.
fn stands_alone(schema: &Value, referee: &mut Referee, tests: &[(Value, bool)]) -> bool {
    let text = schema.to_string();
    let metaschema = "https://json-schema.org/draft/2020-12/schema";
    let remote = text.contains(&format!("\"$ref\":\"{metaschema}"));
    let own = schema.get("$schema").is_some_and(|dialect| dialect != metaschema);
    let instances = tests.iter().map(|(instance, _)| instance.clone()).collect();
    let answers = referee.ask(&[Question::bare(schema, instances)]).remove(0);
    let agrees = answers.iter().zip(tests).all(|(answer, (_, valid))| *answer == Some(*valid));
    assert!(agrees || answers.contains(&None) || own, "the referee and the suite disagree on {text}");
    agrees && !remote && !own
}

fn questions(referee: &mut Referee) -> Vec<Asked> {
    let mut found = Vec::new();
    for (file, groups) in suite() {
        for group in groups.as_array().into_iter().flatten().filter(|_| file != "refRemote") {
            let tests: Vec<(Value, bool)> = group["tests"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|test| (test["data"].clone(), test["valid"] == Value::Bool(true)))
                .collect();
            let schema = whole(&group["schema"], found.len());
            if stands_alone(&schema, referee, &tests) {
                let title = group["description"].as_str().unwrap_or_default().to_owned();
                found.push(Asked { file: file.clone(), title, schema, tests });
            }
        }
    }
    found
}

/// Answers, by keyword, and what is wrong with them.
#[derive(Default)]
struct Tally {
    by_keyword: BTreeMap<String, [usize; 3]>,
    reasons: BTreeMap<String, usize>,
    /// Undecided because the witness was none.
    refused: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// Asks one question. `expected` is what the suite implies, where it implies anything.
    fn ask(
        &mut self,
        referee: &mut Referee,
        about: &Asked,
        what: &str,
        a: &Value,
        b: &Value,
        expected: Option<bool>,
    ) {
        let verdict = contains(a, b);
        let place = match &verdict {
            Verdict::Proven => 0,
            Verdict::Refuted(_) => 1,
            Verdict::Unknown(reason) => {
                if is_refused(reason) {
                    self.refused += 1;
                }
                *self.reasons.entry(format!("{}: {reason}", about.file)).or_default() += 1;
                2
            }
        };
        self.by_keyword.entry(about.file.clone()).or_default()[place] += 1;
        let mut wrong = |why: &str| {
            self.wrong.push(format!("{} / {}: {what}: {why}\n  a = {a}\n  b = {b}", about.file, about.title));
        };
        match &verdict {
            Verdict::Proven if expected == Some(false) => wrong("called contained"),
            Verdict::Refuted(witness) => {
                if expected == Some(true) {
                    wrong(&format!("refused with {witness}"));
                }
                let (inside, outside) = (referee.takes(a, witness), referee.takes(b, witness));
                if (inside, outside) != (Some(true), Some(false)) {
                    wrong(&format!("the witness {witness} is {inside:?} in a and {outside:?} in b"));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn published_questions_are_answered_as_the_suite_says() {
    let mut referee = Referee::start();
    let all = questions(&mut referee);
    assert!(all.len() > 300, "only {} schemas of the suite can be asked", all.len());
    let mut tally = Tally::default();
    for (number, asked) in all.iter().enumerate() {
        let schema = &asked.schema;
        for (instance, valid) in &asked.tests {
            let constant = json!({"const": instance});
            tally.ask(&mut referee, asked, "an instance", &constant, schema, Some(*valid));
        }
        tally.ask(&mut referee, asked, "itself", schema, schema, Some(true));
        let next = all.get(number + 1).filter(|next| next.file == asked.file);
        let Some(other) = next.or_else(|| all[..number].last().filter(|last| last.file == asked.file)) else {
            continue;
        };
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        identifiers(schema, &mut ours);
        identifiers(&other.schema, &mut theirs);
        if ours.iter().any(|each| theirs.contains(each)) {
            // Two schemas of one name cannot stand in one document.
            continue;
        }
        let neighbour = &other.schema;
        tally.ask(
            &mut referee,
            asked,
            "its union",
            schema,
            &json!({"anyOf": [schema, neighbour]}),
            Some(true),
        );
        tally.ask(
            &mut referee,
            asked,
            "its intersection",
            &json!({"allOf": [schema, neighbour]}),
            schema,
            Some(true),
        );
        let instances: Vec<Value> =
            asked.tests.iter().chain(&other.tests).map(|(instance, _)| instance.clone()).collect();
        let answers =
            referee.ask(&[Question::bare(schema, instances.clone()), Question::bare(neighbour, instances)]);
        let apart = |a: usize, b: usize| {
            let mut pairs = answers[a].iter().zip(&answers[b]);
            pairs.any(|pair| pair == (&Some(true), &Some(false))).then_some(false)
        };
        tally.ask(&mut referee, asked, "its neighbour", schema, neighbour, apart(0, 1));
        tally.ask(&mut referee, asked, "within its neighbour", neighbour, schema, apart(1, 0));
    }
    let sum = |place: usize| tally.by_keyword.values().map(|counts| counts[place]).sum::<usize>();
    let (proven, refuted, unknown) = (sum(0), sum(1), sum(2));
    let total = proven + refuted + unknown;
    println!(
        "{total} questions of {} schemas: {proven} contained, {refuted} refuted, {unknown} undecided",
        all.len()
    );
    for (keyword, [proven, refuted, unknown]) in &tally.by_keyword {
        println!("  {keyword}: {proven} {refuted} {unknown}");
    }
    for (reason, count) in &tally.reasons {
        println!("  undecided {count}: {reason}");
    }
    assert!(total > 2_000, "only {total} questions");
    assert!(tally.wrong.is_empty(), "{} wrong answers:\n{}", tally.wrong.len(), tally.wrong.join("\n"));
    assert_eq!(tally.refused, 0, "witnesses that were none");
    assert!(unknown * 20 <= total, "{unknown} of {total} are not decided");
}
