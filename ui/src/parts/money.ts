/** Amounts of money as a person types them. */

/** `1175` or `1175.50` in hundredths; nothing when it is not an amount. */
export function cents(typed: string): number | undefined {
  const found = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(typed.trim());
  if (!found) return undefined;
  const [, whole = '0', part = ''] = found;
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}
