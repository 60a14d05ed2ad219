/** Why a desk is locked: to be left for a moment, or for another person to take it, who is then offered first. */
export const leaving = { toAnother: false };
