/** Finds text on the screen, or read out, that is not in the catalogue, while the pseudo-locale is spoken. */

/** A text without what came from the catalogue, which may stand inside itself. */
function undressed(text: string): string {
  const less = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  return less === text ? text : undressed(less);
}

/** Attributes that a person reads or hears. */
export const spoken = ['aria-label', 'aria-description', 'aria-roledescription', 'alt', 'placeholder', 'title'];
const selector = spoken.map((name) => `[${name}]`).join(',');

/** Two letters in a row are a word; one alone is a key, or a unit such as `h`. */
export const word = /\p{L}{2}/u;

/**
 * What a page shows or has read out that is not the catalogue's. `data` matches what the clinic's own rows say, and the
 * keys of the keyboard.
 */
export function bareTexts(root: Element, data: RegExp): string[] {
  const bare: string[] = [];
  const look = (text: string | null) => {
    if (text && word.test(undressed(text).replace(data, ''))) bare.push(text.trim());
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) look(walker.currentNode.textContent);
  for (const element of root.querySelectorAll(selector)) {
    for (const name of spoken) look(element.getAttribute(name));
  }
  return bare;
}
