//! Adding and changing clients. A number belongs to one client there, and none is without number and address.

use super::{Answer, Pusher, cannot_hold, lost, not_done, unasked};
use crate::backend::royal_care::reader::CLIENTS;
use crate::backend::royal_care::rows::{self, NO_LAST_NAME};
use crate::backend::royal_care::shape::ClientShape;
use crate::backend::{BackendError, Receipt, Write};
use deskbell_clinic::{Client, Kind, Row};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

impl Pusher<'_> {
    pub(super) async fn add_client(&self, write: &Write, row: &Client) -> Result<Receipt, BackendError> {
        let body = body(row)?;
        match self.same_number(row).await.map_err(unasked)? {
            Some(there) if same_name(row, &there) => return self.adopt_client(row, &there).await,
            Some(_) => return Err(known_number()),
            // Sent once already. They are not there, and may still arrive: a person decides.
            None if write.repeated => return Err(BackendError::Timeout { sent: true }),
            None => {}
        }
        let answer = self.ask(Method::POST, CLIENTS.to_owned(), Some(&body)).await;
        let answer = match answer {
            Err(error) if lost(&error) => return self.look_for_client(row, error).await,
            answer => answer?,
        };
        match answer.status.as_u16() {
            201 => self.adopt_client(row, &answer.read()?).await,
            400 if answer.says("already exists") => Err(known_number()),
            status @ 500.. => self.look_for_client(row, BackendError::Server(status)).await,
            _ => Err(answer.refusal()),
        }
    }

    async fn look_for_client(&self, row: &Client, error: BackendError) -> Result<Receipt, BackendError> {
        match self.same_number(row).await.map_err(|_| error.clone())? {
            Some(there) if same_name(row, &there) => self.adopt_client(row, &there).await,
            _ => Err(error),
        }
    }

    /// Whoever has the client's number.
    async fn same_number(&self, row: &Client) -> Result<Option<ClientShape>, BackendError> {
        #[derive(Deserialize)]
        struct Answered {
            #[serde(default)]
            duplicates: Vec<Duplicate>,
        }
        #[derive(Deserialize)]
        struct Duplicate {
            client: ClientShape,
        }
        let Some(phone) = row.phones.first() else {
            return Ok(None);
        };
        let query = [("phone_number", phone.typed.clone())];
        let path = format!("{CLIENTS}check_duplicates/");
        let answered: Answered = self.reader.get(&path, &query).await?.read()?;
        Ok(answered.duplicates.into_iter().next().map(|duplicate| duplicate.client))
    }

    async fn adopt_client(&self, row: &Client, there: &ClientShape) -> Result<Receipt, BackendError> {
        let known = self
            .site
            .ids
            .known(Kind::Client, there.id)
            .filter(|known| *known != row.id.uuid());
        if let Some(known) = known
            && self.site.truth(Kind::Client, known).await?.is_some()
        {
            return Err(known_number());
        }
        self.site.ids.bind(Kind::Client, there.id, row.id.uuid());
        self.site.written(&rows::client(there, row.id.uuid())).await
    }

    pub(super) async fn change_client(&self, row: &Client, seen: u32) -> Result<Receipt, BackendError> {
        let number = self.number(Kind::Client, row.id.uuid())?;
        let body = body(row)?;
        let path = format!("{CLIENTS}{number}/");
        let fresh = self.client(&path, row).await?;
        if fresh == Row::Client(row.clone()) {
            return self.site.written(&fresh).await;
        }
        self.unchanged(&fresh, seen).await?;
        let refusal = match self.ask(Method::PATCH, path.clone(), Some(&body)).await {
            Ok(answer) if answer.status.is_success() => {
                let now = self.client(&path, row).await?;
                return self.site.written(&now).await;
            }
            Ok(answer) if answer.says("already exists") => return Err(known_number()),
            Ok(answer) => return Err(answer.refusal()),
            Err(error) if lost(&error) => not_done(),
            Err(error) => return Err(error),
        };
        let now = self.client(&path, row).await?;
        if now == Row::Client(row.clone()) {
            self.site.written(&now).await
        } else {
            Err(refusal)
        }
    }

    async fn client(&self, path: &str, row: &Client) -> Result<Row, BackendError> {
        let answer = self.reader.get(path, &[]).await;
        let shape: ClientShape = answer.and_then(Answer::read).map_err(unasked)?;
        Ok(rows::client(&shape, row.id.uuid()))
    }
}

fn same_name(row: &Client, there: &ClientShape) -> bool {
    match rows::client(there, row.id.uuid()) {
        Row::Client(there) => there.name.to_lowercase() == row.name.to_lowercase(),
        _ => false,
    }
}

fn known_number() -> BackendError {
    cannot_hold(
        "The clinic knows another client with this number. Give this one up, and book the client who is there already.",
    )
}

/// The client as the server takes them.
fn body(row: &Client) -> Result<Value, BackendError> {
    let Some(phone) = row.phones.first().filter(|phone| !phone.typed.trim().is_empty()) else {
        return Err(cannot_hold(
            "The clinic’s server keeps no client without a telephone number.",
        ));
    };
    if row.address.trim().is_empty() {
        return Err(cannot_hold("The clinic’s server keeps no client without an address."));
    }
    let name = row.name.trim();
    let (first, last) = name.rsplit_once(char::is_whitespace).unwrap_or((name, NO_LAST_NAME));
    Ok(json!({
        "first_name": first.trim(),
        "last_name": last,
        "phone_number": phone.typed,
        "address": row.address,
        "notes": row.notes,
    }))
}
