//! Where a viewer's next page begins. To clients it is opaque text.

use crate::store::StoreError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clinic::AccountId;
use deskbell_clinic as clinic;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A place in what one account is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// Of the server's past.
    #[serde(rename = "e")]
    pub(super) epoch: String,
    /// Whose cursor it is: what another may see is another matter.
    #[serde(rename = "a")]
    pub(super) account: AccountId,
    /// Of the account's role and scope.
    #[serde(rename = "t")]
    pub(super) stamp: u32,
    /// All changes up to here are known, or will be when the first sync is over.
    #[serde(rename = "s")]
    pub(super) seq: i64,
    /// What ended before this, in milliseconds since 1970, was not in the first sync.
    #[serde(rename = "f", default)]
    pub(super) from: i64,
    /// When the viewer was last told what they should hold, in milliseconds since 1970.
    #[serde(rename = "d", default)]
    pub(super) digest_at: i64,
    /// Where the first sync is, while it runs.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<Place>,
}

/// A place among the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Which of the kinds, in the order of the first sync.
    #[serde(rename = "k")]
    pub(super) kind: usize,
    /// Rows after this id.
    #[serde(rename = "i")]
    pub(super) after: Uuid,
}

impl Place {
    pub(super) const fn beginning() -> Self {
        Self {
            kind: 0,
            after: Uuid::nil(),
        }
    }
}

impl Cursor {
    /// None when the text is no cursor.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }

    /// What ended before this was not in the first sync.
    pub(super) fn from(&self) -> Timestamp {
        Timestamp::from_millisecond(self.from).unwrap_or(Timestamp::MIN)
    }

    /// When the viewer was last told what they should hold; long ago when they never were.
    pub(super) fn digest_at(&self) -> Timestamp {
        Timestamp::from_millisecond(self.digest_at).unwrap_or(Timestamp::MIN)
    }

    pub(super) fn write(&self) -> Result<String, StoreError> {
        serde_json::to_vec(self)
            .map(|json| URL_SAFE_NO_PAD.encode(json))
            .map_err(|error| StoreError::Broken {
                kind: "cursor",
                why: error.to_string(),
            })
    }
}
