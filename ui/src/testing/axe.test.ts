import { expect, it } from 'vitest';
import { violations } from './axe';

it('names a field that has no name, so that an empty list means something', async () => {
  document.body.innerHTML = '<main><input></main>';
  expect(await violations(document.body)).toEqual(['label: <input>']);
  document.body.innerHTML = '<main><input aria-label="Client"></main>';
  expect(await violations(document.body)).toEqual([]);
});
