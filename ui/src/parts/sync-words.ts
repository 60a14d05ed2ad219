/** What the sync pill says, and in which shape. */
import type { SyncView } from '../ipc';
import { t, tn } from '../words';

/** The pill's shape, its words, and how it should be seen. */
export type PillText = { glyph: string; text: string; state: SyncView['pill'] };

/** `12 s ago`, `3 min ago`. */
export function age(seconds: number): string {
  if (seconds < 60) return t('age.seconds', { count: Math.max(0, seconds) });
  if (seconds < 3600) return t('age.minutes', { count: Math.floor(seconds / 60) });
  return t('age.hours', { count: Math.floor(seconds / 3600) });
}

/** The pill of a state, at a time in seconds since 1970; without a time its age cannot be said yet. */
export function pillText(sync: SyncView, at: number | undefined): PillText {
  const parts = glyphAndText(sync, at);
  const waiting = sync.waiting > 0 ? ` ${tn('pill.waiting', sync.waiting)}` : '';
  const soon = sync.sign_in_by ? ` · ${t('pill.sign_in_by', { time: sync.sign_in_by })}` : '';
  const others = sync.others.map(({ name, waiting: count }) => ` · ${t('pill.others', { name, count })}`).join('');
  return { ...parts, text: `${parts.text}${waiting}${others}${soon}`, state: sync.pill };
}

function glyphAndText(sync: SyncView, at: number | undefined): { glyph: string; text: string } {
  switch (sync.pill) {
    case 'live':
      return { glyph: '●', text: t('pill.live') };
    case 'polling':
      return { glyph: '◐', text: updated(sync, at) };
    case 'starting':
      return { glyph: '◌', text: t('pill.starting') };
    case 'offline': {
      const since = sync.offline_since;
      return { glyph: '○', text: since ? t('pill.offline_since', { time: since }) : t('pill.offline') };
    }
    case 'sign_in_again':
      return { glyph: '○', text: t('pill.sign_in_again') };
  }
}

function updated(sync: SyncView, at: number | undefined): string {
  const fresh = sync.fresh_at ?? undefined;
  if (fresh === undefined) return t('pill.waiting_first');
  return t('pill.updated', { age: age((at ?? fresh) - fresh) });
}
