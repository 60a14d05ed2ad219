//! Leave and other time that somebody cannot be booked in, whatever their hours say: made, changed and taken back.

use super::LONGEST_NOTE;
use crate::desk::{Desk, DeskError};
use crate::front::away::stretch_of;
use crate::front::scenes::Wanted;
use crate::outbox::intent::Intent;
use crate::view::{AwayWish, HoursAnswer, Kept, LeaveForm, Scene, day_title, span_label};
use deskbell_clinic::{Appointment, Block, BlockId, BlockOf, BlockReason, Calendar, Kind, Repeat, Row, Span, StaffId};
use jiff::SignedDuration;
use uuid::Uuid;

/// The longest leave that is made at once.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A leave as it is, whose it is, and its version at the server.
type Known = (Block, StaffId, Option<u32>);

impl Desk {
    /// Makes a leave, or changes the one of that id. With bookings in the time that it newly takes, asks first unless
    /// `strand`; a desk is told their clients and numbers too.
    ///
    /// # Errors
    /// When the form is not valid, the clinic's server keeps no leave, it is somebody else's, the leave is gone or comes
    /// again, or the act cannot be kept (a full disk).
    pub async fn keep_leave(
        &self,
        id: Option<BlockId>,
        form: LeaveForm,
        strand: bool,
    ) -> Result<HoursAnswer, DeskError> {
        self.can_hold_leave()?;
        let known = match id {
            Some(id) => Some(self.leave_row(id).await?),
            None => None,
        };
        let staff = known.as_ref().map_or(form.staff, |(_, staff, _)| *staff);
        self.whose(Some(staff)).await?;
        if form.note.chars().count() > LONGEST_NOTE {
            return Err(DeskError::bad_input("This note is too long (at most 500 letters)."));
        }
        if form.reason == BlockReason::Holiday {
            return Err(DeskError::bad_input(
                "A day on which the clinic is closed is set up in the settings, under Clinic.",
            ));
        }
        let wish = AwayWish {
            staff,
            from_day: form.from_day.clone(),
            from: form.from.clone(),
            to_day: form.to_day.clone(),
            to: form.to.clone(),
        };
        let asked = wish.clone();
        let scene = self
            .scene(move |calendar, now| {
                let span = leave_span(calendar, &asked)?;
                let to_come = Span::new(span.start().max(now), span.end());
                Ok(Wanted {
                    spans: to_come.into_iter().collect(),
                    staff: Some(vec![staff]),
                    desk_lists: false,
                })
            })
            .await?;
        let span = leave_span(&scene.calendar, &wish)?;
        let before = known.as_ref().map(|(block, ..)| block.span);
        let with_clients = self.account().is_some_and(|account| account.role.is_desk());
        let bookings = lying_in(&scene, staff, span, before, with_clients);
        if !strand && !bookings.is_empty() {
            return Ok(HoursAnswer::Strands { bookings });
        }
        let block = Block {
            id: id.unwrap_or_else(|| BlockId(Uuid::now_v7())),
            of: BlockOf::Staff(staff),
            span,
            reason: form.reason,
            note: form.note.trim().to_owned(),
            repeat: Repeat::None,
        };
        let new_id = block.id.uuid();
        let (before, base_version) = known.map(|(block, _, version)| (block, version)).unzip();
        let base_version = base_version.flatten();
        let kept = self.keep(Intent::put(block, base_version)).await?;
        let back = before.map_or(
            Intent::Delete {
                kind: Kind::Block,
                id: new_id,
                base_version: None,
            },
            |before| Intent::put(before, base_version),
        );
        self.remember_inverse(kept.operation, back);
        Ok(HoursAnswer::Kept(kept))
    }

    /// Takes a leave away: its time can be booked again.
    ///
    /// # Errors
    /// As for [`Desk::keep_leave`].
    pub async fn remove_leave(&self, id: BlockId) -> Result<Kept, DeskError> {
        self.can_hold_leave()?;
        let (before, staff, base_version) = self.leave_row(id).await?;
        self.whose(Some(staff)).await?;
        let intent = Intent::Delete {
            kind: Kind::Block,
            id: id.uuid(),
            base_version,
        };
        let kept = self.keep(intent).await?;
        // What is gone from the server comes back as a new row.
        let again = Block {
            id: BlockId(Uuid::now_v7()),
            ..before
        };
        self.remember_inverse(kept.operation, Intent::put(again, None));
        Ok(kept)
    }

    fn can_hold_leave(&self) -> Result<(), DeskError> {
        if self.holds().desk_lists {
            return Ok(());
        }
        Err(DeskError::bad_input(
            "The clinic’s server keeps no leave. Take the hours out instead.",
        ))
    }

    async fn leave_row(&self, id: BlockId) -> Result<Known, DeskError> {
        let seen = self
            .read(move |snapshot| Ok(snapshot.row(Kind::Block, id.uuid())?))
            .await?;
        match seen.map(|seen| (seen.row, seen.version)) {
            Some((Row::Block(row), version)) => match row.of {
                BlockOf::Staff(staff) if row.repeat == Repeat::None => Ok((row, staff, version)),
                BlockOf::Staff(_) => Err(DeskError::bad_input(
                    "This comes again every few weeks and is not changed here.",
                )),
                BlockOf::Clinic | BlockOf::Resource(_) => {
                    Err(DeskError::bad_input("This is not one staff member’s leave."))
                }
            },
            _ => Err(DeskError::bad_input("This leave is not there any more.")),
        }
    }
}

fn leave_span(calendar: &Calendar, wish: &AwayWish) -> Result<Span, DeskError> {
    let span = stretch_of(calendar, wish)?;
    if span.end().duration_since(span.start()) > LONGEST {
        return Err(DeskError::bad_input("A leave is a year long at most."));
    }
    Ok(span)
}

/// Bookings to come that lie in `span` and did not lie in `before`, as lines by start; with clients and numbers to call for
/// whoever may know them.
fn lying_in(scene: &Scene, staff: StaffId, span: Span, before: Option<Span>, with_clients: bool) -> Vec<String> {
    let lies_newly = |row: &&Appointment| {
        let did = before.is_some_and(|before| before.overlaps(row.span));
        row.span.overlaps(span) && !did && row.span.start() >= scene.now
    };
    let theirs = scene
        .appointments
        .iter()
        .filter(|row| row.status.takes_time() && row.staff().any(|id| id == staff));
    let mut found: Vec<_> = theirs.filter(lies_newly).collect();
    found.sort_by_key(|row| (row.span, row.id));
    found.into_iter().map(|row| line(scene, row, with_clients)).collect()
}

/// `Tue 24 Nov 14:00–15:00 Shiatsu 60`, and for a desk ` · Jo Santos, 0917 555`.
fn line(scene: &Scene, row: &Appointment, with_clients: bool) -> String {
    let day = day_title(scene.calendar.day_of(row.span.start()));
    let what = format!(
        "{day} {} {}",
        span_label(&scene.calendar, row.span),
        scene.services_label(&row.services)
    );
    if !with_clients {
        return what;
    }
    let client = row.clients.first().and_then(|attendee| scene.client(attendee.client));
    let phones = client.into_iter().flat_map(|client| &client.phones);
    let call_back = Some(row.call_back.as_str()).filter(|number| !number.is_empty());
    let numbers = call_back.into_iter().chain(phones.map(|phone| phone.typed.as_str()));
    let mut who = vec![scene.clients_label(row)];
    who.extend(numbers.map(str::to_owned));
    format!("{what} · {}", who.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;
    use serde_json::json;

    const ANA: StaffId = StaffId(Uuid::from_u128(1));

    fn calendar() -> Calendar {
        Calendar::new("Europe/Berlin", vec![]).unwrap()
    }

    fn wish(from: Option<&str>, to_day: &str, to: Option<&str>) -> AwayWish {
        AwayWish {
            staff: ANA,
            from_day: "2026-11-24".into(),
            from: from.map(str::to_owned),
            to_day: to_day.into(),
            to: to.map(str::to_owned),
        }
    }

    fn hours(from: i8, to: i8) -> Span {
        let (from, to) = (time(from, 0, 0, 0), time(to, 0, 0, 0));
        calendar().span("2026-11-24".parse().unwrap(), from, to).unwrap()
    }

    fn scene() -> Scene {
        let mut scene = Scene::empty(7, "2026-11-23T02:00:00Z".parse().unwrap(), calendar());
        let booked = |id: u128, from, to| {
            serde_json::from_value(json!({
                "id": Uuid::from_u128(id), "series": null, "services": [],
                "clients": [{ "client": Uuid::from_u128(7), "arrived_at": null }],
                "assignments": [{ "staff": ANA, "part": "therapist", "answer": "accepted" }],
                "span": hours(from, to), "place": { "at": "anywhere" }, "status": "confirmed", "step": null,
                "notes": "", "call_back": "0918 222", "reason": null, "answer_due": null, "overlap_accepted": null,
            }))
            .unwrap()
        };
        scene.appointments = vec![booked(11, 14, 15), booked(10, 9, 10)];
        let jo = json!({
            "id": Uuid::from_u128(7), "name": "Jo Santos", "phones": [{ "typed": "0917 555", "normalised": "0917555" }],
            "address": "", "wishes": { "staff": [], "gender": null }, "alert": "", "notes": "",
        });
        scene.clients.push(serde_json::from_value(jo).unwrap());
        scene
    }

    #[test]
    fn a_leave_is_whole_days_or_a_part_of_them_and_has_an_end_within_a_year() {
        let days = leave_span(&calendar(), &wish(None, "2026-11-26", None)).unwrap();
        assert_eq!(days.minutes(), 3 * 24 * 60);
        let part = leave_span(&calendar(), &wish(Some("13:00"), "2026-11-24", Some("17:00"))).unwrap();
        assert_eq!(part, hours(13, 17));
        for (wish, why) in [
            (wish(None, "2026-11-23", None), "after the start"),
            (wish(Some("13:00"), "2026-11-24", Some("13:00")), "after the start"),
            (wish(None, "2027-11-30", None), "a year long at most"),
        ] {
            let refused = leave_span(&calendar(), &wish).unwrap_err();
            assert!(refused.to_string().contains(why), "{refused}");
        }
    }

    #[test]
    fn what_lies_in_a_leave_is_named_in_order_with_the_client_only_for_a_desk() {
        let scene = scene();
        let own = lying_in(&scene, ANA, hours(8, 18), None, false);
        assert_eq!(own.len(), 2);
        assert!(own[0].starts_with("Tue 24 Nov 09:00–10:00"), "{own:?}");
        assert!(
            !own.iter().any(|line| line.contains("Jo") || line.contains("0918")),
            "{own:?}"
        );
        let desk = lying_in(&scene, ANA, hours(8, 18), None, true);
        assert!(desk[1].ends_with("· Jo Santos, 0918 222, 0917 555"), "{desk:?}");
        let grown = lying_in(&scene, ANA, hours(8, 18), Some(hours(13, 18)), true);
        assert_eq!(grown.len(), 1, "only what it newly takes is asked about: {grown:?}");
        assert_eq!(
            lying_in(&scene, StaffId(Uuid::from_u128(2)), hours(8, 18), None, true),
            [""; 0]
        );
    }
}
