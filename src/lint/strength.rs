//! How strong a way to authenticate is, as a class from 0 (open) to 6.
//!
//! The classes only order; what a requirement opens is not looked at. Source: RFC 9700, RFC 9110
//! section 11, OWASP API2:2023.

use crate::spec::model::{Alternative, Api, FlowKind, Location, SchemeKind, Security};

/// The class of one scheme: 1 a key in the URL, 2 a password or an unknown HTTP scheme, 3 a key in a
/// header or cookie, 4 a bearer token, 5 OAuth 2 with a safe flow or `OpenID`, 6 bound to a key.
#[must_use]
pub fn of_scheme(kind: &SchemeKind) -> u8 {
    match kind {
        SchemeKind::ApiKey { location: Location::Query | Location::QueryString, .. } => 1,
        SchemeKind::ApiKey { .. } => 3,
        SchemeKind::Http { scheme, .. } => match scheme.as_str() {
            "bearer" => 4,
            "dpop" | "mutual" => 6,
            _ => 2,
        },
        SchemeKind::OAuth2 { flows } => {
            let weak = |kind: FlowKind| matches!(kind, FlowKind::Implicit | FlowKind::Password);
            if flows.iter().all(|flow| weak(flow.kind)) { 4 } else { 5 }
        }
        SchemeKind::OpenIdConnect { .. } => 5,
        SchemeKind::MutualTls => 6,
        SchemeKind::Unknown(_) => 2,
    }
}

/// The class of an alternative: that of its strongest member, 0 when a scheme is not declared,
/// since nobody can enforce it.
#[must_use]
pub fn of_alternative(api: &Api, alternative: &Alternative) -> u8 {
    let class = |name: &str| api.security_scheme(name).map_or(0, |scheme| of_scheme(&scheme.kind));
    let classes = alternative.requirements.iter().map(|requirement| class(&requirement.scheme));
    let lowest = classes.clone().min().unwrap_or(0);
    if lowest == 0 { 0 } else { classes.max().unwrap_or(0) }
}

/// The class of an operation: that of its weakest alternative.
#[must_use]
pub fn of_security(api: &Api, security: &Security) -> u8 {
    let classes = security.alternatives.iter().map(|alternative| of_alternative(api, alternative));
    classes.min().unwrap_or(0)
}
