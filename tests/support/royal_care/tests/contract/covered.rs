//! Every recording is replayed, or stands here with the reason why it is not.

use crate::recorded::folder;
use crate::scenes::{SCENES, Step};
use std::collections::BTreeSet;
use std::fs;

/// Held by a test of their own.
const ELSEWHERE: [&str; 4] = ["flow.txt", "ws_flow.log", "ws_test.txt", "ws_test2.txt"];

const NO_ACCOUNTS: &str = "makes or completes an account: Deskbell signs in to accounts, it makes none";
const NO_ATTENDANCE: &str = "attendance: Deskbell keeps none on this backend";

/// Not replayed, and why.
const NOT_REPLAYED: [(&str, &str); 14] = [
    ("att_appr.txt", NO_ATTENDANCE),
    ("att_in.txt", NO_ATTENDANCE),
    ("att_out.txt", NO_ATTENDANCE),
    ("att_today.txt", NO_ATTENDANCE),
    ("auth_register_noauth.txt", NO_ACCOUNTS),
    ("check_email.txt", NO_ACCOUNTS),
    ("complete_reg.txt", NO_ACCOUNTS),
    (
        "login_self.txt",
        "signs in to an account that was registered just before; the answer is login_ok.txt's",
    ),
    ("reg_op_noauth.txt", NO_ACCOUNTS),
    ("reg_th_noauth.txt", NO_ACCOUNTS),
    ("verify_email.txt", NO_ACCOUNTS),
    ("inv_restock_op2.txt", "stock: Deskbell keeps none on this backend"),
    (
        "options.txt",
        "the framework's description of itself, which only browsers ask for",
    ),
    (
        "stale.txt",
        "what Chromium's cache did with max-age; the header that made it is held in every replay",
    ),
];

#[test]
fn every_recording_is_replayed_or_said_why_not() {
    let there: BTreeSet<String> = fs::read_dir(folder())
        .expect("the recordings")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a plain name")
        })
        .collect();
    let mut named: Vec<&str> = ELSEWHERE.to_vec();
    named.extend(NOT_REPLAYED.iter().map(|(file, _)| *file));
    let replayed: BTreeSet<&str> = SCENES
        .iter()
        .flat_map(|scene| scene.iter())
        .filter_map(|step| match step {
            Step::Ask(file, ..) | Step::AskWith(file, ..) => Some(*file),
            Step::Meanwhile(_) => None,
        })
        .collect();
    named.extend(&replayed);
    let once: BTreeSet<String> = named.iter().map(|file| (*file).to_owned()).collect();
    assert_eq!(
        once.len(),
        named.len(),
        "a recording that is replayed must not be excused"
    );
    assert_eq!(once, there);
}
