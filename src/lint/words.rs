//! What a name tells: credentials, personal data and privileges, recognised by whole words.
//!
//! Names are split into words and compared word by word, never as substrings, since `tokenizer`
//! is no token. Schemas and their values are not looked at here.
//! Source: the tiers L1 to L5 of the security catalogue; OWASP API3:2023.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a property or parameter name says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A person: contact, birth, place (L3).
    Personal,
    /// Money, state or health (L2).
    Regulated,
    /// A secret that opens something (L1).
    Credential,
}

impl Tier {
    /// The word used in sentences.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal data",
            Self::Regulated => "financial, identity or health data",
            Self::Credential => "a credential",
        }
    }
}

const CREDENTIAL: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "client secret",
    "api key",
    "apikey",
    "private key",
    "access token",
    "refresh token",
    "id token",
    "bearer token",
    "auth token",
    "session token",
    "token",
    "otp",
    "totp",
    "mfa secret",
    "recovery code",
    "cvv",
    "cvc",
    "seed phrase",
    "connection string",
];

const REGULATED: &[&str] = &[
    "iban",
    "card number",
    "pan",
    "account number",
    "routing number",
    "ssn",
    "sin",
    "nino",
    "tax id",
    "passport",
    "passport number",
    "driver license",
    "driving licence",
    "national id",
    "diagnosis",
    "icd",
    "medication",
    "blood type",
    "insurance number",
];

const PERSONAL: &[&str] = &[
    "dob",
    "birth date",
    "date of birth",
    "birthday",
    "home address",
    "street",
    "phone",
    "phone number",
    "mobile",
    "mobile number",
    "ip address",
    "gender",
    "ethnicity",
    "religion",
    "salary",
];

const PRIVILEGED: &[&str] = &[
    "role",
    "roles",
    "is admin",
    "admin",
    "is staff",
    "is superuser",
    "permission",
    "permissions",
    "scope",
    "scopes",
    "group",
    "groups",
    "privilege",
    "privileges",
    "owner id",
    "tenant id",
    "balance",
    "credit",
    "verified",
    "is verified",
    "approved",
    "is approved",
    "created by",
    "deleted at",
];

const MANAGED: &[&str] = &["id", "created at", "updated at", "owner id", "created by", "uuid"];

/// Last words that make a name speak about the secret instead of holding it.
const METADATA: &[&str] = &[
    "id",
    "url",
    "uri",
    "at",
    "date",
    "expires",
    "count",
    "length",
    "hint",
    "policy",
    "type",
    "name",
    "status",
    "required",
    "enabled",
    "changed",
    "check",
    "update",
    "reset",
    "collection",
    "registrar",
    "verification",
    "protection",
    "format",
    "field",
    "location",
];

/// Words that turn a token into something harmless: the cursor of a page, a CSRF nonce.
const HARMLESS_TOKENS: &[&str] =
    &["page", "next", "prev", "previous", "continuation", "cursor", "sync", "csrf", "device", "push"];

const MASKED: &[&str] = &["last", "masked", "hashed", "truncated", "redacted", "hash"];

/// The words of a name in lower case: split at case changes, `_`, `-`, `.`, spaces and digits.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (i, &letter) in letters.iter().enumerate() {
        if !letter.is_alphabetic() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = i.checked_sub(1).map(|j| letters[j]);
        let starts = letter.is_uppercase()
            && (before.is_some_and(char::is_lowercase)
                || letters.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if starts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_ascii() {
            word.push(letter.to_ascii_lowercase());
        } else {
            word.extend(letter.to_lowercase());
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// Which tier the name belongs to, if any. `is_boolean` clears a name: a flag holds no secret.
#[must_use]
pub fn tier(name: &str, is_boolean: bool) -> Option<Tier> {
    if is_boolean {
        return None;
    }
    let words = words(name);
    let (entry, tier) = entry(&words)?;
    let last = words.last().map_or("", String::as_str);
    if METADATA.contains(&last) && !entry.ends_with(last) {
        return None;
    }
    let names_a_token = entry.ends_with("token");
    if names_a_token && words.iter().any(|word| HARMLESS_TOKENS.contains(&word.as_str())) {
        return None;
    }
    if words.iter().any(|word| MASKED.contains(&word.as_str())) {
        return Some(Tier::Personal);
    }
    Some(tier)
}

/// Whether a caller who may set this name raises himself (L5).
#[must_use]
pub fn is_privileged(name: &str) -> bool {
    whole(name, PRIVILEGED)
}

/// Whether the server keeps this value itself: ids, authors, instants of creation.
#[must_use]
pub fn is_server_managed(name: &str) -> bool {
    whole(name, MANAGED)
}

/// Whether the path leads to administration (L4): its first word, or any whole segment.
#[must_use]
pub fn is_administrative(path: &str) -> bool {
    path.split('/').any(|segment| {
        let words = words(segment);
        match words.as_slice() {
            [only] => matches!(
                only.as_str(),
                "admin"
                    | "administrator"
                    | "superuser"
                    | "root"
                    | "sudo"
                    | "backoffice"
                    | "impersonate"
                    | "internal"
            ),
            [first, ..] => first == "admin" && !segment.starts_with('{'),
            [] => false,
        }
    })
}

fn whole(name: &str, list: &[&str]) -> bool {
    let joined = words(name).join(" ");
    list.contains(&joined.as_str())
}

/// What an entry of the lists says, and which of its list it is.
static ENTRIES: LazyLock<FxHashMap<&'static str, (Tier, usize)>> = LazyLock::new(|| {
    let lists = [(PERSONAL, Tier::Personal), (REGULATED, Tier::Regulated), (CREDENTIAL, Tier::Credential)];
    let entries = lists
        .into_iter()
        .flat_map(|(list, tier)| list.iter().enumerate().map(move |(at, entry)| (*entry, (tier, at))));
    entries.collect()
});

/// Words of the longest entry.
static MOST_WORDS: LazyLock<usize> =
    LazyLock::new(|| ENTRIES.keys().map(|entry| entry.split(' ').count()).max().unwrap_or(0));

/// The entry of the highest tier that the words hold in a row, the longest of its list.
fn entry(words: &[String]) -> Option<(&'static str, Tier)> {
    let joined = words.join(" ");
    let mut best = None;
    let mut start = 0;
    for (at, word) in words.iter().enumerate() {
        let mut end = start;
        for more in words[at..].iter().take(*MOST_WORDS) {
            end += more.len();
            if let Some((entry, (tier, place))) = ENTRIES.get_key_value(&joined[start..end]) {
                best = best.max(Some((*tier, entry.len(), *place, *entry)));
            }
            end += 1;
        }
        start += word.len() + 1;
    }
    best.map(|(tier, _, _, entry)| (entry, tier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_at_case_signs_and_digits() {
        assert_eq!(words("clientSecret"), ["client", "secret"]);
        assert_eq!(words("HTTPToken2"), ["http", "token"]);
        assert_eq!(words("date_of-birth.x"), ["date", "of", "birth", "x"]);
    }

    #[test]
    fn whole_words_count_and_metadata_does_not() {
        assert_eq!(tier("password", false), Some(Tier::Credential));
        assert_eq!(tier("dateOfBirth", false), Some(Tier::Personal));
        assert_eq!(tier("taxId", false), Some(Tier::Regulated));
        assert_eq!(tier("iban_last4", false), Some(Tier::Personal));
        for harmless in [
            "tokenizer",
            "page_token",
            "nextPageToken",
            "password_changed_at",
            "tokenUrl",
            "secret_scanning_enabled",
            "tax_id_collection",
            "name",
            "cvc_check",
        ] {
            assert_eq!(tier(harmless, false), None, "{harmless}");
        }
        assert_eq!(tier("password", true), None);
    }

    #[test]
    fn privileges_and_administration_are_recognised() {
        assert!(is_privileged("isAdmin") && is_privileged("role") && !is_privileged("roller"));
        assert!(is_administrative("/admin/users") && !is_administrative("/administrators-guide"));
    }
}
