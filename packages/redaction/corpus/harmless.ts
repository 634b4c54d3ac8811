import { luhn, verhoeff } from 'cdigit';
import type { Dice } from './values.ts';

/** Harmless numbers that pass the checks of cards and Aadhaar numbers, by the names that texts have for them. */
const HARMLESS: Record<string, (dice: Dice) => string> = {
  luhn16: (dice) =>
    luhn.generate(`${dice.pick(['4', '51', '5010', '60', '65'])}${dice.digits(15)}`.slice(0, 15)),
  account14: (dice) => luhn.generate(`50100${dice.digits(8)}`),
  aadhaar12: (dice) => verhoeff.generate(`${2 + dice.roll(8)}${dice.digits(10)}`),
  imei: (dice) => luhn.generate(`35${dice.digits(12)}`),
  siret: (dice) => luhn.generate(`36${dice.digits(11)}`),
  snowflake: (dice) => `1${dice.digits(18)}`,
};

/** The text with each `‹name›` replaced by a number of that kind. */
export function withNumbers(text: string, dice: Dice): string {
  return text.replace(/‹(\w+)›/g, (mark, name: string) => HARMLESS[name]?.(dice) ?? mark);
}
