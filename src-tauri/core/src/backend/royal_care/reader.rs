//! Reading that server's lists and rows, whole or not at all, under our ids.

mod tell;

use super::heat::Part;
use super::http::{Answer, Question};
use super::rows::calendar;
use super::session::Session;
use super::site::{Probed, Site};
use crate::backend::BackendError;
use crate::backend::snapshot_diff::{Again, AskAgain, Listing, Scope};
use crate::cache::OutboxItem;
use deskbell_clinic::{Kind, Row, Span};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashSet;

pub(super) const HOURS: &str = "api/scheduling/availabilities/";
pub(super) const BOOKINGS: &str = "api/scheduling/appointments/";
pub(super) const CLIENTS: &str = "api/scheduling/clients/";
const STAFF: &str = "api/scheduling/staff/";
const SERVICES: &str = "api/scheduling/services/";
/// The list under `services/` is seven invented ones; here are the real ones.
const REAL_SERVICES: &str = "api/registration/register/service/";
/// No page holds more, however many are asked for.
const PAGE: &str = "200";
/// More pages than any clinic has: a server that always says "next" must come to an end.
const MOST_PAGES: usize = 200;
/// Hours and bookings are kept level from so many days ago on.
const DAYS_BACK: i64 = 7;
/// Hours of the days within this many are asked for more often than those beyond.
const DAYS_AHEAD: i64 = 7;
/// Until then yesterday's hours may still be going on.
const SMALL_HOURS: i8 = 12;

/// Reads for one account.
pub(super) struct Reader<'a> {
    pub(super) session: &'a Session,
    pub(super) site: &'a Site,
    /// New rows of ours whose answers were lost; they may turn up.
    pub(super) acts: Vec<OutboxItem>,
}

/// A page of a list that has pages.
#[derive(Deserialize)]
struct Page {
    count: usize,
    #[serde(default)]
    next: Option<String>,
    results: Vec<Value>,
}

/// Rows as they came, and whether that is provably all of them.
struct Raw {
    rows: Vec<Value>,
    whole: bool,
}

impl Reader<'_> {
    /// One part of the clinic.
    pub(super) async fn part(&self, part: Part) -> Result<Listing, BackendError> {
        let today = calendar().day_of(self.session.now());
        let back = today.saturating_sub(DAYS_BACK.days());
        let ahead = today.saturating_add(DAYS_AHEAD.days());
        let tomorrow = today.saturating_add(1.day());
        match part {
            Part::HoursToday => self.hours(today, Some(today)).await,
            Part::HoursNear => {
                let early = calendar().time_of(self.session.now()).hour() < SMALL_HOURS;
                let from = if early { today.saturating_sub(1.day()) } else { today };
                self.hours(from, Some(tomorrow)).await
            }
            Part::HoursWeek => self.hours(back, Some(ahead)).await,
            Part::HoursFar => self.hours(ahead.saturating_add(1.day()), None).await,
            Part::BookingsNear => self.bookings(today, Some(tomorrow)).await,
            Part::BookingsAll => self.bookings(back, None).await,
            Part::Staff => self.staff().await,
            Part::Services => self.services().await,
            Part::Clients => self.clients().await,
            // Not a list: see `probe`.
            Part::Probe => Ok(self.nothing()),
        }
    }

    fn nothing(&self) -> Listing {
        Listing {
            begun: self.site.diff.writes().begin(),
            rows: vec![],
            unreadable: vec![],
            whole: None,
        }
    }

    async fn hours(&self, from: Date, to: Option<Date>) -> Result<Listing, BackendError> {
        let begun = self.site.diff.writes().begin();
        let mut query = vec![("date_after", from.to_string())];
        query.extend(to.map(|to| ("date_before", to.to_string())));
        let rows: Vec<Value> = self.get(HOURS, &query).await?.read()?;
        let mut listing = self.listing(begun, Raw { rows, whole: true }, Self::tell_hours);
        let kinds = vec![Kind::Availability, Kind::Block];
        listing.whole = listing.whole.map(|_| Scope::between(kinds, days(from, to)));
        Ok(listing)
    }

    async fn bookings(&self, from: Date, to: Option<Date>) -> Result<Listing, BackendError> {
        let begun = self.site.diff.writes().begin();
        let mut query = vec![("date_after", from.to_string())];
        query.extend(to.map(|to| ("date_before", to.to_string())));
        let raw = self.pages(BOOKINGS, query).await?;
        let mut listing = self.listing(begun, raw, Self::tell_booking);
        let kinds = vec![Kind::Appointment];
        listing.whole = listing.whole.map(|_| Scope::between(kinds, days(from, to)));
        Ok(listing)
    }

    /// Everyone who works there. Who was disabled is not in the answer, and stays as they are known.
    async fn staff(&self) -> Result<Listing, BackendError> {
        #[derive(Deserialize)]
        struct Active {
            staff: Vec<Value>,
            count: usize,
        }
        let begun = self.site.diff.writes().begin();
        let active: Active = self.get(&format!("{STAFF}active_staff/"), &[]).await?.read()?;
        let whole = active.staff.len() == active.count;
        let raw = Raw {
            rows: active.staff,
            whole,
        };
        let mut listing = self.listing(begun, raw, Self::tell_staff);
        let known = self
            .site
            .cache()
            .read(|snapshot| snapshot.truth(Kind::Staff, None))
            .await?;
        let disabled = known.into_iter().filter_map(|(row, _)| match row {
            Row::Staff(row) if !row.active => Some((Kind::Staff, row.id.uuid())),
            _ => None,
        });
        listing.unreadable.extend(disabled);
        listing.whole = listing.whole.map(|_| Scope::all(Kind::Staff));
        Ok(listing)
    }

    async fn services(&self) -> Result<Listing, BackendError> {
        let begun = self.site.diff.writes().begin();
        let raw = self.pages(REAL_SERVICES, vec![]).await?;
        let mut listing = self.listing(begun, raw, Self::tell_service);
        listing.whole = listing.whole.map(|_| Scope::all(Kind::Service));
        Ok(listing)
    }

    async fn clients(&self) -> Result<Listing, BackendError> {
        let begun = self.site.diff.writes().begin();
        let raw = self.pages(CLIENTS, vec![]).await?;
        let mut listing = self.listing(begun, raw, Self::tell_client);
        listing.whole = listing.whole.map(|_| Scope::all(Kind::Client));
        Ok(listing)
    }

    /// One booking, and what it tells of others; none when it is not there, or not for this account: that server says the
    /// same to both, and the same again when it has failed.
    pub(super) async fn booking(&self, server: u64) -> Result<Option<Listing>, BackendError> {
        let begun = self.site.diff.writes().begin();
        let answer = self.get(&format!("{BOOKINGS}{server}/"), &[]).await?;
        if answer.status.is_server_error() || answer.status.as_u16() == 404 {
            return Ok(None);
        }
        let raw = Raw {
            rows: vec![answer.good()?],
            whole: false,
        };
        Ok(Some(self.listing(begun, raw, Self::tell_booking)))
    }

    /// Bookings of a day, of somebody; what is known of them besides is not said.
    pub(super) async fn bookings_of(&self, query: Vec<(&str, String)>) -> Result<Listing, BackendError> {
        let begun = self.site.diff.writes().begin();
        let raw = self.pages(BOOKINGS, query).await?;
        Ok(self.listing(begun, raw, Self::tell_booking))
    }

    /// Somebody's hours of a few days.
    pub(super) async fn hours_of(&self, user: u64, from: Date, to: Date) -> Result<Vec<Row>, BackendError> {
        let begun = self.site.diff.writes().begin();
        let query = [
            ("user", user.to_string()),
            ("date_after", from.to_string()),
            ("date_before", to.to_string()),
        ];
        let rows: Vec<Value> = self.get(HOURS, &query).await?.read()?;
        let listing = self.listing(begun, Raw { rows, whole: true }, Self::tell_hours);
        let hours = listing.rows.into_iter().filter(|told| !told.beside);
        Ok(hours.map(|told| told.row).collect())
    }

    /// Whether anything happened to this account, and to which booking last.
    pub(super) async fn probe(&self) -> Result<(Probed, Option<u64>), BackendError> {
        #[derive(Deserialize)]
        struct Answered {
            count: u64,
            results: Results,
        }
        #[derive(Deserialize)]
        struct Results {
            notifications: Vec<Notification>,
        }
        #[derive(Deserialize)]
        struct Notification {
            id: u64,
            #[serde(default)]
            appointment: Option<u64>,
        }
        let query = [("page_size", "1".to_owned())];
        let answered: Answered = self.get("api/scheduling/notifications/", &query).await?.read()?;
        let newest = answered.results.notifications.first();
        let probed = Probed {
            count: answered.count,
            newest: newest.map(|one| one.id),
        };
        Ok((probed, newest.and_then(|one| one.appointment)))
    }

    /// Asks a second time for a row that was missing where it should have been.
    pub(super) async fn again(&self, row: &Row) -> Result<Again, BackendError> {
        let Some(server) = self.server_id(row) else {
            // Never bound, or bound anew to another of our rows: this one stands for nothing.
            return Ok(Again::Gone);
        };
        let path = match row.kind() {
            Kind::Availability | Kind::Block => HOURS,
            Kind::Appointment => BOOKINGS,
            Kind::Client => CLIENTS,
            Kind::Staff => STAFF,
            Kind::Service => SERVICES,
            _ => return Ok(Again::Unsure),
        };
        let answer = self.get(&format!("{path}{server}/"), &[]).await?;
        if answer.status.as_u16() == 404 && answer.json.is_some() {
            return Ok(Again::Gone);
        }
        if answer.status.is_server_error() {
            return match row {
                Row::Appointment(row) => self.again_by_day(server, row.span).await,
                _ => Ok(Again::Unsure),
            };
        }
        if !answer.status.is_success() {
            return Ok(Again::Unsure);
        }
        let raw = Raw {
            rows: vec![answer.good()?],
            whole: false,
        };
        let begun = self.site.diff.writes().begin();
        let listing = match row.kind() {
            Kind::Availability | Kind::Block => self.listing(begun, raw, Self::tell_hours),
            Kind::Appointment => self.listing(begun, raw, Self::tell_booking),
            Kind::Client => self.listing(begun, raw, Self::tell_client),
            Kind::Staff => self.listing(begun, raw, Self::tell_staff),
            _ => self.listing(begun, raw, Self::tell_service),
        };
        let there = listing.rows.into_iter().map(|told| told.row);
        let same = |there: &Row| (there.kind(), there.id()) == (row.kind(), row.id());
        Ok(match there.into_iter().find(same) {
            Some(there) => Again::There(Box::new(there)),
            // Hours that were made unavailable, or the other way round, are another row to us.
            None if matches!(row.kind(), Kind::Availability | Kind::Block) => Again::Gone,
            None => Again::Unsure,
        })
    }

    /// A missing booking is answered like a failure. Only a whole list of its day that lacks it too shows that it is gone.
    async fn again_by_day(&self, server: u64, span: Span) -> Result<Again, BackendError> {
        let day = calendar().day_of(span.start());
        let raw = self.pages(BOOKINGS, vec![("date", day.to_string())]).await?;
        let listed = raw.rows.iter().any(|row| id_of(row) == Some(server));
        Ok(if raw.whole && !listed {
            Again::Gone
        } else {
            Again::Unsure
        })
    }

    fn server_id(&self, row: &Row) -> Option<u64> {
        self.site.ids.theirs(row.kind(), row.id())
    }

    pub(super) async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Answer, BackendError> {
        self.session.ask(&Question::get(path, query)).await
    }

    /// All pages of a list. It is whole when every page names the same count and as many different rows came.
    async fn pages(&self, path: &str, query: Vec<(&str, String)>) -> Result<Raw, BackendError> {
        let (mut rows, mut seen) = (Vec::new(), HashSet::new());
        let (mut count, mut steady) = (None, true);
        for number in 1..=MOST_PAGES {
            let mut query = query.clone();
            query.push(("page_size", PAGE.to_owned()));
            if number > 1 {
                query.push(("page", number.to_string()));
            }
            let answer = self.get(path, &query).await?;
            if number > 1 && answer.status.as_u16() == 404 {
                // Rows went while the pages were read, and there is one page less.
                return Ok(Raw { rows, whole: false });
            }
            let page: Page = answer.read()?;
            steady &= count.replace(page.count).is_none_or(|before| before == page.count);
            for row in page.results {
                match id_of(&row) {
                    Some(id) => {
                        if seen.insert(id) {
                            rows.push(row);
                        }
                    }
                    None => steady = false,
                }
            }
            if page.next.is_none() {
                let whole = steady && count == Some(seen.len());
                return Ok(Raw { rows, whole });
            }
        }
        Ok(Raw { rows, whole: false })
    }
}

impl AskAgain for Reader<'_> {
    fn ask_again<'a>(&'a self, row: &'a Row) -> BoxFuture<'a, Result<Again, BackendError>> {
        self.again(row).boxed()
    }
}

fn id_of(row: &Value) -> Option<u64> {
    row.get("id").and_then(Value::as_u64)
}

/// From the beginning of one day to the end of another; without an end, for ever.
fn days(from: Date, to: Option<Date>) -> Option<Span> {
    let begin = calendar().day(from).start();
    let end = to.map_or(Timestamp::MAX, |to| calendar().day(to).end());
    Span::new(begin, end).ok()
}
