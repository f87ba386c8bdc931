/** Runs a TypeScript file of scripts/ in this process, after the bootstrap made sure that tsx is there. */
export async function runTypescript(file) {
  const { register } = await import("tsx/esm/api");
  register();
  await import(new URL(file, import.meta.url).href);
}
