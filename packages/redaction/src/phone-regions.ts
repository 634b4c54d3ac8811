import { getCountries } from 'libphonenumber-js/max';

/** Countries whose telephone numbers can be told without their calling code. */
export const PHONE_REGIONS: ReadonlySet<string> = new Set(getCountries());
