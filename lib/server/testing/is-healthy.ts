import https from "node:https";

/** Whether a server answers and says that it is well. Its certificate is not looked at: it may be self-signed. */
export function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { rejectUnauthorized: false, agent: false as const, timeout: 5_000 };
    const request = https.get(`${url}/healthz`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
