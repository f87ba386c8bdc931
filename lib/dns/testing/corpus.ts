/** Zone files of example.com. that are easy to read wrongly. Each is read by us and by the nameservers' own readers. */

export type Reader = "bind" | "knot" | "ldns";

export interface CorpusCase {
  readonly name: string;
  readonly text: string;
  /** Readers that cannot take the text or take it differently, each with the reason. */
  readonly except?: Partial<Record<Reader, string>>;
}

const HEAD = `$TTL 3600
@ IN SOA ns1.example.net. hostmaster.example.com. 2030010100 3600 600 1209600 300
@ IN NS ns1.example.net.
`;

/** A case with the usual SOA and NS in front. */
function records(name: string, text: string, except: CorpusCase["except"] = {}): CorpusCase {
  return { name, text: `${HEAD}${text}\n`, except };
}

const SVCB_IN_LDNS = "1.8.3 does not know every parameter and writes values without their escapes";

export const corpus: readonly CorpusCase[] = [
  {
    name: "SOA over several lines with comments and units",
    text: `; first a comment

$TTL 1h30m ; and one here
@\tIN SOA ns1.example.net. hostmaster (
 2030010100 ; serial (not the end)
 1h

\t15M 2w1d ; "quotes" in a comment
 300 )
\tNS ns1.example.net.
`,
  },
  records(
    "class and TTL in every order",
    `a 300 IN A 192.0.2.1
b IN 301 A 192.0.2.2
c in a 192.0.2.3
d 302 a 192.0.2.4
e A 192.0.2.5
f 1m30s IN A 192.0.2.6`,
    { ldns: "1.8.3 takes the TTL only in front of the class" },
  ),
  records(
    "upper case in names and types",
    `WWW CNAME Host.EXAMPLE.com.
Host a 192.0.2.1
Mail mx 10 MX.Example.NET.`,
  ),
  records(
    "blank owners",
    `a A 192.0.2.1
  A 192.0.2.2

; comment
\tTXT "still a"
b A 192.0.2.3
 60 AAAA 2001:db8::1`,
  ),
  records(
    "origins",
    `$ORIGIN sub.example.com.
@ A 192.0.2.1
www A 192.0.2.2
$ORIGIN deep.sub.example.com.
@ A 192.0.2.3
x PTR @
$ORIGIN example.com.
  TXT "the owner is from before the origin changed"
y CNAME sub`,
  ),
  records(
    "a relative origin",
    `$ORIGIN sub
a A 192.0.2.1
$ORIGIN deep
a A 192.0.2.2`,
    { knot: "takes only an absolute $ORIGIN", ldns: "takes a relative $ORIGIN for an absolute one" },
  ),
  records(
    "the default TTL changes on the way",
    `a A 192.0.2.1
$TTL 60
b A 192.0.2.2
c 120 A 192.0.2.3
d A 192.0.2.4
$TTL 1W
e A 192.0.2.5`,
  ),
  {
    name: "without $TTL, the TTL of the record before",
    text: `@ 900 IN SOA ns1.example.net. h.example.com. 1 2 3 4 5
 NS ns1.example.net.
a 60 A 192.0.2.1
b A 192.0.2.2
c 70 A 192.0.2.3
 A 192.0.2.4
`,
    except: { knot: "takes a default TTL of its own" },
  },
  {
    name: "without any TTL, the SOA's minimum",
    text: `@ IN SOA ns1.example.net. h.example.com. 1 2 3 4 500
 NS ns1.example.net.
a A 192.0.2.1
b 60 A 192.0.2.2
c A 192.0.2.3
`,
    except: { knot: "takes a default TTL of its own", ldns: "takes a default TTL of its own" },
  },
  records(
    "escapes in names",
    String.raw`a\.b A 192.0.2.1
\097bc A 192.0.2.2
sp\032ace A 192.0.2.4
semi\;colon A 192.0.2.5
back\\slash A 192.0.2.6
\000\255 A 192.0.2.7
x MX 1 par\(en.example.net.
UPPER\065 A 192.0.2.8
* A 192.0.2.9
*.wild A 192.0.2.10
under_score A 192.0.2.11
0/25 A 192.0.2.12`,
  ),
  records(
    "names with what zone files treat specially",
    String.raw`at\@sign A 192.0.2.1
dollar\$ A 192.0.2.2
quo\"te A 192.0.2.3
\@ A 192.0.2.4
\$TTL A 192.0.2.5
\# A 192.0.2.6
e\!x\+c\=l\~\{a\}m\| A 192.0.2.7`,
    { ldns: "1.8.3 prints @, $ and quotes in names without a backslash" },
  ),
  records(
    "character-strings",
    String.raw`a TXT "quoted; with (parentheses) and \"quotes\" and \\"
b TXT unquoted
c TXT two strings
d TXT "" ""
e TXT "tab\009 nul\000 high\255"
f TXT ( "over"
  "lines" ; comment
 )
g TXT esc\"aped\;
h TXT ` +
      `"${"x".repeat(255)}" "${"y".repeat(255)}" "z"
i TXT "<script>alert('1')</script>"
j SPF "v=spf1 -all"
k HINFO "PC" Linux`,
  ),
  records("UTF-8 in a character-string", `a TXT "grüße"`, { knot: "takes ASCII only" }),
  records(
    "generic data",
    String.raw`a TYPE1 \# 4 c0000201
b A \# 4 C0 00 0202
c TYPE65280 \# 3 ( ab cd
 ef )
d TYPE65281 \# 0
e CLASS1 TYPE16 \# 3 02 6869
f MX \# 8 000a046d61696c00
g TYPE731 \# 6 abcdef012345`,
    { knot: "does not know classes by number" },
  ),
  records(
    "parentheses anywhere",
    `a ( IN
  A
  ) 192.0.2.1
b IN A ( 192.0.2.2 )
c IN MX ( 10
 ; between
 mail ) ; behind
d ( 300 ) IN ( A ) ( 192.0.2.3 )`,
  ),
  records(
    "IPv6 spellings",
    `a AAAA 2001:DB8:0:0:0:0:0:1
b AAAA 2001:db8::
c AAAA ::
d AAAA ::1
e AAAA 2001:db8:0:1:0:0:0:1
f AAAA 1:0:0:2:0:0:0:3
g AAAA ::ffff:192.0.2.1
h AAAA 64:ff9b::192.0.2.33
i AAAA 1:2:3:4:5:6:7:0
j AAAA 0:2:3:4:5:6:7:8`,
  ),
  records(
    "mail, services and root targets",
    `@ MX 10 mail
@ MX 0 .
_sip._tcp SRV 0 5 5060 sip
_none._tcp SRV 0 0 0 .
_ftp._tcp URI 10 1 "ftp://ftp.example.com/public%20files"
cell AFSDB 1 afs
host RP admin.example.com. .`,
  ),
  records(
    "certificates and fingerprints",
    `@ CAA 0 issue "ca.example.net; account=230123"
@ CAA 0 issuewild ";"
@ CAA 128 tbs "Unknown"
_443._tcp TLSA 3 1 1 ( 0123456789abcdef0123456789ABCDEF
 0123456789abcdef0123456789abcdef )
host SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789
child NS ns.example.net.
child DS 60485 5 1 ( 2BB183AF5F22588179A53B0A
 98631FAD1A292118 )
child DS 12345 13 2 e2d3c916f6deeac73294e8268fb5885044a833fc5459588f4a9184cfc41a5766`,
  ),
  records(
    "NAPTR",
    String.raw`a NAPTR 100 50 "s" "z3950+I2L+I2C" "" _z3950._tcp
b NAPTR 100 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .
c NAPTR 100 10 "" "" "/urn:cid:.+@([^\\.]+\\.)(.*)$/\\2/i" .`,
  ),
  records(
    "LOC",
    `a LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000.00m 10.00m
b LOC 42 21 54 N 71 06 18 W -24m 30m
c LOC 42 N 71 W 0
d LOC 32 7 19 S 116 2 25 E 10m 100 1000 10000
e LOC 90 N 180 E 42849672.95m 90000000m 0.01m 90m
f LOC 1 2 3.004 S 5 6 7.008 W -100000m 12m 345m 0m`,
  ),
  records(
    "service bindings (RFC 9460 appendix D)",
    String.raw`a HTTPS 0 foo.example.com.
b SVCB 1 .
c SVCB 16 foo.example.com. port=53
d SVCB 1 foo.example.com. key667=hello
e SVCB 1 foo.example.com. key667="hello\210qoo"
f SVCB 1 foo.example.com. ( ipv6hint="2001:db8::1,2001:db8::53:1" )
g SVCB 1 example.com. ( ipv6hint="2001:db8:122:344::192.0.2.33" )
h SVCB 16 foo.example.org. ( alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1 )
i SVCB 16 foo.example.org. alpn="f\\\\oo\\,bar,h2"
j SVCB 16 foo.example.org. alpn=f\\\092oo\092,bar,h2
k HTTPS 1 . alpn=h2 no-default-alpn port="8443" ech=AEj+DQ==
l HTTPS 1 . key7="/dns-query{?dns}" key65280 key1=\002h3`,
    { ldns: SVCB_IN_LDNS },
  ),
  records("dohpath by name", `a SVCB 1 dot alpn=h2 dohpath="/q{?dns}"`, {
    knot: "3.2 knows the parameter by number only",
    ldns: SVCB_IN_LDNS,
  }),
  records(
    // Written with % for $, which would be a placeholder here.
    "$GENERATE",
    String.raw`%GENERATE 1-3 host% A 192.0.2.%
%GENERATE 0-10/5 step-%{0,3,d} 300 IN CNAME host%
%GENERATE 8-9 %{1,4,x}.hex AAAA 2001:db8::%{0,2,X}
%GENERATE 10-11 %{0,3,n}.nib PTR h%{-10}
%GENERATE 254-255 %{0,7,N}.nib PTR h%
%GENERATE 1-2 mx% MX "10 mail%"
%GENERATE 7-8 oct-%{0,0,o} A 192.0.2.%
%GENERATE 1-1 dollar-%% A 192.0.2.9
%GENERATE 1-1 escaped\% A 192.0.2.%
%GENERATE 1-2 text% TXT "\"value %\""`.replaceAll("%", "$"),
    { knot: "has no $GENERATE", ldns: "has no $GENERATE" },
  ),
  {
    name: "CRLF line ends",
    text: `${HEAD}a A 192.0.2.1\n  TXT "x" ( "y"\n )\n`.replaceAll("\n", "\r\n"),
    except: { knot: "refuses CR" },
  },
  { name: "no line end at the end", text: `${HEAD}a A 192.0.2.1 ; last` },
  records(
    "delegations with glue and what they hide",
    `sub NS ns1.sub
sub NS ns.example.net.
ns1.sub A 192.0.2.1
hidden.sub TXT "occluded"`,
  ),
  records(
    "aliases",
    `www CNAME @
old DNAME new.example.net.
*.any CNAME www`,
  ),
  records("reverse pointers", `1.2.0.192 PTR Host.Example.com.\n0.0.0.0.8.b.d.0 PTR host`),
  records("a long name", `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(49)} A 192.0.2.1`),
];
