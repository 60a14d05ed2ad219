import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HoursBand, LeaveBand, MyHours as Week } from '../../ipc';

const commands = vi.hoisted(() => ({
  addHours: vi.fn(),
  changeHours: vi.fn(),
  removeHours: vi.fn(),
  copyWeek: vi.fn(),
  keepLeave: vi.fn(),
  removeLeave: vi.fn(),
}));
vi.mock('../../ipc/bindings', () => ({ commands, events: {} }));

import { addDays } from '../../calendar/days';
import { toasts } from '../../parts/toasts.svelte';
import { violations } from '../../testing/axe';
import { aDay, aRow } from '../../testing/day';
import MyHours from './MyHours.svelte';

const kept = { operation: 'op', revision: 2, undoable: true };
const strands = { is: 'strands', bookings: ['10:00–11:00 Shiatsu 60', 'Tue 24 Nov 09:00–10:00 Foot reflex 45'] };

beforeEach(() => {
  commands.addHours.mockReset().mockResolvedValue(kept);
  commands.changeHours.mockReset().mockResolvedValue({ is: 'kept', ...kept });
  commands.removeHours.mockReset().mockResolvedValue({ is: 'kept', ...kept });
  commands.keepLeave.mockReset().mockResolvedValue({ is: 'kept', ...kept });
  commands.removeLeave.mockReset().mockResolvedValue(kept);
  commands.copyWeek.mockReset().mockResolvedValue({ ...kept, count: 3 });
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
});

function aWeek(hours: Record<number, HoursBand[]> = { 0: aRow().hours }, leave: LeaveBand[] = []): Week {
  const days = Array.from({ length: 7 }, (_, index) => {
    const date = addDays('2026-11-23', index);
    return {
      day: aDay({ date, title: `Day ${index}`, today: false }),
      hours: hours[index] ?? [],
      leave: index === 1 ? leave : [],
      bookings: [],
    };
  });
  return {
    revision: 1,
    staff: 'ana',
    name: 'Ana',
    title: '23–29 Nov 2026',
    previous: '2026-11-16',
    next: '2026-11-30',
    days,
  };
}

function week(of = aWeek()) {
  const goWeek = vi.fn();
  render(MyHours, { week: of, own: true, day: '2026-11-24', goWeek, pickDay: vi.fn() });
  return { goWeek, user: userEvent.setup() };
}
const field = (id: string) => screen.getByTestId(id);

describe('adding hours', () => {
  it('types a shift past midnight, says that it ends on the next day, and offers Undo', async () => {
    const { user } = week();
    await user.click(field('add-hours'));
    await user.clear(await screen.findByTestId('hours-start'));
    await user.type(field('hours-start'), '22');
    await user.clear(field('hours-end'));
    await user.type(field('hours-end'), '6');
    expect(field('hours-length').textContent).toBe('ends Wednesday 25 November, 8 h');
    await user.selectOptions(field('hours-repeat'), '2');
    await user.selectOptions(field('hours-until'), '2026-12-22');
    await user.type(field('hours-note'), 'Nights');
    await user.click(field('hours-submit'));
    expect(commands.addHours).toHaveBeenCalledExactlyOnceWith({
      staff: 'ana',
      day: '2026-11-24',
      start: '22:00',
      end: '06:00',
      repeat_weeks: 2,
      repeat_until: '2026-12-22',
      note: 'Nights',
    });
    await waitFor(() => expect(screen.queryByTestId('hours-form')).toBeNull());
    expect(toasts.shown.at(-1)).toMatchObject({ text: 'Added Tuesday 24 November 22:00–06:00 +1', operation: 'op' });
  });

  it('keeps the form and says why when it is refused', async () => {
    commands.addHours.mockRejectedValueOnce({ code: 'bad_input', message: 'The disk is full.' });
    const { user } = week();
    await user.click(field('add-hours'));
    await user.click(await screen.findByTestId('hours-submit'));
    await waitFor(() => expect(field('error').textContent).toBe('The disk is full.'));
    expect(field('hours-form')).toBeTruthy();
  });

  it('asks for a time that can be read and sends nothing', async () => {
    const { user } = week();
    await user.click(field('add-hours'));
    await user.clear(await screen.findByTestId('hours-end'));
    await user.type(field('hours-end'), 'late');
    await user.click(field('hours-submit'));
    expect(field('error').textContent).toContain('Type when it ends');
    expect(commands.addHours).not.toHaveBeenCalled();
  });
});

describe('usual hours', () => {
  it('takes the half of a day at one press', async () => {
    const { user } = week();
    await user.click(field('add-hours'));
    await user.click(await screen.findByText('Afternoon'));
    await user.click(field('hours-submit'));
    expect(commands.addHours.mock.calls[0]?.[0]).toMatchObject({ start: '13:00', end: '20:00' });
  });

  it('copies the week before, says how much, and takes all of it back at once', async () => {
    const { user } = week();
    await user.keyboard('c');
    expect(commands.copyWeek).toHaveBeenCalledExactlyOnceWith('ana', '2026-11-23');
    await waitFor(() =>
      expect(toasts.shown.at(-1)).toMatchObject({
        text: 'Opened 3 stretches of hours as in the week before',
        operation: 'op',
      }),
    );
    commands.copyWeek.mockRejectedValueOnce({ code: 'bad_input', message: 'There is nothing to copy.' });
    await user.click(field('copy-week'));
    await waitFor(() =>
      expect(toasts.shown.at(-1)).toMatchObject({ text: 'There is nothing to copy.', problem: true }),
    );
  });
});

describe('changing and removing hours', () => {
  it('changes what was there and keeps its note and repeat', async () => {
    const band = { ...(aRow().hours[0] as HoursBand), repeat_weeks: 1, repeat_until: '2026-12-21', note: 'Room 2' };
    const { user } = week(aWeek({ 0: [band] }));
    await user.click(field('hours-edit'));
    await user.selectOptions(await screen.findByTestId('hours-which'), 'all');
    await user.clear(field('hours-end'));
    await user.type(field('hours-end'), '13:30');
    await user.click(field('hours-submit'));
    expect(commands.changeHours).toHaveBeenCalledExactlyOnceWith(
      'hours-ana',
      expect.objectContaining({ end: '13:30', repeat_weeks: 1, repeat_until: '2026-12-21', note: 'Room 2' }),
      null,
      false,
    );
  });

  it('means only the day that was looked at of hours that come again, until all are chosen', async () => {
    const band = { ...(aRow().hours[0] as HoursBand), repeat_weeks: 1 };
    const { user } = week(aWeek({ 0: [band] }));
    await user.click(field('hours-edit'));
    expect((await screen.findByTestId('hours-form')).textContent).toContain('Only this day');
    expect(screen.queryByTestId('hours-repeat'), 'one day does not come again').toBeNull();
    expect(await violations(document.body)).toEqual([]);
    await user.click(field('hours-submit'));
    expect(commands.changeHours).toHaveBeenCalledExactlyOnceWith('hours-ana', expect.anything(), '2026-11-23', false);
    await waitFor(() => expect(screen.queryByTestId('hours-form')).toBeNull());
    await user.click(field('hours-remove'));
    expect(commands.removeHours, 'all of a series do not go at one press').not.toHaveBeenCalled();
    await user.click(await screen.findByText('Remove'));
    expect(commands.removeHours).toHaveBeenCalledExactlyOnceWith('hours-ana', '2026-11-23', false);
  });

  it('asks before bookings are stranded, and removes only once it is told to', async () => {
    commands.removeHours.mockResolvedValueOnce(strands);
    const { user } = week();
    await user.click(field('hours-remove'));
    expect((await screen.findByTestId('strands')).textContent).toContain('10:00–11:00 Shiatsu 60');
    expect(screen.getByText('2 bookings lie in what you remove')).toBeTruthy();
    expect(commands.removeHours).toHaveBeenCalledExactlyOnceWith('hours-ana', null, false);
    await user.click(field('strand-confirm'));
    expect(commands.removeHours).toHaveBeenLastCalledWith('hours-ana', null, true);
    await waitFor(() => expect(toasts.shown.at(-1)?.text).toBe('Removed Monday 23 November 09:00–12:00'));
  });

  it('leaves the hours as they are when somebody thinks better of it', async () => {
    commands.removeHours.mockResolvedValueOnce(strands);
    const { user } = week();
    await user.click(field('hours-remove'));
    await user.click(await screen.findByTestId('strand-keep'));
    await waitFor(() => expect(screen.queryByTestId('strands')).toBeNull());
    expect(commands.removeHours).toHaveBeenCalledOnce();
  });

  it('asks the same when hours are shortened', async () => {
    commands.changeHours.mockResolvedValueOnce(strands);
    const { user } = week();
    await user.click(field('hours-edit'));
    await user.click(await screen.findByTestId('hours-submit'));
    await user.click(await screen.findByTestId('strand-confirm'));
    expect(commands.changeHours).toHaveBeenLastCalledWith(
      'hours-ana',
      expect.objectContaining({ end: '12:00' }),
      null,
      true,
    );
  });
});

describe('a week', () => {
  it('draws hours over midnight on both days, joined and marked', () => {
    const shift = { ...(aRow().hours[0] as HoursBand), start: '22:00', end: '06:00' };
    const first = { ...shift, band: { from: 1320, to: 1800, label: '22:00–06:00 +1' } };
    const second = { ...shift, band: { from: -120, to: 360, label: '22:00–06:00 +1' } };
    week(aWeek({ 0: [first], 1: [second] }));
    const [evening, morning] = screen.getAllByTestId('hours');
    expect(evening?.className).toContain('continues');
    expect(evening?.textContent).toContain('+1');
    expect(morning?.className).toContain('continued');
    expect(morning?.dataset.day, 'an edit names the day it begins on').toBe('2026-11-23');
    expect(morning?.style.top).toBe('0px');
  });

  it('goes to other weeks by keyboard, and opens the form with N', async () => {
    const { goWeek, user } = week();
    await fireEvent.keyDown(document.body, { key: '}' });
    expect(goWeek).toHaveBeenLastCalledWith('2026-11-30');
    await user.keyboard('w');
    expect(goWeek).toHaveBeenLastCalledWith(null);
    await user.keyboard('n');
    expect(await screen.findByTestId('hours-form')).toBeTruthy();
  });
});

describe('leave', () => {
  const band: LeaveBand = {
    id: 'leave',
    band: { from: 0, to: 2880, label: '00:00–00:00' },
    reason: 'leave',
    note: 'Family visit',
    from_day: '2026-11-24',
    from: null,
    to_day: '2026-11-25',
    to: null,
    changeable: true,
    pending: null,
  };

  it('asks for whole days by one key, says what lies in it, and adds it only once it is told to', async () => {
    commands.keepLeave.mockResolvedValueOnce({ is: 'strands', bookings: ['Tue 24 Nov 10:00–11:00 Shiatsu 60'] });
    const { user } = week();
    await user.keyboard('l');
    await screen.findByTestId('leave-form');
    await fireEvent.input(field('leave-to-day'), { target: { value: '2026-11-26' } });
    await user.type(field('leave-note'), 'Family visit');
    await user.click(field('leave-submit'));
    expect((await screen.findByTestId('strands')).textContent).toContain('10:00–11:00 Shiatsu 60');
    expect(screen.getByText('1 booking lies in it')).toBeTruthy();
    const form = {
      staff: 'ana',
      reason: 'leave',
      from_day: '2026-11-24',
      from: null,
      to_day: '2026-11-26',
      to: null,
      note: 'Family visit',
    };
    expect(commands.keepLeave).toHaveBeenCalledExactlyOnceWith(null, form, false);
    await user.click(field('strand-confirm'));
    expect(commands.keepLeave).toHaveBeenLastCalledWith(null, form, true);
    const text = 'Leave added: Tuesday 24 November – Thursday 26 November';
    await waitFor(() => expect(toasts.shown.at(-1)).toMatchObject({ text, operation: 'op' }));
    expect(screen.queryByTestId('strands')).toBeNull();
  });

  it('changes one to a part of a day, and goes back to the form as it was typed', async () => {
    commands.keepLeave.mockResolvedValueOnce({ is: 'strands', bookings: ['Tue 24 Nov 10:00–11:00 Shiatsu 60'] });
    const { user } = week(aWeek({}, [band]));
    expect(field('leave').textContent).toContain('Family visit');
    await user.click(field('leave-edit'));
    await screen.findByTestId('leave-form');
    expect(await violations(document.body)).toEqual([]);
    await fireEvent.input(field('leave-to-day'), { target: { value: '2026-11-24' } });
    await user.click(field('leave-whole'));
    await fireEvent.input(field('leave-from'), { target: { value: '13:00' } });
    await fireEvent.input(field('leave-to'), { target: { value: '12:00' } });
    await user.click(field('leave-submit'));
    expect(field('error').textContent).toContain('after the start');
    await fireEvent.input(field('leave-to'), { target: { value: '17:00' } });
    await user.click(field('leave-submit'));
    const part = expect.objectContaining({ from: '13:00', to: '17:00', to_day: '2026-11-24' });
    expect(commands.keepLeave).toHaveBeenCalledExactlyOnceWith('leave', part, false);
    await user.click(await screen.findByTestId('strand-keep'));
    expect(((await screen.findByTestId('leave-from')) as HTMLInputElement).value).toBe('13:00');
  });

  it('removes one with a way back, and offers no form for what it cannot change', async () => {
    const { user } = week(aWeek({}, [band, { ...band, id: 'closed', reason: 'holiday', changeable: false }]));
    expect(screen.getAllByTestId('leave')).toHaveLength(2);
    await user.click(field('leave-edit'));
    await user.click(await screen.findByTestId('leave-remove'));
    expect(commands.removeLeave).toHaveBeenCalledExactlyOnceWith('leave');
    await waitFor(() => expect(toasts.shown.at(-1)).toMatchObject({ operation: 'op' }));
  });
});
