//! An administrator gives somebody an account and takes it away again; that person meets both at a desk of their own.

use crate::clinic::BOUND;
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use fantoccini::key::Key;

const OWN: &str = "my own long password";

#[tokio::test]
async fn somebody_new_is_invited_sees_their_day_gets_another_role_and_is_out_at_once_when_disabled() {
    let server = ClinicServer::sample("accounts", Hints::On).await;
    let (front, back) = (
        Workstation::new("accounts-front").await,
        Workstation::new("accounts-back").await,
    );
    let admin = front.start(Launch::on(&server).user("adam").open("settings")).await;
    let settings = admin.window("settings").await;
    settings.click("[data-testid=tab-clinic]").await;
    settings
        .wait_for_within("[data-testid=accounts][data-ready=true]", BOUND)
        .await;

    // Somebody new works here, and is invited.
    settings.click("[data-testid=add-staff]").await;
    settings.type_into("[data-testid=part-name]", "Mika").await;
    settings.click("[data-testid=part-save]").await;
    settings
        .wait_for_within("[data-testid=entry-staff][data-name=Mika][data-pending='']", BOUND)
        .await;
    settings.wait_for_gone("[data-testid=part-form]", BOUND).await;
    settings.click("[data-testid=account-invite]").await;
    settings.wait_for_within("[data-testid=account-staff]", BOUND).await;
    settings.screenshot("account-invite").await;
    let mika = "const list = document.querySelector('[data-testid=account-staff]');
        return [...list.options].find(one => one.textContent.trim() === 'Mika')?.value ?? null";
    let mika = settings.run(mika, vec![]).await;
    let mika = mika.as_str().expect("Mika can be invited").to_owned();
    settings.fill("[data-testid=account-staff]", &mika).await;
    settings.click("[data-testid=account-make]").await;
    settings.wait_for_within("[data-testid=account-code]", BOUND).await;
    let code = settings.texts("[data-testid=account-code]").await.remove(0);
    settings.screenshot("account-code").await;
    settings.click("[data-testid=account-done]").await;
    settings.wait_for_no_text("body", &code, BOUND).await;
    settings
        .wait_for_within("[data-testid=account][data-login=mika][data-state=invited]", BOUND)
        .await;

    // What disabling would do is said before, and one may think better of it. The pictures are made while no other desk's
    // windows cover these.
    settings.screenshot("accounts").await;
    settings.click("[data-testid=account][data-login=mika]").await;
    settings.wait_for_within("[data-testid=account-reset]", BOUND).await;
    settings.screenshot("account").await;
    settings.click("[data-testid=account-disable]").await;
    settings
        .wait_for_text("[data-testid=account-dialog]", "erases what it holds", BOUND)
        .await;
    settings.screenshot("account-disable").await;
    settings.click("[data-testid=account-back]").await;
    settings.wait_for_within("[data-testid=account-reset]", BOUND).await;
    settings.press(&char::from(Key::Escape).to_string()).await;
    settings.wait_for_gone("[data-testid=account-dialog]", BOUND).await;

    // At a desk of their own, the code leads to a password, and the password to their day.
    let app = back.start(Launch::on(&server)).await;
    let sign_in = app.window("sign-in").await;
    sign_in.type_into("[data-testid=login]", "mika").await;
    sign_in.type_into("[data-testid=password]", &code.to_lowercase()).await;
    sign_in.click("[data-testid=submit]").await;
    for field in ["own-new", "own-again"] {
        sign_in.type_into(&format!("[data-testid={field}]"), "short").await;
    }
    sign_in.click("[data-testid=own-submit]").await;
    sign_in
        .wait_for_text("[data-testid=error]", "10 characters or more", BOUND)
        .await;
    for field in ["own-new", "own-again"] {
        sign_in.fill(&format!("[data-testid={field}]"), OWN).await;
    }
    sign_in.click("[data-testid=own-submit]").await;
    let therapist = app.window("therapist").await;
    therapist
        .wait_for_within(&format!("[data-testid=my-day][data-staff='{mika}']"), BOUND)
        .await;
    therapist.wait_for_text("[data-testid=account]", "Mika", BOUND).await;

    // At the front desk from now on, they see everybody at once.
    settings.click("[data-testid=account][data-login=mika]").await;
    settings.wait_for_within("[data-testid=account-save]", BOUND).await;
    settings.fill("[data-testid=account-role]", "operator").await;
    settings.click("[data-testid=account-save]").await;
    settings.wait_for_gone("[data-testid=account-dialog]", BOUND).await;
    therapist.wait_for_within("[data-testid=staff-picker]", BOUND).await;

    // Disabled, they are out at once, and what the desk held is gone.
    settings.click("[data-testid=account][data-login=mika]").await;
    settings.click("[data-testid=account-disable]").await;
    settings
        .wait_for_within("[data-testid=account-disable-do]", BOUND)
        .await;
    settings.click("[data-testid=account-disable-do]").await;
    settings
        .wait_for_within("[data-testid=account][data-login=mika][data-state=disabled]", BOUND)
        .await;
    let sign_in = app.window("sign-in").await;
    sign_in
        .wait_for_text("[data-testid=error]", "took back the access of Mika", BOUND)
        .await;
    eventually("no window of theirs", BOUND, async || {
        (app.pages().await == ["sign-in"]).then_some(())
    })
    .await;
    let kept = std::fs::read_dir(back.data_dir().join("default")).expect("the profile's folder");
    let kept = kept.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    assert_eq!(kept.filter(|name| name.starts_with("cache-")).count(), 0);
    sign_in.type_into("[data-testid=login]", "mika").await;
    sign_in.type_into("[data-testid=password]", OWN).await;
    sign_in.click("[data-testid=submit]").await;
    sign_in
        .wait_for_text("[data-testid=error]", "has been disabled", BOUND)
        .await;
}
