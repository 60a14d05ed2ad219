import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../ipc/bindings', async () => (await import('../testing/shell')).bindings);

import type { DaySheet as Sheet } from '../ipc';
import { violations } from '../testing/axe';
import { commands, openClinic } from '../testing/shell';
import DaySheet from './DaySheet.svelte';
import { privacy } from './privacy.svelte';
import { toasts } from './toasts.svelte';

const sheet: Sheet = {
  revision: 1,
  date: '2026-11-23',
  title: 'Monday 23 November 2026',
  clinic: 'Harbour Clinic',
  made: '22 Nov 18:04',
  by: 'Olivia',
  staff: [
    { id: 'ana', name: 'Ana' },
    { id: 'ben', name: 'Ben' },
  ],
  people: [
    {
      id: 'ana',
      name: 'Ana',
      hours: '09:00–17:00',
      lines: [
        {
          appointment: 'jo',
          span: '10:00–11:00',
          client: 'Jo Santos',
          phone: '0917 555',
          alert: 'Pregnant',
          services: 'Shiatsu 60',
          place: 'Room 2',
          with: '',
          status: 'confirmed',
          notes: '',
          pending: false,
        },
      ],
    },
    { id: 'ben', name: 'Ben', hours: '12:00–20:00', lines: [] },
  ],
  bookings: 1,
};

beforeEach(() => {
  openClinic();
  privacy.initialsOnly = false;
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
  commands.daySheet.mockResolvedValue(sheet);
  commands.printDay.mockResolvedValue({ file: null, recorded: true });
  commands.saveDay.mockResolvedValue({ file: '/home/olivia/Downloads/deskbell-2026-11-23.csv', recorded: false });
});

async function open() {
  const shown = render(DaySheet, { day: '2026-11-23', closed: vi.fn() });
  await screen.findByTestId('paper-preview');
  return { ...shown, user: userEvent.setup() };
}
const paper = () => document.querySelector<HTMLElement>('body > .paper');

it('is printed from beside everything else, and leaves nothing behind when it is closed', async () => {
  const { user, unmount } = await open();
  expect(within(paper() as HTMLElement).getByText('Jo Santos')).toBeTruthy();
  expect(await violations(screen.getByRole('dialog'))).toEqual([]);
  await user.click(screen.getByTestId('paper-print'));
  expect(commands.printDay).toHaveBeenCalledExactlyOnceWith('2026-11-23', null);
  expect(toasts.shown.map((toast) => toast.text)).toEqual(['Handed to the print dialog.']);
  unmount();
  expect(paper()).toBeNull();
});

it('saves the day of one person, says where, and says when nobody records it', async () => {
  const { user } = await open();
  await user.selectOptions(screen.getByTestId('paper-whose'), 'Ben');
  await vi.waitFor(() => expect(commands.daySheet).toHaveBeenLastCalledWith('2026-11-23', 'ben'));
  await user.click(screen.getByTestId('paper-table'));
  expect(commands.saveDay).toHaveBeenCalledExactlyOnceWith('table', '2026-11-23', 'ben');
  const said = toasts.shown[0]?.text;
  expect(said).toContain('/home/olivia/Downloads/deskbell-2026-11-23.csv');
  expect(said).toContain('keeps no record');
});

it('shows initials only where others can read the screen, and whole names on paper', async () => {
  privacy.initialsOnly = true;
  await open();
  expect(screen.getByTestId('paper-preview').textContent).not.toContain('Jo Santos');
  expect(paper()?.textContent).toContain('Jo Santos');
});

it('says why it was not saved', async () => {
  commands.saveDay.mockRejectedValue({ code: 'not_recorded', message: 'The clinic’s server cannot be reached now.' });
  const { user } = await open();
  await user.click(screen.getByTestId('paper-calendar'));
  await vi.waitFor(() => expect(toasts.shown[0]?.text).toContain('cannot be reached'));
});
