"use client";

import { useSyncExternalStore } from "react";

const subscribe = () => () => undefined;

/** Whether the page's scripts run: until then a click on a button that needs them would be lost, so such buttons wait. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  );
}
