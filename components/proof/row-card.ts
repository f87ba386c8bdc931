/*
 * On a narrow screen each row becomes a card, so that nothing has to be scrolled to sideways. Browsers take a table apart for assistive technology when its
 * rows are not displayed as such; the roles say what they are.
 */
export const CARD_ROW = "max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:border-line max-md:border-b max-md:py-2";
export const CARD_CELL = "align-top py-2 max-md:h-auto max-md:border-0 max-md:py-0.5";

/** The same for tables that are wider. Written out: Tailwind reads the words of the source. */
export const WIDE_ROW = "max-lg:flex max-lg:flex-wrap max-lg:gap-x-3 max-lg:border-line max-lg:border-b max-lg:py-2";
export const WIDE_CELL = "align-top py-2 max-lg:h-auto max-lg:border-0 max-lg:py-0.5";
