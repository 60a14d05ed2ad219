//! Typed identifiers: a staff member's id cannot be passed where a client's is wanted.
//!
//! All are UUIDs; whoever creates a row makes its id (version 7, so that ids sort by creation), online or not.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "bindings", derive(specta::Type))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id as a UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A clinic.
    ClinicId,
    /// A person with a sign-in. Who did something.
    AccountId,
    /// A staff member: a row of the board.
    StaffId,
    /// A service that can be booked.
    ServiceId,
    /// A room or a piece of equipment.
    ResourceId,
    /// A client (patient or customer).
    ClientId,
    /// An availability.
    AvailabilityId,
    /// A block: time that is not available.
    BlockId,
    /// An appointment.
    AppointmentId,
    /// The appointments of one repeating booking.
    SeriesId,
    /// A payment.
    PaymentId,
    /// A place on the waiting list.
    WaitingId,
    /// A task for a person.
    TaskId,
    /// One act of a person; also its idempotency key.
    OperationId,
    /// One installation of the desktop app.
    DeviceId,
}
