//! An administrator changes what the clinic consists of, and every window shows it without a refresh.

use crate::clinic::BOUND;
use crate::support::account::Expect;
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use fantoccini::key::Key;
use serde_json::json;

#[tokio::test]
async fn a_new_therapist_and_a_renamed_service_show_in_every_window_and_can_be_taken_back() {
    let server = ClinicServer::sample("setup", Hints::On).await;
    let desk = Workstation::new("setup").await;
    let app = desk
        .start(Launch::on(&server).user("adam").open("operator,settings"))
        .await;
    let (operator, settings) = (app.window("operator").await, app.window("settings").await);
    operator.wait_for_within("[data-testid=row-ana]", BOUND).await;
    settings.click("[data-testid=tab-clinic]").await;
    settings
        .wait_for_within("[data-testid=entry-staff][data-name=Ana]", BOUND)
        .await;
    settings.screenshot("setup-clinic").await;

    settings.click("[data-testid=add-staff]").await;
    settings.wait_for_within("[data-testid=part-name]", BOUND).await;
    settings.click("[data-testid=part-save]").await;
    settings
        .wait_for_text("[data-testid=part-form]", "Give the person a name", BOUND)
        .await;
    settings.type_into("[data-testid=part-name]", "Mika").await;
    settings.screenshot("setup-person").await;
    settings.click("[data-testid=part-save]").await;
    // Rows do not move under a hand; the board says that there is another order.
    operator
        .wait_for_text("body", "Staff changed. Show in order", BOUND)
        .await;
    operator.click_named("Staff changed. Show in order").await;
    operator.wait_for_within("[data-testid=row-mika]", BOUND).await;
    settings
        .wait_for_within("[data-testid=entry-staff][data-name=Mika][data-pending='']", BOUND)
        .await;

    settings.click("[data-testid=entry-service][data-name=Shiatsu]").await;
    settings.fill("[data-testid=part-name]", "Shiatsu, an hour").await;
    settings.click("[data-testid=part-save]").await;
    settings
        .wait_for_within("[data-testid=entry-service][data-name='Shiatsu, an hour']", BOUND)
        .await;
    let adam = server.sign_in("adam").await;
    eventually("the server to have the new name", BOUND, async || {
        let services = adam.rows(Kind::Service).await.into_values();
        services
            .map(|(_, row)| row)
            .any(|row| row["name"] == json!("Shiatsu, an hour"))
            .then_some(())
    })
    .await;

    // What another administrator does shows here as well.
    let rooms = adam.rows(Kind::Resource).await;
    let (id, (version, room)) = rooms.into_iter().next().expect("the sample clinic has rooms");
    let mut renamed = room.clone();
    renamed["name"] = json!("The quiet room");
    adam.put(Kind::Resource, id, &renamed, Expect::Version(version))
        .await
        .accepted();
    settings
        .wait_for_within("[data-testid=entry-room][data-name='The quiet room']", BOUND)
        .await;

    settings.press(&format!("{}z", char::from(Key::Control))).await;
    settings
        .wait_for_within("[data-testid=entry-service][data-name=Shiatsu]", BOUND)
        .await;
    settings.press(&format!("{}z", char::from(Key::Control))).await;
    settings
        .wait_for_gone("[data-testid=entry-staff][data-name=Mika]", BOUND)
        .await;
    eventually("the server to have no Mika", BOUND, async || {
        let staff = adam.rows(Kind::Staff).await.into_values();
        staff
            .map(|(_, row)| row)
            .all(|row| row["name"] != json!("Mika"))
            .then_some(())
    })
    .await;
}
