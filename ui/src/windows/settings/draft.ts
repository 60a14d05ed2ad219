/** What a person typed into the settings, before it is kept. The shell has the last word; this one only saves the way. */

import type { SettingsForm } from '../../ipc';
import { t } from '../../words';

/** An interval's name, as a person says it. */
export const nameOf = (setting: string): string => t(`settings.${setting}` as 'settings.sync.intervals.hidden');

/** A copy to change. */
export const copyOf = (form: SettingsForm): SettingsForm => ({
  ...form,
  intervals: form.intervals.map((one) => ({ ...one })),
  staff: [...form.staff],
});

/** Whether both say the same. */
export const same = (one: SettingsForm, other: SettingsForm): boolean => JSON.stringify(one) === JSON.stringify(other);

const within = (value: number | null, least: number, most: number) =>
  value !== null && Number.isInteger(value) && value >= least && value <= most;

/** What keeps it from being kept, by its setting; none when nothing does. */
export function fault(form: SettingsForm): { setting: string; text: string } | undefined {
  for (const { setting, shortest, longest } of form.intervals) {
    if (!within(shortest, 3, 3600) || !within(longest, 3, 3600) || shortest > longest) {
      const text = t('settings.range', {
        setting: nameOf(setting),
        shortest: t('settings.shortest'),
        longest: t('settings.longest'),
      });
      return { setting, text };
    }
  }
  if (!within(form.days_ahead, 1, 365)) return { setting: 'notifications.days_ahead', text: t('settings.days_range') };
  if (!form.quiet_from || !form.quiet_to || form.quiet_from === form.quiet_to) {
    return { setting: 'notifications.quiet', text: t('settings.quiet_range') };
  }
  if (!within(form.zoom, 80, 250)) return { setting: 'desktop.zoom', text: t('settings.zoom_range') };
  const { lock_after_minutes: after, lock_warn_seconds: warn } = form;
  if (!within(after, 0, 240)) return { setting: 'lock.after_minutes', text: t('settings.lock_range') };
  if (!within(warn, 20, 300) || (after > 0 && warn > after * 30)) {
    return { setting: 'lock.warn_seconds', text: t('settings.lock_range') };
  }
  return undefined;
}

/** What asking so often costs: requests an hour, fewest and most. A dash where the numbers are none. */
export function cost(shortest: number, longest: number): string {
  if (!(shortest > 0) || !(longest > 0)) return '–';
  const [least, most] = [Math.round(3600 / longest), Math.round(3600 / shortest)];
  return least === most ? String(least) : t('settings.cost_of', { least, most });
}
