/** What is said to a screen reader without taking the focus. */
class Announcements {
  /** The last thing said. */
  text = $state('');
  #odd = false;

  /** Says a text politely; the same text twice in a row is said twice. */
  say(text: string): void {
    this.#odd = !this.#odd;
    // A live region that does not change is not read again: a no-break space makes every other one differ.
    this.text = this.#odd ? text : `${text}\u00a0`;
  }
}

/** This window's announcements. */
export const announcements = new Announcements();
