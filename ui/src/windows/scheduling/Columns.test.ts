import { fireEvent, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('../../ipc/bindings', () => ({ commands: {}, events: {} }));

import { announcements } from '../../parts/announcements.svelte';
import { aBoard } from '../../testing/day';
import Columns from './Columns.svelte';

const PER_MINUTE = 1.2;

beforeEach(() => {
  // jsdom lays nothing out: every column's body begins at the top of the screen.
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 136, 1440 * PER_MINUTE));
});

function calendar() {
  const take = vi.fn();
  const open = vi.fn();
  const board = aBoard();
  render(Columns, {
    board,
    rows: board.rows,
    opened: undefined,
    wanted: undefined,
    glows: new Map(),
    length: 60,
    needs: 0,
    take,
    open,
  });
  const free = screen.getAllByTestId('free')[0] as HTMLElement;
  const at = (minute: number, more = {}) => ({ clientX: 10, clientY: minute * PER_MINUTE, button: 0, ...more });
  return { take, open, free, at, user: userEvent.setup(), grid: screen.getByTestId('schedule') };
}

describe('selecting time', () => {
  it('by a drag snaps to quarter hours and shows how it fits while it goes', async () => {
    const { take, free, at } = calendar();
    await fireEvent.pointerDown(free, at(542));
    await fireEvent.pointerMove(window, at(590));
    expect(screen.getByTestId('ghost').textContent).toContain('09:00–09:45');
    await fireEvent.pointerMove(window, at(620));
    expect(screen.getByTestId('ghost').className, 'it lies over Jo now').toContain('clash');
    await fireEvent.pointerMove(window, at(598));
    await fireEvent.pointerUp(window, at(598));
    expect(take).toHaveBeenCalledExactlyOnceWith('ana', expect.objectContaining({ from: 540, to: 600 }));
  });

  it('by a drag with Alt goes by five minutes', async () => {
    const { take, free, at } = calendar();
    await fireEvent.pointerDown(free, at(547));
    await fireEvent.pointerMove(window, at(573, { altKey: true }));
    await fireEvent.pointerUp(window, at(573));
    expect(take).toHaveBeenCalledWith('ana', expect.objectContaining({ from: 545, to: 575 }));
  });

  it('is given up by Escape, and the click that ends the drag takes nothing', async () => {
    const { take, free, at } = calendar();
    await fireEvent.pointerDown(free, at(542));
    await fireEvent.pointerMove(window, at(590));
    await fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(screen.queryByTestId('ghost')).toBeNull();
    await fireEvent.pointerUp(window, at(590));
    await fireEvent.click(free, at(590, { detail: 1 }));
    expect(take).not.toHaveBeenCalled();
  });

  it('by a click takes the wished length, but no more than is free', async () => {
    const { take, free, at } = calendar();
    await fireEvent.pointerDown(free, at(560));
    await fireEvent.pointerUp(window, at(560));
    await fireEvent.click(free, at(560, { detail: 1 }));
    expect(take).toHaveBeenCalledExactlyOnceWith('ana', { from: 555, to: 600 });
  });

  it('by a screen reader takes free time from its beginning', async () => {
    const { take, free } = calendar();
    expect(free.getAttribute('aria-label')).toBe('Ana is free 09:00–10:00 on Monday 23 November');
    await fireEvent.click(free, { detail: 0 });
    expect(take).toHaveBeenCalledExactlyOnceWith('ana', { from: 540, to: 600 });
  });

  it('by keyboard moves a place that is said, and Enter takes it or opens the booking there', async () => {
    const { take, open, grid, user } = calendar();
    grid.focus();
    await user.keyboard('{ArrowDown}{PageDown}{ArrowDown}');
    expect(announcements.text).toContain('Ana, Monday 23 November, 09:15: free until 10:00');
    await user.keyboard('{Enter}');
    expect(take).toHaveBeenCalledExactlyOnceWith('ana', { from: 555, to: 600 });
    await user.keyboard('{PageDown}{Enter}');
    expect(open).toHaveBeenCalledExactlyOnceWith('jo');
  });
});

describe('a column', () => {
  it('draws hours, free time and bookings where the day has them', () => {
    calendar();
    const column = screen.getByTestId('col-ana');
    expect(column.dataset.staff).toBe('ana');
    const booking = screen.getByTestId('booking');
    expect(booking.dataset).toMatchObject({ id: 'jo', status: 'confirmed', pending: '' });
    expect(booking.style.top).toBe('720px');
    expect(screen.getAllByTestId('free').map((one) => [one.dataset.from, one.dataset.to])).toEqual([
      ['540', '600'],
      ['660', '720'],
    ]);
    expect(screen.getByTestId('hours').style.height).toBe('216px');
  });

  it('says all of a booking, and a click on it opens it and selects nothing', async () => {
    const { open, take, user } = calendar();
    const booking = screen.getByRole('gridcell', { name: /Jo Santos/ });
    expect(booking.getAttribute('aria-label')).toBe(
      'Jo Santos, Shiatsu 60, 10:00–11:00 on Monday 23 November, Booked, with Ana',
    );
    await user.click(booking);
    expect(open).toHaveBeenCalledExactlyOnceWith('jo');
    expect(take).not.toHaveBeenCalled();
  });
});
