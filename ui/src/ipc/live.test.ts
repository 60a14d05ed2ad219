import { describe, expect, it, vi } from 'vitest';
import { type Deferred, deferred } from '../testing/deferred';
import type { ChangedKey, ClinicChanged } from './bindings';
import { Live } from './live.svelte';

type Answer = { revision: number; text: string };
const key = (id: string): ChangedKey => ({ kind: 'appointment', id, op: 'put', left: false });
const notice = (prev: number, revision: number, more: Partial<ClinicChanged> = {}): ClinicChanged => ({
  epoch: 'one',
  prev,
  revision,
  items: [key('a')],
  overflow: false,
  origin: 'elsewhere',
  ...more,
});

/** A shell whose answers are given by hand. */
function desk(concerns?: (key: ChangedKey) => boolean, painted?: () => Promise<void>) {
  const asked: Deferred<Answer>[] = [];
  const since = vi.fn(async (revision: number) => ({ epoch: 'one', revision, items: [key('a')], overflow: false }));
  const ask = () => {
    const question = deferred<Answer>();
    asked.push(question);
    return question.promise;
  };
  const live = new Live<Answer>({ ask, since, concerns, painted });
  const answer = async (index: number, revision: number, text = `at ${revision}`) => {
    asked[index]?.resolve({ revision, text });
    await settled();
  };
  return { asked, since, live, answer };
}
const settled = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
const shows = (live: Live<Answer>) => live.value?.text;

describe('a live question', () => {
  it('shows its first answer and asks anew when a notice follows it', async () => {
    const { live, answer, asked, since } = desk();
    void live.ask();
    await answer(0, 5);
    expect(shows(live)).toBe('at 5');
    void live.heard(notice(5, 6));
    await settled();
    await answer(1, 6);
    expect(shows(live)).toBe('at 6');
    expect(asked).toHaveLength(2);
    expect(since, 'nothing was missed').not.toHaveBeenCalled();
  });

  it('asks anew when the shell had passed its answer before it watched, and only then', async () => {
    const { live, answer, asked } = desk();
    void live.ask();
    await answer(0, 5);
    await live.caughtUp(5);
    expect(asked, 'nothing went by').toHaveLength(1);
    void live.caughtUp(7);
    await settled();
    await answer(1, 7);
    expect(shows(live)).toBe('at 7');
    expect(asked).toHaveLength(2);
  });

  it('makes up for what went by between its first answer and its first hearing, and asks nothing anew otherwise', async () => {
    const { live, answer, asked, since } = desk((one) => one.id === 'a');
    void live.ask();
    void live.hears();
    await settled();
    expect(since, 'not before there is an answer').not.toHaveBeenCalled();
    since.mockResolvedValueOnce({ epoch: 'one', revision: 5, items: [], overflow: false });
    await answer(0, 5);
    expect(since).toHaveBeenCalledWith(5);
    expect(asked, 'nothing went by').toHaveLength(1);
    since.mockResolvedValueOnce({ epoch: 'one', revision: 6, items: [key('a')], overflow: false });
    void live.hears();
    await settled();
    await answer(1, 6);
    expect(shows(live)).toBe('at 6');
  });

  it('asks anew only once its last answer is painted, unless it is for something else', async () => {
    const frame = deferred<void>();
    const { live, answer, asked } = desk(undefined, () => frame.promise);
    void live.ask();
    await answer(0, 5);
    void live.heard(notice(5, 6));
    await settled();
    expect(asked, 'the frame comes first').toHaveLength(1);
    frame.resolve();
    await settled();
    await answer(1, 6);
    expect(shows(live)).toBe('at 6');
    void live.restart();
    await settled();
    expect(asked, 'another day does not wait').toHaveLength(3);
  });

  it('asks once more what was refused before it began to hear: what made it answerable may have gone by', async () => {
    const { live, answer, asked, since } = desk();
    void live.ask();
    asked[0]?.reject({ code: 'busy', message: 'Not now.' });
    void live.hears();
    await settled();
    expect(live.error?.message).toBe('Not now.');
    expect(asked, 'once more').toHaveLength(2);
    await answer(1, 3);
    expect(shows(live)).toBe('at 3');
    expect(live.error).toBeUndefined();
    expect(since).not.toHaveBeenCalled();
  });

  it('asks what it missed when a notice begins after what it knows', async () => {
    const { live, answer, asked, since } = desk();
    void live.ask();
    await answer(0, 5);
    void live.heard(notice(7, 8));
    await settled();
    expect(since).toHaveBeenCalledWith(5);
    await answer(1, 8);
    expect(shows(live)).toBe('at 8');
    expect(asked).toHaveLength(2);
  });

  it('does not ask anew when neither the notice nor what was missed concerns it', async () => {
    const { live, answer, asked, since } = desk((one) => one.id === 'b');
    void live.ask();
    await answer(0, 5);
    await live.heard(notice(5, 6));
    await live.heard(notice(7, 8));
    expect(since).toHaveBeenCalledWith(6);
    expect(asked, 'another row is no reason to ask').toHaveLength(1);
    void live.heard(notice(8, 9, { items: [key('b')] }));
    await settled();
    expect(asked).toHaveLength(2);
  });

  it('asks anew when what was missed cannot be read', async () => {
    const { live, answer, asked, since } = desk((one) => one.id === 'b');
    since.mockRejectedValueOnce({ code: 'other', message: 'no' });
    void live.ask();
    await answer(0, 5);
    void live.heard(notice(7, 8));
    await settled();
    expect(asked).toHaveLength(2);
  });

  it('takes a notice of other days for no gap: prev may lie before what it read', async () => {
    const { live, answer, asked, since } = desk();
    void live.ask();
    await answer(0, 9);
    void live.heard(notice(7, 10));
    await settled();
    expect(since).not.toHaveBeenCalled();
    expect(asked).toHaveLength(2);
  });

  it('ignores a notice that its answer has in it already', async () => {
    const { live, answer, asked } = desk();
    void live.ask();
    await answer(0, 9);
    await live.heard(notice(7, 9));
    expect(asked).toHaveLength(1);
  });

  it('has one question in flight, and asks once more for all that came meanwhile', async () => {
    const { live, answer, asked } = desk();
    void live.ask();
    await answer(0, 5);
    void live.heard(notice(5, 6));
    await settled();
    void live.heard(notice(6, 7));
    void live.heard(notice(7, 8));
    await settled();
    expect(asked, 'the second question is in flight').toHaveLength(2);
    await answer(1, 6);
    expect(asked).toHaveLength(3);
    await answer(2, 8);
    expect(asked, 'and none is asked for nothing').toHaveLength(3);
    expect(shows(live)).toBe('at 8');
  });

  it('does not ask again when the answer in flight was read after the notice', async () => {
    const { live, answer, asked } = desk();
    void live.ask();
    await answer(0, 5);
    void live.heard(notice(5, 6));
    await settled();
    void live.heard(notice(6, 7));
    await answer(1, 7);
    expect(asked).toHaveLength(2);
  });

  it('drops an answer that is older than what it shows', async () => {
    const { live, answer } = desk();
    void live.ask();
    await answer(0, 9);
    void live.ask();
    await answer(1, 8);
    expect(shows(live)).toBe('at 9');
  });

  it('drops the answer to a question that was replaced, and shows the new one though its revision is lower', async () => {
    const { live, answer, asked } = desk();
    void live.ask();
    await answer(0, 9, 'monday');
    void live.ask();
    void live.restart();
    await answer(1, 10, 'monday');
    expect(shows(live)).toBe('monday');
    expect(asked).toHaveLength(3);
    await answer(2, 3, 'tuesday');
    expect(shows(live), 'another account has a cache of its own').toBe('tuesday');
  });

  it('ends a restart only once its own answer is shown, though another question was in flight', async () => {
    const { live, answer } = desk();
    void live.ask();
    let ended = false;
    void live.restart().then(() => {
      ended = true;
    });
    await answer(0, 5, 'monday');
    expect(ended).toBe(false);
    await answer(1, 5, 'tuesday');
    expect(ended).toBe(true);
    expect(shows(live)).toBe('tuesday');
  });

  it('asks anew on overflow and on another epoch', async () => {
    const { live, answer, asked } = desk(() => false);
    void live.ask();
    await answer(0, 5);
    void live.heard(notice(5, 6, { items: [], overflow: true }));
    await settled();
    await answer(1, 6);
    void live.heard(notice(6, 7, { epoch: 'two', items: [] }));
    await settled();
    expect(asked).toHaveLength(3);
  });

  it('keeps its last answer when asking fails, says why, and mends with the next notice', async () => {
    const { live, answer, asked } = desk();
    void live.ask();
    await answer(0, 5);
    void live.heard(notice(5, 6));
    await settled();
    asked[1]?.reject({ code: 'other', message: 'The cache cannot be read.' });
    await settled();
    expect(live.error?.message).toBe('The cache cannot be read.');
    expect(shows(live)).toBe('at 5');
    void live.heard(notice(6, 7));
    await settled();
    await answer(2, 7);
    expect(live.error).toBeUndefined();
    expect(shows(live)).toBe('at 7');
  });
});
