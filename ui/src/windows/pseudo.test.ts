/** Every window, and what opens over it, speaks only the catalogue: shown here in the pseudo-locale. */
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../ipc/bindings', async () => (await import('../testing/shell')).bindings);
vi.mock('../ipc/anew', () => ({ beginAnew: vi.fn() }));

import type { BookingSheet, MyBooking, SettingsForm, Step } from '../ipc';
import { shell } from '../ipc';
import { bareTexts } from '../testing/bare';
import { aBar, aCatalogue, aDay, aMonth, aRow, aWeek } from '../testing/day';
import { boardOf, fire, now, openClinic, session, staffRow, sync, commands as usual } from '../testing/shell';
import { speakPseudo } from '../words';
import Operator from './operator/Operator.svelte';
import Scheduling from './scheduling/Scheduling.svelte';
import Settings from './settings/Settings.svelte';
import SignIn from './sign-in/SignIn.svelte';
import Therapist from './therapist/Therapist.svelte';

/** What these windows ask for beside what the shell of the tests answers by itself. */
const commands = Object.assign(usual, {
  month: vi.fn(),
  staffWeek: vi.fn(),
  staffAway: vi.fn(),
  myDay: vi.fn(),
  myHours: vi.fn(),
  tryMove: vi.fn(),
});

/** What the clinic's own rows say, and the shell's lines about itself. */
const rows = [
  'Ana',
  'Ben',
  'JS',
  'Jo Santos',
  'Shiatsu',
  'Foot reflex',
  'Room 2',
  'Harbour Clinic',
  'Olivia',
  'Prefers silence',
];
const said = [
  'Allergic to nuts',
  'Ana · therapist',
  'Deskbell 0.1.0 on linux',
  '/home/olivia/settings.toml',
  'timeout',
  'MB',
];
/** Days as the calendar of the browser spells them, and the keys of the keyboard. */
const days = /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\b\w*day\b|\bNov(ember)?\b|\bDec(ember)?\b/;
const keys = /\b(Esc|Ctrl|Shift|Alt|Enter|Tab)\b/;
// The longest first, so that none is cut short by a part of it.
const plain = [...rows, ...said].sort((one, other) => other.length - one.length);
const data = new RegExp(`${plain.join('|')}|${days.source}|${keys.source}`, 'g');

const every: Step[] = ['accept', 'decline', 'arrive', 'start', 'finish', 'pay', 'no_show', 'cancel'] as Step[];

const sheet: BookingSheet = {
  revision: 1,
  id: 'ana-booking',
  day: '2026-11-23',
  day_title: 'Mon 23 Nov',
  span: '14:00–15:00',
  start: '14:00',
  minutes: 60,
  may_move: true,
  clients: [{ id: 'jo', name: 'Jo Santos', phone: '0917 555', alert: 'Allergic to nuts', arrived: null }],
  staff: [{ id: 'ana', name: 'Ana', part: 'therapist', answer: 'pending' }],
  services: 'Shiatsu 60',
  place: 'Room 2',
  status: 'confirmed',
  step: null,
  notes: 'Prefers silence',
  call_back: '0917 555',
  reason: null,
  overlap_reason: null,
  steps: every.slice(0, 4),
  correction: null,
  payment_due: null,
  later: null,
  pending: null,
  history: [],
};

const settings: SettingsForm = {
  hints: true,
  intervals: [{ setting: 'sync.intervals.desk_active', shortest: 10, longest: 15 }],
  new_availability: true,
  only_for_waiting: false,
  days_ahead: 60,
  staff: [],
  bookings: true,
  names: false,
  sound: false,
  quiet: true,
  quiet_from: '20:00',
  quiet_to: '07:00',
  theme: 'system',
  zoom: 100,
  clock: 'locale',
  week_starts: 'locale',
  close_to_tray: false,
  start_at_login: false,
  lock_after_minutes: 10,
  lock_warn_seconds: 60,
};

beforeEach(() => {
  openClinic();
  shell.session = undefined;
  commands.catalogue.mockResolvedValue(aCatalogue());
  commands.bookingSheet.mockResolvedValue(sheet);
  commands.bookingHistory.mockResolvedValue([]);
  commands.board.mockImplementation(async () =>
    boardOf([staffRow('Ana'), staffRow('Ben', { presence: 'off', bookings: [] })]),
  );
  commands.staffWeek.mockResolvedValue(aWeek());
  commands.month.mockResolvedValue(aMonth());
  const booking: MyBooking = {
    bar: aBar(),
    alert: 'Allergic to nuts',
    notes: 'Prefers silence',
    step: null,
    steps: ['arrive'],
    may_correct: true,
  };
  const day = { revision: 1, staff: 'ana', name: 'Ana', day: aDay(), hours: aRow().hours };
  commands.myDay.mockResolvedValue({ ...day, bookings: [booking] });
  commands.myHours.mockResolvedValue({
    revision: 1,
    staff: 'ana',
    name: 'Ana',
    title: '23–29 Nov 2026',
    previous: '2026-11-16',
    next: '2026-11-30',
    days: [{ day: aDay(), hours: aRow().hours, bookings: [aBar()] }],
  });
  commands.settings.mockResolvedValue({
    form: settings,
    locked: ['desktop.theme'],
    file: '/home/olivia/settings.toml',
  });
  speakPseudo(true);
});

const bare = () => bareTexts(document.body, data);

it('the board, with a booking’s sheet, the palette, the keys, and what waits while it is offline', async () => {
  render(Operator);
  await screen.findByTestId('board');
  fire('tick', now(845));
  const user = userEvent.setup();
  await user.click(screen.getAllByTestId('booking')[0] as HTMLElement);
  await screen.findByText('Prefers silence');
  expect(bare()).toEqual([]);
  await user.keyboard('{Escape}');
  await user.keyboard('{Control>}k{/Control}');
  await screen.findByTestId('palette-input');
  expect(bare()).toEqual([]);
  await user.keyboard('{Escape}?');
  expect(bare()).toEqual([]);
  await user.keyboard('{Escape}');
  fire('syncChanged', { ...sync, pill: 'offline', offline_since: 900, waiting: 2, need_you: 1 });
  await vi.waitFor(() => expect(screen.getByTestId('sync-pill').dataset.state).toBe('offline'));
  await user.click(screen.getByTestId('sync-pill'));
  expect(bare()).toEqual([]);
});

it('the board of a clinic where nobody works', async () => {
  commands.board.mockImplementation(async () => boardOf([]));
  render(Operator);
  await vi.waitFor(() => expect(commands.windowReady).toHaveBeenCalledOnce());
  expect(bare()).toEqual([]);
});

it('the calendar by day, week and month, with the form of a booking', async () => {
  render(Scheduling);
  await screen.findByTestId('schedule');
  const user = userEvent.setup();
  await user.click(screen.getAllByTestId('free')[0] as HTMLElement);
  await screen.findByTestId('booking-form');
  expect(bare()).toEqual([]);
  await user.keyboard('{Escape}');
  await user.click(screen.getByTestId('view-week'));
  await vi.waitFor(() => expect(commands.staffWeek).toHaveBeenCalled());
  expect(bare()).toEqual([]);
  await user.click(screen.getByTestId('view-month'));
  await screen.findAllByTestId('month-day');
  expect(bare()).toEqual([]);
});

it('a therapist’s day and hours, with the form of hours', async () => {
  render(Therapist);
  await screen.findByTestId('my-hours');
  fire('tick', now(588));
  await userEvent.click(screen.getByTestId('add-hours'));
  await screen.findByTestId('hours-form');
  expect(bare()).toEqual([]);
});

it('the settings', async () => {
  render(Settings);
  await screen.findByTestId('settings-save');
  await screen.findByTestId('health');
  expect(bare()).toEqual([]);
});

it('signing in, where the clinic is known and where it is not', async () => {
  commands.session.mockResolvedValue({ ...session, account: null });
  const { unmount } = render(SignIn);
  await screen.findByTestId('login');
  expect(bare()).toEqual([]);
  unmount();
  shell.session = undefined;
  commands.session.mockResolvedValue({
    ...session,
    account: null,
    server: '',
    clinic: '',
    sample: false,
    sample_accounts: [],
  });
  render(SignIn);
  await screen.findByTestId('address');
  expect(bare()).toEqual([]);
});
