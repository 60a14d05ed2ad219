//! Opening, changing and removing hours.

use super::{Answer, Pusher, cannot_hold, lost, not_done, unasked};
use crate::backend::royal_care::http::refused;
use crate::backend::royal_care::reader::HOURS;
use crate::backend::royal_care::rows::{self, calendar};
use crate::backend::royal_care::shape::AvailabilityShape;
use crate::backend::{BackendError, Receipt, Write};
use deskbell_clinic::wire::{ProblemCode, SlotTaken, Taken};
use deskbell_clinic::{Availability, Kind, Repeat, Row};
use jiff::ToSpan;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

impl Pusher<'_> {
    pub(super) async fn open_hours(&self, write: &Write, row: &Availability) -> Result<Receipt, BackendError> {
        let body = self.body(row)?;
        let near = self.hours_near(row).await?;
        if let Some(there) = found(row, &near) {
            return self.adopt_hours(row, there).await;
        }
        if write.repeated {
            // Sent once already. It is not there, and may still arrive: a person decides.
            return Err(BackendError::Timeout { sent: true });
        }
        in_the_way(row, &near)?;
        let answer = self.ask(Method::POST, HOURS.to_owned(), Some(&body)).await;
        let answer = match answer {
            Err(error) if lost(&error) => return self.look_for_hours(row, error).await,
            answer => answer?,
        };
        match answer.status.as_u16() {
            201 => {
                let shape: AvailabilityShape = answer.read()?;
                self.site.ids.bind(Kind::Availability, shape.id, row.id.uuid());
                let made = rows::availability(&self.site.ids, &shape, row.id.uuid()).ok_or(BackendError::Protocol)?;
                self.site.written(&made).await
            }
            400 if answer.says("unique set") || answer.says("overlaps") => {
                let near = self.hours_near(row).await?;
                if let Some(there) = found(row, &near) {
                    return self.adopt_hours(row, there).await;
                }
                in_the_way(row, &near)?;
                // It was refused for hours that are gone again: a moment later there is room.
                Err(not_done())
            }
            status @ 500.. => self.look_for_hours(row, BackendError::Server(status)).await,
            _ => Err(answer.refusal()),
        }
    }

    /// The answer was lost: the hours may be there all the same.
    async fn look_for_hours(&self, row: &Availability, error: BackendError) -> Result<Receipt, BackendError> {
        let near = self.hours_near(row).await.map_err(|_| error.clone())?;
        match found(row, &near) {
            Some(there) => self.adopt_hours(row, there).await,
            None => Err(error),
        }
    }

    /// The same hours are there. Unless they were seen here before, they are ours: the server holds the same ones once.
    async fn adopt_hours(&self, row: &Availability, there: &Availability) -> Result<Receipt, BackendError> {
        if there.id != row.id {
            if self.site.truth(Kind::Availability, there.id.uuid()).await?.is_some() {
                // They were seen here before under an id of their own: they are somebody else's.
                return Err(taken(row, std::slice::from_ref(there)));
            }
            let number = self.number(Kind::Availability, there.id.uuid())?;
            self.site.ids.bind(Kind::Availability, number, row.id.uuid());
        }
        self.site.written(&Row::Availability(row.clone())).await
    }

    pub(super) async fn change_hours(&self, row: &Availability, seen: u32) -> Result<Receipt, BackendError> {
        let number = self.number(Kind::Availability, row.id.uuid())?;
        let body = self.body(row)?;
        let fresh = self.hours(number, row.id.uuid()).await?;
        if fresh == Row::Availability(row.clone()) {
            return self.site.written(&fresh).await;
        }
        self.unchanged(&fresh, seen).await?;
        in_the_way(row, &self.hours_near(row).await?)?;
        // The whole row: with one time alone the server fails.
        let answer = self.ask(Method::PUT, format!("{HOURS}{number}/"), Some(&body)).await;
        let refusal = match answer {
            Err(error) if lost(&error) => not_done(),
            Err(error) => return Err(error),
            Ok(answer) if answer.status.is_success() => BackendError::Protocol,
            Ok(answer) if answer.says("overlaps") || answer.says("unique set") => {
                in_the_way(row, &self.hours_near(row).await?)?;
                answer.refusal()
            }
            Ok(answer) => answer.refusal(),
        };
        let now = self.hours(number, row.id.uuid()).await?;
        if now == Row::Availability(row.clone()) {
            self.site.written(&now).await
        } else {
            Err(refusal)
        }
    }

    pub(super) async fn remove_hours(&self, id: Uuid, seen: u32) -> Result<Receipt, BackendError> {
        let number = self.number(Kind::Availability, id)?;
        let fresh = self.hours(number, id).await?;
        self.unchanged(&fresh, seen).await?;
        let answer = self.ask(Method::DELETE, format!("{HOURS}{number}/"), None).await;
        let refusal = match answer {
            Ok(answer) if answer.status.is_success() || answer.status.as_u16() == 404 => {
                return self.site.gone(Kind::Availability, id).await;
            }
            Err(error) if lost(&error) => not_done(),
            Err(error) => return Err(error),
            Ok(answer) => answer.refusal(),
        };
        match self.hours(number, id).await {
            Err(BackendError::NotFound) => self.site.gone(Kind::Availability, id).await,
            _ => Err(refusal),
        }
    }

    /// A stretch as it is now.
    async fn hours(&self, number: u64, id: Uuid) -> Result<Row, BackendError> {
        let answer = self.reader.get(&format!("{HOURS}{number}/"), &[]).await;
        let shape: AvailabilityShape = answer.and_then(Answer::read).map_err(unasked)?;
        rows::availability(&self.site.ids, &shape, id).ok_or(BackendError::Protocol)
    }

    /// The same person's hours of that day, the one before and the one after: they may reach past midnight.
    async fn hours_near(&self, row: &Availability) -> Result<Vec<Availability>, BackendError> {
        let day = calendar().day_of(row.span.start());
        let user = self.number(Kind::Staff, row.staff.uuid())?;
        let (from, to) = (day.saturating_sub(1.day()), day.saturating_add(1.day()));
        let rows = self.reader.hours_of(user, from, to).await.map_err(unasked)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| match row {
                Row::Availability(row) => Some(row),
                _ => None,
            })
            .collect())
    }

    /// The stretch as the server takes it.
    fn body(&self, row: &Availability) -> Result<Value, BackendError> {
        if row.repeat != Repeat::None || !row.services.is_empty() || !row.note.is_empty() {
            return Err(cannot_hold(
                "The clinic’s server keeps single hours only: no repeats, no notes, no services.",
            ));
        }
        if row.span.minutes() >= 24 * 60 {
            return Err(cannot_hold(
                "The clinic’s server keeps stretches of less than a whole day.",
            ));
        }
        let (calendar, start, end) = (calendar(), row.span.start(), row.span.end());
        Ok(json!({
            "user": self.number(Kind::Staff, row.staff.uuid())?,
            "date": calendar.day_of(start),
            "start_time": calendar.time_of(start),
            "end_time": calendar.time_of(end),
            "is_available": true,
        }))
    }
}

/// The same hours among those that are there.
fn found<'r>(row: &Availability, near: &'r [Availability]) -> Option<&'r Availability> {
    near.iter()
        .find(|there| there.staff == row.staff && there.span == row.span)
}

/// What the server refuses, or should: hours that overlap others of the same person. It counts ends as inside, and does not
/// look at the days before and after.
fn in_the_way(row: &Availability, near: &[Availability]) -> Result<(), BackendError> {
    let calendar = calendar();
    let touches = |other: &Availability| {
        let same_day = calendar.day_of(other.span.start()) == calendar.day_of(row.span.start());
        same_day && (other.span.end() == row.span.start() || row.span.end() == other.span.start())
    };
    let others = near.iter().filter(|other| other.id != row.id);
    let clashing: Vec<Availability> = others
        .filter(|other| other.span.overlaps(row.span) || touches(other))
        .cloned()
        .collect();
    if clashing.is_empty() {
        Ok(())
    } else {
        Err(taken(row, &clashing))
    }
}

/// The conflict sheet: whose hours are there already, and when.
fn taken(row: &Availability, clashing: &[Availability]) -> BackendError {
    let overlap = clashing.iter().any(|other| other.span.overlaps(row.span));
    let sentence = if overlap {
        "These hours overlap others that are there already. Change those, or choose other times."
    } else {
        "These hours begin or end where others do, which the clinic’s server does not take. Change those to reach as far, or leave a minute in between."
    };
    let mut problem = refused(ProblemCode::SlotTaken, 409, Some(sentence.to_owned()));
    let there = |other: &Availability| Taken {
        kind: Kind::Staff,
        id: other.staff.uuid(),
        span: other.span,
        appointment: None,
        booked_by: None,
        booked_at: None,
    };
    problem.slot = Some(SlotTaken {
        clashes: clashing.iter().map(there).collect(),
        alternatives: vec![],
    });
    BackendError::Conflict(Box::new(problem))
}
