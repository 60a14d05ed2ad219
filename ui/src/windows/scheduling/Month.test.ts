import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

vi.mock('../../ipc/bindings', () => ({ commands: {}, events: {} }));

import { violations } from '../../testing/axe';
import { aMonth } from '../../testing/day';
import Month from './Month.svelte';

function overview(at = '2026-11-24') {
  const open = vi.fn();
  const go = vi.fn((day: string) => void shown.rerender({ at: day }));
  const shown = render(Month, { month: aMonth(), at, go, open });
  return { open, go, user: userEvent.setup() };
}
const named = (name: RegExp) => screen.getByRole('gridcell', { name });

it('says of each day how much is booked, how much is free, and where nobody works', () => {
  overview();
  expect(named(/Tuesday 24 November/).getAttribute('aria-label')).toBe('Tuesday 24 November, 3 booked, 2 h free');
  expect(named(/Tuesday 24 November/).textContent).toContain('1 not answered');
  expect(named(/Wednesday 25 November/).textContent).toContain('nobody works');
  expect(named(/Monday 23 November/).getAttribute('aria-current')).toBe('date');
});

it('opens a day by a click, and by keyboard alone from one that arrows went to', async () => {
  const { open, go, user } = overview();
  await user.click(named(/Thursday 26 November/));
  expect(open).toHaveBeenLastCalledWith('2026-11-26');
  named(/Tuesday 24 November/).focus();
  await user.keyboard('{ArrowDown}');
  expect(go).toHaveBeenLastCalledWith('2026-12-01');
  await vi.waitFor(() => expect(document.activeElement).toBe(named(/Tuesday 1 December/)));
  await user.keyboard('{ArrowLeft}{ArrowLeft}');
  expect(go).toHaveBeenLastCalledWith('2026-11-29');
  await vi.waitFor(() => expect(document.activeElement).toBe(named(/Sunday 29 November/)));
  await user.keyboard('{Enter}');
  expect(open).toHaveBeenLastCalledWith('2026-11-29');
});

it('has no accessibility violation', async () => {
  overview();
  expect(await violations(document.body)).toEqual([]);
});
