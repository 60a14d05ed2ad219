import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../ipc/bindings', async () => (await import('../testing/shell')).bindings);

import { violations } from '../testing/axe';
import { commands, fire, openClinic, session } from '../testing/shell';
import Operator from '../windows/operator/Operator.svelte';

/** The shell's part: what is chosen comes back to every window with the session. */
beforeEach(() => {
  openClinic();
  commands.setSingleKeys.mockImplementation(async (on: boolean) => {
    fire('sessionChanged', { ...session, single_keys: on });
  });
});

async function open() {
  render(Operator);
  await screen.findByTestId('board');
  fire('sessionChanged', session);
  return userEvent.setup();
}

it('switches single keys off and on from their sheet, and says of each whether it works', async () => {
  const user = await open();
  await user.keyboard('?');
  const sheet = await screen.findByTestId('key-sheet');
  const beside = (deed: string) =>
    [...sheet.querySelectorAll('dt')].find((one) => one.textContent === deed)?.nextElementSibling?.textContent?.trim();
  expect([beside('Today'), beside('Everything that can be done')]).toEqual(['T', 'Ctrl K']);
  await user.click(screen.getByTestId('single-keys'));
  expect(commands.setSingleKeys).toHaveBeenLastCalledWith(false);
  await vi.waitFor(() => expect([beside('Today'), beside('Everything that can be done')]).toEqual(['Off', 'Ctrl K']));
  expect(await violations(document.body)).toEqual([]);

  await user.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryByTestId('key-sheet')).toBeNull());
  commands.board.mockClear();
  await user.keyboard('/][[?n');
  expect(document.activeElement).not.toBe(screen.getByTestId('search'));
  expect(screen.queryByTestId('key-sheet')).toBeNull();
  expect(commands.board).not.toHaveBeenCalled();

  await user.keyboard('{Control>}k{/Control}');
  await user.type(await screen.findByTestId('palette-input'), 'Switch single keys on{Enter}');
  expect(commands.setSingleKeys).toHaveBeenLastCalledWith(true);
  await vi.waitFor(() => expect(screen.queryByTestId('palette')).toBeNull());
  await user.keyboard('/');
  expect(document.activeElement).toBe(screen.getByTestId('search'));
});

it('says why the keys stay as they are when the setting cannot be kept', async () => {
  const user = await open();
  commands.setSingleKeys.mockRejectedValue({ code: 'settings', message: 'keys.single is locked for this computer.' });
  await user.keyboard('?');
  const box = await screen.findByTestId<HTMLInputElement>('single-keys');
  await user.click(box);
  expect(await screen.findByText('keys.single is locked for this computer.')).toBeTruthy();
  expect(box.checked).toBe(true);
  await user.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryByTestId('key-sheet')).toBeNull());
  await user.keyboard('/');
  expect(document.activeElement).toBe(screen.getByTestId('search'));
});
