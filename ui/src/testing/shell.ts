/** A shell for tests of whole windows: it answers commands from a small clinic, and its events are fired by hand. */
import { vi } from 'vitest';
import type { Board, ChangedEntry, ClinicChanged, HealthView, Now, SessionView, StaffRow, SyncView } from '../ipc';

const heard = new Map<string, Set<(event: { payload: unknown }) => void>>();

/** An event of the bindings: `events.tick(window).listen(callback)`. */
const event = (name: string) => () => ({
  listen: async (callback: (event: { payload: unknown }) => void) => {
    const all = heard.get(name) ?? new Set();
    heard.set(name, all.add(callback));
    return () => all.delete(callback);
  },
});

/** Fires an event at every window that hears it. */
export function fire(name: string, payload: unknown): void {
  for (const callback of heard.get(name) ?? []) callback({ payload });
}

export const session = {
  account: { login: 'olivia', name: 'Olivia', role: 'operator', staff: null },
  clinic: 'Harbour Clinic',
  server: 'sample',
  speaks: 'deskbell',
  holds: {
    repeats: true,
    hours_notes: true,
    overrides: true,
    desk_lists: true,
    visits: false,
    series: true,
    setup: true,
  },
  single_keys: true,
  sample: true,
  sample_accounts: [{ login: 'ana', label: 'Ana · therapist', role: 'therapist' }],
  people: [],
  passphrase: null,
  problem: null,
} as SessionView;

export const sync: SyncView = {
  pill: 'live',
  fresh_at: 1_000,
  offline_since: null,
  waiting: 0,
  need_you: 0,
  problem: null,
  notice: null,
  poll_seconds: 15,
  hints: true,
  sign_in_by: null,
  cost: null,
  others: [],
};

export const health: HealthView = {
  from: '13:05',
  until: '14:05',
  minutes: Array.from({ length: 60 }, (_, minute) => ({
    polls: minute % 2,
    hints: minute === 30 ? 3 : 0,
    failures: minute === 59 ? 1 : 0,
    slowest_ms: minute % 2 ? 12 : null,
  })),
  requests: 34,
  usual_ms: 12,
  slow_ms: 48,
  hints_lost: 2,
  failures: [{ code: 'timeout', times: 1, last: '14:04' }],
  cache: '12.4 MB',
  clock_off: null,
  report: 'Deskbell 0.1.0 on linux',
};

export const now = (minute: number): Now => ({
  at: 1_000 + minute * 60,
  date: '2026-11-23',
  minute,
  label: '14:05',
  twelve_hours: false,
  week_starts: 1,
  zone: null,
});

const label = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
export const band = (from: number, to: number) => ({ from, to, label: `${label(from)}–${label(to)}` });

/** A staff member with free time from nine to noon and one booking at two. */
export function staffRow(name: string, more: Partial<StaffRow> = {}): StaffRow {
  const id = name.toLowerCase();
  return {
    staff: id,
    name,
    role: 'therapist',
    hue: 75,
    presence: 'in',
    hours: [
      {
        id: `${id}-hours`,
        band: band(540, 1_020),
        day: '2026-11-23',
        start: '09:00',
        end: '17:00',
        repeat_weeks: null,
        repeat_until: null,
        note: '',
        pending: null,
      },
    ],
    free: [band(540, 720)],
    blocks: [],
    bookings: [
      {
        id: `${id}-booking`,
        band: band(840, 900),
        client: 'Jo Santos',
        initials: 'JS',
        services: 'Shiatsu 60',
        place: 'Room 2',
        status: 'confirmed',
        lane: 0,
        lanes: 1,
        clash: false,
        may_move: false,
        pending: null,
        strands: [],
      },
    ],
    ...more,
  };
}

export function changedEntry(seq: number, more: Partial<ChangedEntry> = {}): ChangedEntry {
  return {
    seq,
    at: seq,
    time: '14:02',
    what: 'hours_added',
    staff: 'ana',
    staff_name: 'Ana',
    day: '2026-11-23',
    day_title: '',
    span: '17:00–19:00',
    appointment: null,
    client: null,
    by: null,
    fits: 2,
    ...more,
  };
}

export function boardOf(rows: StaffRow[], more: Partial<Board> = {}): Board {
  return {
    revision: 1,
    day: {
      date: '2026-11-23',
      title: 'Mon 23 Nov',
      previous: '2026-11-22',
      next: '2026-11-24',
      today: true,
      minutes: 1_440,
      hours: Array.from({ length: 24 }, (_, hour) => ({ minute: hour * 60, label: label(hour * 60) })),
      opens: 480,
      closes: 1_200,
    },
    now: now(540),
    rows,
    look: { pinned: [], shown: 'all', zoom: null },
    changed: [],
    needs: [],
    arrivals: [],
    waiting: [],
    ...more,
  };
}

/** A notice that somebody elsewhere changed rows. */
export function notice(prev: number, ids: string[], more: Partial<ClinicChanged> = {}): ClinicChanged {
  return {
    epoch: 'one',
    prev,
    revision: prev + 1,
    items: ids.map((id) => ({ kind: 'availability', id, op: 'put', left: false })),
    overflow: false,
    origin: 'elsewhere',
    ...more,
  };
}

/** Commands with nothing to do; a test gives the answers that it is about. */
export const commands = {
  session: vi.fn(),
  signIn: vi.fn(),
  signInSample: vi.fn(),
  givePassphrase: vi.fn(),
  givePassphraseUp: vi.fn(),
  signOut: vi.fn(),
  connect: vi.fn(),
  trySample: vi.fn(),
  board: vi.fn(),
  keepBoardLook: vi.fn(),
  daySheet: vi.fn(),
  printDay: vi.fn(),
  saveDay: vi.fn(),
  catalogue: vi.fn(),
  bookingSheet: vi.fn(),
  bookingHistory: vi.fn(),
  findClients: vi.fn(),
  clientCard: vi.fn(),
  findOpenings: vi.fn(),
  book: vi.fn(),
  keptDraft: vi.fn(),
  keepDraft: vi.fn(),
  previewRepeats: vi.fn(),
  moveSeries: vi.fn(),
  cancelSeries: vi.fn(),
  takeStep: vi.fn(),
  settings: vi.fn(),
  changeSettings: vi.fn(),
  tryNotification: vi.fn(),
  lockView: vi.fn(),
  lock: vi.fn(),
  comeIn: vi.fn(),
  setPin: vi.fn(),
  removePin: vi.fn(),
  changeKey: vi.fn(),
  undo: vi.fn(),
  syncView: vi.fn(),
  syncHealth: vi.fn(),
  clinicSetup: vi.fn(),
  changeClinic: vi.fn(),
  removeFromClinic: vi.fn(),
  waitingActs: vi.fn(),
  resolveAct: vi.fn(),
  dismissNotice: vi.fn(),
  refresh: vi.fn(),
  attend: vi.fn(),
  watch: vi.fn(async () => 0),
  changesSince: vi.fn(),
  openWindow: vi.fn(),
  setSingleKeys: vi.fn(),
  windowReady: vi.fn(async () => null),
};

/** What takes the place of the generated bindings. */
export const bindings = {
  commands,
  events: {
    clinicChanged: event('clinicChanged'),
    syncChanged: event('syncChanged'),
    sessionChanged: event('sessionChanged'),
    lockChanged: event('lockChanged'),
    tick: event('tick'),
    goTo: event('goTo'),
  },
};

/** Answers as a clinic with two therapists does. */
export function openClinic(): void {
  for (const command of Object.values(commands)) command.mockReset().mockResolvedValue(null);
  commands.session.mockResolvedValue(session);
  commands.syncView.mockResolvedValue(sync);
  commands.syncHealth.mockResolvedValue(health);
  commands.changesSince.mockImplementation(async (revision: number) => ({
    epoch: 'one',
    revision,
    items: [],
    overflow: false,
  }));
  commands.waitingActs.mockResolvedValue([]);
  commands.findClients.mockResolvedValue([]);
  commands.catalogue.mockResolvedValue({
    services: [{ id: 'shiatsu', name: 'Shiatsu 60', minutes: 60, buffer: 10 }],
    staff: [{ id: 'ana', name: 'Ana', role: 'therapist', services: [] }],
  });
  commands.board.mockImplementation(async () => boardOf([staffRow('Ana'), staffRow('Ben')]));
  commands.takeStep.mockResolvedValue({ operation: 'op', revision: 2, undoable: true });
}
