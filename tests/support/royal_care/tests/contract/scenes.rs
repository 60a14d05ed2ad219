//! The recorded calls, in an order in which each meets the rows that it met then.

use crate::desk::Desk;
use crate::replay::By::{Basic, Bearer, Forged, Nobody, Token};
use crate::replay::Hold::{Kinds, TiesInAnyOrder, Values, ValuesBut};
use crate::replay::{By, Hold, replay};
use deskbell_royal_care_stand_in::{PASSWORD, StandIn};

/// One step of a scene.
pub(crate) enum Step {
    /// The file's call, by somebody.
    Ask(&'static str, By, Hold),
    /// The file's call with another body than was recorded.
    AskWith(&'static str, By, Hold, &'static str),
    /// Something that happened between the calls.
    Meanwhile(fn(&StandIn)),
}
use Step::{Ask, AskWith, Meanwhile};

const OP1: By = Token("op1");
const TH01: By = Token("th01");

pub(crate) const SIGN_IN: &[Step] = &[
    Ask("login_ok.txt", Nobody, Values),
    Ask("login_email.txt", Nobody, Values),
    AskWith("login_form.txt", Nobody, Values, "username=op1&password=Guitara%232025"),
    Ask("login_bad.txt", Nobody, Values),
    Ask("login_bad2.txt", Nobody, Values),
    Ask("login_bad3.txt", Nobody, Values),
    Ask("login_locked.txt", Nobody, Values),
    Ask("login_missing.txt", Nobody, Values),
    Ask("login_nouser.txt", Nobody, Values),
    Ask("login_disabled.txt", Nobody, Values),
    Ask("login_2fa.txt", Nobody, Values),
    Ask("2fa_bad.txt", Nobody, Values),
    Ask("2fa_ok.txt", Nobody, Values),
    Ask("2fa_again.txt", Nobody, Values),
    Ask("2fa_nouser.txt", Nobody, Values),
    // The recorded account was made by registration, which the stand-in has not.
    Meanwhile(|clinic| clinic.set_verification_awaited("th09", true)),
    AskWith(
        "login_unverified.txt",
        Nobody,
        ValuesBut(&["email"]),
        r#"{"username":"th09","password":"Guitara#2025"}"#,
    ),
    Ask("profile.txt", OP1, Values),
    Ask("profile_bearer.txt", Bearer("op1"), Values),
    Ask("profile_basic.txt", Basic("op1"), Values),
    Ask("profile_none.txt", Nobody, Values),
    Ask("profile_badtok.txt", Forged, Values),
    Ask("reg_profile.txt", OP1, Values),
    Ask("prof_put.txt", Token("th06"), Values),
    Ask("chpw.txt", OP1, Values),
    Ask("check_status.txt", Nobody, Values),
    Ask("chk_none.txt", Nobody, Values),
    Ask("check_username.txt", Nobody, Values),
    Ask("toggle_forbidden.txt", TH01, Values),
    Ask("toggle_off.txt", OP1, Values),
    Ask("chk.txt", Nobody, Values),
    Ask("toggle_on.txt", OP1, Values),
    // Signed in while it still could.
    Ask("logout_bearer.txt", Bearer("th03"), Values),
    Ask("after_logout_bearer.txt", Token("th03"), Values),
    Ask("logout_token.txt", Token("th03"), Values),
    Ask("after_logout.txt", Token("th03"), Values),
    Ask("reg_profile.txt", OP1, Values),
    Meanwhile(|clinic| clinic.set_active("op1", false)),
    Ask("disabled_token.txt", OP1, Values),
    Meanwhile(|clinic| clinic.set_active("op1", true)),
    Meanwhile(|clinic| clinic.clock().advance(jiff::SignedDuration::from_hours(10))),
    Ask("expired.txt", OP1, Values),
];

pub(crate) const HOURS: &[Step] = &[
    // Rows of one day and time come in any order.
    Ask("av_list.txt", OP1, TiesInAnyOrder),
    Ask("av_staff.txt", OP1, Values),
    Ask("av_user.txt", OP1, Values),
    Ask("av_badavail.txt", OP1, Values),
    Ask("av_date.txt", OP1, Values),
    Ask("av_nextday.txt", OP1, Values),
    Ask("av_order.txt", OP1, Values),
    Ask("av_ordercreated.txt", OP1, Values),
    Ask("av_baddate.txt", OP1, Values),
    Ask("av_badstaff.txt", OP1, Values),
    Ask("av_baduser.txt", OP1, Values),
    Ask("av_noauth.txt", Nobody, Values),
    Ask("av_th_own.txt", TH01, Values),
    Ask("av_th_other.txt", TH01, Values),
    Ask("av_create.txt", OP1, Values),
    Ask("av_get.txt", OP1, Values),
    Ask("av_dup.txt", OP1, Values),
    Ask("av_overlap.txt", OP1, Values),
    Ask("av_backtoback.txt", OP1, Values),
    Ask("av_overlap_unavail.txt", OP1, Values),
    Ask("av_cross.txt", OP1, Values),
    Ask("av_cross_over.txt", OP1, Values),
    Ask("av_past.txt", OP1, Values),
    Ask("av_same.txt", OP1, Values),
    Ask("av_midnight.txt", OP1, Values),
    Ask("av_badfmt.txt", OP1, Values),
    Ask("av_badjson.txt", OP1, Values),
    Ask("av_empty.txt", OP1, Values),
    Ask("av_nouser.txt", OP1, Values),
    Ask("av_nouserfield.txt", OP1, Values),
    Ask("av_operator_row.txt", OP1, Values),
    Ask("av_disabled.txt", OP1, Values),
    Ask("av_sec.txt", OP1, Values),
    Ask("av_patch_both.txt", OP1, Values),
    Ask("av_patch_avail.txt", OP1, Values),
    Ask("av_patch_start.txt", OP1, Values),
    Ask("av_patch_full.txt", OP1, Values),
    Ask("av_put.txt", OP1, Values),
    Ask("av_put_partial.txt", OP1, Values),
    Ask("av_th_for_other.txt", TH01, Values),
    Ask("av_th_move.txt", TH01, Values),
    Ask("av_th_other_get.txt", TH01, Values),
    Ask("av_bulk.txt", OP1, Values),
    Ask("av_bulk_none.txt", OP1, Values),
    Ask("av_bulk_other.txt", TH01, Values),
    Ask("av_bulk_404.txt", OP1, Values),
    Ask("av_delete.txt", OP1, Values),
    Ask("av_delete2.txt", OP1, Values),
    Ask("av_get404.txt", OP1, Values),
];

/// Who is booked by seeded bookings is another matter here.
pub(crate) const FREE: &[Step] = &[
    Ask("avail_th.txt", OP1, Kinds),
    Ask("avail_as_th.txt", TH01, Kinds),
    Ask("avail_th_n.txt", OP1, Kinds),
    Ask("avail_dr.txt", OP1, Kinds),
    Ask("avail_th_early.txt", OP1, Kinds),
    Ask("avail_th_bad.txt", OP1, Values),
    Ask("avail_th_missing.txt", OP1, Values),
];

pub(crate) const STAFF: &[Step] = &[
    Ask("staff.txt", OP1, Values),
    Ask("staff_p2.txt", OP1, Values),
    Ask("staff_page99.txt", OP1, Values),
    Ask("staff_role.txt", OP1, Values),
    Ask("staff_th.txt", OP1, Values),
    Ask("staff_active.txt", OP1, Values),
    Ask("staff_active_th.txt", TH01, Values),
    Ask("staff_one.txt", OP1, Values),
    Ask("staff_create_th.txt", TH01, Values),
    Ask("staff_create.txt", OP1, Values),
    Ask("staff_patch.txt", OP1, Values),
    Ask("staff_patch2.txt", OP1, Values),
];

pub(crate) const CLIENTS: &[Step] = &[
    Ask("cl_create.txt", OP1, Values),
    Ask("cl_dup.txt", OP1, Values),
    Ask("cl_th.txt", TH01, Values),
    Ask("cl_del.txt", TH01, Values),
];

pub(crate) const BOOKINGS: &[Step] = &[
    Ask("ap_list.txt", OP1, Kinds),
    Ask("ap_list1.txt", OP1, Kinds),
    Ask("auto_cancel.txt", OP1, Kinds),
];

/// After the flow, whose notifications these are.
pub(crate) const NOTIFICATIONS: &[Step] = &[
    Ask("no_unread1.txt", OP1, Values),
    Ask("no_list.txt", OP1, Values),
    // The older ones are about seeded bookings, whose clients and states are others.
    Ask("no_list200.txt", OP1, ValuesBut(&["message", "status"])),
    Ask("no_unread.txt", OP1, ValuesBut(&["message", "status"])),
    Ask("no_get.txt", OP1, Values),
    Ask("no_read.txt", OP1, Values),
    Ask("no_unreadset.txt", OP1, Values),
    Ask("no_patch.txt", OP1, Values),
    Ask("no_read_other.txt", TH01, Values),
    Ask("no_unread_ep.txt", OP1, Values),
    Ask("no_debug.txt", OP1, Values),
    Ask("no_unauth.txt", Nobody, Values),
    Ask("no_del.txt", OP1, Values),
    Ask("no_all.txt", TH01, ValuesBut(&["status"])),
];

pub(crate) const SCENES: [&[Step]; 7] = [SIGN_IN, HOURS, FREE, STAFF, CLIENTS, BOOKINGS, NOTIFICATIONS];

pub(crate) async fn play(desk: &Desk, scene: &[Step]) {
    for step in scene {
        match step {
            Ask(file, by, hold) => replay(desk, file, *by, *hold, None).await,
            AskWith(file, by, hold, sent) => replay(desk, file, *by, *hold, Some(sent)).await,
            Meanwhile(happens) => happens(&desk.clinic),
        }
    }
}

#[tokio::test]
async fn signing_in_and_out_answers_as_recorded() {
    assert_eq!(PASSWORD, "Guitara#2025", "the recordings show it");
    let desk = Desk::open().await;
    for account in ["op1", "th01", "th03", "th06"] {
        desk.token(account).await;
    }
    play(&desk, SIGN_IN).await;
}

#[tokio::test]
async fn hours_answer_as_recorded() {
    play(&Desk::open().await, HOURS).await;
}

#[tokio::test]
async fn who_is_free_answers_as_recorded() {
    play(&Desk::open().await, FREE).await;
}

#[tokio::test]
async fn staff_answer_as_recorded() {
    play(&Desk::open().await, STAFF).await;
}

#[tokio::test]
async fn clients_answer_as_recorded() {
    play(&Desk::open().await, CLIENTS).await;
}

#[tokio::test]
async fn lists_of_bookings_answer_as_recorded() {
    play(&Desk::open().await, BOOKINGS).await;
}
