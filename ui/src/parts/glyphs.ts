/**
 * One shape for each status, drawn on a 16-pixel square, so that no state is told by colour alone. Paths and not icon
 * components: a board draws a thousand of them.
 */
import type { Status } from '../ipc';

/** What a glyph can stand for besides a status. */
export type GlyphName = Status | 'late' | 'pending' | 'refused';

/** A path to stroke. */
export const glyphs: Record<GlyphName, string> = {
  requested: 'M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6v.1M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8',
  confirmed: 'M3 4h10v9.5H3zM3 7h10M5.5 2v3M10.500 2v3',
  en_route: 'M2.500 8h10M8.500 3.800 12.700 8l-4.200 4.200',
  arrived: 'M8 2v8M4.800 7 8 10.200 11.200 7M2.800 13.500h10.400',
  in_session: 'M5 3.200v9.600L12.500 8z',
  awaiting_payment: 'M1.800 4h12.400v8H1.800zM8 6.300a1.700 1.700 0 1 0 0 3.400 1.700 1.700 0 0 0 0-3.400',
  completed: 'm3 8.500 3.400 3.400L13 4.600',
  declined: 'm4 4 8 8M12 4l-8 8',
  cancelled: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M3.700 3.700l8.600 8.600',
  no_show:
    'M6.500 2.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5M2 13.500c0-2.500 2-4 4.500-4 1 0 2 .3 2.800.8M10.800 10.800l3.200 3.200M14 10.800 10.800 14',
  expired: 'M4 2.200h8M4 13.800h8M5 2.200c0 3 3 4 3 5.800s-3 2.800-3 5.800M11 2.200c0 3-3 4-3 5.800s3 2.800 3 5.800',
  late: 'M8 2 14.300 13.500H1.700zM8 6.500v3.200M8 11.500v.1',
  pending: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M8 4.500V8l2.400 1.500',
  refused: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M8 4.800v4M8 11v.1',
};
