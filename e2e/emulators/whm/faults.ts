import type { ServerResponse } from "node:http";
import { createGzip } from "node:zlib";

/** How the emulator misbehaves. `on`: paths that it happens at, all member commands when left out. */
export type WhmFault = { readonly on?: RegExp } & (
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** Does the work, and says this in place of its answer. */
  | { readonly kind: "says"; readonly text: string }
  | { readonly kind: "rubbish" }
  /** The head comes after this many milliseconds. */
  | { readonly kind: "slow"; readonly ms: number }
  /** The head comes at once and the body never ends. */
  | { readonly kind: "stalls" }
  /** The answer promises all of itself and ends halfway. */
  | { readonly kind: "half" }
  /** A complete answer whose last zone lacks its second half. */
  | { readonly kind: "half-zone" }
  /** Some kilobytes that unpack to this many MiB. */
  | { readonly kind: "bomb"; readonly mebibytes: number }
  | { readonly kind: "drops" }
);

/** Answers as the fault wants. @param answer does the work and gives what would have been said */
export async function faultAnswer(fault: WhmFault, answer: () => string, response: ServerResponse): Promise<void> {
  switch (fault.kind) {
    case "status":
      response.writeHead(fault.status, fault.headers ?? {});
      response.end(fault.body ?? "");
      return;
    case "says":
      answer();
      response.end(fault.text);
      return;
    case "rubbish":
      response.end(Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 151 + 7) & 255)));
      return;
    case "slow": {
      const timer = setTimeout(() => response.end(answer()), fault.ms);
      response.once("close", () => clearTimeout(timer));
      return;
    }
    case "stalls":
      response.write(answer().slice(0, 10) || " ");
      return;
    case "half": {
      const text = answer() || "x".repeat(100);
      response.writeHead(200, { "content-length": text.length });
      response.write(text.slice(0, text.length / 2));
      setImmediate(() => response.destroy());
      return;
    }
    case "half-zone": {
      const text = answer();
      const start = text.lastIndexOf("=") + 1;
      response.end(text.slice(0, start + Math.floor((text.length - start) / 2)));
      return;
    }
    case "bomb": {
      response.writeHead(200, { "content-encoding": "gzip" });
      const gzip = createGzip();
      gzip.pipe(response);
      for (let written = 0; written < fault.mebibytes; written++)
        if (!gzip.write(Buffer.alloc(1_048_576))) await new Promise((resolve) => gzip.once("drain", resolve));
      gzip.end();
      return;
    }
    case "drops":
      response.destroy();
  }
}
