import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** The rules of axe that a page breaks, each with the beginnings of the elements that do. */
export async function axeFaults(page: Page): Promise<string[][]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations, passes } = await (window as unknown as { axe: typeof axe }).axe.run();
    if (passes.length < 20) throw new Error('axe has looked at little');
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))]);
  });
}
