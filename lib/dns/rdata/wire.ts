import { DnsSyntaxError } from "../errors";
import { nameFromWire, nameToWire } from "../name";

/** Collects rdata in wire form. */
export class WireWriter {
  private readonly octets: number[] = [];

  uint(value: number, width: 1 | 2 | 4): void {
    for (let shift = width - 1; shift >= 0; shift--) this.octets.push(Math.floor(value / 2 ** (8 * shift)) % 256);
  }

  bytes(bytes: Uint8Array): void {
    for (const octet of bytes) this.octets.push(octet);
  }

  name(name: string): void {
    this.bytes(nameToWire(name));
  }

  done(): Uint8Array {
    return Uint8Array.from(this.octets);
  }
}

/** Reads rdata in wire form from `at` to `end`, inside a message when names may be compressed. Every method throws DnsSyntaxError "rdata-wire". */
export class WireReader {
  constructor(
    private readonly buf: Uint8Array,
    private at = 0,
    private readonly end = buf.length,
    private readonly compression = false,
  ) {
    if (end > buf.length || at > end)
      throw new DnsSyntaxError("rdata-wire", "Record data runs over the end of the message.");
  }

  get left(): number {
    return this.end - this.at;
  }

  uint(width: 1 | 2 | 4): number {
    let value = 0;
    for (const octet of this.bytes(width)) value = value * 256 + octet;
    return value;
  }

  bytes(length = this.left): Uint8Array {
    if (length > this.left) throw new DnsSyntaxError("rdata-wire", "Record data is shorter than its type needs.");
    this.at += length;
    return this.buf.subarray(this.at - length, this.at);
  }

  name(): string {
    const { name, end } = nameFromWire(this.buf, this.at, { compression: this.compression });
    if (end > this.end) throw new DnsSyntaxError("rdata-wire", "A name runs over the end of its record data.");
    this.at = end;
    return name;
  }

  finish(): void {
    if (this.left > 0) throw new DnsSyntaxError("rdata-wire", "Record data is longer than its type allows.");
  }
}
