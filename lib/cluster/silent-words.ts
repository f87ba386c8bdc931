/** Members that did not say whether they have a zone that was added, in a sentence; "" when all did. */
export function silentWords(silent: readonly string[]): string {
  if (silent.length === 0) return "";
  return `${silent.join(", ")} did not answer: it is not known whether ${silent.length === 1 ? "it has" : "they have"} this zone already.`;
}
