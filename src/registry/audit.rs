//! What a use case leaves in the audit trail. The chain itself is kept by the store.

use serde_json::{Value, json};

use super::{Caller, Refusal};
use crate::clock::Timestamp;
use crate::store::{AuditEvent, Session};

/// Appends an audit event for a change that is done, under who asked for it.
pub(super) async fn append(
    session: &mut Session,
    caller: &Caller,
    at: Timestamp,
    action: &str,
    target: &str,
    details: Value,
) -> Result<(), Refusal> {
    let personal = match &caller.address {
        Some(address) => {
            let mut salt = vec![0; 16];
            getrandom::fill(&mut salt)?;
            Some((json!({ "address": address }), salt))
        }
        None => None,
    };
    let event = AuditEvent {
        at,
        actor: caller.actor.pseudonym(),
        action,
        target,
        request_id: &caller.request_id,
        result: "done",
        details,
        personal,
    };
    session.append_audit(&event).await?;
    Ok(())
}
