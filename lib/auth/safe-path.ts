/** Where to go after sign-in: `to` when it is a path of this panel, otherwise the first page. Nobody is led to another host. */
export function safePath(to: string | undefined | null): string {
  if (!to?.startsWith("/")) return "/";
  try {
    // The same parser that browsers use: "//host", "/\host" and tabs in between are other hosts to it.
    const url = new URL(to, "http://panel.invalid");
    // Dot segments are gone now, and may have hidden a "//host" behind them: "/.//host".
    if (url.host !== "panel.invalid" || url.pathname.startsWith("//")) return "/";
    return url.pathname.startsWith("/sign-in") ? "/" : `${url.pathname}${url.search}`;
  } catch {
    return "/";
  }
}
