import type { CertificateInfo } from "./certificate";
import { openTls, type TlsEndpoint } from "./tls-connection";

/**
 * First contact: what certificate a server shows, without any credential. The administrator compares the pin and accepts it.
 * @throws DriverError unreachable | timeout | tls ("tls-failed") | aborted
 */
export async function probeCertificate(
  endpoint: Omit<TlsEndpoint, "connectTimeoutMs">,
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<CertificateInfo> {
  const target = { ...endpoint, connectTimeoutMs: options.timeoutMs ?? 5_000 };
  const { socket, certificate } = await openTls(target, "certificate check", options.signal);
  socket.on("error", () => socket.destroy());
  socket.end();
  return certificate;
}
