import { parseArgs } from "node:util";

const STRUCTURES = ["direct", "intermediary", "multiple"];

/**
 * Reads what follows `npm run demo --`, before anything is installed or built for it.
 * @returns the flags, or a problem to print
 */
export function demoFlags(args) {
  const options = {
    structure: { type: "string", default: "direct" },
    detach: { type: "boolean", default: false },
    stop: { type: "boolean", default: false },
    reset: { type: "boolean", default: false },
  };
  try {
    const { values } = parseArgs({ args, options });
    if (STRUCTURES.includes(values.structure)) return { flags: values };
    return { problem: `There is no structure "${values.structure}". Choose one of: ${STRUCTURES.join(", ")}.` };
  } catch (error) {
    return { problem: error.message };
  }
}
