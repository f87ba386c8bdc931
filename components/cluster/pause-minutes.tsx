import { Select } from "@/components/ui/select";

/** How long maintenance usually takes, in minutes. */
const CHOICES = [
  { minutes: 15, label: "15 minutes" },
  { minutes: 60, label: "1 hour" },
  { minutes: 4 * 60, label: "4 hours" },
  { minutes: 24 * 60, label: "1 day" },
  { minutes: 7 * 24 * 60, label: "1 week" },
];

export const USUAL_PAUSE = 60;

interface PauseMinutesProps {
  id?: string;
  value: number;
  onChange: (minutes: number) => void;
  disabled?: boolean;
}

/** The menu of how long a pause lasts. */
export function PauseMinutes({ value, onChange, ...rest }: PauseMinutesProps) {
  return (
    <Select {...rest} className="w-40" value={value} onChange={(event) => onChange(Number(event.target.value))}>
      {CHOICES.map(({ minutes, label }) => (
        <option key={minutes} value={minutes}>
          {label}
        </option>
      ))}
    </Select>
  );
}
