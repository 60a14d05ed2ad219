/** What changed by itself: it glows once, and is said to a screen reader, the newest only. */
import type { Board, ClinicChanged } from '../../ipc';
import { announcements } from '../../parts/announcements.svelte';
import { t } from '../../words';

export class Fresh {
  /** Row ids, and which of the two like motions they glow in, so that a second change glows again. */
  glows = $state.raw<ReadonlyMap<string, 1 | 2>>(new Map());
  #noticed = new Set<string>();
  #motion: 1 | 2 = 1;
  /** The newest change that was said; what was there when the window opened is not said. */
  #said = Number.POSITIVE_INFINITY;

  /** Takes a notice: what other people did will glow when it is shown. */
  noticed(notice: Pick<ClinicChanged, 'origin' | 'items'>): void {
    if (notice.origin !== 'elsewhere') return;
    for (const item of notice.items) this.#noticed.add(item.id);
  }

  /** Takes a board that is being shown; none where what is shown has no list of changes: then it only glows. */
  shown(board: Pick<Board, 'changed'> | undefined): void {
    const newest = board?.changed[0];
    if (this.#noticed.size > 0) {
      this.#motion = this.#motion === 1 ? 2 : 1;
      this.glows = new Map([...this.#noticed].map((id) => [id, this.#motion]));
      this.#noticed.clear();
    }
    if (!board) return;
    if (newest && newest.seq > this.#said) {
      const said = { staff: newest.staff_name ?? '', span: newest.span, what: t(`changed.${newest.what}`) };
      const added = newest.what === 'hours_added';
      announcements.say(added ? t('changed.said.hours_added', said) : t('changed.said.other', said));
    }
    this.#said = newest?.seq ?? 0;
  }
}
