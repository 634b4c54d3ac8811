declare module 'cluster-key-slot' {
  /** Which of the 16,384 slots of a Redis Cluster a key belongs to. */
  export default function calculateSlot(key: string): number;
}
