import { getCountries } from 'libphonenumber-js/max';

/** Countries whose telephone numbers can be found without their calling code. */
export const PHONE_REGIONS: ReadonlySet<string> = new Set(getCountries());
