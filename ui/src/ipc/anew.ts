/** Another person is in front of the desk: nothing that this page holds is theirs, so it begins anew. */
export function beginAnew(): void {
  location.reload();
}
