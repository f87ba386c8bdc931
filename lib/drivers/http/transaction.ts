/** One exchange with a member, for debug mode. Holds no credential, and of texts the beginning only. */
export interface Transaction {
  readonly operation: string;
  readonly method: string;
  /** Octets of the body before compression. */
  readonly sent: number;
  /** Octets of the answer after decompression. */
  readonly received: number;
  readonly durationMs: number;
  /** null: it was carried out. */
  readonly error: string | null;
  /** What was sent and what came back, of drivers that tell it: readable and bounded (`transcript.ts`). Of a failed exchange the answer may be told in `error` only. */
  readonly request?: string;
  readonly reply?: string;
}
