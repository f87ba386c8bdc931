import { hex, uint8 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const tlsa = fixedFields({
  type: "TLSA",
  code: 52,
  help: "Says which certificate a TLS server at this name uses (DANE, RFC 6698). The record's name starts with _port._protocol.",
  fields: [
    uint8({
      name: "usage",
      label: "Usage",
      help: "How the certificate is tied to the server.",
      placeholder: "3",
      options: [
        { value: "0", label: "0 (PKIX-TA)" },
        { value: "1", label: "1 (PKIX-EE)" },
        { value: "2", label: "2 (DANE-TA)" },
        { value: "3", label: "3 (DANE-EE)" },
      ],
    }),
    uint8({
      name: "selector",
      label: "Selector",
      help: "Which part of the certificate is compared.",
      placeholder: "1",
      options: [
        { value: "0", label: "0 (whole certificate)" },
        { value: "1", label: "1 (public key)" },
      ],
    }),
    uint8({
      name: "matching",
      label: "Matching type",
      help: "How it is compared.",
      placeholder: "1",
      options: [
        { value: "0", label: "0 (exact)" },
        { value: "1", label: "1 (SHA-256)" },
        { value: "2", label: "2 (SHA-512)" },
      ],
    }),
    hex({ name: "data", label: "Certificate data", help: "Hexadecimal digits.", placeholder: "0123456789ABCDEF…" }),
  ],
});
