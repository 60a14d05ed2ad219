import { fireEvent, render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../../ipc/bindings', async () => (await import('../../testing/shell')).bindings);
vi.mock('../../ipc/anew', () => ({ beginAnew: vi.fn() }));

import { beginAnew } from '../../ipc/anew';
import { announcements } from '../../parts/announcements.svelte';
import { privacy } from '../../parts/privacy.svelte';
import { toasts } from '../../parts/toasts.svelte';
import { violations } from '../../testing/axe';
import { bareTexts } from '../../testing/bare';
import {
  band,
  boardOf,
  changedEntry,
  commands,
  fire,
  notice,
  now,
  openClinic,
  session,
  staffRow,
  sync,
} from '../../testing/shell';
import { speakPseudo } from '../../words';
import Operator from './Operator.svelte';

beforeEach(() => {
  openClinic();
  privacy.initialsOnly = false;
  announcements.text = '';
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
});

async function open() {
  render(Operator);
  await screen.findByTestId('board');
  fire('tick', now(845));
  return userEvent.setup();
}
const row = (name: string) => within(screen.getByTestId(`row-${name}`));

it('shows itself once there is something to see, and says which day it shows', async () => {
  await open();
  await vi.waitFor(() => expect(commands.windowReady).toHaveBeenCalledOnce());
  await vi.waitFor(() =>
    expect(commands.watch).toHaveBeenCalledWith({ from_day: '2026-11-23', to_day: '2026-11-23', staff: null }),
  );
  expect(row('ana').getByTestId('free').dataset).toMatchObject({ from: '540', to: '720' });
  expect(row('ana').getByTestId('hours').dataset).toMatchObject({ from: '540', to: '1020' });
  expect(row('ana').getByTestId('booking').getAttribute('aria-label')).toBe(
    'Jo Santos, Shiatsu 60, 14:00–15:00 on Monday 23 November, 5 min late, with Ana',
  );
});

it('shows new free time without being asked: on the row, in the list, and to a screen reader', async () => {
  await open();
  const added = staffRow('Ana', { free: [band(540, 720), band(1_020, 1_140)] });
  added.hours.push(...staffRow('Ana').hours.map((one) => ({ ...one, id: 'new', band: band(1_020, 1_140) })));
  commands.board.mockResolvedValue(boardOf([added, staffRow('Ben')], { revision: 2, changed: [changedEntry(1)] }));
  fire('clinicChanged', notice(1, ['new']));
  const entry = await screen.findByTestId('changed-entry');
  expect(entry.textContent).toContain('17:00–19:00');
  expect(entry.textContent).toContain('fits 2');
  expect(
    row('ana')
      .getAllByTestId('free')
      .map((one) => one.dataset.from),
  ).toEqual(['540', '1020']);
  expect(row('ana').getByTestId('unseen')).toBeTruthy();
  expect(row('ben').queryByTestId('unseen')).toBeNull();
  expect(announcements.text.trim()).toBe('Ana added 17:00–19:00');
});

it('touches no other node when one booking changes', async () => {
  await open();
  const untouched = row('ben').getByTestId('booking');
  const changed = row('ana').getByTestId('booking');
  const mutations: Node[] = [];
  const observer = new MutationObserver((list) => mutations.push(...list.map((one) => one.target)));
  observer.observe(screen.getByTestId('board'), {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  const ana = staffRow('Ana');
  Object.assign(ana.bookings[0] ?? {}, { status: 'arrived' });
  commands.board.mockResolvedValue(boardOf([ana, staffRow('Ben')], { revision: 2 }));
  fire('clinicChanged', notice(1, ['ana-booking']));
  await vi.waitFor(() => expect(changed.dataset.status).toBe('arrived'));
  observer.disconnect();
  expect(row('ana').getByTestId('booking'), 'the same node').toBe(changed);
  expect(mutations.some((node) => untouched.contains(node))).toBe(false);
});

it('books into free time that is chosen by keyboard', async () => {
  const user = await open();
  row('ana').getByTestId('free').focus();
  await user.keyboard('{Enter}');
  expect(await screen.findByTestId('book-client')).toBeTruthy();
  expect((screen.getByTestId('book-start') as HTMLInputElement).value).toBe('11:45');
});

it('moves between items and rows with the arrows', async () => {
  const user = await open();
  row('ana').getByTestId('free').focus();
  await user.keyboard('{ArrowRight}');
  expect(document.activeElement).toBe(row('ana').getByTestId('booking'));
  await user.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(row('ben').getByTestId('booking'));
  await user.keyboard('{Home}');
  expect(document.activeElement).toBe(row('ben').getByTestId('free'));
});

it('marks a client as arrived with one key, with an undo', async () => {
  commands.bookingSheet.mockResolvedValue({ steps: ['arrive'], clients: [{ name: 'Jo Santos' }] });
  const user = await open();
  row('ana').getByTestId('booking').focus();
  await user.keyboard('a');
  await vi.waitFor(() => expect(commands.takeStep).toHaveBeenCalledExactlyOnceWith('ana-booking', 'arrive', null));
  expect((await screen.findByTestId('toast')).textContent).toContain('Jo Santos arrived');
  await user.keyboard('{Control>}z{/Control}');
  await vi.waitFor(() => expect(commands.undo).toHaveBeenCalledExactlyOnceWith('op'));
});

it('does not mark as arrived what the backend does not allow', async () => {
  commands.bookingSheet.mockResolvedValue({ steps: ['finish'], clients: [] });
  const user = await open();
  row('ana').getByTestId('booking').focus();
  await user.keyboard('a');
  await vi.waitFor(() => expect(commands.bookingSheet).toHaveBeenCalled());
  expect(commands.takeStep).not.toHaveBeenCalled();
});

it('searches from the keyboard, and single keys do not fire while one types', async () => {
  const user = await open();
  await user.keyboard('/');
  expect(document.activeElement).toBe(screen.getByTestId('search'));
  commands.board.mockClear();
  await user.keyboard('ben t');
  expect(commands.board, 'T was typed, not pressed').not.toHaveBeenCalled();
  await user.clear(screen.getByTestId('search'));
  await user.keyboard('ben');
  expect(screen.queryByTestId('row-ana')).toBeNull();
  expect(screen.getByTestId('row-ben')).toBeTruthy();
  await user.keyboard('{Escape}');
  expect(screen.getByTestId('row-ana')).toBeTruthy();
});

it('finds a client from the keyboard and opens their card, on which one key books and one books the same again', async () => {
  const hit = { id: 'jo', name: 'Jo Santos', phone: '0917 555 0101', alert: 'Pregnant' };
  const visit = {
    id: 'old',
    day: '2026-11-16',
    day_title: 'Mon 16 Nov',
    span: '14:00–15:00',
    services: 'Shiatsu 60',
    staff: 'Ana',
    status: 'completed',
    pending: null,
  };
  commands.findClients.mockResolvedValue([hit]);
  commands.clientCard.mockResolvedValue({
    revision: 1,
    id: 'jo',
    name: 'Jo Santos',
    phones: ['0917 555 0101'],
    address: '',
    alert: 'Pregnant',
    notes: '',
    wishes: 'Ana',
    next: [],
    past: [visit],
    visits: 4,
    no_shows: 1,
    cancelled: 0,
    rebook: {
      staff: 'ana',
      staff_name: 'Ana',
      services: ['shiatsu'],
      day: '2026-11-23',
      day_title: 'Mon 23 Nov',
      start: '10:00',
    },
    pending: null,
  });
  const user = await open();
  await user.keyboard('/0917');
  await screen.findByTestId('find-client');
  await user.keyboard('{Enter}');
  const card = await screen.findByTestId('client-card');
  await vi.waitFor(() => expect(card.textContent).toContain('1 time not come'));
  expect(commands.clientCard).toHaveBeenCalledWith('jo');
  expect(card.textContent).toContain('Pregnant');
  expect(await violations(card)).toEqual([]);
  await user.keyboard('r');
  const form = await screen.findByTestId('booking-form');
  const field = within(form).getByTestId<HTMLInputElement>('book-client');
  expect([field.value, field.dataset.known]).toEqual(['Jo Santos', 'jo']);
  await user.keyboard('{Escape}');
  await user.keyboard('/jo');
  await screen.findByTestId('find-client');
  await user.keyboard('{Enter}');
  await vi.waitFor(() => expect(screen.getByTestId('card-book')).toBeTruthy());
  await user.keyboard('b');
  expect((await screen.findByTestId('armed')).textContent).toContain('Jo Santos');
});

it('goes to another day and back to today', async () => {
  const user = await open();
  await user.keyboard(']');
  await vi.waitFor(() => expect(commands.board).toHaveBeenLastCalledWith('2026-11-24'));
  await user.keyboard('t');
  await vi.waitFor(() => expect(commands.board).toHaveBeenLastCalledWith(null));
});

it('shows initials only, on demand', async () => {
  const user = await open();
  await user.keyboard('{Control>}{Shift>}h{/Shift}{/Control}');
  expect(row('ana').getByTestId('booking').textContent).toContain('JS');
  expect(document.body.textContent).not.toContain('Jo Santos');
});

it('says a sentence and keeps the way to try again when the board cannot be read', async () => {
  commands.board.mockRejectedValueOnce({ code: 'other', message: 'The cache cannot be read.' });
  render(Operator);
  expect((await screen.findByTestId('error')).textContent).toBe('The cache cannot be read.');
  await vi.waitFor(() => expect(commands.windowReady).toHaveBeenCalled());
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByTestId('board')).toBeTruthy();
  expect(screen.queryByTestId('error')).toBeNull();
});

it('begins anew when another account has signed in', async () => {
  await open();
  fire('sessionChanged', { ...session, account: { ...session.account, login: 'sam' } });
  expect(beginAnew).toHaveBeenCalledOnce();
});

it('asks before it signs out with work that waits', async () => {
  const user = await open();
  commands.signOut.mockRejectedValueOnce({ code: 'work_waiting', message: '1 change has not reached the clinic.' });
  await user.click(await screen.findByTestId('account'));
  await user.click(await screen.findByTestId('sign-out'));
  const anyway = await screen.findByTestId('sign-out-anyway');
  expect(document.body.textContent).toContain('1 change has not reached the clinic.');
  await user.click(anyway);
  expect(commands.signOut.mock.calls).toEqual([[false], [true]]);
});

it('opens what waits behind the pill, with its choices', async () => {
  commands.waitingActs.mockResolvedValue([
    {
      pending: { operation: 'op', state: 'not_sent' },
      what: 'Booking · Jo Santos',
      reason: 'There is no connection.',
      at: '14:02',
      taken_by: [],
      alternatives: [],
      may: ['retry', 'cancel'],
    },
  ]);
  const user = await open();
  fire('syncChanged', { ...sync, pill: 'offline', offline_since: '14:02', waiting: 1 });
  const pill = screen.getByTestId('sync-pill');
  await vi.waitFor(() => expect(pill.textContent).toContain('Offline since 14:02 (1 change waiting)'));
  expect(pill.dataset.state).toBe('offline');
  await user.click(pill);
  await user.click(await screen.findByTestId('choice-cancel'));
  expect(commands.resolveAct).toHaveBeenCalledExactlyOnceWith('op', 'cancel', null);
});

it('has no text outside the catalogue', async () => {
  speakPseudo(true);
  commands.board.mockResolvedValue(
    boardOf([staffRow('Ana')], {
      changed: [changedEntry(1, { client: 'Jo Santos', by: { name: 'Ben', you: false } })],
      needs: [
        {
          why: 'declined',
          title: 'Jo Santos · Ana',
          detail: 'Shiatsu 60',
          appointment: 'a',
          pending: null,
          task: null,
        },
      ],
      arrivals: [
        {
          appointment: 'a',
          from: 840,
          time: '14:00',
          client: 'Jo Santos',
          staff: 'Ana',
          status: 'confirmed',
          pending: null,
          strands: [{ appointment: 'b', client: 'Jo Santos', time: '15:00', slack: 2 }],
        },
      ],
      waiting: [
        {
          id: 'w',
          client: 'Jo Santos',
          services: 'Shiatsu 60',
          service_ids: [],
          staff: 'Ana',
          time: '',
          urgent: true,
          since: '23 Nov',
        },
      ],
    }),
  );
  await open();
  // What the clinic's own rows say, and the keys of the keyboard.
  const data = /Ana|Ben|JS|Jo Santos|Shiatsu|Room 2|Harbour Clinic|Olivia|Mon 23 Nov|Monday 23 November|Esc|Ctrl/g;
  expect(bareTexts(document.body, data)).toEqual([]);
});

it('is arranged as it was left, over days and restarts', async () => {
  const kept = { pinned: ['ben'], shown: 'therapist' as const, zoom: 250 };
  const ana = staffRow('Ana');
  const dan = staffRow('Dan', { role: 'driver' });
  commands.board.mockImplementation(async () => boardOf([ana, staffRow('Ben'), dan], { look: kept }));
  const user = await open();
  const order = () => screen.getAllByRole('row').map((one) => one.dataset.staff);
  expect(order()).toEqual(['ben', 'ana']);
  expect(screen.getByTestId('board').style.getPropertyValue('--ppm')).toBe('2.5');
  await user.selectOptions(screen.getByTestId('shown'), 'all');
  expect(commands.keepBoardLook).toHaveBeenLastCalledWith({ pinned: ['ben'], shown: 'all', zoom: 250 });
  await user.click(screen.getByRole('button', { name: 'Day after' }));
  await vi.waitFor(() => expect(commands.board).toHaveBeenLastCalledWith('2026-11-24'));
  expect(order(), 'the answer of another day changes nothing of it').toEqual(['ben', 'ana', 'dan']);
});

it('puts a row on top by one key from any of its items, and back', async () => {
  const user = await open();
  row('ben').getByTestId('booking').focus();
  await user.keyboard('p');
  await vi.waitFor(() => expect(screen.getAllByRole('row')[0]?.dataset.staff).toBe('ben'));
  expect(commands.keepBoardLook).toHaveBeenLastCalledWith({ pinned: ['ben'], shown: 'all', zoom: null });
  expect(document.activeElement).toBe(row('ben').getByTestId('booking'));
  expect(announcements.text.trim()).toBe('Ben stays on top');
  await user.keyboard('p');
  expect(commands.keepBoardLook).toHaveBeenLastCalledWith({ pinned: [], shown: 'all', zoom: null });
});

it('marks who is late, whom that keeps waiting, and who waits', async () => {
  const ana = staffRow('Ana');
  const late = ana.bookings[0];
  if (!late) throw new Error('Ana has a booking');
  late.strands = [{ appointment: 'ben-booking', client: 'Kim Reyes', time: '15:00', slack: 2 }];
  commands.board.mockImplementation(async () => boardOf([ana, staffRow('Ben')]));
  await open();
  const label = (name: string) => row(name).getByTestId('booking').getAttribute('aria-label');
  expect(label('ana')).toContain('5 min late, delays Kim Reyes 15:00 by 3 min');
  expect(row('ben').getByTestId('booking').dataset.pushed).toBe('3');
  expect(label('ben')).toContain('begins 3 min late: somebody before is late');
  expect(await violations(screen.getByTestId('board'))).toEqual([]);
});

it('holds the list of changes while the pointer is on it', async () => {
  commands.board.mockResolvedValue(boardOf([staffRow('Ana')], { changed: [changedEntry(1)] }));
  await open();
  const list = (await screen.findByTestId('changed-entry')).closest('ol') as HTMLElement;
  await fireEvent.pointerEnter(list);
  commands.board.mockResolvedValue(
    boardOf([staffRow('Ana')], { revision: 2, changed: [changedEntry(2), changedEntry(1)] }),
  );
  fire('clinicChanged', notice(1, ['x']));
  expect((await screen.findByTestId('changed-new')).textContent?.trim()).toBe('1 new');
  expect(screen.getAllByTestId('changed-entry')).toHaveLength(1);
  await fireEvent.pointerLeave(list);
  expect(screen.getAllByTestId('changed-entry')).toHaveLength(2);
});
