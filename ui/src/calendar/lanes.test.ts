import { describe, expect, it } from 'vitest';
import { lanesOf, type Stretch } from './lanes';

const of = (...stretches: [number, number][]) => lanesOf(stretches.map(([from, to]) => ({ from, to })));

describe('lanes', () => {
  it('are shared by stretches that only touch', () => {
    expect(of([0, 60], [60, 120])).toEqual([
      { lane: 0, lanes: 1 },
      { lane: 0, lanes: 1 },
    ]);
  });

  it('stand side by side where stretches overlap, and a group ends where nothing goes on', () => {
    expect(of([0, 60], [30, 90], [90, 120])).toEqual([
      { lane: 0, lanes: 2 },
      { lane: 1, lanes: 2 },
      { lane: 0, lanes: 1 },
    ]);
  });

  it('never put two that overlap into one lane, whatever the order', () => {
    // A small linear congruential generator: the same 300 columns in every run.
    let seed = 42;
    const next = (below: number) => {
      seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
      return Math.floor((seed / 4_294_967_296) * below);
    };
    for (let round = 0; round < 300; round++) {
      const stretches: Stretch[] = Array.from({ length: next(12) }, () => {
        const from = next(1440);
        return { from, to: from + 1 + next(180) };
      });
      const lanes = lanesOf(stretches);
      stretches.forEach((a, i) => {
        expect(lanes[i]?.lane).toBeLessThan(lanes[i]?.lanes ?? 0);
        stretches.forEach((b, j) => {
          const overlap = i < j && a.from < b.to && b.from < a.to;
          if (overlap) expect(lanes[i]?.lane, `${JSON.stringify([a, b])} share a lane`).not.toBe(lanes[j]?.lane);
        });
      });
    }
  });
});
