//! The notification daemon, asked as an application asks it.

use crate::support::workstation::Workstation;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::time::Duration;

use zbus::{Connection, Proxy, Variant};

const BOUND: Duration = Duration::from_secs(5);

async fn desktop_of(connection: &Connection) -> Proxy<'static> {
    let name = "org.freedesktop.Notifications";
    Proxy::new(connection, name, "/org/freedesktop/Notifications", name)
        .await
        .expect("the desktop answers on its bus")
}

async fn show(desktop: &Proxy<'_>, replaces: u32, summary: &str) -> u32 {
    let actions = vec!["default", "Open the board"];
    let hints = HashMap::from([("category", Variant::from("im.received"))]);
    desktop
        .call(
            "Notify",
            &(
                "Deskbell",
                replaces,
                "deskbell",
                summary,
                "from 15:00",
                actions,
                hints,
                -1_i32,
            ),
        )
        .await
        .expect("the desktop answers on its bus")
}

#[tokio::test]
async fn a_notification_is_remembered_as_it_was_asked_for() {
    let workstation = Workstation::new("harness-remembered").await;
    let connection = workstation.bus_connection().await;
    let id = show(&desktop_of(&connection).await, 0, "New free time").await;

    let seen = workstation
        .notifications()
        .wait_for(BOUND, |each| each.summary.contains("free time"))
        .await;

    assert_eq!(
        (seen.id, seen.app_name.as_str(), seen.body.as_str()),
        (id, "Deskbell", "from 15:00")
    );
    assert_eq!(seen.action_keys(), ["default"]);
    assert!(seen.hints.contains_key("category"), "{:?}", seen.hints);
    assert_eq!((seen.icon.as_str(), seen.replaces, seen.expires), ("deskbell", 0, -1));
}

#[tokio::test]
async fn a_click_reaches_the_application_and_closes_the_notification() {
    let workstation = Workstation::new("harness-clicked").await;
    let connection = workstation.bus_connection().await;
    let desktop = desktop_of(&connection).await;
    let mut clicks = desktop.receive_signal("ActionInvoked").await.unwrap();
    let mut closings = desktop.receive_signal("NotificationClosed").await.unwrap();
    let id = show(&desktop, 0, "New free time").await;

    workstation.notifications().invoke(id, "default").await;

    let click = tokio::time::timeout(BOUND, clicks.next()).await.unwrap().unwrap();
    assert_eq!(
        click.body().deserialize::<(u32, String)>().unwrap(),
        (id, "default".to_owned())
    );
    let closing = tokio::time::timeout(BOUND, closings.next()).await.unwrap().unwrap();
    assert_eq!(closing.body().deserialize::<(u32, u32)>().unwrap(), (id, 2));
}

#[tokio::test]
async fn a_replacement_keeps_the_id_and_a_withdrawal_is_seen() {
    let workstation = Workstation::new("harness-withdrawn").await;
    let connection = workstation.bus_connection().await;
    let desktop = desktop_of(&connection).await;
    let first = show(&desktop, 0, "1 change").await;
    let second = show(&desktop, first, "2 changes").await;
    assert_eq!(first, second, "a replacement is the same notification to the person");

    desktop.call::<_, _, ()>("CloseNotification", &(first,)).await.unwrap();

    workstation.notifications().wait_until_withdrawn(first, BOUND).await;
    assert_eq!(
        workstation.notifications().shown().len(),
        2,
        "both requests are remembered"
    );
}
