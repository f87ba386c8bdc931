import { AppError } from "@/lib/errors";
import { createToken, listTokens, revokeTokens, updateToken } from "@/lib/tokens/service";
import type { TokenInfo } from "@/lib/tokens/token-info";
import type { ApiFunction } from "../api-function";
import type { Form } from "../form";

/** WHM's words for a token; instants in seconds, 0 for never. */
function wireToken({ name, acls, createdAt, expiresAt, allowedIps }: TokenInfo) {
  return {
    name,
    create_time: Math.floor(createdAt / 1_000),
    expires_at: expiresAt === null ? 0 : Math.floor(expiresAt / 1_000),
    whitelist_ips: allowedIps,
    acls,
  };
}

function expiry(text: string | undefined): number | null {
  if (text === undefined || text === "0") return null;
  if (!/^\d{1,11}$/.test(text))
    throw new AppError("invalid-input", "expires_at is a time in seconds since 1970, or 0.");
  return Number(text) * 1_000;
}

/** What WHM's functions say of a token; what is left out: every privilege of the caller, no end, from everywhere. */
function tokenOf(form: Form) {
  const acls = form.all("acl");
  return {
    name: form.required("token_name"),
    ...(acls.length > 0 ? { acls } : {}),
    expiresAt: expiry(form.get("expires_at")),
    allowedIps: form.all("whitelist_ip"),
  };
}

const api_token_create: ApiFunction = async ({ server, actor, form }) => {
  const { token, info } = await createToken(server, actor, tokenOf(form));
  return { data: { ...wireToken(info), token } };
};

/**
 * What is left out stays as it is: nothing says what WHM does then, and a token must not lose its end or its addresses because only its privileges were named. An
 * empty `whitelist_ip` takes the addresses away, and an `expires_at` of 0 the end.
 */
const api_token_update: ApiFunction = async ({ server, actor, form }) => {
  const wanted = tokenOf(form);
  if ((form.get("new_name") ?? wanted.name) !== wanted.name)
    throw new AppError("invalid-input", "A token keeps its name here. Create a new one and revoke the old one.");
  const before = (await listTokens(server, actor)).find(({ name }) => name === wanted.name);
  const isListed = form.has("whitelist_ip") || wanted.allowedIps.length > 0;
  const kept = before && {
    ...(wanted.acls ? {} : { acls: [...before.acls] }),
    ...(form.get("expires_at") === undefined ? { expiresAt: before.expiresAt } : {}),
    ...(isListed ? {} : { allowedIps: [...before.allowedIps] }),
  };
  return { data: wireToken(await updateToken(server, actor, { ...wanted, ...kept })) };
};

const api_token_list: ApiFunction = async ({ server, actor }) => {
  const tokens = await listTokens(server, actor);
  const entries = tokens.map((token) => [
    token.name,
    { ...wireToken(token), acls: Object.fromEntries(token.acls.map((acl) => [acl, 1])) },
  ]);
  return { data: { tokens: Object.fromEntries(entries) } };
};

const api_token_revoke: ApiFunction = async ({ server, actor, form }) => {
  const names = form.all("token_name");
  if (names.length === 0) throw new AppError("invalid-input", "The argument “token_name” is missing.");
  await revokeTokens(server, actor, { names });
  return {};
};

export const tokenFunctions = { api_token_create, api_token_list, api_token_update, api_token_revoke } satisfies Record<
  string,
  ApiFunction
>;
