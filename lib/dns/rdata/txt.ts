import { characterStrings } from "./character-strings";

export const txt = characterStrings({
  type: "TXT",
  code: 16,
  help: "Text for other programs: SPF, DKIM, DMARC, proofs of ownership.",
});
