import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTellingPace } from "./telling-pace";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells a few at once, and the others five a second, in their order", () => {
  const pace = createTellingPace();
  const told: number[] = [];
  for (let tab = 0; tab < 104; tab++)
    pace.add(() => {
      told.push(tab);
      return true;
    });
  expect(told).toHaveLength(4);
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(9);
  vi.advanceTimersByTime(19_000);
  expect(told).toEqual(Array.from({ length: 104 }, (_, tab) => tab));
});

it("spends no turn on whoever has left, and is at once again after a while", () => {
  const pace = createTellingPace();
  let told = 0;
  const tell = () => ++told > 0;
  for (let tab = 0; tab < 4; tab++) pace.add(tell);
  for (let tab = 0; tab < 50; tab++) pace.add(() => false);
  pace.add(tell);
  expect(told).toBe(4);
  vi.advanceTimersByTime(200);
  expect(told).toBe(5);
  vi.advanceTimersByTime(2_000);
  for (let tab = 0; tab < 4; tab++) pace.add(tell);
  expect(told).toBe(9);
});
