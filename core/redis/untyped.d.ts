declare module 'cluster-key-slot' {
  /** The slot of a key, of the 16,384 slots of a Redis Cluster. */
  export default function calculateSlot(key: string): number;
}
