import { describe, expect, it } from 'vitest';
import { painted, paintedByClick } from './paint';

const week = [1440, 1440, 1440, 1440, 1440, 1440, 1440];

describe('hours that are painted', () => {
  it('inside a day run from where the drag began to where it is', () => {
    expect(painted({ day: 1, minute: 545 }, { day: 1, minute: 722 }, 15, week)).toEqual({ day: 1, from: 540, to: 720 });
  });

  it('into the next day are one shift over midnight', () => {
    const shift = painted({ day: 4, minute: 1321 }, { day: 5, minute: 360 }, 15, week);
    expect(shift).toEqual({ day: 4, from: 1320, to: 1800 });
  });

  it('never last a whole day, however far the drag goes', () => {
    expect(painted({ day: 1, minute: 600 }, { day: 4, minute: 700 }, 15, week)).toEqual({
      day: 1,
      from: 600,
      to: 2025,
    });
  });

  it('on a day of 23 hours go over midnight where that day ends', () => {
    const short = [1380, 1440];
    expect(painted({ day: 0, minute: 1320 }, { day: 1, minute: 60 }, 15, short).to).toBe(1440);
  });

  it('by a click reach to what is there already', () => {
    expect(paintedByClick({ day: 0, minute: 619 }, [{ from: 720, to: 900 }], 1440)).toEqual({
      day: 0,
      from: 600,
      to: 720,
    });
    expect(paintedByClick({ day: 0, minute: 619 }, [], 1440)).toEqual({ day: 0, from: 600, to: 780 });
  });
});
