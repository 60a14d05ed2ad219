//! The server goes away, the app is killed, two desks want one slot: nothing is lost, nothing is done twice.

use crate::clinic::{BOUND, appointments, at, book_by_api, go_to_tomorrow, open_bens_evening, pencil_in, pending};
use crate::support::driver::Launch;
use crate::support::fault_proxy::{Fault, FaultProxy};
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;

#[tokio::test]
async fn a_booking_made_offline_outlives_a_kill_and_is_sent_exactly_once() {
    let mut server = ClinicServer::sample("killed", Hints::On).await;
    open_bens_evening(&server.sign_in("ben").await).await;
    let before = appointments(&server.sign_in("olivia").await).await;
    let desk = Workstation::new("killed").await;
    let launch = Launch::on(&server).open("operator");
    let app = desk.start(launch.clone().user("olivia")).await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    let shown = operator.count("[data-testid=booking]").await;
    server.stop();
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=offline]", BOUND)
        .await;
    let still = operator.count("[data-testid=booking]").await;
    assert_eq!(still, shown, "the day stays on the board without a server");

    pencil_in(&operator, "Mara Quill", "19:30").await;
    operator.wait_for_within(&pending("ben", "not_sent"), BOUND).await;
    app.kill();
    server.start().await;

    let app = desk.start(launch).await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    operator.wait_for_gone(&pending("ben", "not_sent"), BOUND).await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    let after = appointments(&server.sign_in("olivia").await).await;
    assert_eq!(after.difference(&before).count(), 1, "the server has the booking once");
}

#[tokio::test]
async fn a_booking_whose_answer_is_cut_off_after_the_server_did_it_is_there_exactly_once() {
    let server = ClinicServer::sample("cut-off", Hints::On).await;
    open_bens_evening(&server.sign_in("ben").await).await;
    let before = appointments(&server.sign_in("olivia").await).await;
    let proxy = FaultProxy::before(server.address()).await;
    let desk = Workstation::new("cut-off").await;
    let app = desk
        .start(
            Launch::default()
                .argument("--server")
                .argument(&proxy.url())
                .open("operator")
                .user("olivia"),
        )
        .await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    proxy.set(Fault::Refuse);
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=offline]", BOUND)
        .await;
    pencil_in(&operator, "Mara Quill", "19:30").await;
    operator.wait_for_within(&pending("ben", "not_sent"), BOUND).await;

    // What is sent first is done and not heard of, and what is sent next too.
    proxy.set(Fault::ResetAfterCommit(2));
    operator.wait_for_gone(&pending("ben", "not_sent"), BOUND).await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    assert!(proxy.resets() > 0, "an answer was cut off");
    let after = appointments(&server.sign_in("olivia").await).await;
    assert_eq!(after.difference(&before).count(), 1, "the server has the booking once");
}

#[tokio::test]
async fn of_two_desks_that_book_one_slot_one_has_it_and_the_other_sees_who_and_three_alternatives() {
    let mut server = ClinicServer::sample("one-slot", Hints::On).await;
    let ben = server.sign_in("ben").await;
    open_bens_evening(&ben).await;
    let desk = Workstation::new("one-slot").await;
    let launch = Launch::on(&server).open("operator");
    let app = desk.start(launch.clone().user("olivia")).await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    server.stop();
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=offline]", BOUND)
        .await;
    pencil_in(&operator, "Mara Quill", "19:30").await;
    operator.wait_for_within(&pending("ben", "not_sent"), BOUND).await;
    operator.click("[data-testid=row-ben] [data-testid=pin]").await;
    operator.fill("[data-testid=shown]", "therapist").await;
    operator.click("[aria-label='Zoom in']").await;
    let arranged = "return [document.querySelector('[data-testid=board] [role=row]').dataset.staff,
        document.querySelector('[data-testid=shown]').value,
        document.querySelector('[data-testid=board]').style.getPropertyValue('--ppm')]";
    let left = operator.run(arranged, vec![]).await;
    assert_eq!(left[0], ben.staff().to_string(), "Ben's row is on top: {left}");
    assert!(app.quit().success());

    server.start().await;
    let adam = server.sign_in("adam").await;
    book_by_api(&adam, ben.staff(), at(19, 30), at(20, 30)).await;
    let before = appointments(&adam).await;

    let app = desk.start(launch).await;
    let operator = app.window("operator").await;
    operator
        .wait_for_text("[data-testid=sync-pill]", "1 change waiting", BOUND)
        .await;
    operator.wait_for("[data-testid=row-ben]").await;
    assert_eq!(
        operator.run(arranged, vec![]).await,
        left,
        "the board is as it was left"
    );
    operator.click("[data-testid=sync-pill]").await;
    operator
        .wait_for_text("[data-testid=waiting-acts]", "booked by Adam", BOUND)
        .await;
    let offered = operator
        .count("[data-testid=waiting-acts] [data-testid=alternative]")
        .await;
    assert_eq!(offered, 3, "three alternatives are offered");
    assert_eq!(
        appointments(&adam).await,
        before,
        "the refused booking is not on the server"
    );
}
