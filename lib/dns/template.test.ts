import { describe, expect, it } from "vitest";
import { defaultTemplate } from "./default-template";
import { DnsSyntaxError } from "./errors";
import { expandTemplate, TEMPLATE_VARIABLES } from "./template";
import { validateZone } from "./validate";
import { formatZone, parseZoneFile } from "./zone-file";

const vars = {
  domain: "example.com",
  ip: "192.0.2.1",
  nameserver: "ns1.example.net",
  rpemail: "admin@example.net",
  ttl: 14_400,
  nsttl: 86_400,
  serial: 2_030_010_100,
};

describe("expandTemplate", () => {
  it.each([
    ["%domain%. IN A %ip%", "example.com. IN A 192.0.2.1"],
    ["%DOMAIN%.", "example.com."],
    ["h %ttl% A %ip%\r\nx A %ip%", "h 14400 A 192.0.2.1\nx A 192.0.2.1"],
    ["@ SOA %nameserver%. %rpemail%. %serial%", "@ SOA ns1.example.net. admin.example.net. 2030010100"],
    ["h AAAA %ipv6%\nx A %ip%", "x A 192.0.2.1"],
    ["; about %ipv6% and %nosuch%", "; about %ipv6% and %nosuch%"],
    ["100% sure", "100% sure"],
  ])("%j", (template, expected) => {
    expect(expandTemplate(template, vars)).toEqual({ text: expected, missing: [] });
  });

  it("tells what is missing, each once", () => {
    expect(expandTemplate("%domain% %ip% %ip% %nosuch%\n%constructor%", { domain: "", ip: undefined }).missing).toEqual(
      ["domain", "ip", "nosuch", "constructor"],
    );
  });

  it("takes names with and without a final dot, and e-mail addresses with dots", () => {
    expect(
      expandTemplate("%domain%. %rpemail%.", { domain: "example.com.", rpemail: "first.last@example.com" }).text,
    ).toBe("example.com. first\\.last.example.com.");
    expect(expandTemplate("%rpemail%.", { rpemail: "hostmaster.example.com." }).text).toBe("hostmaster.example.com.");
  });

  it.each(["a\nb", "a b", 'a"', "a;b", "(a", "$INCLUDE", "%ip%", "ü"])("refuses the value %j", (value) => {
    expect(() => expandTemplate("%domain%.", { domain: value })).toThrow(DnsSyntaxError);
  });

  it("explains every variable", () => {
    expect(TEMPLATE_VARIABLES.every(({ help }) => help.endsWith("."))).toBe(true);
  });
});

describe("defaultTemplate", () => {
  const zoneOf = (extra: Record<string, string>) => {
    const { text, missing } = expandTemplate(defaultTemplate, { ...vars, ...extra });
    expect(missing).toEqual([]);
    const { zone, problems } = parseZoneFile(text, { origin: "example.com." });
    expect(problems).toEqual([]);
    expect(zone && validateZone(zone)).toEqual([]);
    return zone ? formatZone(zone) : "";
  };

  it("makes a sound zone with as little as possible", () => {
    expect(
      zoneOf({}),
    ).toBe(`example.com. 86400 IN SOA ns1.example.net. admin.example.net. 2030010100 3600 1800 1209600 86400
example.com. 14400 IN A 192.0.2.1
example.com. 14400 IN MX 0 example.com.
example.com. 86400 IN NS ns1.example.net.
ftp.example.com. 14400 IN CNAME example.com.
mail.example.com. 14400 IN CNAME example.com.
www.example.com. 14400 IN CNAME example.com.
`);
  });

  it("makes a sound zone with everything", () => {
    const text = zoneOf({
      ipv6: "2001:db8::1",
      nameserver: "ns1.example.com",
      nameservera: "192.0.2.2",
      nameserver2: "ns2.example.com",
      nameservera2: "192.0.2.3",
    });
    expect(text).toContain("ns2.example.com. 14400 IN A 192.0.2.3\n");
    expect(text).toContain("example.com. 14400 IN AAAA 2001:db8::1\n");
  });
});
