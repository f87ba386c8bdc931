/** Carries Content-Encoding past Next, which drops it from the answers of routes since 16.4; the server puts it back and takes this one out. */
export const ENCODING_HEADER = "x-zonefleet-content-encoding";

/** For routes whose body is compressed already: their answer keeps its Content-Encoding. */
export function keepEncoding(response: Response): Response {
  const encoding = response.headers.get("content-encoding");
  if (encoding !== null) response.headers.set(ENCODING_HEADER, encoding);
  return response;
}
