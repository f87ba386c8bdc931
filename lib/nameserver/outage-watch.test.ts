import { expect, it } from "vitest";
import { createOutageWatch } from "./outage-watch";

/** One look a second, "u" up or "d" down. @returns what was news, as "second: state since" */
function look(looks: string): string[] {
  const watch = createOutageWatch({ downMs: 6, upMs: 3 });
  return [...looks].flatMap((seen, second) => {
    const news = watch(seen === "u", second);
    return news ? [`${second}: ${news.state} ${news.since}`] : [];
  });
}

it.each<[string, string, string[]]>([
  ["up from the start is told once", "uuuuuuuuuu", ["3: up 0"]],
  ["a short restart is nothing", "uuuudddduuuuuu", ["3: up 0"]],
  ["down is told when it lasted, with its begin", "uuuuddddddddd", ["3: up 0", "10: down 4"]],
  ["down from the start", "ddddddddd", ["6: down 0"]],
  ["one that keeps stopping is down all the time", "uuuudduudduudduu", ["3: up 0", "12: down 4"]],
  ["up again when it lasted", "dddddddduuuuu", ["6: down 0", "11: up 8"]],
  ["and down again", "ddddddduuuudddddddd", ["6: down 0", "10: up 7", "17: down 11"]],
])("%s", (_, looks, news) => {
  expect(look(looks)).toEqual(news);
});
