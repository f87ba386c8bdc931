/** What became of one try to hand a message over. */
export type SendResult =
  /** Taken over. `reply`: the other side's words. */
  | { readonly outcome: "sent"; readonly reply: string }
  /** Refused for good: trying again would end the same. */
  | { readonly outcome: "refused"; readonly reply: string }
  /** Not now. `isAboutChannel`: what failed has nothing to do with this message; others would fail as well. */
  | { readonly outcome: "later"; readonly reply: string; readonly isAboutChannel: boolean };
