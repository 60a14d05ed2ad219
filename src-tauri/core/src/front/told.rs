//! What happened elsewhere as a notification says it: staff and times, and a client only where the person wants names.

use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::sync::notice::{FreeTime, Notice, ToldBooking, still_free};
use crate::view::{Scene, day_title, span_label, time_label};
use deskbell_clinic::rules::news::{BookingNews, BookingState, Reader, still_news};
use deskbell_clinic::{AppointmentId, Kind, Row, Span, StaffId};

/// What a notification says, and where what it tells of is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// `Ana is free 15:00–17:00`.
    pub summary: String,
    /// `Mon 23 Nov · fits 2 who wait`.
    pub body: String,
    /// The day, as an ISO date.
    pub day: String,
    /// Whose.
    pub staff: Option<StaffId>,
    /// Minute of the day it begins at.
    pub minute: i32,
    /// The booking, where it is about one.
    pub appointment: Option<AppointmentId>,
    /// Whether it can be booked from here.
    pub bookable: bool,
}

/// Spans named in one notification.
const NAMED: usize = 3;
/// People named in one notification; the free time of more of them is told as one.
const PEOPLE: usize = 3;

impl Desk {
    /// Words for what is told at the same time, one for each notification: free time of many is told as one. None for what
    /// cannot be read any more.
    pub async fn told(&self, notices: &[Notice]) -> Vec<(Told, Vec<Notice>)> {
        let mut spans = vec![];
        for notice in notices {
            if let Notice::Booking(booking) = notice {
                // For the client's name.
                spans.push(booking.state.span);
            }
        }
        let Ok(scene) = self.scene_with(spans).await else {
            return vec![];
        };
        let (mut free, mut told) = (vec![], vec![]);
        for notice in notices {
            match notice {
                Notice::FreeTime(time) => free.push((time, notice)),
                Notice::Booking(booking) => {
                    let names = self.settings().notifications.names;
                    told.push((booking_told(&scene, booking, names), vec![notice.clone()]));
                }
            }
        }
        if free.len() > PEOPLE {
            let times: Vec<_> = free.iter().map(|(time, _)| *time).collect();
            let of = free.iter().map(|(_, notice)| (*notice).clone()).collect();
            told.extend(all_free_told(&scene, &times).map(|said| (said, of)));
        } else {
            let each = free.into_iter();
            told.extend(each.filter_map(|(time, notice)| Some((free_told(&scene, time)?, vec![notice.clone()]))));
        }
        told
    }

    /// Which of what was told is still worth knowing: not answered, taken or past.
    ///
    /// # Errors
    /// When nobody is signed in, or the cache cannot be read.
    pub async fn still_news(&self, told: &[Notice]) -> Result<Vec<bool>, DeskError> {
        let spans = told.iter().flat_map(|notice| match notice {
            Notice::FreeTime(time) => time.spans.clone(),
            Notice::Booking(booking) => vec![booking.state.span],
        });
        let scene = self.scene_with(spans.collect()).await?;
        let account = self.account();
        let reader = account.map_or(Reader::Nobody, |account| Reader::of(account.role, account.staff));
        let mut still = vec![];
        for notice in told {
            still.push(match notice {
                Notice::FreeTime(time) => time.spans.iter().any(|span| {
                    Span::new(span.start().max(scene.now), span.end())
                        .is_ok_and(|ahead| !still_free(time.staff, &[ahead], &scene.facts(), ahead).is_empty())
                }),
                Notice::Booking(booking) => {
                    let state = self.booking_state(booking.appointment).await?;
                    still_news(booking.news, &booking.state, state.as_ref(), reader, scene.now)
                }
            });
        }
        Ok(still)
    }

    async fn booking_state(&self, id: AppointmentId) -> Result<Option<BookingState>, DeskError> {
        let seen = self
            .read(move |snapshot| Ok(snapshot.row(Kind::Appointment, id.uuid())?))
            .await?;
        Ok(match seen.map(|seen| seen.row) {
            Some(Row::Appointment(row)) => Some(BookingState::from(&row)),
            _ => None,
        })
    }

    async fn scene_with(&self, spans: Vec<Span>) -> Result<Scene, DeskError> {
        self.scene(move |_, _| {
            Ok(Wanted {
                spans,
                staff: None,
                desk_lists: false,
            })
        })
        .await
    }
}

fn free_told(scene: &Scene, time: &FreeTime) -> Option<Told> {
    let first = *time.spans.first()?;
    let day = scene.calendar.day_of(first.start());
    let labels = time.spans.iter().take(NAMED).map(|span| {
        let on = scene.calendar.day_of(span.start());
        let label = span_label(&scene.calendar, *span);
        if on == day {
            label
        } else {
            format!("{} {label}", day_title(on))
        }
    });
    let labels = labels.collect::<Vec<_>>().join(", ");
    let more = time.spans.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    Some(Told {
        summary: format!("{} is free {labels}{more}", scene.staff_name(time.staff)),
        body: format!("{}{}", day_said(scene, first), fits_said(time.fits)),
        day: day.to_string(),
        staff: Some(time.staff),
        minute: scene.calendar.minute_of_day(day, first.start()),
        appointment: None,
        bookable: true,
    })
}

/// Free time of several people as one, led to where the first of it is.
fn all_free_told(scene: &Scene, times: &[&FreeTime]) -> Option<Told> {
    let (staff, first) = times
        .iter()
        .filter_map(|time| Some((time.staff, *time.spans.first()?)))
        .min_by_key(|(_, span)| span.start())?;
    let day = scene.calendar.day_of(first.start());
    let named: Vec<_> = times
        .iter()
        .take(PEOPLE)
        .map(|time| scene.staff_name(time.staff))
        .collect();
    let more = times.len().saturating_sub(PEOPLE);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    Some(Told {
        summary: format!("{} people have new free time", times.len()),
        body: format!("{}{more} · the first {}", named.join(", "), day_said(scene, first)),
        day: day.to_string(),
        staff: Some(staff),
        minute: scene.calendar.minute_of_day(day, first.start()),
        appointment: None,
        bookable: false,
    })
}

fn booking_told(scene: &Scene, booking: &ToldBooking, names: bool) -> Told {
    let span = booking.state.span;
    let day = scene.calendar.day_of(span.start());
    let start = time_label(&scene.calendar, span.start());
    let staff = booking.state.staff.first().copied();
    let who = staff.map_or_else(|| "Somebody".to_owned(), |staff| scene.staff_name(staff));
    let summary = match booking.news {
        BookingNews::Arrived => format!("Your {start} has arrived"),
        BookingNews::Assigned => format!("New booking for you at {start}"),
        BookingNews::Moved => format!("A booking of yours is now at {start}"),
        BookingNews::Taken => format!("Your {start} is not yours any more"),
        BookingNews::Declined => format!("{who} cannot do {start}"),
    };
    let row = scene.appointments.iter().find(|row| row.id == booking.appointment);
    let client = row
        .and_then(|row| row.clients.first())
        .and_then(|attendee| scene.client(attendee.client))
        .filter(|_| names)
        .map_or_else(String::new, |client| format!(" · {}", client.name));
    Told {
        summary,
        body: format!(
            "{} {}{client}",
            day_said(scene, span),
            span_label(&scene.calendar, span)
        ),
        day: day.to_string(),
        staff,
        minute: scene.calendar.minute_of_day(day, span.start()),
        // One that is not theirs any more they may not see.
        appointment: (booking.news != BookingNews::Taken).then_some(booking.appointment),
        bookable: false,
    }
}

fn day_said(scene: &Scene, span: Span) -> String {
    let day = scene.calendar.day_of(span.start());
    if day == scene.today() {
        "Today".to_owned()
    } else {
        day_title(day)
    }
}

fn fits_said(fits: u32) -> String {
    match fits {
        0 => String::new(),
        1 => " · fits 1 who waits".to_owned(),
        many => format!(" · fits {many} who wait"),
    }
}
