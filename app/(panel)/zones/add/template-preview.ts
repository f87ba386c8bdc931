import { type CheckedText, checkText } from "@/components/zones/check-text";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { expandTemplate } from "@/lib/dns/template";
import { typedName } from "@/lib/zones/schemas";
import { type TemplateDefaults, type TemplateInput, templateValues } from "@/lib/zones/templates-values";

/** What stands in the form, as typed. */
export type TypedInput = { [K in keyof TemplateInput]: TemplateInput[K] };

export interface TemplatePreview {
  readonly text: string;
  /** What the zone would still have to say; null as long as something is missing. */
  readonly checked: CheckedText | null;
  /** What has to be filled in or corrected first, in a sentence. */
  readonly todo: string | null;
}

const canonical = (typed: string): string | null => {
  const parsed = typedName.safeParse(typed);
  return parsed.success ? parsed.data : null;
};

/** The zone that the template makes of what is typed so far, for the page; the server makes it again. */
export function previewTemplate(
  template: string,
  typed: TypedInput,
  defaults: TemplateDefaults,
  now: Date,
): TemplatePreview {
  const name = canonical(typed.name);
  const nameservers = typed.nameservers.map(canonical);
  const input: TemplateInput = {
    ...typed,
    name: name ?? "example.com.",
    nameservers: nameservers.filter((nameserver) => nameserver !== null),
    glue: typed.glue.filter((_, index) => nameservers[index] !== null),
  };
  try {
    const { text, missing } = expandTemplate(template, templateValues(input, defaults, now));
    if (name === null) return { text, checked: null, todo: "Enter the domain name." };
    if (missing.length > 0) return { text, checked: null, todo: `Still needed: ${missing.map(fieldWord).join(", ")}.` };
    return { text, checked: checkText(text, name, defaults.defaultTtl), todo: null };
  } catch (error) {
    if (!(error instanceof DnsSyntaxError)) throw error;
    return { text: "", checked: null, todo: error.message };
  }
}

function fieldWord(variable: string): string {
  if (variable === "ip") return "an IPv4 address";
  if (variable.startsWith("nameserver")) return "a nameserver";
  return `%${variable}%`;
}
