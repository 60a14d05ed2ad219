/** Side by side: stretches of one column that overlap get lanes, so that none hides another. */

/** A stretch of a day in minutes, `to` excluded. */
export interface Stretch {
  from: number;
  to: number;
}

/** A lane, and how many lanes its overlapping group needs. */
export interface Lane {
  lane: number;
  lanes: number;
}

/** Lanes for stretches in any order, answered in the order given. Those that only touch share one lane. */
export function lanesOf(stretches: readonly Stretch[]): Lane[] {
  const placed: Lane[] = stretches.map(() => ({ lane: 0, lanes: 1 }));
  const byStart = stretches.map((stretch, index) => ({ stretch, index }));
  byStart.sort((a, b) => a.stretch.from - b.stretch.from || a.stretch.to - b.stretch.to);
  let group: Lane[] = [];
  let ends: number[] = [];
  let groupEnd = Number.NEGATIVE_INFINITY;
  const close = () => {
    for (const member of group) member.lanes = ends.length;
  };
  for (const { stretch, index } of byStart) {
    if (stretch.from >= groupEnd) {
      close();
      group = [];
      ends = [];
    }
    const open = ends.findIndex((end) => end <= stretch.from);
    const lane = open === -1 ? ends.length : open;
    ends[lane] = stretch.to;
    const mine = placed[index] as Lane;
    mine.lane = lane;
    group.push(mine);
    groupEnd = Math.max(groupEnd, stretch.to);
  }
  close();
  return placed;
}
