import { describe, expect, it } from "vitest";
import { memberEditSchema, newMemberSchema } from "./schemas";

const form = { backend: "whm", host: "ns1.example.com", username: "root", token: "ABC123", role: "sync" };

describe("newMemberSchema", () => {
  it("reads a form", () => {
    expect(newMemberSchema.parse({ ...form, host: "NS1.example.com:3087", debug: "on" })).toEqual({
      backend: "whm",
      hostname: "ns1.example.com",
      port: 3087,
      username: "root",
      token: "ABC123",
      debug: true,
      role: "sync",
      pin: null,
    });
  });

  it("takes the line breaks out of a pasted access hash", () => {
    expect(newMemberSchema.parse({ ...form, token: " ab12\n cd34\r\nef56 " }).token).toBe("ab12cd34ef56");
  });

  it.each([
    [{ host: "https://ns1.example.com" }, "host"],
    [{ username: "" }, "username"],
    [{ username: "ro:ot" }, "username"],
    [{ username: "root\r\nX-Evil: 1" }, "username"],
    [{ token: "   " }, "token"],
    [{ token: "töken" }, "token"],
    [{ role: "master" }, "role"],
    [{ role: undefined }, "role"],
    [{ pin: "c2hvcnQ=" }, "pin"],
    [{ backend: "ftp" }, "backend"],
  ])("refuses %j", (change, field) => {
    const result = newMemberSchema.safeParse({ ...form, ...change });
    expect(result.error?.issues.map((issue) => issue.path[0])).toEqual([field]);
  });
});

describe("newMemberSchema for a hosted service", () => {
  const service = { backend: "softlayer", username: "dns@example.com", token: "ABC123", role: "write-only" };

  it("needs no host: the service is where it is", () => {
    expect(newMemberSchema.parse(service)).toMatchObject({ backend: "softlayer", hostname: "", port: 443 });
  });

  it.each([
    [{ role: "sync" }, "role"],
    [{ username: "" }, "username"],
    [{ token: "" }, "token"],
  ])("refuses %j", (change, field) => {
    const result = newMemberSchema.safeParse({ ...service, ...change });
    expect(result.error?.issues.map((issue) => issue.path[0])).toEqual([field]);
  });
});

describe("memberEditSchema", () => {
  it("lets the token be empty: the stored one is kept", () => {
    expect(memberEditSchema.parse({ ...form, id: "7", token: "" })).toMatchObject({ id: 7, token: "" });
  });
});
