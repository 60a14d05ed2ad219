//! A day's bookings as a table (CSV, RFC 4180) and as a calendar (ICS, RFC 5545).

use super::{names, phones, staff_names};
use crate::desk::DeskError;
use crate::view::{Scene, clock};
use deskbell_clinic::{Appointment, Status};
use jiff::Timestamp;

/// With this in front a spreadsheet reads the rest as UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// The most bytes of a line of a calendar, its break not counted.
const LONGEST_LINE: usize = 75;

const COLUMNS: [&str; 10] = [
    "Day", "Start", "End", "Staff", "Client", "Phone", "Services", "Place", "Status", "Notes",
];

/// The bookings as a table, one a line.
pub(super) fn table(scene: &Scene, rows: &[&Appointment]) -> Result<Vec<u8>, DeskError> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.to_vec());
    let broken = |_| DeskError::bad_input("The table could not be made.");
    out.write_record(COLUMNS).map_err(broken)?;
    for row in rows {
        let time = |at| clock(scene.calendar.time_of(at));
        let fields = [
            scene.calendar.day_of(row.span.start()).to_string(),
            time(row.span.start()),
            time(row.span.end()),
            staff_names(scene, row, None),
            names(scene, row),
            phones(scene, row),
            scene.services_label(&row.services),
            scene.place_label(&row.place),
            status_word(row.status),
            row.notes.clone(),
        ];
        out.write_record(fields.map(harmless)).map_err(broken)?;
    }
    out.into_inner()
        .map_err(|_| DeskError::bad_input("The table could not be made."))
}

/// A spreadsheet would run what begins like a formula: whoever typed it wrote text. A number in international form
/// begins so too, and stays text as well.
fn harmless(field: String) -> String {
    if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{field}")
    } else {
        field
    }
}

fn status_word(status: Status) -> String {
    let word = serde_json::to_value(status).ok();
    let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default();
    word.replace('_', " ")
}

/// The bookings as a calendar. Their ids are those of the clinic, so that a second import changes the first one's.
pub(super) fn calendar(scene: &Scene, rows: &[&Appointment]) -> String {
    let clinic = scene.clinic.as_ref().map_or("", |clinic| clinic.name.as_str());
    let mut out = Lines::default();
    for fixed in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Deskbell//Day//EN",
        "METHOD:PUBLISH",
    ] {
        out.line(fixed);
    }
    out.text("X-WR-CALNAME", clinic);
    for row in rows {
        out.line("BEGIN:VEVENT");
        out.line(&format!("UID:{}@deskbell", row.id));
        out.line(&format!("DTSTAMP:{}", utc(scene.now)));
        out.line(&format!("DTSTART:{}", utc(row.span.start())));
        out.line(&format!("DTEND:{}", utc(row.span.end())));
        let who = names(scene, row);
        out.text("SUMMARY", &format!("{who} · {}", scene.services_label(&row.services)));
        out.text("LOCATION", &scene.place_label(&row.place));
        let about = [staff_names(scene, row, None), phones(scene, row), row.notes.clone()];
        let about: Vec<_> = about.into_iter().filter(|part| !part.is_empty()).collect();
        out.text("DESCRIPTION", &about.join("\n"));
        out.line(if row.status == Status::Requested {
            "STATUS:TENTATIVE"
        } else {
            "STATUS:CONFIRMED"
        });
        out.line("END:VEVENT");
    }
    out.line("END:VCALENDAR");
    out.0
}

/// `20261123T013000Z`.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A line, folded where it is too long: what goes on begins with a space, and no letter is cut in two.
    fn line(&mut self, line: &str) {
        let mut used = 0;
        for letter in line.chars() {
            if used + letter.len_utf8() > LONGEST_LINE {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(letter);
            used += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property that is a text; none when it is empty.
    fn text(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut escaped = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '\\' | ';' | ',' => escaped.extend(['\\', letter]),
                '\n' => escaped.push_str("\\n"),
                letter if letter.is_control() => {}
                letter => escaped.push(letter),
            }
        }
        self.line(&format!("{name}:{escaped}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_folded_at_75_bytes_and_never_inside_a_letter() {
        let mut out = Lines::default();
        let text = "Íñigo, “José”; ".repeat(12);
        out.text("SUMMARY", &text);
        assert!(out.0.split("\r\n").all(|line| line.len() <= LONGEST_LINE), "{}", out.0);
        let unfolded = out.0.replace("\r\n ", "");
        assert_eq!(
            unfolded,
            format!("SUMMARY:{}\r\n", text.replace(',', "\\,").replace(';', "\\;"))
        );
    }

    #[test]
    fn what_breaks_a_line_in_a_text_breaks_none_of_the_calendar() {
        let mut out = Lines::default();
        out.text("DESCRIPTION", "one\r\nEND:VEVENT\\");
        assert_eq!(out.0, "DESCRIPTION:one\\nEND:VEVENT\\\\\r\n");
        out.text("LOCATION", "");
        assert!(!out.0.contains("LOCATION"));
    }

    #[test]
    fn what_begins_like_a_formula_stays_text_in_a_spreadsheet() {
        assert_eq!(harmless("=HYPERLINK(1)".to_owned()), "'=HYPERLINK(1)");
        assert_eq!(harmless("+63 917".to_owned()), "'+63 917");
        assert_eq!(harmless("Jo = Joanna".to_owned()), "Jo = Joanna");
    }
}
