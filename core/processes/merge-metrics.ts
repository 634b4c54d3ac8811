/**
 * Joins the metrics of several processes, in Prometheus' text format, to one text. Each metric's HELP and TYPE are there once,
 * before the samples of all. The samples of different processes must have different labels.
 */
export function mergeMetrics(texts: readonly string[]): string {
  const metrics = new Map<string, string[]>();
  for (const text of texts.filter(Boolean)) {
    for (const block of text.trim().split(/\n+(?=# HELP )/)) {
      const [help = '', type = '', ...samples] = block.split('\n');
      const head = `${help}\n${type}`;
      const known = metrics.get(head);
      if (known) known.push(...samples);
      else metrics.set(head, samples);
    }
  }
  return [...metrics].map(([head, samples]) => `${[head, ...samples].join('\n')}\n`).join('\n');
}
