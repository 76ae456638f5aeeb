// What is loaded at its first use: once, and never turned into silence if it cannot be loaded.
import { atFirstUse } from '../../lambda/at-first-use.ts';

test('nothing is opened before somebody enters, and then once for all', async () => {
  let opened = 0;
  const room = atFirstUse(async () => {
    opened += 1;
    return { number: opened };
  });
  expect([opened, room.opened]).toEqual([0, undefined]);
  const both = await Promise.all([room.enter(), room.enter()]);
  expect(both).toEqual([{ number: 1 }, { number: 1 }]);
  expect(room.opened).toBe(both[0]);
});

test('code that cannot be loaded is thrown at everybody who enters', async () => {
  const room = atFirstUse(() => Promise.reject(new Error('Cannot find module')));
  await expect(room.enter()).rejects.toThrow('Cannot find module');
  await expect(room.enter()).rejects.toThrow('Cannot find module');
  expect(room.opened).toBeUndefined();
});
