/** A leave while it is being typed. */
import { spokenDay } from '../../calendar/days';
import type { BlockReason, LeaveBand, LeaveForm } from '../../ipc';
import { t } from '../../words';

/** What a leave of one staff member can be. */
export const REASONS: BlockReason[] = ['leave', 'lunch', 'cleaning', 'other'];

export class LeaveDraft {
  /** The leave that is changed; none while a new one is made. */
  readonly id: string | null;
  readonly staff: string;
  reason = $state<BlockReason>('leave');
  fromDay = $state('');
  toDay = $state('');
  /** Whether the days are taken from beginning to end. */
  whole = $state(true);
  from = $state('');
  to = $state('');
  note = $state('');

  private constructor(staff: string, id: string | null) {
    this.staff = staff;
    this.id = id;
  }

  /** A new one, of a whole day. */
  static adding(staff: string, day: string): LeaveDraft {
    const draft = new LeaveDraft(staff, null);
    draft.fromDay = day;
    draft.toDay = day;
    return draft;
  }

  /** One that is there already. */
  static changing(staff: string, band: LeaveBand): LeaveDraft {
    const draft = new LeaveDraft(staff, band.id);
    draft.reason = band.reason;
    draft.fromDay = band.from_day;
    draft.toDay = band.to_day;
    draft.whole = band.from === null && band.to === null;
    draft.from = band.from ?? '';
    draft.to = band.to ?? '';
    draft.note = band.note;
    return draft;
  }

  /** A last day before the first is taken along with it. */
  begin(day: string): void {
    this.fromDay = day;
    if (this.toDay < day) this.toDay = day;
  }

  /** The first thing that is missing, as a sentence. */
  get missing(): string | undefined {
    if (!this.fromDay || !this.toDay) return t('leave.needs_days');
    if (this.toDay < this.fromDay) return t('leave.needs_order');
    const backwards =
      !this.whole && this.fromDay === this.toDay && this.from !== '' && this.to !== '' && this.to <= this.from;
    return backwards ? t('leave.needs_order') : undefined;
  }

  /** `Tuesday 24 November`, or the first and the last of several. */
  get days(): string {
    const [first, last] = [spokenDay(this.fromDay), spokenDay(this.toDay)];
    return first === last ? first : `${first} – ${last}`;
  }

  /** The form as the shell takes it. */
  get form(): LeaveForm {
    return {
      staff: this.staff,
      reason: this.reason,
      from_day: this.fromDay,
      from: this.whole ? null : this.from || null,
      to_day: this.toDay,
      to: this.whole ? null : this.to || null,
      note: this.note.trim(),
    };
  }
}
