// How the tests run: ES modules, TypeScript turned into JavaScript by swc, no test touching the real network (test/no-network.ts).
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/third-party/'],
  setupFiles: ['<rootDir>/test/no-network.ts'],
  testTimeout: 20_000,
  // Two even where there are only two cores, of which jest would use one: half of the time is waiting for packets.
  maxWorkers: 2,
  // Scenarios of the casebook mostly wait for packets: many at a time.
  maxConcurrency: 16,
};
