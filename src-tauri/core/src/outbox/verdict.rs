//! What a server's answer means for a person's act. Pure.

use crate::backend::{Abilities, Act, BackendError, Receipt, Write};
use deskbell_clinic::wire::Problem;

/// What becomes of an act.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Done: the server's row as it is now replaces what the person's act showed.
    Done(Box<Receipt>),
    /// Done, and the row is gone: there was nothing left to delete.
    AlreadyGone,
    /// Not sent, or refused for now: it keeps its place and goes again.
    Again,
    /// It may have arrived. The server knows its key, so it goes again with the same.
    Unknown,
    /// It may have arrived, and sending it again might do it twice: a person decides.
    MayHaveArrived,
    /// It waits for a sign-in.
    AuthHeld,
    /// Somebody else was first: a person decides, with what the server says beside it.
    Conflict(Option<Box<Problem>>),
    /// It cannot go on as it is: a person corrects or discards it.
    Parked(String),
}

/// What an answer means for the act that was sent.
pub fn verdict(write: &Write, answer: Result<Receipt, BackendError>, abilities: Abilities) -> Verdict {
    let error = match answer {
        Ok(receipt) => return Verdict::Done(Box::new(receipt)),
        Err(error) => error,
    };
    if error.may_have_arrived() {
        return if abilities.idempotency {
            Verdict::Unknown
        } else {
            Verdict::MayHaveArrived
        };
    }
    let sentence = error.to_string();
    match error {
        BackendError::AuthExpired
        | BackendError::Revoked
        | BackendError::BadCredentials
        | BackendError::LockedOut { .. }
        | BackendError::AttemptsLeft { .. }
        | BackendError::AccountDisabled
        | BackendError::PasswordNeeded
        | BackendError::CodeExpired
        | BackendError::EmailUnverified
        | BackendError::TwoFactor => Verdict::AuthHeld,
        BackendError::NotFound if write.act == Act::Delete => Verdict::AlreadyGone,
        BackendError::NotFound => Verdict::Conflict(None),
        BackendError::Conflict(problem) | BackendError::VersionMismatch(problem) => Verdict::Conflict(Some(problem)),
        BackendError::Invalid(problem) => Verdict::Parked(named_fields(&problem, sentence)),
        BackendError::Forbidden | BackendError::LastAdmin | BackendError::NotHere => Verdict::Parked(sentence),
        BackendError::Unreachable
        | BackendError::Timeout { .. }
        | BackendError::NotJson
        | BackendError::Server(_)
        | BackendError::TooMany { .. }
        | BackendError::CursorExpired
        | BackendError::Certificate
        | BackendError::Here(_)
        | BackendError::Protocol => Verdict::Again,
    }
}

/// The fields' own sentences say more than ours; the server never puts a client's data into them.
fn named_fields(problem: &Problem, sentence: String) -> String {
    let fields: Vec<_> = problem
        .fields
        .iter()
        .map(|field| format!("{}: {}", field.field, field.message))
        .collect();
    if fields.is_empty() {
        problem.detail.clone().unwrap_or(sentence)
    } else {
        fields.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::Base;
    use deskbell_clinic::wire::{FieldProblem, ProblemCode};
    use deskbell_clinic::{Kind, OperationId};
    use uuid::Uuid;

    const DESKBELL: Abilities = Abilities {
        deltas: true,
        tombstones: true,
        if_match: true,
        idempotency: true,
        client_ids: true,
        authorship: true,
        hints: true,
        hints_tell_all: true,
        active_interval: None,
    };

    fn write(act: Act) -> Write {
        Write {
            operation: OperationId(Uuid::nil()),
            kind: Kind::Block,
            id: Uuid::nil(),
            base: Base::New,
            repeated: false,
            act,
        }
    }

    fn problem(code: ProblemCode) -> Box<Problem> {
        Box::new(Problem {
            type_uri: "about:blank".into(),
            title: "No".into(),
            status: 422,
            detail: None,
            code,
            fields: vec![FieldProblem {
                field: "span.end".into(),
                message: "is before its start".into(),
            }],
            slot: None,
            current: None,
        })
    }

    #[test]
    fn what_may_have_arrived_is_sent_again_only_where_the_server_knows_its_key() {
        for error in [
            BackendError::Timeout { sent: true },
            BackendError::Server(502),
            BackendError::NotJson,
        ] {
            let put = write(Act::Put(serde_json::Value::Null));
            assert_eq!(
                verdict(&put, Err(error.clone()), DESKBELL),
                Verdict::Unknown,
                "{error:?}"
            );
            let forgetful = Abilities {
                idempotency: false,
                ..DESKBELL
            };
            assert_eq!(verdict(&put, Err(error), forgetful), Verdict::MayHaveArrived);
        }
    }

    #[test]
    fn what_was_never_sent_keeps_its_place() {
        for error in [BackendError::Unreachable, BackendError::TooMany { retry_after: None }] {
            assert_eq!(verdict(&write(Act::Delete), Err(error), DESKBELL), Verdict::Again);
        }
    }

    #[test]
    fn deleting_what_is_gone_is_done_and_changing_it_is_a_conflict() {
        assert_eq!(
            verdict(&write(Act::Delete), Err(BackendError::NotFound), DESKBELL),
            Verdict::AlreadyGone
        );
        let put = write(Act::Put(serde_json::Value::Null));
        assert_eq!(
            verdict(&put, Err(BackendError::NotFound), DESKBELL),
            Verdict::Conflict(None)
        );
    }

    #[test]
    fn a_refused_act_is_parked_with_the_sentences_of_its_fields() {
        let refused = BackendError::Invalid(problem(ProblemCode::Invalid));
        let parked = Verdict::Parked("span.end: is before its start".into());
        assert_eq!(verdict(&write(Act::Delete), Err(refused), DESKBELL), parked);
    }

    #[test]
    fn a_lost_slot_comes_back_with_what_the_server_says_of_it() {
        let lost = problem(ProblemCode::SlotTaken);
        let answer = Err(BackendError::Conflict(lost.clone()));
        assert_eq!(
            verdict(&write(Act::Delete), answer, DESKBELL),
            Verdict::Conflict(Some(lost))
        );
    }

    #[test]
    fn a_lapsed_session_holds_acts_and_loses_none() {
        assert_eq!(
            verdict(&write(Act::Delete), Err(BackendError::AuthExpired), DESKBELL),
            Verdict::AuthHeld
        );
    }
}
