/** What the therapist window says. */
export const therapist = {} as const;
