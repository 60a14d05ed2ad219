//! Who works when: shift patterns over this week and the next, some past midnight, some repeating, some off.

use super::Source;
use super::names::THERAPISTS;
use clinic::{Availability, Block, BlockOf, BlockReason, Calendar, Repeat, Resource, Span, Staff, Weekly};
use deskbell_clinic as clinic;
use jiff::ToSpan;
use jiff::civil::{Date, Time, time};
use rand::Rng;

/// Availabilities and blocks, and the days they are for.
pub(super) struct Hours {
    pub(super) availabilities: Vec<Availability>,
    pub(super) blocks: Vec<Block>,
}

const SHIFTS: [(Time, Time); 5] = [
    (time(10, 0, 0, 0), time(18, 0, 0, 0)),
    (time(9, 0, 0, 0), time(15, 0, 0, 0)),
    (time(13, 0, 0, 0), time(21, 0, 0, 0)),
    (time(9, 0, 0, 0), time(18, 0, 0, 0)),
    (time(17, 0, 0, 0), time(1, 0, 0, 0)),
];

pub(super) fn of(source: &mut Source, staff: &[Staff], resources: &[Resource]) -> Hours {
    let therapists = &staff[..THERAPISTS.len()];
    let mut availabilities = Vec::new();
    for (index, therapist) in therapists.iter().enumerate() {
        // Every fifth works late; the first three, whom everybody tries first, work regular days.
        let (start, end) = SHIFTS[if index < 3 { 0 } else { index % SHIFTS.len() }];
        let repeats = index % 4 == 3;
        for day in days(source.today) {
            if is_off(index, day, source.today) {
                continue;
            }
            let Some(span) = source.calendar.span(day, start, end) else {
                continue;
            };
            let first_week = day < first_day(source.today).saturating_add(7.days());
            if repeats && !first_week {
                continue;
            }
            availabilities.push(Availability {
                id: source.id(),
                staff: therapist.id,
                span,
                services: vec![],
                note: String::new(),
                repeat: if repeats {
                    Repeat::Weekly(Weekly {
                        weeks: 1,
                        until: None,
                        except: vec![],
                    })
                } else {
                    Repeat::None
                },
            });
        }
    }
    let blocks = blocks(source, therapists, resources);
    Hours { availabilities, blocks }
}

/// From where the past bookings begin to the end of next week.
fn days(today: Date) -> impl Iterator<Item = Date> {
    first_day(today)
        .series(1.day())
        .take_while(move |day| *day <= today.saturating_add(13.days()))
}

fn first_day(today: Date) -> Date {
    today.saturating_sub(6.days())
}

/// Two days a week off, not the same for all; the first three work today.
fn is_off(index: usize, day: Date, today: Date) -> bool {
    let weekday = |day: Date| usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    let shifted = if index < 3 {
        weekday(today) + 2 + index
    } else {
        index * 2
    };
    let off = [shifted % 7, (shifted + 1) % 7];
    off.contains(&weekday(day))
}

fn blocks(source: &mut Source, therapists: &[Staff], resources: &[Resource]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let today = source.today;
    let mut add = |source: &mut Source, of, span: Option<Span>, reason, note: &str, repeat| {
        if let Some(span) = span {
            blocks.push(Block {
                id: source.id(),
                of,
                span,
                reason,
                note: note.into(),
                repeat,
            });
        }
    };
    for index in [1, 4, 7, 9, 12, 16] {
        let start = time(12 + source.random.random_range(0..2), 0, 0, 0);
        let span = span(&source.calendar, today, start, 45);
        add(
            source,
            BlockOf::Staff(therapists[index].id),
            span,
            BlockReason::Lunch,
            "",
            Repeat::None,
        );
    }
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let cleaning = span(&source.calendar, monday, time(14, 0, 0, 0), 30);
    let weekly = Repeat::Weekly(Weekly {
        weeks: 1,
        until: None,
        except: vec![],
    });
    add(
        source,
        BlockOf::Resource(resources[0].id),
        cleaning,
        BlockReason::Cleaning,
        "Deep clean",
        weekly,
    );
    let tomorrow = today.saturating_add(1.day());
    let leave = Span::new(
        source.calendar.day(tomorrow).start(),
        source.calendar.day(tomorrow.saturating_add(2.days())).end(),
    )
    .ok();
    add(
        source,
        BlockOf::Staff(therapists[5].id),
        leave,
        BlockReason::Leave,
        "Family visit",
        Repeat::None,
    );
    blocks
}

fn span(calendar: &Calendar, day: Date, start: Time, minutes: u32) -> Option<Span> {
    Span::of_minutes(calendar.at(day, start), minutes)
}
