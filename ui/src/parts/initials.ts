/** `JS` for `Jo Santos`, for a screen that others can read. */
export function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join('');
}
