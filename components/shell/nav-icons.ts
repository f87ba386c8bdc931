import {
  Archive,
  Bell,
  Gauge,
  Globe,
  KeyRound,
  LayoutTemplate,
  type LucideIcon,
  Network,
  Radar,
  RefreshCw,
  ScrollText,
  Settings,
  ShieldCheck,
  Users,
} from "lucide-react";

/** Icons by address: components cannot travel from the server to the client, addresses can. */
export const NAV_ICONS: Readonly<Record<string, LucideIcon>> = {
  "/": Gauge,
  "/zones": Globe,
  "/recycle-bin": Archive,
  "/templates": LayoutTemplate,
  "/cluster": Network,
  "/proof": Radar,
  "/synchronize": RefreshCw,
  "/notifications": Bell,
  "/tokens": KeyRound,
  "/trusted-ips": ShieldCheck,
  "/users": Users,
  "/audit": ScrollText,
  "/settings": Settings,
};
