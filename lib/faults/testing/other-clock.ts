/**
 * JavaScript that a process runs before its own, as a flag of Node: its clock goes wrong.
 * @param now what it shows, in ms, as an expression of `real`, what a right one shows, and of `began`, what that showed when the process began
 */
export function otherClock(now: string): string {
  const code = `const Real = Date, began = Real.now(), now = () => { const real = Real.now(); return ${now}; };
    globalThis.Date = new Proxy(Real, {
      construct: (_, given, target) => Reflect.construct(Real, given.length === 0 ? [now()] : given, target),
      apply: () => new Real(now()).toString(),
      get: (_, key) => (key === "now" ? now : Reflect.get(Real, key)),
    });`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}
