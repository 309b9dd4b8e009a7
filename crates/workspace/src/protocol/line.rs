//! A line of the protocol: which operation, by whom and when.

use serde_json::value::RawValue;

use crate::act::{Act, Actor};
use crate::protocol::argument::{Argument, ArgumentKind, Fault, Strictness};
use crate::protocol::object::Object;
use crate::protocol::operations::Request;
use crate::protocol::refusal::Refusal;
use crate::roles::Role;
use onefold::contact::Time;

/// A line, as far as it can be read.
pub(crate) struct RequestLine<'a> {
    /// The value of `op` as it stands, if the line is an object that has one.
    pub(crate) op: Option<&'a RawValue>,
    /// The value of `request` as it stands, if there is one.
    pub(crate) request: Option<&'a RawValue>,
    /// Whether it is `check`, with the right arguments or not.
    pub(crate) is_check: bool,
    /// The operation, and who carries it out.
    pub(crate) order: Result<Order<'a>, Refusal>,
}

/// An operation, with who carries it out and when as far as the line says it.
pub(crate) struct Order<'a> {
    pub(crate) request: Request<'a>,
    now: Option<Time>,
    actor: Option<NamedActor>,
}

impl<'a> RequestLine<'a> {
    /// Reads a line: its arguments exactly, before anything else is looked at. O(n log n).
    pub(crate) fn read(line: &'a str, strictness: Strictness) -> Self {
        let Some(mut object) = Object::read(line) else {
            let order = Err(Refusal::bad_request("the line is no JSON object"));
            return Self { op: None, request: None, is_check: false, order };
        };
        let (op, request) = (object.take_raw("op"), object.take_raw("request"));
        let name = op.and_then(|op| serde_json::from_str::<String>(op.get()).ok());
        let is_check = name.as_deref() == Some("check");
        let order = match name {
            Some(name) => Order::read(&name, object, strictness),
            None => Err(Refusal::bad_request("op is missing, or no text")),
        };
        Self { op, request, is_check, order }
    }
}

impl<'a> Order<'a> {
    fn read(name: &str, mut object: Object<'a>, strictness: Strictness) -> Result<Self, Refusal> {
        let now = object.take_optional("now", strictness)?;
        let actor = object.take_optional("actor", strictness)?;
        Ok(Self { request: Request::read(name, object, strictness)?, now, actor })
    }

    /// Whether the line says who carries the operation out.
    pub(crate) fn has_actor(&self) -> bool {
        self.actor.is_some()
    }

    /// Whether the line says who carries out what follows.
    pub(crate) fn is_act(&self) -> bool {
        matches!(self.request, Request::Act {})
    }

    /// Who carries the operation out, and when: as the line says or, where it does not, as before.
    pub(crate) fn act(&self, before: &Act) -> Act {
        let mut act = before.clone();
        act.at = self.now.unwrap_or(act.at);
        if let Some(NamedActor { name, actor }) = &self.actor {
            act.by = name.clone();
            act.actor = *actor;
        }
        act
    }
}

/// Who does something, as the protocol says it.
struct NamedActor {
    name: Box<str>,
    actor: Actor,
}

impl Argument<'_> for NamedActor {
    const KIND: ArgumentKind = ArgumentKind::Actor;

    fn read(json: &RawValue, strictness: Strictness) -> Result<Self, Fault> {
        let mut object = Object::read(json.get()).ok_or(Fault::Kind)?;
        let mut read = || -> Result<Self, Refusal> {
            let name = object.take::<String>("name", strictness)?.into();
            let role = object.take_optional::<Role>("role", strictness)?;
            let is_restricted = object.take_optional("restricted", strictness)?.unwrap_or(false);
            let actor = role.map_or(Actor::Host, |role| Actor::User { role, is_restricted });
            Ok(Self { name, actor })
        };
        let actor = read().map_err(|refusal| Fault::within(refusal.why))?;
        object.finish("actor").map_err(|refusal| Fault::within(refusal.why))?;
        Ok(actor)
    }
}
