/** A part of the clinic that is being changed: one at a time, saved as one act that Undo takes back. */
import {
  type ClinicPart,
  type ClinicSetup,
  type CommandError,
  commands,
  type HolidayForm,
  type Removable,
  type RoomForm,
  refusal,
  type ServiceForm,
  type StaffForm,
} from '../../../ipc';
import { announcements } from '../../../parts/announcements.svelte';
import { toasts } from '../../../parts/toasts.svelte';
import { t } from '../../../words';

/** What is open to be changed, with the bookings to come that it is part of. */
export type Open = { ahead: number } & (
  | { part: 'service'; form: ServiceForm }
  | { part: 'staff'; form: StaffForm }
  | { part: 'room'; form: RoomForm }
  | { part: 'holiday'; form: HolidayForm }
);

export class Editing {
  open = $state<Open>();
  busy = $state(false);
  error = $state.raw<CommandError>();

  /** Something to add, filled as most are. */
  begin(part: Open['part'], setup: ClinicSetup, today: string): void {
    this.error = undefined;
    this.open = fresh(part, setup, today);
  }

  /** Something to change; what is typed is not the list's before it is saved. */
  change(open: Open): void {
    this.error = undefined;
    this.open = $state.snapshot(open) as Open;
  }

  /** What was wrong may be right now. */
  typed(): void {
    this.error = undefined;
  }

  close(): void {
    this.open = undefined;
  }

  async save(): Promise<void> {
    const { open } = this;
    if (!open) return;
    const form = $state.snapshot(open.form);
    const name = 'name' in form ? form.name.trim() : t('setup.holiday_edit');
    await this.#keep({ part: open.part, form } as ClinicPart, t('setup.saved', { name }));
  }

  async saveClinic(form: Extract<ClinicPart, { part: 'clinic' }>['form']): Promise<void> {
    await this.#keep({ part: 'clinic', form }, t('setup.saved', { name: form.name.trim() }));
  }

  async remove(part: Removable, name: string): Promise<void> {
    await this.#act(() => commands.removeFromClinic(part), t('setup.removed', { name }));
  }

  #keep(part: ClinicPart, said: string): Promise<void> {
    return this.#act(() => commands.changeClinic(part), said);
  }

  async #act(act: () => ReturnType<typeof commands.changeClinic>, said: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = undefined;
    try {
      const kept = await act();
      this.open = undefined;
      toasts.show(said, kept.operation);
      announcements.say(said);
    } catch (reason) {
      this.error = refusal(reason);
    }
    this.busy = false;
  }
}

function fresh(part: Open['part'], setup: ClinicSetup, today: string): Open {
  const [id, ahead, name] = [null, 0, ''];
  switch (part) {
    case 'service':
      return {
        part,
        ahead,
        form: { id, name, minutes: 60, price_cents: 0, buffer_before: 0, buffer_after: 10, active: true },
      };
    case 'staff': {
      const hue = freeHue(setup.staff.map((one) => one.form.hue));
      return { part, ahead, form: { id, name, role: 'therapist', services: [], hue, gender: null, active: true } };
    }
    case 'room':
      return { part, ahead, form: { id, name, capacity: 1, services: [] } };
    case 'holiday':
      return { part, ahead, form: { id, from_day: today, to_day: today, note: '' } };
  }
}

/** The hue in the middle of the widest gap between those that are taken, so that a new person is told from the others. */
export function freeHue(taken: number[]): number {
  const [first, ...others] = [...new Set(taken)].sort((a, b) => a - b);
  if (first === undefined) return 250;
  let [start, width] = [first, 0];
  let at = first;
  for (const next of [...others, first + 360]) {
    if (next - at > width) [start, width] = [at, next - at];
    at = next;
  }
  return Math.round(start + width / 2) % 360;
}
