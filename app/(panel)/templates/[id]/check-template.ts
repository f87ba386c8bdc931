import { checkText } from "@/components/zones/check-text";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { expandTemplate, TEMPLATE_VARIABLES } from "@/lib/dns/template";
import type { ZoneProblem } from "@/lib/dns/zone";
import { EXAMPLE_APEX, EXAMPLE_TTL, exampleValues } from "@/lib/zones/templates-values";

export interface CheckedTemplate {
  /** The template with example values. */
  readonly text: string;
  readonly problems: readonly ZoneProblem[];
  /** What keeps it from being filled in. */
  readonly todo: string | null;
}

/** Fills a template in with example values and reads what comes of it, as saving does. Lines are those of the template. */
export function checkTemplate(template: string): CheckedTemplate {
  try {
    const { text, missing } = expandTemplate(template, exampleValues);
    const known = new Set(TEMPLATE_VARIABLES.map(({ name }) => name));
    const unknown = missing.filter((name) => !known.has(name)).map((name) => `%${name}%`);
    if (unknown.length > 0) return { text, problems: [], todo: `There is no variable ${unknown.join(", ")}.` };
    return { text, problems: checkText(text, EXAMPLE_APEX, EXAMPLE_TTL).problems, todo: null };
  } catch (error) {
    if (!(error instanceof DnsSyntaxError)) throw error;
    return { text: "", problems: [], todo: error.message };
  }
}
