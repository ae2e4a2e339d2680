//! What a witness is shown as: the request that is refused now, or the response that nobody expects.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::Value;

use super::change::{Direction, Witness, WitnessKind};
use super::descend::Mode;
use super::pair::Scene;
use super::proof::{Engine, Terms};
use super::prove::{At, Root};
use super::request::{self, Given};
use super::rules::Check;
use crate::spec::Document;
use crate::spec::model::{Operation, Response};
use crate::spec::plain::View;
use crate::spec::schema::SchemaId;
use crate::spec::tree::NodeId;

/// Witnesses of what two documents disagree on.
pub(super) struct Witnesses<'a> {
    old: &'a Document,
    new: &'a Document,
    /// For values that only the older document is asked for.
    samples: RefCell<Engine<'a>>,
}

impl<'a> Witnesses<'a> {
    pub(super) fn new(scene: &Scene<'a>) -> Self {
        let terms = Terms { vocabulary: true, formats: true, view: Some(View::Request), ranges: false };
        let samples = RefCell::new(Engine::new(scene.old, scene.old, terms));
        Self { old: scene.old, new: scene.new, samples }
    }

    /// The witness of a value that was confirmed.
    pub(super) fn of_value(&self, root: &Root<'a>, mode: Mode, instance: Arc<Value>) -> Witness {
        let (old, new) = (self.old, self.new);
        let place =
            |document: &Document, id: SchemaId| Some(document.pointer(document.api().schemas.get(id).node));
        let (kind, given, what) = match root.at {
            At::Parameter(parameter) => (
                WitnessKind::Parameter,
                Some(Given { parameter: Some((parameter, &instance)), ..Given::default() }),
                format!("the parameter `{}`", parameter.name),
            ),
            At::Body(media) => (
                WitnessKind::Body,
                Some(Given { body: Some((media, &instance)), ..Given::default() }),
                "the request body".to_owned(),
            ),
            At::Response(status) => (WitnessKind::Response, None, format!("the body of a {status} response")),
            At::Header(status, header) => {
                (WitnessKind::Header, None, format!("the header `{}` of a {status} response", header.name))
            }
        };
        let is_request = mode.direction == Direction::Request;
        let reason = if is_request {
            format!("{what} was valid for the older version, and the newer one refuses it")
        } else {
            format!("the newer version may send {what} so, and the older one does not allow it")
        };
        let plausible = |id: SchemaId| self.samples.borrow_mut().sample(id);
        let request = given.map(|given| request::show(old.api(), root.old.0, &given, &plausible));
        Witness {
            kind,
            old_schema: place(old, root.old.1),
            new_schema: place(new, root.new.1),
            request,
            reason,
            instance,
        }
    }

    /// The witness of a change that is no schema's: resolved against both documents.
    pub(super) fn of_call(
        &self,
        check: &Check,
        direction: Option<Direction>,
        (old, new): (Option<NodeId>, Option<NodeId>),
        (before, after): (Option<&'a Operation>, Option<&'a Operation>),
        reason: String,
    ) -> Option<Witness> {
        let operation = before?;
        let document = self.old;
        let plausible = |id: SchemaId| self.samples.borrow_mut().sample(id);
        let parameter = operation.parameters.iter().find(|parameter| Some(parameter.node) == old);
        let value = parameter
            .map(|parameter| parameter.schema.and_then(plausible).unwrap_or_else(|| Value::from("x")));
        let given = Given { parameter: parameter.zip(value.as_ref()), ..Given::default() };
        let kind = kind_of(check, direction);
        // An operation that is gone is shown by its absence, everything else by what both sides say.
        if after.is_none() && kind != WitnessKind::Operation {
            return None;
        }
        let request = request::show(document.api(), operation, &given, &plausible);
        // A response is shown by its status: that of the newer side, or the one that is gone.
        let stands_at = |operation: &Operation, node: Option<NodeId>| {
            let is_meant = |response: &Response| {
                Some(response.node) == node
                    || response.headers.iter().any(|header| Some(header.node) == node)
                    || response.content.iter().any(|media| Some(media.node) == node)
            };
            operation.responses.iter().find(|response| is_meant(response)).map(|response| response.status)
        };
        let status = after.and_then(|after| stands_at(after, new)).or_else(|| stands_at(operation, old));
        let response = status
            .filter(|_| matches!(kind, WitnessKind::Response | WitnessKind::Header))
            .map(|status| request::response(status, &[], None));
        Some(Witness {
            kind,
            instance: value.or(response).unwrap_or(Value::Null).into(),
            old_schema: None,
            new_schema: None,
            request: Some(request),
            reason,
        })
    }
}

/// What shows a change that a check found.
fn kind_of(check: &Check, direction: Option<Direction>) -> WitnessKind {
    match check {
        Check::Parameter(_) => WitnessKind::Parameter,
        Check::Body(_) => WitnessKind::Body,
        Check::Media(_) if direction == Some(Direction::Request) => WitnessKind::Body,
        Check::Header(_) => WitnessKind::Header,
        Check::Media(_) | Check::Outcomes(_) => WitnessKind::Response,
        Check::Requirement(_) | Check::Scheme(_) => WitnessKind::Security,
        Check::Several(all) => all.first().map_or(WitnessKind::Operation, |first| kind_of(first, direction)),
        _ => WitnessKind::Operation,
    }
}
