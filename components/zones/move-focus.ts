/** Moves the focus among the elements that match, from the one that has it (or holds it); to the first when none has. */
export function moveFocus(within: HTMLElement | null, selector: string, by: 1 | -1): void {
  const items = [...(within?.querySelectorAll<HTMLElement>(selector) ?? [])];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const next = at < 0 ? items[0] : items[at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
