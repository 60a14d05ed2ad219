//! A workstation's keyring, and its isolation from the machine's own services and from another workstation.

use crate::support::workstation::Workstation;
use zbus::names::BusName;

async fn has(workstation: &Workstation, name: &'static str) -> bool {
    let connection = workstation.bus_connection().await;
    let bus = zbus::fdo::DBusProxy::new(&connection)
        .await
        .expect("every bus answers for itself");
    let name = BusName::from_static_str(name).expect("a valid bus name");
    bus.name_has_owner(name).await.expect("every bus knows its names")
}

#[tokio::test]
async fn the_keyring_is_unlocked_and_takes_a_secret_without_asking_a_person() {
    let workstation = Workstation::new("harness-keyring").await;
    let connection = workstation.bus_connection().await;
    let service = zbus::Proxy::new(
        &connection,
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets/aliases/default",
        "org.freedesktop.Secret.Collection",
    )
    .await
    .unwrap();
    let locked: bool = service.get_property("Locked").await.unwrap();
    assert!(
        !locked,
        "a locked keyring would open a password prompt that no test answers"
    );
}

#[tokio::test]
async fn without_its_keyring_nothing_else_on_the_machine_steps_in() {
    let mut workstation = Workstation::new("harness-no-keyring").await;
    assert!(has(&workstation, "org.freedesktop.secrets").await);
    workstation.remove_keyring().await;
    let connection = workstation.bus_connection().await;
    let asked = connection
        .call_method(
            Some("org.freedesktop.secrets"),
            "/org/freedesktop/secrets",
            Some("org.freedesktop.DBus.Peer"),
            "Ping",
            &(),
        )
        .await;
    assert!(asked.is_err(), "the bus started a keyring by itself");
}

#[tokio::test]
async fn two_workstations_share_nothing() {
    let (one, other) = (
        Workstation::new("harness-one").await,
        Workstation::new("harness-other").await,
    );
    assert_ne!(one.data_dir(), other.data_dir());
    // What says how a desk behaves, and names no place that one could write to and the other read.
    let shared = ["NO_AT_BRIDGE", "LC_ALL"];
    for (name, value) in one.environment() {
        let same = other
            .environment()
            .into_iter()
            .any(|pair| pair == (name, value.clone()));
        assert!(!same || shared.contains(&name), "both have {name}={value}");
    }
}
