//! What that server's rows say, as rows of ours under our ids.

use super::{Raw, Reader, id_of};
use crate::backend::royal_care::rows;
use crate::backend::royal_care::shape::{AvailabilityShape, BookingShape, ClientShape, ServiceShape, StaffShape};
use crate::backend::snapshot_diff::{Listing, Mark, Scope, Told, adopt};
use deskbell_clinic::{Kind, Row};
use serde::de::DeserializeOwned;
use uuid::Uuid;

impl Reader<'_> {
    /// Rows as they came, as ours. One that cannot be read is there all the same.
    pub(super) fn listing<T: DeserializeOwned>(
        &self,
        begun: Mark,
        raw: Raw,
        tell: impl Fn(&Self, &T) -> (Vec<Told>, Vec<Kind>),
    ) -> Listing {
        let mut listing = Listing {
            begun,
            rows: Vec::with_capacity(raw.rows.len()),
            unreadable: vec![],
            // Of what, whoever asked says.
            whole: raw.whole.then(|| Scope::between(vec![], None)),
        };
        let mut unreadable = 0_u32;
        for row in raw.rows {
            let id = id_of(&row);
            let told = T::deserialize(row).ok().map(|shape| tell(self, &shape));
            let (told, kinds) = told.unwrap_or_else(|| (vec![], Kind::ALL.to_vec()));
            if told.is_empty() {
                unreadable += 1;
                match id {
                    Some(id) => listing.unreadable.extend(
                        kinds
                            .into_iter()
                            .filter_map(|kind| Some((kind, self.site.ids.known(kind, id)?))),
                    ),
                    // Which of ours it is cannot be told, so none of ours is missing.
                    None => listing.whole = None,
                }
            }
            listing.rows.extend(told);
        }
        if unreadable > 0 {
            tracing::warn!(rows = unreadable, "rows of the server cannot be shown");
        }
        listing
    }

    /// A row under its id; under that of our own act where it says what that act said.
    fn tell(&self, kind: Kind, server: u64, make: impl Fn(Uuid) -> Option<Row>) -> Option<Told> {
        if let Some(known) = self.site.ids.known(kind, server) {
            // Bound, and our act is not settled: the program ended in between, or another question has found it first.
            let act = self.acts.iter().find(|act| (act.kind, act.id) == (kind, known));
            return make(known).map(|row| Told {
                made_by: act.map(|act| act.operation),
                ..Told::from(row)
            });
        }
        let row = make(Uuid::nil())?;
        if let Some(act) = adopt(&self.acts, &row) {
            self.site.ids.bind(kind, server, act.id);
            return Some(Told {
                row: make(act.id)?,
                made_by: Some(act.operation),
                beside: false,
            });
        }
        make(self.site.ids.ours(kind, server)).map(Told::from)
    }

    pub(super) fn tell_hours(&self, shape: &AvailabilityShape) -> (Vec<Told>, Vec<Kind>) {
        let kind = rows::kind_of(shape);
        let ids = &self.site.ids;
        let told = self.tell(kind, shape.id, |id| rows::availability(ids, shape, id));
        let staff = shape
            .user_details
            .as_ref()
            .map(|staff| Told::beside(rows::staff(ids, staff)));
        let told = told.map(|told| std::iter::once(told).chain(staff).collect());
        (told.unwrap_or_default(), vec![kind])
    }

    pub(super) fn tell_booking(&self, shape: &BookingShape) -> (Vec<Told>, Vec<Kind>) {
        let ids = &self.site.ids;
        // The client first: an act of ours that made them is known by what they say, and the booking's by them.
        let client = shape
            .client_details
            .as_ref()
            .and_then(|client| self.tell(Kind::Client, client.id, |id| Some(rows::client(client, id))));
        let told = self.tell(Kind::Appointment, shape.id, |id| rows::booking(ids, shape, id));
        let beside = rows::beside_booking(ids, shape).into_iter().map(Told::beside);
        let told = told.map(|told| std::iter::once(told).chain(client).chain(beside).collect());
        (told.unwrap_or_default(), vec![Kind::Appointment])
    }

    pub(super) fn tell_staff(&self, shape: &StaffShape) -> (Vec<Told>, Vec<Kind>) {
        (vec![rows::staff(&self.site.ids, shape).into()], vec![Kind::Staff])
    }

    pub(super) fn tell_service(&self, shape: &ServiceShape) -> (Vec<Told>, Vec<Kind>) {
        (vec![rows::service(&self.site.ids, shape).into()], vec![Kind::Service])
    }

    pub(super) fn tell_client(&self, shape: &ClientShape) -> (Vec<Told>, Vec<Kind>) {
        let told = self.tell(Kind::Client, shape.id, |id| Some(rows::client(shape, id)));
        (told.into_iter().collect(), vec![Kind::Client])
    }
}
