//! The whole life of a booking, and of eleven others that fared worse, as recorded; and what five sockets heard of it.

use crate::compare::{Shape, differences};
use crate::desk::Desk;
use crate::recorded::{flow, heard};
use crate::replay::By::{Nobody, Token};
use crate::replay::{By, shown};
use crate::scenes::{NOTIFICATIONS, play};
use crate::sockets::Socket;
use serde_json::Value;
use std::collections::HashMap;

/// Who did what, in order. The recording tells what was done, and by its names who did it.
const BY: [(&str, By); 78] = [
    ("login op1", Nobody),
    ("login op2", Nobody),
    ("login th01", Nobody),
    ("login dr01", Nobody),
    ("login th02", Nobody),
    ("login th03", Nobody),
    ("create", Token("op1")),
    ("create duplicate/conflict", Token("op1")),
    ("create back-to-back", Token("op1")),
    ("create empty", Token("op1")),
    ("create no services", Token("op1")),
    ("create bad client", Token("op1")),
    ("create past date", Token("op1")),
    ("create end<start", Token("op1")),
    ("create as therapist", Token("th01")),
    ("create no availability, no driver", Token("op1")),
    ("create unauthenticated", Nobody),
    ("get missing", Token("op1")),
    ("get someone else's", Token("th02")),
    ("driver first", Token("dr01")),
    ("wrong therapist", Token("th02")),
    ("therapist_confirm", Token("th01")),
    ("again", Token("th01")),
    ("start too early", Token("op1")),
    ("driver_confirm", Token("dr01")),
    ("journey before start", Token("dr01")),
    ("op2 (not staff)", Token("op2")),
    ("start_appointment op1 (staff)", Token("op1")),
    ("start_journey", Token("dr01")),
    ("arrive", Token("dr01")),
    ("drop_off", Token("dr01")),
    ("start_session", Token("th01")),
    ("awaiting_payment", Token("th01")),
    ("mark_completed as therapist", Token("th01")),
    ("mark_completed (payment verify)", Token("op1")),
    ("complete", Token("th01")),
    ("request_pickup", Token("th01")),
    ("state", Token("op1")),
    ("login dr08", Nobody),
    ("confirm_pickup", Token("dr08")),
    ("state after confirm_pickup", Token("op1")),
    ("complete_return_journey", Token("dr08")),
    ("mk", Token("op1")),
    ("accept therapist", Token("th01")),
    ("accept driver", Token("dr01")),
    ("start (therapist)", Token("th01")),
    ("complete by op", Token("op1")),
    ("delete completed", Token("op1")),
    ("mk", Token("op1")),
    ("reject no reason", Token("th01")),
    ("reject as op", Token("op1")),
    ("reject", Token("th01")),
    ("deny", Token("op1")),
    ("reject 2nd time", Token("th01")),
    ("mk", Token("op1")),
    ("reject", Token("th01")),
    ("review accept", Token("op1")),
    ("after accept", Token("op1")),
    ("mk", Token("op1")),
    ("cancel stranger", Token("th02")),
    ("cancel op", Token("op1")),
    ("cancel again", Token("op1")),
    ("patch status op", Token("op1")),
    ("patch status therapist", Token("th01")),
    ("patch bogus", Token("op1")),
    ("patch notes therapist", Token("th01")),
    ("patch notes op", Token("op1")),
    ("patch stranger", Token("th02")),
    ("delete therapist", Token("th01")),
    ("mk", Token("op1")),
    ("delete op", Token("op1")),
    ("delete again", Token("op1")),
    ("mk", Token("op1")),
    ("group 1", Token("th02")),
    ("group 1 again", Token("th02")),
    ("group 2", Token("th03")),
    ("accept in group", Token("th02")),
    ("auto_cancel as th", Token("th01")),
];

/// The five sockets that were open meanwhile.
const LISTENERS: [&str; 5] = ["op1", "op2", "th01", "th02", "dr01"];

#[tokio::test]
async fn the_life_of_a_booking_goes_as_recorded_and_is_heard_as_recorded() {
    let desk = Desk::open().await;
    let mut sockets = Vec::new();
    let mut first = HashMap::new();
    for account in LISTENERS {
        let (socket, list) = Socket::open(&desk, account).await;
        sockets.push((account, socket));
        first.insert(account, list);
    }
    let acts = flow();
    assert_eq!(acts.len(), BY.len(), "every recorded act has somebody who did it");
    for (act, (label, by)) in acts.iter().zip(BY) {
        assert_eq!(act.label, label);
        let method = act.method.parse().expect("a method");
        let ours = desk
            .send(shown(&desk, by).await.as_deref(), method, &act.target, act.sent.clone())
            .await;
        assert_eq!(ours.status, act.status, "{label}: {}", ours.body);
        match serde_json::from_str::<Value>(&act.body) {
            Ok(theirs) => {
                let found = differences(&theirs, &ours.json(), &[]);
                assert!(
                    found.is_empty(),
                    "{label} differs:\n  {}\nfrom what was recorded",
                    found.join("\n  ")
                );
            }
            Err(_) if act.body.is_empty() => assert_eq!(ours.body, "", "{label}"),
            // The recorder cut pages off.
            Err(_) => assert!(ours.body.trim().starts_with(&act.body), "{label}: {}", ours.body),
        }
    }
    for (account, mut socket) in sockets {
        as_heard(account, &first[account], &socket.drained().await);
    }
    play(&desk, NOTIFICATIONS).await;
}

/// Holds what one socket heard, in its order, against what it heard then.
fn as_heard(account: &str, first: &Value, ours: &[String]) {
    let mut theirs = heard().into_iter().filter(|heard| heard.account == account);
    let list = theirs.next().expect("the first list");
    let mut shape = Shape::default();
    shape.learn("", &list.message);
    let strangers = shape.strangers("", first);
    assert!(strangers.is_empty(), "{account}'s first list: {strangers:?}");
    let theirs: Vec<_> = theirs.collect();
    for (place, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
        let message = serde_json::from_str(ours).expect("JSON");
        let found = differences(&theirs.message, &message, &[]);
        assert!(
            found.is_empty(),
            "{account}'s message {place} differs: {found:?}\n{ours}\n{}",
            theirs.message
        );
        let rejection = message.get("rejection_id").is_some();
        assert!(
            rejection || theirs.bytes == ours.len(),
            "{account}'s message {place} is {} bytes: {ours}",
            ours.len()
        );
    }
    assert_eq!(ours.len(), theirs.len(), "{account} heard as many messages as then");
}
