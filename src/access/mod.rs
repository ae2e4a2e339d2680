//! Who may do what. One function decides, [`allow`]; every route names its action, and nothing else
//! in the program asks about roles.

mod token;

pub use token::{BadToken, Pepper, Token, TokenKind, random_hex};

use std::fmt;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody without credentials.
    Anonymous,
    /// The holder of a token.
    Token {
        /// Public part of the token.
        id: String,
        /// What stands for the holder in the audit trail.
        pseudonym: String,
        /// What the token was made for.
        name: String,
        /// What kind of token it is.
        kind: TokenKind,
    },
    /// The program itself, at first start or from its own command line.
    System,
}

impl Actor {
    /// What stands for the actor in the audit trail: never a name.
    #[must_use]
    pub fn pseudonym(&self) -> &str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Token { pseudonym, .. } => pseudonym,
            Self::System => "system",
        }
    }
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read the catalog: APIs, versions, documents, diffs.
    Read,
    /// Ask what a publish would say; stores nothing.
    Check,
    /// Publish, replace a draft, release it.
    Publish,
    /// Deprecate, sunset, name a successor.
    Schedule,
    /// Block and unblock in an emergency.
    Block,
    /// Say where a line's calls arrive.
    Route,
    /// Choose a namespace's policy.
    Policy,
    /// Ask for a decision on a call.
    Decide,
    /// Read the audit trail.
    Audit,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Check => "check",
            Self::Publish => "publish",
            Self::Schedule => "schedule",
            Self::Block => "block",
            Self::Route => "route",
            Self::Policy => "policy",
            Self::Decide => "decide",
            Self::Audit => "audit",
        })
    }
}

/// What it is wanted with: the finest part that the action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// The registry as a whole.
    Registry,
    /// A namespace.
    Namespace(&'a str),
    /// An API.
    Api {
        /// Its namespace.
        namespace: &'a str,
        /// Its name.
        api: &'a str,
    },
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody said who asks: credentials would help.
    #[error("this needs a token")]
    Unauthenticated,
    /// Who asks is known and may not.
    #[error("this token may not {0}")]
    Forbidden(Action),
}

/// Decides whether `actor` may do `action` to `target`. Denies what it does not know.
///
/// # Errors
/// When it is not allowed.
pub fn allow(actor: &Actor, action: Action, _target: Target<'_>) -> Result<(), Denied> {
    match (actor, action) {
        (_, Action::Read | Action::Decide)
        | (Actor::System | Actor::Token { kind: TokenKind::Bootstrap, .. }, _) => Ok(()),
        (Actor::Anonymous, _) => Err(Denied::Unauthenticated),
        (Actor::Token { .. }, action) => Err(Denied::Forbidden(action)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: [Action; 9] = [
        Action::Read,
        Action::Check,
        Action::Publish,
        Action::Schedule,
        Action::Block,
        Action::Route,
        Action::Policy,
        Action::Decide,
        Action::Audit,
    ];

    fn holder(kind: TokenKind) -> Actor {
        Actor::Token { id: String::new(), pseudonym: String::new(), name: String::new(), kind }
    }

    #[test]
    fn reading_is_open_and_writing_needs_the_admin_token() {
        for action in EVERY {
            let open = matches!(action, Action::Read | Action::Decide);
            assert_eq!(allow(&Actor::Anonymous, action, Target::Registry).is_ok(), open, "{action}");
            assert_eq!(
                allow(&holder(TokenKind::Service), action, Target::Registry).is_ok(),
                open,
                "{action}"
            );
            assert!(allow(&holder(TokenKind::Bootstrap), action, Target::Registry).is_ok(), "{action}");
        }
    }

    #[test]
    fn the_nameless_are_asked_for_a_token_and_the_known_are_refused() {
        assert_eq!(allow(&Actor::Anonymous, Action::Publish, Target::Registry), Err(Denied::Unauthenticated));
        let service = holder(TokenKind::Service);
        assert_eq!(
            allow(&service, Action::Publish, Target::Registry),
            Err(Denied::Forbidden(Action::Publish))
        );
    }
}
