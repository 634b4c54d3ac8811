import { ATTACKS } from './attacks.ts';
import type { Target } from './target.ts';

/** The process of one attack, until it is killed: `tsx attacker.ts NAME TARGET`. */
const [name, target = '{}'] = process.argv.slice(2);
const attack = ATTACKS.find((one) => one.name === name);
if (!attack) throw new Error(`there is no attack ${name}`);
await Promise.all(Array.from({ length: attack.connections }, () => attack.run(JSON.parse(target) as Target)));
