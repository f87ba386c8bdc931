"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useSyncExternalStore } from "react";
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";

const THEMES = [
  { value: "light", label: "Light", Icon: Sun },
  { value: "dark", label: "Dark", Icon: Moon },
  { value: "system", label: "As the system", Icon: Monitor },
] as const;

const never = () => () => undefined;

/** Light, dark, or as the system. The choice is the browser's own, so the server draws a neutral icon first. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const isClient = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const { Icon } = THEMES.find(({ value }) => isClient && value === theme) ?? THEMES[2];
  return (
    <Menu modal={false}>
      <MenuTrigger asChild>
        <IconButton label="Theme">
          <Icon aria-hidden="true" />
        </IconButton>
      </MenuTrigger>
      <MenuContent>
        <MenuRadioGroup value={theme} onValueChange={setTheme}>
          {THEMES.map(({ value, label, Icon: ItemIcon }) => (
            <MenuRadioItem key={value} value={value} icon={<ItemIcon aria-hidden="true" />}>
              {label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}
