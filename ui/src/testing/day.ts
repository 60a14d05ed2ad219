/** Rows for tests: whole and plausible, each test changing what it is about. */
import type { Board, BookingBar, Catalogue, DayAxis, MonthView, StaffRow, StaffWeek } from '../ipc';

/** Monday 23 November 2026, open from eight to eight. */
export function aDay(over: Partial<DayAxis> = {}): DayAxis {
  return {
    date: '2026-11-23',
    title: 'Mon 23 Nov',
    previous: '2026-11-22',
    next: '2026-11-24',
    today: true,
    minutes: 1440,
    hours: Array.from({ length: 24 }, (_, hour) => ({
      minute: hour * 60,
      label: `${String(hour).padStart(2, '0')}:00`,
    })),
    opens: 480,
    closes: 1200,
    ...over,
  };
}

/** Jo, booked from ten to eleven. */
export function aBar(over: Partial<BookingBar> = {}): BookingBar {
  return {
    id: 'jo',
    band: { from: 600, to: 660, label: '10:00–11:00' },
    client: 'Jo Santos',
    initials: 'JS',
    services: 'Shiatsu 60',
    place: 'Room 2',
    status: 'confirmed',
    lane: 0,
    lanes: 1,
    clash: false,
    may_move: true,
    pending: null,
    strands: [],
    ...over,
  };
}

/** Ana, who works from nine to twelve and has Jo at ten. */
export function aRow(over: Partial<StaffRow> = {}): StaffRow {
  return {
    staff: 'ana',
    name: 'Ana',
    role: 'therapist',
    hue: 30,
    presence: 'in',
    hours: [
      {
        id: 'hours-ana',
        band: { from: 540, to: 720, label: '09:00–12:00' },
        day: '2026-11-23',
        start: '09:00',
        end: '12:00',
        repeat_weeks: null,
        repeat_until: null,
        note: '',
        pending: null,
      },
    ],
    free: [
      { from: 540, to: 600, label: '09:00–10:00' },
      { from: 660, to: 720, label: '11:00–12:00' },
    ],
    blocks: [],
    bookings: [aBar()],
    ...over,
  };
}

/** A board of Ana, and Ben who is off. */
export function aBoard(over: Partial<Board> = {}): Board {
  const ben = aRow({ staff: 'ben', name: 'Ben', hue: 200, presence: 'off', hours: [], free: [], bookings: [] });
  return {
    revision: 1,
    day: aDay(),
    now: {
      at: 1795424400,
      date: '2026-11-23',
      minute: 540,
      label: '09:00',
      twelve_hours: false,
      week_starts: 1,
      zone: null,
    },
    rows: [aRow(), ben],
    look: { pinned: [], shown: 'all', zoom: null },
    changed: [],
    needs: [],
    arrivals: [],
    waiting: [],
    ...over,
  };
}

/** Two services; Ben offers only the shorter. */
export function aCatalogue(): Catalogue {
  return {
    services: [
      { id: 'foot', name: 'Foot reflex', minutes: 45, buffer: 10 },
      { id: 'shiatsu', name: 'Shiatsu', minutes: 60, buffer: 15 },
    ],
    staff: [
      { id: 'ana', name: 'Ana', role: 'therapist', services: [] },
      { id: 'ben', name: 'Ben', role: 'therapist', services: ['foot'] },
    ],
  };
}

/** Ana's Monday with Jo, and a Tuesday that is free. */
export function aWeek(): StaffWeek {
  const tuesday = aDay({ date: '2026-11-24', title: 'Tue 24 Nov', today: false });
  return {
    revision: 1,
    staff: 'ana',
    name: 'Ana',
    title: '23–29 Nov 2026',
    previous: '2026-11-16',
    next: '2026-11-30',
    today: true,
    days: [
      { day: aDay({ title: 'Mon 23 Nov' }), row: aRow() },
      { day: tuesday, row: aRow({ bookings: [], free: [{ from: 540, to: 720, label: '09:00–12:00' }] }) },
    ],
  };
}

/** Two weeks around the end of November; on the 24th three are booked and two hours are free. */
export function aMonth(): MonthView {
  const days = Array.from({ length: 14 }, (_, after) => {
    const date = new Date(Date.UTC(2026, 10, 23 + after)).toISOString().slice(0, 10);
    const full = date === '2026-11-24';
    return {
      date,
      label: date === '2026-12-01' ? '1 Dec' : String(Number(date.slice(8))),
      inside: date < '2026-12',
      today: date === '2026-11-23',
      past: date < '2026-11-23',
      open: true,
      bookings: full ? 3 : 0,
      unanswered: full ? 1 : 0,
      free_minutes: full ? 120 : 0,
      working: full ? 2 : 0,
    };
  });
  return { revision: 1, title: 'November 2026', previous: '2026-10-01', next: '2026-12-01', today: true, days };
}
