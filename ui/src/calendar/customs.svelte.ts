/** How times are written and where weeks begin on this computer. The shell decides; windows hear it with the time. */
class Customs {
  /** `2:30 PM` instead of `14:30`. */
  twelveHours = $state(false);
  /** The day that weeks begin on, 1 for Monday to 7 for Sunday. */
  weekStarts = $state(1);
}

/** As this window knows them; twenty-four hours from Monday on until the shell has said. */
export const customs = new Customs();
