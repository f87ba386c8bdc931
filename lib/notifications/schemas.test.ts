import { expect, it } from "vitest";
import { noticeId } from "./schemas";

it.each([1, 2_147_483_647])("takes %d for a notice's number", (id) => {
  expect(noticeId.safeParse({ id }).success).toBe(true);
});

it.each([0, -1, 1.5, 2_147_483_648, Number.NaN])("takes %d for none: the database has no such number", (id) => {
  expect(noticeId.safeParse({ id }).success).toBe(false);
});
