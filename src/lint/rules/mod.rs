//! The rules for one document: one file and one line each.
//!
//! A rule is data plus a function over the model. The catalogue behind the ids is that of the
//! design; most of it is still to come. Examples are fragments, as in the rules of the diff.

use super::{Mark, Severity};
use crate::spec::Document;

/// One defect that a document can have.
#[derive(Debug)]
pub struct Rule {
    /// Area, subject and defect in kebab case; the file has the same name in snake case.
    pub id: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// How much it usually weighs.
    pub severity: Severity,
    /// OWASP API Security Top 10 (2023).
    pub owasp: &'static str,
    /// Common Weakness Enumeration.
    pub cwe: &'static str,
    /// The release that brought the rule.
    pub since: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// Fragments that show the defect.
    pub fires: &'static [&'static str],
    /// Fragments that do not.
    pub silent: &'static [&'static str],
    /// Looks at the document.
    pub check: fn(&Document, &mut Vec<Mark>),
}

/// The rule of this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// Declares the modules of the rules, the list of all, and one test for each.
macro_rules! rules {
    ($($rule:ident,)*) => {
        $(pub mod $rule;)*

        /// Every rule.
        pub static ALL: &[&Rule] = &[$(&$rule::RULE,)*];

        #[cfg(test)]
        mod examples {
            $(
                #[test]
                fn $rule() {
                    super::tests::prove(&super::$rule::RULE, stringify!($rule));
                }
            )*
        }
    };
}

rules! {
    auth_write_open,
    auth_scheme_undefined,
    transport_server_cleartext,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::example;
    use crate::lint::lint;

    /// The rule fires on its own examples and stays silent on the others.
    pub(super) fn prove(rule: &Rule, file: &str) {
        assert_eq!(rule.id.replace('-', "_"), file);
        let fires = |fragment: &str| {
            let document = example::load(fragment).expect("an example is a document");
            lint(&document).findings.iter().any(|finding| finding.rule == rule.id)
        };
        for fragment in rule.fires {
            assert!(fires(fragment), "silent on {fragment}");
        }
        for fragment in rule.silent {
            assert!(!fires(fragment), "fires on {fragment}");
        }
    }

    #[test]
    fn one_omission_is_one_finding_with_every_operation() {
        let document =
            example::load("{security: null, paths: {/a: {put: {}, post: {}}}}").expect("a document");
        let lint = lint(&document);
        let found = lint.findings.iter().find(|finding| finding.rule == "auth-write-open").expect("found");
        assert_eq!(found.operations.len(), 2);
        assert_eq!(found.message, "`PUT /a` (and 1 more) changes state and asks for no credentials");
        assert_eq!(lint.summary.critical, 1);
        let text = serde_json::to_string(&lint).expect("JSON");
        assert_eq!(serde_json::from_str::<crate::lint::Lint>(&text).expect("reads back"), lint);
    }
}
