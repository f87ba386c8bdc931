/**
 * The Trust page: one's own members, or those of the account that root manages.
 * @param q part of a server's name, to come to that one
 */
export function trustPath(accountId: number | undefined, rest: { q?: string; page?: number } = {}): string {
  const query = new URLSearchParams({
    ...(accountId === undefined ? {} : { as: String(accountId) }),
    ...(rest.q ? { q: rest.q } : {}),
    ...(rest.page === undefined ? {} : { page: String(rest.page) }),
  });
  return query.size === 0 ? "/cluster/trust" : `/cluster/trust?${query}`;
}
