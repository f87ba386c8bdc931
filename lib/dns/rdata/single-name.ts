import { name } from "./fields";
import { fixedFields } from "./fixed-fields";
import type { RdataType } from "./type";

/** A type whose data is one domain name. */
export function singleName(definition: {
  type: string;
  code: number;
  help: string;
  label: string;
  fieldHelp: string;
  placeholder: string;
}): RdataType {
  const { type, code, help, label, fieldHelp, placeholder } = definition;
  return fixedFields({ type, code, help, fields: [name({ name: "target", label, help: fieldHelp, placeholder })] });
}
