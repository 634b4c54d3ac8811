/** The one user of single-user mode: every conversation belongs to them when no authentication is configured. */
export const LOCAL_USER_ID = 'local';
