import { type RefObject, useEffect, useRef } from "react";

/**
 * For a file input: files that were chosen before the page's scripts ran raised their event when nobody listened. It is raised again.
 * @returns the ref for the input
 */
export function useEarlyFiles(): RefObject<HTMLInputElement | null> {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current?.files?.length) input.current.dispatchEvent(new Event("change", { bubbles: true }));
  }, []);
  return input;
}
