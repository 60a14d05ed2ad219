/** Clock times in forms: what a person types, as `HH:MM`. Minutes since the day began stay the shell's business. */

/** `930`, `9:30`, `9.30`, `14` as `09:30`, `14:00`; none when it is no time of day. */
export function readClock(text: string): string | undefined {
  const match = /^(\d{1,2})[:.h]?(\d{2})?$/.exec(text.trim());
  if (!match) return undefined;
  const hour = Number(match[1]);
  const minute = Number(match[2] ?? '0');
  if (hour > 23 || minute > 59) return undefined;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** `14:30` and 45 minutes make `15:15`; past midnight it starts over. */
export function addMinutes(clock: string, minutes: number): string {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  const total = (((hour * 60 + minute + minutes) % 1440) + 1440) % 1440;
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
}
