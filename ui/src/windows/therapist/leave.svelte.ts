/** Making, changing and removing a leave, with the question that comes before bookings lie in one. */
import { type CommandError, commands, refusal } from '../../ipc';
import { toasts } from '../../parts/toasts.svelte';
import { t } from '../../words';
import type { LeaveDraft } from './leave-draft.svelte';

export class Leave {
  draft = $state.raw<LeaveDraft>();
  open = $state(false);
  busy = $state(false);
  error = $state.raw<CommandError>();
  /** The bookings that would lie in it; none while nothing is asked. */
  question = $state.raw<string[]>();
  anchor = $state.raw<HTMLElement | null>(null);

  begin(draft: LeaveDraft, anchor: HTMLElement | null): void {
    this.draft = draft;
    this.anchor = anchor;
    this.error = undefined;
    this.question = undefined;
    this.open = true;
  }

  close(): void {
    this.open = false;
    this.question = undefined;
    this.draft = undefined;
  }

  /** Keeps what was typed; with bookings in it only once somebody said that they may lie there. */
  async submit(strand = false): Promise<void> {
    const draft = this.draft;
    if (!draft || this.busy) return;
    this.busy = true;
    this.error = undefined;
    try {
      const answer = await commands.keepLeave(draft.id, draft.form, strand);
      if (answer.is === 'strands') {
        this.question = answer.bookings;
        this.open = false;
      } else {
        const said = { reason: t(`block.${draft.reason}`), days: draft.days };
        toasts.show(
          t(draft.id ? 'leave.changed' : 'leave.added', said),
          answer.undoable ? answer.operation : undefined,
        );
        this.close();
      }
    } catch (reason) {
      this.error = refusal(reason);
      this.question = undefined;
      this.open = true;
    }
    this.busy = false;
  }

  async remove(): Promise<void> {
    const draft = this.draft;
    if (!draft?.id || this.busy) return;
    const { id } = draft;
    this.busy = true;
    try {
      const kept = await commands.removeLeave(id);
      const said = { reason: t(`block.${draft.reason}`), days: draft.days };
      toasts.show(t('leave.removed', said), kept.undoable ? kept.operation : undefined);
      this.close();
    } catch (reason) {
      this.error = refusal(reason);
    }
    this.busy = false;
  }

  /** Back to the form, as it was typed. */
  thinkAgain(): void {
    this.question = undefined;
    this.open = true;
  }
}
