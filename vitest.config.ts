import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,server,worker,client,prisma,scripts,test}/**/*.test.{ts,tsx}'],
    testTimeout: 10_000,
    hookTimeout: 30_000,
  },
});
