import { expect, it } from "vitest";
import { panelUrl } from "./panel-url";

it.each([
  ["ns1.example.net", 2087, "https://ns1.example.net:2087/cluster"],
  ["192.0.2.1", 443, "https://192.0.2.1:443/cluster"],
  ["2001:db8::1", 2087, "https://[2001:db8::1]:2087/cluster"],
  ["ns1.example.net", null, null],
  ["ns1.example.net@evil.example", 2087, null],
  ["ns1.example.net/evil?x=", 2087, null],
  ["evil.example:99", 2087, null],
  ["", 2087, null],
])("the panel of %s, called on %s: %s", (hostname, port, url) => expect(panelUrl({ hostname, port })).toBe(url));
