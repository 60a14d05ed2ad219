//! The description of the API that the server gives of itself.

use crate::clinic::TestClinic;
use crate::desk::heard;
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

const ROUTES: [&str; 20] = [
    "delete /v1/session",
    "delete /v1/{kind}/{id}",
    "get /v1/accounts",
    "get /v1/appointments/{id}/history",
    "get /v1/changes",
    "get /v1/hints",
    "get /v1/session",
    "get /v1/sessions",
    "post /v1/accounts",
    "post /v1/accounts/{id}/disable",
    "post /v1/accounts/{id}/enable",
    "post /v1/accounts/{id}/reset",
    "post /v1/accounts/{id}/role",
    "post /v1/appointments/{id}/step",
    "post /v1/exports",
    "post /v1/payments",
    "post /v1/revocations",
    "post /v1/session",
    "post /v1/session/renew",
    "put /v1/{kind}/{id}",
];

async fn description(clinic: &TestClinic) -> Value {
    let url = format!("{}/v1/openapi.json", clinic.running.url());
    heard(clinic.stranger().get(url)).await.body
}

#[tokio::test]
async fn every_route_is_described_and_every_described_route_is_there() {
    let clinic = TestClinic::open().await;
    let description = description(&clinic).await;
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut described = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert(format!("{method} {path}"));
            let url = path
                .replace("{kind}", "availability")
                .replace("{id}", &Uuid::now_v7().to_string());
            let method: Method = method.to_uppercase().parse().unwrap();
            let request = clinic
                .stranger()
                .request(method, format!("{}{url}", clinic.running.url()));
            let status = heard(request).await.status;
            assert!(
                status != 404 && status != 405,
                "{path} is described but answers {status}"
            );
        }
    }
    assert_eq!(described, ROUTES.map(str::to_owned).into());
}

#[tokio::test]
async fn every_schema_that_is_referred_to_is_there() {
    let clinic = TestClinic::open().await;
    let description = description(&clinic).await;
    let text = description.to_string();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    let referred: BTreeSet<_> = text
        .split("#/components/schemas/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(referred.len() > 10);
    for name in referred {
        assert!(schemas.contains_key(name), "{name} is not described");
    }
}
