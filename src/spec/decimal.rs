//! Exact decimals: numbers of a document compared as they are written, without binary rounding.
//!
//! Only what comparing bounds needs: order and divisibility. Source: RFC 8259 section 6.

use std::cmp::Ordering;

/// A number in decimal digits: `digits` × 10^`exponent`, without zeros at either end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Reads the text of a JSON number; `None` for anything else (`.inf`, hexadecimal).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        // Exponents beyond a million are no bounds that anybody means, and would overflow below.
        if power.unsigned_abs() > 1_000_000 {
            return None;
        }
        let digits = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').collect();
        let exponent = power - i64::try_from(fraction.len()).ok()?;
        Some(Self::normal(negative, digits, exponent))
    }

    fn normal(negative: bool, digits: Vec<u8>, mut exponent: i64) -> Self {
        let mut digits: Vec<u8> = digits.into_iter().skip_while(|digit| *digit == 0).collect();
        while digits.last() == Some(&0) {
            digits.pop();
            exponent += 1;
        }
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        Self { negative, digits, exponent }
    }

    /// The whole number `value`.
    #[must_use]
    pub fn whole(value: i128) -> Self {
        let digits = value.unsigned_abs().to_string().bytes().map(|byte| byte - b'0').collect();
        Self::normal(value < 0, digits, 0)
    }

    /// Whether the number has no fraction.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// This whole number moved by `step`; `None` when it is no whole number of moderate size.
    #[must_use]
    pub fn step(&self, step: i128) -> Option<Self> {
        Some(Self::whole(self.scaled(0)?.checked_add(step)?))
    }

    /// Ten times this number.
    #[must_use]
    pub fn tenfold(&self) -> Self {
        Self::normal(self.negative, self.digits.clone(), self.exponent + 1)
    }

    /// Whether this number is a whole multiple of `divisor`; `None` when they are too far apart.
    #[must_use]
    pub fn is_multiple_of(&self, divisor: &Self) -> Option<bool> {
        let exponent = self.exponent.min(divisor.exponent);
        let divisor = divisor.scaled(exponent)?;
        (divisor != 0).then_some(())?;
        Some(self.scaled(exponent)? % divisor == 0)
    }

    /// The canonical text: `1.50`, `15e-1` and `1.5` read the same.
    #[must_use]
    pub fn canonical(&self) -> String {
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let sign = if self.negative { "-" } else { "" };
        let text = match usize::try_from(self.exponent.unsigned_abs()) {
            Ok(zeros @ 0..=20) if self.exponent >= 0 => format!("{digits}{}", "0".repeat(zeros)),
            Ok(places @ 1..=20) => {
                let padded = format!("{digits:0>width$}", width = places + 1);
                let (whole, fraction) = padded.split_at(padded.len() - places);
                format!("{whole}.{fraction}")
            }
            _ => format!("{digits}e{}", self.exponent),
        };
        if digits.is_empty() { "0".to_owned() } else { format!("{sign}{text}") }
    }

    /// `digits` × 10^`exponent`.
    #[must_use]
    pub fn from_scaled(digits: i128, exponent: i64) -> Self {
        let mut number = Self::whole(digits);
        if !number.digits.is_empty() {
            number.exponent += exponent;
        }
        number
    }

    /// The place of the last digit: -2 for `0.25`, 1 for `10`.
    #[must_use]
    pub const fn exponent(&self) -> i64 {
        self.exponent
    }

    /// The value times 10^-`exponent` as an integer; `None` where it is none, or too large.
    #[must_use]
    pub fn scaled(&self, exponent: i64) -> Option<i128> {
        let power = u32::try_from(self.exponent - exponent).ok()?;
        let digits = self
            .digits
            .iter()
            .try_fold(0_i128, |sum, digit| sum.checked_mul(10)?.checked_add(i128::from(*digit)))?;
        let value = digits.checked_mul(10_i128.checked_pow(power)?)?;
        Some(if self.negative { -value } else { value })
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        if self.digits.is_empty() || other.digits.is_empty() {
            return self.digits.len().cmp(&other.digits.len());
        }
        let top = |number: &Self| number.exponent + number.digits.len() as i64;
        // With the leading digits aligned, the digits compare like text.
        top(self).cmp(&top(other)).then_with(|| self.digits.cmp(&other.digits))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).expect("a number")
    }

    #[test]
    fn spelling_does_not_matter() {
        for (a, b) in [("1", "1.0"), ("1.50", "15e-1"), ("0", "-0.0"), ("1e3", "1000")] {
            assert_eq!(number(a), number(b));
        }
    }

    #[test]
    fn order_is_that_of_the_number_line() {
        let line = ["-1e9", "-2", "-1.5", "0", "0.001", "0.01", "9", "10", "10.5", "99", "1e9"];
        for pair in line.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn multiples_are_exact() {
        assert_eq!(number("0.3").is_multiple_of(&number("0.1")), Some(true));
        assert_eq!(number("10").is_multiple_of(&number("4")), Some(false));
        assert_eq!(number("1").is_multiple_of(&number("0")), None);
        assert_eq!(number("1e40").is_multiple_of(&number("1")), None);
        assert_eq!(number("5").step(-1), Some(number("4")));
    }

    #[test]
    fn canonical_text_is_plain_where_it_is_short() {
        for (text, plain) in
            [("1e1", "10"), ("1.50", "1.5"), ("-25e-4", "-0.0025"), ("0.0", "0"), ("1e30", "1e30")]
        {
            assert_eq!(number(text).canonical(), plain);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "0x1", ".inf", "1e", "1e99999999999"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
