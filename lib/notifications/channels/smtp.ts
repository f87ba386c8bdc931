import { getSystemErrorName } from "node:util";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import SMTPConnection from "nodemailer/lib/smtp-connection/index.js";
import { errorMessage } from "@/lib/errors";
import type { RenderedMail } from "../template";
import type { SendResult } from "./channel";

/** A mail server and how to sign in there. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** "starttls" is required, not tried: a server without it gets no mail. */
  readonly security: "starttls" | "tls" | "none";
  /** Empty: without signing in. */
  readonly username: string;
  readonly password: string;
  /** PEM: the certificate that vouches for the server's; empty: the system's roots do. */
  readonly authority: string;
  /** This server's name, for EHLO. */
  readonly hostname: string;
}

export interface Envelope {
  /** Addresses without names. */
  readonly from: string;
  readonly to: string;
  /** With its angle brackets; the same at every try. */
  readonly messageId: string;
  readonly date: Date;
}

const SECOND = 1_000;
const CONNECT_MS = 10 * SECOND;
const SILENCE_MS = 30 * SECOND;
/** For all of it: a server that says a word now and then must not hold up the others for ever. */
const TOTAL_MS = 90 * SECOND;

/**
 * Hands one mail to the server, on a connection of its own. Never throws for what the server or the network does: the result says it in words.
 * The server may have taken a mail whose result is "later", when the connection broke before its last word.
 */
export async function sendMail(
  server: MailServer,
  envelope: Envelope,
  mail: RenderedMail,
  signal: AbortSignal,
): Promise<SendResult> {
  const source = await compose(envelope, mail);
  const connection = new SMTPConnection({
    ...{ host: server.host, port: server.port, name: server.hostname },
    secure: server.security === "tls",
    requireTLS: server.security === "starttls",
    ignoreTLS: server.security === "none",
    tls: { minVersion: "TLSv1.2", ...(server.authority === "" ? {} : { ca: server.authority }) },
    ...{
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      dnsTimeout: CONNECT_MS,
    },
  });
  const within = AbortSignal.any([signal, AbortSignal.timeout(TOTAL_MS)]);
  try {
    return await converse(connection, server, envelope, source, within);
  } finally {
    connection.close();
  }
}

async function compose(
  { from, to, messageId, date }: Envelope,
  { subject, text, html }: RenderedMail,
): Promise<Buffer> {
  const composer = new MailComposer({
    ...{ from: { name: "Zonefleet", address: from }, to: { name: "", address: to }, subject, text, html },
    ...{ messageId, date, disableFileAccess: true, disableUrlAccess: true },
    // Nobody's "I am on holiday" shall answer (RFC 3834 §5).
    headers: { "Auto-Submitted": "auto-generated" },
  });
  return composer.compile().build();
}

type Step = "connect" | "sign in" | "send";

/** The steps of one delivery; the first that fails says how it ended. */
async function converse(
  connection: SMTPConnection,
  server: MailServer,
  { from, to }: Envelope,
  source: Buffer,
  signal: AbortSignal,
): Promise<SendResult> {
  let step: Step = "connect";
  try {
    const info = await new Promise<SMTPConnection.SentMessageInfo>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      if (signal.aborted) return reject(signal.reason);
      connection.on("error", reject);
      connection.on("end", () => reject(new Error("The server ended the connection.")));
      const send = () => {
        step = "send";
        connection.send({ from, to }, source, (error, sent) => (error ? reject(error) : resolve(sent)));
      };
      connection.connect((error) => {
        if (error) return reject(error);
        if (server.username === "") return send();
        step = "sign in";
        const credentials = { user: server.username, pass: server.password };
        connection.login({ credentials }, (refused) => (refused ? reject(refused) : send()));
      });
    });
    connection.quit();
    return { outcome: "sent", reply: `${server.host} answered: ${quote(info.response, server)}` };
  } catch (error) {
    return failure(error, step, server);
  }
}

interface SmtpError {
  /** nodemailer's word, such as "EAUTH". */
  readonly code?: string;
  /** The last command sent. */
  readonly command?: string;
  readonly errno?: number;
  /** The server's last reply, with its code. */
  readonly response?: string;
  readonly responseCode?: number;
}

/** Commands whose refusal is about this one mail. MAIL FROM is not: it is the same for every mail, and refused where signing in or the sender is set wrong. */
const ABOUT_MAIL = new Set(["RCPT TO", "DATA"]);

function failure(error: unknown, step: Step, server: MailServer): SendResult {
  const known = (error instanceof Error ? error : {}) as SmtpError;
  const { response, responseCode, command = "" } = known;
  const isAboutMail = step === "send" && ABOUT_MAIL.has(command);
  const reply = failureWords(known, step, server);
  if (isAboutMail && response !== undefined && responseCode !== undefined && responseCode >= 500)
    return { outcome: "refused", reply };
  return { outcome: "later", reply, isAboutChannel: !isAboutMail };
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused the connection",
  EHOSTUNREACH: "cannot be reached from here",
  ENETUNREACH: "cannot be reached from here",
  ETIMEDOUT: "did not answer",
  ECONNRESET: "closed the connection",
  EPIPE: "closed the connection",
};

function failureWords(error: SmtpError, step: Step, server: MailServer): string {
  const place = `${server.host}, port ${server.port},`;
  if (error.response !== undefined) {
    const to = step === "sign in" ? "when asked to sign in" : error.command ? `to ${error.command}` : "at first";
    return `${server.host} answered ${to}: ${quote(error.response, server)}`;
  }
  const code = error.errno === undefined ? undefined : systemName(error.errno);
  const known = code === undefined ? undefined : NETWORK[code];
  if (known !== undefined) return `${place} ${known}.`;
  if (error.code === "EDNS") return `The name ${server.host} does not resolve to an address.`;
  if (error.code === "ETIMEDOUT") return `${place} did not answer in time.`;
  if (error.code === "ETLS") return `${place} does not speak TLS as asked: ${quote(errorMessage(error), server)}`;
  return `No mail could be handed to ${place} at the step “${step}”: ${quote(errorMessage(error), server)}`;
}

function systemName(errno: number): string | undefined {
  return errno < 0 ? getSystemErrorName(errno) : undefined;
}

/** The other side's words on one line. What it repeats of the password goes no further. */
function quote(text: string, { username, password }: MailServer): string {
  const secrets = password === "" ? [] : [password, base64(password), base64(`\0${username}\0${password}`)];
  const safe = secrets.reduce((words, secret) => words.replaceAll(secret, "[removed]"), text);
  const line = safe.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > 400 ? `${line.slice(0, 399)}…` : line;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
