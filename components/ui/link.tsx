import NextLink from "next/link";
import type { ComponentProps } from "react";

/**
 * The panel's link: Next's, without its fetching ahead. Every link in view would be asked for when a page is shown, and again after each live refresh: some
 * forty requests in place of one, for pages that the server makes in some 20 ms anyway.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />;
}
