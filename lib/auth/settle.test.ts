import { redirect } from "next/navigation";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { AppError, DriverError } from "@/lib/errors";
import { settle } from "./settle";

const failing = (error: unknown) =>
  settle(async () => {
    throw error;
  });

describe("settle", () => {
  afterEach(() => vi.restoreAllMocks());

  it("passes on what the work returns", async () => {
    expect(await settle(async () => 7)).toEqual({ ok: true, data: 7 });
  });

  it.each([
    [
      new AppError("conflict", "Taken.", { fields: { name: "Taken." }, details: { seq: 3 } }),
      { code: "conflict", message: "Taken.", fields: { name: "Taken." }, details: { seq: 3 } },
    ],
    [new DriverError("timeout", "ns1", "apply", "No answer."), { code: "unavailable", message: "No answer." }],
    [new DnsSyntaxError("name-empty", "The name is empty."), { code: "invalid-input", message: "The name is empty." }],
  ])("tells what was foreseen: %s", async (error, told) => {
    const result = await failing(error);
    expect(result).toEqual({ ok: false, error: told });
  });

  it("names every field that does not fit, once", async () => {
    const schema = z.object({
      name: z.string().min(2, "Too short.").regex(/^a/, "Wrong."),
      list: z.array(z.number("No number.")),
    });
    const result = await settle(async () => schema.parse({ name: "", list: [1, "x"] }));
    expect(result).toMatchObject({
      ok: false,
      error: { code: "invalid-input", fields: { name: "Too short.", "list.1": "No number." } },
    });
  });

  it("logs the unforeseen once, under the number that it tells, and nothing else of it", async () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    const result = await failing(new TypeError("inner detail"));
    if (result.ok) throw new Error("it failed");
    expect(result.error.code).toBe("internal");
    expect(result.error.message).not.toContain("inner detail");
    const id = /under (\w{10})\.$/.exec(result.error.message)?.[1];
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ requestId: id, error: { message: "inner detail" } });
  });

  it("lets Next's own signals pass", async () => {
    await expect(settle(async () => redirect("/"))).rejects.toThrow("NEXT_REDIRECT");
  });
});
