import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { customs } from '../calendar/customs.svelte';
import TimeField from './TimeField.svelte';

const field = () => screen.getByRole<HTMLInputElement>('textbox');

describe('a field for a time of day', () => {
  afterEach(() => {
    customs.twelveHours = false;
  });

  it('takes either way of writing, and writes it as this computer does once it is left', async () => {
    customs.twelveHours = true;
    render(TimeField, { value: '20:00', 'aria-label': 'From' });
    expect(field().value).toBe('8:00 PM');
    await fireEvent.focus(field());
    await fireEvent.input(field(), { target: { value: '1430' } });
    expect(field().value, 'nothing jumps while it is typed').toBe('1430');
    await fireEvent.blur(field());
    expect(field().value).toBe('2:30 PM');
  });

  it('leaves what is no time as it was typed, and says so', async () => {
    render(TimeField, { value: '', 'aria-label': 'From' });
    await fireEvent.focus(field());
    await fireEvent.input(field(), { target: { value: 'soon' } });
    await fireEvent.blur(field());
    expect(field().value).toBe('soon');
    expect(field().getAttribute('aria-invalid')).toBe('true');
  });

  it('shows another value that comes from outside', async () => {
    const { rerender } = render(TimeField, { value: '09:00', 'aria-label': 'From' });
    await rerender({ value: '' });
    expect(field().value).toBe('');
    await rerender({ value: '17:00' });
    expect(field().value).toBe('17:00');
  });
});
