import { ipv6 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const aaaa = fixedFields({
  type: "AAAA",
  code: 28,
  help: "Gives a name its IPv6 address.",
  fields: [
    ipv6({
      name: "address",
      label: "IPv6 address",
      help: "Stored in its short form (RFC 5952).",
      placeholder: "2001:db8::1",
    }),
  ],
});
