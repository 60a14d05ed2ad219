import { expect, test } from 'vitest';
import { cents } from './money';

test('an amount is read with one, two or no digits after the point', () => {
  expect(['1175', '1175.5', '1175,50', '0.05'].map(cents)).toEqual([117_500, 117_550, 117_550, 5]);
});

test('what is no amount is nothing', () => {
  expect(['', 'free', '-5', '1.234', '1 000'].map(cents)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
