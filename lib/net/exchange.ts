/**
 * What comes to machines' endpoints, and what they answer. Web requests and responses pass as either; these hold no more than is asked of them, because making
 * the web's takes longer than storing a zone.
 */

export interface WireRequest {
  readonly method: string;
  /** Absolute. Only path and query mean anything. */
  readonly url: string;
  readonly headers: Pick<Headers, "get" | "has">;
  /** Read once; null: there is none. */
  readonly body: AsyncIterable<Uint8Array> | null;
}

interface AnswerInit {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer whose body is all there. */
export class WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;

  /** @param init.headers names in lower case */
  constructor(
    readonly body: string | Uint8Array,
    { status = 200, headers = {} }: AnswerInit = {},
  ) {
    this.status = status;
    this.headers = new Map(Object.entries(headers));
  }

  static json(value: unknown, { status, headers }: AnswerInit = {}): WireAnswer {
    return new WireAnswer(JSON.stringify(value), {
      ...(status === undefined ? {} : { status }),
      headers: { "content-type": "application/json", ...headers },
    });
  }

  async text(): Promise<string> {
    return typeof this.body === "string" ? this.body : Buffer.from(this.body).toString();
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

export type AnyAnswer = Response | WireAnswer;
