import { describe, expect, it } from 'vitest';
import {
  firstStart,
  fitScale,
  lanePlace,
  nearest,
  rowHeight,
  SCALE,
  scrollAfterZoom,
  snapInto,
  zoomed,
} from './geometry';

describe('the board', () => {
  it('fits the opening hours into its width, within what can be read', () => {
    expect(fitScale({ opens: 480, closes: 1_050 }, 1_200)).toBe(2);
    expect(fitScale({ opens: 0, closes: 1_440 }, 100), 'a small window scrolls').toBe(1);
    expect(zoomed(SCALE.least, -1)).toBe(SCALE.least);
    expect(zoomed(SCALE.most, 1)).toBe(SCALE.most);
    expect(zoomed(zoomed(1, 1), -1)).toBe(1);
  });

  it('keeps the minute under the pointer while it zooms', () => {
    const [scroll, pointer, before, after] = [400, 250, 1, 2.5];
    const minute = (scroll + pointer) / before;
    const moved = scrollAfterZoom(scroll, pointer, before, after);
    expect((moved + pointer) / after).toBeCloseTo(minute);
    expect(scrollAfterZoom(0, 100, 2, 0.5), 'and never scrolls before the day').toBe(0);
  });

  it('lands a click on a quarter of an hour inside the free band', () => {
    const band = { from: 545, to: 680 };
    expect(snapInto(band, 612)).toBe(600);
    expect(snapInto(band, 550), 'a band that begins off the grid begins where it begins').toBe(545);
    expect(snapInto(band, 679)).toBe(675);
    expect(snapInto({ from: 600, to: 605 }, 604)).toBe(600);
  });

  it('starts a booking by keyboard at the next quarter of free time that has begun', () => {
    expect(firstStart({ from: 540, to: 720 }, undefined)).toBe(540);
    expect(firstStart({ from: 540, to: 720 }, 500)).toBe(540);
    expect(firstStart({ from: 540, to: 720 }, 601)).toBe(615);
    expect(firstStart({ from: 540, to: 720 }, 600)).toBe(600);
  });

  it('makes a row as high as its lanes, and keeps each bar within it', () => {
    expect(rowHeight([])).toBe(rowHeight([{ lanes: 1 }]));
    const height = rowHeight([{ lanes: 1 }, { lanes: 3 }]);
    const places = [0, 1, 2].map((lane) => lanePlace({ lane, lanes: 3 }, height));
    for (const [index, place] of places.entries()) {
      expect(place.height).toBeGreaterThanOrEqual(24);
      const next = places[index + 1];
      expect(place.top + place.height).toBeLessThanOrEqual(next ? next.top : height);
    }
  });

  it('finds the item that lies nearest to a minute', () => {
    const places = [
      { key: 'a', from: 540, to: 600 },
      { key: 'b', from: 660, to: 720 },
    ];
    expect(nearest(places, 580)?.key).toBe('a');
    expect(nearest(places, 645)?.key).toBe('b');
    expect(nearest(places, 600)?.key, 'an end is not inside').toBe('a');
    expect(nearest([], 600)).toBeUndefined();
  });
});
