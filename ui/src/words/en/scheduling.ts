/** What the scheduling window says. */
export const scheduling = {} as const;
