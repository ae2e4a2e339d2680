//! The form of a token, and the keyed hash that is stored in its place.
//!
//! `sdl_<kind>_<id>_<secret><check>`: the prefix and the checksum let secret scanners recognise a
//! leaked token and let a typing error be refused without a look into the store. The secret has 256
//! bits from the operating system, so a fast keyed hash is enough: there is nothing to guess.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID: usize = 10;
/// 43 characters of base 62 hold 256 bits.
const SECRET: usize = 43;
const CHECK: usize = 6;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Made at first start; may do everything.
    Bootstrap,
    /// Held by a service.
    Service,
    /// Held by a gateway, which may only ask.
    Gateway,
}

impl TokenKind {
    /// The letter in the token's text.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Bootstrap => "b",
            Self::Service => "s",
            Self::Gateway => "g",
        }
    }

    /// The kind that a letter stands for.
    #[must_use]
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Self::Bootstrap, Self::Service, Self::Gateway].into_iter().find(|kind| kind.letter() == letter)
    }
}

/// The text is no token of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no token of the form sdl_<kind>_<id>_<secret>; copy the whole of it")]
pub struct BadToken;

/// A token with its secret. Its `Debug` shows the public part alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    kind: TokenKind,
    id: String,
    secret: String,
}

impl Token {
    /// A new token from the operating system's generator.
    ///
    /// # Errors
    /// When the generator fails.
    pub fn generate(kind: TokenKind) -> Result<Self, getrandom::Error> {
        Ok(Self { kind, id: random_base62(ID)?, secret: random_base62(SECRET)? })
    }

    /// Reads a token and checks its checksum; asks nobody.
    ///
    /// # Errors
    /// When it is of another form.
    pub fn parse(text: &str) -> Result<Self, BadToken> {
        let mut parts = text.trim().split('_');
        let (Some("sdl"), Some(kind), Some(id), Some(tail), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadToken);
        };
        let kind = TokenKind::from_letter(kind).ok_or(BadToken)?;
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric());
        if id.len() != ID || tail.len() != SECRET + CHECK || !plain(id) || !plain(tail) {
            return Err(BadToken);
        }
        let (secret, check) = tail.split_at(SECRET);
        let token = Self { kind, id: id.to_owned(), secret: secret.to_owned() };
        if token.check() == check { Ok(token) } else { Err(BadToken) }
    }

    /// The public part, by which the token is found.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the token is for.
    #[must_use]
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The whole text, secret included: for the file or the answer that hands it out, and nowhere else.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}{}", self.body(), self.check())
    }

    fn body(&self) -> String {
        format!("sdl_{}_{}_{}", self.kind.letter(), self.id, self.secret)
    }

    fn check(&self) -> String {
        let mut rest = crc32fast::hash(self.body().as_bytes());
        let mut digits = [b'0'; CHECK];
        for digit in digits.iter_mut().rev() {
            *digit = BASE62[(rest % 62) as usize];
            rest /= 62;
        }
        digits.iter().map(|b| char::from(*b)).collect()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token(sdl_{}_{}_…)", self.kind.letter(), self.id)
    }
}

/// The key under which secrets are hashed. It lives outside the database, so that a stolen database
/// can confirm no guess.
#[derive(Clone)]
pub struct Pepper([u8; 32]);

impl Pepper {
    /// Reads a key of 64 hex digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim(), &mut key).ok()?;
        Some(Self(key))
    }

    /// Names the key without telling it: the start of its own hash.
    #[must_use]
    pub fn key_id(&self) -> String {
        let digest: [u8; 32] =
            Sha256::new().chain_update(b"sundial key id").chain_update(self.0).finalize().into();
        hex::encode(&digest[..8])
    }

    /// The keyed hash of a token's secret.
    #[must_use]
    pub fn hash(&self, token: &Token) -> [u8; 32] {
        self.mac(token).finalize().into_bytes().into()
    }

    /// Compares a token with a stored hash in constant time.
    #[must_use]
    pub fn matches(&self, token: &Token, stored: &[u8; 32]) -> bool {
        self.mac(token).verify_slice(stored).is_ok()
    }

    fn mac(&self, token: &Token) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(token.body().as_bytes());
        mac
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pepper({})", self.key_id())
    }
}

/// `count` random characters of base 62, each equally likely.
fn random_base62(count: usize) -> Result<String, getrandom::Error> {
    let mut text = String::with_capacity(count);
    let mut pool = [0_u8; 64];
    while text.len() < count {
        getrandom::fill(&mut pool)?;
        // 248 is the largest multiple of 62 in a byte: what lies above would favour the first digits.
        let fair =
            pool.iter().filter(|byte| **byte < 248).map(|byte| char::from(BASE62[usize::from(byte % 62)]));
        text.extend(fair.take(count - text.len()));
    }
    Ok(text)
}

/// `bytes` random bytes as hex digits.
///
/// # Errors
/// When the operating system's generator fails.
pub fn random_hex(bytes: usize) -> Result<String, getrandom::Error> {
    let mut pool = vec![0_u8; bytes];
    getrandom::fill(&mut pool)?;
    Ok(hex::encode(pool))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token() -> Token {
        Token::generate(TokenKind::Bootstrap).expect("a random generator")
    }

    #[test]
    fn a_token_reads_back_and_hides_its_secret() {
        let token = token();
        let text = token.reveal();
        assert_eq!(Token::parse(&text), Ok(token.clone()));
        assert_eq!(text.len(), "sdl_b_".len() + ID + 1 + SECRET + CHECK);
        assert!(!format!("{token:?}").contains(&text[20..]));
    }

    #[test]
    fn only_the_same_secret_matches_its_hash() {
        let pepper = Pepper::from_hex(&"ab".repeat(32)).expect("64 digits");
        let (one, other) = (token(), token());
        let stored = pepper.hash(&one);
        assert!(pepper.matches(&one, &stored));
        assert!(!pepper.matches(&other, &stored));
        let elsewhere = Pepper::from_hex(&"cd".repeat(32)).expect("64 digits");
        assert!(!elsewhere.matches(&one, &stored));
        assert_ne!(pepper.key_id(), elsewhere.key_id());
    }

    proptest! {
        #[test]
        fn one_changed_character_is_refused(at in 0_usize..66, to in "[0-9A-Za-z]") {
            let text = token().reveal();
            let mut changed = text.clone();
            changed.replace_range(at..=at, &to);
            prop_assert_eq!(Token::parse(&changed).is_ok(), changed == text);
        }
    }
}
