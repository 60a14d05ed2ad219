import { describe, expect, it } from 'vitest';
import { box, firstMinute, gapsOf, minuteAtHeight, pieceOn } from './column';

describe('a stretch on a day', () => {
  it('over midnight is drawn to the end of its day and goes on on the next', () => {
    expect(pieceOn({ from: 1320, to: 1800 }, 1440)).toEqual({
      from: 1320,
      to: 1440,
      continued: false,
      continues: true,
    });
    expect(pieceOn({ from: -120, to: 360 }, 1440)).toEqual({ from: 0, to: 360, continued: true, continues: false });
  });

  it('to midnight does not go on', () => {
    expect(pieceOn({ from: 1200, to: 1440 }, 1440)?.continues).toBe(false);
    expect(pieceOn({ from: -240, to: 0 }, 1440), 'it ended as the day began').toBeNull();
  });

  it('stands where the scale puts it, and a height is read back as its minute', () => {
    const scale = { perMinute: 1.5 };
    expect(box({ from: 60, to: 120 }, scale)).toEqual({ top: 90, height: 90 });
    expect(minuteAtHeight(90, scale, 1440)).toBe(60);
    expect(minuteAtHeight(-3, scale, 1440)).toBe(0);
    expect(minuteAtHeight(9999, scale, 1440)).toBe(1440);
  });
});

describe('gaps', () => {
  it('are what nothing covers, overlaps taken together', () => {
    const covered = [
      { from: 600, to: 720 },
      { from: 540, to: 660 },
      { from: 900, to: 2000 },
    ];
    expect(gapsOf(covered, { from: 480, to: 1440 })).toEqual([
      { from: 480, to: 540 },
      { from: 720, to: 900 },
    ]);
    expect(gapsOf([], { from: 0, to: 10 })).toEqual([{ from: 0, to: 10 }]);
  });
});

describe('the first place scrolled to', () => {
  it('is just above opening on another day, and keeps now in sight on today', () => {
    expect(firstMinute(480, null, 600)).toBe(450);
    expect(firstMinute(480, 500, 600)).toBe(300);
    expect(firstMinute(480, 1080, 600)).toBe(880);
    expect(firstMinute(0, 10, 600)).toBe(0);
  });
});
