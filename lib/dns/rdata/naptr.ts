import { DnsSyntaxError, quoteInput } from "../errors";
import { unescapeOctets } from "../octets";
import { name, text, uint16 } from "./fields";
import { fixedFields } from "./fixed-fields";

/**
 * RFC 3402 §3.2: delimiter, expression, delimiter, substitution, delimiter, flags. Nameservers such as BIND refuse the whole zone for a bad one.
 * @throws DnsSyntaxError "rdata-value"
 */
function checkRegexp(canonical: string): void {
  const text = String.fromCharCode(...unescapeOctets(canonical.slice(1, -1)));
  if (text === "") return;
  const delimiter = text.charAt(0);
  const parts = [""];
  for (const [unit] of text.slice(1).matchAll(/\\?[\s\S]/g)) {
    if (unit === delimiter) parts.push("");
    else parts[parts.length - 1] += unit;
  }
  const [expression = "", substitution = "", flags = ""] = parts;
  // Parentheses in brackets or behind a backslash are no groups.
  const groups = expression.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]/g, "");
  const [opened, closed] = ["(", ")"].map((parenthesis) => groups.split(parenthesis).length - 1);
  const references = [...substitution.matchAll(/\\(\d)/g)].map(([, digit]) => Number(digit));
  const good =
    !/[\d\\\0i]/.test(delimiter) &&
    !text.includes("\0") &&
    parts.length === 3 &&
    /^i?$/.test(flags) &&
    opened === closed &&
    references.every((group) => group <= (opened ?? 0));
  if (!good) {
    throw new DnsSyntaxError(
      "rdata-value",
      `${quoteInput(text)} is not a NAPTR expression. Write it like !^.*$!sip:info@example.com!`,
    );
  }
}

export const naptr = fixedFields({
  type: "NAPTR",
  code: 35,
  help: "Rewrites a name into a service address, for telephony and similar uses (RFC 3403).",
  fields: [
    uint16({ name: "order", label: "Order", help: "Records are used from the lowest number up.", placeholder: "100" }),
    uint16({
      name: "preference",
      label: "Preference",
      help: "Decides among records of the same order.",
      placeholder: "10",
    }),
    text({ name: "flags", label: "Flags", help: "S, A, U, P or nothing.", placeholder: "U", optional: true }),
    text({
      name: "services",
      label: "Services",
      help: "What the result is for.",
      placeholder: "E2U+sip",
      optional: true,
    }),
    text({
      name: "regexp",
      label: "Regular expression",
      help: "How the name is rewritten; empty when a replacement is given.",
      placeholder: "!^.*$!sip:info@example.com!",
      optional: true,
    }),
    name({
      name: "replacement",
      label: "Replacement",
      help: "The next name to look up, or “.” when an expression is given.",
      placeholder: "_sip._udp.example.com.",
    }),
  ],
  check: ([, , , , regexp = '""']) => checkRegexp(regexp),
});
