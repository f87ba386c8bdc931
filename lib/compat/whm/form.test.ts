import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormError } from "@/lib/drivers/whm/form-fields";
import { AppError } from "@/lib/errors";
import { type Form, readForm } from "./form";

const LIMITS = { maxBytes: 10_000, plusIsSpace: false };

function post(body: BodyInit, headers: Record<string, string> = {}, path = "/scripts2/x"): Request {
  return new Request(`https://localhost${path}`, { method: "POST", body, headers });
}

const read = (request: Request, limits: Partial<typeof LIMITS> = {}) => readForm(request, { ...LIMITS, ...limits });

describe("readForm", () => {
  it.each<[string, Request]>([
    ["a GET", new Request("https://localhost/scripts2/x?zone=example.com&zones=a")],
    ["octet-stream", post("zone=example.com&zones=a", { "content-type": "application/octet-stream" })],
    [
      "urlencoded",
      post("zone=example.com&zones=a", { "content-type": "application/x-www-form-urlencoded; charset=utf-8" }),
    ],
    ["no type at all", post(new Blob(["zone=example.com&zones=a"]))],
    ["a query beside the body", post("zones=a", {}, "/scripts2/x?zone=example.com")],
    ["gzip", post(gzipSync("zone=example.com&zones=a"), { "content-encoding": "gzip" })],
  ])("reads %s", async (_, request) => {
    const form = await read(request);
    expect([form.get("zone"), form.get("zones")]).toEqual(["example.com", "a"]);
  });

  it("reads a bare question mark as no arguments", async () => {
    expect((await read(new Request("https://localhost/scripts2/showversion?"))).fields).toEqual([]);
  });

  it("lets the body win over the query", async () => {
    expect((await read(post("zone=b", {}, "/x?zone=a"))).get("zone")).toBe("b");
  });

  it("tells a plus from a space by what the sender declares", async () => {
    const plus = async (request: Request, plusIsSpace = false) => (await read(request, { plusIsSpace })).get("a");
    expect(await plus(post("a=1+2", { "content-type": "application/octet-stream" }))).toBe("1+2");
    expect(await plus(post("a=1+2", { "content-type": "application/x-www-form-urlencoded" }))).toBe("1 2");
    expect(await plus(new Request("https://localhost/x?a=1+2"))).toBe("1+2");
    expect(await plus(new Request("https://localhost/x?a=1+2"), true)).toBe("1 2");
  });

  it("refuses what is too long: declared, undeclared, or packed", async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(4_096));
      },
    });
    const endless = new Request("https://localhost/x", { method: "POST", body: stream, duplex: "half" } as RequestInit);
    const bomb = post(gzipSync(Buffer.alloc(1_000_000)), { "content-encoding": "gzip" });
    for (const request of [post("x".repeat(10_001)), post("a", { "content-length": "99999999" }), endless, bomb])
      await expect(read(request)).rejects.toMatchObject({ name: "FormError", status: 413 });
  });

  it("refuses damaged and unknown compression", async () => {
    await expect(read(post("no gzip", { "content-encoding": "gzip" }))).rejects.toMatchObject({ status: 400 });
    await expect(read(post("a=b", { "content-encoding": "br" }))).rejects.toMatchObject({ status: 415 });
  });

  it("is a form or a FormError for any body", async () => {
    const encoding = fc.constantFrom<Record<string, string>>(
      {},
      { "content-encoding": "gzip" },
      { "content-type": "application/x-www-form-urlencoded" },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), encoding, async (body, headers) => {
        const form = await read(post(body as Uint8Array<ArrayBuffer>, headers)).catch((error: unknown) => error);
        if (form instanceof FormError) return;
        const { fields, zones, zoneNames } = form as Form;
        expect(Array.isArray(fields)).toBe(true);
        expect(typeof zones).toBe("function");
        expect(typeof zoneNames).toBe("function");
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("Form", () => {
  const form = (text: string) => read(post(text));

  it("takes lists repeated or numbered", async () => {
    const acls = await form("acl=a&acl-0=b&acl-1=c&acl-x=d&aclx=e&acl-2=");
    expect(acls.all("acl")).toEqual(["a", "b", "c"]);
  });

  it.each<[string, string[]]>([
    ["zones=example.com,example.net", ["example.com.", "example.net."]],
    ["zones=example.com|EXAMPLE.net.db|example.com", ["example.com.", "example.net."]],
    ["zones=example.com%0aexample.org.", ["example.com.", "example.org."]],
    ["zones=.hidden,a..b,../../etc/passwd,,.", []],
    ["", []],
  ])("reads the zones of %j", async (text, expected) => {
    expect((await form(text)).zoneNames("zones")).toEqual(expected);
  });

  it("reads zones with their texts, and says which cannot be read", async () => {
    const zones = (
      await form("cpdnszone-example.com.db=a%0a&cpdnszone-.x=b&cpdnszone-example.net=%zz&other=c")
    ).zones();
    expect(zones).toEqual([
      { given: "example.com.db", name: "example.com.", text: "a\n", problem: null },
      { given: ".x", name: undefined, text: "b", problem: null },
      { given: "example.net", name: "example.net.", text: "", problem: expect.stringMatching(/hexadecimal/) },
    ]);
  });

  it("names what is missing or wrong", async () => {
    const arguments_ = await form("zone=a..b&bad=%zz");
    expect(() => arguments_.required("domain")).toThrow(AppError);
    expect(() => arguments_.zoneName("zone")).toThrow(/is not a zone name/);
    expect(() => arguments_.get("bad")).toThrow(/“bad” has a %/);
  });
});
