import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { tick } from 'svelte';
import { beforeEach, expect, it, vi } from 'vitest';
import type { BookingDraft } from '../ipc';

const commands = vi.hoisted(() => ({
  keptDraft: vi.fn(),
  keepDraft: vi.fn(),
  book: vi.fn(),
  previewRepeats: vi.fn(),
  findClients: vi.fn(),
}));
vi.mock('../ipc/bindings', () => ({ commands, events: {} }));

import { shell } from '../ipc';
import { violations } from '../testing/axe';
import { aBoard, aCatalogue, aDay } from '../testing/day';
import { deferred } from '../testing/deferred';
import { session } from '../testing/shell';
import BookingForm from './BookingForm.svelte';
import { Draft } from './booking-draft.svelte';
import DraftOffer from './DraftOffer.svelte';
import { DraftKeeper } from './draft-keeper.svelte';

const left: BookingDraft = {
  name: 'Kim Reyes',
  known: null,
  phone: '0917 555',
  address: '',
  driver: null,
  services: ['shiatsu'],
  staff: 'ana',
  day: '2026-11-23',
  start: '11:3',
  notes: 'Left knee',
  repeats: { weeks: 2, times: 6, leave_out: [] },
};
const offered = { at: 'Mon 23 Nov 10:58', day_title: 'Mon 23 Nov', draft: left };
const kept = { is: 'kept', appointment: 'a', operation: 'op', revision: 2, warnings: [] };

beforeEach(() => {
  commands.keptDraft.mockReset().mockResolvedValue(offered);
  commands.keepDraft.mockReset().mockResolvedValue(null);
  commands.book.mockReset().mockResolvedValue(kept);
  commands.findClients.mockReset().mockResolvedValue([]);
  shell.session = session;
  shell.sync = undefined;
});

function begin(keeper: DraftKeeper) {
  const draft = new Draft(aCatalogue(), { day: aDay(), staff: 'ana', from: 660, services: ['shiatsu'] });
  render(BookingForm, { draft, rows: aBoard().rows, kept: vi.fn(), keeper });
  return { draft, user: userEvent.setup() };
}
const written = () => commands.keepDraft.mock.calls.map(([draft]) => draft?.name ?? null);

it('offers what was left, in words, and hands all of it to the form that goes on', async () => {
  const keeper = new DraftKeeper();
  const takeUp = vi.fn();
  const { container } = render(DraftOffer, { keeper, catalogue: aCatalogue(), takeUp });
  const about = await screen.findByTestId('draft-about');
  expect(about.textContent).toBe('Kim Reyes · Shiatsu · Ana · Mon 23 Nov 11:3');
  expect(await violations(container)).toEqual([]);
  await userEvent.click(screen.getByTestId('draft-take'));
  expect(takeUp).toHaveBeenCalledOnce();
  const draft = Draft.takenUp(aCatalogue(), aDay(), left);
  expect(draft.kept).toEqual(left);
  expect(draft.isTyped).toBe(true);
});

it('throws it away for good, and asks nothing for somebody who does not book', async () => {
  const keeper = new DraftKeeper();
  const shown = render(DraftOffer, { keeper, catalogue: aCatalogue(), takeUp: vi.fn() });
  await userEvent.click(await screen.findByTestId('draft-throw'));
  expect(screen.queryByTestId('draft-offer')).toBeNull();
  expect(written()).toEqual([null]);
  shown.unmount();
  commands.keptDraft.mockClear();
  shell.session = { ...session, account: { login: 'ana', name: 'Ana', role: 'therapist', staff: 'ana' } };
  render(DraftOffer, { keeper, catalogue: aCatalogue(), takeUp: vi.fn() });
  await tick();
  expect(commands.keptDraft).not.toHaveBeenCalled();
});

it('keeps what is typed with one write at a time, the latest words last, and nothing of an untouched form', async () => {
  const first = deferred<null>();
  commands.keepDraft.mockReturnValueOnce(first.promise);
  const { user, draft } = begin(new DraftKeeper());
  draft.start = '12:00';
  await user.keyboard('Kim');
  expect(written()).toEqual(['K']);
  first.resolve(null);
  await waitFor(() => expect(written()).toEqual(['K', 'Kim']));
  await user.keyboard('{Backspace}{Backspace}{Backspace}');
  await waitFor(() => expect(written().at(-1)).toBeNull());
});

it('writes nothing while it is booked, nothing after it, and goes on when it is refused', async () => {
  const keeper = new DraftKeeper();
  const { user, draft } = begin(keeper);
  await user.keyboard('Kim');
  await user.type(screen.getByTestId('book-phone'), '0917');
  const answer = deferred<unknown>();
  commands.book.mockReturnValueOnce(answer.promise);
  await user.click(screen.getByTestId('book-submit'));
  await waitFor(() => expect(commands.book).toHaveBeenCalledOnce());
  commands.keepDraft.mockClear();
  draft.notes = 'Left knee';
  await Promise.resolve();
  expect(commands.keepDraft).not.toHaveBeenCalled();
  answer.resolve({ is: 'refused', clashes: [{ text: 'Taken', hard: true }], alternatives: [] });
  await waitFor(() => expect(commands.keepDraft.mock.lastCall?.[0]).toMatchObject({ notes: 'Left knee' }));
  commands.keepDraft.mockClear();
  await user.click(screen.getByTestId('book-submit'));
  await waitFor(() => expect(commands.book).toHaveBeenCalledTimes(2));
  expect(commands.keepDraft).not.toHaveBeenCalled();
});
