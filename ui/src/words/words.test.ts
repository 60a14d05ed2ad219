import { expect, it } from 'vitest';
import { speakPseudo, t, tn } from '.';
import { en } from './en';
import { barWord, needWord, statusWord } from './status';

it('fills its slots, and counts in words', () => {
  expect(t('status.requested', { name: 'Carla' })).toBe('Asked Carla');
  expect(tn('pill.waiting', 1)).toBe('(1 change waiting)');
  expect(tn('pill.waiting', 3)).toBe('(3 changes waiting)');
});

it('dresses every text up in the pseudo-locale, and keeps what is filled in', () => {
  speakPseudo(true);
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    const text = (t as (key: string, filling: object) => string)(key, {});
    expect(text.startsWith('⟦') && text.endsWith('⟧'), key).toBe(true);
    const slots = (of: string) => (of.match(/\{\w+\}/g) ?? []).sort();
    expect(slots(text), `${key} keeps its slots`).toEqual(slots(en[key]));
  }
  expect(t('status.requested', { name: 'Carla' })).toContain('Carla');
});

it('has one word for one thing', () => {
  expect(statusWord('requested')).toBe('Asked');
  expect(statusWord('awaiting_payment')).toBe('To pay');
  expect(barWord({ status: 'confirmed', pending: { operation: 'o', state: 'not_sent' } })).toBe('Not sent yet');
  expect(needWord({ task: 'call_back' })).toBe('Call back');
  expect(Object.values(en).some((text) => /unconfirmed/i.test(text))).toBe(false);
});
