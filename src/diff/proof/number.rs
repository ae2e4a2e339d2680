//! Numbers: intervals, divisors and what must not divide, in exact decimals.

use std::sync::Arc;

use serde_json::{Number, Value};

use super::accept::{decimal, same};
use super::goal::{Engine, Outcome};
use super::state::{Bound, State};
use crate::spec::decimal::Decimal;

/// Candidates that are tried before the search gives up.
const TRIES: i128 = 20_000;

/// A number that the state allows.
pub(super) fn solve(engine: &mut Engine<'_>, state: &State) -> Outcome {
    match Line::of(state) {
        Some(line) => line.solve(engine, state),
        None => Outcome::Unknown("numbers that are too far apart to be reckoned with".into()),
    }
}

/// The demands as whole multiples of a power of ten.
struct Line {
    exponent: i64,
    low: Option<i128>,
    high: Option<i128>,
    step: Option<i128>,
    avoid: Vec<i128>,
}

impl Line {
    fn of(state: &State) -> Option<Self> {
        let bounds = state.low.iter().chain(&state.high).map(|(number, _)| number);
        let all: Vec<&Decimal> = bounds.chain(&state.multiples).chain(&state.not_multiples).collect();
        let exponent = all.iter().map(|number| number.exponent()).min().unwrap_or(0).min(0);
        // A digit more than anybody wrote is no multiple of anything that was.
        let exponent = exponent - 1;
        let mut step = None;
        for number in &state.multiples {
            let number = number.scaled(exponent)?;
            step = Some(match step {
                Some(step) => lcm(step, number)?,
                None => number,
            });
        }
        let scaled = |bound: &Option<(Decimal, Bound)>, inwards: i128| match bound {
            None => Some(None),
            Some((number, kind)) => {
                let number = number.scaled(exponent)?;
                Some(Some(if *kind == Bound::Open { number.checked_add(inwards)? } else { number }))
            }
        };
        Some(Self {
            exponent,
            low: scaled(&state.low, 1)?,
            high: scaled(&state.high, -1)?,
            step,
            avoid: state.not_multiples.iter().map(|number| number.scaled(exponent)).collect::<Option<_>>()?,
        })
    }

    fn solve(&self, engine: &mut Engine<'_>, state: &State) -> Outcome {
        if let (Some(low), Some(high)) = (self.low, self.high)
            && low > high
        {
            return Outcome::Empty;
        }
        let ten = 10;
        // Without a divisor whole numbers come first, then halves, then any digit.
        let steps = match self.step {
            Some(step) => vec![step],
            None => {
                vec![ten * 10_i128.pow(u32::try_from(-self.exponent - 1).unwrap_or(0).min(30)), ten / 2, 1]
            }
        };
        let mut is_settled = true;
        for step in steps {
            let low = self.low.map(|low| ceiling(low, step));
            let high = self.high.map(|high| high.div_euclid(step));
            if let (Some(low), Some(high)) = (low, high)
                && low > high
            {
                continue;
            }
            let start = nearest_to_zero(low, high);
            // Whether a multiple is to be avoided repeats; each excepted value costs one try more.
            let period =
                self.avoid.iter().try_fold(1_i128, |period, avoid| lcm(period, lcm(step, *avoid)? / step));
            let enough = period.and_then(|period| period.checked_mul(state.except.len() as i128 + 2));
            let tries = enough.unwrap_or(i128::MAX).min(TRIES);
            let mut tried = 0;
            let mut is_all = true;
            for offset in 0.. {
                if tried >= tries {
                    is_all = enough.is_some_and(|enough| enough <= TRIES);
                    break;
                }
                let ways = [Some(start + offset), (offset > 0).then(|| start - offset)];
                let inside =
                    |at: &i128| low.is_none_or(|low| *at >= low) && high.is_none_or(|high| *at <= high);
                let mut any = false;
                for at in ways.into_iter().flatten().filter(inside) {
                    any = true;
                    tried += 1;
                    if !engine.step(1) {
                        return Engine::spent();
                    }
                    let Some(number) = at.checked_mul(step) else { continue };
                    if self.avoid.iter().any(|avoid| number % avoid == 0) {
                        continue;
                    }
                    match self.value(number) {
                        Some(value) if state.except.iter().any(|other| same(other, &value)) => {}
                        Some(value) => return Outcome::Value(Arc::new(value)),
                        None => is_settled = false,
                    }
                }
                if !any {
                    break;
                }
            }
            is_settled &= is_all;
        }
        // Without a divisor there is always a number more between two different bounds.
        let is_point = self.low.is_some() && self.low == self.high;
        if is_settled && (self.step.is_some() || is_point) {
            Outcome::Empty
        } else {
            Outcome::Unknown("no number was found among the first that were tried".into())
        }
    }

    /// The number as JSON, where JSON as it is commonly read holds it.
    fn value(&self, number: i128) -> Option<Value> {
        let exact = Decimal::from_scaled(number, self.exponent);
        let value = Value::Number(exact.canonical().parse::<Number>().ok()?);
        (decimal(&value)? == exact).then_some(value)
    }
}

/// The range that a format of numbers names.
pub(super) fn range(format: &str) -> Option<(Decimal, Decimal)> {
    let (low, high) = match format {
        "int32" => (i128::from(i32::MIN), i128::from(i32::MAX)),
        "int64" => (i128::from(i64::MIN), i128::from(i64::MAX)),
        _ => return None,
    };
    Some((Decimal::whole(low), Decimal::whole(high)))
}

fn ceiling(number: i128, step: i128) -> i128 {
    -(-number).div_euclid(step)
}

fn nearest_to_zero(low: Option<i128>, high: Option<i128>) -> i128 {
    match (low, high) {
        (Some(low), _) if low > 0 => low,
        (_, Some(high)) if high < 0 => high,
        _ => 0,
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

fn lcm(a: i128, b: i128) -> Option<i128> {
    (a / gcd(a, b)).checked_mul(b).map(i128::abs)
}
