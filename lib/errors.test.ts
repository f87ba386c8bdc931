import { expect, it, vi } from "vitest";
import { AppError, DriverError } from "./errors";

it("knows the errors of the other copy of this file, as the server's bundle has one and the pages' has another", async () => {
  vi.resetModules();
  const other = await import("./errors");
  expect(other.AppError).not.toBe(AppError);
  const failure = new other.DriverError("timeout", "ns1.example.com", "status", "No answer.");
  const refusal = new other.AppError("conflict", "It is there already.");
  expect([failure instanceof DriverError, failure instanceof AppError]).toEqual([true, false]);
  expect([refusal instanceof AppError, refusal instanceof DriverError]).toEqual([true, false]);
  expect(new Error("plain") instanceof AppError).toBe(false);
  expect({ name: "AppError" } instanceof AppError).toBe(false);
});
