/** Reads `used_memory` and `maxmemory`, in bytes, from an answer to INFO. Absent: the server does not report it. */
export function memoryIn(info: string): { redis?: number; redisLimit?: number } {
  const numberOf = (field: string) => {
    const value = new RegExp(`^${field}:(\\d+)\\r?$`, 'm').exec(info)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const [redis, redisLimit] = [numberOf('used_memory'), numberOf('maxmemory')];
  return { ...(redis !== undefined && { redis }), ...(redisLimit !== undefined && { redisLimit }) };
}
