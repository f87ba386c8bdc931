import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTellingPace } from "./telling-pace";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells a few at once, and the others ten a second, in their order", () => {
  const pace = createTellingPace();
  const told: number[] = [];
  for (let tab = 0; tab < 200; tab++)
    pace.add(() => {
      told.push(tab);
      return true;
    });
  expect(told).toHaveLength(10);
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(20);
  vi.advanceTimersByTime(18_000);
  expect(told).toEqual(Array.from({ length: 200 }, (_, tab) => tab));
});

it("spends no turn on whoever has left, and is at once again after a while", () => {
  const pace = createTellingPace();
  let told = 0;
  const tell = () => ++told > 0;
  for (let tab = 0; tab < 10; tab++) pace.add(tell);
  for (let tab = 0; tab < 50; tab++) pace.add(() => false);
  pace.add(tell);
  vi.advanceTimersByTime(100);
  expect(told).toBe(11);
  vi.advanceTimersByTime(1_000);
  for (let tab = 0; tab < 10; tab++) pace.add(tell);
  expect(told).toBe(21);
});
