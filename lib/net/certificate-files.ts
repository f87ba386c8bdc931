import path from "node:path";

/** The certificate's place in the data directory. An administrator replaces it by writing other files there. */
export function certificateFiles(dataDir: string) {
  const folder = path.join(dataDir, "tls");
  return { folder, cert: path.join(folder, "cert.pem"), key: path.join(folder, "key.pem") };
}
