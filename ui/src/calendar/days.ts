/** Days as ISO dates. Only counting and naming: which day it is now, in which zone, is the shell's to say. */

const DAY_MS = 86_400_000;

function utc(day: string): number {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return Date.UTC(year, month - 1, date);
}

/** The date so many days later (or earlier, when negative). */
export function addDays(day: string, days: number): string {
  return new Date(utc(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days `to` is after `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to) - utc(from)) / DAY_MS);
}

/** The first day of a day's week; `starts` is 1 for Monday to 7 for Sunday. */
export function weekOf(day: string, starts: number): string {
  return addDays(day, -((new Date(utc(day)).getUTCDay() + 7 - (starts % 7)) % 7));
}

/** `Monday 23 November`, whole, as a screen reader should say it. */
export function spokenDay(day: string, locale = 'en-GB'): string {
  const words = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  return words.format(utc(day)).replace(',', '');
}

/** `23 Nov 2026`, where there is little room. */
export function shortDay(day: string, locale = 'en-GB'): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    utc(day),
  );
}
