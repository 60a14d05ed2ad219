/**
 * The board's geometry: minutes to pixels, where a click lands, which item lies next to which. Pure, so that it is
 * checked without a window. Minutes count from the day's beginning, as the shell draws them.
 */
import type { Band, BookingBar, DayAxis } from '../../ipc';

/** Pixels per minute: from a whole day at a glance to five minutes a finger wide. */
export const SCALE = { least: 0.5, most: 6 } as const;
const ZOOM_STEP = 1.25;

/** Height of a row, and of each further lane of bookings that overlap. */
export const ROW = { height: 34, lane: 26, pad: 4 } as const;

/** A new booking begins on a quarter of an hour. */
export const SNAP_MINUTES = 15;

/** Keeps a scale within what can be read. */
export function clampScale(scale: number): number {
  return Math.min(SCALE.most, Math.max(SCALE.least, scale));
}

/** Below this a half-hour booking has no room for its shape and a letter: a small window scrolls instead. */
const FIT_LEAST = 1;

/** The scale that shows the opening hours in `width` pixels, as far as they stay readable. */
export function fitScale(axis: Pick<DayAxis, 'opens' | 'closes'>, width: number): number {
  const minutes = Math.max(60, axis.closes - axis.opens + 30);
  return clampScale(Math.max(FIT_LEAST, width / minutes));
}

/** One step of zoom, nearer for a positive direction. */
export function zoomed(scale: number, direction: number): number {
  return clampScale(direction > 0 ? scale * ZOOM_STEP : scale / ZOOM_STEP);
}

/** Where to scroll so that the minute under the pointer stays there while the scale changes. */
export function scrollAfterZoom(scroll: number, pointer: number, before: number, after: number): number {
  return Math.max(0, ((scroll + pointer) / before) * after - pointer);
}

/** The minute of a click in a free band, on the grid of quarters, inside the band. */
export function snapInto(band: Pick<Band, 'from' | 'to'>, minute: number): number {
  const snapped = Math.floor(minute / SNAP_MINUTES) * SNAP_MINUTES;
  const last = Math.max(band.from, Math.ceil((band.to - SNAP_MINUTES) / SNAP_MINUTES) * SNAP_MINUTES);
  return Math.min(Math.max(snapped, band.from), last);
}

/** Where a booking begins when free time is chosen by keyboard: at once when it has begun, else at its start. */
export function firstStart(band: Pick<Band, 'from' | 'to'>, now: number | undefined): number {
  if (now === undefined || now < band.from) return band.from;
  return snapInto(band, now + SNAP_MINUTES - 1);
}

/** How high a row must be for its lanes. */
export function rowHeight(bookings: Pick<BookingBar, 'lanes'>[]): number {
  const lanes = bookings.reduce((most, bar) => Math.max(most, bar.lanes), 1);
  return lanes === 1 ? ROW.height : lanes * ROW.lane + ROW.pad * 2;
}

/** Where a bar lies within its row, top and height. */
export function lanePlace(bar: Pick<BookingBar, 'lane' | 'lanes'>, height: number): { top: number; height: number } {
  const room = (height - ROW.pad * 2) / bar.lanes;
  return { top: ROW.pad + bar.lane * room, height: bar.lanes === 1 ? room : room - 2 };
}

/** An item that the keyboard can reach. */
export type Place = { key: string; from: number; to: number };

/** The item of a row that lies nearest to a minute. */
export function nearest(places: Place[], minute: number): Place | undefined {
  const away = (place: Place) =>
    minute < place.from ? place.from - minute : minute >= place.to ? minute - place.to + 1 : 0;
  return places.reduce<Place | undefined>(
    (best, place) => (best === undefined || away(place) < away(best) ? place : best),
    undefined,
  );
}
