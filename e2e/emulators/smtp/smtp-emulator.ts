/**
 * A mail server that keeps what it is given. Modelled on RFC 5321, RFC 3207 (STARTTLS), RFC 4954 (AUTH PLAIN and LOGIN) and on the order of replies of
 * Postfix 3.7, as far as a client that sends one mail at a time can tell. It speaks one command at a time (no PIPELINING) and relays nothing.
 */
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { SmtpSession } from "./smtp-session";

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, dots unstuffed. */
  readonly source: Buffer;
  readonly isEncrypted: boolean;
  /** Who signed in; null: nobody. */
  readonly user: string | null;
}

/** What goes wrong. May be changed between mails. */
export interface SmtpFaults {
  /** Instead of "220 … ESMTP". */
  greeting?: string;
  /** Never says a word. */
  isSilent?: boolean;
  /** The reply to every MAIL command. */
  sender?: string;
  /** The reply to so many next RCPT commands; then all is well. */
  recipient?: { reply: string; times: number };
  /** Cuts the connection in the middle of so many next mails. */
  dropsInData?: number;
  /** STARTTLS: refused with this reply, or answered with 220 and then no TLS. */
  startTls?: string | "garbage";
  /** Repeats what it was told at AUTH in its refusal, as debugging servers do. */
  echoesCredentials?: boolean;
  /** The mail is taken, and the reply that says so is never sent. */
  keepsQuietAfterMail?: boolean;
}

export interface SmtpEmulatorOptions {
  /** PEM. With it STARTTLS is offered, or spoken from the first byte on (`isImplicit`). */
  readonly tls?: { readonly key: string; readonly cert: string; readonly isImplicit?: boolean };
  /** Whoever does not sign in with this is refused. */
  readonly account?: { readonly username: string; readonly password: string };
}

export interface SmtpEmulator {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  readonly faults: SmtpFaults;
  /** How many connections there were. */
  readonly connections: () => number;
  /** Resolves when `count` mails are there. */
  waitForMails(count: number): Promise<readonly ReceivedMail[]>;
  close(): Promise<void>;
}

export async function startSmtpEmulator(options: SmtpEmulatorOptions = {}): Promise<SmtpEmulator> {
  const { tls } = options;
  const mails: ReceivedMail[] = [];
  const faults: SmtpFaults = {};
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let connections = 0;

  const greet = (socket: Socket) => {
    connections++;
    sockets.add(socket);
    // A client that leaves in the middle is what some tests are about.
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    new SmtpSession(socket, {
      faults,
      account: options.account,
      isEncrypted: socket instanceof TLSSocket,
      startTls: tls && !tls.isImplicit ? () => new TLSSocket(socket, { isServer: true, ...tls }) : null,
      take(mail) {
        mails.push(mail);
        for (const look of waiting) look();
      },
    }).begin();
  };

  const server: Server = tls?.isImplicit ? createTlsServer(tls, greet) : createServer(greet);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The mail server has no port.");
  return {
    port: address.port,
    mails,
    faults,
    connections: () => connections,
    waitForMails: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (mails.length < count) return;
          waiting.delete(look);
          resolve(mails);
        };
        waiting.add(look);
        look();
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
