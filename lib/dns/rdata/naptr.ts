import { name, text, uint16 } from "./fields";
import { fixedFields } from "./fixed-fields";

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
});
