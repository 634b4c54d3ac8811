/** The header in which the transport says from which address a request came. What callers send in it is not passed on. */
export const ADDRESS_HEADER = 'x-taskflow-address';
