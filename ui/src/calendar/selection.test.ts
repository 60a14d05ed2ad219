import { describe, expect, it } from 'vitest';
import { clicked, dragged, FINE_STEP, moved, STEP, stepOf } from './selection';

const day = { from: 0, to: 1440 };
const press = { minute: 607, x: 100, y: 200, dragging: false };

describe('a press', () => {
  it('is a click while the pointer stays within five pixels', () => {
    expect(moved(press, 103, 203).dragging).toBe(false);
    expect(moved(press, 100, 205).dragging).toBe(true);
  });

  it('stays a drag when the pointer comes back', () => {
    expect(moved(moved(press, 100, 240), 100, 200).dragging).toBe(true);
  });
});

describe('a drag', () => {
  it('snaps to quarter hours, and with Alt to five minutes', () => {
    expect(dragged(607, 668, stepOf({ altKey: false }), day)).toEqual({ from: 600, to: 675 });
    expect(dragged(607, 668, stepOf({ altKey: true }), day)).toEqual({ from: 605, to: 670 });
  });

  it('upwards keeps the quarter it began in', () => {
    expect(dragged(607, 541, STEP, day)).toEqual({ from: 540, to: 615 });
  });

  it('is never empty and never leaves its bounds', () => {
    expect(dragged(607, 607, STEP, day)).toEqual({ from: 600, to: 615 });
    expect(dragged(607, 2000, FINE_STEP, { from: 0, to: 660 })).toEqual({ from: 605, to: 660 });
  });
});

describe('a click', () => {
  it('takes the wished length from the quarter clicked, or what room there is', () => {
    expect(clicked(607, 60, STEP, day)).toEqual({ from: 600, to: 660 });
    expect(clicked(607, 60, STEP, { from: 606, to: 640 })).toEqual({ from: 606, to: 640 });
  });
});
