import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../../ipc/bindings', async () => (await import('../../testing/shell')).bindings);

import { shell } from '../../ipc';
import { toasts } from '../../parts/toasts.svelte';
import { violations } from '../../testing/axe';
import { commands, health, openClinic, sync } from '../../testing/shell';
import SyncHealth from './SyncHealth.svelte';

beforeEach(() => {
  openClinic();
  commands.syncHealth.mockReset().mockResolvedValue(health);
  shell.sync = sync;
});

it('draws each minute of the hour and says the same in words', async () => {
  const { container } = render(SyncHealth);
  const polls = await screen.findByTestId('lane-polls');
  expect(polls.querySelectorAll('rect')).toHaveLength(30);
  expect(polls.getAttribute('aria-label')).toBe('Polls: 30, at most 1 a minute');
  expect(screen.getByTestId('lane-answers').getAttribute('aria-label')).toBe('Answers take: up to 12 ms');
  expect(container.textContent).toContain('usually 12 ms, 95 of 100 within 48 ms');
  expect(container.textContent).toContain('once, at 14:04');
  expect(await violations(container)).toEqual([]);
});

it('asks anew when the shell says that something changed, and never by itself', async () => {
  render(SyncHealth);
  await screen.findByTestId('lane-polls');
  expect(commands.syncHealth).toHaveBeenCalledTimes(1);
  shell.sync = { ...sync, fresh_at: 1_060 };
  await waitFor(() => expect(commands.syncHealth).toHaveBeenCalledTimes(2));
});

it('copies the report, and where the web view refuses, says where to find it', async () => {
  const user = userEvent.setup();
  const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const said = vi.spyOn(toasts, 'show');
  render(SyncHealth);
  await user.click(await screen.findByTestId('copy-report'));
  expect(written).toHaveBeenCalledExactlyOnceWith(health.report);
  await waitFor(() => expect(said).toHaveBeenLastCalledWith(expect.stringContaining('Copied')));
  written.mockRejectedValue(new Error('not allowed'));
  document.execCommand = vi.fn(() => false);
  await user.click(screen.getByTestId('copy-report'));
  await waitFor(() => expect(said).toHaveBeenLastCalledWith(expect.stringContaining('could not be copied')));
});
