import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { fromUserInput } from "@/lib/dns/name";
import { TOPIC_NAMES, type Topic } from "./events";

const email = z.email("This is not an e-mail address.").max(254, "An e-mail address has at most 254 characters.");
const optionalEmail = z.union([z.literal(""), email]);

/** A server's name or numeric address; empty: none. */
const mailHost = z
  .string()
  .trim()
  .max(255)
  .transform((text, context) => {
    if (text === "" || isIP(text) !== 0) return text;
    try {
      return fromUserInput(text).replace(/\.$/, "");
    } catch (error) {
      if (!(error instanceof DnsSyntaxError)) throw error;
      context.addIssue(error.message);
      return z.NEVER;
    }
  });

const authority = z
  .string()
  .trim()
  .max(20_000)
  .refine(isCertificate, "This is not a certificate in PEM form. It begins with -----BEGIN CERTIFICATE-----.");

function isCertificate(pem: string): boolean {
  if (pem === "") return true;
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    // OpenSSL's reason would not help whoever pasted something else.
    return false;
  }
}

const PORT = "Enter a port, from 1 to 65535.";

export const mailInput = z.object({
  host: mailHost,
  port: z
    .string()
    .trim()
    .regex(/^\d{1,5}$/, PORT)
    .transform(Number)
    .pipe(z.number().min(1, PORT).max(65_535, PORT)),
  security: z.enum(["starttls", "tls", "none"]),
  username: z.string().trim().max(254),
  /** Empty: the stored one stays. */
  password: z.string().max(1_024),
  from: optionalEmail,
  authority,
});

export const testMailInput = z.object({ to: email });

export const webhookInput = z.object({
  url: z
    .string()
    .trim()
    .max(2_000)
    .refine(
      isWebhookUrl,
      "Enter an address that begins with https:// (or http:// within your own network), without a name or password in it.",
    ),
  /** The signing secret is made anew. It always is with the first address. */
  isNewSecret: z.boolean().default(false),
});

function isWebhookUrl(text: string): boolean {
  if (text === "") return true;
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}

export const subscriptionInput = z.object({
  email: optionalEmail,
  /** What one wants to be told of; everything else is muted. */
  topics: z.array(z.enum(TOPIC_NAMES as [Topic, ...Topic[]])),
  /** For root: of resellers' members and tokens as well. */
  hearsResellers: z.boolean(),
});

export const noticeListQuery = z.object({
  q: z.string().max(100).catch("").default(""),
  /** Only notices with a delivery in this state; "open": whose episode goes on. */
  state: z.enum(["all", "open", "waiting", "sent", "failed", "kept"]).catch("all").default("all"),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1).default(1),
});

export const noticeId = z.object({ id: z.int32().positive() });
