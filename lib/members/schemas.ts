import { z } from "zod";
import { BACKENDS, type Backend, backendOf } from "./backends";
import { DNS_ROLES, type DnsRole } from "./dns-role";
import { MemberHostError, parseMemberHost } from "./member-host";

const backend = z.enum(BACKENDS.map((entry) => entry.value));
const role = z.enum(DNS_ROLES.map((entry) => entry.value) as [DnsRole, ...DnsRole[]], {
  error: "Choose a DNS role.",
});
/** A tick box: present in a form when ticked, a boolean from code. */
const tick = z.union([z.boolean(), z.literal("on").transform(() => true)]).default(false);

const username = z
  .string()
  .trim()
  .min(1, { error: "Enter the username.", abort: true })
  .max(254, "A username has at most 254 characters.")
  // It travels in a header: "Authorization: whm USER:TOKEN".
  .regex(/^[\x21-\x39\x3b-\x7e]+$/, "A username has no spaces, colons or special characters.");

const token = z
  .string()
  .trim()
  // Old remote access hashes were pasted with their line breaks: they belong to the display, not to the hash.
  .transform((text) => text.replace(/\s+/g, ""))
  .pipe(
    z
      .string()
      .max(4_096, "This is too long for an API token or key.")
      .regex(/^[\x21-\x7e]*$/, "An API token or key has only letters, digits and ASCII punctuation."),
  );

/** SHA-256 of a SubjectPublicKeyInfo in base64: 32 bytes; empty means "check against the system's roots". */
const pin = z
  .string()
  .regex(/^([A-Za-z0-9+/]{43}=)?$/, "This is not a certificate pin.")
  .default("")
  .transform((text) => text || null);

function roleIssue(backend: Backend, input: DnsRole) {
  const message = `${backend.shortLabel} cannot have this DNS role: nothing is ever taken from it.`;
  return { code: "custom" as const, message, path: ["role"], input };
}

const fields = z.object({ backend, host: z.string().max(300).default(""), username, token, debug: tick, role, pin });

/**
 * Reads the host field and reports it as a field of the form. A hosted service has none: its `hostname` is empty until the service layer puts in where
 * the service is (connection-request).
 */
function withHost<T extends z.infer<typeof fields>>(input: T, context: z.core.$RefinementCtx) {
  const backend = backendOf(input.backend);
  if (!backend.roles.includes(input.role)) context.issues.push(roleIssue(backend, input.role));
  try {
    const { host, ...rest } = input;
    if (backend.isService) return { ...rest, hostname: "", port: backend.defaultPort };
    return { ...rest, ...parseMemberHost(host, backend.defaultPort) };
  } catch (error) {
    if (!(error instanceof MemberHostError)) throw error;
    context.issues.push({ code: "custom", message: error.message, path: ["host"], input: input.host });
    return z.NEVER;
  }
}

/** The form "Add a new server to the cluster". */
export const newMemberSchema = fields
  .extend({
    token: token.pipe(z.string().min(1, "Enter the API token or key.")),
    /** Whose cluster; the asker's own when left out. */
    accountId: z.number().int().positive().optional(),
    /** "Synchronize Zones Immediately". */
    syncNow: z.boolean().optional(),
  })
  .transform((input, context) => withHost(input, context));

const id = z.coerce.number().int().positive();

/** The same form for a member that exists: an empty token keeps the stored one. */
export const memberEditSchema = fields.extend({ id }).transform((input, context) => withHost(input, context));

export const memberIdSchema = z.object({ id });
export const memberRoleSchema = z.object({ id, role });
/** One role for several members. */
export const memberRolesSchema = z.object({ ids: z.array(id).min(1, "Select servers first.").max(500), role });

const ids = z.array(id).min(1, "Select servers first.").max(500);
/** A month: a server that is away for longer has left the cluster. */
const LONGEST_PAUSE = 30 * 24 * 60;
export const memberPauseSchema = z.object({ ids, minutes: z.coerce.number().int().min(1).max(LONGEST_PAUSE) });
export const memberResumeSchema = z.object({ ids });

/** What `addMember` takes once the schema has read the form. */
export type MemberInput = z.infer<typeof newMemberSchema>;
