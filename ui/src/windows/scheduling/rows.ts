/** Which staff a calendar shows. */
import type { Catalogue, ServiceChoice, StaffRow } from '../../ipc';
import { offersAll } from '../../parts/booking-draft.svelte';

/** What was asked to be seen. */
export type StaffFilter = {
  /** Also those who neither work nor are booked that day. */
  everyone: boolean;
  /** Part of a name. */
  text: string;
  /** Only who offers it. */
  service: ServiceChoice | undefined;
};

/** The rows that a filter leaves, in their order. */
export function shownRows(
  rows: readonly StaffRow[],
  catalogue: Catalogue | undefined,
  filter: StaffFilter,
): StaffRow[] {
  const text = filter.text.trim().toLocaleLowerCase();
  const offers = (row: StaffRow) => {
    const choice = catalogue?.staff.find((one) => one.id === row.staff);
    return !filter.service || !choice || offersAll(choice, [filter.service]);
  };
  return rows.filter(
    (row) =>
      (filter.everyone || row.presence !== 'off' || row.hours.length > 0 || row.bookings.length > 0) &&
      row.name.toLocaleLowerCase().includes(text) &&
      offers(row),
  );
}
