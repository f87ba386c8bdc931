import { checkDigestLength } from "./digest-length";
import { hex, uint8 } from "./fields";
import { fixedFields } from "./fixed-fields";

export const sshfp = fixedFields({
  type: "SSHFP",
  code: 44,
  help: "Publishes the fingerprint of a host's SSH key (RFC 4255).",
  fields: [
    uint8({
      name: "algorithm",
      label: "Algorithm",
      help: "Kind of the host key.",
      placeholder: "4",
      options: [
        { value: "1", label: "1 (RSA)" },
        { value: "2", label: "2 (DSA)" },
        { value: "3", label: "3 (ECDSA)" },
        { value: "4", label: "4 (Ed25519)" },
        { value: "6", label: "6 (Ed448)" },
      ],
    }),
    uint8({
      name: "hash",
      label: "Hash",
      help: "How the fingerprint was made.",
      placeholder: "2",
      options: [
        { value: "1", label: "1 (SHA-1)" },
        { value: "2", label: "2 (SHA-256)" },
      ],
    }),
    hex({
      name: "fingerprint",
      label: "Fingerprint",
      help: "Hexadecimal digits, as ssh-keygen -r prints them.",
      placeholder: "0123456789ABCDEF…",
    }),
  ],
  check: ([, hash = "", fingerprint = ""]) =>
    checkDigestLength("SSHFP fingerprint", fingerprint, { "1": 20, "2": 32 }[hash]),
});
