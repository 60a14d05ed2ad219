//! A day's sheet, and the same as a file: what leaves the program is recorded by the clinic's server first.

mod file;

use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::view::{DaySheet, DaySheetChoice, DaySheetLine, DaySheetPerson, Scene, span_label, time_label};
use deskbell_clinic::wire::{Export, ExportKind};
use deskbell_clinic::{Appointment, Client, Kind, StaffId};
use jiff::civil::Date;

/// A day as a file: its name and what is in it.
#[derive(Clone, PartialEq, Eq)]
pub struct DayFile {
    /// `deskbell-2026-11-23.csv`; without anybody's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for DayFile {
    /// The name only: the rest is clients' data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DayFile")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// A day on paper, of the whole clinic or of one person; today when none is named.
    ///
    /// # Errors
    /// When `day` is no ISO date, nobody is signed in, or the cache cannot be read.
    pub async fn day_sheet(&self, day: Option<&str>, staff: Option<StaffId>) -> Result<DaySheet, DeskError> {
        let (scene, day) = self.day_scene(day).await?;
        let rows = scene.staff_rows(day);
        let working = rows
            .iter()
            .filter(|row| !row.hours.is_empty() || !row.bookings.is_empty());
        let choices: Vec<_> = working
            .clone()
            .map(|row| DaySheetChoice {
                id: row.staff,
                name: row.name.clone(),
            })
            .collect();
        let people: Vec<_> = working
            .filter(|row| staff.is_none_or(|staff| staff == row.staff))
            .map(|row| DaySheetPerson {
                id: row.staff,
                name: row.name.clone(),
                hours: row
                    .hours
                    .iter()
                    .map(|one| one.band.label.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
                lines: on_the_day(&scene, day, Some(row.staff))
                    .map(|booking| line(&scene, booking, Some(row.staff)))
                    .collect(),
            })
            .collect();
        let bookings = on_the_day(&scene, day, staff).count();
        let made = scene.now;
        Ok(DaySheet {
            revision: scene.revision,
            date: day.to_string(),
            title: day.strftime("%A %-d %B %Y").to_string(),
            clinic: scene
                .clinic
                .as_ref()
                .map_or_else(String::new, |clinic| clinic.name.clone()),
            made: format!(
                "{} {}",
                scene.calendar.day_of(made).strftime("%-d %b"),
                time_label(&scene.calendar, made)
            ),
            by: self.account().map_or_else(String::new, |account| account.name),
            staff: choices,
            people,
            bookings: u32::try_from(bookings).unwrap_or(u32::MAX),
        })
    }

    /// Has it recorded that a day is printed now. Answers whether the clinic's server keeps such a record.
    ///
    /// # Errors
    /// When it cannot be recorded: then it is not to be printed.
    pub async fn record_print(&self, day: &str, staff: Option<StaffId>) -> Result<bool, DeskError> {
        let (scene, day) = self.day_scene(Some(day)).await?;
        self.record(ExportKind::Paper, &scene, day, staff).await
    }

    /// A day as a file, and whether the clinic's server has recorded that somebody takes it.
    ///
    /// # Errors
    /// When it cannot be recorded, nobody is signed in, or the cache cannot be read.
    pub async fn day_file(
        &self,
        what: ExportKind,
        day: &str,
        staff: Option<StaffId>,
    ) -> Result<(DayFile, bool), DeskError> {
        let (scene, day) = self.day_scene(Some(day)).await?;
        let rows: Vec<_> = on_the_day(&scene, day, staff).collect();
        let (bytes, ending) = match what {
            ExportKind::Table => (file::table(&scene, &rows)?, "csv"),
            ExportKind::Calendar => (file::calendar(&scene, &rows).into_bytes(), "ics"),
            ExportKind::Paper => return Err(DeskError::bad_input("Paper is printed, not saved.")),
        };
        let recorded = self.record(what, &scene, day, staff).await?;
        let name = format!("deskbell-{day}.{ending}");
        Ok((DayFile { name, bytes }, recorded))
    }

    async fn record(
        &self,
        what: ExportKind,
        scene: &Scene,
        day: Date,
        staff: Option<StaffId>,
    ) -> Result<bool, DeskError> {
        let bookings = u32::try_from(on_the_day(scene, day, staff).count()).unwrap_or(u32::MAX);
        let export = Export {
            what,
            day,
            staff,
            bookings,
        };
        let recorded = self.ask_to_record(&export).await?;
        tracing::info!(?what, %day, bookings, recorded, "a day leaves the program");
        Ok(recorded)
    }

    async fn day_scene(&self, day: Option<&str>) -> Result<(Scene, Date), DeskError> {
        let (asked, named) = (day.map(str::to_owned), day.map(str::to_owned));
        let scene = self
            .scene(move |calendar, now| {
                let day = Self::day_or_today(asked.as_deref(), calendar, now)?;
                Ok(Wanted {
                    spans: vec![calendar.day(day)],
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        let day = Self::day_or_today(named.as_deref(), &scene.calendar, scene.now)?;
        Ok((scene, day))
    }
}

/// The bookings of a day that take place, by start; of one person, or of all.
fn on_the_day(scene: &Scene, day: Date, staff: Option<StaffId>) -> impl Iterator<Item = &Appointment> + Clone {
    let window = scene.calendar.day(day);
    scene.appointments.iter().filter(move |row| {
        let theirs = staff.is_none_or(|staff| row.staff().any(|one| one == staff));
        row.status.takes_time() && row.span.overlaps(window) && theirs
    })
}

fn clients<'a>(scene: &'a Scene, row: &'a Appointment) -> impl Iterator<Item = &'a Client> {
    row.clients.iter().filter_map(|attendee| scene.client(attendee.client))
}

fn names(scene: &Scene, row: &Appointment) -> String {
    clients(scene, row)
        .map(|client| client.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Their numbers, and behind them the one to call back.
fn phones(scene: &Scene, row: &Appointment) -> String {
    let own = clients(scene, row)
        .filter_map(|client| client.phones.first())
        .map(|phone| phone.typed.as_str());
    let call_back = Some(row.call_back.as_str()).filter(|number| !number.is_empty());
    own.chain(call_back).collect::<Vec<_>>().join(", ")
}

fn staff_names(scene: &Scene, row: &Appointment, without: Option<StaffId>) -> String {
    let others = row.staff().filter(|one| Some(*one) != without);
    others.map(|one| scene.staff_name(one)).collect::<Vec<_>>().join(", ")
}

fn line(scene: &Scene, row: &Appointment, of: Option<StaffId>) -> DaySheetLine {
    let alerts = clients(scene, row)
        .map(|client| client.alert.as_str())
        .filter(|alert| !alert.is_empty());
    DaySheetLine {
        appointment: row.id,
        span: span_label(&scene.calendar, row.span),
        client: names(scene, row),
        phone: phones(scene, row),
        alert: alerts.collect::<Vec<_>>().join(", "),
        services: scene.services_label(&row.services),
        place: scene.place_label(&row.place),
        with: staff_names(scene, row, of),
        status: row.status,
        notes: row.notes.clone(),
        pending: scene.mark(Kind::Appointment, row.id.uuid()).is_some(),
    }
}
