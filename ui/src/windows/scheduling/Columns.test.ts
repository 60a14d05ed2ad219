import { fireEvent, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const commands = vi.hoisted(() => ({ tryMove: vi.fn() }));
vi.mock('../../ipc/bindings', () => ({ commands, events: {} }));

import type { Stretch } from '../../calendar/lanes';
import { announcements } from '../../parts/announcements.svelte';
import type { Moving } from '../../parts/moving.svelte';
import { violations } from '../../testing/axe';
import { aBar, aBoard, aRow, aWeek } from '../../testing/day';
import Columns from './Columns.svelte';
import { type Column, dayColumns, weekColumns } from './columns';

const PER_MINUTE = 1.2;

beforeEach(() => {
  commands.tryMove.mockReset().mockResolvedValue([]);
  // jsdom lays nothing out: every column's body begins at the top of the screen.
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 136, 1440 * PER_MINUTE));
});

function calendar(board = aBoard(), columns = dayColumns(board.day, board.rows)) {
  const chosen = vi.fn();
  const take = vi.fn();
  const open = vi.fn();
  const putDown = vi.fn();
  const leave = vi.fn();
  const pickUp = vi.fn((moving: Moving) => void shown.rerender({ moving }));
  const shown = render(Columns, {
    day: board.day,
    columns,
    label: 'Calendar',
    opened: undefined,
    wanted: undefined,
    glows: new Map(),
    length: 60,
    needs: 0,
    take: (column: Column, stretch: Stretch) => take(column.row.staff, stretch),
    open,
    chosen,
    moving: undefined as Moving | undefined,
    pickUp,
    putDown,
    leave: () => {
      leave();
      void shown.rerender({ moving: undefined });
    },
  });
  const free = screen.getAllByTestId('free')[0] as HTMLElement;
  const at = (minute: number, more = {}) => ({ clientX: 10, clientY: minute * PER_MINUTE, button: 0, ...more });
  const up = () => pickUp.mock.lastCall?.[0] as Moving;
  return {
    chosen,
    take,
    open,
    pickUp,
    putDown,
    leave,
    up,
    free,
    at,
    user: userEvent.setup(),
    grid: screen.getByTestId('schedule'),
  };
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
  it('has no accessibility violation', async () => {
    calendar();
    expect(await violations(document.body)).toEqual([]);
  });

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

describe('moving a booking', () => {
  const jo = () => screen.getByTestId('booking');
  const ghost = () => screen.getByTestId('ghost');

  it('by a drag carries it by where it was taken hold of, coloured by what the rules say there', async () => {
    const { pickUp, putDown, open, take, up, at } = calendar();
    await fireEvent.pointerDown(jo(), at(620));
    await fireEvent.pointerMove(window, at(622));
    expect(pickUp, 'less than five pixels is a click').not.toHaveBeenCalled();
    commands.tryMove.mockResolvedValue([{ text: 'Ana has Kim 11:00–12:00', hard: true }]);
    await fireEvent.pointerMove(window, at(682));
    expect(pickUp).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'drag');
    expect(ghost().textContent).toContain('11:00–12:00');
    await vi.waitFor(() => expect(ghost().dataset.fit).toBe('clash'));
    expect(ghost().textContent).toContain('Ana has Kim');
    commands.tryMove.mockResolvedValue([]);
    await fireEvent.pointerMove(window, at(668));
    expect(ghost().textContent, 'it snaps to quarters').toContain('10:45–11:45');
    await vi.waitFor(() => expect(ghost().dataset.fit).toBe('free'));
    await fireEvent.pointerUp(window, at(668));
    await fireEvent.click(jo(), at(668, { detail: 1 }));
    expect(putDown).toHaveBeenCalledOnce();
    expect(up().wish).toMatchObject({ appointment: 'jo', staff: 'ana', start: '10:45', minutes: 60 });
    expect(open, 'the click that ends a drag opens nothing').not.toHaveBeenCalled();
    expect(take).not.toHaveBeenCalled();
  });

  it('by its foot changes its length, with Alt by five minutes', async () => {
    const { putDown, up, at } = calendar();
    await fireEvent.pointerDown(screen.getByTestId('resize'), at(658));
    await fireEvent.pointerMove(window, at(673, { altKey: true }));
    await fireEvent.pointerUp(window, at(673));
    expect(putDown).toHaveBeenCalledOnce();
    expect(up().wish).toMatchObject({ start: '10:00', minutes: 75 });
  });

  it('into another column gives it to somebody else', async () => {
    const { up, at } = calendar();
    document.elementFromPoint = () => document.querySelector('[data-column="ben"]');
    await fireEvent.pointerDown(jo(), at(620));
    await fireEvent.pointerMove(window, at(635));
    expect(up().wish).toMatchObject({ from_staff: 'ana', staff: 'ben', start: '10:15' });
    Reflect.deleteProperty(document, 'elementFromPoint');
  });

  it('is given up by Escape, and by nothing that closes more', async () => {
    const { putDown, leave, at } = calendar();
    await fireEvent.pointerDown(jo(), at(620));
    await fireEvent.pointerMove(window, at(680));
    const closes = await fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(closes, 'its default is prevented').toBe(false);
    await fireEvent.pointerUp(window, at(680));
    expect(leave).toHaveBeenCalledOnce();
    expect(putDown).not.toHaveBeenCalled();
    expect(screen.queryByTestId('ghost')).toBeNull();
  });

  it('is not offered where it may not be moved: no foot, and a drag is nothing', async () => {
    const { pickUp, take, at } = calendar(aBoard({ rows: [aRow({ bookings: [aBar({ may_move: false })] })] }));
    expect(screen.queryByTestId('resize')).toBeNull();
    await fireEvent.pointerDown(jo(), at(620));
    await fireEvent.pointerMove(window, at(680));
    await fireEvent.pointerUp(window, at(680));
    expect(pickUp).not.toHaveBeenCalled();
    expect(take).not.toHaveBeenCalled();
  });

  it('by keyboard: V picks it up, arrows move it, Shift changes its length, Enter puts it down', async () => {
    const { grid, user, pickUp, putDown, up } = calendar();
    grid.focus();
    await user.keyboard('{ArrowDown}{PageDown}{PageDown}v');
    expect(pickUp).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'keys');
    expect(announcements.text).toContain('Jo Santos picked up');
    await user.keyboard('{ArrowDown}{ArrowRight}{Shift>}{ArrowDown}{/Shift}');
    expect(up().wish).toMatchObject({ staff: 'ben', start: '10:15', minutes: 75 });
    await vi.waitFor(() => expect(announcements.text).toContain('Jo Santos, Ben, 10:15–11:30: Free'));
    await user.keyboard('{Enter}');
    expect(putDown).toHaveBeenCalledOnce();
  });

  it('by keyboard is left with Escape', async () => {
    const { grid, user, putDown, leave } = calendar();
    grid.focus();
    await user.keyboard('{ArrowDown}{PageDown}{PageDown}v{ArrowDown}{Escape}');
    expect(leave).toHaveBeenCalledOnce();
    expect(putDown).not.toHaveBeenCalled();
    expect(announcements.text).toContain('Jo Santos stays where it was');
  });
});

describe('a person’s week', () => {
  const week = () => calendar(aBoard(), weekColumns(aWeek()));

  it('stands by days, each with how full it is, and its name leads to the day', async () => {
    const { chosen, user } = week();
    const names = screen.getAllByTestId('col-name').map((one) => one.textContent);
    expect(names).toEqual(['Mon 23 Nov', 'Tue 24 Nov']);
    expect(screen.getByTestId('col-2026-11-23').textContent).toContain('1 booked');
    await user.click(screen.getAllByTestId('col-name')[1] as HTMLElement);
    expect(chosen).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ key: '2026-11-24' }));
  });

  it('takes a booking to another day, by a drag and by keyboard', async () => {
    const { up, at, grid, user } = week();
    document.elementFromPoint = () => document.querySelector('[data-column="2026-11-24"]');
    await fireEvent.pointerDown(screen.getByTestId('booking'), at(620));
    await fireEvent.pointerMove(window, at(635));
    expect(up().wish).toMatchObject({ staff: 'ana', day: '2026-11-24', start: '10:15' });
    expect(screen.getByTestId('col-2026-11-24').contains(screen.getByTestId('ghost'))).toBe(true);
    await fireEvent.keyDown(document.body, { key: 'Escape' });
    Reflect.deleteProperty(document, 'elementFromPoint');
    grid.focus();
    await user.keyboard('{ArrowDown}{PageDown}{PageDown}v{ArrowRight}{ArrowDown}');
    expect(up().wish).toMatchObject({ staff: 'ana', day: '2026-11-24', start: '10:15' });
  });
});
