/** One exchange with a member, for debug mode. Holds no credential and no zone text. */
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
}
