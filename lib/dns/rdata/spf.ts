import { characterStrings } from "./character-strings";

export const spf = characterStrings({
  type: "SPF",
  code: 99,
  help: "The retired type for sender policies (RFC 7208 §3.1). Use TXT.",
});
