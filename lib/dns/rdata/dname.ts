import { singleName } from "./single-name";

export const dname = singleName({
  type: "DNAME",
  code: 39,
  help: "Makes every name below this one an alias of the same name below the target (RFC 6672).",
  label: "Target",
  fieldHelp: "The name below which the answers are found.",
  placeholder: "example.net.",
});
