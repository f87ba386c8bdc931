import { describe, expect, it } from "vitest";
import { bodyText, requestText } from "./transcript";

describe("requestText", () => {
  it("is the request line, and a line for each field", () => {
    expect(requestText("GET", "/json-api/version?", null)).toBe("GET /json-api/version?");
    expect(requestText("POST", "/scripts2/getzones_local", [["zones", "example.com,example.net"]])).toBe(
      "POST /scripts2/getzones_local\nzones=example.com,example.net",
    );
  });

  it.each(["pass", "password", "token", "api_token", "accesshash", "key_data", "cpdnskey-example.com"])(
    "takes out the value of %s",
    (name) => {
      expect(requestText("POST", "/x", [[name, "SECRET"]])).toBe(`POST /x\n${name}=[removed]`);
    },
  );

  it("is bounded in every direction", () => {
    const text = requestText(
      "POST",
      "/scripts2/synczones_local",
      Array.from({ length: 500 }, (_, index) => [`cpdnszone-${index}.example`, "x".repeat(100_000)] as const),
    );
    expect(text.length).toBeLessThan(12_000);
    expect(text).toContain("… (100000 characters)");
    expect(text).toMatch(/… and 460 more fields$/);
  });
});

describe("bodyText", () => {
  it.each<[string, string, string]>([
    ["text", "example.com\nexample.net\n", "example.com\nexample.net\n"],
    ["the credential", "token TOPSECRET is wrong", "token [removed] is wrong"],
    ["each spelling of the credential", "Basic dXNlcjpUT1A= is TOPSECRET", "Basic [removed] is [removed]"],
    ["a token that is made", '{"token":"AB\\"C","name":"x"}', '{"token":"[removed]","name":"x"}'],
    ["a key", '{"key_content": "Private-key"}', '{"key_content": "[removed]"}'],
    ["control characters", "a\u0000\u001b[2Jb", "a··[2Jb"],
  ])("shows %s", (_, body, shown) => {
    expect(bodyText(Buffer.from(body), ["TOPSECRET", "dXNlcjpUT1A="])).toBe(shown);
  });

  it("shows a text as it is where there is no credential", () => {
    expect(bodyText(Buffer.from("plain"), [""])).toBe("plain");
  });

  it("shows the beginning of a long answer, and no half of a secret", () => {
    const text = bodyText(Buffer.from(`${"x".repeat(1_995)}TOPSECRET${"y".repeat(50_000)}`), ["TOPSECRET"]);
    expect(text).toMatch(/… \(52004 octets\)$/);
    expect(text).not.toContain("TOP");
  });
});
