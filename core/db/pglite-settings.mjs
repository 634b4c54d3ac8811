// 16 MB instead of 128 MB of shared buffers halves the memory of the process; the page cache of the system holds the rest.
export const SETTINGS = ['shared_buffers=16MB', 'max_wal_size=256MB', 'timezone=UTC'];
