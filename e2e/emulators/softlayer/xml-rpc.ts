/** As much of XML-RPC as SoftLayer's clients use: structs, arrays, strings, numbers, booleans, nil. */

/** A call: the method, and its parameters as plain data. */
export function parseCall(xml: string): { method: string; params: unknown[] } {
  const tokens = [...xml.matchAll(/<(\/?)([A-Za-z0-9]+)\s*(\/?)>([^<]*)/g)];
  const method = tokens.find(([, end, tag]) => end === "" && tag === "methodName")?.[4] ?? "";
  let at = 0;
  const next = () => tokens[at++] ?? [];
  const peek = () => `${tokens[at]?.[1] ?? ""}${tokens[at]?.[2] ?? ""}`;

  function value(): unknown {
    // Stands behind <value>; a value without a type is a string.
    if (peek() === "/value") {
      const text = tokens[at - 1]?.[4] ?? "";
      at++;
      return plainOf(text);
    }
    const [, , tag = "", single, text = ""] = next();
    const result = single === "/" ? null : read(tag, text);
    if (peek() === "/value") at++;
    return result;
  }

  function read(tag: string, text: string): unknown {
    if (tag === "struct") return struct();
    if (tag === "array") return array();
    at++;
    if (tag === "int" || tag === "i4" || tag === "double") return Number(text);
    if (tag === "boolean") return text.trim() === "1";
    return tag === "nil" ? null : plainOf(text);
  }

  function struct(): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    while (peek() === "member") {
      at++;
      const name = plainOf(next()[4] ?? "");
      at += 2;
      members[name] = value();
      at++;
    }
    at++;
    return members;
  }

  function array(): unknown[] {
    const items: unknown[] = [];
    at++;
    while (peek() === "value") {
      at++;
      items.push(value());
    }
    at += 2;
    return items;
  }

  const params: unknown[] = [];
  for (; at < tokens.length; ) {
    const [, end, tag] = next();
    if (end === "" && tag === "param" && peek() === "value") {
      at++;
      params.push(value());
    }
  }
  return { method, params };
}

export function formatAnswer(result: unknown): string {
  return `<?xml version="1.0"?><methodResponse><params><param>${formatValue(result)}</param></params></methodResponse>`;
}

export function formatFault(faultCode: string, faultString: string): string {
  const fault = formatValue({ faultCode, faultString });
  return `<?xml version="1.0"?><methodResponse><fault>${fault}</fault></methodResponse>`;
}

function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "<value><nil/></value>";
  if (typeof value === "boolean") return `<value><boolean>${value ? 1 : 0}</boolean></value>`;
  if (typeof value === "number") return `<value><int>${value}</int></value>`;
  if (Array.isArray(value)) return `<value><array><data>${value.map(formatValue).join("")}</data></array></value>`;
  if (typeof value !== "object") return `<value><string>${markupOf(String(value))}</string></value>`;
  const members = Object.entries(value).map(
    ([name, member]) => `<member><name>${markupOf(name)}</name>${formatValue(member)}</member>`,
  );
  return `<value><struct>${members.join("")}</struct></value>`;
}

const markupOf = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const plainOf = (text: string) =>
  text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, "&");
