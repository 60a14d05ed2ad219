//! Money received. Append-only: a correction is a reversal, never an edit.

use crate::ids::{AccountId, AppointmentId, ClientId, PaymentId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One payment, or the reversal of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payment {
    /// The row's id.
    pub id: PaymentId,
    /// What was paid for.
    pub appointment: AppointmentId,
    /// Who paid.
    pub client: ClientId,
    /// How.
    pub method: PaymentMethod,
    /// In hundredths of the clinic's currency; negative in a reversal.
    pub amount_cents: i32,
    /// When it was received.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Who received it.
    pub by: AccountId,
    /// The payment that this one takes back.
    pub reverses: Option<PaymentId>,
}

/// How a payment was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum PaymentMethod {
    Cash,
    Card,
    Transfer,
    Wallet,
    Voucher,
}
