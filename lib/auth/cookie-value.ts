/** The value of the cookie `name` in a Cookie header, as it stands there. */
export function cookieValue(header: string | null | undefined, name: string): string | undefined {
  const pairs = (header ?? "").split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
