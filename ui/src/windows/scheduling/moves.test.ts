import { expect, it } from 'vitest';
import { carried, nudged, stretched } from './moves';

const hour = { from: 600, to: 660 };

it('carries a booking in steps and keeps its length and its day', () => {
  expect(carried(hour, 612, 15, 1440)).toEqual({ from: 615, to: 675 });
  expect(carried(hour, 612, 5, 1440)).toEqual({ from: 610, to: 670 });
  expect(carried(hour, -90, 15, 1440)).toEqual({ from: 0, to: 60 });
  expect(carried(hour, 1500, 15, 1440)).toEqual({ from: 1380, to: 1440 });
});

it('draws the end out or in, by at least one step', () => {
  expect(stretched(hour, 697, 15, 1440)).toEqual({ from: 600, to: 690 });
  expect(stretched(hour, 580, 15, 1440)).toEqual({ from: 600, to: 615 });
  expect(stretched(hour, 1600, 15, 1440)).toEqual({ from: 600, to: 1440 });
});

it('goes by arrows, changes its length with Shift, and answers no other key', () => {
  const press = (key: string, shiftKey = false) => nudged(hour, { key, shiftKey }, 15, 1440);
  expect(press('ArrowUp')).toEqual({ from: 585, to: 645 });
  expect(press('PageDown')).toEqual({ from: 660, to: 720 });
  expect(press('ArrowDown', true)).toEqual({ from: 600, to: 675 });
  expect(press('PageUp', true), 'never shorter than five minutes').toEqual({ from: 600, to: 605 });
  expect(press('x')).toBeUndefined();
});
