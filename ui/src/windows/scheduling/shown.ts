/** What the calendar shows: one question, whose answer is a day, a week or a month, so that only what is seen is asked. */
import { type Board, commands, type MonthView, type StaffWeek } from '../../ipc';

/** How much is shown. */
export type View = 'day' | 'week' | 'month';

/** An answer, of the view that it was asked for. */
export type Shown = { revision: number } & (
  | { view: 'day'; board: Board }
  | { view: 'week'; week: StaffWeek }
  | { view: 'month'; month: MonthView }
);

/** What a title names, and the way from there. */
export type Stop = { title: string; previous: string; next: string; today: boolean };

/** Asks for a view of a day (today when it is none), in a week and a month of one person. */
export async function ask(view: View, day: string | null, staff: string | null): Promise<Shown> {
  if (view === 'week') {
    const week = await commands.staffWeek(staff, day);
    return { view, revision: week.revision, week };
  }
  if (view === 'month') {
    const month = await commands.month(staff, day);
    return { view, revision: month.revision, month };
  }
  const board = await commands.board(day);
  return { view, revision: board.revision, board };
}

/** Its title, and what is before and after. */
export function stopOf(shown: Shown): Stop {
  if (shown.view === 'week') return shown.week;
  return shown.view === 'month' ? shown.month : shown.board.day;
}

/** The days that are shown, for the shell to tell of what concerns them. */
export function watched(shown: Shown): { from_day: string; to_day: string; staff: null } {
  if (shown.view === 'day') return { from_day: shown.board.day.date, to_day: shown.board.day.date, staff: null };
  const days =
    shown.view === 'week' ? shown.week.days.map(({ day }) => day.date) : shown.month.days.map((day) => day.date);
  return { from_day: days[0] ?? '', to_day: days.at(-1) ?? '', staff: null };
}
