/** What a new zone holds until an administrator writes a template of their own. Variables: `TEMPLATE_VARIABLES`. */
export const defaultTemplate = `; Zone file for %domain%
$TTL %ttl%
%domain%. %nsttl% IN SOA %nameserver%. %rpemail%. (
  %serial% ; serial
  3600     ; refresh
  1800     ; retry
  1209600  ; expire
  86400 )  ; negative caching TTL

%domain%. %nsttl% IN NS %nameserver%.
%domain%. %nsttl% IN NS %nameserver2%.
%domain%. %nsttl% IN NS %nameserver3%.
%domain%. %nsttl% IN NS %nameserver4%.

%nameserver%. IN A %nameservera%
%nameserver2%. IN A %nameservera2%
%nameserver3%. IN A %nameservera3%
%nameserver4%. IN A %nameservera4%

%domain%. IN A %ip%
%domain%. IN AAAA %ipv6%
%domain%. IN MX 0 %domain%.

mail IN CNAME %domain%.
www IN CNAME %domain%.
ftp IN CNAME %domain%.
`;
