import { DnsSyntaxError, quoteInput } from "../errors";
import { quoteOctets } from "../octets";
import { type CodedField, longText, uint8 } from "./fields";
import { fixedFields } from "./fixed-fields";

/** RFC 8659 §4.1: a length octet, then letters and digits; written without quotes. */
const tag: CodedField = {
  name: "tag",
  label: "Tag",
  help: "What the value says: issue, issuewild, iodef or another registered property.",
  kind: "select",
  options: ["issue", "issuewild", "iodef", "issuemail", "contactemail", "contactphone"].map((value) => ({
    value,
    label: value,
  })),
  placeholder: "issue",
  codec: {
    parse: ([token]) => checkTag(token?.text ?? ""),
    write: (out, [token]) => {
      const octets = new TextEncoder().encode(token?.text);
      out.uint(octets.length, 1);
      out.bytes(octets);
    },
    read: (from) => checkTag(quoteOctets(from.bytes(from.uint(1))).slice(1, -1)),
  },
};

function checkTag(text: string): string {
  if (/^[a-z0-9]{1,255}$/i.test(text)) return text;
  throw new DnsSyntaxError(
    "rdata-value",
    `${quoteInput(text)} is not a CAA tag. Use letters and digits, such as issue.`,
  );
}

export const caa = fixedFields({
  type: "CAA",
  code: 257,
  help: "Says which certificate authorities may issue certificates for this name (RFC 8659).",
  fields: [
    uint8({
      name: "flags",
      label: "Flags",
      help: "128 makes the property critical; otherwise 0.",
      placeholder: "0",
      options: [
        { value: "0", label: "0 (not critical)" },
        { value: "128", label: "128 (critical)" },
      ],
    }),
    tag,
    longText({
      name: "value",
      label: "Value",
      help: "The authority's domain name, “;” for nobody, or a URL for iodef.",
      placeholder: "letsencrypt.example",
      optional: true,
    }),
  ],
});
