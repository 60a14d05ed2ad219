/** Whom a late client keeps waiting, at this minute: the shell says how much delay there is room for. */
import type { Strand } from '../../ipc';
import { t } from '../../words';

/** A booking that is pushed back, by so many minutes. */
export type Pushed = Pick<Strand, 'appointment' | 'client' | 'time'> & { by: number };

/** What a delay of so many minutes pushes back. */
export function pushedBy(strands: Strand[], late: number): Pushed[] {
  return strands
    .filter(({ slack }) => slack < late)
    .map(({ appointment, client, time, slack }) => ({ appointment, client, time, by: late - slack }));
}

/** `delays Kim Reyes 15:00 by 7 min`, and how many more. */
export function pushedWords(pushed: Pushed[], name: (client: string) => string): string {
  const [first, ...others] = pushed;
  if (!first) return '';
  const words = t('late.delays', { client: name(first.client), time: first.time, count: first.by });
  return others.length > 0 ? `${words} ${t('late.more', { count: others.length })}` : words;
}

/** How far each booking is pushed back, by its id: by the one that pushes it furthest. */
export function pushes(late: { strands: Strand[]; late: number }[]): ReadonlyMap<string, number> {
  const far = new Map<string, number>();
  for (const one of late) {
    for (const { appointment, by } of pushedBy(one.strands, one.late)) {
      far.set(appointment, Math.max(by, far.get(appointment) ?? 0));
    }
  }
  return far;
}
