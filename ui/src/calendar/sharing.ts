/**
 * Keeps what did not change. The shell answers a whole day each time; where a part says the same as before, the part
 * that is already drawn takes its place, so that only what changed is drawn anew.
 */

type Keyed = { id?: string; staff?: string; from?: number };

/** `after`, with every part that equals its counterpart of `before` replaced by it. Lists are matched by their keys. */
export function sharing<T>(before: T | undefined, after: T): T {
  if (Object.is(before, after) || !isTree(before) || !isTree(after)) return after;
  if (Array.isArray(after)) return sharingList(Array.isArray(before) ? before : [], after) as T;
  const old = before as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  let changed = Object.keys(old).length !== Object.keys(after).length;
  for (const [key, value] of Object.entries(after)) {
    made[key] = sharing(old[key], value);
    if (!Object.is(made[key], old[key])) changed = true;
  }
  return changed ? (made as T) : before;
}

function sharingList(before: unknown[], after: unknown[]): unknown[] {
  const byKey = new Map(before.map((one, index) => [keyOf(one, index), one]));
  const made = after.map((one, index) => sharing(byKey.get(keyOf(one, index)), one));
  const changed = made.length !== before.length || made.some((one, index) => !Object.is(one, before[index]));
  return changed ? made : before;
}

function keyOf(one: unknown, index: number): string | number {
  if (!isTree(one)) return index;
  const { id, staff, from } = one as Keyed;
  return id ?? staff ?? (from === undefined ? index : `from ${from}`);
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
