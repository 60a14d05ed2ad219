import { describe, expect, it } from 'vitest';
import { aBar, aBoard, aCatalogue, aRow } from '../../testing/day';
import { shownRows } from './rows';

const { rows } = aBoard();
const names = (filter: Partial<Parameters<typeof shownRows>[2]>, of = rows) =>
  shownRows(of, aCatalogue(), { everyone: false, text: '', service: undefined, ...filter }).map((row) => row.name);

describe('the staff shown', () => {
  it('are those who work that day, and everyone when asked for', () => {
    expect(names({})).toEqual(['Ana']);
    expect(names({ everyone: true })).toEqual(['Ana', 'Ben']);
  });

  it('keep somebody without hours who is booked all the same', () => {
    const carla = aRow({ staff: 'carla', name: 'Carla', presence: 'off', hours: [], bookings: [aBar()] });
    expect(names({}, [carla])).toEqual(['Carla']);
  });

  it('are found by a part of a name in any case', () => {
    expect(names({ everyone: true, text: ' bE ' })).toEqual(['Ben']);
  });

  it('are those who offer the service', () => {
    const shiatsu = aCatalogue().services[1];
    expect(names({ everyone: true, service: shiatsu })).toEqual(['Ana']);
  });
});
