/** The DNS Cluster page: one's own, or that of the account that root manages. */
export function clusterPath(accountId: number | undefined): string {
  return accountId === undefined ? "/cluster" : `/cluster?as=${accountId}`;
}
