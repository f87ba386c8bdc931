/** A key press that types nothing and belongs to no open dialog, menu or editor. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input, textarea, select, [contenteditable=true], [role=menu], [role=listbox], [data-keys=own]"))
    return false;
  return document.querySelector("[role=dialog], [role=alertdialog]") === null;
}
