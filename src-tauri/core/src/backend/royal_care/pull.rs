//! One pull: what is due is read, compared with the cache, and handed out page by page like any other server's changes.

use super::heat::Part;
use super::hints::Named;
use super::reader::Reader;
use super::rows;
use super::session::Session;
use super::site::{Owed, Progress, Site};
use crate::backend::snapshot_diff::{Listing, Scope, Told};
use crate::backend::{BackendError, Pull};
use deskbell_clinic::wire::Change;
use deskbell_clinic::{Appointment, Kind, Row};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tokio::time::Instant;

/// A page holds so many changes.
const PAGE: usize = 200;
/// The server's past is one and the same for ever: it keeps none.
const EPOCH: &str = "royal-care";

/// Pulls for one account.
pub(super) struct Puller<'a> {
    pub(super) session: &'a Session,
    pub(super) site: &'a Site,
    pub(super) named: &'a Named,
}

impl Puller<'_> {
    /// The next page. Without a cursor, everything from the beginning.
    pub(super) async fn page(&self, since: Option<&str>) -> Result<Pull, BackendError> {
        let asked_at = self.session.now();
        let mut progress = self.site.progress.lock().await;
        let taken_in = since.is_some() && progress.cursor.as_deref() == since;
        if !taken_in {
            // What was handed out never reached the cache: it is read again.
            progress.queue.clear();
            let owed = progress.owed.take();
            self.named.name(owed.into_iter().flat_map(|owed| owed.bookings));
        }
        if progress.queue.is_empty() {
            settle(&mut progress);
            let (changes, owed) = self.round(&progress, since.is_none()).await?;
            progress.queue = changes.into();
            progress.owed = Some(owed);
        }
        let many = progress.queue.len().min(PAGE);
        let changes: Vec<_> = progress.queue.drain(..many).collect();
        progress.turn += 1;
        // Different at every start of the program, so that no cursor of an earlier one is taken for one of this.
        let cursor = format!("{}-{}", self.site.started, progress.turn);
        progress.cursor = Some(cursor.clone());
        Ok(Pull {
            epoch: EPOCH.to_owned(),
            server_time: half_way(asked_at, self.session.now()),
            changes,
            cursor,
            more: !progress.queue.is_empty(),
            next_poll_ms: 0,
            digest: vec![],
            people: vec![],
        })
    }

    /// Reads what is due and what was named.
    async fn round(&self, progress: &Progress, everything: bool) -> Result<(Vec<Change>, Owed), BackendError> {
        let (named, personal, gap) = self.named.take();
        let mut owed = Owed {
            bookings: named,
            ..Owed::default()
        };
        let read = self.read(progress, everything, personal, gap, &mut owed).await;
        if read.is_err() {
            self.named.name(owed.bookings.iter().copied());
            if gap {
                self.named.missed();
            }
        }
        Ok((read?, owed))
    }

    async fn read(
        &self,
        progress: &Progress,
        everything: bool,
        personal: bool,
        gap: bool,
        owed: &mut Owed,
    ) -> Result<Vec<Change>, BackendError> {
        let reader = Reader {
            session: self.session,
            site: self.site,
            acts: self.site.unresolved().await?,
        };
        let now = self.session.now();
        let mut heat = if everything {
            Default::default()
        } else {
            progress.heat.clone()
        };
        if gap {
            heat.forget(Part::BookingsNear);
        }
        if personal {
            heat.forget(Part::Probe);
        }
        let mut changes = Vec::new();
        if everything {
            let clinic = Listing {
                begun: self.site.diff.writes().begin(),
                rows: vec![Told::from(rows::clinic(self.site.account.clinic))],
                unreadable: vec![],
                whole: None,
            };
            changes.extend(self.site.diff.everything(clinic, now).await?);
        }
        let mut due = heat.due(Instant::now(), self.named.listening(), self.site.is_desk());
        let mut told_near = due.contains(&Part::BookingsAll) || due.contains(&Part::BookingsNear);
        let mut next = 0;
        while let Some(part) = due.get(next).copied() {
            next += 1;
            let asked = Instant::now();
            if part == Part::Probe {
                let (probed, booking) = reader.probe().await?;
                if let Some(before) = progress.probe.filter(|before| *before != probed) {
                    owed.bookings.extend(booking);
                    // One more is the one that was read; of any others the lists must tell.
                    if probed.count != before.count + 1 && !told_near {
                        told_near = true;
                        due.push(Part::BookingsNear);
                    }
                }
                owed.probe = Some(probed);
            } else {
                let listing = reader.part(part).await?;
                changes.extend(if everything {
                    self.site.diff.everything(listing, now).await?
                } else {
                    self.site.diff.changes(listing, now, &reader).await?
                });
            }
            owed.parts.push((part, asked));
        }
        if !everything {
            changes.extend(self.named_bookings(&reader, &owed.bookings, personal, now).await?);
        }
        self.site.ids.remember(self.site.cache()).await?;
        Ok(last_of_each(changes))
    }

    /// Bookings that a hint has named, each by a question of its own. A therapist's or driver's socket names everybody's:
    /// of those that are not known here only such are asked for as come with a word to this account.
    async fn named_bookings(
        &self,
        reader: &Reader<'_>,
        named: &BTreeSet<u64>,
        personal: bool,
        now: Timestamp,
    ) -> Result<Vec<Change>, BackendError> {
        let mut changes = Vec::new();
        for server in named {
            let known = self.site.ids.known(Kind::Appointment, *server);
            if known.is_none() && !personal && !self.site.is_desk() {
                continue;
            }
            let listing = match reader.booking(*server).await? {
                Some(listing) => listing,
                None => {
                    let Some(id) = known else { continue };
                    let Some((Row::Appointment(row), _)) = self.site.truth(Kind::Appointment, id).await? else {
                        continue;
                    };
                    self.only(&row)
                }
            };
            changes.extend(self.site.diff.changes(listing, now, reader).await?);
        }
        Ok(changes)
    }

    /// An answer that lacks exactly this booking: whether it is gone is asked a second time.
    fn only(&self, row: &Appointment) -> Listing {
        Listing {
            begun: self.site.diff.writes().begin(),
            rows: vec![],
            unreadable: vec![],
            whole: Some(Scope::one(Kind::Appointment, row.id.uuid())),
        }
    }
}

/// What was handed out is in the cache: it counts as read.
fn settle(progress: &mut Progress) {
    let Some(owed) = progress.owed.take() else { return };
    for (part, at) in owed.parts {
        progress.heat.read(part, at);
    }
    progress.probe = owed.probe.or(progress.probe);
}

/// A row that several answers of one round told of is as the last one said.
fn last_of_each(changes: Vec<Change>) -> Vec<Change> {
    let mut seen = std::collections::HashSet::new();
    let mut last: Vec<_> = changes
        .into_iter()
        .rev()
        .filter(|change| seen.insert((change.kind, change.id)))
        .collect();
    last.reverse();
    last.sort_by_key(|change| change.kind);
    last
}

/// That server tells no time: this computer's own stands for it, as of when the answer was made.
fn half_way(asked_at: Timestamp, answered_at: Timestamp) -> Timestamp {
    let half = answered_at.duration_since(asked_at) / 2;
    asked_at.checked_add(half).unwrap_or(answered_at)
}
