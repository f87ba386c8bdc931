import { type ClassValue, clsx } from "clsx";
import { twMerge } from "tailwind-merge";

/** Joins class names; of two Tailwind classes for one property the later wins, so that a caller can adjust a primitive. */
export function cn(...parts: ClassValue[]): string {
  return twMerge(clsx(parts));
}
