//! What cannot be is said in a sentence a person can act on, on the screen and in the log.

use crate::clinic::BOUND;
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use std::io::{Read, Write};
use std::net::TcpListener;

async fn sentence(name: &str, launch: Launch, expected: &str) {
    let desk = Workstation::new(name).await;
    says(&desk, launch, expected).await;
}

async fn says(desk: &Workstation, launch: Launch, expected: &str) {
    let app = desk.start(launch).await;
    let window = app.window("sign-in").await;
    window.wait_for_text("[data-testid=error]", expected, BOUND).await;
    let mut logged = String::new();
    let logs = desk.data_dir().join("default/logs");
    for entry in std::fs::read_dir(logs).expect("the profile has logs") {
        logged += &std::fs::read_to_string(entry.expect("a log").path()).expect("text");
    }
    assert!(logged.contains(expected), "the log says it too");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let launch = Launch::sample().argument("--sample-port").argument(&port);
    sentence("port-taken", launch, "is taken by another program").await;
}

#[tokio::test]
async fn a_sample_clinic_that_is_no_database_is_named() {
    let desk = Workstation::new("no-database").await;
    let folder = desk.data_dir().join("default/sample-clinic");
    std::fs::create_dir_all(&folder).expect("the machine's folder can be written");
    std::fs::write(folder.join("clinic.db"), "this is no database".repeat(500)).expect("a file");
    std::fs::write(
        folder.join("cache-clinic.practice-key"),
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    )
    .expect("a file");
    says(&desk, Launch::sample(), "is not a Deskbell database").await;
}

#[tokio::test]
async fn a_wrong_password_is_said() {
    let server = ClinicServer::sample("wrong-password", Hints::On).await;
    let launch = Launch::on(&server).password("olivia", "wrong");
    sentence("wrong-password", launch, "name or the password is not right").await;
}

#[tokio::test]
async fn a_wrong_address_is_said() {
    let launch = Launch::default().argument("--server").argument("http://desk.example");
    sentence("wrong-address", launch, "must begin with https").await;
}

#[tokio::test]
async fn a_web_page_in_the_servers_place_is_said() {
    let page = "<!doctype html><title>Sign in to the Wi-Fi</title>";
    let address = answers("200 OK", "text/html", page);
    let launch = Launch::default().argument("--server").argument(&address).user("olivia");
    sentence("web-page", launch, "guest network").await;
}

#[tokio::test]
async fn a_server_at_fault_is_said() {
    let problem = r#"{"type":"about:blank","title":"Internal Server Error","status":500,"code":"internal"}"#;
    let address = answers("500 Internal Server Error", "application/problem+json", problem);
    let launch = Launch::default().argument("--server").argument(&address).user("olivia");
    sentence("at-fault", launch, "clinic's server has a problem").await;
}

/// The address of a server that answers everything alike.
fn answers(status: &'static str, content_type: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { return };
            let mut asked = [0; 4096];
            let _ = connection.read(&mut asked);
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = connection.write_all(answer.as_bytes());
        }
    });
    address
}
