//! From rows to what is drawn: pure, so that a board can be checked without a database or a window.

use super::labels::{axis, band, clock, day_title, initials, span_label, step_words, time_label, week_title};
use super::lanes::lanes;
use super::scene::Scene;
use super::{
    Arrival, BlockBand, BookingBar, HoursBand, HoursDay, MyBooking, MyDay, MyHours, Need, NeedWhy, Presence, StaffRow,
    WaitingRow,
};
use deskbell_clinic::rules::free::free_time;
use deskbell_clinic::rules::occurrences::occurrences;
use deskbell_clinic::{
    Actions, Appointment, Availability, BlockOf, Customs, Kind, Repeat, Role, Span, Staff, StaffId, Status, TimeWish,
};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::HashMap;

impl Scene {
    /// The board's rows: who works or is booked that day first, then the others who treat.
    pub fn staff_rows(&self, day: Date) -> Vec<StaffRow> {
        let mut bookings: HashMap<StaffId, Vec<&Appointment>> = HashMap::new();
        let window = self.calendar.day(day);
        for appointment in self
            .appointments
            .iter()
            .filter(|row| row.status.takes_time() && row.span.overlaps(window))
        {
            for staff in appointment.staff() {
                bookings.entry(staff).or_default().push(appointment);
            }
        }
        let rows = self.staff.iter().filter(|staff| staff.active).filter_map(|staff| {
            let booked = bookings.remove(&staff.id).unwrap_or_default();
            (staff.role == Role::Therapist || !booked.is_empty()).then(|| self.staff_row(staff, day, &booked))
        });
        let (busy, idle): (Vec<_>, Vec<_>) =
            rows.partition(|row| row.presence != Presence::Off || !row.bookings.is_empty());
        busy.into_iter().chain(idle).collect()
    }

    pub(super) fn staff_row(&self, staff: &Staff, day: Date, booked: &[&Appointment]) -> StaffRow {
        let window = self.calendar.day(day);
        let hours = self.hours_on(staff.id, day);
        let free = free_time(staff.id, &self.facts(), window);
        StaffRow {
            staff: staff.id,
            name: staff.name.clone(),
            role: staff.role,
            hue: u32::from(staff.hue),
            presence: self.presence(day, &hours),
            free: free.into_iter().map(|span| band(&self.calendar, day, span)).collect(),
            blocks: self.blocks_on(staff.id, day),
            bookings: self.bars(day, booked),
            hours,
        }
    }

    fn presence(&self, day: Date, hours: &[HoursBand]) -> Presence {
        if hours.is_empty() {
            return Presence::Off;
        }
        let minute = self.calendar.minute_of_day(day, self.now);
        let here = hours.iter().any(|row| row.band.from <= minute && minute < row.band.to);
        if here { Presence::In } else { Presence::Away }
    }

    /// A staff member's availabilities as drawn on a day, by start.
    pub fn hours_on(&self, staff: StaffId, day: Date) -> Vec<HoursBand> {
        let window = self.calendar.day(day);
        let own = self.availabilities.iter().filter(|row| row.staff == staff);
        let mut bands: Vec<_> = own
            .flat_map(|row| {
                let spans = occurrences(row.span, &row.repeat, &self.calendar, window);
                spans.into_iter().map(move |span| self.hours_band(row, span, day))
            })
            .collect();
        bands.sort_by_key(|row| row.band.from);
        bands
    }

    fn hours_band(&self, row: &Availability, span: Span, day: Date) -> HoursBand {
        let (repeat_weeks, repeat_until) = match &row.repeat {
            Repeat::None => (None, None),
            Repeat::Weekly(weekly) => (Some(weekly.weeks), weekly.until.map(|day| day.to_string())),
        };
        HoursBand {
            id: row.id,
            band: band(&self.calendar, day, span),
            day: self.calendar.day_of(span.start()).to_string(),
            start: clock(self.calendar.time_of(span.start())),
            end: clock(self.calendar.time_of(span.end())),
            repeat_weeks,
            repeat_until,
            note: row.note.clone(),
            pending: self.mark(Kind::Availability, row.id.uuid()),
        }
    }

    fn blocks_on(&self, staff: StaffId, day: Date) -> Vec<BlockBand> {
        let window = self.calendar.day(day);
        let theirs = self.blocks.iter().filter(|row| match row.of {
            BlockOf::Clinic => true,
            BlockOf::Staff(of) => of == staff,
            BlockOf::Resource(_) => false,
        });
        theirs
            .flat_map(|row| {
                occurrences(row.span, &row.repeat, &self.calendar, window)
                    .into_iter()
                    .map(|span| BlockBand {
                        id: row.id,
                        band: band(&self.calendar, day, span),
                        reason: row.reason,
                        note: row.note.clone(),
                    })
            })
            .collect()
    }

    /// Bookings of one row, by start, each with its lane.
    pub fn bars(&self, day: Date, booked: &[&Appointment]) -> Vec<BookingBar> {
        let mut booked: Vec<&Appointment> = booked.to_vec();
        booked.sort_by_key(|row| (row.span, row.id));
        let bands: Vec<_> = booked.iter().map(|row| band(&self.calendar, day, row.span)).collect();
        let stretches: Vec<_> = bands.iter().map(|band| (band.from, band.to)).collect();
        booked
            .into_iter()
            .zip(bands)
            .zip(lanes(&stretches))
            .map(|((row, band), (lane, lanes))| {
                let client = self.clients_label(row);
                BookingBar {
                    id: row.id,
                    band,
                    initials: initials(&client),
                    client,
                    services: self.services_label(&row.services),
                    place: self.place_label(&row.place),
                    status: row.status,
                    lane,
                    lanes,
                    clash: lanes > 1,
                    may_move: false,
                    pending: self.mark(Kind::Appointment, row.id.uuid()),
                    strands: self.strands(row),
                }
            })
            .collect()
    }

    /// Who comes next: today's bookings that are still to arrive, and who has arrived and waits to be treated.
    pub fn arrivals(&self) -> Vec<Arrival> {
        let today = self.today();
        let window = self.calendar.day(today);
        let coming = |row: &&Appointment| {
            matches!(row.status, Status::Confirmed | Status::EnRoute | Status::Arrived)
                && window.contains(row.span.start())
        };
        let mut arrivals: Vec<_> = self
            .appointments
            .iter()
            .filter(coming)
            .map(|row| Arrival {
                appointment: row.id,
                from: self.calendar.minute_of_day(today, row.span.start()),
                time: time_label(&self.calendar, row.span.start()),
                client: self.clients_label(row),
                staff: row
                    .therapists()
                    .map(|id| self.staff_name(id))
                    .collect::<Vec<_>>()
                    .join(", "),
                status: row.status,
                pending: self.mark(Kind::Appointment, row.id.uuid()),
                strands: self.strands(row),
            })
            .collect();
        arrivals.sort_by_key(|arrival| arrival.from);
        arrivals
    }

    /// What the clinic's own rows say needs a person: declined and overdue requests, open tasks.
    pub fn needs(&self) -> Vec<Need> {
        let asked = self.appointments.iter().filter_map(|row| {
            let why = match row.status {
                Status::Declined if row.span.start() > self.now => NeedWhy::Declined,
                Status::Requested if row.answer_due.is_some_and(|due| due < self.now) => NeedWhy::Overdue,
                _ => return None,
            };
            Some(self.need(why, row))
        });
        let tasks = self.tasks.iter().filter(|task| task.outcome.is_none()).map(|task| {
            let about = task
                .appointment
                .and_then(|id| self.appointments.iter().find(|row| row.id == id));
            let mut need = about.map_or_else(
                || Need {
                    why: NeedWhy::Task(task.kind),
                    title: task
                        .client
                        .and_then(|id| self.client(id))
                        .map_or_else(String::new, |client| client.name.clone()),
                    detail: task.staff.map_or_else(String::new, |id| self.staff_name(id)),
                    appointment: task.appointment,
                    pending: None,
                    task: None,
                },
                |row| self.need(NeedWhy::Task(task.kind), row),
            );
            need.task = Some(task.id);
            need
        });
        asked.chain(tasks).collect()
    }

    fn need(&self, why: NeedWhy, row: &Appointment) -> Need {
        let day = self.calendar.day_of(row.span.start());
        let when = span_label(&self.calendar, row.span);
        let when = if day == self.today() {
            when
        } else {
            format!("{} {when}", day_title(day))
        };
        let staff: Vec<_> = row.therapists().map(|id| self.staff_name(id)).collect();
        Need {
            why,
            title: format!("{} · {}", self.clients_label(row), staff.join(", ")),
            detail: format!("{} · {when}", self.services_label(&row.services)),
            appointment: Some(row.id),
            pending: self.mark(Kind::Appointment, row.id.uuid()),
            task: None,
        }
    }

    /// The waiting list.
    pub fn waiting_rows(&self) -> Vec<WaitingRow> {
        self.waiting
            .iter()
            .map(|row| WaitingRow {
                id: row.id,
                client: self
                    .client(row.client)
                    .map_or_else(|| "A client".to_owned(), |client| client.name.clone()),
                services: self.services_label(&row.services),
                service_ids: row.services.clone(),
                staff: row
                    .staff
                    .iter()
                    .map(|id| self.staff_name(*id))
                    .collect::<Vec<_>>()
                    .join(", "),
                time: wish_label(self.calendar.customs(), &row.time),
                urgent: row.urgent,
                since: self.calendar.day_of(row.since).strftime("%-d %b").to_string(),
            })
            .collect()
    }

    /// A therapist's day. `actions` is what this person may do with a booking now.
    pub fn my_day(&self, staff: &Staff, day: Date, actions: impl Fn(&Appointment) -> Actions) -> MyDay {
        let window = self.calendar.day(day);
        let of_day = |row: &&Appointment| row.span.overlaps(window) && row.staff().any(|id| id == staff.id);
        let shown = |row: &&Appointment| row.status != Status::Cancelled && row.status != Status::Declined;
        let booked: Vec<_> = self.appointments.iter().filter(of_day).filter(shown).collect();
        let by_id: HashMap<_, _> = booked.iter().map(|row| (row.id, *row)).collect();
        let bookings = self.bars(day, &booked).into_iter().filter_map(|bar| {
            let row = by_id.get(&bar.id)?;
            let may = actions(row);
            let alert = row
                .clients
                .iter()
                .filter_map(|a| self.client(a.client))
                .map(|client| client.alert.clone());
            Some(MyBooking {
                alert: alert.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
                notes: row.notes.clone(),
                step: row.step.as_deref().map(step_words),
                steps: may.steps,
                may_correct: may.correction.is_some(),
                bar,
            })
        });
        MyDay {
            revision: self.revision,
            staff: staff.id,
            name: staff.name.clone(),
            day: axis(&self.calendar, day, self.today()),
            hours: self.hours_on(staff.id, day),
            bookings: bookings.collect(),
        }
    }

    /// A therapist's week of hours, from the first day of the week that `day` is in.
    pub fn my_hours(&self, staff: &Staff, day: Date) -> MyHours {
        let first = self.calendar.customs().week_of(day);
        let days: Vec<_> = (0..7).map(|offset| first.saturating_add(offset.days())).collect();
        let last = days.last().copied().unwrap_or(first);
        MyHours {
            revision: self.revision,
            staff: staff.id,
            name: staff.name.clone(),
            title: week_title(first, last),
            previous: first.saturating_sub(7.days()).to_string(),
            next: first.saturating_add(7.days()).to_string(),
            days: days
                .into_iter()
                .map(|day| {
                    let window = self.calendar.day(day);
                    let booked: Vec<_> = self
                        .appointments
                        .iter()
                        .filter(|row| row.status.takes_time() && row.span.overlaps(window))
                        .filter(|row| row.staff().any(|id| id == staff.id))
                        .collect();
                    HoursDay {
                        day: axis(&self.calendar, day, self.today()),
                        hours: self.hours_on(staff.id, day),
                        leave: self.leave_on(staff.id, day),
                        bookings: self.bars(day, &booked),
                    }
                })
                .collect(),
        }
    }
}

fn wish_label(customs: Customs, wish: &TimeWish) -> String {
    let mut parts = Vec::new();
    match (wish.from_day, wish.to_day) {
        (Some(from), Some(to)) if from == to => parts.push(day_title(from)),
        (Some(from), Some(to)) => parts.push(format!("{} – {}", day_title(from), day_title(to))),
        (Some(from), None) => parts.push(format!("from {}", day_title(from))),
        (None, Some(to)) => parts.push(format!("until {}", day_title(to))),
        (None, None) => {}
    }
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let weekdays: Vec<_> = wish
        .weekdays
        .iter()
        .filter_map(|day| DAYS.get(usize::from(*day).wrapping_sub(1)).copied())
        .collect();
    if !weekdays.is_empty() {
        parts.push(weekdays.join(" "));
    }
    match (wish.earliest, wish.latest) {
        (Some(from), Some(to)) => parts.push(customs.span(from, to)),
        (Some(from), None) => parts.push(format!("after {}", customs.time(from))),
        (None, Some(to)) => parts.push(format!("until {}", customs.time(to))),
        (None, None) => {}
    }
    parts.join(" · ")
}
