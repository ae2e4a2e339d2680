//! Questions with known answers, and questions at random that another engine judges.

use serde_json::{Value, json};

use super::*;

/// Steps that no question here should need.
const PLENTY: u64 = 20_000_000;

fn pattern(text: &str) -> Arc<Language> {
    Language::pattern(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn format(name: &str) -> Arc<Language> {
    Language::format(name).expect(name).clone().expect(name)
}

fn ask(within: &[Arc<Language>], outside: &[Arc<Language>], min: u64, max: Option<u64>) -> Answer {
    shortest(&Wanted { within, outside, min, max, except: &[] }, &mut { PLENTY })
}

/// The first word of the one pattern that is none of the other.
fn apart(one: &str, other: &str) -> Answer {
    ask(&[pattern(one)], &[pattern(other)], 0, None)
}

fn word(text: &str) -> Answer {
    Answer::Word(text.to_owned())
}

#[test]
fn patterns_that_say_the_same_have_no_word_between_them() {
    for (one, other) in [
        ("^a$", r"^\x61$"),
        ("a", "^[^]*a[^]*$"),
        ("", "^"),
        ("", "[^]*"),
        ("$", "^"),
        (r"^\d+$", "^[0-9][0-9]*$"),
        (r"^\w*$", "^[A-Za-z0-9_]*$"),
        (r"^[\s\S]$", "^[^]$"),
        ("^[]$", "^[]a$"),
        ("^(?:a|b|c)$", "^[a-c]$"),
        ("^(a|ab)(c|bcd)$", "^(?:abcd|abc|ac|abbcd)$"),
        ("^a{2,4}$", "^aaa?a?$"),
        ("^(?:a{2}){2}$", "^aaaa$"),
        ("^a*?b+?$", "^a*b+$"),
        (r"^\u{1F600}$", r"^\uD83D\uDE00$"),
        (r"^[\uD83D\uDE00-\uD83D\uDE02]$", "^[😀-😂]$"),
        (r"^\cJ$", r"^\n$"),
        (r"^\/\-\_$", "^/-_$"),
        ("^{id}$", r"^\{id\}$"),
        ("^a]}$", r"^a\]\}$"),
        (r"^(?<name>a)(?P<other>b)$", "^ab$"),
        ("(?i)^ab$", "^[aA][bB]$"),
        ("^(?i:a)b$", "^[aA]b$"),
        (r"^[\w-.]$", r"^(?:\w|-|\.)$"),
        ("^[a-]$", "^(?:-|a)$"),
        ("^[[:a]$", r"^(?:\[|:|a)$"),
        ("^[a&&~~c]$", "^[ac&~]$"),
        (r"^[\b]$", r"^\x08$"),
        (r"\ba", r"(?:^|[^0-9A-Za-z_])a"),
        (r"a\b", r"a(?![0-9A-Za-z_])"),
        (r"^\B$", "^$"),
        (r"^a\Bb$", "^ab$"),
        ("(?:^a|b$)", "^a|b$"),
        ("a^", "[]"),
        ("$a", "[]"),
        ("^(?=a)[ab]$", "^a$"),
        ("^(?!a)[ab]$", "^b$"),
        ("^(?!.*aa)[ab]*$", "^(?:b|ab)*a?$"),
        ("^(?=.*a)(?=.*b)[ab]{2}$", "^(?:ab|ba)$"),
        ("^(?!(?!a)).$", "^a$"),
        ("(?<=a)b", "ab"),
        ("(?<!a)b", "^b|[^a]b"),
        ("(?<=^|,)a", "^a|,a"),
        ("(?<=a$)", "a$"),
        ("(?<=a$)b", "[]"),
        ("^(?=.*x)(?:(?=.*a)|(?=.*b)).{2}$", "^(?:xa|ax|xb|bx)$"),
        ("^(?:(?=a)|b)*[ab]$", "^b*[ab]$"),
        (r"^\p{Lu}\P{Lu}$", r"^\p{Uppercase_Letter}[^\p{Lu}]$"),
        (r"^\p{Script=Greek}$", r"^\p{sc=Grek}$"),
        (r"^\p{Any}$", "^[^]$"),
        (r"^[\uD800-\uDFFF]$", "[]"),
        (r"^[\u0020-\uDBFF\uE000-\uFFFF]$", r"^[ -\uFFFF]$"),
        ("^(?:(?!a)+b|(?=c)*d)$", "^(?:b|d)$"),
        ("a{2,2000000}", "aa"),
        ("(?:ab){1,3}c{2,9}", "abcc"),
        ("(?:a?b?)+c", "c"),
        ("^.{3,900}$", "^.{3}.{0,897}$"),
        ("^[^]{0,20000}$", "^[^]{0,3}$|^[^]{4,20000}$"),
    ] {
        assert_eq!(apart(one, other), Answer::Empty, "in {one}, not in {other}");
        assert_eq!(apart(other, one), Answer::Empty, "in {other}, not in {one}");
    }
}

#[test]
fn the_word_is_the_shortest_and_the_most_likeable() {
    for (one, other, expected) in [
        ("^[a-z]+$", "^[a-y]+$", "z"),
        ("", "^$", "a"),
        ("", "[a-zA-Z]", ""),
        ("^[^]+$", "[a-zA-Z]", "0"),
        ("^[^]+$", r"\w", "-"),
        ("^[^]$", "^.$", "\n"),
        ("^[^]$", r"^[\x00-\x7f]$", "é"),
        ("^[^]$", r"^[\x00-\uffff]$", "😀"),
        (r"^\p{L}+$", "^[A-Za-z]+$", "é"),
        ("^a*$", "^a{0,20}$", "aaaaaaaaaaaaaaaaaaaaa"),
        ("foo", r"\bfoo\b", "afoo"),
        ("^.$", r"^\S$", " "),
        (r"^\s$", "^[ -~]$", "\t"),
        (r"^\s$", r"^[\0-~]$", "\u{a0}"),
        (r"^\x00$", "^a$", "\0"),
        ("^(?!.*--)[a-z-]{1,9}$", "^[a-z]", "-"),
    ] {
        assert_eq!(apart(one, other), word(expected), "in {one}, not in {other}");
    }
}

#[test]
fn what_is_not_regular_or_not_read_alike_says_so() {
    for (text, reason) in [
        (r"(a)\1", "back-reference"),
        (r"(?<x>a)\k<x>", "back-reference"),
        ("(", "no regular expression"),
        (")", "no regular expression"),
        ("[a", "no regular expression"),
        ("*a", "no regular expression"),
        ("a{2,1}", "no regular expression"),
        ("[z-a]", "no regular expression"),
        ("(?<n", "no regular expression"),
        (r"\", "no regular expression"),
        (r"\p{Nonesuch}", "no regular expression"),
        ("a{,2}", "engines differ"),
        ("a++", "engines differ"),
        ("a{2}{3}", "engines differ"),
        ("(?<=a)*", "engines differ"),
        ("(?>a)", "engines differ"),
        ("(?m)^a$", "engines differ"),
        ("a(?i)b", "engines differ"),
        (r"\a", "engines differ"),
        (r"\Z", "engines differ"),
        (r"\<a\>", "engines differ"),
        ("[]a]", "engines differ"),
        ("^a{0,99999999999}$", "too large"),
        ("^(?:a{1,999}){999}$", "too large"),
    ] {
        match Language::pattern(text) {
            Err(error) => assert!(error.contains(reason), "{text}: {error}"),
            Ok(_) => panic!("{text} is taken"),
        }
    }
    assert!(Language::pattern(&"(".repeat(30_000)).is_err());
    assert!(Language::pattern(&"a|".repeat(10_000)).is_ok());
}

#[test]
fn lengths_count_code_points_and_cost_nothing_by_their_size() {
    let any = ask(&[], &[], 10_000, Some(u64::MAX));
    assert_eq!(any, Answer::Word("a".repeat(10_000)));
    let letters = pattern("^[a-z]+$");
    let ask_letters = |min, max| ask(std::slice::from_ref(&letters), &[], min, max);
    assert_eq!(ask_letters(10_000, None), Answer::Word("a".repeat(10_000)));
    assert_eq!(ask_letters(0, Some(0)), Answer::Empty);
    assert_eq!(ask_letters(3, Some(2)), Answer::Empty);
    assert_eq!(ask_letters(2, Some(2)), word("aa"));
    let far = shortest(&Wanted { min: 1 << 40, ..Wanted::default() }, &mut 1_000);
    assert!(matches!(far, Answer::Unknown(_)), "{far:?}");
    let short = pattern("^.{0,300}$");
    assert_eq!(ask(&[short], &[], 1 << 40, None), Answer::Empty);
    assert_eq!(ask(&[pattern("^(?:😀){2}$")], &[], 2, Some(2)), word("😀😀"));
    // Words of this one come in lengths that 7 divides, of the other in those that 5 leaves 2.
    let (sevens, fives) = (pattern("^(?:abcdefg)*$"), pattern("^(?:.{5})*.{2}$"));
    let both = [sevens, fives];
    let Answer::Word(found) = ask(&both, &[], 1_000, None) else { panic!("there are such words") };
    assert_eq!(found.chars().count(), 1_022);
    assert!(both.iter().all(|language| language.matches(&found)));
    let Answer::Word(found) = ask(&both, &[], 100_000, None) else { panic!("there are such words") };
    assert_eq!(found.chars().count(), 100_002);
    assert!(both.iter().all(|language| language.matches(&found)));
    assert_eq!(ask(&both, &[], 1_023, Some(1_056)), Answer::Empty);
    let counted = [pattern("^[ab]{1000,262144}$")];
    assert_eq!(ask(&counted, &[], 0, None), Answer::Word("a".repeat(1_000)));
    assert_eq!(ask(&counted, &[], 0, Some(999)), Answer::Empty);
    assert_eq!(ask(&[pattern("^a*$")], &counted, 1_000, None), Answer::Word("a".repeat(262_145)));
    assert_eq!(ask(&[pattern("^a*$")], &counted, 1_000, Some(262_144)), Answer::Empty);
    assert_eq!(ask(&[pattern("^[abc]*$")], &counted, 262_144, None), {
        Answer::Word(format!("{}c", "a".repeat(262_143)))
    });
    let except: Vec<String> = (0..1_000).map(|length| "a".repeat(length)).collect();
    let except: Vec<&str> = except.iter().map(String::as_str).collect();
    let wanted =
        Wanted { within: &[pattern("^a*$")], outside: &counted, except: &except, ..Wanted::default() };
    assert_eq!(shortest(&wanted, &mut { PLENTY }), Answer::Word("a".repeat(262_145)));
    let both_ends = words(&Wanted { except: &except[1..], ..wanted }, 2, &mut { 100 * PLENTY });
    assert_eq!(both_ends, Ok(vec![String::new(), "a".repeat(262_145)]));
}

#[test]
fn of_a_pattern_that_is_too_large_the_certain_part_is_answered() {
    let large = pattern(r"cron\([^\n]{11,100}\)");
    assert!(!large.is_exact());
    let cron = |count: usize| format!("cron({})", "a".repeat(count));
    assert_eq!(large.has(&cron(11)), Some(true));
    assert_eq!(large.has(&cron(12)), None, "it may be longer than what is followed");
    assert_eq!(large.has("cron(aa)"), Some(false));
    let large = std::slice::from_ref(&large);
    assert_eq!(ask(large, &[], 0, None), Answer::Word(cron(11)));
    assert_eq!(ask(large, &[pattern(r"cron\(.*\)|[\r\u2028\u2029]")], 0, None), Answer::Empty);
    assert_eq!(ask(&[pattern("^cron")], large, 0, None), word("cron"));
    let vague = ask(&[pattern(r"^cron\([a-z]{13}\)$")], large, 0, None);
    assert!(matches!(vague, Answer::Unknown(_)), "{vague:?}");
    let negated = pattern(r"^(?!.*a.{0,30}b.{0,30}c.{0,30}d)");
    assert_eq!(negated.has("abc"), Some(true));
    assert_eq!(negated.has("abcd"), Some(false));
    assert_ne!(negated.has(&format!("a{}bcd", "x".repeat(31))), Some(false));
}

#[test]
fn without_steps_there_is_no_answer() {
    let within = [pattern("^[ab]{40}$")];
    let mut steps = 10;
    let answer = shortest(&Wanted { within: &within, ..Wanted::default() }, &mut steps);
    assert_eq!(answer, Answer::Unknown("budget of steps for strings".to_owned()));
    assert_eq!(steps, 0);
}

#[test]
fn words_that_are_excepted_are_not_found_and_none_are_left_at_the_end() {
    let three = [pattern("^(?:a|bb|ccc)$")];
    let asked =
        |except: &[&str]| shortest(&Wanted { within: &three, except, ..Wanted::default() }, &mut { PLENTY });
    assert_eq!(asked(&[]), word("a"));
    assert_eq!(asked(&["a"]), word("bb"));
    assert_eq!(asked(&["a", "bb"]), word("ccc"));
    assert_eq!(asked(&["a", "bb", "ccc"]), Answer::Empty);
    let many = words(&Wanted { within: &three, except: &["bb"], ..Wanted::default() }, 9, &mut { PLENTY });
    assert_eq!(many, Ok(vec!["a".to_owned(), "ccc".to_owned()]));
    let long = words(&Wanted { min: 5_000, max: Some(5_000), ..Wanted::default() }, 100, &mut { PLENTY });
    let long = long.expect("there are enough");
    assert_eq!(long.len(), 100);
    assert_eq!(long.iter().collect::<FxHashSet<_>>().len(), 100);
    assert!(long.iter().all(|word| word.len() == 5_000 || !word.is_ascii()));
    let digits = words(&Wanted { within: &[pattern(r"^\d$")], ..Wanted::default() }, 20, &mut { PLENTY });
    assert_eq!(digits.map(|digits| digits.concat()), Ok("0123456789".to_owned()));
    let all = words(&Wanted { min: 1, max: Some(1), ..Wanted::default() }, 2_000_000, &mut { PLENTY });
    assert_eq!(all.map(|all| all.len()), Ok(0x11_0000 - 0x800), "each code point that is a character");
    let gaps = words(&Wanted { within: &[pattern("^(?:a{50})*$")], ..Wanted::default() }, 3, &mut { PLENTY });
    assert_eq!(gaps, Ok(vec![String::new(), "a".repeat(50), "a".repeat(100)]));
}

#[test]
fn a_finite_language_is_that_of_its_words() {
    let words = Language::words(&["", "^a$", "b|c", "é"]).expect("it is small");
    for (text, expected) in
        [("", true), ("^a$", true), ("b|c", true), ("é", true), ("a", false), ("b", false)]
    {
        assert_eq!(words.matches(text), expected, "{text}");
    }
    let none = Language::words(&[]).expect("it is small");
    assert_eq!(ask(&[none], &[], 0, None), Answer::Empty);
}

#[test]
fn formats_offer_what_people_know() {
    let date = [format("date")];
    let wanted = Wanted { within: &date, ..Wanted::default() };
    assert_eq!(shortest(&wanted, &mut { PLENTY }), word("2024-05-17"));
    let many = words(&Wanted { except: &["2024-05-17"], ..wanted }, 4, &mut { PLENTY });
    let expected = ["2024-02-29", "1999-12-31", "0001-01-01", "0001-01-02"];
    assert_eq!(many, Ok(expected.map(str::to_owned).to_vec()));
    assert_eq!(ask(&date, &[pattern("^[12]")], 0, None), word("0001-01-01"));
    assert_eq!(ask(&date, &[], 0, Some(9)), Answer::Empty);
    assert_eq!(ask(&date, &[format("date-time")], 0, None), word("2024-05-17"));
    assert_eq!(ask(&[format("uuid")], &[pattern("^[0-9A-Fa-f-]{36}$")], 0, None), Answer::Empty);
    assert_eq!(ask(&[format("ipv4")], &[format("hostname")], 0, None), Answer::Empty);
    assert_eq!(ask(&[format("hostname")], &[], 254, None), Answer::Empty);
    assert!(Language::format("int32").is_none() && Language::format("password").is_none());
    // The year 0 is a date to some, and a leap second may need a sum.
    let year = ask(&date, &[pattern("^(?!0000)")], 0, None);
    assert!(matches!(year, Answer::Unknown(_)), "{year:?}");
}

#[test]
fn equal_text_is_one_language() {
    let languages = Languages::default();
    let one = languages.pattern("^(a|b)+$").expect("it is regular");
    let other = languages.pattern("^(a|b)+$").expect("it is regular");
    assert!(Arc::ptr_eq(&one, &other));
    assert_eq!(
        shortest(&Wanted { within: &[one], outside: &[other], ..Wanted::default() }, &mut 0),
        Answer::Empty
    );
    let refused = languages.pattern(r"(a)\1");
    assert_eq!(refused.err(), Language::pattern(r"(a)\1").err());
}

/// The validator of the program, which knows nothing of automata.
fn referee(schema: &Value) -> Option<jsonschema::Validator> {
    let bounds = jsonschema::PatternOptions::fancy_regex().backtrack_limit(50_000);
    let options = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .offline()
        .should_validate_formats(true)
        .with_pattern_options(bounds);
    options.build(schema).ok()
}

#[test]
fn formats_lie_where_the_validator_sees_them() {
    let mut random = Random(7);
    for name in [
        "date",
        "time",
        "date-time",
        "duration",
        "uuid",
        "ipv4",
        "ipv6",
        "hostname",
        "email",
        "uri",
        "uri-reference",
        "iri",
        "iri-reference",
        "uri-template",
        "json-pointer",
        "relative-json-pointer",
        "regex",
    ] {
        let language = format(name);
        let validator = referee(&json!({ "format": name })).expect("it is a schema");
        let is_valid = |text: &str| validator.is_valid(&Value::from(text));
        let mut texts: Vec<String> = language.liked.iter().map(|&text| text.to_owned()).collect();
        let by_rule =
            words(&Wanted { within: &[Arc::clone(&language)], ..Wanted::default() }, 200, &mut { PLENTY });
        texts.extend(by_rule.unwrap_or_else(|error| panic!("{name}: {error}")));
        for _ in 0..300 {
            texts.extend(language.inner.walk_at_random(&mut |below| random.below(below)));
            texts.extend(language.outer.walk_at_random(&mut |below| random.below(below)));
        }
        let (mut valid, mut refused, mut vague) = (0, 0, 0);
        for text in texts.clone() {
            let mut mutants = vec![text.clone()];
            for _ in 0..8 {
                let other = &texts[random.below(texts.len())];
                mutants.push(random.mutant(&text, other));
            }
            for text in mutants {
                match (language.has(&text), is_valid(&text)) {
                    (Some(expected), found) => {
                        assert_eq!(expected, found, "{name}: {text:?}");
                        *(if found { &mut valid } else { &mut refused }) += 1;
                    }
                    (None, _) => vague += 1,
                }
            }
        }
        for wider in ["uri-reference", "iri", "iri-reference"].iter().filter(|it| format::implies(name, it)) {
            let validator = referee(&json!({ "format": wider })).expect("it is a schema");
            for text in texts.iter().filter(|text| is_valid(text)) {
                assert!(validator.is_valid(&Value::from(text.as_str())), "{name}, not {wider}: {text:?}");
            }
            assert_eq!(ask(&[Arc::clone(&language)], &[format(wider)], 0, None), Answer::Empty);
        }
        println!("{name}: {valid} valid, {refused} refused, {vague} between");
        assert!(valid >= 200 && (refused >= 100 || name == "regex"), "{name}: {valid}, {refused}");
    }
}

/// Numbers that only look random, the same on each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound
    }

    /// A text with a few characters changed, or its head on the tail of another.
    fn mutant(&mut self, text: &str, other: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        if self.below(4) == 0 {
            let other: Vec<char> = other.chars().collect();
            chars.truncate(self.below(chars.len() + 1));
            chars.extend(other.into_iter().rev().take(self.below(12)).collect::<Vec<_>>().iter().rev());
            return chars.into_iter().collect();
        }
        for _ in 0..=self.below(2) {
            const SIGNS: [char; 26] = [
                '0', '1', '2', '3', '5', '6', '9', 'a', 'f', 'Z', 'z', 'T', 'P', '-', '.', ':', '/', '@',
                '%', '+', '#', '?', '~', ' ', '{', 'é',
            ];
            let sign = SIGNS[self.below(SIGNS.len())];
            let at = self.below(chars.len() + 1);
            match self.below(3) {
                0 => chars.insert(at, sign),
                1 if at < chars.len() => chars[at] = sign,
                _ if at < chars.len() => {
                    chars.remove(at);
                }
                _ => {}
            }
        }
        chars.into_iter().collect()
    }
}

/// A pattern from few characters, so that two of them often meet.
fn some_pattern(random: &mut Random, depth: usize) -> String {
    const ATOMS: [&str; 18] = [
        "a", "b", "a", "b", "A", "0", "-", "€", ".", r"\d", r"\w", r"\s", r"\W", "[ab]", "[^a]", "[a-c0]",
        "[^]", r"[^\w-]",
    ];
    const PLACES: [&str; 6] = ["^", "$", r"\b", r"\B", "^", "$"];
    const TIMES: [&str; 7] = ["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"];
    let inner = |random: &mut Random| some_pattern(random, depth - 1);
    match random.below(if depth == 0 { 10 } else { 24 }) {
        0 => PLACES[random.below(PLACES.len())].to_owned(),
        1..10 => ATOMS[random.below(ATOMS.len())].to_owned(),
        10..16 => (0..2 + random.below(3)).map(|_| inner(random)).collect(),
        16..18 => format!("(?:{}|{})", inner(random), inner(random)),
        18..21 => format!("(?:{}){}", inner(random), TIMES[random.below(TIMES.len())]),
        21 => format!("^{}$", inner(random)),
        22 => format!("(?{}{})", ["=", "!"][random.below(2)], inner(random)),
        // Engines that walk back want a length that is known.
        _ => format!("(?<{}{})", ["=", "!"][random.below(2)], ATOMS[random.below(14)]),
    }
}

fn some_text(random: &mut Random) -> String {
    const SIGNS: [char; 9] = ['a', 'b', 'c', 'A', '0', '-', ' ', '\n', '€'];
    (0..random.below(7)).map(|_| SIGNS[random.below(SIGNS.len())]).collect()
}

/// A pattern, its language, and an engine that walks back and forth over a text.
fn some_language(random: &mut Random) -> Option<(String, Arc<Language>, jsonschema::Validator)> {
    let text = some_pattern(random, 3);
    // With look-around, the engine is given the pattern as it stands, and its dot takes more.
    let spelt = text.replace("[^]", r"[\s\S]");
    let spelt = if text.contains("(?=") || text.contains("(?!") || text.contains("(?<") {
        spelt.replace('.', r"[^\n\r]")
    } else {
        spelt
    };
    let validator = referee(&json!({ "type": "string", "pattern": spelt }))?;
    // A place that is asked for many times is refused; there is no third reason to.
    match Language::pattern(&text) {
        Ok(language) => Some((text, language, validator)),
        Err(error) => {
            assert!(error.contains("is repeated"), "{text}: {error}");
            None
        }
    }
}

/// What the engine says; `None` where it gave up.
fn found(validator: &jsonschema::Validator, text: &str) -> Option<bool> {
    use jsonschema::error::ValidationErrorKind::Pattern;
    match validator.validate(&Value::from(text)) {
        Ok(()) => Some(true),
        Err(error) => matches!(error.kind(), Pattern { .. }).then_some(false),
    }
}

#[test]
fn an_engine_that_walks_back_finds_the_same() {
    let mut random = Random(1);
    let (mut yes, mut no, mut looks) = (0, 0, 0);
    for _ in 0..1_500 {
        let Some((text, language, validator)) = some_language(&mut random) else { continue };
        looks += usize::from(text.contains("(?=") || text.contains("(?!") || text.contains("(?<"));
        for _ in 0..40 {
            let word = some_text(&mut random);
            let Some(expected) = found(&validator, &word) else { continue };
            assert_eq!(language.matches(&word), expected, "{text} on {word:?}");
            *(if expected { &mut yes } else { &mut no }) += 1;
        }
    }
    assert!(yes > 5_000 && no > 5_000 && looks > 100, "{yes} found, {no} not, {looks} with look-around");
}

#[test]
fn the_engine_confirms_each_word_and_finds_none_where_there_is_none() {
    let mut random = Random(2);
    let (mut apart, mut within, mut tried) = (0, 0, 0);
    for _ in 0..900 {
        let Some((p, one, by_one)) = some_language(&mut random) else { continue };
        let Some((q, other, by_other)) = some_language(&mut random) else { continue };
        let (min, max) = (random.below(4) as u64, (random.below(3) > 0).then(|| random.below(7) as u64));
        let wanted = Wanted {
            within: std::slice::from_ref(&one),
            outside: std::slice::from_ref(&other),
            min,
            max,
            except: &["", "a", "aa"],
        };
        let fits = |text: &str| {
            let length = text.chars().count() as u64;
            length >= min && max.is_none_or(|max| length <= max) && !wanted.except.contains(&text)
        };
        match shortest(&wanted, &mut { PLENTY }) {
            Answer::Word(word) => {
                assert!(fits(&word), "in {p}, not in {q}, {min} to {max:?}: {word:?}");
                assert_ne!(found(&by_one, &word), Some(false), "{word:?} is not in {p}");
                assert_ne!(found(&by_other, &word), Some(true), "{word:?} is in {q}");
                apart += 1;
            }
            Answer::Empty => {
                within += 1;
                for _ in 0..120 {
                    let by_chance = one.inner.walk_at_random(&mut |below| random.below(below));
                    for word in by_chance.into_iter().chain([some_text(&mut random)]) {
                        if fits(&word) && found(&by_one, &word) == Some(true) {
                            assert_ne!(found(&by_other, &word), Some(false), "{word:?}: in {p}, not in {q}");
                            tried += 1;
                        }
                    }
                }
            }
            Answer::Unknown(reason) => panic!("in {p}, not in {q}: {reason}"),
        }
    }
    assert!(apart > 200 && within > 50 && tried > 500, "{apart} apart, {within} within, {tried} tried");
}

#[test]
fn the_first_of_all_words_is_the_shortest() {
    let mut random = Random(3);
    let mut several = 0;
    for _ in 0..400 {
        let Some((text, language, _)) = some_language(&mut random) else { continue };
        let min = random.below(5) as u64;
        let wanted = Wanted { within: &[language], min, ..Wanted::default() };
        let first = shortest(&wanted, &mut { PLENTY });
        let all = words(&wanted, 12, &mut { PLENTY }).unwrap_or_else(|error| panic!("{text}: {error}"));
        match first {
            Answer::Word(first) => assert_eq!(all.first(), Some(&first), "{text}"),
            other => assert!(other == Answer::Empty && all.is_empty(), "{text}: {other:?}, {all:?}"),
        }
        let lengths: Vec<_> = all.iter().map(|word| word.chars().count()).collect();
        assert!(lengths.is_sorted(), "{text}: {all:?}");
        assert_eq!(all.iter().collect::<FxHashSet<_>>().len(), all.len(), "{text}: {all:?}");
        assert!(all.iter().all(|word| wanted.within[0].matches(word)), "{text}: {all:?}");
        several += usize::from(all.len() > 1);
        // With all of them excepted, the next one is another, or there was none.
        if all.len() < 12 {
            let except: Vec<&str> = all.iter().map(String::as_str).collect();
            let rest = shortest(&Wanted { except: &except, ..wanted }, &mut { PLENTY });
            assert_eq!(rest, Answer::Empty, "{text}");
        }
    }
    assert!(several > 200, "{several}");
}
