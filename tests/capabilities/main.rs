//! The real capability files on Tauri's real access control, without a display: what may each window call?
//!
//! The commands here are stand-ins of the same names: whether a call reaches any command at all is what is tested.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail by panicking")]

use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};

mod commands {
    #[tauri::command]
    pub(crate) fn book() {}
    #[tauri::command]
    pub(crate) fn find_clients() {}
    #[tauri::command]
    pub(crate) fn add_hours() {}
    #[tauri::command]
    pub(crate) fn session() {}
    #[tauri::command]
    pub(crate) fn sign_in() {}
    #[tauri::command]
    pub(crate) fn change_settings() {}
}

fn app() -> App<MockRuntime> {
    mock_builder()
        .invoke_handler(tauri::generate_handler![
            commands::book,
            commands::find_clients,
            commands::add_hours,
            commands::session,
            commands::sign_in,
            commands::change_settings
        ])
        .build(tauri::generate_context!())
        .unwrap()
}

fn window(app: &App<MockRuntime>, label: &str) -> WebviewWindow<MockRuntime> {
    WebviewWindowBuilder::new(app, label, tauri::WebviewUrl::default())
        .build()
        .unwrap()
}

fn may_call(window: &WebviewWindow<MockRuntime>, command: &str) -> bool {
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body: InvokeBody::default(),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).is_ok()
}

#[test]
fn each_window_may_call_what_its_file_lists_and_nothing_else() {
    let app = app();
    for (label, book, find_clients, add_hours, sign_in, change_settings) in [
        ("operator", true, true, false, false, false),
        ("scheduling", true, true, false, false, false),
        ("therapist", false, false, true, false, false),
        ("sign-in", false, false, false, true, false),
        ("settings", false, false, false, false, true),
    ] {
        let window = window(&app, label);
        assert!(
            may_call(&window, "session"),
            "every window asks who is signed in: {label}"
        );
        assert_eq!(may_call(&window, "book"), book, "book from {label}");
        assert_eq!(
            may_call(&window, "find_clients"),
            find_clients,
            "find_clients from {label}"
        );
        assert_eq!(may_call(&window, "add_hours"), add_hours, "add_hours from {label}");
        assert_eq!(may_call(&window, "sign_in"), sign_in, "sign_in from {label}");
        let asked = may_call(&window, "change_settings");
        assert_eq!(asked, change_settings, "change_settings from {label}");
    }
}

#[test]
fn a_window_without_a_capability_file_may_call_nothing() {
    let app = app();
    assert!(!may_call(&window(&app, "rogue"), "session"));
}

#[test]
fn the_content_policy_allows_nothing_unsafe_and_no_other_origin() {
    let config: serde_json::Value =
        serde_json::from_str(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tauri.conf.json"))).unwrap();
    let security = &config["app"]["security"];
    let policy = security["csp"].as_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let origins = policy
        .split_whitespace()
        .filter(|word| word.contains("://"))
        .collect::<Vec<_>>();
    assert_eq!(
        origins,
        ["http://ipc.localhost;"],
        "only the shell itself may be spoken to"
    );
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(config["app"]["withGlobalTauri"], false);
}

fn json(path: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_capability_file_is_in_force_and_gives_single_commands_to_windows_of_our_own() {
    let mut named: Vec<_> = json("tauri.conf.json")["app"]["security"]["capabilities"]
        .as_array()
        .unwrap()
        .clone();
    let folder = format!("{}/src-tauri/capabilities", env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![];
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().path().file_stem().unwrap().display().to_string();
        let capability = json(&format!("src-tauri/capabilities/{name}.json"));
        assert_eq!(capability["identifier"], name.as_str());
        assert!(
            capability["remote"].is_null(),
            "{name} opens the shell to other origins"
        );
        for permission in capability["permissions"].as_array().unwrap() {
            let permission = permission.as_str().unwrap();
            let plain = permission.starts_with("allow-")
                || ["core:event:allow-listen", "core:event:allow-unlisten"].contains(&permission);
            assert!(plain, "{name} has {permission}, which is more than a command");
        }
        files.push(serde_json::Value::from(name));
    }
    named.sort_by_key(ToString::to_string);
    files.sort_by_key(ToString::to_string);
    assert_eq!(named, files, "each capability file is in force");
}
