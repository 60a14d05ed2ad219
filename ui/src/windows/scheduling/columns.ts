/** What stands side by side in the calendar: the staff of one day, or the days of one person's week. */
import type { DayAxis, StaffRow, StaffWeek } from '../../ipc';
import { t, tn } from '../../words';

/** One column: somebody's day. */
export type Column = {
  /** Tells it from the others. */
  key: string;
  /** How tests find it. */
  mark: string;
  row: StaffRow;
  day: DayAxis;
  /** Over it: the person, or the day. */
  name: string;
  /** Beside its name: whether they are here, or how full the day is. */
  note: string;
};

/** A day by staff. */
export function dayColumns(day: DayAxis, rows: readonly StaffRow[]): Column[] {
  return rows.map((row) => ({
    key: row.staff,
    mark: row.name.toLowerCase(),
    row,
    day,
    name: row.name,
    note: t(`presence.${row.presence}`),
  }));
}

/** One person's week. */
export function weekColumns(week: StaffWeek): Column[] {
  return week.days.map(({ day, row }) => ({
    key: day.date,
    mark: day.date,
    row,
    day,
    name: day.title,
    note: row.bookings.length > 0 ? tn('schedule.booked', row.bookings.length) : t(`presence.${row.presence}`),
  }));
}
