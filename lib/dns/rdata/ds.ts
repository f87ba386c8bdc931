import { checkDigestLength } from "./digest-length";
import { hex, uint8, uint16 } from "./fields";
import { fixedFields } from "./fixed-fields";

/** Mnemonics of the DNSSEC algorithm registry that zone files may have in place of the number. */
const ALGORITHMS: Readonly<Record<string, number>> = {
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  RSASHA1: 5,
  "DSA-NSEC3-SHA1": 6,
  NSEC3DSA: 6,
  "RSASHA1-NSEC3-SHA1": 7,
  NSEC3RSASHA1: 7,
  RSASHA256: 8,
  RSASHA512: 10,
  "ECC-GOST": 12,
  ECCGOST: 12,
  ECDSAP256SHA256: 13,
  ECDSA256: 13,
  ECDSAP384SHA384: 14,
  ECDSA384: 14,
  ED25519: 15,
  ED448: 16,
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
};

const ALGORITHM_OPTIONS = ["RSASHA256", "RSASHA512", "ECDSAP256SHA256", "ECDSAP384SHA384", "ED25519", "ED448"].map(
  (label) => ({
    value: String(ALGORITHMS[label]),
    label: `${ALGORITHMS[label]} (${label})`,
  }),
);

export const ds = fixedFields({
  type: "DS",
  code: 43,
  help: "Ties a delegated child zone's DNSSEC key to this zone (RFC 4034). Stands beside the child's NS records.",
  fields: [
    uint16({ name: "keyTag", label: "Key tag", help: "Number of the child's key.", placeholder: "12345" }),
    uint8(
      {
        name: "algorithm",
        label: "Algorithm",
        help: "Of the child's key.",
        placeholder: "13",
        options: ALGORITHM_OPTIONS,
      },
      ALGORITHMS,
    ),
    uint8({
      name: "digestType",
      label: "Digest type",
      help: "How the digest was made.",
      placeholder: "2",
      options: [
        { value: "1", label: "1 (SHA-1)" },
        { value: "2", label: "2 (SHA-256)" },
        { value: "4", label: "4 (SHA-384)" },
      ],
    }),
    hex({ name: "digest", label: "Digest", help: "Hexadecimal digits.", placeholder: "0123456789ABCDEF…" }),
  ],
  check: ([, , digestType = "", digest = ""]) =>
    checkDigestLength("DS digest", digest, { "1": 20, "2": 32, "4": 48 }[digestType]),
});
