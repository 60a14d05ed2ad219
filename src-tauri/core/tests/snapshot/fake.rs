//! The plainest server there is: `/rooms` lists rooms as `{id, name}`, `/rooms/{id}` is one; and who asks it.

use deskbell_clinic::rules::news::Reader;
use deskbell_clinic::{AccountId, ClinicId, DeviceId, Kind, Resource, ResourceId, Row};
use deskbell_core::backend::BackendError;
use deskbell_core::backend::snapshot_diff::{Again, AskAgain, Listing, Mark, Scope, SnapshotDiff, Told};
use deskbell_core::cache::{Cache, CacheKey, Owner, Pulled};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// One account at that server.
pub(crate) struct Desk {
    pub(crate) server: MockServer,
    pub(crate) diff: SnapshotDiff,
    _folder: TempDir,
}

pub(crate) fn room(id: u128, name: &str) -> Resource {
    Resource {
        id: ResourceId(Uuid::from_u128(id)),
        name: name.to_owned(),
        capacity: 1,
        services: vec![],
    }
}

fn told(room: &Value) -> Row {
    let id = u128::from(room["id"].as_u64().unwrap());
    self::room(id, room["name"].as_str().unwrap()).into()
}

pub(crate) fn list(rooms: &[(u64, &str)]) -> ResponseTemplate {
    let rooms: Vec<_> = rooms
        .iter()
        .map(|(id, name)| json!({ "id": id, "name": name }))
        .collect();
    ResponseTemplate::new(200).set_body_json(rooms)
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let owner = Owner {
            clinic: ClinicId(Uuid::from_u128(1)),
            account: AccountId(Uuid::from_u128(2)),
        };
        let file = folder.path().join("cache.db");
        let cache = Cache::open(&file, &CacheKey::new([7; 32]), owner).await.unwrap();
        Self {
            server: MockServer::start().await,
            diff: SnapshotDiff::new(cache),
            _folder: folder,
        }
    }

    /// What the server answers from now on.
    pub(crate) async fn answers(&self, where_: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method("GET")).and(path(where_));
        mock.respond_with(answer)
            .with_priority(1)
            .up_to_n_times(1)
            .mount(&self.server)
            .await;
    }

    pub(crate) fn asked(&self) -> Mark {
        self.diff.writes().begin()
    }

    /// Reads the list, as an answer to a question of then.
    pub(crate) async fn listing(&self, begun: Mark) -> Result<Listing, BackendError> {
        let rooms = self.get("rooms").await?;
        Ok(Listing {
            begun,
            rows: rooms
                .as_array()
                .unwrap()
                .iter()
                .map(|room| Told::from(told(room)))
                .collect(),
            unreadable: vec![],
            whole: Some(Scope::all(Kind::Resource)),
        })
    }

    /// Takes an answer in; answers how many changes it made.
    pub(crate) async fn take(&self, listing: Listing) -> Result<usize, BackendError> {
        let now = Timestamp::now();
        let changes = self.diff.changes(listing, now, self).await?;
        let many = changes.len();
        let page = deskbell_clinic::wire::ChangesPage {
            epoch: "e".into(),
            server_time: now,
            changes,
            cursor: "c".into(),
            more: false,
            next_poll_ms: 0,
            digest: vec![],
            people: vec![],
        };
        let pulled = Pulled {
            page,
            device: DeviceId(Uuid::nil()),
            first_sync: false,
            reader: Reader::Nobody,
        };
        self.diff.cache().apply(pulled).await.unwrap();
        Ok(many)
    }

    pub(crate) async fn level(&self) -> Result<usize, BackendError> {
        let listing = self.listing(self.asked()).await?;
        self.take(listing).await
    }

    /// The rooms that are known, by name, with their versions.
    pub(crate) async fn known(&self) -> Vec<(String, u32)> {
        let read = self.diff.cache().read(|snapshot| snapshot.truth(Kind::Resource, None));
        let rows: Result<_, deskbell_core::cache::CacheError> = read.await;
        let named = |(row, version)| match row {
            Row::Resource(row) => (row.name, version),
            other => panic!("{other:?}"),
        };
        let mut known: Vec<_> = rows.unwrap().into_iter().map(named).collect();
        known.sort();
        known
    }

    async fn get(&self, path: &str) -> Result<Value, BackendError> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let answer = reqwest::get(format!("{}/{path}", self.server.uri())).await;
        let answer = answer.map_err(|_| BackendError::Unreachable)?;
        match answer.status().as_u16() {
            200 => answer.json().await.map_err(|_| BackendError::NotJson),
            404 => Err(BackendError::NotFound),
            status => Err(BackendError::Server(status)),
        }
    }
}

impl AskAgain for Desk {
    fn ask_again<'a>(&'a self, row: &'a Row) -> BoxFuture<'a, Result<Again, BackendError>> {
        async {
            match self.get(&format!("rooms/{}", row.id().as_u128())).await {
                Ok(room) => Ok(Again::There(Box::new(told(&room)))),
                Err(BackendError::NotFound) => Ok(Again::Gone),
                Err(BackendError::Server(_) | BackendError::NotJson) => Ok(Again::Unsure),
                Err(error) => Err(error),
            }
        }
        .boxed()
    }
}
