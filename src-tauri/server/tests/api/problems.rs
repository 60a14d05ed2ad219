//! Every error has one shape, whoever makes it.

use crate::clinic::TestClinic;
use crate::desk::heard;
use deskbell_clinic::wire::ProblemCode;
use reqwest::Method;
use uuid::Uuid;

#[tokio::test]
async fn an_unknown_address_a_wrong_method_and_an_unknown_kind_are_problems() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    ada.get("/").await.problem(404, ProblemCode::NotFound);
    ada.get("/v2/changes").await.problem(404, ProblemCode::NotFound);
    let method = heard(ada.ask(Method::DELETE, "/v1/changes")).await;
    assert!(method.headers.contains_key("allow"));
    method.problem(405, ProblemCode::BadRequest);
    let path = format!("/v1/appointments/{}", Uuid::now_v7());
    let kind = ada.ask(Method::DELETE, &path).header("if-match", "\"1\"");
    let kind = kind.header("idempotency-key", Uuid::now_v7().to_string());
    heard(kind).await.problem(404, ProblemCode::NotFound);
    let id = ada
        .ask(Method::DELETE, "/v1/appointment/seven")
        .header("if-match", "\"1\"");
    heard(id).await.problem(404, ProblemCode::NotFound);
}

#[tokio::test]
async fn without_a_token_or_with_a_made_up_one_nothing_is_told() {
    let clinic = TestClinic::open().await;
    for path in ["/v1/session", "/v1/changes", "/v1/hints"] {
        let url = format!("{}{path}", clinic.running.url());
        let bare = heard(clinic.stranger().get(&url)).await;
        assert_eq!(bare.headers["www-authenticate"], "Bearer");
        bare.problem(401, ProblemCode::NotSignedIn);
        let made_up = heard(clinic.stranger().get(&url).bearer_auth("made-up")).await;
        made_up.problem(401, ProblemCode::NotSignedIn);
    }
}

#[tokio::test]
async fn bad_json_json_of_another_shape_and_too_much_of_it_are_told_apart() {
    let clinic = TestClinic::open().await;
    let url = format!("{}/v1/session", clinic.running.url());
    let post = |body: String| heard(clinic.stranger().post(&url).body(body));
    post("{".into()).await.problem(400, ProblemCode::BadRequest);
    post("{}".into()).await.problem(422, ProblemCode::Invalid);
    let large = format!(r#"{{"login":"{}"}}"#, "x".repeat(300 * 1024));
    post(large).await.problem(413, ProblemCode::TooLarge);
}

#[tokio::test]
async fn a_missing_field_is_named_and_a_wrong_value_is_not_repeated() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let id = Uuid::now_v7();
    let put = |body: &'static str| {
        let request = ada.ask(Method::PUT, &format!("/v1/client/{id}")).body(body);
        let request = request.header("idempotency-key", Uuid::now_v7().to_string());
        heard(request.header("if-none-match", "*"))
    };
    let missing = put(r#"{"id":"01a16c4f-c450-7709-8aa0-4e17ae8ab0cc"}"#).await;
    assert_eq!(missing.problem(422, ProblemCode::Invalid).fields[0].field, "name");
    let wrong = put(r#"{"id":"01a16c4f-c450-7709-8aa0-4e17ae8ab0cc","name":"x","phones":"Canary Clientname"}"#).await;
    assert!(!wrong.body.to_string().contains("Canary"), "{}", wrong.body);
    wrong.problem(422, ProblemCode::Invalid);
}

#[tokio::test]
async fn long_answers_are_compressed() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let plain = reqwest::Client::builder().no_gzip().build().unwrap();
    let request = plain
        .get(format!("{}/v1/changes", clinic.running.url()))
        .bearer_auth(&ada.session.access_token)
        .header("accept-encoding", "gzip");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let bytes = response.bytes().await.unwrap();
    assert_eq!(bytes[..2], [0x1f, 0x8b]);
}
