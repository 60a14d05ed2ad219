//! That server's rows as it writes them: only what the front desk needs of each. What else is in them is ignored, and a
//! newer server may add to it.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Deserializer};

/// A staff row, alone or inside others.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct StaffShape {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "text")]
    pub(super) first_name: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) last_name: String,
    pub(super) role: String,
    #[serde(default = "yes")]
    pub(super) is_active: bool,
}

/// A stretch of one day in which somebody is available, or expressly is not.
#[derive(Debug, Deserialize)]
pub(super) struct AvailabilityShape {
    pub(super) id: u64,
    pub(super) user: u64,
    pub(super) date: Date,
    pub(super) start_time: Time,
    pub(super) end_time: Time,
    #[serde(default = "yes")]
    pub(super) is_available: bool,
    #[serde(default)]
    pub(super) user_details: Option<StaffShape>,
}

/// A client, alone or inside a booking.
#[derive(Debug, Deserialize)]
pub(super) struct ClientShape {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "text")]
    pub(super) first_name: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) last_name: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) phone_number: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) address: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) notes: String,
}

/// A service, alone or inside a booking. Its duration is in minutes.
#[derive(Debug, Deserialize)]
pub(super) struct ServiceShape {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "text")]
    pub(super) name: String,
    pub(super) duration: u32,
    #[serde(default)]
    pub(super) price: Money,
    #[serde(default = "yes")]
    pub(super) is_active: bool,
}

/// A booking.
#[derive(Debug, Deserialize)]
pub(super) struct BookingShape {
    pub(super) id: u64,
    pub(super) client: u64,
    #[serde(default)]
    pub(super) therapist: Option<u64>,
    #[serde(default)]
    pub(super) therapists: Vec<u64>,
    #[serde(default)]
    pub(super) driver: Option<u64>,
    #[serde(default)]
    pub(super) rejected_by: Option<u64>,
    pub(super) services: Vec<u64>,
    pub(super) date: Date,
    pub(super) start_time: Time,
    pub(super) end_time: Time,
    pub(super) status: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) location: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) notes: String,
    #[serde(default)]
    pub(super) rejection_reason: Option<String>,
    #[serde(default)]
    pub(super) response_deadline: Option<Timestamp>,
    #[serde(default)]
    pub(super) therapist_accepted: bool,
    #[serde(default)]
    pub(super) therapist_confirmed_at: Option<Timestamp>,
    #[serde(default)]
    pub(super) driver_accepted: bool,
    #[serde(default)]
    pub(super) driver_confirmed_at: Option<Timestamp>,
    #[serde(default)]
    pub(super) client_details: Option<ClientShape>,
    #[serde(default)]
    pub(super) therapist_details: Option<StaffShape>,
    #[serde(default)]
    pub(super) therapists_details: Vec<StaffShape>,
    #[serde(default)]
    pub(super) driver_details: Option<StaffShape>,
    #[serde(default)]
    pub(super) services_details: Vec<ServiceShape>,
}

/// Money, which is a number in one place and a string in another.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(from = "RawMoney")]
pub(super) struct Money {
    pub(super) cents: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawMoney {
    Number(f64),
    Text(String),
    None(()),
}

impl From<RawMoney> for Money {
    fn from(raw: RawMoney) -> Self {
        let amount = match raw {
            RawMoney::Number(number) => number,
            RawMoney::Text(text) => text.trim().parse().unwrap_or(0.0),
            RawMoney::None(()) => 0.0,
        };
        // Prices are far below 2^32 hundredths; what is not a price counts as none.
        let cents = (amount * 100.0).round().clamp(0.0, f64::from(u32::MAX));
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the range of u32"
        )]
        Self { cents: cents as u32 }
    }
}

/// Text that may be null.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn money_reads_the_same_from_both_of_its_forms() {
        for form in [json!("500.50"), json!(500.5)] {
            assert_eq!(serde_json::from_value::<Money>(form).unwrap(), Money { cents: 50_050 });
        }
    }
}
