//! Geometry of the two drawings: the timeline of an API's lines, and the dial of coming sunsets.
//!
//! Numbers only, in the user units of an SVG `viewBox`; the templates print them as attributes,
//! since the policy of the pages refuses inline style.

use crate::clock::Timestamp;

use super::words::{self, day_number};

/// The life of one line, as the timeline needs it.
#[derive(Clone, Debug)]
pub struct Span {
    /// `v1`.
    pub line: String,
    /// The stage now, as the badge prints it.
    pub stage: String,
    /// Label and instant of each publish, in any order.
    pub published: Vec<(String, Timestamp)>,
    /// When deprecation starts or started.
    pub deprecated_at: Option<Timestamp>,
    /// When the line ends or ended.
    pub sunset_at: Option<Timestamp>,
    /// When the line was blocked.
    pub blocked_at: Option<Timestamp>,
}

/// The timeline of an API: one row a line, oldest on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Height of the drawing; its width is [`Timeline::WIDTH`].
    pub height: i32,
    /// Where the scale's lines end, above the lower edge.
    pub floor: i32,
    /// The scale: months, quarters or years.
    pub ticks: Vec<Tick>,
    /// Where now is.
    pub now: i32,
    /// Whether the word at now is written to the left of it.
    pub now_left: bool,
    /// The lines.
    pub rows: Vec<Row>,
    /// The drawing in one sentence, for those who do not see it.
    pub summary: String,
    /// How many older lines were left out of the drawing.
    pub left_out: usize,
}

/// A line of the scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// From the left.
    pub x: i32,
    /// `Jan 2026`.
    pub words: String,
}

/// One line of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub line: String,
    /// Its stage now.
    pub stage: String,
    /// Upper edge.
    pub y: i32,
    /// Parts of its life.
    pub bars: Vec<Bar>,
    /// Publishes.
    pub marks: Vec<Mark>,
    /// Deprecation, sunset, block.
    pub turns: Vec<Turn>,
}

/// A part of a line's life in one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// From the left.
    pub x: i32,
    /// At least 2.
    pub width: i32,
    /// The stage in that part.
    pub stage: &'static str,
    /// Whether the part lies in the future.
    pub ahead: bool,
}

/// A publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// From the left.
    pub x: i32,
    /// Label and day.
    pub words: String,
    /// The label, where there is room to print it.
    pub label: Option<String>,
}

/// A turn in a line's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// From the left.
    pub x: i32,
    /// `deprecated`, `sunset` or `blocked`.
    pub kind: &'static str,
    /// `sunset 30 Jun 2026`.
    pub words: String,
    /// Whether there is room to print the words.
    pub printed: bool,
    /// Whether the words end at the mark instead of starting there.
    pub left: bool,
}

const LEFT: i32 = 104;
const RIGHT: i32 = 988;
const TOP: i32 = 30;
const ROW: i32 = 58;
/// More rows than this make a drawing that nobody reads; the table has them all.
const ROWS: usize = 16;

impl Timeline {
    /// Width of the drawing.
    pub const WIDTH: i32 = 1000;

    /// The drawing of `spans` at `now`, the newest sixteen lines of them in the order given
    /// (oldest first). `None` where nothing was published.
    #[must_use]
    pub fn draw(spans: &[Span], now: Timestamp) -> Option<Self> {
        let left_out = spans.len().saturating_sub(ROWS);
        let spans = spans.get(left_out..)?;
        let all = spans.iter().flat_map(|span| {
            let turns = [span.deprecated_at, span.sunset_at, span.blocked_at];
            span.published.iter().map(|(_, at)| *at).chain(turns.into_iter().flatten())
        });
        spans.iter().find(|span| !span.published.is_empty())?;
        // a date typed wrong by a century must not press the rest into one point
        let first = all.clone().min()?.min(now).max(now.plus_days(-12 * 365));
        let last = all.max()?.max(now).min(now.plus_days(6 * 365));
        let scale = Scale::new(first, last);
        let rows: Vec<Row> = (0..).zip(spans).map(|(i, span)| row(span, i, &scale, now)).collect();
        let floor = TOP + ROW * i32::try_from(rows.len()).ok()?;
        let x = scale.x(now);
        Some(Self {
            height: floor + 22,
            floor,
            ticks: ticks(&scale),
            now: x,
            now_left: x > RIGHT - 120,
            summary: summary(spans),
            rows,
            left_out,
        })
    }

    /// Width of the drawing, for the template.
    #[must_use]
    pub const fn width(&self) -> i32 {
        Self::WIDTH
    }
}

/// Days on the left edge and how many the drawing spans.
struct Scale {
    first: i64,
    days: i64,
}

impl Scale {
    /// From `first` to `last` with a margin of one in twenty, two weeks at least.
    fn new(first: Timestamp, last: Timestamp) -> Self {
        let (first, last) = (day_number(first), day_number(last));
        let margin = ((last - first) / 20).max(14);
        Self { first: first - margin, days: last - first + 2 * margin }
    }

    fn x(&self, at: Timestamp) -> i32 {
        let days = (day_number(at) - self.first).clamp(0, self.days);
        let offset = days * i64::from(RIGHT - LEFT) / self.days.max(1);
        LEFT + i32::try_from(offset).unwrap_or(0)
    }
}

fn row(span: &Span, index: i32, scale: &Scale, now: Timestamp) -> Row {
    let mut published = span.published.clone();
    published.sort_by_key(|(_, at)| *at);
    Row {
        line: span.line.clone(),
        stage: span.stage.clone(),
        y: TOP + index * ROW,
        bars: published.first().map(|(_, at)| bars(span, *at, scale, now)).unwrap_or_default(),
        marks: marks(&published, scale),
        turns: turns(span, scale),
    }
}

fn bars(span: &Span, born: Timestamp, scale: &Scale, now: Timestamp) -> Vec<Bar> {
    // a sunset alone deprecates at once: nobody knows since when, so it is drawn from now
    let ends = span.sunset_at;
    let wanes = span.deprecated_at.or_else(|| ends.map(|at| at.min(now)));
    let mut parts: Vec<(Timestamp, Option<Timestamp>, &'static str)> = Vec::new();
    if let Some(at) = span.blocked_at {
        let until = wanes.map_or(at, |wanes| wanes.min(at));
        parts.push((born, Some(until.max(born)), "active"));
        if until < at {
            parts.push((until, Some(at), "deprecated"));
        }
        parts.push((at, None, "blocked"));
    } else {
        parts.push((
            born,
            wanes.map(|at| at.max(born)),
            if span.stage == "draft" { "draft" } else { "active" },
        ));
        if let Some(from) = wanes {
            parts.push((from.max(born), ends.map(|at| at.max(born)), "deprecated"));
        }
        if let Some(at) = ends {
            parts.push((at.max(born), None, "retired"));
        }
    }
    let mut out = Vec::new();
    for (from, until, stage) in parts {
        let (start, end) = (scale.x(from), until.map_or(RIGHT, |at| scale.x(at)));
        let today = scale.x(now);
        for (start, end, ahead) in [(start, end.min(today), false), (start.max(today), end, true)] {
            if end > start {
                out.push(Bar { x: start, width: (end - start).max(2), stage, ahead });
            }
        }
    }
    out
}

/// Labels are printed from right to left, since the newest is the one people look for, and only
/// where they do not run into the one before.
fn marks(published: &[(String, Timestamp)], scale: &Scale) -> Vec<Mark> {
    let mut free = Timeline::WIDTH;
    let mut out: Vec<Mark> = published
        .iter()
        .rev()
        .map(|(label, at)| {
            let x = scale.x(*at);
            // 7 units a character of the 11-unit monospaced face, and a gap
            let half = (i32::try_from(label.chars().count()).unwrap_or(99) * 7 + 10) / 2;
            let fits = x + half <= free && label.chars().count() <= 14;
            if fits {
                free = x - half;
            }
            Mark {
                x,
                words: format!("{label}, published {}", words::day_words(*at)),
                label: fits.then(|| label.clone()),
            }
        })
        .collect();
    out.reverse();
    out
}

fn turns(span: &Span, scale: &Scale) -> Vec<Turn> {
    let dated =
        [(span.deprecated_at, "deprecated"), (span.sunset_at, "sunset"), (span.blocked_at, "blocked")];
    let mut free = Timeline::WIDTH;
    let mut out: Vec<Turn> = dated
        .into_iter()
        .filter_map(|(at, kind)| at.map(|at| (at, kind)))
        .rev()
        .map(|(at, kind)| {
            let x = scale.x(at);
            let words = format!("{kind} {}", words::day_words(at));
            let length = i32::try_from(words.len()).unwrap_or(99) * 7;
            let left = x + length > free.min(RIGHT);
            let (start, end) = if left { (x - length, x) } else { (x, x + length) };
            let printed = end <= free && start >= LEFT;
            if printed {
                free = start - 8;
            }
            Turn { x, kind, words, printed, left }
        })
        .collect();
    out.reverse();
    out
}

fn ticks(scale: &Scale) -> Vec<Tick> {
    let day = |number: i64| Timestamp::from_micros(0).plus_days(number);
    let month = |at: Timestamp| {
        let (name, year, month) = words::month_words(at);
        (name, year * 12 + month)
    };
    let (_, from) = month(day(scale.first));
    let (_, to) = month(day(scale.first + scale.days));
    let step = [1, 3, 6, 12, 24, 60].into_iter().find(|step| (to - from) / step <= 9).unwrap_or(120);
    let mut out: Vec<Tick> = Vec::new();
    for number in (from + 1..=to).filter(|number| number % step == 0) {
        let (year, month) = (number.div_euclid(12), number.rem_euclid(12));
        let Ok(at) = format!("{year:04}-{:02}-01T00:00:00Z", month + 1).parse() else {
            continue;
        };
        let (name, ..) = words::month_words(at);
        let words = if step >= 12 {
            year.to_string()
        } else if out.is_empty() || month == 0 {
            format!("{name} {year}")
        } else {
            name.to_owned()
        };
        out.push(Tick { x: scale.x(at), words });
    }
    out
}

fn summary(spans: &[Span]) -> String {
    let mut out = String::from("Timeline of lines.");
    for span in spans {
        out.push_str(&format!(" {} is {}", span.line, span.stage));
        if let Some(at) = span.sunset_at {
            out.push_str(&format!(", sunset {}", words::day_words(at)));
        }
        out.push('.');
    }
    out
}

/// The dial of the home page: the coming twelve months as a half circle, today on the left, and
/// the sunsets that fall into them as numbered points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// Lines of the months.
    pub months: Vec<Ray>,
    /// The sunsets, numbered as in the list beside it.
    pub points: Vec<Point>,
    /// Where the shadow ends: at the next sunset; `None` without one.
    pub shadow: Option<(i32, i32)>,
    /// The drawing in one sentence.
    pub summary: String,
}

/// The line of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ray {
    /// Inner end.
    pub from: (i32, i32),
    /// Outer end.
    pub to: (i32, i32),
    /// Where the name stands.
    pub at: (i32, i32),
    /// `Jan`.
    pub words: &'static str,
}

/// A sunset on the dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// Its number in the list.
    pub number: usize,
    /// What ends, and when.
    pub words: String,
}

impl Dial {
    /// The dial at `now` for `sunsets` (what ends, and when), in the order of the list beside it.
    /// Only the first nine within a year are drawn.
    #[must_use]
    pub fn draw(sunsets: &[(String, Timestamp)], now: Timestamp) -> Self {
        let mut months = Vec::new();
        for day in 0..=365 {
            let at = now.plus_days(day);
            if at.date().ends_with("-01") {
                let turn = fraction(day);
                months.push(Ray {
                    from: polar(turn, 226.0),
                    to: polar(turn, 250.0),
                    at: polar((turn + 0.042).min(0.985), 268.0),
                    words: words::month_words(at).0,
                });
            }
        }
        let mut points: Vec<Point> = Vec::new();
        for (index, (what, at)) in sunsets.iter().enumerate() {
            let day = day_number(*at) - day_number(now);
            if !(0..=365).contains(&day) || points.len() == 9 {
                continue;
            }
            // points that would cover each other step inwards
            let mut radius = 192.0;
            let mut spot = polar(fraction(day), radius);
            while points.iter().any(|one| near((one.x, one.y), spot)) && radius > 60.0 {
                radius -= 30.0;
                spot = polar(fraction(day), radius);
            }
            points.push(Point {
                x: spot.0,
                y: spot.1,
                number: index + 1,
                words: format!("{what}, {}", words::day_words(*at)),
            });
        }
        let summary = match points.len() {
            0 => "No sunset in the coming twelve months.".to_owned(),
            1 => "One sunset in the coming twelve months.".to_owned(),
            n => format!("{n} sunsets in the coming twelve months."),
        };
        let shadow = points.first().map(|one| (one.x, one.y));
        Self { months, points, shadow, summary }
    }
}

fn near(a: (i32, i32), b: (i32, i32)) -> bool {
    (a.0 - b.0).pow(2) + (a.1 - b.1).pow(2) < 29 * 29
}

/// The part of the half circle at which a day of the coming year lies.
fn fraction(day: i64) -> f64 {
    f64::from(i32::try_from(day.clamp(0, 365)).unwrap_or(0)) / 365.0
}

/// A spot on the half circle around (300, 290): `turn` 0 is the left end, 1 the right.
fn polar(turn: f64, radius: f64) -> (i32, i32) {
    let angle = std::f64::consts::PI * turn;
    // both lie within the drawing, a few hundred units: the cast cuts nothing but the fraction
    #[expect(clippy::cast_possible_truncation, reason = "a few hundred units")]
    let round = |value: f64| value.round() as i32;
    (round(300.0 - radius * angle.cos()), round(290.0 - radius * angle.sin()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn span(deprecated: Option<&str>, sunset: Option<&str>) -> Span {
        Span {
            line: "v1".to_owned(),
            stage: "active".to_owned(),
            published: vec![("1.1.0".to_owned(), at("2025-03-01")), ("1.0.0".to_owned(), at("2025-01-01"))],
            deprecated_at: deprecated.map(at),
            sunset_at: sunset.map(at),
            blocked_at: None,
        }
    }

    #[test]
    fn nothing_published_draws_nothing() {
        assert_eq!(Timeline::draw(&[], at("2026-01-01")), None);
        let mut empty = span(None, None);
        empty.published.clear();
        assert_eq!(Timeline::draw(&[empty], at("2026-01-01")), None);
    }

    #[test]
    fn bars_follow_each_other_and_stay_inside() {
        let drawn = Timeline::draw(&[span(Some("2025-12-01"), Some("2026-06-30"))], at("2026-01-15"));
        let row = &drawn.expect("drawn").rows[0];
        let stages: Vec<_> = row.bars.iter().map(|bar| (bar.stage, bar.ahead)).collect();
        assert_eq!(
            stages,
            [("active", false), ("deprecated", false), ("deprecated", true), ("retired", true)]
        );
        for pair in row.bars.windows(2) {
            assert_eq!(pair[0].x + pair[0].width, pair[1].x);
        }
        assert!(row.bars.iter().all(|bar| bar.x >= LEFT && bar.x + bar.width <= RIGHT));
        assert!(row.marks[0].words.starts_with("1.0.0"));
    }

    #[test]
    fn a_sunset_before_the_first_publish_does_not_turn_bars_around() {
        let drawn = Timeline::draw(&[span(None, Some("2020-01-01"))], at("2026-01-15"));
        assert!(drawn.expect("drawn").rows[0].bars.iter().all(|bar| bar.width > 0));
    }

    #[test]
    fn extreme_dates_draw() {
        let mut wide = span(Some("0001-01-01"), Some("9999-01-01"));
        wide.blocked_at = Some(at("9999-01-01"));
        assert!(Timeline::draw(&[wide], at("2026-01-15")).is_some());
    }

    #[test]
    fn points_of_the_dial_do_not_cover_each_other() {
        let day = at("2026-06-30");
        let same: Vec<_> = (0..4).map(|n| (format!("a/b v{n}"), day)).collect();
        let dial = Dial::draw(&same, at("2026-01-15"));
        assert_eq!(dial.points.len(), 4);
        for (i, a) in dial.points.iter().enumerate() {
            for b in &dial.points[..i] {
                assert!(!near((a.x, a.y), (b.x, b.y)));
            }
        }
        assert_eq!(Dial::draw(&[("a".to_owned(), at("2030-01-01"))], day).shadow, None);
    }
}
