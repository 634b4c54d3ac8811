import { writeFile } from 'node:fs/promises';
import { dashboards } from '../deploy/grafana/dashboards/index.ts';

/** Prints the dashboards for Grafana's provisioning. */
const directory = new URL('../deploy/grafana/provisioning/dashboards/', import.meta.url);
for (const [name, dashboard] of Object.entries(dashboards()))
  await writeFile(new URL(`${name}.json`, directory), `${JSON.stringify(dashboard, null, 2)}\n`);
