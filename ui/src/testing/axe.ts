/** What a person with a screen reader or a keyboard would stumble over in what a test has rendered. */
import axe from 'axe-core';

/**
 * Violations of WCAG 2.2 A and AA, as `rule: element`; none is the aim. Contrast and target sizes need a layout that
 * jsdom has not.
 */
export async function violations(within: Element): Promise<string[]> {
  const found = await axe.run(within, {
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
    rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
  });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`));
}
